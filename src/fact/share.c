#include "fact/share.h"

#include "base/utf8.h"
#include "fact/attempt.h"
#include "safe/hash.h"
#include "safe/password.h"
#include "safe/rand.h"
#include "safe/token.h"
#include "store/db.h"

#include <string.h>

#define NAME_MAX_BYTES 200

static void
make_token(const struct ff_site *site, struct ff_str salt, struct ff_token *out)
{
	struct ff_str parts[2] = { FF_STR("share link"), salt };
	uint8_t       secret[32];

	ff_hash(secret, sizeof secret, site->secret, parts, 2);
	ff_token_of("ffs_", secret, out);
	ff_wipe(secret, sizeof secret);
}

static enum ff_err
name_check(struct ff_str name, struct ff_fault *fault)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
			return ff_fault_set(fault, FF_INVALID, "name", "holds a control character");
	if (name.len == 0 || name.len > NAME_MAX_BYTES || !ff_utf8_valid(name))
		return ff_fault_set(fault, FF_INVALID, "name", "must have 1 to %d bytes of UTF-8", NAME_MAX_BYTES);
	return FF_OK;
}

static enum ff_err
store(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, const struct ff_share_new *share,
    const char *password_hash, struct ff_token *token)
{
	uint8_t        salt[32];
	struct ff_arg  args[6];
	struct ff_rows rows;

	ff_random(salt, sizeof salt);
	make_token(site, ff_str_of((const char *)salt, sizeof salt), token);
	args[0] = ff_arg_i64(arena, site->site_id);
	args[1] = ff_arg_str(arena, share->name);
	FF_TRY(ff_db_exec(db, FF_STMT_SHARE_FREE, args, 2));
	args[2] = ff_arg_bytes(token->hash, sizeof token->hash);
	args[3] = ff_arg_bytes(salt, sizeof salt);
	args[4] = ff_arg_z(password_hash);
	args[5] = share->expires_us == 0 ? ff_arg_null() : ff_arg_time(arena, share->expires_us);
	return ff_db_query(db, arena, FF_STMT_SHARE_ADD, args, 6, &rows);
}

enum ff_err
ff_share_add(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, const struct ff_share_new *share,
    char text[64], struct ff_fault *fault)
{
	char            hash[FF_PASSWORD_HASH_MAX];
	bool            locked = share->password.p != NULL;
	struct ff_token token;
	enum ff_err     err;

	FF_TRY(name_check(share->name, fault));
	if (locked) {
		FF_TRY(ff_password_check(share->password, fault));
		FF_TRY(ff_password_hash(share->password, hash));
	}
	err = store(db, arena, site, share, locked ? hash : NULL, &token);
	if (err == FF_CONFLICT)
		return ff_fault_set(fault, err, "name", "is that of another link of this site");
	memcpy(text, token.text, sizeof token.text);
	return err;
}

