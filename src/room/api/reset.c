/* reset.c - POST /api/analytics/reset/daily and /monthly: counters of items back to 0, by hand. */
#include "base/limits.h"
#include "fact/reset.h"
#include "room/api/content.h"
#include "room/api/room.h"

struct wish {
	struct ff_site      site;
	struct ff_site_item item;
	bool                one; /* item alone */
};

static enum ff_err
read_text(const struct ff_json *body, const char *key, size_t max, struct ff_str *out, struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(body, key);

	*out = ff_json_str(node);
	if (node != NULL && (ff_json_type(node) != FF_JSON_STRING || out->len == 0 || out->len > max))
		return ff_fault_set(fault, FF_INVALID, key, "must be a string of 1 to %zu bytes", max);
	return FF_OK;
}

/* {"site":..., "kind":..., "id":...}, all of which may be left out; so may the body. */
static enum ff_err
read_wish(const struct ff_req *req, struct wish *out, struct ff_fault *fault)
{
	const struct ff_json *body = NULL;
	struct ff_str         site = FF_STR_NONE;

	if (req->body.len > 0) {
		FF_TRY(ff_json_parse(req->arena, req->body, &body, fault));
		if (ff_json_type(body) != FF_JSON_OBJECT)
			return ff_fault_set(fault, FF_INVALID, "request", "must be a JSON object");
		FF_TRY(read_text(body, "site", FF_HOST_MAX, &site, fault));
		FF_TRY(read_text(body, "kind", FF_ITEM_KIND_MAX, &out->item.kind, fault));
		FF_TRY(read_text(body, "id", FF_ITEM_KEY_MAX, &out->item.key, fault));
	}
	FF_TRY(ff_api_site(req, site, &out->site, fault));
	out->one = out->item.key.len > 0;
	if (!out->one && out->item.kind.len > 0)
		return ff_fault_set(fault, FF_INVALID, "id", "is required where kind is given");
	out->item.site_id = out->site.site_id;
	if (out->item.kind.len == 0)
		out->item.kind = out->site.default_kind;
	return FF_OK;
}

static enum ff_err
reset(const struct ff_req *req, struct ff_res *res, bool month)
{
	struct wish        wish = { 0 };
	struct ff_json_out out;
	int64_t            n;

	FF_TRY(read_wish(req, &wish, &res->fault));
	FF_TRY(ff_counters_reset(req->app->db, req->arena, &wish.site, month, wish.one ? &wish.item : NULL, ff_api_actor(req),
	    req->now_us, &n));
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "site");
	ff_json_put_str(&out, wish.site.domain);
	ff_json_put_key(&out, "reset");
	ff_json_put_i64(&out, n);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_reset_daily(const struct ff_req *req, struct ff_res *res)
{
	return reset(req, res, false);
}

enum ff_err
ff_api_reset_monthly(const struct ff_req *req, struct ff_res *res)
{
	return reset(req, res, true);
}
