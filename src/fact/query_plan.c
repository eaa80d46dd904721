/* query_plan.c - the cheapest source that answers exactly: day rollups, hour rollups, raw rows while they last. */
#include "base/day.h"
#include "fact/query_plan.h"

#include <stdio.h>
#include <string.h>

static bool
asks_visits(const struct ff_simple *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (ff_metric_per_visit(q->metrics[i]))
			return true;
	return false;
}

/* The field's own sentence names what does not go together. */
static enum ff_err
refuse_per_visit(const struct ff_simple *q, struct ff_fault *fault)
{
	char   list[128] = "";
	size_t len = 0;

	for (size_t i = 0; i < q->n_metrics && len < sizeof list; i++)
		if (ff_metric_per_visit(q->metrics[i]))
			len += (size_t)snprintf(list + len, sizeof list - len, "%s`%s`", len > 0 ? ", " : "",
			    ff_metric_name(q->metrics[i]));
	return ff_fault_set(fault, FF_INVALID, "",
	    "Session metric(s) %s cannot be queried along with event dimension(s) `%s`", list, ff_dim_name(q->dim));
}

static bool
about(const struct ff_simple *q, enum ff_dim dim)
{
	for (size_t i = 0; i < q->n_filters; i++)
		if (q->filters[i].dim == dim)
			return true;
	return q->dim == dim;
}

/* Robots begin no visits: nothing about visits can be said of them. */
static enum ff_err
check_robots(const struct ff_simple *q, struct ff_fault *fault)
{
	bool visits = asks_visits(q) || (q->dim != FF_DIM_TOTAL && ff_dim_per_visit(q->dim));

	for (size_t i = 0; i < q->n_filters; i++)
		visits = visits || ff_dim_per_visit(q->filters[i].dim);
	if (about(q, FF_DIM_ROBOT) && visits)
		return ff_fault_set(fault, FF_INVALID, "",
		    "`event:robot` cannot be queried along with session metrics or visit dimensions: "
		    "robots begin no visits");
	return FF_OK;
}

static enum ff_err
check(const struct ff_simple *q, struct ff_fault *fault)
{
	if (q->n_metrics == 0 || q->n_metrics > FF_QUERY_METRICS_MAX)
		return ff_fault_set(fault, FF_INVALID, "metrics", "must name 1 to %d metrics", FF_QUERY_METRICS_MAX);
	if (q->n_filters > FF_SIMPLE_FILTERS_MAX)
		return ff_fault_set(fault, FF_INVALID, "filters", "are too many: at most %d", FF_SIMPLE_FILTERS_MAX);
	if (q->dim != FF_DIM_TOTAL && !ff_dim_per_visit(q->dim) && asks_visits(q))
		return refuse_per_visit(q, fault);
	return check_robots(q, fault);
}

static bool
asks_items(const struct ff_simple *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (ff_metric_of_items(q->metrics[i]))
			return true;
	return false;
}

/* Known of items: each with and without a viewer who is signed in. */
static bool
is_items_own(enum ff_dim dim)
{
	return dim == FF_DIM_TOTAL || dim == FF_DIM_ITEM || dim == FF_DIM_AUTH;
}

/* Do the figures of items answer the question alone? */
static bool
from_items(const struct ff_simple *q)
{
	if (!about(q, FF_DIM_ITEM) || !is_items_own(q->dim) || asks_visits(q))
		return false;
	for (size_t i = 0; i < q->n_filters; i++)
		if (!is_items_own(q->filters[i].dim) ||
		    (q->filters[i].dim == FF_DIM_ITEM && q->filters[i].negate && q->dim != FF_DIM_ITEM))
			return false; /* not of an item is no item's */
	return true;
}

/* The dimension whose rollup rows answer the question, filters included; false if no rollup does. */
static bool
rollup_dim(const struct ff_simple *q, enum ff_dim *dim)
{
	*dim = FF_DIM_ITEM;
	if (from_items(q))
		return true;
	*dim = q->dim;
	if (about(q, FF_DIM_ITEM))
		return false;
	for (size_t i = 0; i < q->n_filters; i++) {
		const struct ff_simple_filter *f = &q->filters[i];

		if (*dim == FF_DIM_TOTAL)
			*dim = f->dim;
		if (*dim != f->dim)
			return false;
		if (q->dim != FF_DIM_TOTAL || !ff_dim_may_lack(f->dim))
			continue;
		if (f->negate)
			return false; /* events without a value are meant too, and have no row */
		for (size_t v = 0; v < f->n; v++)
			if (f->values[v].len == 0 || ff_str_eqz(f->values[v], ff_dim_empty(f->dim)))
				return false;
	}
	return q->n_filters == 0 || ff_dim_per_visit(*dim) || !asks_visits(q);
}

/* Instants that are whole days become days: the cheaper source. */
static bool
whole_days(const struct ff_plan *plan)
{
	return plan->from_us == ff_zone_day_start(plan->zone, ff_zone_day(plan->zone, plan->from_us)) &&
	       plan->to_us == ff_zone_day_start(plan->zone, ff_zone_day(plan->zone, plan->to_us));
}

