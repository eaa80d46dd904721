/* query_date.c - date_range and order_by of a query. */
#include "base/day.h"
#include "room/api/room.h"

static enum ff_err
refuse(struct ff_arena *arena, const struct ff_json *node, struct ff_fault *fault)
{
	return FF_REFUSE(fault, "#/date_range: Invalid date range %.*s",
	    FF_STR_ARG(ff_api_inspect(arena, node)));
}

/* Instants: the second that is named last belongs to the range where it is the last of its minute, as "23:59:59" is
 * meant; a full hour as the end means up to it. */
static bool
read_instants(struct ff_str from, struct ff_str to, struct ff_range *out)
{
	*out = (struct ff_range){ 0 };
	if (!ff_time_parse(from, &out->from_us) || !ff_time_parse(to, &out->to_us))
		return false;
	if (out->to_us / FF_US_S % 60 == 59)
		out->to_us = (out->to_us / FF_US_S + 1) * FF_US_S;
	return out->from_us < out->to_us;
}

static bool
read_pair(const struct ff_json *node, struct ff_range *out)
{
	const struct ff_json *first = ff_json_first(node), *last = ff_json_next(first);

	if (ff_json_count(node) != 2)
		return false;
	*out = (struct ff_range){ 0 };
	if (ff_day_parse(ff_json_str(first), &out->first) && ff_day_parse(ff_json_str(last), &out->last))
		return out->first <= out->last;
	return read_instants(ff_json_str(first), ff_json_str(last), out);
}

static enum ff_err
read_word(const struct ff_req *req, const struct ff_zone *zone, const struct ff_site *site, const struct ff_json *node,
    struct ff_range *out, struct ff_fault *fault)
{
	struct ff_str word = ff_json_str(node);
	int32_t       today = ff_zone_day(zone, req->now_us), first = today;

	if (ff_str_eqz(word, "24h")) {
		*out = ff_range_hours(zone, req->now_us, 24);
		return FF_OK;
	}
	if (ff_str_find_char(word, ',') < word.len) /* pairs are lists here */
		return refuse(req->arena, node, fault);
	if (ff_str_eqz(word, "all"))
		FF_TRY(ff_query_first_day(req->app->db, req->arena, site, today, &first));
	return ff_range_parse(word, today, first, out) == FF_OK ? FF_OK : refuse(req->arena, node, fault);
}

/* "time" alone: hours of one day, days of up to a month, months of more. */
static void
choose_grain(struct ff_api_query *out, const struct ff_zone *zone)
{
	static const char *const names[] = { [FF_GRAIN_HOUR] = "time:hour", [FF_GRAIN_DAY] = "time:day",
		[FF_GRAIN_WEEK] = "time:week", [FF_GRAIN_MONTH] = "time:month" };
	int64_t from_us, to_us;
	int32_t days;

	ff_range_instants(zone, &out->q.range, &from_us, &to_us);
	days = ff_zone_day(zone, to_us - 1) - ff_zone_day(zone, from_us) + 1;
	for (size_t i = 0; i < out->n_dimensions; i++) {
		if (!out->is_time[i])
			continue;
		if (out->q.dims[i].grain == FF_GRAIN_NONE)
			out->q.dims[i].grain = days <= 1 ? FF_GRAIN_HOUR : days <= 31 ? FF_GRAIN_DAY : FF_GRAIN_MONTH;
		out->dimensions[i] = names[out->q.dims[i].grain];
	}
}

enum ff_err
ff_api_dates_read(const struct ff_req *req, const struct ff_json *body, struct ff_api_query *out,
    struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(body, "date_range");
	const struct ff_zone *zone;

	if (node == NULL)
		return FF_REFUSE(fault, "#: Required property date_range was not present.");
	FF_TRY(ff_zone_find(ff_str_z(req->arena, out->site.time_zone), &zone));
	if (ff_json_type(node) == FF_JSON_ARRAY) {
		if (!read_pair(node, &out->q.range))
			return refuse(req->arena, node, fault);
	} else {
		FF_TRY(read_word(req, zone, &out->site, node, &out->q.range, fault));
	}
	choose_grain(out, zone);
	return FF_OK;
}

/* ---- order_by ---- */

static int
metric_index(const struct ff_query *q, struct ff_str name)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (ff_str_eqz(name, ff_metric_name(q->metrics[i])))
			return (int)i;
	return -1;
}

static int
dimension_index(const struct ff_api_query *query, struct ff_str name)
{
	for (size_t i = 0; i < query->n_dimensions; i++)
		if (ff_str_eqz(name, query->dimensions[i]) || (query->is_time[i] && ff_str_eqz(name, "time")))
			return (int)i;
	return -1;
}

static enum ff_err
read_entry(const struct ff_json *node, struct ff_api_query *out, struct ff_arena *arena, struct ff_fault *fault)
{
	const struct ff_json *name = ff_json_first(node), *way = ff_json_next(name);
	struct ff_api_order  *order = &out->orders[out->n_orders];
	struct ff_str         text = ff_api_inspect(arena, node);

	*order = (struct ff_api_order){ .name = ff_json_str(name), .ascending = ff_str_eqz(ff_json_str(way), "asc") };
	if (ff_json_count(node) != 2 || order->name.len == 0 ||
	    (!order->ascending && !ff_str_eqz(ff_json_str(way), "desc")))
		return FF_REFUSE(fault, "#/order_by/%zu: Invalid value in order_by %.*s", out->n_orders,
		    FF_STR_ARG(text));
	if (metric_index(&out->q, order->name) < 0 && dimension_index(out, order->name) < 0)
		return FF_REFUSE(fault,
		    "Invalid order_by entry '%.*s'. Entry is not a queried metric or dimension.", FF_STR_ARG(text));
	out->n_orders++;
	return FF_OK;
}

static void
default_order(struct ff_api_query *out)
{
	for (size_t i = 0; i < out->n_dimensions; i++)
		if (out->is_time[i])
			out->orders[out->n_orders++] = (struct ff_api_order){ ff_str_from(out->dimensions[i]), true };
	out->orders[out->n_orders++] = (struct ff_api_order){ ff_str_from(ff_metric_name(out->q.metrics[0])), false };
}

static void
set_order(struct ff_api_query *out)
{
	out->q.n_orders = out->n_orders;
	for (size_t i = 0; i < out->n_orders; i++) {
		int at = dimension_index(out, out->orders[i].name);

		out->q.orders[i] = (struct ff_order){ .by_dim = at >= 0, .ascending = out->orders[i].ascending,
			.index = (size_t)(at >= 0 ? at : metric_index(&out->q, out->orders[i].name)) };
	}
}

enum ff_err
ff_api_order_read(const struct ff_json *body, struct ff_api_query *out, struct ff_arena *arena, struct ff_fault *fault)
{
	const struct ff_json *list = ff_json_get(body, "order_by");

	if (list == NULL || (ff_json_type(list) == FF_JSON_ARRAY && ff_json_first(list) == NULL)) {
		default_order(out);
		set_order(out);
		return FF_OK;
	}
	if (ff_json_type(list) != FF_JSON_ARRAY || ff_json_count(list) > FF_API_ORDERS_MAX)
		return FF_REFUSE(fault, "#/order_by: Expected a list of up to %d entries", FF_API_ORDERS_MAX);
	for (const struct ff_json *entry = ff_json_first(list); entry != NULL; entry = ff_json_next(entry))
		FF_TRY(read_entry(entry, out, arena, fault));
	set_order(out);
	return FF_OK;
}
