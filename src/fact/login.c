/* Signing in: the limiter, the places for Argon2, the password, the new session. */
#include "fact/account.h"

#include "base/io.h"
#include "fact/net.h"
#include "safe/hash.h"
#include "safe/password.h"
#include "safe/rand.h"
#include "safe/token.h"
#include "store/db.h"

#include <string.h>
#include <time.h>

#define FAILURES_BY_ACCOUNT 10
#define FAILURES_BY_ADDRESS 30

/* Checking a password takes 64 MiB and a tenth of a second. At most this many are checked at once, over all
 * processes: each holds an advisory lock of the database, which a lost connection gives back. */
#define PLACES 2
#define PLACE_WAIT_MS 25
#define PLACE_WAITS 120

struct attempt {
	struct ff_db    *db;
	struct ff_arena *arena;
	struct ff_str    login, password;
	uint8_t          by_account[32], by_address[32]; /* the limiter's subjects */
};

/* The key of the limiter's hashes: the same in every process of this machine, and not in the database, so that a
 * stolen copy of it does not give up addresses by trying them all. It changes with the boot, which is no loss. */
static void
limiter_key(struct ff_arena *arena, uint8_t key[32])
{
	static const char *const sources[] = { "/proc/sys/kernel/random/boot_id", "/etc/machine-id" };
	struct ff_str            parts[2] = { FF_STR("footfall login limiter"), FF_STR("") };

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
		if (ff_io_read_file(arena, sources[i], 256, &parts[1]) == FF_OK)
			break;
	ff_hash(key, 32, NULL, parts, 2);
}

/* IPv4: /24, IPv6: /56, as networks hand them to one household or office. */
static struct ff_addr
prefix_of(struct ff_str peer)
{
	struct ff_addr addr = { 0 };

	if (!ff_addr_parse(peer, &addr))
		return addr;
	for (size_t i = ff_addr_is_v4(&addr) ? 15 : 7; i < sizeof addr.b; i++)
		addr.b[i] = 0;
	return addr;
}

static void
subjects_make(struct attempt *attempt, struct ff_str peer)
{
	struct ff_addr prefix = prefix_of(peer);
	struct ff_str  network = ff_str_of((const char *)prefix.b, sizeof prefix.b);
	/* An account is limited from one network only: or else anybody could keep its owner out. */
	struct ff_str  account[3] = { FF_STR("account"), attempt->login, network };
	struct ff_str  address[2] = { FF_STR("address"), network };
	uint8_t        key[32];

	limiter_key(attempt->arena, key);
	ff_hash(attempt->by_account, sizeof attempt->by_account, key, account, 3);
	ff_hash(attempt->by_address, sizeof attempt->by_address, key, address, 2);
	ff_wipe(key, sizeof key);
}

static enum ff_err
limit_check(const struct attempt *attempt)
{
	struct ff_arg  args[2] = { ff_arg_bytes(attempt->by_account, 32), ff_arg_bytes(attempt->by_address, 32) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(attempt->db, attempt->arena, FF_STMT_LOGIN_COUNT, args, 2, &rows));
	if (ff_row_i64(&rows, 0, 0) >= FAILURES_BY_ACCOUNT || ff_row_i64(&rows, 0, 1) >= FAILURES_BY_ADDRESS)
		return FF_TOO_MANY;
	return FF_OK;
}

static enum ff_err
remember_failure(const struct attempt *attempt)
{
	struct ff_arg args[2] = { ff_arg_bytes(attempt->by_account, 32), ff_arg_bytes(attempt->by_address, 32) };

	FF_TRY(ff_db_exec(attempt->db, FF_STMT_LOGIN_FAIL, args, 2));
	return FF_UNAUTHORIZED;
}

static enum ff_err
hash_renew(const struct attempt *attempt)
{
	char          hash[FF_PASSWORD_HASH_MAX];
	struct ff_arg args[2] = { ff_arg_str(attempt->arena, attempt->login), ff_arg_z(hash) };

	FF_TRY(ff_password_hash(attempt->password, hash));
	return ff_db_exec(attempt->db, FF_STMT_ACCOUNT_SET, args, 2);
}

