#include "fact/account.h"

#include "base/utf8.h"
#include "safe/token.h"
#include "store/db.h"

#include <string.h>

#define NAME_MAX_BYTES 100

const char *const ff_key_scopes[] = { "stats:read", "events:write", "content:write", "sites:write", NULL };

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
    char text[64], struct ff_fault *fault)
{
	struct ff_token token;
	struct ff_arg   args[4];
	enum ff_err     err;

	if (name.len == 0 || name.len > NAME_MAX_BYTES || !ff_utf8_valid(name))
		return ff_fault_set(fault, FF_INVALID, "name", "must have 1 to %d bytes of UTF-8", NAME_MAX_BYTES);
	FF_TRY(scopes_check(scopes, fault));
	ff_token_make("ffk_", &token);
	args[0] = ff_arg_bytes(token.hash, sizeof token.hash);
	args[1] = ff_arg_str(arena, name);
	args[2] = site_id == 0 ? ff_arg_null() : ff_arg_i64(arena, site_id);
	args[3] = ff_arg_str(arena, scopes);
	err = ff_db_exec(db, FF_STMT_KEY_ADD, args, 4);
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
