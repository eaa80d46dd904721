/* query_check.c - what a question cannot mean is refused, in the field's own sentences where it has any. */
#include "fact/query_plan.h"

#include <stdio.h>

bool
ff_query_asks(const struct ff_query *query, enum ff_metric metric)
{
	for (size_t i = 0; i < query->n_metrics; i++)
		if (query->metrics[i] == metric)
			return true;
	return false;
}

static bool
of_event(const struct ff_asked_dim *dim)
{
	return dim->grain == FF_GRAIN_NONE && !ff_asked_dim_per_visit(dim);
}

static bool
asks_per_visit(const struct ff_query *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (ff_metric_per_visit(q->metrics[i]))
			return true;
	return false;
}

/* Writes "`a`, `b`" of up to a handful of names. */
static size_t
name_one(char *list, size_t cap, size_t len, const char *name, struct ff_str tail)
{
	int n;

	if (len + 1 >= cap)
		return len;
	n = snprintf(list + len, cap - len, "%s`%s%.*s`", len > 0 ? ", " : "", name, FF_STR_ARG(ff_str_sub(tail, 0, 60)));
	return len + (n > 0 ? (size_t)n : 0);
}

static enum ff_err
check_per_visit(const struct ff_query *q, struct ff_fault *fault)
{
	char   metrics[160] = "", dims[240] = "";
	size_t m = 0, d = 0;

	for (size_t i = 0; i < q->n_metrics; i++)
		if (ff_metric_per_visit(q->metrics[i]))
			m = name_one(metrics, sizeof metrics, m, ff_metric_name(q->metrics[i]), FF_STR_NONE);
	for (size_t i = 0; i < q->n_dims; i++)
		if (of_event(&q->dims[i]))
			d = name_one(dims, sizeof dims, d, ff_asked_dim_name(&q->dims[i]), q->dims[i].prop);
	if (m == 0 || d == 0)
		return FF_OK;
	return ff_fault_set(fault, FF_INVALID, "",
	    "Session metric(s) %s cannot be queried along with event dimension(s) %s", metrics, dims);
}

struct census {
	size_t nodes, values;
	bool   robot, visit;
};

static enum ff_err
check_done(const struct ff_filter *f, struct ff_fault *fault)
{
	if (f->op == FF_HAS_DONE || f->op == FF_HAS_NOT_DONE)
		return ff_fault_set(fault, FF_INVALID, "filters", "has_done and has_not_done cannot hold one another");
	if (f->op < FF_AND && ff_asked_dim_per_visit(&f->dim))
		return ff_fault_set(fault, FF_INVALID, "filters", "has_done and has_not_done take event dimensions alone");
	for (size_t i = 0; i < f->n_kids; i++)
		FF_TRY(check_done(&f->kids[i], fault));
	return FF_OK;
}

static enum ff_err
check_leaf(const struct ff_filter *f, size_t depth, struct census *census, struct ff_fault *fault)
{
	if (f->dim.grain != FF_GRAIN_NONE || (f->dim.dim == FF_DIM_TOTAL && f->dim.prop.len == 0 && !f->dim.goal))
		return ff_fault_set(fault, FF_INVALID, "filters", "must name dimensions");
	if (f->n == 0)
		return ff_fault_set(fault, FF_INVALID, "filters", "must name values");
	if (f->dim.goal && (depth > 0 || (f->op != FF_IS && f->op != FF_CONTAINS)))
		return ff_fault_set(fault, FF_INVALID, "filters",
		    "event:goal can be filtered by with is and contains, at the top or within has_done");
	census->values += f->n;
	census->robot = census->robot || f->dim.dim == FF_DIM_ROBOT;
	census->visit = census->visit || ff_asked_dim_per_visit(&f->dim);
	return FF_OK;
}

enum { DEPTH_MAX = 8 };

static enum ff_err
check_filter(const struct ff_filter *f, size_t depth, struct census *census, struct ff_fault *fault)
{
	bool done = f->op == FF_HAS_DONE || f->op == FF_HAS_NOT_DONE;

	if (++census->nodes > FF_QUERY_FILTERS_MAX)
		return ff_fault_set(fault, FF_INVALID, "filters", "are too many: at most %d", FF_QUERY_FILTERS_MAX);
	if (depth > DEPTH_MAX)
		return ff_fault_set(fault, FF_INVALID, "filters", "are nested too deep: at most %d", DEPTH_MAX);
	if (f->op < FF_AND)
		return check_leaf(f, depth, census, fault);
	if (f->n_kids == 0 || (f->n_kids != 1 && (f->op == FF_NOT || done)))
		return ff_fault_set(fault, FF_INVALID, "filters", "must hold filters: and, or at least one, the others one");
	if (done)
		FF_TRY(check_done(&f->kids[0], fault));
	for (size_t i = 0; i < f->n_kids; i++)
		FF_TRY(check_filter(&f->kids[i], done ? depth : depth + 1, census, fault));
	return FF_OK;
}