static bool
whole_hours(const struct ff_plan *plan)
{
	const struct ff_range *range = &plan->query->range;

	return range->from_us >= range->to_us || (plan->from_us == ff_zone_hour(plan->zone, plan->from_us) &&
						     plan->to_us == ff_zone_hour(plan->zone, plan->to_us));
}

/* Raw rows answer from the first local day that begins after the oldest complete UTC day does. */
static enum ff_err
check_raw(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_fault *fault)
{
	struct ff_arg  site = ff_arg_i64(arena, plan->query->site->site_id);
	struct ff_rows rows;
	int64_t        since_us;
	int32_t        day;
	char           text[11];

	FF_TRY(ff_db_query(db, arena, FF_STMT_RAW_SINCE, &site, 1, &rows));
	if (rows.n == 0 || ff_row_null(&rows, 0, 0))
		return ff_fault_set(fault, FF_INVALID, "",
		    "This combination needs single events, and none are kept; ask for one dimension, "
		    "filtered by itself");
	since_us = ff_row_day(&rows, 0, 0) * FF_US_DAY;
	if (plan->from_us >= since_us)
		return FF_OK;
	day = ff_zone_day(plan->zone, since_us);
	if (ff_zone_day_start(plan->zone, day) < since_us)
		day++;
	ff_day_print(day, text);
	return ff_fault_set(fault, FF_INVALID, "",
	    "This combination needs single events, which are kept since %s: ask for a date_range that begins there or "
	    "later, or for one dimension, filtered by itself", text);
}

static void
halves(struct ff_plan *plan)
{
	for (size_t i = 0; i < plan->query->n_metrics; i++) {
		enum ff_metric m = plan->query->metrics[i];

		plan->visits = plan->visits || ff_metric_per_visit(m);
		plan->events = plan->events || (!ff_metric_per_visit(m) && !ff_metric_of_items(m)) ||
		    m == FF_METRIC_VIEWS_PER_VISIT;
	}
}

static bool
asks_visitors(const struct ff_simple *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (q->metrics[i] == FF_METRIC_VISITORS)
			return true;
	return false;
}

/* Figures of items are not to be had from single events. */
static enum ff_err
check_items(struct ff_plan *plan, struct ff_fault *fault)
{
	if (!asks_items(plan->query))
		return FF_OK;
	plan->item_sums = !plan->items;
	if (plan->source != FF_SOURCE_RAW && is_items_own(plan->dim))
		return FF_OK;
	return ff_fault_set(fault, FF_INVALID, "",
	    "Figures of items are known by `content:item`, by `visit:auth` and in total, filtered by those, for "
	    "whole hours, and not along with session metrics of single items");
}

/* Beyond this many rows a page is most of the answer, and guessing pays no more. */
#define GUESS_MAX 500

static void
plan_sketches(struct ff_plan *plan)
{
	const struct ff_simple *q = plan->query;
	int                    i = q->order_metric < 0 ? 0 : q->order_metric;
	bool                   by_visitors = !q->order_by_dim && q->metrics[i] == FF_METRIC_VISITORS;
	bool                   descending = q->order_metric < 0 || !q->ascending;

	if (plan->source == FF_SOURCE_RAW || q->dim == FF_DIM_TOTAL || !asks_visitors(q))
		return;
	if (!by_visitors) {
		plan->sketches = FF_SKETCHES_SHOWN;
	} else if (q->grain == FF_GRAIN_NONE && descending && q->limit > 0 && q->limit + q->offset <= GUESS_MAX) {
		plan->sketches = FF_SKETCHES_GUESS;
		plan->candidates = 4 * (q->limit + q->offset) + 50;
	}
}

enum ff_err
ff_plan_make(struct ff_db *db, struct ff_arena *arena, const struct ff_query *asked, const struct ff_simple *query,
    struct ff_plan *plan, struct ff_fault *fault)
{
	*plan = (struct ff_plan){ .query = query, .source = FF_SOURCE_RAW };
	FF_TRY(check(query, fault));
	FF_TRY(ff_zone_find(ff_str_z(arena, query->site->time_zone), &plan->zone));
	FF_TRY(ff_query_buckets(arena, asked, &plan->buckets, fault));
	ff_range_instants(plan->zone, &query->range, &plan->from_us, &plan->to_us);
	halves(plan);
	if (rollup_dim(query, &plan->dim)) {
		if (query->grain != FF_GRAIN_HOUR && whole_days(plan))
			plan->source = FF_SOURCE_DAY;
		else if (whole_hours(plan))
			plan->source = FF_SOURCE_HOUR;
		plan->items = plan->dim == FF_DIM_ITEM && plan->source != FF_SOURCE_RAW;
	}
	FF_TRY(check_items(plan, fault));
	plan_sketches(plan);
	return plan->source == FF_SOURCE_RAW ? check_raw(db, arena, plan, fault) : FF_OK;
}