enum ff_err
ff_share_named(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, struct ff_str name, char text[64])
{
	struct ff_arg   args[2] = { ff_arg_i64(arena, site->site_id), ff_arg_str(arena, name) };
	struct ff_str   salt, hash;
	struct ff_rows  rows;
	struct ff_token token;

	if (name_check(name, NULL) != FF_OK)
		return FF_NOT_FOUND;
	FF_TRY(ff_db_query(db, arena, FF_STMT_SHARE_NAMED, args, 2, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	salt = ff_row_bytes(arena, &rows, 0, 1);
	hash = ff_row_bytes(arena, &rows, 0, 2);
	make_token(site, salt, &token);
	if (hash.len != sizeof token.hash || !ff_equal_ct(hash.p, token.hash, sizeof token.hash))
		return FF_NOT_FOUND;
	memcpy(text, token.text, sizeof token.text);
	return FF_OK;
}

static int64_t
time_or_none(const struct ff_rows *rows, int row, int column)
{
	return ff_row_null(rows, row, column) ? 0 : ff_row_us(rows, row, column);
}

enum ff_err
ff_share_list(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_share_row **v, size_t *n)
{
	struct ff_arg  args[1] = { site_id == 0 ? ff_arg_null() : ff_arg_i64(arena, site_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SHARE_LIST, args, 1, &rows));
	*v = FF_NEW_N(arena, (size_t)rows.n, struct ff_share_row);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		(*v)[i] = (struct ff_share_row){ .share_id = ff_row_i64(&rows, i, 0), .name = ff_row_str(&rows, i, 1),
			.domain = ff_row_str(&rows, i, 2), .created_us = time_or_none(&rows, i, 3),
			.expires_us = time_or_none(&rows, i, 4), .revoked_us = time_or_none(&rows, i, 5),
			.has_password = ff_row_bool(&rows, i, 6) };
	return FF_OK;
}

enum ff_err
ff_share_revoke(struct ff_db *db, struct ff_arena *arena, int64_t share_id, int32_t *site_id, struct ff_str *name)
{
	struct ff_arg  args[1] = { ff_arg_i64(arena, share_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SHARE_REVOKE, args, 1, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	*site_id = (int32_t)ff_row_i64(&rows, 0, 0);
	*name = ff_row_str(&rows, 0, 1);
	return FF_OK;
}

enum ff_err
ff_share_find(struct ff_db *db, struct ff_arena *arena, struct ff_str text, struct ff_share *out)
{
	uint8_t        hash[32] = { 0 };
	struct ff_arg  args[1] = { ff_arg_bytes(hash, sizeof hash) };
	struct ff_rows rows;

	FF_TRY(ff_token_hash(text, "ffs_", hash));
	FF_TRY(ff_db_query(db, arena, FF_STMT_SHARE_FIND, args, 1, &rows));
	if (rows.n == 0)
		return FF_UNAUTHORIZED;
	*out = (struct ff_share){ .share_id = ff_row_i64(&rows, 0, 0), .site_id = (int32_t)ff_row_i64(&rows, 0, 1),
		.name = ff_row_str(&rows, 0, 2), .locked = ff_row_bool(&rows, 0, 3) };
	return FF_OK;
}

static enum ff_err
try_password(struct ff_db *db, struct ff_arena *arena, const uint8_t hash[32], struct ff_str password, int64_t *share_id)
{
	struct ff_arg  args[1] = { ff_arg_bytes(hash, 32) };
	struct ff_rows rows;
	const char    *stored = NULL;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SHARE_PASSWORD, args, 1, &rows));
	if (rows.n > 0 && !ff_row_null(&rows, 0, 1))
		stored = ff_str_z(arena, ff_row_str(&rows, 0, 1));
	if (!ff_password_verify(stored, password, NULL))
		return FF_UNAUTHORIZED;
	*share_id = ff_row_i64(&rows, 0, 0);
	return FF_OK;
}

static enum ff_err
pass_make(struct ff_db *db, struct ff_arena *arena, int64_t share_id, char pass[64])
{
	struct ff_token token;
	struct ff_arg   args[3];

	ff_token_make("ffs_", &token);
	args[0] = ff_arg_bytes(token.hash, sizeof token.hash);
	args[1] = ff_arg_i64(arena, share_id);
	args[2] = ff_arg_i64(arena, FF_SHARE_PASS_S);
	memcpy(pass, token.text, sizeof token.text);
	return ff_db_exec(db, FF_STMT_SHARE_PASS, args, 3);
}

enum ff_err
ff_share_open(struct ff_db *db, struct ff_arena *arena, struct ff_str text, struct ff_str password, struct ff_str peer,
    char pass[64])
{
	struct ff_attempt attempt;
	uint8_t           hash[32] = { 0 };
	int64_t           share_id = 0;
	enum ff_err       err;

	FF_TRY(ff_token_hash(text, "ffs_", hash));
	ff_attempt_init(&attempt, db, arena, "share", text, peer);
	FF_TRY(ff_attempt_begin(&attempt));
	err = ff_attempt_end(&attempt, try_password(db, arena, hash, password, &share_id));
	return err == FF_OK ? pass_make(db, arena, share_id, pass) : err;
}
