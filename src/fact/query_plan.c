/* query_plan.c - which tables answer a question: the rollups of one dimension, the figures of items, or single rows. */
#include "fact/query_plan.h"

bool
ff_plan_sketched(const struct ff_plan *plan)
{
	return plan->family != FF_FAMILY_RAW;
}

static void
plan_keys(struct ff_plan *plan)
{
	const struct ff_query *q = plan->query;

	for (size_t i = 0; i < q->n_dims; i++) {
		const struct ff_asked_dim *dim = &q->dims[i];

		if (dim->grain != FF_GRAIN_NONE) {
			plan->grain = dim->grain;
			plan->time_at = i;
			continue;
		}
		plan->keys[plan->n_keys++] = (struct ff_key){ *dim, i };
		plan->by_events = plan->by_events || !ff_asked_dim_per_visit(dim);
	}
}

/* ---- what the rollups of one dimension answer ---- */

static bool
same_dim(const struct ff_cond *cond, void *arg)
{
	enum ff_dim *dim = arg;

	if (cond->dim.prop.len > 0 || cond->dim.goal)
		return false;
	if (*dim == FF_DIM_TOTAL)
		*dim = cond->dim.dim;
	return *dim == cond->dim.dim;
}

static bool
asks_done(const struct ff_cond *conds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (conds[i].op == FF_HAS_DONE || asks_done(conds[i].kids, conds[i].n_kids))
			return true;
	return false;
}

bool
ff_plan_asks_done(const struct ff_plan *plan)
{
	return asks_done(plan->conds, plan->n_conds);
}

static ff_parts
rollup_parts(const struct ff_plan *plan, enum ff_dim dim)
{
	if (dim == FF_DIM_EXIT_PAGE || dim == FF_DIM_EXIT_HOST)
		return FF_PARTS_VISIT;
	if (dim == FF_DIM_TOTAL || dim == FF_DIM_AUTH)
		return FF_PARTS_EVENT | FF_PARTS_VISIT | FF_PARTS_ITEM;
	return plan->by_events || !ff_dim_per_visit(dim) ? FF_PARTS_EVENT : FF_PARTS_EVENT | FF_PARTS_VISIT;
}

/* Goals that are events stand in the rows of event:name, as long as nothing else is asked by or filtered by. */
static bool
goals_answer(struct ff_plan *plan)
{
	if (plan->n_keys > 1 || (plan->n_keys == 1 && !plan->keys[0].dim.goal) || (plan->parts & ~FF_PARTS_EVENT) != 0)
		return false;
	for (size_t i = 0; i < plan->n_conds; i++)
		if (!plan->conds[i].dim.goal)
			return false;
	for (size_t g = 0; g < plan->n_aims; g++)
		if (plan->aims[g].goal != NULL && plan->aims[g].goal->kind != FF_GOAL_EVENT)
			return false;
	plan->dim = FF_DIM_NAME;
	return true;
}

static bool
rollups_answer(struct ff_plan *plan)
{
	enum ff_dim dim = FF_DIM_TOTAL;

	if (plan->by_goal)
		return goals_answer(plan);
	if (plan->n_keys > 1 || asks_done(plan->conds, plan->n_conds))
		return false;
	if (plan->n_keys == 1) {
		dim = plan->keys[0].dim.dim;
		if (dim == FF_DIM_TOTAL)
			return false; /* a property */
	}
	if (!ff_conds_each(plan->conds, plan->n_conds, same_dim, &dim) || (dim != FF_DIM_TOTAL && !ff_dim_rolled(dim)))
		return false;
	if ((plan->parts & ~rollup_parts(plan, dim)) != 0)
		return false;
	if (plan->n_keys == 0 && plan->n_conds > 0 && ff_dim_may_lack(dim) &&
	    ff_conds_lack(plan->conds, plan->n_conds, false))
		return false; /* what has no value is meant too, and has no row */
	plan->dim = dim;
	plan->item_sums = (plan->parts & FF_PARTS_ITEM) != 0;
	return true;
}

/* Of some dimensions rows begin with a day of the site's: before it single rows answer. */
static enum ff_err
check_rolled(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan)
{
	struct ff_arg  site = ff_arg_i64(arena, plan->query->site->site_id);
	struct ff_rows rows;

	if (plan->family != FF_FAMILY_ROLLUP || plan->dim <= FF_DIM_AUTH)
		return FF_OK;
	FF_TRY(ff_db_query(db, arena, FF_STMT_SITE_ROLLED, &site, 1, &rows));
	if (rows.n == 0 || ff_row_null(&rows, 0, 0) || ff_zone_day(plan->zone, plan->from_us) >= ff_row_day(&rows, 0, 0))
		return FF_OK;
	plan->family = FF_FAMILY_RAW;
	plan->rolled_since = ff_row_day(&rows, 0, 0);
	return FF_OK;
}

