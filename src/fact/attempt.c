#include "fact/attempt.h"

#include "base/io.h"
#include "fact/net.h"
#include "safe/hash.h"
#include "safe/rand.h"
#include "store/db.h"

#include <time.h>

#define FAILURES_BY_SUBJECT 10
#define FAILURES_BY_ADDRESS 30

/* Checking a password takes 64 MiB and a tenth of a second. At most this many are checked at once, over all
 * processes: each holds an advisory lock of the database, which a lost connection gives back. */
#define PLACES 2
#define PLACE_WAIT_MS 25
#define PLACE_WAITS 120

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

void
ff_attempt_init(struct ff_attempt *attempt, struct ff_db *db, struct ff_arena *arena, const char *kind,
    struct ff_str subject, struct ff_str peer)
{
	struct ff_addr prefix = prefix_of(peer);
	struct ff_str  network = ff_str_of((const char *)prefix.b, sizeof prefix.b);
	/* An account is limited from one network only: or else anybody could keep its owner out. */
	struct ff_str  by_subject[3] = { ff_str_from(kind), subject, network };
	struct ff_str  by_address[2] = { FF_STR("address"), network };
	uint8_t        key[32];

	*attempt = (struct ff_attempt){ .db = db, .arena = arena };
	limiter_key(arena, key);
	ff_hash(attempt->by_subject, sizeof attempt->by_subject, key, by_subject, 3);
	ff_hash(attempt->by_address, sizeof attempt->by_address, key, by_address, 2);
	ff_wipe(key, sizeof key);
}

static enum ff_err
limit_check(const struct ff_attempt *attempt)
{
	struct ff_arg  args[2] = { ff_arg_bytes(attempt->by_subject, 32), ff_arg_bytes(attempt->by_address, 32) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(attempt->db, attempt->arena, FF_STMT_LOGIN_COUNT, args, 2, &rows));
	if (ff_row_i64(&rows, 0, 0) >= FAILURES_BY_SUBJECT || ff_row_i64(&rows, 0, 1) >= FAILURES_BY_ADDRESS)
		return FF_TOO_MANY;
	return FF_OK;
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

static enum ff_err
place_give(struct ff_attempt *attempt, enum ff_err err)
{
	struct ff_arg  args[1] = { ff_arg_i64(attempt->arena, attempt->place) };
	struct ff_rows rows;

	if (ff_db_query(attempt->db, attempt->arena, FF_STMT_LOGIN_UNLOCK, args, 1, &rows) != FF_OK && err == FF_OK)
		return FF_DATABASE;
	return err;
}

/* The limit is asked for once the place is held: whoever waited may have failed meanwhile. */
enum ff_err
ff_attempt_begin(struct ff_attempt *attempt)
{
	enum ff_err err;

	FF_TRY(place_take(attempt->db, attempt->arena, &attempt->place));
	err = limit_check(attempt);
	return err == FF_OK ? FF_OK : place_give(attempt, err);
}

static enum ff_err
remember(const struct ff_attempt *attempt, enum ff_err err)
{
	struct ff_arg args[2] = { ff_arg_bytes(attempt->by_subject, 32), ff_arg_bytes(attempt->by_address, 32) };

	if (err == FF_UNAUTHORIZED)
		FF_TRY(ff_db_exec(attempt->db, FF_STMT_LOGIN_FAIL, args, 2));
	if (err == FF_OK)
		FF_TRY(ff_db_exec(attempt->db, FF_STMT_LOGIN_CLEAR, args, 1));
	return err;
}

enum ff_err
ff_attempt_end(struct ff_attempt *attempt, enum ff_err err)
{
	return place_give(attempt, remember(attempt, err));
}
