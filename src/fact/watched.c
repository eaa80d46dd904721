#include "fact/watched.h"

#include "store/db.h"

static enum ff_err
count_day(struct ff_db *db, struct ff_arena *arena, const struct ff_list_site *site,
    const struct ff_list_day *day, int64_t *changed)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_WATCHED_MAKE,
	    (struct ff_arg[]){ ff_arg_i64(arena, site->site_id), ff_arg_day(arena, day->day),
	        ff_arg_time(arena, day->from_us), ff_arg_time(arena, day->to_us) },
	    4, &rows));
	*changed += ff_row_i64(&rows, 0, 0);
	return FF_OK;
}

/* Days before raw_us are final: their rows may be gone by now. */
static enum ff_err
fold(struct ff_db *db, struct ff_arena *arena, const struct ff_list_site *site, int32_t until)
{
	struct ff_rows rows;

	return ff_db_query(db, arena, FF_STMT_WATCHED_FOLD,
	    (struct ff_arg[]){ ff_arg_i64(arena, site->site_id), ff_arg_day(arena, until), ff_arg_time(arena, site->now_us) }, 3,
	    &rows);
}

enum ff_err
ff_watched_make(struct ff_db *db, struct ff_arena *arena, const struct ff_list_site *site, int64_t *changed)
{
	int32_t             kept = ff_day_of_us(site->raw_us);
	struct ff_list_day *days;
	size_t              n;

	*changed = 0;
	FF_TRY(ff_list_days(db, arena, site, FF_LIST_WATCHED, &days, &n));
	for (size_t i = 0; i < n; i++)
		if (days[i].day > site->until)
			FF_TRY(count_day(db, arena, site, &days[i], changed));
	if (kept - 1 > site->until)
		FF_TRY(fold(db, arena, site, kept - 1));
	return ff_list_site_done(db, arena, site, FF_LIST_WATCHED);
}
