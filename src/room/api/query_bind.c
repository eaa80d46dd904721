/* query_bind.c - names become the engine's query, once what they mean is at hand. */
#include "base/limits.h"
#include "room/api/query.h"

enum ff_err
ff_api_segment_add(struct ff_arena *arena, struct ff_api_query *query, size_t i, struct ff_str filters,
    struct ff_fault *fault)
{
	const struct ff_json *list;

	FF_TRY(ff_json_parse_deep(arena, filters, FF_QUERY_DEPTH_MAX, &list, fault));
	if (ff_json_type(list) != FF_JSON_ARRAY)
		return FF_REFUSE(fault, "Invalid filters. Segment %lld is no list of filters.", (long long)query->segment_ids[i]);
	for (const struct ff_json *f = ff_json_first(list); f != NULL; f = ff_json_next(f))
		if (!ff_api_filter_shape(query, f, true))
			return FF_REFUSE(fault, "Invalid filters. Segment %lld holds an invalid filter %.*s",
			    (long long)query->segment_ids[i], FF_STR_ARG(ff_api_inspect(arena, f)));
	query->segments[i] = list;
	return FF_OK;
}

const struct ff_json *
ff_api_segment_find(const struct ff_api_query *query, const struct ff_json *id)
{
	int64_t want = -1;

	for (size_t i = 0; ff_json_i64(id, &want) && i < query->n_segment_ids; i++)
		if (query->segment_ids[i] == want)
			return query->segments[i];
	return NULL;
}

struct ff_str *
ff_api_strings(struct ff_arena *arena, const struct ff_json *list, size_t *n)
{
	struct ff_str *out = FF_NEW_N(arena, ff_json_count(list) + 1, struct ff_str);

	*n = 0;
	for (const struct ff_json *v = ff_json_first(list); v != NULL; v = ff_json_next(v))
		out[(*n)++] = ff_json_text(arena, v);
	return out;
}

static void
count(const struct ff_filter *f, size_t *nodes, size_t *values)
{
	*nodes += 1;
	*values += f->n;
	for (size_t i = 0; i < f->n_kids; i++)
		count(&f->kids[i], nodes, values);
}

static enum ff_err
check_size(const struct ff_query *q, struct ff_fault *fault)
{
	size_t nodes = 0, values = 0;

	for (size_t i = 0; i < q->n_filters; i++)
		count(&q->filters[i], &nodes, &values);
	if (nodes > FF_QUERY_FILTERS_MAX)
		return FF_REFUSE(fault, "#/filters: Expected a maximum of %d filters but got %zu.", FF_QUERY_FILTERS_MAX, nodes);
	if (values > FF_QUERY_VALUES_MAX)
		return FF_REFUSE(fault, "#/filters: Expected a maximum of %d values but got %zu.", FF_QUERY_VALUES_MAX, values);
	return FF_OK;
}

/* What a segment holds stands at the top like the other filters there, so an "and" at the top is its parts. */
static void
splice(struct ff_arena *arena, struct ff_query *q)
{
	struct ff_filter *flat;
	size_t            n = q->n_filters, to = 0;

	for (size_t i = 0; i < q->n_filters; i++)
		n += q->filters[i].n_kids;
	flat = FF_NEW_N(arena, n + 1, struct ff_filter);
	for (size_t i = 0; i < q->n_filters; i++) {
		struct ff_filter *f = &q->filters[i];

		for (size_t k = 0; f->op == FF_AND && k < f->n_kids; k++)
			flat[to++] = f->kids[k];
		if (f->op != FF_AND)
			flat[to++] = *f;
	}
	q->filters = flat;
	q->n_filters = to;
}

static enum ff_err
bind_filters(struct ff_arena *arena, struct ff_api_query *query, struct ff_fault *fault)
{
	struct ff_query *q = &query->q;

	q->filters = FF_NEW_N(arena, ff_json_count(query->filters) + 1, struct ff_filter);
	for (const struct ff_json *f = ff_json_first(query->filters); f != NULL; f = ff_json_next(f))
		FF_TRY(ff_api_filter_build(arena, query, f, &q->filters[q->n_filters++], fault));
	if (query->n_segment_ids > 0)
		splice(arena, q);
	return check_size(q, fault);
}

enum ff_err
ff_api_query_bind(struct ff_arena *arena, struct ff_api_query *query, struct ff_fault *fault)
{
	query->q.site = &query->site;
	query->q.goals = query->goals;
	query->q.n_goals = query->n_goals;
	FF_TRY(bind_filters(arena, query, fault));
	ff_api_time_steps(query);
	for (size_t i = 0; i < query->q.n_dims; i++)
		query->q.dims[i] = query->dims[i].dim;
	FF_TRY(ff_api_order_bind(query, fault));
	ff_api_compare_bind(query);
	return ff_api_query_check(query, fault);
}
