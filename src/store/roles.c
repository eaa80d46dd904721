#include "store/roles.h"

#include "base/io.h"

#define FILE_MAX ((size_t)1 << 20)

static enum ff_err
read_file(struct ff_arena *arena, const char *dir, const char *name, struct ff_str *out)
{
	const char *path = ff_str_z(arena, ff_str_printf(arena, "%s/%s", dir, name));

	return ff_io_read_file(arena, path, FILE_MAX, out) == FF_OK ? FF_OK : FF_NOT_FOUND;
}

enum ff_err
ff_roles_text(struct ff_arena *arena, const char *dir, struct ff_str *out)
{
	struct ff_str roles, grants;

	FF_TRY(read_file(arena, dir, "roles.sql", &roles));
	FF_TRY(read_file(arena, dir, "grants.sql", &grants));
	*out = ff_str_printf(arena, "%.*s\n%.*s", FF_STR_ARG(roles), FF_STR_ARG(grants));
	return FF_OK;
}

static enum ff_err
run(struct ff_db *db, struct ff_arena *arena, struct ff_str text)
{
	FF_TRY(ff_tx_begin(db));
	return ff_tx_end(db, ff_db_simple(db, ff_str_z(arena, text)));
}

enum ff_err
ff_roles_make(struct ff_db *db, const char *dir)
{
	struct ff_arena arena;
	struct ff_str   text;
	enum ff_err     err;

	ff_arena_init(&arena);
	err = ff_roles_text(&arena, dir, &text);
	if (err == FF_OK)
		err = run(db, &arena, text);
	ff_arena_free(&arena);
	return err;
}

static enum ff_err
refresh(struct ff_db *db, struct ff_arena *arena, const char *dir, bool *there)
{
	struct ff_str  text;
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_ROLE_FIND, NULL, 0, &rows));
	*there = ff_row_bool(&rows, 0, 0);
	if (!*there)
		return FF_OK;
	FF_TRY(read_file(arena, dir, "grants.sql", &text));
	return run(db, arena, text);
}

enum ff_err
ff_roles_refresh(struct ff_db *db, const char *dir, bool *there)
{
	struct ff_arena arena;
	enum ff_err     err;

	ff_arena_init(&arena);
	err = refresh(db, &arena, dir, there);
	ff_arena_free(&arena);
	return err;
}
