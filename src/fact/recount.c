#include "fact/recount.h"

#include "fact/spans.h"
#include "store/db.h"

enum ff_err
ff_recount_since(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t *day, bool *upgraded)
{
	struct ff_arg  args[2] = { ff_arg_i64(arena, site_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_RAW_SINCE, args, 1, &rows));
	if (ff_row_null(&rows, 0, 0))
		return FF_NOT_FOUND;
	args[1] = ff_arg_day(arena, ff_row_day(&rows, 0, 0));
	FF_TRY(ff_db_query(db, arena, FF_STMT_RECOUNT_SINCE, args, 2, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	*day = ff_row_day(&rows, 0, 0);
	*upgraded = ff_row_bool(&rows, 0, 1);
	return FF_OK;
}

static enum ff_err
steps(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t day, const enum ff_stmt *stmts, size_t n)
{
	const struct ff_arg args[] = { ff_arg_i64(arena, site_id), ff_arg_day(arena, day) };

	FF_TRY(ff_db_exec(db, FF_STMT_RECOUNT_OTHER, args, 1));
	FF_TRY(ff_db_exec(db, FF_STMT_WEEK_UNMAKE, args, 2));
	for (size_t i = 0; i < n; i++)
		FF_TRY(ff_db_exec(db, stmts[i], args, 2));
	return FF_OK;
}

enum ff_err
ff_recount_day(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t day)
{
	static const enum ff_stmt stmts[] = { FF_STMT_RECOUNT_FORGET, FF_STMT_RECOUNT_ROLLUPS, FF_STMT_RECOUNT_ITEMS,
		FF_STMT_RECOUNT_BY };

	return steps(db, arena, site_id, day, stmts, sizeof stmts / sizeof *stmts);
}

enum ff_err
ff_recount_entries(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t day)
{
	static const enum ff_stmt stmts[] = { FF_STMT_ENTRIES_FORGET, FF_STMT_ENTRIES_RECOUNT };

	return steps(db, arena, site_id, day, stmts, sizeof stmts / sizeof *stmts);
}

enum ff_err
ff_months_between(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t first, int32_t last, int32_t **out,
    size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_MONTHS_BETWEEN,
	    (struct ff_arg[]){ ff_arg_i64(arena, site_id), ff_arg_day(arena, first), ff_arg_day(arena, last) }, 3, &rows));
	*n = (size_t)rows.n;
	*out = FF_NEW_N(arena, *n, int32_t);
	for (int i = 0; i < rows.n; i++)
		(*out)[i] = ff_row_day(&rows, i, 0);
	return FF_OK;
}

enum ff_err
ff_recount_months(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t first, int32_t last)
{
	int32_t *months;
	size_t   n;

	FF_TRY(ff_months_between(db, arena, site_id, first, last, &months, &n));
	for (size_t i = 0; i < n; i++)
		FF_TRY(ff_span_make(db, arena, FF_SPAN_MONTH, &(struct ff_span){ site_id, months[i] }));
	return FF_OK;
}

/* Adds a statement's verdicts. */
static enum ff_err
verify(struct ff_db *db, struct ff_arena *arena, enum ff_stmt stmt, const struct ff_arg args[2],
    struct ff_verdict out[FF_VERDICTS_MAX], size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, stmt, args, 2, &rows));
	for (int i = 0; i < rows.n && *n < FF_VERDICTS_MAX; i++)
		out[(*n)++] = (struct ff_verdict){ ff_row_str(&rows, i, 0), ff_row_i64(&rows, i, 1), ff_row_i64(&rows, i, 2),
			ff_row_str(&rows, i, 3) };
	return FF_OK;
}

enum ff_err
ff_verify_day(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t day,
    struct ff_verdict out[FF_VERDICTS_MAX], size_t *n)
{
	const struct ff_arg args[] = { ff_arg_i64(arena, site_id), ff_arg_day(arena, day) };

	*n = 0;
	FF_TRY(verify(db, arena, FF_STMT_VERIFY_ROLLUPS, args, out, n));
	FF_TRY(verify(db, arena, FF_STMT_VERIFY_ITEMS, args, out, n));
	return verify(db, arena, FF_STMT_VERIFY_BY, args, out, n);
}

enum ff_err
ff_verify_month(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t first,
    struct ff_verdict out[FF_VERDICTS_MAX], size_t *n)
{
	const struct ff_arg args[] = { ff_arg_i64(arena, site_id), ff_arg_day(arena, first) };

	*n = 0;
	return verify(db, arena, FF_STMT_VERIFY_MONTH, args, out, n);
}