/* An unknown login is checked against a dummy: same work, same words. */
static enum ff_err
password_check(const struct attempt *attempt, struct ff_login *out)
{
	struct ff_arg  args[1] = { ff_arg_str(attempt->arena, attempt->login) };
	struct ff_rows rows;
	const char    *hash = NULL;
	bool           renew = false;

	FF_TRY(ff_db_query(attempt->db, attempt->arena, FF_STMT_ACCOUNT_FIND, args, 1, &rows));
	if (rows.n > 0)
		hash = ff_str_z(attempt->arena, ff_row_str(&rows, 0, 1));
	if (!ff_password_verify(hash, attempt->password, &renew))
		return remember_failure(attempt);
	out->account_id = ff_row_i64(&rows, 0, 0);
	out->role = ff_row_str(&rows, 0, 2);
	return renew ? hash_renew(attempt) : FF_OK;
}

static enum ff_err
session_begin(const struct attempt *attempt, int64_t max_s, struct ff_login *out)
{
	struct ff_token session, csrf;
	struct ff_arg   forget[1] = { ff_arg_bytes(attempt->by_account, 32) }, args[4];

	ff_token_make("ffs_", &session);
	ff_token_make("ffc_", &csrf);
	args[0] = ff_arg_bytes(session.hash, sizeof session.hash);
	args[1] = ff_arg_i64(attempt->arena, out->account_id);
	args[2] = ff_arg_z(csrf.text);
	args[3] = ff_arg_i64(attempt->arena, max_s);
	FF_TRY(ff_db_exec(attempt->db, FF_STMT_SESSION_ADD, args, 4));
	memcpy(out->token, session.text, sizeof out->token);
	ff_wipe(&session, sizeof session);
	return ff_db_exec(attempt->db, FF_STMT_LOGIN_CLEAR, forget, 1);
}

static enum ff_err
place_take(struct ff_db *db, struct ff_arena *arena, int64_t *place)
{
	static const struct timespec pause = { .tv_nsec = PLACE_WAIT_MS * 1000000L };

	for (int wait = 0; wait < PLACE_WAITS; wait++) {
		for (*place = 0; *place < PLACES; ++*place) {
			struct ff_arg  args[1] = { ff_arg_i64(arena, *place) };
			struct ff_rows rows;

			FF_TRY(ff_db_query(db, arena, FF_STMT_LOGIN_LOCK, args, 1, &rows));
			if (ff_row_bool(&rows, 0, 0))
				return FF_OK;
		}
		nanosleep(&pause, NULL);
	}
	return FF_BUSY;
}

/* The limit is asked for once the place is held: whoever waited may have failed meanwhile. */
static enum ff_err
login_in_place(const struct attempt *attempt, int64_t max_s, struct ff_login *out)
{
	FF_TRY(limit_check(attempt));
	FF_TRY(password_check(attempt, out));
	return session_begin(attempt, max_s, out);
}

enum ff_err
ff_account_login(struct ff_db *db, struct ff_arena *arena, struct ff_str login, struct ff_str password,
    struct ff_str peer, int64_t idle_s, int64_t max_s, struct ff_login *out)
{
	struct attempt attempt = { .db = db, .arena = arena, .login = ff_str_lower(arena, login), .password = password };
	struct ff_arg  args[1];
	struct ff_rows rows;
	enum ff_err    err;
	int64_t        place;

	(void)idle_s; /* an idle session is measured when it is used: ff_session_find */
	*out = (struct ff_login){ 0 };
	subjects_make(&attempt, peer);
	FF_TRY(place_take(db, arena, &place));
	err = login_in_place(&attempt, max_s, out);
	args[0] = ff_arg_i64(arena, place);
	if (ff_db_query(db, arena, FF_STMT_LOGIN_UNLOCK, args, 1, &rows) != FF_OK && err == FF_OK)
		err = FF_DATABASE;
	return err;
}
