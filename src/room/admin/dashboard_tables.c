#include "door/app.h"
#include "room/admin/dashboard.h"
#include "room/admin/format.h"

enum { ROWS = 10 };

static const struct {
	enum ff_dim    dim;
	enum ff_metric count;
	const char    *title, *column, *count_name;
} tables[FF_DASHBOARD_TABLES] = {
	{ FF_DIM_PAGE, FF_METRIC_PAGEVIEWS, "Pages", "Path", "Views" },
	{ FF_DIM_ITEM, FF_METRIC_VIEWS, "Items", "Item", "Views" },
	{ FF_DIM_SOURCE, FF_METRIC_VISITS, "Sources", "Source", "Visits" },
	{ FF_DIM_CHANNEL, FF_METRIC_VISITS, "Channels", "Channel", "Visits" },
	{ FF_DIM_REFERRER, FF_METRIC_VISITS, "Referrers", "Referrer", "Visits" },
	{ FF_DIM_COUNTRY, FF_METRIC_VISITS, "Countries", "Country", "Visits" },
	{ FF_DIM_DEVICE, FF_METRIC_VISITS, "Devices", "Device", "Visits" },
	{ FF_DIM_BROWSER, FF_METRIC_VISITS, "Browsers", "Browser", "Visits" },
	{ FF_DIM_OS, FF_METRIC_VISITS, "Operating systems", "System", "Visits" },
	{ FF_DIM_UTM_CAMPAIGN, FF_METRIC_VISITS, "Campaigns", "Campaign", "Visits" },
};

static void
fill_row(const struct ff_req *req, const struct ff_query *q, const struct ff_result_row *from, double most,
    struct ff_table_row *row)
{
	*row = (struct ff_table_row){ .label = from->labels[0], .count = ff_format_count(req->arena, (int64_t)from->metrics[0]),
		.visitors = ff_format_count(req->arena, (int64_t)from->metrics[1]),
		.share = most > 0 ? (int)(from->metrics[0] * 100 / most + 0.5) : 0 };
	if (q->dims[0].dim == FF_DIM_PAGE && from->labels[0].len > 0 && from->labels[0].p[0] == '/')
		row->link = ff_str_printf(req->arena, "https://%.*s%.*s", FF_STR_ARG(q->site->domain),
		    FF_STR_ARG(from->labels[0]));
	if (q->dims[0].dim == FF_DIM_ITEM) {
		row->hint = ff_str_printf(req->arena, "%.*s %.*s", FF_STR_ARG(from->kind), FF_STR_ARG(from->labels[0]));
		if (from->title.len > 0)
			row->label = from->title;
	}
}

static enum ff_err
fill_table(const struct ff_req *req, const struct ff_query *base, size_t which, struct ff_table_view *t)
{
	struct ff_query  q = *base;
	struct ff_result result;

	q.dims[0].dim = tables[which].dim;
	q.n_dims = 1;
	q.metrics[0] = tables[which].count;
	q.metrics[1] = FF_METRIC_VISITORS;
	q.n_metrics = 2;
	q.limit = ROWS;
	q.total_rows = true;
	FF_TRY(ff_query_run(req->app->db, req->arena, &q, &result, NULL));
	*t = (struct ff_table_view){ .title = tables[which].title, .column = tables[which].column,
		.count_name = tables[which].count_name, .n = result.n };
	t->rows = FF_NEW_N(req->arena, result.n + 1, struct ff_table_row);
	for (size_t i = 0; i < result.n; i++)
		fill_row(req, &q, &result.rows[i], result.rows[0].metrics[0], &t->rows[i]);
	if (result.total_rows > (int64_t)result.n)
		t->more = ff_str_printf(req->arena, "and %lld more", (long long)result.total_rows - (long long)result.n);
	return FF_OK;
}

enum ff_err
ff_dashboard_tables(const struct ff_req *req, const struct ff_query *base, struct ff_dashboard_view *v)
{
	for (size_t i = 0; i < FF_DASHBOARD_TABLES; i++)
		FF_TRY(fill_table(req, base, i, &v->tables[i]));
	return FF_OK;
}
