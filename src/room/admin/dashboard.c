#include "room/admin/dashboard.h"
#include "base/day.h"
#include "door/app.h"
#include "door/guard.h"
#include "fact/sites.h"
#include "room/admin/chart.h"
#include "room/admin/format.h"
#include "room/admin/page.h"
#include "room/admin/templates.h"
#include "store/db.h"

enum { P_RANGE, P_FROM, P_TO };
const struct ff_param ff_dashboard_params[] = {
	[P_RANGE] = { "range", FF_PARAM_TEXT, false, 0, 16, NULL, "day, yesterday, 7d, 30d, month, 12mo" },
	[P_FROM] = { "from", FF_PARAM_TEXT, false, 0, 16, NULL, "first day, YYYY-MM-DD" },
	[P_TO] = { "to", FF_PARAM_TEXT, false, 0, 16, NULL, "last day, YYYY-MM-DD" },
	{ NULL },
};

static const struct ff_range_link ranges[] = {
	{ "day", "Today", false },
	{ "yesterday", "Yesterday", false },
	{ "7d", "7 days", false },
	{ "30d", "30 days", false },
	{ "month", "This month", false },
	{ "12mo", "12 months", false },
};
#define N_RANGES (sizeof ranges / sizeof *ranges)
static const char default_range[] = "30d";

#define DAYS_MAX 36525 /* a century: more months than the chart has units are no picture */

static bool
read_custom(const struct ff_req *req, struct ff_range *range)
{
	*range = (struct ff_range){ 0 };
	return ff_day_parse(req->values[P_FROM].text, &range->first) &&
	       ff_day_parse(req->values[P_TO].text, &range->last) && range->first <= range->last &&
	       range->last - range->first < DAYS_MAX;
}

static bool
read_named(struct ff_str name, int32_t today, struct ff_range *range)
{
	if (ff_str_eqz(name, "yesterday")) {
		*range = (struct ff_range){ .first = today - 1, .last = today - 1 };
		return true;
	}
	return ff_range_parse(name, today, today, range) == FF_OK;
}

/* The range asked for; one that cannot be read is said on the page and the default shown: nobody gets lost. */
static void
choose_range(const struct ff_req *req, int32_t today, struct ff_range *range, struct ff_dashboard_view *v)
{
	struct ff_str name = ff_str_from(default_range);
	bool          custom = req->values[P_FROM].given || req->values[P_TO].given;

	if (req->values[P_RANGE].given)
		name = req->values[P_RANGE].text;
	if (custom && read_custom(req, range)) {
		name = FF_STR_NONE;
	} else if (custom || !read_named(name, today, range)) {
		v->range_error = FF_STR("This period could not be read: the last 30 days are shown. "
					"Days are written like 2026-11-21, the first one before the last.");
		name = ff_str_from(default_range);
		if (!read_named(name, today, range))
			ff_panic("the default range does not parse");
	}
	v->ranges = FF_NEW_N(req->arena, N_RANGES, struct ff_range_link);
	v->n_ranges = N_RANGES;
	for (size_t i = 0; i < N_RANGES; i++) {
		v->ranges[i] = ranges[i];
		v->ranges[i].current = ff_str_eqz(name, ranges[i].key);
	}
}

static void
show_range(const struct ff_req *req, const struct ff_range *range, struct ff_dashboard_view *v)
{
	char day[11];

	ff_day_print(range->first, day);
	v->from = ff_str_printf(req->arena, "%s", day);
	ff_day_print(range->last, day);
	v->to = ff_str_printf(req->arena, "%s", day);
	v->period = ff_format_period(req->arena, range->first, range->last);
}

static enum ff_err
load_chart(const struct ff_req *req, const struct ff_query *base, struct ff_dashboard_view *v)
{
	struct ff_query  q = *base;
	struct ff_result series;
	int32_t          days = base->range.last - base->range.first + 1;
	char             time[32];

	q.metrics[0] = FF_METRIC_PAGEVIEWS;
	q.metrics[1] = FF_METRIC_VISITORS;
	q.n_metrics = 2;
	q.dims[0].grain = days <= 2 ? FF_GRAIN_HOUR : days <= 92 ? FF_GRAIN_DAY : days <= 730 ? FF_GRAIN_WEEK : FF_GRAIN_MONTH;
	q.n_dims = 1;
	q.fill = true;
	FF_TRY(ff_query_run(req->app->db, req->arena, &q, &series, NULL));
	ff_chart_draw(req->arena, &series, &v->chart);
	ff_time_print(series.as_of_us, time);
	v->as_of = ff_str_printf(req->arena, "As of %.16s UTC.", time);
	return FF_OK;
}

/* Was anything ever counted? An empty period and a new site want different words. */
static enum ff_err
look_for_anything(const struct ff_req *req, const struct ff_query *base, struct ff_dashboard_view *v)
{
	struct ff_query  q = *base;
	struct ff_result result;

	q.metrics[0] = FF_METRIC_EVENTS;
	q.n_metrics = 1;
	q.range = (struct ff_range){ .first = 0, .last = ff_day_of_us(req->now_us) + 1 };
	FF_TRY(ff_query_run(req->app->db, req->arena, &q, &result, NULL));
	v->empty = result.n == 0 || result.rows[0].metrics[0] == 0;
	return FF_OK;
}

static enum ff_err
load(const struct ff_req *req, const struct ff_query *base, struct ff_dashboard_view *v)
{
	FF_TRY(ff_dashboard_cards(req, base, v));
	FF_TRY(load_chart(req, base, v));
	FF_TRY(ff_dashboard_tables(req, base, v));
	return look_for_anything(req, base, v);
}

enum ff_err
ff_admin_dashboard(const struct ff_req *req, struct ff_res *res)
{
	struct ff_dashboard_view *v = FF_NEW(req->arena, struct ff_dashboard_view);
	const struct ff_zone     *zone;
	struct ff_site            site;
	struct ff_query           base = { .site = &site, .now_us = req->now_us };
	enum ff_err               err;

	FF_TRY(ff_sites_find(req->app->db, req->arena, req->segments[0], &site));
	if (!ff_authorize(req->who, site.site_id, "stats:read"))
		return FF_NOT_FOUND; /* whether it exists is not theirs to know */
	FF_TRY(ff_zone_find(ff_str_z(req->arena, site.time_zone), &zone));
	ff_page_begin(req, res, site.name, &v->page);
	v->name = site.name;
	v->domain = site.domain;
	v->zone = site.time_zone;
	choose_range(req, ff_zone_day(zone, req->now_us), &base.range, v);
	show_range(req, &base.range, v);
	ff_db_together(req->app->db, true); /* a page is one question */
	err = load(req, &base, v);
	ff_db_together(req->app->db, false);
	FF_TRY(err);
	ff_tmpl_dashboard(&res->body, v);
	return FF_OK;
}
