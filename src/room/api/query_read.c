/* query_read.c - the body of a query, field by field, refused in Plausible's words where it has words for it. */
#include "room/api/query.h"

static enum ff_err
known_keys(const struct ff_json *object, const char *path, const char *const *keys, struct ff_fault *fault)
{
	for (const struct ff_json *m = ff_json_first(object); m != NULL; m = ff_json_next(m)) {
		const char *const *key = keys;

		while (*key != NULL && !ff_str_eqz(ff_json_key(m), *key))
			key++;
		if (*key == NULL)
			return FF_REFUSE(fault, "#%s/%.*s: Schema does not allow additional properties.", path,
			    FF_STR_ARG(ff_str_sub(ff_json_key(m), 0, 60)));
	}
	return FF_OK;
}

static enum ff_err
required_keys(const struct ff_json *body, struct ff_fault *fault)
{
	static const char *const keys[] = { "metrics", "date_range" };
	const char              *missing[2];
	size_t                   n = 0;

	for (size_t i = 0; i < 2; i++)
		if (ff_json_get(body, keys[i]) == NULL)
			missing[n++] = keys[i];
	if (n == 2)
		return FF_REFUSE(fault, "#: Required properties %s, %s were not present.", missing[0], missing[1]);
	return n == 0 ? FF_OK : FF_REFUSE(fault, "#: Required property %s was not present.", missing[0]);
}

static enum ff_err
want(const struct ff_json *node, enum ff_json_type type, const char *path, struct ff_fault *fault)
{
	static const char *const names[] = { "Null", "Boolean", "Number", "String", "Array", "Object" };

	if (node == NULL || ff_json_type(node) == type)
		return FF_OK;
	return FF_REFUSE(fault, "#/%s: Type mismatch. Expected %s but got %s.", path, names[type], ff_api_type_name(node));
}

static enum ff_err
read_metrics(struct ff_arena *arena, const struct ff_json *list, struct ff_query *q, struct ff_fault *fault)
{
	FF_TRY(want(list, FF_JSON_ARRAY, "metrics", fault));
	if (ff_json_first(list) == NULL)
		return FF_REFUSE(fault, "#/metrics: Expected a minimum of 1 items but got 0.");
	for (const struct ff_json *m = ff_json_first(list); m != NULL; m = ff_json_next(m)) {
		enum ff_metric metric;

		if (ff_metric_parse(ff_json_str(m), &metric) != FF_OK)
			return FF_REFUSE(fault, "#/metrics/%zu: Invalid metric %.*s", q->n_metrics,
			    FF_STR_ARG(ff_api_inspect(arena, m)));
		for (size_t i = 0; i < q->n_metrics; i++)
			if (q->metrics[i] == metric)
				return FF_REFUSE(fault, "#/metrics: Expected items to be unique but they were not.");
		if (q->n_metrics == FF_QUERY_METRICS_MAX)
			return FF_REFUSE(fault, "#/metrics: Expected a maximum of %d items.", FF_QUERY_METRICS_MAX);
		q->metrics[q->n_metrics++] = metric;
	}
	return FF_OK;
}

static bool
time_parse(struct ff_str name, enum ff_grain *out)
{
	static const struct {
		const char   *name;
		enum ff_grain grain;
	} times[] = { { "time", FF_GRAIN_NONE }, { "time:hour", FF_GRAIN_HOUR }, { "time:day", FF_GRAIN_DAY },
		{ "time:week", FF_GRAIN_WEEK }, { "time:month", FF_GRAIN_MONTH } };

	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		if (ff_str_eqz(name, times[i].name)) {
			*out = times[i].grain;
			return true;
		}
	return false;
}

static enum ff_err
read_dimension(struct ff_arena *arena, const struct ff_json *node, struct ff_api_query *out, struct ff_fault *fault)
{
	size_t             n = out->q.n_dims;
	struct ff_str      name = ff_json_str(node);
	struct ff_api_dim  dim = { .name = name };
	struct ff_api_dim *seat = &out->dims[n];
	bool               time = time_parse(name, &dim.dim.grain);

	if (!time && !ff_api_dim_parse(name, &dim))
		return FF_REFUSE(fault, "#/dimensions/%zu: Invalid dimension %.*s", n, FF_STR_ARG(ff_api_inspect(arena, node)));
	for (size_t i = 0; i < n; i++) {
		if (ff_str_eq(out->dims[i].name, name))
			return FF_REFUSE(fault, "#/dimensions: Expected items to be unique but they were not.");
		if (time && out->time_dim == (int)i)
			return FF_REFUSE(fault, "#/dimensions: Only one time dimension can be queried at once.");
	}
	if (n == FF_QUERY_DIMS_MAX)
		return FF_REFUSE(fault, "#/dimensions: Expected a maximum of %d items.", FF_QUERY_DIMS_MAX);
	if (time)
		out->time_dim = (int)n;
	out->uses_goals = out->uses_goals || dim.dim.goal;
	*seat = dim;
	out->q.n_dims++;
	return FF_OK;
}

