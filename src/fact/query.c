#include "base/day.h"
#include "fact/query_plan.h"

#include <math.h>
#include <string.h>

/* Sketches of log2m 14 hold each visitor up to here; behind it their standard error is 1.04 / sqrt(2^14). */
#define EXACT_VISITORS 1000
#define SKETCH_ERROR   0.0081

enum { COL_BUCKET, COL_VALUE, COL_LABEL, COL_KIND, COL_TITLE, COL_TOTAL, COL_BOUND, COL_METRICS };

static void
read_time(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_bucket *b, struct ff_result_row *out)
{
	if (plan->query->grain == FF_GRAIN_NONE)
		return;
	out->labels[plan->time_at] = ff_str_dup(arena, ff_str_from(b->label));
	out->time_us = b->key_us;
}

static void
read_row(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_rows *rows, int row,
    struct ff_result_row *out)
{
	size_t bucket = (size_t)ff_row_i64(rows, row, COL_BUCKET) - 1;

	if (bucket >= plan->buckets.n)
		ff_panic("a query answered with a bucket outside its range");
	read_time(arena, plan, &plan->buckets.v[bucket], out);
	if (plan->query->dim != FF_DIM_TOTAL) {
		out->values[plan->dim_at] = ff_row_i64(rows, row, COL_VALUE);
		out->labels[plan->dim_at] = ff_row_str(rows, row, COL_LABEL);
	}
	out->kind = ff_row_str(rows, row, COL_KIND);
	out->title = ff_row_str(rows, row, COL_TITLE);
	for (size_t i = 0; i < plan->query->n_metrics; i++)
		out->metrics[i] = ff_row_null(rows, row, COL_METRICS + (int)i)
		    ? (double)NAN
		    : ff_row_double(rows, row, COL_METRICS + (int)i);
}

static void
empty_row(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_bucket *b, struct ff_result_row *out)
{
	read_time(arena, plan, b, out);
	for (size_t i = 0; i < plan->query->n_metrics; i++) {
		enum ff_metric m = plan->query->metrics[i];
		bool           rate = m == FF_METRIC_BOUNCE_RATE || m == FF_METRIC_VISIT_DURATION ||
			    m == FF_METRIC_VIEWS_PER_VISIT;

		out->metrics[i] = rate ? (double)NAN : 0;
	}
}

/* A row for each bucket, in order of time; those that are not in the answer are empty. */
static void
fill(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_rows *rows, struct ff_result *out)
{
	out->n = plan->buckets.n;
	out->rows = FF_NEW_N(arena, out->n, struct ff_result_row);
	for (size_t i = 0; i < out->n; i++)
		empty_row(arena, plan, &plan->buckets.v[i], &out->rows[i]);
	for (int r = 0; r < rows->n; r++)
		read_row(arena, plan, rows, r, &out->rows[ff_row_i64(rows, r, COL_BUCKET) - 1]);
}

static double
visitors_error(const struct ff_plan *plan, const struct ff_result *result)
{
	if (plan->source == FF_SOURCE_RAW)
		return 0;
	for (size_t m = 0; m < plan->query->n_metrics; m++)
		for (size_t i = 0; plan->query->metrics[m] == FF_METRIC_VISITORS && i < result->n; i++)
			if (result->rows[i].metrics[m] > EXACT_VISITORS)
				return SKETCH_ERROR;
	return 0;
}

static enum ff_err
run_plan(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_rows *rows)
{
	struct ff_sql *sql = FF_NEW(arena, struct ff_sql);

	ff_sql_init(sql, arena);
	ff_sql_compose(sql, plan);
	return ff_db_query_text(db, arena, sql->text.p, sql->args, sql->n, rows);
}

static int
visitors_column(const struct ff_simple *q)
{
	int column = COL_METRICS;

	while (q->metrics[column - COL_METRICS] != FF_METRIC_VISITORS)
		column++;
	return column;
}

/* The guess holds if even a row whose events were all of different visitors would stay behind the last one shown. A
 * sketch may say more than it holds; four standard errors are enough. */
static bool
guessed_right(const struct ff_plan *plan, const struct ff_rows *rows)
{
	double bound, last;

	if (rows->n < plan->query->limit && rows->n > 0)
		return ff_row_i64(rows, 0, COL_TOTAL) <= plan->candidates;
	if (rows->n == 0)
		return false; /* no total to tell why */
	if (ff_row_null(rows, 0, COL_BOUND))
		return true;
	bound = ff_row_double(rows, 0, COL_BOUND);
	last = ff_row_double(rows, rows->n - 1, visitors_column(plan->query));
	return last > bound * (bound > EXACT_VISITORS ? 1 + 4 * SKETCH_ERROR : 1);
}

static enum ff_err
run(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_rows *rows)
{
	struct ff_plan whole = *plan;

	FF_TRY(run_plan(db, arena, plan, rows));
	if (plan->sketches != FF_SKETCHES_GUESS || guessed_right(plan, rows))
		return FF_OK;
	whole.sketches = FF_SKETCHES_ALL;
	return run_plan(db, arena, &whole, rows);
}

/* A page behind the last row shows no total: the first row knows it. */
static enum ff_err
count_rows(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, const struct ff_rows *rows,
    int64_t *total)
{
	struct ff_simple first = *plan->query;
	struct ff_plan  again = *plan;
	struct ff_rows  one;

	if (rows->n > 0 || plan->query->offset == 0) {
		*total = rows->n > 0 ? ff_row_i64(rows, 0, COL_TOTAL) : 0;
		return FF_OK;
	}
	first.limit = 1;
	first.offset = 0;
	again.query = &first;
	FF_TRY(run(db, arena, &again, &one));
	*total = one.n > 0 ? ff_row_i64(&one, 0, COL_TOTAL) : 0;
	return FF_OK;
}

