#include "fact/account.h"

#include "safe/token.h"
#include "store/db.h"

enum ff_err
ff_session_find(struct ff_db *db, struct ff_arena *arena, struct ff_str token, int64_t idle_s, struct ff_session *out)
{
	uint8_t        hash[32] = { 0 };
	struct ff_arg  args[2];
	struct ff_rows rows;

	FF_TRY(ff_token_hash(token, "ffs_", hash));
	args[0] = ff_arg_bytes(hash, sizeof hash);
	args[1] = ff_arg_i64(arena, idle_s);
	FF_TRY(ff_db_query(db, arena, FF_STMT_SESSION_FIND, args, 2, &rows));
	if (rows.n == 0)
		return FF_UNAUTHORIZED;
	out->account_id = ff_row_i64(&rows, 0, 0);
	out->login = ff_row_str(&rows, 0, 1);
	out->role = ff_row_str(&rows, 0, 2);
	out->csrf = ff_row_str(&rows, 0, 3);
	out->every_site = ff_row_bool(&rows, 0, 5);
	return ff_row_bool(&rows, 0, 4) ? ff_db_exec(db, FF_STMT_SESSION_TOUCH, args, 1) : FF_OK;
}

enum ff_err
ff_session_end(struct ff_db *db, struct ff_str token)
{
	uint8_t       hash[32] = { 0 };
	struct ff_arg args[1] = { ff_arg_bytes(hash, sizeof hash) };

	FF_TRY(ff_token_hash(token, "ffs_", hash));
	return ff_db_exec(db, FF_STMT_SESSION_END, args, 1);
}
