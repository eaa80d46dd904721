/* v1_read.c - parameters of the Stats API v1, in the order and the words of its refusals. */
#include "base/day.h"
#include "base/num.h"
#include "base/utf8.h"
#include "room/api/v1.h"

#define HELP "https://plausible.io/docs/stats-api"

/* A part of what was sent, for a sentence. */
static struct ff_str
shown(struct ff_str text)
{
	return ff_utf8_cut(text, 100);
}

/* ---- period and date ---- */

static int32_t
month_start(int32_t day, int months_back)
{
	struct ff_date d = ff_day_to_date(day);
	int            months = d.year * 12 + d.month - 1 - months_back;

	return ff_day_from_date((struct ff_date){ months / 12, months % 12 + 1, 1 });
}

static int32_t
month_end(int32_t day)
{
	return month_start(day, -1) - 1;
}

static enum ff_err
read_custom(struct ff_str date, struct ff_range *out, struct ff_fault *fault)
{
	struct ff_str rest = date, first = ff_str_split(&rest, ',');

	if (date.p == NULL)
		return FF_REFUSE(fault, "The `date` parameter is required when using a custom period. See " HELP "#time-periods");
	*out = (struct ff_range){ 0 };
	if (!ff_day_parse(ff_str_trim(first), &out->first) || !ff_day_parse(ff_str_trim(rest), &out->last) ||
	    out->first > out->last)
		return FF_REFUSE(fault, "Invalid format for `date` parameter. When using a custom period, please include two "
		    "ISO-8601 formatted dates joined by a comma. See " HELP "#time-periods");
	return FF_OK;
}

static bool
period_parse(struct ff_str name, int32_t day, struct ff_range *out)
{
	static const struct {
		const char *name;
		int         days, months;
	} periods[] = { { "day", 0, -1 }, { "7d", 6, -1 }, { "30d", 30, -1 }, { "month", 0, 0 }, { "6mo", 0, 5 },
		{ "12mo", 0, 11 } };

	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
		bool months = periods[i].months >= 0;

		if (!ff_str_eqz(name, periods[i].name))
			continue;
		*out = (struct ff_range){ .first = months ? month_start(day, periods[i].months) : day - periods[i].days,
			.last = months ? month_end(day) : day };
		return true;
	}
	return false;
}

static enum ff_err
read_period(struct ff_api_v1 *v1, struct ff_fault *fault)
{
	struct ff_str period = v1->given[FF_V1_PERIOD].p != NULL ? v1->given[FF_V1_PERIOD] : FF_STR("30d");
	struct ff_str date = v1->given[FF_V1_DATE];
	int32_t       day = ff_zone_day(v1->query.zone, v1->query.q.now_us);

	if (ff_str_eqz(period, "custom"))
		return read_custom(date, &v1->query.q.range, fault);
	if (!period_parse(period, day, &v1->query.q.range))
		return FF_REFUSE(fault, "Error parsing `period` parameter: invalid period `%.*s`. Please find accepted values in "
		    "our docs: " HELP "#time-periods", FF_STR_ARG(shown(period)));
	if (date.p == NULL)
		return FF_OK;
	if (!ff_day_parse(date, &day))
		return FF_REFUSE(fault, "Error parsing `date` parameter: invalid_format. Please specify a valid date in ISO-8601 "
		    "format.");
	return period_parse(period, day, &v1->query.q.range) ? FF_OK : FF_INVALID;
}

/* ---- property and interval ---- */

static enum ff_err
read_property(struct ff_api_v1 *v1, struct ff_fault *fault)
{
	struct ff_str        property = v1->given[FF_V1_PROPERTY];
	struct ff_api_query *query = &v1->query;

	if (!v1->by_property)
		return FF_OK;
	if (property.p == NULL)
		return FF_REFUSE(fault, "The `property` parameter is required. Please provide at least one property to show a "
		    "breakdown by.");
	if (!ff_api_dim_parse(property, &query->dims[0]))
		return FF_REFUSE(fault, "Invalid property '%.*s'. Please provide a valid property for the breakdown endpoint: "
		    HELP "#properties", FF_STR_ARG(shown(property)));
	query->q.n_dims = 1;
	return FF_OK;
}

static enum ff_err
read_interval(struct ff_api_v1 *v1, struct ff_fault *fault)
{
	struct ff_str        interval = v1->given[FF_V1_INTERVAL], period = v1->given[FF_V1_PERIOD];
	struct ff_api_query *query = &v1->query;
	enum ff_grain        grain = FF_GRAIN_DAY;

	if (!v1->by_time)
		return FF_OK;
	if (ff_str_eqz(interval, "month") || (interval.p == NULL && ff_str_ends(period, FF_STR("mo"))))
		grain = FF_GRAIN_MONTH;
	else if (interval.p == NULL && ff_str_eqz(period, "day"))
		grain = FF_GRAIN_HOUR;
	else if (interval.p != NULL && !ff_str_eqz(interval, "day") && !ff_str_eqz(interval, "date"))
		return FF_REFUSE(fault, "Error parsing `interval` parameter: invalid interval `%.*s`. Valid intervals are `day`, "
		    "`month`", FF_STR_ARG(shown(interval)));
	query->dims[0].dim.grain = grain;
	query->q.n_dims = 1;
	query->q.fill = true;
	return FF_OK;
}

