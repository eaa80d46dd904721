/* query_write.c - the reply to a query: results, meta, and the query as it was understood. */
#include "base/day.h"
#include "fact/country.h"
#include "room/api/query.h"

#include <math.h>

static bool
is_money(enum ff_metric metric)
{
	return metric == FF_METRIC_TOTAL_REVENUE || metric == FF_METRIC_AVERAGE_REVENUE;
}

/* Where nothing was counted, Plausible's rates are 0; what has no 0 is null. */
static bool
may_be_null(enum ff_metric metric)
{
	return metric == FF_METRIC_SCROLL_DEPTH || metric == FF_METRIC_TIME_ON_PAGE || metric == FF_METRIC_EXIT_RATE ||
	       metric == FF_METRIC_CTR || metric == FF_METRIC_COMPLETION_RATE;
}

/* By goals, each row has the currency of its goal. */
static struct ff_str
currency_of(const struct ff_api_query *query, const struct ff_result *result, const struct ff_result_row *row)
{
	for (size_t d = 0; row != NULL && d < query->q.n_dims; d++)
		for (size_t g = 0; query->q.dims[d].goal && g < query->n_goals; g++)
			if (ff_str_eq(query->goals[g].name, row->labels[d]))
				return query->goals[g].currency;
	return result->currency;
}

static void
put_metric(struct ff_json_out *out, enum ff_metric metric, double value, struct ff_str currency)
{
	if (is_money(metric))
		ff_api_put_money(out, value, currency);
	else if (isnan(value) && !may_be_null(metric))
		ff_json_put_i64(out, 0);
	else
		ff_json_put_double(out, value);
}

static void
put_metrics(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_result *result,
    const struct ff_result_row *row, const struct ff_result_row *same)
{
	ff_json_put_key(out, "metrics");
	ff_json_array(out);
	for (size_t m = 0; m < query->q.n_metrics; m++)
		put_metric(out, query->q.metrics[m], row != NULL ? row->metrics[m] : (double)NAN,
		    currency_of(query, result, row != NULL ? row : same));
	ff_json_array_end(out);
}

static struct ff_str
label_of(struct ff_arena *arena, const struct ff_api_dim *dim, const struct ff_result_row *row, size_t i)
{
	if (dim->dim.dim == FF_DIM_ITEM)
		return ff_str_printf(arena, "%.*s/%.*s", FF_STR_ARG(row->kind), FF_STR_ARG(row->labels[i]));
	return dim->country_name ? ff_country_name(row->labels[i]) : row->labels[i];
}

static void
put_dimensions(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query,
    const struct ff_result_row *row, const char *time_label)
{
	ff_json_put_key(out, "dimensions");
	ff_json_array(out);
	for (size_t i = 0; i < query->q.n_dims; i++) {
		if (time_label != NULL && query->time_dim == (int)i)
			ff_json_put_z(out, time_label);
		else
			ff_json_put_str(out, label_of(arena, &query->dims[i], row, i));
	}
	ff_json_array_end(out);
}

static void
put_change(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_result_row *now,
    const struct ff_result_row *before)
{
	ff_json_put_key(out, "change");
	ff_json_array(out);
	for (size_t m = 0; m < query->q.n_metrics; m++) {
		enum ff_metric metric = query->q.metrics[m];
		bool           zero = !may_be_null(metric) && !is_money(metric);
		double         a = before != NULL ? before->metrics[m] : (double)NAN, b = now->metrics[m];

		ff_json_put_double(out, ff_api_change(metric, isnan(a) && zero ? 0 : a, isnan(b) && zero ? 0 : b));
	}
	ff_json_array_end(out);
}

static void
put_comparison(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query,
    const struct ff_api_answer *answer, size_t i)
{
	const struct ff_result_row *now = &answer->result.rows[i], *before = NULL;
	size_t                      step = ff_api_bucket_before(answer, now);

	if (answer->beside[i] != (size_t)-1)
		before = &answer->before.rows[answer->beside[i]];
	ff_json_put_key(out, "comparison");
	ff_json_object(out);
	put_metrics(out, query, &answer->before, before, now);
	put_dimensions(out, arena, query, now, step == (size_t)-1 ? NULL : answer->buckets_before.v[step].label);
	put_change(out, query, now, before);
	ff_json_object_end(out);
}

static void
put_results(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query,
    const struct ff_api_answer *answer)
{
	ff_json_put_key(out, "results");
	ff_json_array(out);
	for (size_t i = 0; i < answer->result.n && !out->buf->overflow; i++) {
		const struct ff_result_row *row = &answer->result.rows[i];

		ff_json_object(out);
		put_metrics(out, query, &answer->result, row, row);
		put_dimensions(out, arena, query, row, NULL);
		if (answer->beside != NULL)
			put_comparison(out, arena, query, answer, i);
		ff_json_object_end(out);
	}
	ff_json_array_end(out);
}

/* ---- meta ---- */

