#include "fact/list_site.h"

#include "base/log.h"
#include "store/db.h"

/* Events may be this many days ahead of our clock (drain.h). */
#define AHEAD 2

static bool
read_site(struct ff_arena *arena, const struct ff_rows *rows, int row, int64_t now_us, bool unique,
    struct ff_list_site *out)
{
	*out = (struct ff_list_site){ .site_id = (int32_t)ff_row_i64(rows, row, 0), .zone_name = ff_row_str(rows, row, 1),
		.now_us = now_us, .unique = unique };
	if (ff_zone_find(ff_str_z(arena, out->zone_name), &out->zone) != FF_OK) {
		ff_warn("lists", "site %d has a time zone that is not known here", (int)out->site_id);
		return false;
	}
	out->today = ff_zone_day(out->zone, now_us);
	out->raw_us = ff_day_of_us(now_us - ff_row_i64(rows, row, 2) * FF_US_S) * FF_US_DAY;
	out->sweep = ff_row_null(rows, row, 3) || ff_row_bool(rows, row, 5) != unique ||
	    ff_row_us(rows, row, 3) < ff_zone_day_start(out->zone, out->today);
	out->until = ff_row_null(rows, row, 4) ? INT32_MIN : ff_row_day(rows, row, 4);
	return true;
}

enum ff_err
ff_list_sites(struct ff_db *db, struct ff_arena *arena, enum ff_list_task task, int64_t now_us, int64_t raw_s,
    bool unique, struct ff_list_site **sites, size_t *n)
{
	struct ff_arg  args[] = { ff_arg_i64(arena, task), ff_arg_i64(arena, raw_s) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_LISTS_SITES, args, 2, &rows));
	*sites = FF_NEW_N(arena, (size_t)rows.n + 1, struct ff_list_site);
	*n = 0;
	for (int i = 0; i < rows.n; i++)
		*n += read_site(arena, &rows, i, now_us, unique, &(*sites)[*n]);
	return FF_OK;
}

/* The first day that begins when single rows were kept already. */
static int32_t
first_kept(const struct ff_list_site *site, const struct ff_zone *zone)
{
	int32_t day = ff_zone_day(zone, site->raw_us);

	return ff_zone_day_start(zone, day) < site->raw_us ? day + 1 : day;
}

enum ff_err
ff_list_days(struct ff_db *db, struct ff_arena *arena, const struct ff_list_site *site, enum ff_list_task task,
    struct ff_list_day **days, size_t *n)
{
	const struct ff_zone *zone = site->zone;
	int32_t               first, today;
	struct ff_rows        rows;

	if (task == FF_LIST_WATCHED)
		FF_TRY(ff_zone_find("UTC", &zone));
	today = ff_zone_day(zone, site->now_us);
	first = first_kept(site, zone);
	if (!site->sweep && first < today - 1)
		first = today - 1;
	FF_TRY(ff_db_query(db, arena, FF_STMT_LISTS_DAYS,
	    (struct ff_arg[]){ ff_arg_z(ff_zone_name(zone)), ff_arg_day(arena, first), ff_arg_day(arena, today + AHEAD),
	        ff_arg_day(arena, ff_day_of_us(site->now_us)) },
	    4, &rows));
	*days = FF_NEW_N(arena, (size_t)rows.n + 1, struct ff_list_day);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		(*days)[i] = (struct ff_list_day){ ff_row_day(&rows, i, 0), ff_row_us(&rows, i, 1), ff_row_us(&rows, i, 2) };
	return FF_OK;
}

enum ff_err
ff_list_site_done(struct ff_db *db, struct ff_arena *arena, const struct ff_list_site *site, enum ff_list_task task)
{
	struct ff_arg args[] = { ff_arg_i64(arena, site->site_id), ff_arg_i64(arena, task),
		ff_arg_time(arena, site->now_us), ff_arg_bool(site->unique) };

	return site->sweep ? ff_db_exec(db, FF_STMT_LISTS_SWEPT, args, 4) : FF_OK;
}
