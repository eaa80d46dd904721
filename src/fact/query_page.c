/* query_page.c - the rows that a plan shows. Visitors of rows by one dimension are united here from the rollups' sketches: of
 * the rows shown, or of those that may be first by visitors. */
#include "fact/query_plan.h"
#include "fact/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows whose sketches are in memory together. */
#define AT_ONCE 200

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
show_all(struct ff_arena *arena, struct ff_page *page)
{
	page->at = FF_NEW_N(arena, (size_t)page->rows.n + 1, int);
	for (page->n = 0; page->n < page->rows.n; page->n++)
		page->at[page->n] = page->n;
}

/* ---- visitors ---- */

/* A row whose visitors are asked for, to be found by key and bucket. */
struct united {
	int64_t           key, bucket;
	struct ff_sketch *sketch;
	int               row;
};

static int
by_key(const void *a, const void *b)
{
	const struct united *x = a, *y = b;

	return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->bucket > y->bucket) - (x->bucket < y->bucket);
}

/* Rows rows[0], ... of the page, ordered to be found. */
static struct united *
list_rows(struct ff_arena *arena, const struct ff_plan *plan, const struct ff_page *page, const int *rows, size_t n)
{
	struct united *v = FF_NEW_N(arena, n + 1, struct united);
	int            key = FF_COL_METRICS + (int)plan->query->n_metrics;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct united){ ff_row_i64(&page->rows, rows[i], key), ff_row_i64(&page->rows, rows[i], FF_COL_BUCKET),
			ff_sketch_new(arena), rows[i] };
	qsort(v, n, sizeof *v, by_key);
	return v;
}

static enum ff_err
fetch_sketches(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, const struct united *v, size_t n,
    struct ff_rows *out)
{
	struct ff_sql *sql = FF_NEW(arena, struct ff_sql);
	int64_t       *keys = FF_NEW_N(arena, n, int64_t);
	size_t         distinct = 0;

	for (size_t i = 0; i < n; i++)
		if (i == 0 || v[i].key != v[i - 1].key)
			keys[distinct++] = v[i].key;
	ff_sql_init(sql, arena, plan);
	ff_sql_sketches(sql, plan, keys, distinct);
	return ff_db_query_text(db, arena, sql->text.p, sql->args, sql->n, out);
}

static enum ff_err
unite_some(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_page *page, const int *rows, size_t n)
{
	struct united *v = list_rows(arena, plan, page, rows, n);
	struct ff_rows sketches;

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

/* Some at a time, for a sketch takes up to 30 kB while it is read. */
static enum ff_err
unite(struct ff_db *db, const struct ff_plan *plan, struct ff_page *page, const int *rows, size_t n)
{
	struct ff_arena work;
	enum ff_err     err = FF_OK;

	ff_arena_init(&work);
	for (size_t i = 0; i < n && err == FF_OK; i += AT_ONCE) {
		err = unite_some(db, &work, plan, page, rows + i, n - i < AT_ONCE ? n - i : AT_ONCE);
		ff_arena_reset(&work);
	}
	ff_arena_free(&work);
	return err;
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

/* The page, of rows rows[0], ... whose visitors are known. */
static void
rank(struct ff_arena *arena, const struct ff_query *q, struct ff_page *page, const int *rows, size_t n)
{
	struct ranked *v = FF_NEW_N(arena, n + 1, struct ranked);

	for (size_t i = 0; i < n; i++)
		v[i] = (struct ranked){ page->visitors[rows[i]], rows[i] };
	qsort(v, n, sizeof *v, by_visitors);
	page->n = 0;
	for (size_t i = (size_t)q->offset; i < n && page->n < q->limit; i++)
		page->at[page->n++] = v[i].row;
}

/* The page is right if even a row whose events were all of different visitors would stay behind the last one shown. A sketch
 * may say more than it holds; four standard errors are enough. last: the row with the fewest events that is known. */
static bool
is_right(const struct ff_query *q, const struct ff_page *page, int last)
{
	double bound;

	if (ff_row_null(&page->rows, last, FF_COL_NEXT))
		return true; /* there are no more */
	if (page->n < q->limit)
		return false;
	bound = ff_row_double(&page->rows, last, FF_COL_NEXT);
	return (double)page->visitors[page->at[page->n - 1]] > bound * (bound > FF_EXACT_VISITORS ? 1 + 4 * FF_SKETCH_ERROR : 1);
}

/* Those with most events first. */
static int *
by_place(struct ff_arena *arena, const struct ff_rows *rows)
{
	int *order = FF_NEW_N(arena, (size_t)rows->n + 1, int);

	for (int i = 0; i < rows->n; i++)
		order[ff_row_i64(rows, i, FF_COL_PLACE) - 1] = i;
	return order;
}

/* Unites sketches of as many candidates as it takes. false in *right: of all, and others may be before them. */
static enum ff_err
choose(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_page *page, bool *right)
{
	const struct ff_query *q = plan->query;
	size_t                 all = (size_t)page->rows.n, known = 0, next = (size_t)(4 * (q->limit + q->offset) + 50);
	int                   *order = by_place(arena, &page->rows);

	page->visitors = FF_NEW_N(arena, all + 1, int64_t);
	*right = all == 0;
	while (!*right && known < all) {
		size_t n = all - known < next ? all - known : next;

		FF_TRY(unite(db, plan, page, order + known, n));
		known += n;
		next = AT_ONCE;
		rank(arena, q, page, order, known);
		*right = is_right(q, page, order[known - 1]);
	}
	return FF_OK;
}

static enum ff_err
guess(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_page *out)
{
	bool right = false;

	for (; !right; plan->candidates *= GUESS_MORE) {
		*out = (struct ff_page){ 0 };
		FF_TRY(run_sql(db, arena, plan, &out->rows));
		out->at = FF_NEW_N(arena, (size_t)out->rows.n + 1, int);
		FF_TRY(choose(db, arena, plan, out, &right));
	}
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
	show_all(arena, out);
	if (plan->sketches != FF_SKETCHES_SHOWN)
		return FF_OK;
	out->visitors = FF_NEW_N(arena, (size_t)out->n + 1, int64_t);
	return unite(db, plan, out, out->at, (size_t)out->n);
}

double
ff_page_metric(const struct ff_page *page, const struct ff_plan *plan, int row, size_t metric)
{
	int column = FF_COL_METRICS + (int)metric;

	if (page->visitors != NULL && ff_metric_is_later(plan, plan->query->metrics[metric]))
		return ff_metric_of_visitors(plan, plan->query->metrics[metric], page->visitors[row]);
	return ff_row_null(&page->rows, row, column) ? (double)NAN : ff_row_double(&page->rows, row, column);
}
