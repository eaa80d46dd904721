#include "base/day.h"
#include "fact/query_plan.h"

#include <math.h>
#include <string.h>

enum { KEY_VALUE, KEY_LABEL, KEY_KIND, KEY_TITLE, KEY_COLUMNS };

/* ---- rows ---- */

static void
read_time(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_bucket *b, struct ff_result_row *out)
{
	if (plan->grain == FF_GRAIN_NONE)
		return;
	out->labels[plan->time_at] = ff_str_dup(arena, ff_str_from(b->label));
	out->time_us = b->key_us;
}

static void
read_key(const struct ff_plan *plan, const struct ff_rows *rows, int row, size_t i, struct ff_result_row *out)
{
	int                  first = FF_COL_METRICS + (int)plan->query->n_metrics + (int)i * KEY_COLUMNS;
	const struct ff_key *key = &plan->keys[i];

	out->values[key->at] = ff_row_i64(rows, row, first + KEY_VALUE);
	if (key->dim.goal)
		out->values[key->at] = plan->query->goals[out->values[key->at]].goal_id;
	out->labels[key->at] = ff_row_str(rows, row, first + KEY_LABEL);
	if (key->dim.dim != FF_DIM_ITEM)
		return;
	out->kind = ff_row_str(rows, row, first + KEY_KIND);
	out->title = ff_row_str(rows, row, first + KEY_TITLE);
}

static void
read_row(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_page *page, int row,
    struct ff_result_row *out)
{
	size_t bucket = (size_t)ff_row_i64(&page->rows, row, FF_COL_BUCKET) - 1;

	if (bucket >= plan->buckets.n)
		ff_panic("a query answered with a bucket outside its range");
	read_time(arena, plan, &plan->buckets.v[bucket], out);
	for (size_t i = 0; i < plan->n_keys; i++)
		read_key(plan, &page->rows, row, i, out);
	for (size_t i = 0; i < plan->query->n_metrics; i++)
		out->metrics[i] = ff_page_metric(page, plan, row, i);
}

/* What has no events has no visits either: counts are 0, quotients nothing. */
static void
empty_row(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_bucket *b, struct ff_result_row *out)
{
	read_time(arena, plan, b, out);
	for (size_t i = 0; i < plan->query->n_metrics; i++)
		out->metrics[i] = ff_metric_is_sum(plan->query->metrics[i]) ? 0 : (double)NAN;
}

/* A row for each bucket, in order of time; those that are not in the answer are empty. */
static void
fill(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_page *page, struct ff_result *out)
{
	out->n = plan->buckets.n;
	out->rows = FF_NEW_N(arena, out->n, struct ff_result_row);
	for (size_t i = 0; i < out->n; i++)
		empty_row(arena, plan, &plan->buckets.v[i], &out->rows[i]);
	for (int i = 0; i < page->n; i++)
		read_row(arena, plan, page, page->at[i], &out->rows[ff_row_i64(&page->rows, page->at[i], FF_COL_BUCKET) - 1]);
}

static void
read_rows(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_page *page, struct ff_result *out)
{
	if (plan->query->fill && plan->grain != FF_GRAIN_NONE && plan->n_keys == 0) {
		fill(arena, plan, page, out);
		return;
	}
	out->n = (size_t)page->n;
	out->rows = FF_NEW_N(arena, out->n + 1, struct ff_result_row);
	for (int i = 0; i < page->n; i++)
		read_row(arena, plan, page, page->at[i], &out->rows[i]);
}

/* Shares are of visitors that may be estimated where the rows' own are not. */
static bool
whole_estimated(const struct ff_plan *plan)
{
	const struct ff_query *q = plan->query;

	return (ff_query_asks(q, FF_METRIC_PERCENTAGE) && plan->all_visitors > FF_EXACT_VISITORS) ||
	       (ff_query_asks(q, FF_METRIC_CONVERSION_RATE) && plan->base_visitors > FF_EXACT_VISITORS) ||
	       (ff_query_asks(q, FF_METRIC_GROUP_CONVERSION_RATE) && plan->basis != NULL && ff_plan_sketched(plan->basis));
}

static double
visitors_error(const struct ff_plan *plan, const struct ff_result *result)
{
	if (whole_estimated(plan))
		return FF_SKETCH_ERROR;
	if (!ff_plan_sketched(plan))
		return 0;
	for (size_t m = 0; m < plan->query->n_metrics; m++)
		for (size_t i = 0; plan->query->metrics[m] == FF_METRIC_VISITORS && i < result->n; i++)
			if (result->rows[i].metrics[m] > FF_EXACT_VISITORS)
				return FF_SKETCH_ERROR;
	return 0;
}

