#include "fact/account.h"

#include "safe/password.h"
#include "store/db.h"

/* Also the form of ff_account_login: a login that could not have been added is an unknown one. */
#define LOGIN_MAX 64

static bool
is_login_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@' || c == '+';
}

static enum ff_err
login_check(struct ff_str login, struct ff_fault *fault)
{
	if (login.len == 0 || login.len > LOGIN_MAX)
		return ff_fault_set(fault, FF_INVALID, "login", "must have 1 to %d characters", LOGIN_MAX);
	for (size_t i = 0; i < login.len; i++)
		if (!is_login_char(login.p[i]))
			return ff_fault_set(fault, FF_INVALID, "login", "may hold letters a to z, digits and . _ - @ + only");
	return FF_OK;
}

enum ff_err
ff_account_role_check(struct ff_str role, struct ff_fault *fault)
{
	if (ff_str_eqz(role, "viewer") || ff_str_eqz(role, "moderator") || ff_str_eqz(role, "admin"))
		return FF_OK;
	return ff_fault_set(fault, FF_INVALID, "role", "is not one of viewer, moderator, admin");
}

bool
ff_account_login_good(struct ff_str *login, struct ff_arena *arena)
{
	*login = ff_str_lower(arena, *login);
	return login_check(*login, NULL) == FF_OK;
}

enum ff_err
ff_account_invite(struct ff_db *db, struct ff_arena *arena, struct ff_str login, bool *added, struct ff_fault *fault)
{
	struct ff_arg  args[1];
	struct ff_rows rows;

	login = ff_str_lower(arena, login);
	FF_TRY(login_check(login, fault));
	args[0] = ff_arg_str(arena, login);
	FF_TRY(ff_db_query(db, arena, FF_STMT_ACCOUNT_INVITE, args, 1, &rows));
	*added = rows.n > 0;
	return FF_OK;
}

enum ff_err
ff_account_add(struct ff_db *db, struct ff_arena *arena, struct ff_str login, struct ff_str password,
    struct ff_str role, struct ff_fault *fault)
{
	struct ff_arg  args[3];
	struct ff_rows rows;
	enum ff_err    err;
	char           hash[FF_PASSWORD_HASH_MAX];

	login = ff_str_lower(arena, login);
	FF_TRY(login_check(login, fault));
	FF_TRY(ff_account_role_check(role, fault));
	FF_TRY(ff_password_check(password, fault));
	FF_TRY(ff_password_hash(password, hash));
	args[0] = ff_arg_str(arena, login);
	args[1] = ff_arg_z(hash);
	args[2] = ff_arg_str(arena, role);
	err = ff_db_query(db, arena, FF_STMT_ACCOUNT_ADD, args, 3, &rows);
	return err == FF_CONFLICT ? ff_fault_set(fault, err, "login", "is taken") : err;
}

static enum ff_err
password_set(struct ff_db *db, struct ff_arena *arena, struct ff_str login, const char *hash)
{
	struct ff_arg  set[2] = { ff_arg_str(arena, login), ff_arg_z(hash) }, clear[1];
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_ACCOUNT_SET, set, 2, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	clear[0] = ff_arg_i64(arena, ff_row_i64(&rows, 0, 0));
	return ff_db_exec(db, FF_STMT_SESSION_CLEAR, clear, 1);
}

enum ff_err
ff_account_password(struct ff_db *db, struct ff_arena *arena, struct ff_str login, struct ff_str password,
    struct ff_fault *fault)
{
	char hash[FF_PASSWORD_HASH_MAX];

	FF_TRY(ff_password_check(password, fault));
	FF_TRY(ff_password_hash(password, hash));
	FF_TRY(ff_tx_begin(db));
	return ff_tx_end(db, password_set(db, arena, ff_str_lower(arena, login), hash));
}

enum ff_err
ff_account_list(struct ff_db *db, struct ff_arena *arena, struct ff_account **v, size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_ACCOUNT_LIST, NULL, 0, &rows));
	*v = FF_NEW_N(arena, (size_t)rows.n, struct ff_account);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		(*v)[i] = (struct ff_account){ .login = ff_row_str(&rows, i, 0), .role = ff_row_str(&rows, i, 1),
			.created_us = ff_row_us(&rows, i, 2), .sessions = ff_row_i64(&rows, i, 3),
			.every_site = ff_row_bool(&rows, i, 4), .grants = ff_row_str(&rows, i, 5) };
	return FF_OK;
}

enum ff_err
ff_account_remove(struct ff_db *db, struct ff_arena *arena, struct ff_str login)
{
	struct ff_arg  args[1] = { ff_arg_str(arena, ff_str_lower(arena, login)) };
	struct ff_rows rows;

	if (login_check(ff_str_lower(arena, login), NULL) != FF_OK)
		return FF_NOT_FOUND;
	FF_TRY(ff_db_query(db, arena, FF_STMT_ACCOUNT_REMOVE, args, 1, &rows));
	return rows.n == 1 ? FF_OK : FF_NOT_FOUND;
}
