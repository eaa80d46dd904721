#include "room/admin/sites.h"
#include "base/day.h"
#include "door/app.h"
#include "door/guard.h"
#include "fact/query.h"
#include "fact/sites.h"
#include "room/admin/format.h"
#include "room/admin/page.h"
#include "room/admin/templates.h"

static enum ff_err
today_of(const struct ff_req *req, const struct ff_site *site, struct ff_site_row *row)
{
	const struct ff_zone *zone;
	struct ff_result      result;
	struct ff_query       q = { .site = site, .n_metrics = 3,
		      .metrics = { FF_METRIC_VISITORS, FF_METRIC_PAGEVIEWS, FF_METRIC_VIEWS } };

	FF_TRY(ff_zone_find(ff_str_z(req->arena, site->time_zone), &zone));
	q.range.first = q.range.last = ff_zone_day(zone, req->now_us);
	FF_TRY(ff_query_run(req->app->db, req->arena, &q, &result, NULL));
	*row = (struct ff_site_row){ .name = site->name, .domain = site->domain, .zone = site->time_zone,
		.visitors = ff_format_count(req->arena, result.n ? (int64_t)result.rows[0].metrics[0] : 0),
		.pageviews = ff_format_count(req->arena, result.n ? (int64_t)result.rows[0].metrics[1] : 0),
		.views = ff_format_count(req->arena, result.n ? (int64_t)result.rows[0].metrics[2] : 0) };
	return FF_OK;
}

enum ff_err
ff_admin_sites(const struct ff_req *req, struct ff_res *res)
{
	struct ff_sites_view v = { 0 };
	struct ff_site      *sites;
	size_t               n;

	FF_TRY(ff_sites_list(req->app->db, req->arena, &sites, &n));
	ff_page_begin(req, res, FF_STR("Sites"), &v.page);
	v.rows = FF_NEW_N(req->arena, n + 1, struct ff_site_row);
	for (size_t i = 0; i < n; i++)
		if (ff_authorize(req->who, sites[i].site_id, "stats:read"))
			FF_TRY(today_of(req, &sites[i], &v.rows[v.n++]));
	ff_tmpl_sites(&res->body, &v);
	return FF_OK;
}
