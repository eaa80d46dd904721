/* query_check.c - what cannot be asked together, in Plausible's words and order. */
#include "base/utf8.h"
#include "room/api/query.h"

struct seen {
	bool                  goal, goal_deep, hostname_deep, page, page_top, prop_deep; /* outside of has_done */
	bool                  event;                                                     /* any event dimension */
	bool                  nested, visit_inside;                                      /* of has_done */
};

static void
see(const struct ff_filter *f, int depth, int done, struct seen *seen)
{
	bool inside = f->op == FF_HAS_DONE || f->op == FF_HAS_NOT_DONE;

	for (size_t i = 0; i < f->n_kids; i++)
		see(&f->kids[i], depth + 1, done + inside, seen);
	if (f->n_kids > 0 || inside)
		return;
	seen->nested = seen->nested || done > 1;
	seen->visit_inside = seen->visit_inside || (done == 1 && !ff_api_dim_of_events(&f->dim));
	seen->prop_deep = seen->prop_deep || (depth > 0 && f->dim.prop.len > 0);
	seen->event = seen->event || ff_api_dim_of_events(&f->dim);
	if (done > 0)
		return;
	seen->goal = seen->goal || f->dim.goal;
	seen->goal_deep = seen->goal_deep || (depth > 0 && f->dim.goal);
	seen->hostname_deep = seen->hostname_deep || (depth > 0 && f->dim.dim == FF_DIM_HOSTNAME);
	seen->page = seen->page || f->dim.dim == FF_DIM_PAGE;
	seen->page_top = seen->page_top || (depth == 0 && f->dim.dim == FF_DIM_PAGE);
}

bool
ff_api_dim_of_events(const struct ff_asked_dim *dim)
{
	return dim->grain == FF_GRAIN_NONE && !ff_asked_dim_per_visit(dim);
}

static bool
dim_of_visits(const struct ff_asked_dim *dim)
{
	return dim->dim >= FF_DIM_ENTRY_PAGE && dim->dim <= FF_DIM_EXIT_HOST;
}

bool
ff_api_metric_of_visits(enum ff_metric metric)
{
	return metric == FF_METRIC_BOUNCE_RATE || metric == FF_METRIC_VISIT_DURATION ||
	       metric == FF_METRIC_VIEWS_PER_VISIT || metric == FF_METRIC_EXIT_RATE;
}

static bool
metric_of_events(enum ff_metric metric)
{
	return !ff_api_metric_of_visits(metric) && metric != FF_METRIC_VISITORS && metric != FF_METRIC_VISITS &&
	       metric != FF_METRIC_PERCENTAGE && metric != FF_METRIC_CONVERSION_RATE &&
	       metric != FF_METRIC_GROUP_CONVERSION_RATE;
}

static bool
asked_by(const struct ff_query *q, enum ff_dim dim)
{
	for (size_t i = 0; i < q->n_dims; i++)
		if (q->dims[i].dim == dim)
			return true;
	return false;
}

static bool
asked_by_goal(const struct ff_query *q)
{
	for (size_t i = 0; i < q->n_dims; i++)
		if (q->dims[i].goal)
			return true;
	return false;
}

static bool
asks_rates(const struct ff_query *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (q->metrics[i] == FF_METRIC_CONVERSION_RATE || q->metrics[i] == FF_METRIC_GROUP_CONVERSION_RATE)
			return true;
	return false;
}

static enum ff_err
check_filters(const struct ff_api_query *query, const struct seen *seen, struct ff_fault *fault)
{
	const struct ff_query *q = &query->q;

	if (seen->goal_deep || seen->hostname_deep)
		return FF_REFUSE(fault, "Invalid filters. Dimension `%s` can only be filtered at the top level.",
		    seen->goal_deep ? "event:goal" : "event:hostname");
	if (seen->prop_deep && asks_rates(q))
		return FF_REFUSE(fault, "Invalid filters. When `conversion_rate` or `group_conversion_rate` metrics are used, "
		    "custom property filters can only be used on top level.");
	if (seen->nested)
		return FF_REFUSE(fault, "Invalid filters. Behavioral filters (has_done, has_not_done) cannot be nested.");
	if (seen->visit_inside)
		return FF_REFUSE(fault, "Invalid filters. Behavioral filters (has_done, has_not_done) can only be used with "
		    "event dimension filters.");
	if (query->unknown_goal.p != NULL)
		return FF_REFUSE(fault, "Invalid filters. The goal `%.*s` is not configured for this site. Find out how to "
		    "configure goals here: https://plausible.io/docs/stats-api#filtering-by-goals",
		    FF_STR_ARG(ff_utf8_cut(query->unknown_goal, 200)));
	return FF_OK;
}