static enum ff_err
read_dimensions(struct ff_arena *arena, const struct ff_json *list, struct ff_api_query *out, struct ff_fault *fault)
{
	FF_TRY(want(list, FF_JSON_ARRAY, "dimensions", fault));
	for (const struct ff_json *d = ff_json_first(list); d != NULL; d = ff_json_next(d))
		FF_TRY(read_dimension(arena, d, out, fault));
	return FF_OK;
}

static enum ff_err
read_filters(struct ff_arena *arena, const struct ff_json *list, struct ff_api_query *out, struct ff_fault *fault)
{
	size_t n = 0;

	FF_TRY(want(list, FF_JSON_ARRAY, "filters", fault));
	for (const struct ff_json *f = ff_json_first(list); f != NULL; f = ff_json_next(f), n++)
		if (!ff_api_filter_shape(out, f, false))
			return FF_REFUSE(fault, "#/filters/%zu: Invalid filter %.*s", n, FF_STR_ARG(ff_api_inspect(arena, f)));
	if (out->too_many_segments)
		return FF_REFUSE(fault, "Invalid filters. You can only use up to %d segment filters in a query.",
		    FF_API_SEGMENTS_MAX);
	out->filters = list;
	return FF_OK;
}

static enum ff_err
read_flag(const struct ff_json *object, const char *key, bool *out, struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(object, key);
	char                  path[32] = "include/";

	for (size_t i = 0; key[i] != '\0'; i++)
		path[8 + i] = key[i]; /* the keys of read_include alone: all short */
	*out = ff_json_bool(node);
	return want(node, FF_JSON_BOOL, path, fault);
}

static enum ff_err
read_include(const struct ff_json *include, struct ff_api_query *out, struct ff_fault *fault)
{
	static const char *const keys[] = { "imports", "time_labels", "total_rows", "comparisons", NULL };

	FF_TRY(want(include, FF_JSON_OBJECT, "include", fault));
	FF_TRY(known_keys(include, "/include", keys, fault));
	FF_TRY(read_flag(include, "imports", &out->imports, fault));
	FF_TRY(read_flag(include, "time_labels", &out->time_labels, fault));
	FF_TRY(read_flag(include, "total_rows", &out->q.total_rows, fault));
	return ff_api_compare_read(include, out, fault);
}

static enum ff_err
read_number(const struct ff_json *object, const char *key, int64_t min, int64_t max, int64_t *out,
    struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(object, key);

	if (node == NULL)
		return FF_OK;
	if (!ff_json_i64(node, out))
		return FF_REFUSE(fault, "#/pagination/%s: Type mismatch. Expected Integer but got %s.", key,
		    ff_api_type_name(node));
	if (*out < min)
		return FF_REFUSE(fault, "#/pagination/%s: Expected the value to be >= %lld", key, (long long)min);
	if (*out > max)
		return FF_REFUSE(fault, "#/pagination/%s: Expected the value to be <= %lld", key, (long long)max);
	return FF_OK;
}

static enum ff_err
read_pagination(const struct ff_json *page, struct ff_query *q, struct ff_fault *fault)
{
	static const char *const keys[] = { "limit", "offset", NULL };

	q->limit = FF_API_ROWS_MAX;
	FF_TRY(want(page, FF_JSON_OBJECT, "pagination", fault));
	FF_TRY(known_keys(page, "/pagination", keys, fault));
	FF_TRY(read_number(page, "limit", 1, FF_API_ROWS_MAX, &q->limit, fault));
	return read_number(page, "offset", 0, INT32_MAX, &q->offset, fault);
}

enum ff_err
ff_api_query_read(struct ff_arena *arena, const struct ff_json *body, struct ff_api_query *out, struct ff_fault *fault)
{
	static const char *const keys[] = { "site_id", "metrics", "date_range", "dimensions", "filters", "order_by",
		"include", "pagination", NULL };

	out->time_dim = -1;
	FF_TRY(known_keys(body, "", keys, fault));
	FF_TRY(required_keys(body, fault));
	FF_TRY(read_metrics(arena, ff_json_get(body, "metrics"), &out->q, fault));
	FF_TRY(read_dimensions(arena, ff_json_get(body, "dimensions"), out, fault));
	FF_TRY(ff_api_dates_read(arena, ff_json_get(body, "date_range"), out, fault));
	FF_TRY(read_filters(arena, ff_json_get(body, "filters"), out, fault));
	FF_TRY(ff_api_order_read(arena, ff_json_get(body, "order_by"), out, fault));
	FF_TRY(read_include(ff_json_get(body, "include"), out, fault));
	return read_pagination(ff_json_get(body, "pagination"), &out->q, fault);
}
