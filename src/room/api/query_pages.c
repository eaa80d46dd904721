/* query_pages.c - bounce rate and duration of visits by page, as Plausible understands it: of the visits that began on
 * the page. What counts events and what counts visits are then two questions, and their rows are joined by the page. */
#include "base/table.h"
#include "room/api/query.h"

#include <math.h>
#include <stdlib.h>

static bool
by_page(const struct ff_query *q)
{
	for (size_t i = 0; i < q->n_dims; i++)
		if (q->dims[i].dim == FF_DIM_PAGE)
			return true;
	return false;
}

static size_t
count_of_visits(const struct ff_query *q)
{
	size_t n = 0;

	for (size_t i = 0; i < q->n_metrics; i++)
		n += ff_api_metric_of_visits(q->metrics[i]);
	return n;
}

static struct ff_filter *
rename_pages(struct ff_arena *arena, const struct ff_filter *from, size_t n)
{
	struct ff_filter *to = FF_NEW_N(arena, n + 1, struct ff_filter);

	for (size_t i = 0; i < n; i++) {
		to[i] = from[i];
		if (to[i].dim.dim == FF_DIM_PAGE)
			to[i].dim.dim = FF_DIM_ENTRY_PAGE;
		if (to[i].op != FF_HAS_DONE && to[i].op != FF_HAS_NOT_DONE)
			to[i].kids = rename_pages(arena, from[i].kids, from[i].n_kids);
	}
	return to;
}

static void
turn_to_entries(struct ff_arena *arena, struct ff_query *q)
{
	for (size_t i = 0; i < q->n_dims; i++)
		if (q->dims[i].dim == FF_DIM_PAGE)
			q->dims[i].dim = FF_DIM_ENTRY_PAGE;
	q->filters = rename_pages(arena, q->filters, q->n_filters);
}

/* The question's part about visits, or about the rest: all of its rows, for order is made behind the join. */
static struct ff_query
part_of(struct ff_arena *arena, const struct ff_query *q, bool of_visits)
{
	struct ff_query part = *q;

	part.n_metrics = 0;
	for (size_t i = 0; i < q->n_metrics; i++)
		if (ff_api_metric_of_visits(q->metrics[i]) == of_visits)
			part.metrics[part.n_metrics++] = q->metrics[i];
	if (of_visits)
		turn_to_entries(arena, &part);
	part.n_orders = 0;
	part.limit = FF_API_ROWS_MAX;
	part.offset = 0;
	part.fill = false;
	part.total_rows = q->total_rows && !of_visits;
	return part;
}

static void
join(struct ff_arena *arena, const struct ff_query *q, struct ff_result *into, const struct ff_result *visits)
{
	struct ff_table index;

	ff_table_init(&index);
	for (size_t i = 0; i < visits->n; i++)
		ff_table_put(&index, ff_api_row_key(arena, q, &visits->rows[i], NULL), (int64_t)i, NULL);
	for (size_t i = 0; i < into->n; i++) {
		struct ff_result_row row = into->rows[i];
		int64_t             *at = ff_table_find(&index, ff_api_row_key(arena, q, &row, NULL));
		size_t               a = 0, b = 0;

		for (size_t m = 0; m < q->n_metrics; m++)
			into->rows[i].metrics[m] = !ff_api_metric_of_visits(q->metrics[m]) ? row.metrics[a++]
			    : at == NULL ? (double)NAN : visits->rows[*at].metrics[b++];
	}
	ff_table_free(&index);
}

static const struct ff_query *sorted_by; /* qsort takes no context */

/* What is not known stands last, whichever way. */
static int
compare_numbers(double a, double b, bool ascending)
{
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return ascending ? (a > b) - (a < b) : (a < b) - (a > b);
}

static int
compare_texts(struct ff_str a, struct ff_str b, bool ascending)
{
	return ascending ? ff_str_cmp(a, b) : ff_str_cmp(b, a);
}

static int
compare_rows(const void *pa, const void *pb)
{
	const struct ff_result_row *a = pa, *b = pb;

	for (size_t i = 0; i < sorted_by->n_orders; i++) {
		const struct ff_order *o = &sorted_by->orders[i];
		int way = o->by_dim ? compare_texts(a->labels[o->index], b->labels[o->index], o->ascending)
				    : compare_numbers(a->metrics[o->index], b->metrics[o->index], o->ascending);

		if (way != 0)
			return way;
	}
	for (size_t i = 0; i < sorted_by->n_dims; i++) {
		int way = ff_str_cmp(a->labels[i], b->labels[i]);

		if (way != 0)
			return way;
	}
	return 0;
}

static void
take_page(const struct ff_query *q, struct ff_result *result)
{
	size_t from = (size_t)q->offset < result->n ? (size_t)q->offset : result->n;
	size_t limit = q->limit > 0 ? (size_t)q->limit : FF_API_ROWS_MAX;

	sorted_by = q;
	qsort(result->rows, result->n, sizeof *result->rows, compare_rows);
	result->rows += from;
	result->n = result->n - from < limit ? result->n - from : limit;
}

enum ff_err
ff_api_pages_run(struct ff_db *db, struct ff_arena *arena, const struct ff_query *q, struct ff_result *out,
    struct ff_fault *fault)
{
	size_t           n = by_page(q) ? count_of_visits(q) : 0;
	struct ff_query  rest, of_visits;
	struct ff_result visits;

	if (n == 0)
		return ff_query_run(db, arena, q, out, fault);
	if (n == q->n_metrics) {
		of_visits = *q;
		turn_to_entries(arena, &of_visits);
		return ff_query_run(db, arena, &of_visits, out, fault);
	}
	of_visits = part_of(arena, q, true);
	rest = part_of(arena, q, false);
	FF_TRY(ff_query_run(db, arena, &rest, out, fault));
	FF_TRY(ff_query_run(db, arena, &of_visits, &visits, fault));
	join(arena, q, out, &visits);
	take_page(q, out);
	return FF_OK;
}