static enum ff_err
check_exit_rate(const struct ff_query *q, const struct seen *seen, struct ff_fault *fault)
{
	if (q->n_dims != 1 || q->dims[0].dim != FF_DIM_EXIT_PAGE)
		return FF_REFUSE(fault, "Metric `exit_rate` requires a `\"visit:exit_page\"` dimension. No other dimensions are "
		    "allowed.");
	if (seen->event)
		return FF_REFUSE(fault, "Metric `exit_rate` cannot be queried when filtering on event dimensions.");
	return FF_OK;
}

static enum ff_err
check_metric(const struct ff_query *q, enum ff_metric metric, const struct seen *seen, struct ff_fault *fault)
{
	const char *name = ff_metric_name(metric);

	switch (metric) {
	case FF_METRIC_CONVERSION_RATE:
	case FF_METRIC_GROUP_CONVERSION_RATE:
		if (!seen->goal && !asked_by_goal(q))
			return FF_REFUSE(fault, "Metric `%s` can only be queried with event:goal filters or dimensions.", name);
		return FF_OK;
	case FF_METRIC_SCROLL_DEPTH:
	case FF_METRIC_TIME_ON_PAGE:
		if (!asked_by(q, FF_DIM_PAGE) && !(metric == FF_METRIC_SCROLL_DEPTH ? seen->page_top : seen->page))
			return FF_REFUSE(fault, "Metric `%s` can only be queried with event:page filters or dimensions.", name);
		return FF_OK;
	case FF_METRIC_EXIT_RATE:
		return check_exit_rate(q, seen, fault);
	case FF_METRIC_VIEWS_PER_VISIT:
		if (seen->page)
			return FF_REFUSE(fault, "Metric `%s` cannot be queried with a filter on `event:page`.", name);
		if (q->n_dims > 0)
			return FF_REFUSE(fault, "Metric `%s` cannot be queried with `dimensions`.", name);
		return FF_OK;
	default:
		return FF_OK;
	}
}

/* "`a`, `b`" */
static void
put_name(struct ff_buf *buf, struct ff_str name)
{
	ff_buf_printf(buf, "%s`%.*s`", buf->len > 0 ? ", " : "", FF_STR_ARG(name));
}

static void
list_metrics(const struct ff_query *q, bool (*which)(enum ff_metric), struct ff_buf *out)
{
	ff_buf_init(out, 500);
	for (size_t i = 0; i < q->n_metrics; i++)
		if (which(q->metrics[i]))
			put_name(out, ff_str_from(ff_metric_name(q->metrics[i])));
}

static void
list_dims(const struct ff_api_query *query, bool (*which)(const struct ff_asked_dim *), struct ff_buf *out)
{
	ff_buf_init(out, 500);
	for (size_t i = 0; i < query->q.n_dims; i++)
		if (which(&query->q.dims[i]))
			put_name(out, query->dims[i].name);
}

static enum ff_err
check_pair(const struct ff_api_query *query, const char *of_metric, bool (*metrics)(enum ff_metric), const char *of_dim,
    bool (*dims)(const struct ff_asked_dim *), struct ff_fault *fault)
{
	struct ff_buf m, d;
	enum ff_err   err = FF_OK;

	list_metrics(&query->q, metrics, &m);
	list_dims(query, dims, &d);
	if (m.len > 0 && d.len > 0)
		err = FF_REFUSE(fault, "%s metric(s) %.*s cannot be queried along with %s dimension(s) %.*s", of_metric,
		    (int)m.len, m.p, of_dim, (int)d.len, d.p);
	ff_buf_free(&m);
	ff_buf_free(&d);
	return err;
}

/* By page alone, what visits are counted by is the page they began on: query_run.c. */
static bool
only_by_page(const struct ff_query *q)
{
	bool page = false;

	for (size_t i = 0; i < q->n_dims; i++) {
		if (ff_api_dim_of_events(&q->dims[i]) && q->dims[i].dim != FF_DIM_PAGE)
			return false;
		page = page || q->dims[i].dim == FF_DIM_PAGE;
	}
	return page;
}

enum ff_err
ff_api_query_check(const struct ff_api_query *query, struct ff_fault *fault)
{
	const struct ff_query *q = &query->q;
	struct seen            seen = { 0 };

	for (size_t i = 0; i < q->n_filters; i++)
		see(&q->filters[i], 0, 0, &seen);
	FF_TRY(check_filters(query, &seen, fault));
	for (size_t i = 0; i < q->n_metrics; i++)
		FF_TRY(check_metric(q, q->metrics[i], &seen, fault));
	if (!only_by_page(q)) {
		FF_TRY(check_pair(query, "Session", ff_api_metric_of_visits, "event", ff_api_dim_of_events, fault));
		FF_TRY(check_pair(query, "Event", metric_of_events, "session", dim_of_visits, fault));
	}
	if (query->time_labels && query->time_dim < 0)
		return FF_REFUSE(fault, "Invalid include.time_labels: requires a time dimension.");
	return FF_OK;
}
