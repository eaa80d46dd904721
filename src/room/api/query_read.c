/* query_read.c - the body of a query, field by field, refused in Plausible's words where it has words for it. */
#include "room/api/room.h"

enum { FILTERS_MAX = 16, VALUES_MAX = 200, ROWS_MAX = 10000 };

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
want(const struct ff_json *node, enum ff_json_type type, const char *path, struct ff_fault *fault)
{
	static const char *const names[] = { "Null", "Boolean", "Number", "String", "Array", "Object" };

	if (ff_json_type(node) == type)
		return FF_OK;
	return FF_REFUSE(fault, "#/%s: Type mismatch. Expected %s but got %s.", path, names[type],
	    names[ff_json_type(node)]);
}

static enum ff_err
read_metrics(const struct ff_req *req, const struct ff_json *body, struct ff_query *q, struct ff_fault *fault)
{
	const struct ff_json *list = ff_json_get(body, "metrics");

	if (list == NULL)
		return FF_REFUSE(fault, "#: Required property metrics was not present.");
	FF_TRY(want(list, FF_JSON_ARRAY, "metrics", fault));
	if (ff_json_first(list) == NULL)
		return FF_REFUSE(fault, "#/metrics: Expected a minimum of 1 items but got 0.");
	for (const struct ff_json *m = ff_json_first(list); m != NULL; m = ff_json_next(m)) {
		enum ff_metric metric;
		struct ff_str  text = ff_api_inspect(req->arena, m);

		if (ff_metric_parse(ff_json_str(m), &metric) != FF_OK)
			return FF_REFUSE(fault, "#/metrics/%zu: Invalid metric %.*s", q->n_metrics, FF_STR_ARG(text));
		for (size_t i = 0; i < q->n_metrics; i++)
			if (q->metrics[i] == metric)
				return FF_REFUSE(fault, "#/metrics: Expected items to be unique but they were not.");
		q->metrics[q->n_metrics++] = metric; /* unique, so there is room */
	}
	return FF_OK;
}

static bool
parse_time(struct ff_str name, enum ff_grain *out)
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
read_dimension(struct ff_api_query *out, struct ff_str name, struct ff_str shown, struct ff_fault *fault)
{
	size_t        n = out->n_dimensions;
	enum ff_grain grain;
	enum ff_dim   dim;
	bool          time = parse_time(name, &grain);

	if (!time && ff_dim_parse(name, &dim) != FF_OK)
		return FF_REFUSE(fault, "#/dimensions/%zu: Invalid dimension %.*s", n, FF_STR_ARG(shown));
	if (n == 2 || (n == 1 && time == out->is_time[0]))
		return FF_REFUSE(fault,
		    "#/dimensions/%zu: Only one time dimension and one other can be queried at once", n);
	out->q.dims[n] = time ? (struct ff_asked_dim){ .grain = grain } : (struct ff_asked_dim){ .dim = dim };
	out->q.n_dims = n + 1;
	out->is_time[n] = time;
	out->dimensions[n] = time ? name.p : ff_dim_name(dim);
	out->n_dimensions++;
	return FF_OK;
}

static enum ff_err
read_dimensions(const struct ff_req *req, const struct ff_json *body, struct ff_api_query *out, struct ff_fault *fault)
{
	const struct ff_json *list = ff_json_get(body, "dimensions");

	if (list == NULL)
		return FF_OK;
	FF_TRY(want(list, FF_JSON_ARRAY, "dimensions", fault));
	for (const struct ff_json *d = ff_json_first(list); d != NULL; d = ff_json_next(d))
		FF_TRY(read_dimension(out, ff_json_str(d), ff_api_inspect(req->arena, d), fault));
	return FF_OK;
}

/* ["is", dimension, [values], {"case_sensitive": true}?] */
static bool
read_filter(const struct ff_req *req, const struct ff_json *node, struct ff_filter *out)
{
	const struct ff_json *op = ff_json_first(node), *dim = ff_json_next(op), *values = ff_json_next(dim);
	const struct ff_json *modifiers = ff_json_next(values), *sensitive = ff_json_get(modifiers, "case_sensitive");

	bool negate = ff_str_eqz(ff_json_str(op), "is_not");

	out->op = negate ? FF_IS_NOT : FF_IS;
	if (ff_json_type(node) != FF_JSON_ARRAY || (!negate && !ff_str_eqz(ff_json_str(op), "is")) ||
	    ff_dim_parse(ff_json_str(dim), &out->dim.dim) != FF_OK || ff_json_type(values) != FF_JSON_ARRAY)
		return false;
	if (ff_json_next(modifiers) != NULL || (modifiers != NULL && ff_json_type(modifiers) != FF_JSON_OBJECT) ||
	    ff_json_count(modifiers) != (sensitive != NULL) || (sensitive != NULL && !ff_json_bool(sensitive)))
		return false;
	out->values = FF_NEW_N(req->arena, ff_json_count(values) + 1, struct ff_str);
	for (const struct ff_json *v = ff_json_first(values); v != NULL; v = ff_json_next(v)) {
		if (ff_json_type(v) != FF_JSON_STRING)
			return false;
		out->values[out->n++] = ff_json_str(v);
	}
	return out->n > 0 && out->n <= VALUES_MAX;
}

