/* counts.c - counters of items: one by path, many by list. */
#include "room/api/counts.h"

#include "base/limits.h"
#include "door/narrow.h"

static void
put_counts(struct ff_json_out *out, const struct ff_counts *counts)
{
	ff_json_put_key(out, "viewsToday");
	ff_json_put_i64(out, counts->today);
	ff_json_put_key(out, "viewsMonth");
	ff_json_put_i64(out, counts->month);
	ff_json_put_key(out, "viewsTotal");
	ff_json_put_i64(out, counts->total);
}

static void
put_count(struct ff_json_out *out, const char *today, const char *month, const char *total, const struct ff_count *count)
{
	ff_json_put_key(out, today);
	ff_json_put_i64(out, count->today);
	ff_json_put_key(out, month);
	ff_json_put_i64(out, count->month);
	ff_json_put_key(out, total);
	ff_json_put_i64(out, count->total);
}

void
ff_api_counts_write(struct ff_json_out *out, const struct ff_counts *counts)
{
	put_counts(out, counts);
	put_count(out, "uniqueToday", "uniqueMonth", "uniqueTotal", &counts->unique);
	put_count(out, "qualifiedToday", "qualifiedMonth", "qualifiedTotal", &counts->qualified);
}

static void
put_name(struct ff_json_out *out, const struct ff_site_item *item)
{
	ff_json_put_key(out, "kind");
	ff_json_put_str(out, item->kind);
	ff_json_put_key(out, "id");
	ff_json_put_str(out, item->key);
}

static void
begin(struct ff_res *res, struct ff_json_out *out)
{
	res->content_type = "application/json";
	ff_json_out_init(out, &res->body);
	ff_json_object(out);
}

/* What the guest may not see counts as an unknown item. */
static enum ff_err
counts_read(const struct ff_req *req, const struct ff_site *site, const struct ff_site_item *items, size_t n,
    struct ff_counts *counts)
{
	bool *yes = FF_NEW_N(req->arena, n, bool);

	FF_TRY(ff_narrow_items(req, site->site_id, items, n, yes));
	FF_TRY(ff_counts_get(req->app->db, req->arena, site, req->now_us, items, n, counts));
	for (size_t i = 0; i < n; i++)
		if (!yes[i])
			counts[i] = (struct ff_counts){ 0 };
	return FF_OK;
}

static enum ff_err
one(const struct ff_req *req, struct ff_res *res, const struct ff_site *site, struct ff_site_item *item,
    struct ff_counts *counts)
{
	item->site_id = site->site_id;
	res->etag = true;
	return counts_read(req, site, item, 1, counts);
}

enum ff_err
ff_api_item(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out  out;
	struct ff_site      site;
	struct ff_site_item item;
	struct ff_counts    counts;

	FF_TRY(ff_api_site(req, req->values[0].text, &site, &res->fault));
	item = (struct ff_site_item){ .kind = site.default_kind, .key = req->segments[0] };
	FF_TRY(one(req, res, &site, &item, &counts));
	begin(res, &out);
	put_counts(&out, &counts);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_content(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out  out;
	struct ff_site      site;
	struct ff_site_item item = { .kind = req->segments[0], .key = req->segments[1] };
	struct ff_counts    counts;

	FF_TRY(ff_api_site(req, req->values[0].text, &site, &res->fault));
	FF_TRY(one(req, res, &site, &item, &counts));
	begin(res, &out);
	put_name(&out, &item);
	ff_api_counts_write(&out, &counts);
	ff_json_object_end(&out);
	return FF_OK;
}

static enum ff_err
read_text(const struct ff_json *object, const char *key, size_t max, bool required, struct ff_str *out,
    struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(object, key);

	*out = ff_json_str(node);
	if (node == NULL && required)
		return ff_fault_set(fault, FF_INVALID, key, "is required");
	if (node != NULL && (ff_json_type(node) != FF_JSON_STRING || out->len == 0))
		return ff_fault_set(fault, FF_INVALID, key, "must be a string that is not empty");
	if (out->len > max)
		return ff_fault_set(fault, FF_INVALID, key, "is longer than %zu bytes", max);
	return FF_OK;
}

static enum ff_err
read_items(const struct ff_req *req, const struct ff_json *body, const struct ff_site *site,
    struct ff_site_item **items, size_t *n, struct ff_fault *fault)
{
	const struct ff_json *list = ff_json_get(body, "items");
	size_t                count = ff_json_count(list);

	if (ff_json_type(list) != FF_JSON_ARRAY || count == 0 || count > FF_COUNTS_MAX)
		return ff_fault_set(fault, FF_INVALID, "items", "must be a list of 1 to %d items", FF_COUNTS_MAX);
	*items = FF_NEW_N(req->arena, count, struct ff_site_item);
	*n = 0;
	for (const struct ff_json *node = ff_json_first(list); node != NULL; node = ff_json_next(node)) {
		struct ff_site_item *item = &(*items)[(*n)++];

		if (ff_json_type(node) != FF_JSON_OBJECT)
			return ff_fault_set(fault, FF_INVALID, "items", "must hold objects with kind and id");
		item->site_id = site->site_id;
		FF_TRY(read_text(node, "kind", FF_ITEM_KIND_MAX, false, &item->kind, fault));
		FF_TRY(read_text(node, "id", FF_ITEM_KEY_MAX, true, &item->key, fault));
		if (item->kind.len == 0)
			item->kind = site->default_kind;
	}
	return FF_OK;
}

enum ff_err
ff_api_contents(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_json *body;
	struct ff_json_out    out;
	struct ff_site        site;
	struct ff_site_item  *items = NULL;
	struct ff_str         name;
	struct ff_counts      counts[FF_COUNTS_MAX];
	size_t                n = 0;

	FF_TRY(ff_json_parse(req->arena, req->body, &body, &res->fault));
	if (ff_json_type(body) != FF_JSON_OBJECT)
		return ff_fault_set(&res->fault, FF_INVALID, "request", "must be a JSON object");
	FF_TRY(read_text(body, "site", FF_HOST_MAX, false, &name, &res->fault));
	FF_TRY(ff_api_site(req, name, &site, &res->fault));
	FF_TRY(read_items(req, body, &site, &items, &n, &res->fault));
	FF_TRY(counts_read(req, &site, items, n, counts));
	begin(res, &out);
	ff_json_put_key(&out, "items");
	ff_json_array(&out);
	for (size_t i = 0; i < n; i++) {
		ff_json_object(&out);
		put_name(&out, &items[i]);
		ff_api_counts_write(&out, &counts[i]);
		ff_json_put_key(&out, "known");
		ff_json_put_bool(&out, counts[i].known);
		ff_json_object_end(&out);
	}
	ff_json_array_end(&out);
	ff_json_object_end(&out);
	return FF_OK;
}
