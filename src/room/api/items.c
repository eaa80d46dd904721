/* items.c - PUT /api/content: up to 500 items in one transaction, one result each. An item that cannot be read is said to
 * be invalid and does not stop the others; a database that goes away stops all of them. */
#include "base/limits.h"
#include "fact/audit.h"
#include "room/api/content.h"
#include "store/db.h"

struct bulk {
	const struct ff_req *req;
	struct ff_site       site;
	struct ff_json_out   out;
	unsigned             removed;
};

static enum ff_err
read_name(const struct bulk *bulk, const struct ff_json *node, struct ff_content *out, struct ff_fault *fault)
{
	const struct ff_json *kind = ff_json_get(node, "kind");
	int64_t               number;
	struct ff_str         key = ff_json_str(ff_json_get(node, "id"));

	if (ff_json_type(node) != FF_JSON_OBJECT)
		return ff_fault_set(fault, FF_INVALID, "items", "must hold objects");
	if (ff_json_i64(ff_json_get(node, "id"), &number))
		key = ff_str_printf(bulk->req->arena, "%lld", (long long)number);
	return ff_api_content_name(out, kind == NULL ? bulk->site.default_kind : ff_json_str(kind), key, fault);
}

static enum ff_err
take(struct bulk *bulk, const struct ff_json *node, const char **status, struct ff_fault *fault)
{
	struct ff_content        content = { 0 };
	struct ff_content_stored stored;
	const struct ff_json    *removed = ff_json_get(node, "removed");
	enum ff_err              err;

	FF_TRY(read_name(bulk, node, &content, fault));
	if (removed != NULL && ff_json_type(removed) != FF_JSON_BOOL)
		return ff_fault_set(fault, FF_INVALID, "removed", "must be true or false");
	if (ff_json_bool(removed)) {
		err = ff_content_remove(bulk->req->app->db, bulk->req->arena, bulk->site.site_id, content.item.kind,
		    content.item.key);
		*status = err == FF_OK ? "removed" : "unknown";
		bulk->removed += err == FF_OK;
		return err == FF_NOT_FOUND ? FF_OK : err;
	}
	FF_TRY(ff_api_content_read(bulk->req, node, &content, fault));
	FF_TRY(ff_content_put(bulk->req->app->db, bulk->req->arena, bulk->site.site_id, &content, &stored));
	*status = stored.added ? "added" : "changed";
	return FF_OK;
}

static void
say(struct bulk *bulk, const char *status, const struct ff_fault *fault)
{
	ff_json_object(&bulk->out);
	ff_json_put_key(&bulk->out, "status");
	ff_json_put_z(&bulk->out, status);
	if (fault != NULL) {
		ff_json_put_key(&bulk->out, "field");
		ff_json_put_z(&bulk->out, fault->field);
		ff_json_put_key(&bulk->out, "reason");
		ff_json_put_z(&bulk->out, fault->why);
	}
	ff_json_object_end(&bulk->out);
}

static enum ff_err
take_all(struct bulk *bulk, const struct ff_json *list)
{
	for (const struct ff_json *node = ff_json_first(list); node != NULL; node = ff_json_next(node)) {
		struct ff_fault fault = { 0 };
		const char     *status = "invalid";
		enum ff_err     err = take(bulk, node, &status, &fault);

		if (err != FF_OK && (err != FF_INVALID || fault.field[0] == '\0'))
			return err;
		say(bulk, status, err == FF_OK ? NULL : &fault);
	}
	if (bulk->removed == 0)
		return FF_OK;
	return ff_audit_add(bulk->req->app->db, bulk->req->arena, ff_api_actor(bulk->req), "content.remove",
	    bulk->site.site_id, ff_str_printf(bulk->req->arena, "%u items", bulk->removed));
}

static enum ff_err
read_list(const struct ff_req *req, struct bulk *bulk, const struct ff_json **list, struct ff_fault *fault)
{
	const struct ff_json *body;
	struct ff_str         site;

	FF_TRY(ff_json_parse(req->arena, req->body, &body, fault));
	if (ff_json_type(body) != FF_JSON_OBJECT)
		return ff_fault_set(fault, FF_INVALID, "request", "must be a JSON object");
	*list = ff_json_get(body, "items");
	if (ff_json_type(*list) != FF_JSON_ARRAY || ff_json_count(*list) == 0 || ff_json_count(*list) > FF_ITEMS_MAX)
		return ff_fault_set(fault, FF_INVALID, "items", "must be a list of 1 to %d items", FF_ITEMS_MAX);
	site = ff_json_str(ff_json_get(body, "site"));
	return ff_api_site(req, site.len > 0 ? site : req->values[0].text, &bulk->site, fault);
}

enum ff_err
ff_api_items_put(const struct ff_req *req, struct ff_res *res)
{
	struct bulk           bulk = { .req = req };
	const struct ff_json *list = NULL;

	FF_TRY(read_list(req, &bulk, &list, &res->fault));
	ff_json_out_init(&bulk.out, &res->body);
	ff_json_object(&bulk.out);
	ff_json_put_key(&bulk.out, "results");
	ff_json_array(&bulk.out);
	FF_TRY(ff_tx_begin(req->app->db));
	FF_TRY(ff_tx_end(req->app->db, take_all(&bulk, list)));
	ff_json_array_end(&bulk.out);
	ff_json_object_end(&bulk.out);
	res->content_type = "application/json";
	return FF_OK;
}
