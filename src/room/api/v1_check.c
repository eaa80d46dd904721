/* v1_check.c - which metrics of the Stats API v1 go with which property and filters, in its own words and order. */
#include "room/api/v1.h"

static const struct ff_filter *
filter_on(const struct ff_query *q, bool (*which)(const struct ff_asked_dim *))
{
	for (size_t i = 0; i < q->n_filters; i++)
		if (which(&q->filters[i].dim))
			return &q->filters[i];
	return NULL;
}

static bool
is_goal(const struct ff_asked_dim *dim)
{
	return dim->goal;
}

static bool
is_name(const struct ff_asked_dim *dim)
{
	return dim->dim == FF_DIM_NAME;
}

static bool
is_page(const struct ff_asked_dim *dim)
{
	return dim->dim == FF_DIM_PAGE;
}

/* What only events have. A page is also where visits begin. */
static bool
is_event_only(const struct ff_asked_dim *dim)
{
	return ff_api_dim_of_events(dim) && dim->dim != FF_DIM_PAGE && dim->dim != FF_DIM_HOSTNAME;
}

static enum ff_err
check_session(const struct ff_api_v1 *v1, const char *name, struct ff_fault *fault)
{
	const struct ff_query     *q = &v1->query.q;
	const struct ff_filter    *f = filter_on(q, is_event_only);
	const struct ff_asked_dim *by = v1->by_property ? &q->dims[0] : NULL;

	if (by != NULL && is_event_only(by))
		return FF_REFUSE(fault, "Session metric `%s` cannot be queried for breakdown by `%s%.*s`.", name,
		    ff_asked_dim_name(by), FF_STR_ARG(by->prop));
	if (f != NULL)
		return FF_REFUSE(fault, "Session metric `%s` cannot be queried when using a filter on `%s%.*s`.", name,
		    ff_asked_dim_name(&f->dim), FF_STR_ARG(f->dim.prop));
	return FF_OK;
}

static enum ff_err
check_time_on_page(const struct ff_api_v1 *v1, const char *name, struct ff_fault *fault)
{
	const struct ff_query *q = &v1->query.q;

	if (filter_on(q, is_goal) != NULL || filter_on(q, is_name) != NULL)
		return FF_REFUSE(fault, "Metric `%s` cannot be queried when filtering by `%s`", name,
		    filter_on(q, is_goal) != NULL ? "event:goal" : "event:name");
	if (v1->by_property && is_page(&q->dims[0]))
		return FF_OK;
	if (v1->by_property)
		return FF_REFUSE(fault, "Metric `%s` is not supported in breakdown queries (except `event:page` breakdown)", name);
	if (filter_on(q, is_page) != NULL)
		return FF_OK;
	return FF_REFUSE(fault, "Metric `%s` can only be queried in a page breakdown or with a page filter.", name);
}

static enum ff_err
check_metric(const struct ff_api_v1 *v1, enum ff_metric metric, struct ff_fault *fault)
{
	const struct ff_query *q = &v1->query.q;
	const char            *name = ff_metric_name(metric);

	switch (metric) {
	case FF_METRIC_TIME_ON_PAGE:
		return check_time_on_page(v1, name, fault);
	case FF_METRIC_CONVERSION_RATE:
		if ((v1->by_property && q->dims[0].goal) || filter_on(q, is_goal) != NULL)
			return FF_OK;
		return FF_REFUSE(fault, "Metric `%s` can only be queried in a goal breakdown or with a goal filter", name);
	case FF_METRIC_VIEWS_PER_VISIT:
		if (filter_on(q, is_page) != NULL)
			return FF_REFUSE(fault, "Metric `%s` cannot be queried with a filter on `event:page`.", name);
		if (v1->by_property)
			return FF_REFUSE(fault, "Metric `%s` is not supported in breakdown queries.", name);
		return check_session(v1, name, fault);
	case FF_METRIC_VISITS:
	case FF_METRIC_BOUNCE_RATE:
	case FF_METRIC_VISIT_DURATION:
		return check_session(v1, name, fault);
	default:
		return FF_OK;
	}
}

/* By anything but goals, the rate is that of the row. */
static void
set_rates(struct ff_api_v1 *v1)
{
	struct ff_query *q = &v1->query.q;

	for (size_t i = 0; i < q->n_metrics; i++)
		if (q->metrics[i] == FF_METRIC_CONVERSION_RATE && q->n_dims > 0 && !q->dims[0].goal)
			q->metrics[i] = FF_METRIC_GROUP_CONVERSION_RATE;
}

enum ff_err
ff_api_v1_check(struct ff_api_v1 *v1, struct ff_fault *fault)
{
	for (size_t i = 0; i < v1->query.q.n_metrics; i++)
		FF_TRY(check_metric(v1, v1->query.q.metrics[i], fault));
	set_rates(v1);
	return FF_OK;
}