/* ---- metrics ---- */

static bool
is_known(enum ff_metric metric)
{
	switch (metric) {
	case FF_METRIC_VISITORS:
	case FF_METRIC_VISITS:
	case FF_METRIC_PAGEVIEWS:
	case FF_METRIC_EVENTS:
	case FF_METRIC_VIEWS_PER_VISIT:
	case FF_METRIC_BOUNCE_RATE:
	case FF_METRIC_VISIT_DURATION:
	case FF_METRIC_TIME_ON_PAGE:
	case FF_METRIC_CONVERSION_RATE:
		return true;
	default:
		return false;
	}
}

static enum ff_err
read_metrics(struct ff_api_v1 *v1, struct ff_fault *fault)
{
	struct ff_str    rest = v1->given[FF_V1_METRICS].p != NULL ? v1->given[FF_V1_METRICS] : FF_STR("visitors");
	struct ff_query *q = &v1->query.q;

	while (rest.p != NULL) {
		struct ff_str  name = ff_str_split(&rest, ',');
		enum ff_metric metric;

		if (ff_metric_parse(name, &metric) != FF_OK || !is_known(metric))
			return FF_REFUSE(fault, "The metric `%.*s` is not recognized. Find valid metrics from the documentation: "
			    HELP "#metrics", FF_STR_ARG(shown(name)));
		for (size_t i = 0; i < q->n_metrics; i++)
			if (q->metrics[i] == metric)
				return FF_REFUSE(fault, "Metrics cannot be queried multiple times.");
		q->metrics[q->n_metrics++] = metric; /* each once, so there is room */
	}
	return FF_OK;
}

/* ---- limit, page, compare, order ---- */

static enum ff_err
read_page(struct ff_api_v1 *v1, struct ff_fault *fault)
{
	struct ff_str limit = v1->given[FF_V1_LIMIT], page = v1->given[FF_V1_PAGE];
	int64_t       at = 1;

	v1->query.q.limit = v1->by_property ? 100 : FF_API_ROWS_MAX;
	if (!v1->by_property)
		return FF_OK;
	if (limit.p != NULL && !ff_num_range(limit, 1, FF_API_V1_LIMIT_MAX, &v1->query.q.limit))
		return FF_REFUSE(fault, "Please provide limit as a number between 1 and %d.", FF_API_V1_LIMIT_MAX);
	if (page.p != NULL && !ff_num_range(page, 1, INT32_MAX, &at))
		return FF_REFUSE(fault, "Please provide page as a positive number.");
	v1->query.q.offset = (at - 1) * v1->query.q.limit;
	return FF_OK;
}

static void
set_order(struct ff_query *q, bool by_property)
{
	size_t first = q->metrics[0] == FF_METRIC_TIME_ON_PAGE && q->n_metrics > 1 ? 1 : 0;

	if (!by_property)
		return;
	q->orders[q->n_orders++] = (struct ff_order){ false, first, false };
	q->orders[q->n_orders++] = (struct ff_order){ true, 0, true };
}

bool
ff_api_v1_uses_goals(const struct ff_api_v1 *v1)
{
	struct ff_str goal = FF_STR("event:goal"), filters = v1->given[FF_V1_FILTERS];

	return ff_str_eq(v1->given[FF_V1_PROPERTY], goal) || ff_str_find(filters, goal) < filters.len;
}

enum ff_err
ff_api_v1_read(struct ff_arena *arena, struct ff_api_v1 *v1, struct ff_fault *fault)
{
	struct ff_api_query *query = &v1->query;

	query->time_dim = v1->by_time ? 0 : -1;
	query->q.site = &query->site;
	query->q.goals = query->goals;
	query->q.n_goals = query->n_goals;
	FF_TRY(read_period(v1, fault));
	FF_TRY(read_interval(v1, fault));
	FF_TRY(read_property(v1, fault));
	FF_TRY(ff_api_v1_filters(arena, v1->given[FF_V1_FILTERS], query, fault));
	FF_TRY(read_metrics(v1, fault));
	FF_TRY(read_page(v1, fault));
	if (ff_str_eqz(v1->given[FF_V1_COMPARE], "previous_period"))
		query->compare = FF_API_COMPARE_PREVIOUS;
	ff_api_compare_bind(query);
	for (size_t i = 0; i < query->q.n_dims; i++)
		query->q.dims[i] = query->dims[i].dim;
	set_order(&query->q, v1->by_property);
	return ff_api_v1_check(v1, fault);
}
