#include "fact/account.h"

#include "base/utf8.h"
#include "safe/token.h"
#include "store/db.h"

#include <string.h>

#define NAME_MAX_BYTES 100

const char *const ff_key_scopes[] = { "stats:read", "events:write", "content:write", "sites:write", "export:read",
	"export:identities", "jobs:run", NULL };

static bool
is_known(struct ff_str scope)
{
	for (const char *const *known = ff_key_scopes; *known != NULL; known++)
		if (ff_str_eqz(scope, *known))
			return true;
	return false;
}

static enum ff_err
scopes_check(struct ff_str scopes, struct ff_fault *fault)
{
	if (scopes.len == 0)
		return ff_fault_set(fault, FF_INVALID, "scopes", "is required");
	while (scopes.p != NULL) {
		struct ff_str scope = ff_str_split(&scopes, ' ');

		if (!is_known(scope))
			return ff_fault_set(fault, FF_INVALID, "scopes", "holds the unknown word \"%.*s\"",
			    (int)(scope.len < 40 ? scope.len : 40), scope.p);
	}
	return FF_OK;
}

enum ff_err
ff_key_add(struct ff_db *db, struct ff_arena *arena, struct ff_str name, int32_t site_id, struct ff_str scopes,
    int64_t expires_us, char text[64], struct ff_fault *fault)
{
	struct ff_token token;
	struct ff_arg   args[5];
	enum ff_err     err;

	if (name.len == 0 || name.len > NAME_MAX_BYTES || !ff_utf8_valid(name))
		return ff_fault_set(fault, FF_INVALID, "name", "must have 1 to %d bytes of UTF-8", NAME_MAX_BYTES);
	FF_TRY(scopes_check(scopes, fault));
	ff_token_make("ffk_", &token);
	args[0] = ff_arg_bytes(token.hash, sizeof token.hash);
	args[1] = ff_arg_str(arena, name);
	args[2] = site_id == 0 ? ff_arg_null() : ff_arg_i64(arena, site_id);
	args[3] = ff_arg_str(arena, scopes);
	args[4] = expires_us == 0 ? ff_arg_null() : ff_arg_time(arena, expires_us);
	err = ff_db_exec(db, FF_STMT_KEY_ADD, args, 5);
	if (err == FF_INVALID)
		return ff_fault_set(fault, err, "site", "does not exist");
	memcpy(text, token.text, sizeof token.text);
	return err;
}

enum ff_err
ff_key_find(struct ff_db *db, struct ff_arena *arena, struct ff_str text, struct ff_key *out)
{
	uint8_t        hash[32] = { 0 };
	struct ff_arg  args[1] = { ff_arg_bytes(hash, sizeof hash) };
	struct ff_rows rows;

	FF_TRY(ff_token_hash(text, "ffk_", hash));
	FF_TRY(ff_db_query(db, arena, FF_STMT_KEY_FIND, args, 1, &rows));
	if (rows.n == 0)
		return FF_UNAUTHORIZED;
	out->key_id = ff_row_i64(&rows, 0, 0);
	out->site_id = (int32_t)ff_row_i64(&rows, 0, 1);
	out->scopes = ff_row_str(&rows, 0, 2);
	return FF_OK;
}

/* Null gives 0, which no time here is. */
static int64_t
time_or_none(const struct ff_rows *rows, int row, int column)
{
	return ff_row_null(rows, row, column) ? 0 : ff_row_us(rows, row, column);
}

enum ff_err
ff_key_list(struct ff_db *db, struct ff_arena *arena, struct ff_key_row **v, size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_KEY_LIST, NULL, 0, &rows));
	*v = FF_NEW_N(arena, (size_t)rows.n, struct ff_key_row);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		(*v)[i] = (struct ff_key_row){ .key_id = ff_row_i64(&rows, i, 0), .name = ff_row_str(&rows, i, 1),
			.domain = ff_row_str(&rows, i, 2), .scopes = ff_row_str(&rows, i, 3),
			.created_us = time_or_none(&rows, i, 4), .expires_us = time_or_none(&rows, i, 5),
			.revoked_us = time_or_none(&rows, i, 6) };
	return FF_OK;
}

enum ff_err
ff_key_revoke(struct ff_db *db, struct ff_arena *arena, int64_t key_id, int32_t *site_id, struct ff_str *name)
{
	struct ff_arg  args[1] = { ff_arg_i64(arena, key_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_KEY_REVOKE, args, 1, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	*site_id = (int32_t)ff_row_i64(&rows, 0, 0);
	*name = ff_row_str(&rows, 0, 1);
	return FF_OK;
}
