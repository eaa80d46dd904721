/* query_write.c - the reply to a query: results, meta, and the query as it was understood. */
#include "base/day.h"
#include "base/limits.h"
#include "room/api/room.h"

#include <math.h>

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

struct ff_str
ff_api_inspect(struct ff_arena *arena, const struct ff_json *node)
{
	struct ff_buf      buf;
	struct ff_json_out out;
	struct ff_str      text;

	ff_buf_init(&buf, FF_BODY_MAX * 8);
	ff_json_out_init(&out, &buf);
	ff_api_copy(&out, node);
	text = ff_str_dup(arena, ff_buf_view(&buf));
	ff_buf_free(&buf);
	return text;
}

static void
put_dimensions(struct ff_json_out *out, const struct ff_req *req, const struct ff_api_query *query,
    const struct ff_result_row *row)
{
	ff_json_put_key(out, "dimensions");
	ff_json_array(out);
	for (size_t i = 0; i < query->n_dimensions; i++) {
		if (query->is_time[i])
			ff_json_put_str(out, row->labels[i]);
		else if (query->q.dims[i].dim == FF_DIM_ITEM)
			ff_json_put_str(out, ff_str_printf(req->arena, "%.*s/%.*s", FF_STR_ARG(row->kind),
			    FF_STR_ARG(row->labels[i])));
		else
			ff_json_put_str(out, row->labels[i]);
	}
	ff_json_array_end(out);
}

/* Rates without visits are 0 here, as in Plausible. */
static void
put_results(struct ff_json_out *out, const struct ff_req *req, const struct ff_api_query *query,
    const struct ff_result *result)
{
	ff_json_put_key(out, "results");
	ff_json_array(out);
	for (size_t i = 0; i < result->n; i++) {
		ff_json_object(out);
		ff_json_put_key(out, "metrics");
		ff_json_array(out);
		for (size_t m = 0; m < query->q.n_metrics; m++)
			ff_json_put_double(out, isnan(result->rows[i].metrics[m]) ? 0 : result->rows[i].metrics[m]);
		ff_json_array_end(out);
		put_dimensions(out, req, query, &result->rows[i]);
		ff_json_object_end(out);
	}
	ff_json_array_end(out);
}

static enum ff_err
put_time_labels(struct ff_json_out *out, const struct ff_req *req, const struct ff_api_query *query)
{
	struct ff_buckets buckets;

	FF_TRY(ff_query_buckets(req->arena, &query->q, &buckets, NULL));
	ff_json_put_key(out, "time_labels");
	ff_json_array(out);
	for (size_t i = 0; i < buckets.n; i++)
		ff_json_put_z(out, buckets.v[i].label);
	ff_json_array_end(out);
	return FF_OK;
}

/* Beyond Plausible's: how fresh the figures are, and what "visitors" counts. */
static enum ff_err
put_meta(struct ff_json_out *out, const struct ff_req *req, const struct ff_api_query *query,
    const struct ff_result *result)
{
	char as_of[32];

	ff_json_put_key(out, "meta");
	ff_json_object(out);
	if (query->imports) {
		ff_json_put_key(out, "imports_included");
		ff_json_put_bool(out, false);
		ff_json_put_key(out, "imports_skip_reason");
		ff_json_put_z(out, "no_imported_data");
	}
	if (query->time_labels)
		FF_TRY(put_time_labels(out, req, query));
	if (query->q.total_rows) {
		ff_json_put_key(out, "total_rows");
		ff_json_put_i64(out, result->total_rows);
	}
	ff_json_put_key(out, "as_of");
	ff_time_print(result->as_of_us, as_of);
	ff_json_put_z(out, result->as_of_us > 0 ? as_of : NULL);
	ff_json_put_key(out, "visitors_scope");
	ff_json_put_z(out, "day");
	ff_json_put_key(out, "visitors_error");
	ff_json_put_double(out, result->visitors_error);
	ff_json_object_end(out);
	return FF_OK;
}

static void
put_instant(struct ff_json_out *out, const struct ff_req *req, const struct ff_zone *zone, int64_t us)
{
	int32_t offset = ff_zone_offset(zone, us), minutes = (offset < 0 ? -offset : offset) / 60;
	char    text[32];

	ff_time_print(us + offset * FF_US_S, text);
	ff_json_put_str(out, ff_str_printf(req->arena, "%.19s%c%02d:%02d", text, offset < 0 ? '-' : '+', minutes / 60,
	    minutes % 60));
}

static enum ff_err
put_range(struct ff_json_out *out, const struct ff_req *req, const struct ff_api_query *query)
{
	const struct ff_zone *zone;
	int64_t               from_us, to_us;

	FF_TRY(ff_zone_find(ff_str_z(req->arena, query->site.time_zone), &zone));
	ff_range_instants(zone, &query->q.range, &from_us, &to_us);
	ff_json_put_key(out, "date_range");
	ff_json_array(out);
	put_instant(out, req, zone, from_us);
	put_instant(out, req, zone, to_us - FF_US_S);
	ff_json_array_end(out);
	return FF_OK;
}

static void
put_order(struct ff_json_out *out, const struct ff_api_query *query)
{
	ff_json_put_key(out, "order_by");
	ff_json_array(out);
	for (size_t i = 0; i < query->n_orders; i++) {
		ff_json_array(out);
		ff_json_put_str(out, query->orders[i].name);
		ff_json_put_z(out, query->orders[i].ascending ? "asc" : "desc");
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
	ff_json_object_end(out);
	ff_json_put_key(out, "pagination");
	ff_json_object(out);
	ff_json_put_key(out, "offset");
	ff_json_put_i64(out, query->q.offset);
	ff_json_put_key(out, "limit");
	ff_json_put_i64(out, query->q.limit);
	ff_json_object_end(out);
}

static enum ff_err
put_query(struct ff_json_out *out, const struct ff_req *req, const struct ff_api_query *query)
{
	ff_json_put_key(out, "query");
	ff_json_object(out);
	ff_json_put_key(out, "site_id");
	ff_json_put_str(out, query->site.domain);
	ff_json_put_key(out, "metrics");
	ff_json_array(out);
	for (size_t i = 0; i < query->q.n_metrics; i++)
		ff_json_put_z(out, ff_metric_name(query->q.metrics[i]));
	ff_json_array_end(out);
	FF_TRY(put_range(out, req, query));
	ff_json_put_key(out, "filters");
	if (query->filters != NULL)
		ff_api_copy(out, query->filters);
	else
		ff_json_put_raw(out, FF_STR("[]"));
	ff_json_put_key(out, "dimensions");
	ff_json_array(out);
	for (size_t i = 0; i < query->n_dimensions; i++)
		ff_json_put_z(out, query->dimensions[i]);
	ff_json_array_end(out);
	put_order(out, query);
	put_include(out, query);
	ff_json_object_end(out);
	return FF_OK;
}

enum ff_err
ff_api_query_write(const struct ff_req *req, const struct ff_api_query *query, const struct ff_result *result,
    struct ff_res *res)
{
	struct ff_json_out out;

	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	put_results(&out, req, query, result);
	FF_TRY(put_meta(&out, req, query, result));
	FF_TRY(put_query(&out, req, query));
	ff_json_object_end(&out);
	/* Ten thousand of the longest labels are more than an answer holds, and anybody can make up labels. */
	if (res->body.overflow)
		return FF_REFUSE(&res->fault, "#/pagination/limit: The answer would be larger than %d MiB, ask for fewer rows",
		    FF_RESPONSE_MAX >> 20);
	return FF_OK;
}