/* ---- what the figures of items answer ---- */

static bool
known_of_items(const struct ff_asked_dim *dim)
{
	return ff_dim_of_items(dim->dim) || dim->dim == FF_DIM_AUTH;
}

struct about {
	bool items, others;
};

static bool
look(const struct ff_cond *cond, void *arg)
{
	struct about *about = arg;

	about->items = about->items || ff_dim_of_items(cond->dim.dim);
	about->others = about->others || !known_of_items(&cond->dim);
	return true;
}

static bool
items_answer(const struct ff_plan *plan)
{
	struct about shown = { false, false }, meant = { false, false };

	for (size_t i = 0; i < plan->n_keys; i++) {
		shown.items = shown.items || ff_dim_of_items(plan->keys[i].dim.dim);
		shown.others = shown.others || !known_of_items(&plan->keys[i].dim);
	}
	ff_conds_each(plan->conds, plan->n_conds, look, &meant);
	if (shown.others || meant.others || !(shown.items || meant.items) || asks_done(plan->conds, plan->n_conds))
		return false;
	if ((plan->parts & ~(FF_PARTS_EVENT | FF_PARTS_ITEM)) != 0)
		return false;
	return shown.items || !(ff_conds_lack(plan->conds, plan->n_conds, false) ||
				  ff_conds_lack(plan->conds, plan->n_conds, true)); /* not of an item is no item's */
}

/* ---- parts ---- */

/* Rows that hold nothing are not shown: that must be seen of them. */
static void
add_alive_parts(struct ff_plan *plan)
{
	const ff_parts of_events = FF_PART(EVENTS) | FF_PART(ENGAGED);

	if (plan->family == FF_FAMILY_ROLLUP && !plan->by_events && !plan->by_goal)
		plan->parts |= FF_PART(VISITS);
	if (plan->family != FF_FAMILY_RAW ||
	    (plan->parts & ~(FF_PARTS_VISIT | FF_PARTS_ATTENDED | FF_PARTS_DEPTH)) != 0)
		plan->parts |= of_events;
}

/* ---- sketches ---- */

/* Beyond this many rows a page is most of the answer, and guessing pays no more. */
#define GUESS_MAX 500
/* Rows that are fetched to be first by visitors; sketches are united of as few of them as may be. */
#define CANDIDATES 1000

static bool
orders_by_visitors(const struct ff_query *q, const struct ff_order *o)
{
	return !o->by_dim && (ff_metric_parts(q->metrics[o->index]) & FF_PART(VISITORS)) != 0;
}

static void
plan_sketches(struct ff_plan *plan)
{
	const struct ff_query *q = plan->query;
	struct ff_order        first = { .by_dim = q->n_orders == 0 && plan->grain != FF_GRAIN_NONE };
	bool                   depends = q->n_orders == 0 && orders_by_visitors(q, &(struct ff_order){ .by_dim = false });

	if (!ff_plan_sketched(plan) || (plan->parts & FF_PART(VISITORS)) == 0 || plan->n_keys != 1 ||
	    plan->keys[0].dim.goal || ff_dim_is_text(plan->keys[0].dim.dim) || plan->basis != NULL)
		return;
	if (q->n_orders > 0)
		first = q->orders[0];
	for (size_t i = 0; i < q->n_orders; i++)
		depends = depends || orders_by_visitors(q, &q->orders[i]);
	if (!depends) {
		plan->sketches = FF_SKETCHES_SHOWN;
	} else if (!first.by_dim && !first.ascending && q->metrics[first.index] == FF_METRIC_VISITORS &&
	    plan->grain == FF_GRAIN_NONE && q->limit > 0 && q->limit + q->offset <= GUESS_MAX) {
		plan->sketches = FF_SKETCHES_GUESS;
		plan->candidates = CANDIDATES;
	}
}

/* ---- money ---- */

static bool
goal_counts(const struct ff_plan *plan, size_t g)
{
	if (!plan->by_goal || plan->aims[g].row)
		return true;
	for (size_t i = 0; i < plan->n_conds; i++)
		for (size_t k = 0; plan->conds[i].dim.goal && k < plan->conds[i].n_found; k++)
			if (plan->conds[i].ids[k] == (int64_t)g)
				return true;
	return false;
}

