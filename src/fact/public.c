#include "fact/public.h"

#include "store/db.h"

#include <math.h>

static enum ff_err
may_know(struct ff_db *db, struct ff_arena *arena, enum ff_stmt stmt, const struct ff_arg *args, size_t n, bool *out)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, stmt, args, n, &rows));
	*out = rows.n > 0;
	return FF_OK;
}

enum ff_err
ff_public_item(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us, struct ff_str kind,
    struct ff_str key, struct ff_counts *out)
{
	struct ff_arg       args[] = { ff_arg_i64(arena, site->site_id), ff_arg_str(arena, kind), ff_arg_str(arena, key) };
	struct ff_site_item item = { site->site_id, kind, key };
	bool                known;

	*out = (struct ff_counts){ 0 };
	FF_TRY(may_know(db, arena, FF_STMT_PUBLIC_ITEM, args, 3, &known));
	return known ? ff_counts_get(db, arena, site, now_us, &item, 1, out) : FF_OK;
}

/* The same question as anybody's with a key, so the answer is the same. */
static enum ff_err
ask(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us, struct ff_str path,
    const struct ff_range *range, struct ff_public_count *out)
{
	struct ff_filter filter = { .op = FF_IS, .dim = FF_BY(PAGE), .values = &path, .n = 1 };
	struct ff_query  query = { .site = site, .metrics = { FF_METRIC_PAGEVIEWS, FF_METRIC_VISITORS }, .n_metrics = 2,
		 .range = *range, .filters = &filter, .n_filters = path.p != NULL, .now_us = now_us };
	struct ff_result result;
	struct ff_fault  fault = { 0 };

	FF_TRY(ff_query_run(db, arena, &query, &result, &fault));
	if (result.n == 0)
		return FF_OK;
	out->pageviews = (int64_t)result.rows[0].metrics[0];
	out->visitors = isnan(result.rows[0].metrics[1]) ? 0 : (int64_t)result.rows[0].metrics[1];
	return FF_OK;
}

enum ff_err
ff_public_page(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us, struct ff_str path,
    const struct ff_range *range, struct ff_public_count *out)
{
	struct ff_arg args[] = { ff_arg_i64(arena, site->site_id), ff_arg_str(arena, path) };

	*out = (struct ff_public_count){ .known = path.p == NULL };
	if (path.p != NULL)
		FF_TRY(may_know(db, arena, FF_STMT_PUBLIC_PAGE, args, 2, &out->known));
	if (!out->known)
		return FF_OK;
	return ask(db, arena, site, now_us, path, range, out);
}
