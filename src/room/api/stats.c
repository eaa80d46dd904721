/* stats.c - everything known of one item, for its owner's page: totals, trend, breakdowns, how far it was watched. */
#include "base/day.h"
#include "base/limits.h"
#include "door/narrow.h"
#include "fact/item_stats.h"
#include "room/api/counts.h"
#include "room/api/room.h"

#include <math.h>

static void
put_i64(struct ff_json_out *out, const char *key, int64_t value)
{
	ff_json_put_key(out, key);
	ff_json_put_i64(out, value);
}

static void
put_text(struct ff_json_out *out, const char *key, struct ff_str value)
{
	ff_json_put_key(out, key);
	ff_json_put_str(out, value);
}

static void
put_day(struct ff_json_out *out, const char *key, int32_t day)
{
	char text[11];

	ff_day_print(day, text);
	ff_json_put_key(out, key);
	ff_json_put_z(out, text);
}

/* To a hundredth of a percent; null without a whole. */
static void
put_percent(struct ff_json_out *out, int64_t part, int64_t whole)
{
	ff_json_put_double(out, whole == 0 ? (double)NAN : round((double)part * 10000.0 / (double)whole) / 100.0);
}

static void
put_item(struct ff_json_out *out, const struct ff_item_stats *stats)
{
	char published[32];

	put_text(out, "kind", stats->item.kind);
	put_text(out, "id", stats->item.key);
	put_text(out, "title", stats->item.title);
	put_text(out, "url", stats->item.url);
	put_text(out, "owner", stats->item.owner);
	put_text(out, "collection", stats->item.collection);
	ff_json_put_key(out, "private");
	ff_json_put_bool(out, stats->is_private);
	ff_json_put_key(out, "removed");
	ff_json_put_bool(out, stats->removed);
	ff_time_print(stats->published_us, published);
	ff_json_put_key(out, "published");
	ff_json_put_z(out, stats->published_us == 0 ? NULL : published);
}

static void
put_viewers(struct ff_json_out *out, const char *key, const struct ff_item_figures *figures)
{
	ff_json_put_key(out, key);
	ff_json_object(out);
	put_i64(out, "views", figures->views);
	put_i64(out, "unique", figures->uniques);
	put_i64(out, "qualified", figures->qualified);
	ff_json_object_end(out);
}

static void
put_figures(struct ff_json_out *out, const struct ff_item_stats *stats)
{
	const struct ff_item_figures *all = &stats->all;

	put_viewers(out, "authenticated", &stats->authenticated);
	put_viewers(out, "anonymous", &stats->anonymous);
	put_i64(out, "impressions", all->impressions);
	put_i64(out, "clicks", all->clicks);
	ff_json_put_key(out, "ctr");
	put_percent(out, all->clicks, all->impressions);
	put_i64(out, "engagedSeconds", all->engaged_ms / 1000);
	put_i64(out, "plays", all->plays);
	put_i64(out, "completions", all->completions);
	ff_json_put_key(out, "completionRate");
	put_percent(out, all->completions, all->plays);
	put_i64(out, "reactions", all->reactions);
	put_i64(out, "comments", all->comments);
	put_i64(out, "shares", all->shares);
	put_i64(out, "follows", all->follows);
}

static void
put_values(struct ff_json_out *out, const char *key, const struct ff_item_values *values)
{
	ff_json_put_key(out, key);
	ff_json_array(out);
	for (size_t i = 0; i < values->n; i++) {
		const struct ff_item_value *value = &values->v[i];

		ff_json_object(out);
		if (value->value.p != NULL)
			put_text(out, "value", value->value);
		else
			put_i64(out, "others", value->n);
		put_i64(out, "views", value->views);
		put_i64(out, "unique", value->uniques);
		ff_json_object_end(out);
	}
	ff_json_array_end(out);
}

static void
put_trend(struct ff_json_out *out, const struct ff_item_day *days)
{
	ff_json_put_key(out, "trend");
	ff_json_array(out);
	for (int i = 0; i < FF_TREND_DAYS; i++) {
		ff_json_object(out);
		put_day(out, "day", days[i].day);
		put_i64(out, "views", days[i].views);
		put_i64(out, "unique", days[i].uniques);
		put_i64(out, "qualified", days[i].qualified);
		ff_json_object_end(out);
	}
	ff_json_array_end(out);
}

static void
put_curve(struct ff_json_out *out, const struct ff_item_curve *curve)
{
	ff_json_put_key(out, "retention");
	if (curve->windows == 0) {
		ff_json_put_null(out);
		return;
	}
	ff_json_object(out);
	put_i64(out, "windows", curve->windows);
	put_day(out, "from", curve->from);
	put_day(out, "to", curve->to);
	ff_json_put_key(out, "curve");
	ff_json_array(out);
	for (int i = 0; i < FF_CURVE_PARTS; i++)
		put_percent(out, curve->seen[i], curve->windows);
	ff_json_array_end(out);
	ff_json_object_end(out);
}

enum ff_err
ff_api_item_stats(const struct ff_req *req, struct ff_res *res)
{
	struct ff_item_stats *stats = FF_NEW(req->arena, struct ff_item_stats);
	struct ff_json_out    out;
	struct ff_site        site;

	FF_TRY(ff_api_site(req, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_narrow_item(req, site.site_id, req->segments[0], req->segments[1]));
	FF_TRY(ff_item_stats_get(req->app->db, req->arena, &site, req->now_us, req->segments[0], req->segments[1], stats));
	res->etag = true;
	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	put_item(&out, stats);
	ff_api_counts_write(&out, &stats->counts);
	put_figures(&out, stats);
	for (size_t by = 0; by < FF_BY_COUNT; by++)
		put_values(&out, ff_item_by_name((enum ff_item_by)by), &stats->by[by]);
	put_trend(&out, stats->trend);
	put_curve(&out, &stats->curve);
	put_text(&out, "timeZone", site.time_zone);
	put_day(&out, "since", stats->first_day);
	ff_json_object_end(&out);
	return FF_OK;
}
