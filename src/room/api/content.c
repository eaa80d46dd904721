#include "room/api/content.h"

#include "base/day.h"
#include "base/limits.h"
#include "wire/url.h"

struct ff_str
ff_api_actor(const struct ff_req *req)
{
	return ff_who_name(req->who, req->arena);
}

/* null empties, absent leaves alone. */
static enum ff_err
read_text(const struct ff_json *object, const char *key, size_t max, struct ff_str *out, struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(object, key);

	if (node == NULL)
		return FF_OK;
	*out = FF_STR("");
	if (ff_json_type(node) == FF_JSON_NULL)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_STRING)
		return ff_fault_set(fault, FF_INVALID, key, "must be a string or null");
	if (ff_json_str(node).len > max)
		return ff_fault_set(fault, FF_INVALID, key, "is longer than %zu bytes", max);
	if (ff_json_str(node).len > 0)
		*out = ff_json_str(node);
	return FF_OK;
}

/* RFC 3339, or null: then *us is 0. */
static enum ff_err
read_time(const struct ff_json *object, const char *key, bool *given, int64_t *us, struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(object, key);

	*given = node != NULL;
	if (ff_json_type(node) == FF_JSON_NULL)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_STRING || !ff_time_parse(ff_json_str(node), us) || *us <= 0)
		return ff_fault_set(fault, FF_INVALID, key, "must be a time after 1970, like 2026-11-21T16:12:42Z, or null");
	return FF_OK;
}

static enum ff_err
check_url(const struct ff_req *req, struct ff_str text, struct ff_fault *fault)
{
	struct ff_url url;

	if (text.len == 0 || (ff_url_parse(req->arena, text, &url) == FF_OK && ff_str_starts(url.scheme, FF_STR("http"))))
		return FF_OK;
	return ff_fault_set(fault, FF_INVALID, "url", "must be an http or https URL");
}

enum ff_err
ff_api_content_read(const struct ff_req *req, const struct ff_json *object, struct ff_content *out,
    struct ff_fault *fault)
{
	const struct ff_json *visible = ff_json_get(object, "private");
	bool                  since;

	FF_TRY(read_text(object, "title", FF_ITEM_TITLE_MAX, &out->item.title, fault));
	FF_TRY(read_text(object, "url", FF_URL_MAX, &out->item.url, fault));
	FF_TRY(check_url(req, out->item.url, fault));
	FF_TRY(read_text(object, "owner", FF_ITEM_OWNER_MAX, &out->item.owner, fault));
	FF_TRY(read_text(object, "collection", FF_ITEM_COLLECTION_MAX, &out->item.collection, fault));
	FF_TRY(read_time(object, "published", &out->has_published, &out->published_us, fault));
	FF_TRY(read_time(object, "since", &since, &out->since_us, fault));
	if (out->since_us > req->now_us)
		return ff_fault_set(fault, FF_INVALID, "since", "lies in the future");
	if (visible != NULL && ff_json_type(visible) != FF_JSON_BOOL)
		return ff_fault_set(fault, FF_INVALID, "private", "must be true or false");
	out->has_private = visible != NULL;
	out->is_private = ff_json_bool(visible);
	return FF_OK;
}

enum ff_err
ff_api_content_name(struct ff_content *content, struct ff_str kind, struct ff_str key, struct ff_fault *fault)
{
	if (kind.len == 0 || kind.len > FF_ITEM_KIND_MAX)
		return ff_fault_set(fault, FF_INVALID, "kind", "must have 1 to %d bytes", FF_ITEM_KIND_MAX);
	if (key.len == 0 || key.len > FF_ITEM_KEY_MAX)
		return ff_fault_set(fault, FF_INVALID, "id", "must have 1 to %d bytes", FF_ITEM_KEY_MAX);
	content->item.kind = kind;
	content->item.key = key;
	return FF_OK;
}

static void
put_text(struct ff_json_out *out, const char *key, struct ff_str text)
{
	ff_json_put_key(out, key);
	ff_json_put_str(out, text);
}

void
ff_api_content_write(struct ff_json_out *out, const struct ff_content_stored *stored)
{
	const struct ff_content *content = &stored->content;
	char                     time[32];

	put_text(out, "kind", content->item.kind);
	put_text(out, "id", content->item.key);
	put_text(out, "title", content->item.title);
	put_text(out, "url", content->item.url);
	put_text(out, "owner", content->item.owner);
	put_text(out, "collection", content->item.collection);
	ff_json_put_key(out, "private");
	ff_json_put_bool(out, content->is_private);
	ff_time_print(content->published_us, time);
	ff_json_put_key(out, "published");
	ff_json_put_z(out, content->published_us == 0 ? NULL : time);
}