static const char *
source_of(struct ff_arena *arena, const struct ff_plan *plan)
{
	static const char *const names[] = { "month", "week", "day", "hour", "raw" };
	struct ff_str            text = FF_STR("");

	for (int t = FF_TABLE_MONTH; t <= FF_TABLE_RAW; t++)
		for (size_t i = 0; i < plan->n_pieces; i++) {
			if (plan->pieces[i].table != (enum ff_table)t)
				continue;
			text = ff_str_printf(arena, "%.*s%s%s", FF_STR_ARG(text), text.len > 0 ? "+" : "", names[t]);
			break;
		}
	return ff_str_z(arena, text);
}

/* ---- running ---- */

/* What the database was told to stop was asked too much of. */
static enum ff_err
judge(struct ff_db *db, enum ff_err err, struct ff_fault *fault)
{
	if (err == FF_DATABASE && strcmp(ff_db_sqlstate(db), "57014") == 0)
		return ff_fault_set(fault, FF_INVALID, "",
		    "The answer took too long: ask for a shorter date_range, fewer dimensions or fewer filters");
	return err;
}

/* A page behind the last row shows no total: the first row knows it. */
static enum ff_err
count_rows(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, const struct ff_page *page,
    int64_t *total)
{
	struct ff_query first = *plan->query;
	struct ff_plan  again = *plan;
	struct ff_page  one;

	if (page->rows.n > 0 || plan->query->offset == 0) {
		*total = page->rows.n > 0 ? ff_row_i64(&page->rows, 0, FF_COL_TOTAL) : 0;
		return FF_OK;
	}
	first.limit = 1;
	first.offset = 0;
	again.query = &first;
	FF_TRY(ff_page_fetch(db, arena, &again, &one));
	*total = one.rows.n > 0 ? ff_row_i64(&one.rows, 0, FF_COL_TOTAL) : 0;
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

/* ---- what shares are of ---- */

static enum ff_err
visitors_of(struct ff_db *db, struct ff_arena *arena, struct ff_query *q, double *out, struct ff_fault *fault)
{
	struct ff_plan plan;
	struct ff_page page;

	q->metrics[0] = FF_METRIC_VISITORS;
	q->n_metrics = 1;
	q->n_dims = q->n_orders = 0;
	q->limit = q->offset = 0;
	FF_TRY(ff_plan_make(db, arena, q, &plan, fault));
	FF_TRY(ff_page_fetch(db, arena, &plan, &page));
	*out = page.n > 0 ? ff_page_metric(&page, &plan, page.at[0], 0) : 0;
	return FF_OK;
}

static enum ff_err
shares(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_fault *fault)
{
	struct ff_query q = *plan->query;

	if (ff_query_asks(plan->query, FF_METRIC_PERCENTAGE))
		FF_TRY(visitors_of(db, arena, &q, &plan->all_visitors, fault));
	if (!ff_query_asks(plan->query, FF_METRIC_CONVERSION_RATE))
		return FF_OK;
	ff_query_without_goals(arena, plan->query, &q);
	return visitors_of(db, arena, &q, &plan->base_visitors, fault);
}

static enum ff_err
answer(struct ff_db *db, struct ff_arena *arena, const struct ff_query *query, struct ff_result *out,
    struct ff_fault *fault)
{
	struct ff_plan *plan = FF_NEW(arena, struct ff_plan);
	struct ff_page  page;

	FF_TRY(ff_plan_make(db, arena, query, plan, fault));
	FF_TRY(shares(db, arena, plan, fault));
	FF_TRY(ff_page_fetch(db, arena, plan, &page));
	if (query->total_rows)
		FF_TRY(count_rows(db, arena, plan, &page, &out->total_rows));
	read_rows(arena, plan, &page, out);
	out->visitors_error = visitors_error(plan, out);
	out->currency = plan->currency;
	out->source = source_of(arena, plan);
	return FF_OK;
}

enum ff_err
ff_query_run(struct ff_db *db, struct ff_arena *arena, const struct ff_query *query, struct ff_result *out,
    struct ff_fault *fault)
{
	*out = (struct ff_result){ .total_rows = -1, .visitors_scope = "day", .source = "" };
	ff_db_clear_error(db);
	FF_TRY(age(db, arena, &out->as_of_us)); /* before the figures: they may be newer, never older */
	return judge(db, answer(db, arena, query, out, fault), fault);
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
