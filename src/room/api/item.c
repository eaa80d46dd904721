/* item.c - one content item by its name: GET shows it, PUT adds or changes it, DELETE takes it out of all lists. Fields
 * that a PUT leaves out keep what is stored; null empties them. */
#include "fact/audit.h"
#include "room/api/content.h"
#include "store/db.h"

static void
answer(struct ff_res *res, const struct ff_content_stored *stored)
{
	struct ff_json_out out;

	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_api_content_write(&out, stored);
	if (stored->memberships.p != NULL) {
		ff_json_put_key(&out, "managed");
		ff_json_put_bool(&out, stored->managed);
		ff_json_put_key(&out, "collections");
		ff_json_put_raw(&out, stored->memberships);
	}
	ff_json_object_end(&out);
}

enum ff_err
ff_api_item_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_content_stored stored;
	struct ff_site           site;

	FF_TRY(ff_api_site(req, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_content_find(req->app->db, req->arena, site.site_id, req->segments[0], req->segments[1], &stored));
	answer(res, &stored);
	return FF_OK;
}

enum ff_err
ff_api_item_put(const struct ff_req *req, struct ff_res *res)
{
	struct ff_content        content = { 0 };
	struct ff_content_stored stored;
	const struct ff_json    *body;
	struct ff_site           site;

	FF_TRY(ff_json_parse(req->arena, req->body, &body, &res->fault));
	if (ff_json_type(body) != FF_JSON_OBJECT)
		return ff_fault_set(&res->fault, FF_INVALID, "request", "must be a JSON object");
	FF_TRY(ff_api_content_name(&content, req->segments[0], req->segments[1], &res->fault));
	FF_TRY(ff_api_content_read(req, body, &content, &res->fault));
	FF_TRY(ff_api_site(req, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_tx_begin(req->app->db));
	FF_TRY(ff_tx_end(req->app->db, ff_content_put(req->app->db, req->arena, site.site_id, &content, &stored)));
	res->status = stored.added ? 201 : 200;
	answer(res, &stored);
	return FF_OK;
}

static enum ff_err
remove_item(const struct ff_req *req, int32_t site_id)
{
	struct ff_str name = ff_str_printf(req->arena, "%.*s %.*s", FF_STR_ARG(req->segments[0]), FF_STR_ARG(req->segments[1]));

	FF_TRY(ff_content_remove(req->app->db, req->arena, site_id, req->segments[0], req->segments[1]));
	return ff_audit_add(req->app->db, req->arena, ff_api_actor(req), "content.remove", site_id, name);
}

enum ff_err
ff_api_item_delete(const struct ff_req *req, struct ff_res *res)
{
	struct ff_site site;

	FF_TRY(ff_api_site(req, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_tx_begin(req->app->db));
	FF_TRY(ff_tx_end(req->app->db, remove_item(req, site.site_id)));
	res->status = 204;
	return FF_OK;
}