static enum ff_err
check_country(const struct ff_filter *f, struct ff_fault *fault)
{
	for (size_t i = 0; f->dim.dim == FF_DIM_COUNTRY && i < f->n; i++)
		if (f->values[i].len != 2)
			return FF_REFUSE(fault,
			    "Invalid visit:country filter, visit:country needs to be a valid 2-letter country code.");
	return FF_OK;
}

static enum ff_err
read_filters(const struct ff_req *req, const struct ff_json *body, struct ff_api_query *out, struct ff_fault *fault)
{
	struct ff_query *q = &out->q;

	out->filters = ff_json_get(body, "filters");
	if (out->filters == NULL)
		return FF_OK;
	FF_TRY(want(out->filters, FF_JSON_ARRAY, "filters", fault));
	if (ff_json_count(out->filters) > FILTERS_MAX)
		return FF_REFUSE(fault, "#/filters: At most %d filters can be combined", FILTERS_MAX);
	q->filters = FF_NEW_N(req->arena, FILTERS_MAX, struct ff_filter);
	for (const struct ff_json *f = ff_json_first(out->filters); f != NULL; f = ff_json_next(f), q->n_filters++) {
		struct ff_str text = ff_api_inspect(req->arena, f);

		if (!read_filter(req, f, &q->filters[q->n_filters]))
			return FF_REFUSE(fault, "#/filters/%zu: Invalid filter %.*s", q->n_filters, FF_STR_ARG(text));
		FF_TRY(check_country(&q->filters[q->n_filters], fault));
	}
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
	return node == NULL ? FF_OK : want(node, FF_JSON_BOOL, path, fault);
}

static enum ff_err
read_include(const struct ff_json *body, struct ff_api_query *out, struct ff_fault *fault)
{
	static const char *const keys[] = { "imports", "time_labels", "total_rows", NULL };
	const struct ff_json    *include = ff_json_get(body, "include");

	if (include == NULL)
		return FF_OK;
	FF_TRY(want(include, FF_JSON_OBJECT, "include", fault));
	FF_TRY(known_keys(include, "/include", keys, fault));
	FF_TRY(read_flag(include, "imports", &out->imports, fault));
	FF_TRY(read_flag(include, "time_labels", &out->time_labels, fault));
	FF_TRY(read_flag(include, "total_rows", &out->q.total_rows, fault));
	if (out->time_labels && !(out->n_dimensions > 0 && (out->is_time[0] || out->is_time[1])))
		return FF_REFUSE(fault, "Invalid include.time_labels: requires a time dimension.");
	return FF_OK;
}

static enum ff_err
read_number(const struct ff_json *object, const char *key, int64_t min, int64_t max, int64_t *out,
    struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(object, key);

	if (node == NULL || (ff_json_i64(node, out) && *out >= min && *out <= max))
		return FF_OK;
	return FF_REFUSE(fault, "#/pagination/%s: Expected a whole number from %lld to %lld", key,
	    (long long)min, (long long)max);
}

static enum ff_err
read_pagination(const struct ff_json *body, struct ff_query *q, struct ff_fault *fault)
{
	static const char *const keys[] = { "limit", "offset", NULL };
	const struct ff_json    *page = ff_json_get(body, "pagination");

	q->limit = ROWS_MAX;
	if (page == NULL)
		return FF_OK;
	FF_TRY(want(page, FF_JSON_OBJECT, "pagination", fault));
	FF_TRY(known_keys(page, "/pagination", keys, fault));
	FF_TRY(read_number(page, "limit", 1, ROWS_MAX, &q->limit, fault));
	return read_number(page, "offset", 0, INT32_MAX, &q->offset, fault);
}

/* Plausible answers this metric without dimensions alone. */
static enum ff_err
check_views_per_visit(const struct ff_api_query *query, struct ff_fault *fault)
{
	const struct ff_query *q = &query->q;
	bool                   asked = false;

	for (size_t i = 0; i < q->n_metrics; i++)
		asked = asked || q->metrics[i] == FF_METRIC_VIEWS_PER_VISIT;
	for (size_t i = 0; asked && i < q->n_filters; i++)
		if (q->filters[i].dim.dim == FF_DIM_PAGE)
			return FF_REFUSE(fault,
			    "Metric `views_per_visit` cannot be queried with a filter on `event:page`.");
	if (asked && query->n_dimensions > 0)
		return FF_REFUSE(fault, "Metric `views_per_visit` cannot be queried with `dimensions`.");
	return FF_OK;
}

enum ff_err
ff_api_query_read(const struct ff_req *req, const struct ff_json *body, struct ff_api_query *out,
    struct ff_fault *fault)
{
	static const char *const keys[] = { "site_id", "metrics", "date_range", "dimensions", "filters", "order_by",
		"include", "pagination", NULL };

	out->q.site = &out->site;
	out->q.now_us = req->now_us;
	FF_TRY(known_keys(body, "", keys, fault));
	FF_TRY(read_metrics(req, body, &out->q, fault));
	FF_TRY(read_dimensions(req, body, out, fault));
	FF_TRY(ff_api_dates_read(req, body, out, fault));
	FF_TRY(read_filters(req, body, out, fault));
	FF_TRY(ff_api_order_read(body, out, req->arena, fault));
	FF_TRY(read_include(body, out, fault));
	FF_TRY(read_pagination(body, &out->q, fault));
	return check_views_per_visit(out, fault);
}
