/* query_run.c - the engine is asked, for the period and for the one it is compared with, and rows find their partners. */
#include "base/table.h"
#include "room/api/query.h"
#include "store/db.h"

/* Which bucket of time a row stands in. */
static size_t
bucket_of(const struct ff_buckets *buckets, int64_t us)
{
	size_t low = 0, high = buckets->n;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (buckets->v[middle].start_us <= us)
			low = middle;
		else
			high = middle;
	}
	return low;
}

struct ff_str
ff_api_row_key(struct ff_arena *arena, const struct ff_query *q, const struct ff_result_row *row,
    const struct ff_buckets *buckets)
{
	struct ff_buf buf;
	struct ff_str key;

	ff_buf_init(&buf, FF_QUERY_DIMS_MAX * 8192);
	for (size_t i = 0; i < q->n_dims; i++) {
		if (q->dims[i].grain != FF_GRAIN_NONE && buckets != NULL)
			ff_buf_printf(&buf, "%zu", bucket_of(buckets, row->time_us));
		else
			ff_buf_str(&buf, row->labels[i]);
		ff_buf_char(&buf, '\0');
		ff_buf_str(&buf, row->kind);
		ff_buf_char(&buf, '\0');
	}
	key = ff_str_dup(arena, ff_buf_view(&buf));
	ff_buf_free(&buf);
	return key;
}

static struct ff_query
other_period(const struct ff_api_query *query)
{
	struct ff_query other = query->q;

	other.range = query->compare_range;
	other.total_rows = false;
	other.limit = FF_API_ROWS_MAX;
	other.offset = 0;
	return other;
}

/* Shares of a whole would change with a filter on what they are shares by. */
static bool
may_narrow(const struct ff_query *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (q->metrics[i] == FF_METRIC_PERCENTAGE || q->metrics[i] == FF_METRIC_CONVERSION_RATE ||
		    q->metrics[i] == FF_METRIC_GROUP_CONVERSION_RATE)
			return false;
	return true;
}

/* Where the other period has more rows than one answer holds, those that are wanted are asked for by name. */
static bool
narrow(struct ff_arena *arena, struct ff_query *q, const struct ff_result *wanted)
{
	struct ff_filter *filters = FF_NEW_N(arena, q->n_filters + 1, struct ff_filter);
	struct ff_filter *by = &filters[q->n_filters];

	if (q->n_dims != 1 || q->dims[0].grain != FF_GRAIN_NONE || q->dims[0].goal || !may_narrow(q) ||
	    wanted->n > FF_QUERY_VALUES_MAX / 2)
		return false;
	for (size_t i = 0; i < q->n_filters; i++)
		filters[i] = q->filters[i];
	*by = (struct ff_filter){ .op = FF_IS, .dim = q->dims[0], .values = FF_NEW_N(arena, wanted->n + 1, struct ff_str) };
	for (size_t i = 0; i < wanted->n; i++)
		by->values[by->n++] = q->dims[0].dim == FF_DIM_ITEM
		    ? ff_str_printf(arena, "%.*s/%.*s", FF_STR_ARG(wanted->rows[i].kind), FF_STR_ARG(wanted->rows[i].labels[0]))
		    : wanted->rows[i].labels[0];
	q->filters = filters;
	q->n_filters++;
	return true;
}

static enum ff_err
pair_up(struct ff_arena *arena, const struct ff_query *now, const struct ff_query *before, struct ff_api_answer *out,
    struct ff_fault *fault)
{
	struct ff_buckets of_now, of_before;
	struct ff_table   rows;

	FF_TRY(ff_query_buckets(arena, now, &of_now, fault));
	FF_TRY(ff_query_buckets(arena, before, &of_before, fault));
	out->beside = FF_NEW_N(arena, out->result.n + 1, size_t);
	ff_table_init(&rows);
	for (size_t i = 0; i < out->before.n; i++)
		ff_table_put(&rows, ff_api_row_key(arena, before, &out->before.rows[i], &of_before), (int64_t)i, NULL);
	for (size_t i = 0; i < out->result.n; i++) {
		int64_t *at = ff_table_find(&rows, ff_api_row_key(arena, now, &out->result.rows[i], &of_now));

		out->beside[i] = at == NULL ? (size_t)-1 : (size_t)*at;
	}
	ff_table_free(&rows);
	out->buckets = of_now;
	out->buckets_before = of_before;
	return FF_OK;
}

static enum ff_err
run_before(struct ff_db *db, struct ff_arena *arena, const struct ff_api_query *query, struct ff_api_answer *out,
    struct ff_fault *fault)
{
	struct ff_query other = other_period(query);

	FF_TRY(ff_api_revenue_run(db, arena, &other, &out->before, fault));
	if (out->before.n == FF_API_ROWS_MAX && narrow(arena, &other, &out->result))
		FF_TRY(ff_api_revenue_run(db, arena, &other, &out->before, fault));
	return pair_up(arena, &query->q, &other, out, fault);
}

/* By time alone, what is compared has a row for each step, as a chart has. */
static bool
is_chart(const struct ff_api_query *query)
{
	return query->q.n_dims == 1 && query->time_dim == 0 && query->orders == NULL && query->q.offset == 0 &&
	       query->q.limit == FF_API_ROWS_MAX;
}

static enum ff_err
run(struct ff_db *db, struct ff_arena *arena, struct ff_api_query *query, struct ff_api_answer *out, struct ff_fault *fault)
{
	*out = (struct ff_api_answer){ .beside = NULL };
	query->q.fill = query->q.fill || (query->compare != FF_API_COMPARE_NO && is_chart(query));
	FF_TRY(ff_api_revenue_run(db, arena, &query->q, &out->result, fault));
	if (query->compare == FF_API_COMPARE_NO)
		return FF_OK;
	return run_before(db, arena, query, out, fault);
}

/* Shares, totals, currencies and periods beside are statements of their own, but one question. */
enum ff_err
ff_api_query_run(struct ff_db *db, struct ff_arena *arena, struct ff_api_query *query, struct ff_api_answer *out,
    struct ff_fault *fault)
{
	enum ff_err err;

	ff_db_together(db, true);
	err = run(db, arena, query, out, fault);
	ff_db_together(db, false);
	return err;
}

size_t
ff_api_bucket_before(const struct ff_api_answer *answer, const struct ff_result_row *row)
{
	size_t at = bucket_of(&answer->buckets, row->time_us);

	return at < answer->buckets_before.n ? at : (size_t)-1;
}
