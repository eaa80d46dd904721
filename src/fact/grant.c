#include "fact/grant.h"

#include "fact/account.h"
#include "store/db.h"

enum ff_err
ff_grants_load(struct ff_db *db, struct ff_arena *arena, int64_t account_id, struct ff_grant **v, size_t *n)
{
	struct ff_arg  args[1] = { ff_arg_i64(arena, account_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_GRANT_LIST, args, 1, &rows));
	*v = FF_NEW_N(arena, (size_t)rows.n, struct ff_grant);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		(*v)[i] = (struct ff_grant){ .site_id = (int32_t)ff_row_i64(&rows, i, 0), .role = ff_row_str(&rows, i, 1) };
	return FF_OK;
}

enum ff_err
ff_grants_set(struct ff_db *db, struct ff_arena *arena, struct ff_str login, int32_t site_id, struct ff_str role,
    bool *every_site, struct ff_fault *fault)
{
	struct ff_arg  args[3];
	struct ff_rows rows;

	FF_TRY(ff_account_role_check(role, fault));
	if (!ff_account_login_good(&login, arena))
		return FF_NOT_FOUND;
	args[0] = ff_arg_str(arena, login);
	args[1] = ff_arg_i64(arena, site_id);
	args[2] = ff_arg_str(arena, role);
	FF_TRY(ff_db_query(db, arena, FF_STMT_GRANT_SET, args, 3, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	*every_site = ff_row_bool(&rows, 0, 0);
	return FF_OK;
}

enum ff_err
ff_grants_remove(struct ff_db *db, struct ff_arena *arena, struct ff_str login, int32_t site_id)
{
	struct ff_arg  args[2];
	struct ff_rows rows;

	if (!ff_account_login_good(&login, arena))
		return FF_NOT_FOUND;
	args[0] = ff_arg_str(arena, login);
	args[1] = ff_arg_i64(arena, site_id);
	FF_TRY(ff_db_query(db, arena, FF_STMT_GRANT_REMOVE, args, 2, &rows));
	return rows.n > 0 ? FF_OK : FF_NOT_FOUND;
}

enum ff_err
ff_grants_guests(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_guest **v, size_t *n)
{
	struct ff_arg  args[1] = { ff_arg_i64(arena, site_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_GRANT_GUESTS, args, 1, &rows));
	*v = FF_NEW_N(arena, (size_t)rows.n, struct ff_guest);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		(*v)[i] = (struct ff_guest){ .account_id = ff_row_i64(&rows, i, 0), .login = ff_row_str(&rows, i, 1),
			.role = ff_row_str(&rows, i, 2), .accepted = ff_row_bool(&rows, i, 3) };
	return FF_OK;
}

enum ff_err
ff_account_limit(struct ff_db *db, struct ff_arena *arena, struct ff_str login, bool every_site)
{
	struct ff_arg  args[2];
	struct ff_rows rows;

	if (!ff_account_login_good(&login, arena))
		return FF_NOT_FOUND;
	args[0] = ff_arg_str(arena, login);
	args[1] = ff_arg_bool(every_site);
	FF_TRY(ff_db_query(db, arena, FF_STMT_ACCOUNT_LIMIT, args, 2, &rows));
	return rows.n > 0 ? FF_OK : FF_NOT_FOUND;
}