/* The one currency of the goals in question. */
static void
plan_currency(struct ff_plan *plan)
{
	for (size_t g = 0; g < plan->query->n_goals; g++) {
		struct ff_str currency = plan->query->goals[g].currency;

		if (currency.len == 0 || !goal_counts(plan, g) || ff_str_eq(plan->currency, currency))
			continue;
		if (plan->currency.len > 0) {
			plan->currency = FF_STR_NONE;
			return;
		}
		plan->currency = currency;
	}
}

/* ---- beside the rows ---- */

static enum ff_err
plan_basis(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_fault *fault)
{
	struct ff_query *q = FF_NEW(arena, struct ff_query);

	if (!ff_query_asks(plan->query, FF_METRIC_GROUP_CONVERSION_RATE))
		return FF_OK;
	ff_query_without_goals(arena, plan->query, q);
	q->metrics[0] = FF_METRIC_VISITORS;
	q->n_metrics = 1;
	plan->basis = FF_NEW(arena, struct ff_plan);
	return ff_plan_make(db, arena, q, plan->basis, fault);
}

static enum ff_err
plan_shown(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_fault *fault)
{
	struct ff_query *q = FF_NEW(arena, struct ff_query);

	if (!ff_query_asks(plan->query, FF_METRIC_EXIT_RATE))
		return FF_OK;
	*q = *plan->query;
	q->filters = FF_NEW_N(arena, q->n_filters + 1, struct ff_filter);
	q->n_filters = 0;
	for (size_t i = 0; i < plan->query->n_filters; i++)
		if (plan->query->filters[i].dim.dim != FF_DIM_EXIT_PAGE)
			q->filters[q->n_filters++] = plan->query->filters[i];
	for (size_t i = 0; i < q->n_dims; i++)
		if (q->dims[i].dim == FF_DIM_EXIT_PAGE)
			q->dims[i].dim = FF_DIM_PAGE;
	q->metrics[0] = FF_METRIC_PAGEVIEWS;
	q->n_metrics = 1;
	q->n_orders = 0;
	plan->shown = FF_NEW(arena, struct ff_plan);
	return ff_plan_make(db, arena, q, plan->shown, fault);
}

void
ff_query_without_goals(struct ff_arena *arena, const struct ff_query *query, struct ff_query *out)
{
	*out = *query;
	out->n_dims = out->n_filters = out->n_orders = 0;
	out->filters = FF_NEW_N(arena, query->n_filters + 1, struct ff_filter);
	for (size_t i = 0; i < query->n_filters; i++)
		if (!query->filters[i].dim.goal && query->filters[i].dim.prop.len == 0)
			out->filters[out->n_filters++] = query->filters[i];
	for (size_t i = 0; i < query->n_dims; i++)
		if (!query->dims[i].goal)
			out->dims[out->n_dims++] = query->dims[i];
}

enum ff_err
ff_plan_make(struct ff_db *db, struct ff_arena *arena, const struct ff_query *query, struct ff_plan *plan,
    struct ff_fault *fault)
{
	ff_parts    asked;
	enum ff_err err;

	*plan = (struct ff_plan){ .query = query };
	FF_TRY(ff_query_check(query, fault));
	FF_TRY(ff_zone_find(ff_str_z(arena, query->site->time_zone), &plan->zone));
	FF_TRY(ff_query_buckets(arena, query, &plan->buckets, fault));
	ff_range_instants(plan->zone, &query->range, &plan->from_us, &plan->to_us);
	plan_keys(plan);
	FF_TRY(ff_conds_make(db, arena, plan, fault));
	for (size_t i = 0; i < query->n_metrics; i++)
		plan->parts |= ff_metric_parts(query->metrics[i]);
	if (plan->grain != FF_GRAIN_MINUTE && items_answer(plan))
		plan->family = FF_FAMILY_ITEMS;
	else if (plan->grain != FF_GRAIN_MINUTE && rollups_answer(plan))
		plan->family = FF_FAMILY_ROLLUP;
	FF_TRY(check_rolled(db, arena, plan));
	asked = plan->parts;
	add_alive_parts(plan);
	plan_currency(plan);
	err = ff_pieces_cut(db, arena, plan, fault);
	if (err == FF_INVALID && plan->family == FF_FAMILY_RAW)
		err = ff_plan_by(db, arena, plan, asked, fault);
	FF_TRY(err);
	FF_TRY(plan_basis(db, arena, plan, fault));
	FF_TRY(plan_shown(db, arena, plan, fault));
	plan_sketches(plan);
	return FF_OK;
}