static enum ff_err
age(struct ff_db *db, struct ff_arena *arena, int64_t *as_of_us)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_FIGURES_AGE, NULL, 0, &rows));
	*as_of_us = rows.n > 0 && !ff_row_null(&rows, 0, 0) ? ff_row_us(&rows, 0, 0) : 0;
	return FF_OK;
}

static enum ff_err
not_yet(struct ff_fault *fault)
{
	return ff_fault_set(fault, FF_INVALID, "", "This combination of dimensions, metrics, filters and order is not answered");
}

static enum ff_err
simple_filters(struct ff_arena *arena, const struct ff_query *q, struct ff_simple *out, struct ff_fault *fault)
{
	out->n_filters = q->n_filters;
	out->filters = FF_NEW_N(arena, q->n_filters + 1, struct ff_simple_filter);
	for (size_t i = 0; i < q->n_filters; i++) {
		const struct ff_filter *f = &q->filters[i];

		if ((f->op != FF_IS && f->op != FF_IS_NOT) || f->dim.dim == FF_DIM_TOTAL || f->case_insensitive)
			return not_yet(fault);
		out->filters[i] = (struct ff_simple_filter){ f->dim.dim, f->op == FF_IS_NOT, f->values, f->n };
	}
	return FF_OK;
}

static bool
simple_order(const struct ff_query *q, struct ff_simple *out, const struct ff_plan *plan)
{
	const struct ff_order *o = q->orders;

	out->order_metric = -1;
	if (q->n_orders == 0)
		return true;
	if (out->grain != FF_GRAIN_NONE && q->n_orders == 2 && o[0].by_dim && o[0].index == plan->time_at &&
	    o[0].ascending && !o[1].by_dim && o[1].index == 0 && !o[1].ascending)
		return true;
	if (q->n_orders > 1 && (!o[0].by_dim || q->n_dims > 1))
		return false;
	out->ascending = o[0].ascending;
	out->order_by_dim = o[0].by_dim;
	out->order_metric = o[0].by_dim ? -1 : (int)o[0].index;
	return !(o[0].by_dim && q->n_dims == 2 && o[0].index == plan->time_at);
}

static bool
simple_dims(const struct ff_query *q, struct ff_simple *out, struct ff_plan *plan)
{
	for (size_t i = 0; i < q->n_dims; i++) {
		if (q->dims[i].grain != FF_GRAIN_NONE && out->grain == FF_GRAIN_NONE) {
			out->grain = q->dims[i].grain;
			plan->time_at = i;
		} else if (q->dims[i].dim != FF_DIM_TOTAL && q->dims[i].dim <= FF_DIM_AUTH && out->dim == FF_DIM_TOTAL) {
			out->dim = q->dims[i].dim;
			plan->dim_at = i;
		} else {
			return false;
		}
	}
	return true;
}

static enum ff_err
simplify(struct ff_arena *arena, const struct ff_query *q, struct ff_simple *out, struct ff_plan *plan,
    struct ff_fault *fault)
{
	*out = (struct ff_simple){ .site = q->site, .n_metrics = q->n_metrics, .range = q->range, .limit = q->limit,
		.offset = q->offset, .total_rows = q->total_rows, .fill = q->fill };
	for (size_t i = 0; i < q->n_metrics && i < FF_QUERY_METRICS_MAX; i++) {
		out->metrics[i] = q->metrics[i];
		if (q->metrics[i] > FF_METRIC_FOLLOWS)
			return not_yet(fault);
	}
	if (!simple_dims(q, out, plan) || !simple_order(q, out, plan))
		return not_yet(fault);
	return simple_filters(arena, q, out, fault);
}

enum ff_err
ff_query_run(struct ff_db *db, struct ff_arena *arena, const struct ff_query *query, struct ff_result *out,
    struct ff_fault *fault)
{
	static const char *const sources[] = { "day", "hour", "raw" };
	struct ff_simple         simple;
	struct ff_plan           plan = { 0 }, at = { 0 };
	struct ff_rows           rows;

	*out = (struct ff_result){ .total_rows = -1, .visitors_scope = "day" };
	FF_TRY(simplify(arena, query, &simple, &at, fault));
	FF_TRY(age(db, arena, &out->as_of_us)); /* before the figures: they may be newer, never older */
	FF_TRY(ff_plan_make(db, arena, query, &simple, &plan, fault));
	plan.time_at = at.time_at;
	plan.dim_at = at.dim_at;
	FF_TRY(run(db, arena, &plan, &rows));
	if (query->total_rows)
		FF_TRY(count_rows(db, arena, &plan, &rows, &out->total_rows));
	if (query->fill && simple.grain != FF_GRAIN_NONE && simple.dim == FF_DIM_TOTAL) {
		fill(arena, &plan, &rows, out);
	} else {
		out->n = (size_t)rows.n;
		out->rows = FF_NEW_N(arena, out->n + 1, struct ff_result_row);
		for (int r = 0; r < rows.n; r++)
			read_row(arena, &plan, &rows, r, &out->rows[r]);
	}
	out->visitors_error = visitors_error(&plan, out);
	out->source = sources[plan.source];
	return FF_OK;
}

enum ff_err
ff_query_first_day(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int32_t today, int32_t *day)
{
	struct ff_arg  arg = ff_arg_i64(arena, site->site_id);
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SITE_BEGIN, &arg, 1, &rows));
	*day = rows.n > 0 && ff_row_day(&rows, 0, 0) < today ? ff_row_day(&rows, 0, 0) : today;
	return FF_OK;
}
