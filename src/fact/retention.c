#include "fact/retention.h"
#include "base/day.h"

/* The columns of kept_move and kept_find. */
static struct ff_kept
read_kept(const struct ff_rows *rows, int i)
{
	return (struct ff_kept){
		.site_id = (int32_t)ff_row_i64(rows, i, 0),
		.raw_from = ff_row_null(rows, i, 1) ? INT32_MIN : ff_row_day(rows, i, 1),
		.hours_from_us = ff_row_null(rows, i, 2) ? INT64_MIN : ff_row_us(rows, i, 2),
		.days_from = ff_row_null(rows, i, 3) ? INT32_MIN : ff_row_day(rows, i, 3),
	};
}

enum ff_err
ff_kept_move(struct ff_db *db, struct ff_arena *arena, struct ff_arg sites, int64_t now_us,
    const struct ff_retention *retention, struct ff_kept **out, size_t *n)
{
	struct ff_arg  args[5] = { sites, ff_arg_time(arena, now_us), ff_arg_i64(arena, retention->raw_s),
		 ff_arg_i64(arena, retention->hours_s), ff_arg_i64(arena, retention->days_s) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_KEPT_MOVE, args, 5, &rows));
	*n = (size_t)rows.n;
	*out = FF_NEW_N(arena, *n, struct ff_kept);
	for (int i = 0; i < rows.n; i++)
		(*out)[i] = read_kept(&rows, i);
	return FF_OK;
}

enum ff_err
ff_kept_find(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_kept *out)
{
	struct ff_arg  site = ff_arg_i64(arena, site_id);
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_KEPT_FIND, &site, 1, &rows));
	*out = rows.n == 1 ? read_kept(&rows, 0) : (struct ff_kept){ site_id, INT32_MIN, INT64_MIN, INT32_MIN };
	return FF_OK;
}

enum ff_err
ff_kept_check(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const struct ff_zone *zone, bool hours,
    int64_t from_us, struct ff_fault *fault)
{
	struct ff_arg  args[3] = { ff_arg_i64(arena, site_id), hours ? ff_arg_time(arena, from_us) : ff_arg_null(),
		 hours ? ff_arg_null() : ff_arg_day(arena, ff_zone_day(zone, from_us)) };
	struct ff_rows rows;
	char           day[11];

	FF_TRY(ff_db_query(db, arena, FF_STMT_KEPT_CHECK, args, 3, &rows));
	if (rows.n == 0 || (ff_row_null(&rows, 0, 0) && ff_row_null(&rows, 0, 1)))
		return FF_OK;
	ff_day_print(hours ? ff_zone_day(zone, ff_row_us(&rows, 0, 0)) : ff_row_day(&rows, 0, 1), day);
	return ff_fault_set(fault, FF_INVALID, "", "%s are kept since %s: ask for a date_range that begins there or later, or for "
	    "whole %s", hours ? "Hours" : "Days", day, hours ? "days" : "months");
}

enum ff_err
ff_raw_restored(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int64_t from_us, int64_t to_us, int32_t since, bool *out)
{
	struct ff_arg  args[4] = { ff_arg_i64(arena, site_id), ff_arg_time(arena, from_us), ff_arg_time(arena, to_us),
		 ff_arg_day(arena, since) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_RAW_COVERS, args, 4, &rows));
	*out = ff_row_bool(&rows, 0, 0);
	return FF_OK;
}

enum ff_err
ff_retention_floor(struct ff_db *db, struct ff_arena *arena, int64_t now_us, int64_t raw_s, int32_t *day)
{
	struct ff_arg  args[2] = { ff_arg_time(arena, now_us), ff_arg_i64(arena, raw_s) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_RETENTION_FLOOR, args, 2, &rows));
	*day = ff_row_day(&rows, 0, 0);
	return FF_OK;
}
