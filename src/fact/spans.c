#include "fact/spans.h"

#include "base/arena.h"
#include "store/db.h"

enum ff_err
ff_spans_due(struct ff_db *db, struct ff_arena *arena, enum ff_span_kind kind, int64_t now_us, int max, struct ff_span **out,
    size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, kind == FF_SPAN_MONTH ? FF_STMT_MONTHS_DUE : FF_STMT_WEEKS_DUE,
	    (struct ff_arg[]){ ff_arg_time(arena, now_us), ff_arg_i64(arena, max) }, 2, &rows));
	*n = (size_t)rows.n;
	*out = FF_NEW_N(arena, *n, struct ff_span);
	for (int i = 0; i < rows.n; i++)
		(*out)[i] = (struct ff_span){ (int32_t)ff_row_i64(&rows, i, 0), ff_row_day(&rows, i, 1) };
	return FF_OK;
}

enum ff_err
ff_span_make(struct ff_db *db, struct ff_arena *arena, enum ff_span_kind kind, const struct ff_span *span)
{
	enum { STEPS = 4 };
	static const enum ff_stmt steps[][STEPS] = {
		[FF_SPAN_MONTH] = { FF_STMT_MONTH_FORGET, FF_STMT_MONTH_MAKE, FF_STMT_CONTENTMONTH_MAKE, FF_STMT_MONTH_RECORD },
		[FF_SPAN_WEEK] = { FF_STMT_WEEK_FORGET, FF_STMT_WEEK_MAKE, FF_STMT_CONTENTWEEK_MAKE, FF_STMT_WEEK_RECORD },
	};
	const struct ff_arg args[] = { ff_arg_i64(arena, span->site_id), ff_arg_day(arena, span->first) };

	for (size_t i = 0; i < STEPS; i++)
		FF_TRY(ff_db_exec(db, steps[kind][i], args, 2));
	return FF_OK;
}