static enum ff_err
put_time_labels(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query, struct ff_fault *fault)
{
	struct ff_buckets buckets;

	FF_TRY(ff_query_buckets(arena, &query->q, &buckets, fault));
	ff_json_put_key(out, "time_labels");
	ff_json_array(out);
	for (size_t i = 0; i < buckets.n; i++)
		ff_json_put_z(out, buckets.v[i].label);
	ff_json_array_end(out);
	return FF_OK;
}

/* Goals that the question is about: those its filters at the top leave, or all where it is asked by goals. */
static bool
goal_counts(const struct ff_query *q, struct ff_str name)
{
	bool asked = false, fits = true;

	for (size_t i = 0; i < q->n_dims; i++)
		asked = asked || q->dims[i].goal;
	for (size_t i = 0; i < q->n_filters; i++) {
		bool found = false;

		if (!q->filters[i].dim.goal || q->filters[i].op != FF_IS)
			continue;
		for (size_t v = 0; v < q->filters[i].n; v++)
			found = found || ff_str_eq(q->filters[i].values[v], name);
		asked = true;
		fits = fits && found;
	}
	return asked && fits;
}

/* Why revenue is null everywhere; NULL: it is not. */
static const char *
revenue_trouble(const struct ff_api_query *query, const char **code)
{
	const struct ff_query *q = &query->q;
	struct ff_str          first = FF_STR_NONE;
	bool                   several = false;

	for (size_t g = 0; g < query->n_goals; g++) {
		struct ff_str currency = query->goals[g].currency;

		if (currency.len == 0 || !goal_counts(q, query->goals[g].name))
			continue;
		several = several || (first.len > 0 && !ff_str_eq(first, currency));
		first = currency;
	}
	for (size_t d = 0; d < q->n_dims; d++)
		several = several && !q->dims[d].goal;
	*code = several ? "no_single_revenue_currency" : "no_revenue_goals_matching";
	if (several)
		return "Revenue metrics are null as there are multiple currencies for the selected event:goals.";
	return first.len == 0 ? "Revenue metrics are null as there are no matching revenue goals." : NULL;
}

static void
put_warnings(struct ff_json_out *out, const struct ff_api_query *query)
{
	const char *code, *warning = revenue_trouble(query, &code);
	bool        begun = false;

	for (size_t m = 0; warning != NULL && m < query->q.n_metrics; m++) {
		if (!is_money(query->q.metrics[m]))
			continue;
		if (!begun) {
			ff_json_put_key(out, "metric_warnings");
			ff_json_object(out);
			begun = true;
		}
		ff_json_put_key(out, ff_metric_name(query->q.metrics[m]));
		ff_json_object(out);
		ff_json_put_key(out, "code");
		ff_json_put_z(out, code);
		ff_json_put_key(out, "warning");
		ff_json_put_z(out, warning);
		ff_json_object_end(out);
	}
	if (begun)
		ff_json_object_end(out);
}

/* Beyond Plausible's: how fresh the figures are, and what "visitors" counts. */
static void
put_freshness(struct ff_json_out *out, const struct ff_result *result)
{
	char as_of[32];

	ff_json_put_key(out, "as_of");
	ff_time_print(result->as_of_us, as_of);
	ff_json_put_z(out, result->as_of_us > 0 ? as_of : NULL);
	ff_json_put_key(out, "visitors_scope");
	ff_json_put_z(out, result->visitors_scope);
	ff_json_put_key(out, "visitors_error");
	ff_json_put_double(out, result->visitors_error);
}

static enum ff_err
put_meta(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query,
    const struct ff_result *result, struct ff_fault *fault)
{
	ff_json_put_key(out, "meta");
	ff_json_object(out);
	if (query->imports) {
		ff_json_put_key(out, "imports_included");
		ff_json_put_bool(out, false);
		ff_json_put_key(out, "imports_skip_reason");
		ff_json_put_z(out, "no_imported_data");
	}
	put_warnings(out, query);
	if (query->time_labels)
		FF_TRY(put_time_labels(out, arena, query, fault));
	if (query->q.total_rows) {
		ff_json_put_key(out, "total_rows");
		ff_json_put_i64(out, result->total_rows);
	}
	put_freshness(out, result);
	ff_json_object_end(out);
	return FF_OK;
}

enum ff_err
ff_api_query_write(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query,
    const struct ff_api_answer *answer, struct ff_fault *fault)
{
	ff_json_object(out);
	put_results(out, arena, query, answer);
	FF_TRY(put_meta(out, arena, query, &answer->result, fault));
	ff_json_put_key(out, "query");
	ff_api_query_echo(out, arena, query);
	ff_json_object_end(out);
	return FF_OK;
}

void
ff_api_put_metric(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_result *result,
    const struct ff_result_row *row, size_t m)
{
	put_metric(out, query->q.metrics[m], row->metrics[m], currency_of(query, result, row));
}

struct ff_str
ff_api_label(struct ff_arena *arena, const struct ff_api_query *query, const struct ff_result_row *row, size_t i)
{
	return label_of(arena, &query->dims[i], row, i);
}