/* Robots begin no visits: nothing about visits, and nothing of items, can be said of them. */
static enum ff_err
check_robots(const struct ff_query *q, struct census *census, struct ff_fault *fault)
{
	bool items = false;

	for (size_t i = 0; i < q->n_dims; i++) {
		census->robot = census->robot || q->dims[i].dim == FF_DIM_ROBOT;
		census->visit = census->visit || ff_asked_dim_per_visit(&q->dims[i]);
	}
	for (size_t i = 0; i < q->n_metrics; i++)
		items = items || ff_metric_of_items(q->metrics[i]);
	if (census->robot && (census->visit || items || asks_per_visit(q) || ff_query_asks(q, FF_METRIC_VISITS)))
		return ff_fault_set(fault, FF_INVALID, "",
		    "`event:robot` cannot be queried along with session metrics or visit dimensions: "
		    "robots begin no visits");
	return FF_OK;
}

static enum ff_err
check_dims(const struct ff_query *q, struct ff_fault *fault)
{
	size_t times = 0;

	for (size_t i = 0; i < q->n_dims; i++) {
		const struct ff_asked_dim *d = &q->dims[i];

		times += d->grain != FF_GRAIN_NONE;
		if (d->grain == FF_GRAIN_NONE && d->dim == FF_DIM_TOTAL && d->prop.len == 0 && !d->goal)
			return ff_fault_set(fault, FF_INVALID, "dimensions", "must be dimensions");
		for (size_t j = 0; j < i; j++)
			if (ff_asked_dim_eq(d, &q->dims[j]))
				return ff_fault_set(fault, FF_INVALID, "dimensions", "must be unique");
	}
	if (times > 1)
		return ff_fault_set(fault, FF_INVALID, "dimensions", "can hold one step of time");
	return FF_OK;
}

static enum ff_err
check_exit_rate(const struct ff_query *q, struct ff_fault *fault)
{
	bool by_exit = false;

	if (!ff_query_asks(q, FF_METRIC_EXIT_RATE))
		return FF_OK;
	for (size_t i = 0; i < q->n_dims; i++) {
		if (q->dims[i].dim == FF_DIM_EXIT_PAGE)
			by_exit = true;
		else if (q->dims[i].grain == FF_GRAIN_NONE)
			by_exit = false;
	}
	if (by_exit)
		return FF_OK;
	return ff_fault_set(fault, FF_INVALID, "",
	    "Metric `exit_rate` can only be queried along with dimension `visit:exit_page`, and time");
}

enum ff_err
ff_query_check(const struct ff_query *q, struct ff_fault *fault)
{
	struct census census = { 0 };

	if (q->n_metrics == 0 || q->n_metrics > FF_QUERY_METRICS_MAX)
		return ff_fault_set(fault, FF_INVALID, "metrics", "must name 1 to %d metrics", FF_QUERY_METRICS_MAX);
	if (q->n_dims > FF_QUERY_DIMS_MAX)
		return ff_fault_set(fault, FF_INVALID, "dimensions", "are too many: at most %d", FF_QUERY_DIMS_MAX);
	if (q->n_orders > FF_QUERY_ORDERS_MAX)
		return ff_fault_set(fault, FF_INVALID, "order_by", "has too many entries: at most %d", FF_QUERY_ORDERS_MAX);
	for (size_t i = 0; i < q->n_orders; i++)
		if (q->orders[i].index >= (q->orders[i].by_dim ? q->n_dims : q->n_metrics))
			return ff_fault_set(fault, FF_INVALID, "order_by", "names what is not asked for");
	FF_TRY(check_dims(q, fault));
	FF_TRY(check_per_visit(q, fault));
	FF_TRY(check_exit_rate(q, fault));
	for (size_t i = 0; i < q->n_filters; i++)
		FF_TRY(check_filter(&q->filters[i], 0, &census, fault));
	if (census.values > FF_QUERY_VALUES_MAX)
		return ff_fault_set(fault, FF_INVALID, "filters", "name too many values: at most %d", FF_QUERY_VALUES_MAX);
	return check_robots(q, &census, fault);
}
