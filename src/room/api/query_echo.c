/* query_echo.c - the query as it was understood, repeated in the reply. */
#include "base/day.h"
#include "room/api/query.h"

void
ff_api_copy(struct ff_json_out *out, const struct ff_json *node)
{
	enum ff_json_type type = ff_json_type(node);

	switch (type) {
	case FF_JSON_NULL:
		ff_json_put_null(out);
		return;
	case FF_JSON_BOOL:
		ff_json_put_bool(out, ff_json_bool(node));
		return;
	case FF_JSON_NUMBER:
		ff_json_put_double(out, ff_json_double(node));
		return;
	case FF_JSON_STRING:
		ff_json_put_str(out, ff_json_str(node));
		return;
	case FF_JSON_ARRAY:
	case FF_JSON_OBJECT:
		break;
	}
	type == FF_JSON_ARRAY ? ff_json_array(out) : ff_json_object(out);
	for (const struct ff_json *child = ff_json_first(node); child != NULL; child = ff_json_next(child)) {
		if (type == FF_JSON_OBJECT)
			ff_json_put_key_str(out, ff_json_key(child));
		ff_api_copy(out, child);
	}
	type == FF_JSON_ARRAY ? ff_json_array_end(out) : ff_json_object_end(out);
}

static void
put_instant(struct ff_json_out *out, struct ff_arena *arena, const struct ff_zone *zone, int64_t us)
{
	int32_t offset = ff_zone_offset(zone, us), minutes = (offset < 0 ? -offset : offset) / 60;
	char    text[32];

	ff_time_print(us + offset * FF_US_S, text);
	ff_json_put_str(out, ff_str_printf(arena, "%.19s%c%02d:%02d", text, offset < 0 ? '-' : '+', minutes / 60,
	    minutes % 60));
}

static void
put_range(struct ff_json_out *out, struct ff_arena *arena, const char *key, const struct ff_zone *zone,
    const struct ff_range *range)
{
	int64_t from_us, to_us;

	ff_range_instants(zone, range, &from_us, &to_us);
	ff_json_put_key(out, key);
	ff_json_array(out);
	put_instant(out, arena, zone, from_us);
	put_instant(out, arena, zone, to_us - FF_US_S);
	ff_json_array_end(out);
}

/* ---- filters, their segments expanded ---- */

static void put_filter(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_json *node);

static void
put_list(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_json *list)
{
	ff_json_array(out);
	for (const struct ff_json *f = ff_json_first(list); f != NULL; f = ff_json_next(f))
		put_filter(out, query, f);
	ff_json_array_end(out);
}

static void
put_and(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_json *list)
{
	ff_json_array(out);
	ff_json_put_z(out, "and");
	put_list(out, query, list);
	ff_json_array_end(out);
}

static void
put_segments(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_json *ids)
{
	if (ff_json_count(ids) == 1) {
		put_and(out, query, ff_api_segment_find(query, ff_json_first(ids)));
		return;
	}
	ff_json_array(out);
	ff_json_put_z(out, "or");
	ff_json_array(out);
	for (const struct ff_json *id = ff_json_first(ids); id != NULL; id = ff_json_next(id))
		put_and(out, query, ff_api_segment_find(query, id));
	ff_json_array_end(out);
	ff_json_array_end(out);
}

static const struct ff_json *
segment_ids(const struct ff_json *node)
{
	const struct ff_json *dim = ff_json_next(ff_json_first(node));

	return ff_str_eqz(ff_json_str(dim), "segment") ? ff_json_next(dim) : NULL;
}

static bool
has_list(struct ff_str op)
{
	return ff_str_eqz(op, "and") || ff_str_eqz(op, "or");
}

static bool
has_one(struct ff_str op)
{
	return ff_str_eqz(op, "not") || ff_str_eqz(op, "has_done") || ff_str_eqz(op, "has_not_done");
}

