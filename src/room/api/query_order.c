/* query_order.c - order_by of a query: metrics and dimensions that are asked for, several of them. */
#include "room/api/query.h"

static bool
is_time(struct ff_str name)
{
	return ff_str_eqz(name, "time") || ff_str_eqz(name, "time:hour") || ff_str_eqz(name, "time:day") ||
	       ff_str_eqz(name, "time:week") || ff_str_eqz(name, "time:month");
}

static enum ff_err
read_entry(struct ff_arena *arena, const struct ff_json *node, size_t at, struct ff_fault *fault)
{
	const struct ff_json *name = ff_json_first(node), *way = ff_json_next(name);
	struct ff_api_dim     dim;
	enum ff_metric        metric;

	if (ff_json_type(node) != FF_JSON_ARRAY)
		return FF_REFUSE(fault, "#/order_by/%zu: Type mismatch. Expected Array but got %s.", at, ff_api_type_name(node));
	if (ff_json_count(node) < 2)
		return FF_REFUSE(fault, "#/order_by/%zu: Expected a minimum of 2 items but got %zu.", at, ff_json_count(node));
	if (ff_json_count(node) > 2)
		return FF_REFUSE(fault, "#/order_by/%zu: Expected a maximum of 2 items but got %zu.", at, ff_json_count(node));
	if (ff_metric_parse(ff_json_str(name), &metric) != FF_OK && !is_time(ff_json_str(name)) &&
	    !ff_api_dim_parse(ff_json_str(name), &dim))
		return FF_REFUSE(fault, "#/order_by/%zu/0: Invalid value in order_by %.*s", at,
		    FF_STR_ARG(ff_api_inspect(arena, name)));
	if (!ff_str_eqz(ff_json_str(way), "asc") && !ff_str_eqz(ff_json_str(way), "desc"))
		return FF_REFUSE(fault, "#/order_by/%zu/1: Value is not allowed in enum.", at);
	return FF_OK;
}

enum ff_err
ff_api_order_read(struct ff_arena *arena, const struct ff_json *list, struct ff_api_query *out, struct ff_fault *fault)
{
	size_t n = 0;

	if (list != NULL && ff_json_type(list) != FF_JSON_ARRAY)
		return FF_REFUSE(fault, "#/order_by: Type mismatch. Expected Array but got %s.", ff_api_type_name(list));
	for (const struct ff_json *entry = ff_json_first(list); entry != NULL; entry = ff_json_next(entry))
		FF_TRY(read_entry(arena, entry, n++, fault));
	if (n > FF_QUERY_ORDERS_MAX)
		return FF_REFUSE(fault, "#/order_by: Expected a maximum of %d items but got %zu.", FF_QUERY_ORDERS_MAX, n);
	out->orders = n > 0 ? list : NULL;
	return FF_OK;
}

static void
default_order(struct ff_api_query *query)
{
	struct ff_query *q = &query->q;

	if (query->time_dim >= 0)
		q->orders[q->n_orders++] = (struct ff_order){ true, (size_t)query->time_dim, true };
	q->orders[q->n_orders++] = (struct ff_order){ false, 0, false };
}

static bool
find(const struct ff_api_query *query, struct ff_str name, struct ff_order *out)
{
	for (size_t i = 0; i < query->q.n_metrics; i++)
		if (ff_str_eqz(name, ff_metric_name(query->q.metrics[i]))) {
			*out = (struct ff_order){ false, i, out->ascending };
			return true;
		}
	for (size_t i = 0; i < query->q.n_dims; i++)
		if (ff_str_eq(name, query->dims[i].name) || (query->time_dim == (int)i && ff_str_eqz(name, "time"))) {
			*out = (struct ff_order){ true, i, out->ascending };
			return true;
		}
	return false;
}

enum ff_err
ff_api_order_bind(struct ff_api_query *query, struct ff_fault *fault)
{
	struct ff_query *q = &query->q;

	if (query->orders == NULL)
		default_order(query);
	for (const struct ff_json *entry = ff_json_first(query->orders); entry != NULL; entry = ff_json_next(entry)) {
		const struct ff_json *node = ff_json_first(entry);
		struct ff_str         name = ff_json_str(node), way = ff_json_str(ff_json_next(node));
		enum ff_metric        metric;
		const char           *mark = ff_metric_parse(name, &metric) == FF_OK ? "" : "\"";

		q->orders[q->n_orders].ascending = ff_str_eqz(way, "asc");
		if (!find(query, name, &q->orders[q->n_orders++]))
			return FF_REFUSE(fault,
			    "Invalid order_by entry '{%s%.*s%s, :%.*s}'. Entry is not a queried metric or dimension.",
			    mark[0] ? mark : ":", FF_STR_ARG(name), mark, FF_STR_ARG(way));
	}
	return FF_OK;
}
