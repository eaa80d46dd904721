#include "fact/months.h"

#include "base/arena.h"
#include "store/db.h"

enum ff_err
ff_months_due(struct ff_db *db, struct ff_arena *arena, int64_t now_us, int max, struct ff_month **out, size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_MONTHS_DUE,
	    (struct ff_arg[]){ ff_arg_time(arena, now_us), ff_arg_i64(arena, max) }, 2, &rows));
	*n = (size_t)rows.n;
	*out = FF_NEW_N(arena, *n, struct ff_month);
	for (int i = 0; i < rows.n; i++)
		(*out)[i] = (struct ff_month){ (int32_t)ff_row_i64(&rows, i, 0), ff_row_day(&rows, i, 1) };
	return FF_OK;
}

enum ff_err
ff_month_make(struct ff_db *db, struct ff_arena *arena, const struct ff_month *month)
{
	static const enum ff_stmt steps[] = { FF_STMT_MONTH_FORGET, FF_STMT_MONTH_MAKE, FF_STMT_CONTENTMONTH_MAKE,
		FF_STMT_MONTH_RECORD };
	const struct ff_arg args[] = { ff_arg_i64(arena, month->site_id), ff_arg_day(arena, month->first) };

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		FF_TRY(ff_db_exec(db, steps[i], args, 2));
	return FF_OK;
}