static void
put_filter(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_json *node)
{
	const struct ff_json *op = ff_json_first(node), *inner = ff_json_next(op);
	struct ff_str         name = ff_json_str(op);

	if (segment_ids(node) != NULL) {
		put_segments(out, query, segment_ids(node));
		return;
	}
	if (!has_list(name) && !has_one(name)) {
		ff_api_copy(out, node);
		return;
	}
	ff_json_array(out);
	ff_json_put_str(out, name);
	has_list(name) ? put_list(out, query, inner) : put_filter(out, query, inner);
	ff_json_array_end(out);
}

/* With segments about, an "and" at the top is written as its parts: that is where they stand. */
static void
put_top(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_json *node)
{
	const struct ff_json *ids = segment_ids(node), *parts = NULL;

	if (ids != NULL && ff_json_count(ids) == 1)
		parts = ff_api_segment_find(query, ff_json_first(ids));
	else if (query->n_segment_ids > 0 && ff_str_eqz(ff_json_str(ff_json_first(node)), "and"))
		parts = ff_json_next(ff_json_first(node));
	if (parts == NULL)
		put_filter(out, query, node);
	for (const struct ff_json *f = ff_json_first(parts); f != NULL; f = ff_json_next(f))
		put_filter(out, query, f);
}

static void
put_filters(struct ff_json_out *out, const struct ff_api_query *query)
{
	ff_json_put_key(out, "filters");
	ff_json_array(out);
	for (const struct ff_json *f = ff_json_first(query->filters); f != NULL; f = ff_json_next(f))
		put_top(out, query, f);
	ff_json_array_end(out);
}

/* ---- the rest ---- */

static void
put_orders(struct ff_json_out *out, const struct ff_api_query *query)
{
	const struct ff_query *q = &query->q;

	ff_json_put_key(out, "order_by");
	ff_json_array(out);
	for (size_t i = 0; i < q->n_orders; i++) {
		const struct ff_order *o = &q->orders[i];

		ff_json_array(out);
		ff_json_put_str(out, o->by_dim ? query->dims[o->index].name : ff_str_from(ff_metric_name(q->metrics[o->index])));
		ff_json_put_z(out, o->ascending ? "asc" : "desc");
		ff_json_array_end(out);
	}
	ff_json_array_end(out);
}

static void
put_flag(struct ff_json_out *out, const char *key, bool set)
{
	if (!set)
		return;
	ff_json_put_key(out, key);
	ff_json_put_bool(out, true);
}

static void
put_include(struct ff_json_out *out, const struct ff_api_query *query)
{
	ff_json_put_key(out, "include");
	ff_json_object(out);
	put_flag(out, "imports", query->imports);
	put_flag(out, "time_labels", query->time_labels);
	put_flag(out, "total_rows", query->q.total_rows);
	if (query->compare_with != NULL) {
		ff_json_put_key(out, "comparisons");
		ff_api_copy(out, query->compare_with);
	}
	ff_json_object_end(out);
	ff_json_put_key(out, "pagination");
	ff_json_object(out);
	ff_json_put_key(out, "offset");
	ff_json_put_i64(out, query->q.offset);
	ff_json_put_key(out, "limit");
	ff_json_put_i64(out, query->q.limit);
	ff_json_object_end(out);
}

void
ff_api_query_echo(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query)
{
	ff_json_object(out);
	ff_json_put_key(out, "site_id");
	ff_json_put_str(out, query->site.domain);
	ff_json_put_key(out, "metrics");
	ff_json_array(out);
	for (size_t i = 0; i < query->q.n_metrics; i++)
		ff_json_put_z(out, ff_metric_name(query->q.metrics[i]));
	ff_json_array_end(out);
	put_range(out, arena, "date_range", query->zone, &query->q.range);
	if (query->compare != FF_API_COMPARE_NO)
		put_range(out, arena, "comparison_date_range", query->zone, &query->compare_range);
	put_filters(out, query);
	ff_json_put_key(out, "dimensions");
	ff_json_array(out);
	for (size_t i = 0; i < query->q.n_dims; i++)
		ff_json_put_str(out, query->dims[i].name);
	ff_json_array_end(out);
	put_orders(out, query);
	put_include(out, query);
	ff_json_object_end(out);
}
