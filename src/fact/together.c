#include "fact/together.h"

#include "fact/content.h"
#include "store/db.h"

static enum ff_err
count_day(struct ff_db *db, struct ff_arena *arena, const struct ff_conf *conf, const struct ff_list_site *site,
    const struct ff_list_day *day, int64_t *changed)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_TOGETHER_MAKE,
	    (struct ff_arg[]){ ff_arg_i64(arena, site->site_id), ff_arg_day(arena, day->day),
	        ff_arg_time(arena, day->from_us), ff_arg_time(arena, day->to_us), ff_arg_bool(site->unique),
	        ff_arg_i64(arena, conf->together_items), ff_arg_i64(arena, FF_PAIRS_DAY_MAX) },
	    7, &rows));
	*changed += ff_row_i64(&rows, 0, 0);
	return FF_OK;
}

static enum ff_err
score(struct ff_db *db, struct ff_arena *arena, const struct ff_conf *conf, const struct ff_list_site *site, int32_t since,
    int64_t *changed)
{
	struct ff_list_settings settings = { .unique = site->unique, .together_days = site->today - since + 1,
		.together_visitors = conf->together_support, .together_items = conf->together_items };
	struct ff_rows          rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_RELATED_MAKE,
	    (struct ff_arg[]){ ff_arg_i64(arena, site->site_id), ff_arg_day(arena, since),
	        ff_arg_i64(arena, conf->together_support), ff_arg_i64(arena, conf->related), ff_arg_time(arena, site->now_us),
	        ff_list_settings_arg(arena, &settings) },
	    6, &rows));
	*changed += ff_row_i64(&rows, 0, 0);
	return FF_OK;
}

enum ff_err
ff_together_make(struct ff_db *db, struct ff_arena *arena, const struct ff_conf *conf, const struct ff_list_site *site,
    int64_t *changed)
{
	int32_t             since = site->today - (int32_t)(conf->together_days * FF_US_S / FF_US_DAY) + 1;
	struct ff_list_day *days;
	size_t              n;

	*changed = 0;
	FF_TRY(ff_list_days(db, arena, site, FF_LIST_TOGETHER, &days, &n));
	for (size_t i = 0; i < n; i++)
		if (days[i].day >= since)
			FF_TRY(count_day(db, arena, conf, site, &days[i], changed));
	FF_TRY(ff_db_exec(db, FF_STMT_TOGETHER_FORGET,
	    (struct ff_arg[]){ ff_arg_i64(arena, site->site_id), ff_arg_day(arena, since) }, 2));
	FF_TRY(score(db, arena, conf, site, since, changed));
	return ff_list_site_done(db, arena, site, FF_LIST_TOGETHER);
}

enum ff_err
ff_together_read(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str kind, struct ff_str key,
    int64_t limit, struct ff_listing *out)
{
	struct ff_content_stored item;
	struct ff_rows           rows;

	FF_TRY(ff_content_find(db, arena, site_id, kind, key, &item));
	FF_TRY(ff_list_head(db, arena, site_id, FF_LIST_RELATED, 0, out));
	FF_TRY(ff_db_query(db, arena, FF_STMT_RELATED_READ,
	    (struct ff_arg[]){ ff_arg_i64(arena, site_id), ff_arg_i64(arena, item.content_id), ff_arg_i64(arena, limit) }, 3,
	    &rows));
	out->v = FF_NEW_N(arena, (size_t)rows.n + 1, struct ff_listed);
	out->n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++) {
		ff_list_row(&rows, i, &out->v[i]);
		out->v[i].of_item = ff_row_i64(&rows, i, 8);
		out->v[i].of_other = ff_row_i64(&rows, i, 9);
	}
	return FF_OK;
}
