/* Signing in: the limiter, the places for Argon2, the password, the new session. */
#include "fact/account.h"

#include "fact/attempt.h"
#include "safe/password.h"
#include "safe/rand.h"
#include "safe/token.h"
#include "store/db.h"

#include <string.h>

struct login {
	struct ff_attempt attempt;
	struct ff_str     login, password;
};

static enum ff_err
hash_renew(const struct login *login)
{
	char          hash[FF_PASSWORD_HASH_MAX];
	struct ff_arg args[2] = { ff_arg_str(login->attempt.arena, login->login), ff_arg_z(hash) };

	FF_TRY(ff_password_hash(login->password, hash));
	return ff_db_exec(login->attempt.db, FF_STMT_ACCOUNT_SET, args, 2);
}

/* An unknown login is checked against a dummy: same work, same words. So is one without a password yet ("!"). */
static enum ff_err
password_check(const struct login *login, struct ff_login *out)
{
	struct ff_arg  args[1] = { ff_arg_str(login->attempt.arena, login->login) };
	struct ff_rows rows;
	const char    *hash = NULL;
	bool           renew = false;

	FF_TRY(ff_db_query(login->attempt.db, login->attempt.arena, FF_STMT_ACCOUNT_FIND, args, 1, &rows));
	if (rows.n > 0 && !ff_str_eqz(ff_row_str(&rows, 0, 1), "!"))
		hash = ff_str_z(login->attempt.arena, ff_row_str(&rows, 0, 1));
	if (!ff_password_verify(hash, login->password, &renew))
		return FF_UNAUTHORIZED;
	out->account_id = ff_row_i64(&rows, 0, 0);
	out->role = ff_row_str(&rows, 0, 2);
	return renew ? hash_renew(login) : FF_OK;
}

static enum ff_err
session_begin(const struct login *login, int64_t max_s, struct ff_login *out)
{
	struct ff_token session, csrf;
	struct ff_arg   args[4];

	ff_token_make("ffs_", &session);
	ff_token_make("ffc_", &csrf);
	args[0] = ff_arg_bytes(session.hash, sizeof session.hash);
	args[1] = ff_arg_i64(login->attempt.arena, out->account_id);
	args[2] = ff_arg_z(csrf.text);
	args[3] = ff_arg_i64(login->attempt.arena, max_s);
	FF_TRY(ff_db_exec(login->attempt.db, FF_STMT_SESSION_ADD, args, 4));
	memcpy(out->token, session.text, sizeof out->token);
	ff_wipe(&session, sizeof session);
	return FF_OK;
}

static enum ff_err
sign_in(const struct login *login, int64_t max_s, struct ff_login *out)
{
	FF_TRY(password_check(login, out));
	return session_begin(login, max_s, out);
}

enum ff_err
ff_account_login(struct ff_db *db, struct ff_arena *arena, struct ff_str login, struct ff_str password,
    struct ff_str peer, int64_t idle_s, int64_t max_s, struct ff_login *out)
{
	struct login in = { .login = ff_str_lower(arena, login), .password = password };

	(void)idle_s; /* an idle session is measured when it is used: ff_session_find */
	*out = (struct ff_login){ 0 };
	ff_attempt_init(&in.attempt, db, arena, "account", in.login, peer);
	FF_TRY(ff_attempt_begin(&in.attempt));
	return ff_attempt_end(&in.attempt, sign_in(&in, max_s, out));
}
