/* query_page.c - the rows that a plan shows. Visitors of rows by one dimension are united here from the rollups' sketches: of
 * the rows shown, or of those that may be first by visitors. */
#include "fact/query_plan.h"
#include "fact/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many more rows are looked at when too few were. */
#define GUESS_MORE 8

static enum ff_err
run_sql(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_rows *rows)
{
	struct ff_sql *sql = FF_NEW(arena, struct ff_sql);

	ff_sql_init(sql, arena, plan);
	ff_sql_compose(sql, plan);
	return ff_db_query_text(db, arena, sql->text.p, sql->args, sql->n, rows);
}

static void
show(struct ff_arena *arena, struct ff_page *page, int from, int n)
{
	page->at = FF_NEW_N(arena, (size_t)page->rows.n + 1, int);
	for (int i = from; i < page->rows.n && page->n < n; i++)
		page->at[page->n++] = i;
}

/* ---- visitors ---- */

/* A row's place and its sketch, to be found by bucket and key. */
struct united {
	int64_t           bucket, key;
	struct ff_sketch *sketch;
	int               row;
};

static int
by_key(const void *a, const void *b)
{
	const struct united *x = a, *y = b;

	return x->bucket != y->bucket ? (x->bucket > y->bucket) - (x->bucket < y->bucket)
				      : (x->key > y->key) - (x->key < y->key);
}

static struct united *
list_rows(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_rows *rows)
{
	struct united *v = FF_NEW_N(arena, (size_t)rows->n + 1, struct united);
	int            key = FF_COL_METRICS + (int)plan->query->n_metrics;

	for (int i = 0; i < rows->n; i++)
		v[i] = (struct united){ ff_row_i64(rows, i, FF_COL_BUCKET), ff_row_i64(rows, i, key), ff_sketch_new(arena), i };
	qsort(v, (size_t)rows->n, sizeof *v, by_key);
	return v;
}

static enum ff_err
fetch_sketches(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, const struct united *v, size_t n,
    struct ff_rows *out)
{
	struct ff_sql *sql = FF_NEW(arena, struct ff_sql);
	int64_t       *keys = FF_NEW_N(arena, n, int64_t);

	for (size_t i = 0; i < n; i++)
		keys[i] = v[i].key;
	ff_sql_init(sql, arena, plan);
	ff_sql_sketches(sql, plan, keys, n);
	return ff_db_query_text(db, arena, sql->text.p, sql->args, sql->n, out);
}

static enum ff_err
unite(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_page *page)
{
	size_t         n = (size_t)page->rows.n;
	struct united *v = list_rows(arena, plan, &page->rows);
	struct ff_rows sketches = { 0 };

	page->visitors = FF_NEW_N(arena, n + 1, int64_t);
	if (n > 0)
		FF_TRY(fetch_sketches(db, arena, plan, v, n, &sketches));
	for (int i = 0; i < sketches.n; i++) {
		struct united  wanted = { .bucket = ff_row_i64(&sketches, i, 0), .key = ff_row_i64(&sketches, i, 1) };
		struct united *found = bsearch(&wanted, v, n, sizeof *v, by_key);

		if (found != NULL)
			FF_TRY(ff_sketch_unite(found->sketch, ff_row_str(&sketches, i, 2)));
	}
	for (size_t i = 0; i < n; i++)
		page->visitors[v[i].row] = (int64_t)round(ff_sketch_count(v[i].sketch));
	return FF_OK;
}

/* ---- the order by visitors ---- */

struct ranked {
	int64_t visitors;
	int     row;
};

/* Rows of as many visitors stay in the database's order. */
static int
by_visitors(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return x->visitors != y->visitors ? (x->visitors < y->visitors) - (x->visitors > y->visitors) : x->row - y->row;
}

static void
rank(struct ff_arena *arena, const struct ff_query *q, struct ff_page *page)
{
	struct ranked *v = FF_NEW_N(arena, (size_t)page->rows.n + 1, struct ranked);

	for (int i = 0; i < page->rows.n; i++)
		v[i] = (struct ranked){ page->visitors[i], i };
	qsort(v, (size_t)page->rows.n, sizeof *v, by_visitors);
	show(arena, page, (int)q->offset, (int)q->limit);
	for (int i = 0; i < page->n; i++)
		page->at[i] = v[page->at[i]].row;
}

/* The guess holds if even a row whose events were all of different visitors would stay behind the last one shown. A
 * sketch may say more than it holds; four standard errors are enough. */
static bool
guessed_right(const struct ff_query *q, const struct ff_page *page)
{
	double bound;

	if (page->rows.n == 0 || ff_row_null(&page->rows, 0, FF_COL_BOUND))
		return true; /* all rows are here */
	if (page->n < q->limit)
		return false;
	bound = ff_row_double(&page->rows, 0, FF_COL_BOUND);
	return (double)page->visitors[page->at[page->n - 1]] > bound * (bound > FF_EXACT_VISITORS ? 1 + 4 * FF_SKETCH_ERROR : 1);
}

static enum ff_err
guess(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_page *out)
{
	do {
		*out = (struct ff_page){ 0 };
		FF_TRY(run_sql(db, arena, plan, &out->rows));
		FF_TRY(unite(db, arena, plan, out));
		rank(arena, plan->query, out);
		plan->candidates *= GUESS_MORE;
	} while (!guessed_right(plan->query, out));
	return FF_OK;
}

enum ff_err
ff_page_fetch(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_page *out)
{
	struct ff_plan guessing = *plan;

	if (plan->sketches == FF_SKETCHES_GUESS)
		return guess(db, arena, &guessing, out);
	*out = (struct ff_page){ 0 };
	FF_TRY(run_sql(db, arena, plan, &out->rows));
	show(arena, out, 0, out->rows.n);
	return plan->sketches == FF_SKETCHES_SHOWN ? unite(db, arena, plan, out) : FF_OK;
}

double
ff_page_metric(const struct ff_page *page, const struct ff_plan *plan, int row, size_t metric)
{
	int column = FF_COL_METRICS + (int)metric;

	if (page->visitors != NULL && ff_metric_is_later(plan, plan->query->metrics[metric]))
		return ff_metric_of_visitors(plan, plan->query->metrics[metric], page->visitors[row]);
	return ff_row_null(&page->rows, row, column) ? (double)NAN : ff_row_double(&page->rows, row, column);
}
