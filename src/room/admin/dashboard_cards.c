#include "base/day.h"
#include "door/app.h"
#include "room/admin/dashboard.h"
#include "room/admin/format.h"

#include <math.h>

enum form { COUNT, PERCENT, SECONDS, RATIO };

/* good: does more of it mean better (1), worse (-1), or neither? */
static const struct {
	enum ff_metric metric;
	const char    *name;
	enum form      form;
	int            good;
} cards[FF_DASHBOARD_CARDS] = {
	{ FF_METRIC_VISITORS, "Visitors", COUNT, 1 },
	{ FF_METRIC_VISITS, "Visits", COUNT, 1 },
	{ FF_METRIC_PAGEVIEWS, "Page views", COUNT, 1 },
	{ FF_METRIC_VIEWS, "Item views", COUNT, 1 },
	{ FF_METRIC_VIEWS_PER_VISIT, "Views per visit", RATIO, 1 },
	{ FF_METRIC_BOUNCE_RATE, "Bounce rate", PERCENT, -1 },
	{ FF_METRIC_VISIT_DURATION, "Visit duration", SECONDS, 1 },
};

static struct ff_str
show(struct ff_arena *arena, enum form form, double value)
{
	if (isnan(value))
		return FF_STR("\xe2\x80\x93");
	switch (form) {
	case COUNT:
		return ff_format_count(arena, (int64_t)value);
	case PERCENT:
		return ff_str_printf(arena, "%.0f %%", value);
	case SECONDS:
		return ff_format_duration(arena, (int64_t)value);
	case RATIO:
		return ff_str_printf(arena, "%.2f", value);
	}
	return FF_STR_NONE;
}

static enum ff_err
totals(const struct ff_req *req, const struct ff_query *base, const struct ff_range *range,
    double out[FF_DASHBOARD_CARDS], double *visitors_error)
{
	struct ff_query  q = *base;
	struct ff_result result;

	q.range = *range;
	q.n_metrics = FF_DASHBOARD_CARDS;
	for (size_t i = 0; i < FF_DASHBOARD_CARDS; i++)
		q.metrics[i] = cards[i].metric;
	FF_TRY(ff_query_run(req->app->db, req->arena, &q, &result, NULL));
	*visitors_error = result.visitors_error;
	for (size_t i = 0; i < FF_DASHBOARD_CARDS; i++)
		out[i] = result.n > 0 ? result.rows[0].metrics[i] : NAN;
	return FF_OK;
}

enum ff_err
ff_dashboard_cards(const struct ff_req *req, const struct ff_query *base, struct ff_dashboard_view *v)
{
	struct ff_range before = ff_range_before(&base->range);
	double          now[FF_DASHBOARD_CARDS], then[FF_DASHBOARD_CARDS], error, error_then;

	FF_TRY(totals(req, base, &base->range, now, &error));
	FF_TRY(totals(req, base, &before, then, &error_then));
	if (error > 0)
		v->error_note = ff_str_printf(req->arena,
		    "Visitors are counted once a day. Large numbers of them are estimates with a standard error of %.1f %%.",
		    error * 100);
	v->before = ff_format_period(req->arena, before.first, before.last);
	for (size_t i = 0; i < FF_DASHBOARD_CARDS; i++) {
		int direction = (now[i] > then[i]) - (now[i] < then[i]);

		v->cards[i] = (struct ff_card){ .name = cards[i].name, .value = show(req->arena, cards[i].form, now[i]),
			.before = show(req->arena, cards[i].form, then[i]),
			.change = ff_format_change(req->arena, then[i], now[i]), .trend = direction * cards[i].good };
	}
	return FF_OK;
}
