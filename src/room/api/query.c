/* query.c - POST /api/v2/query, in the dialect of Plausible's Stats API v2. */
#include "room/api/room.h"

static enum ff_err
find_site(const struct ff_req *req, const struct ff_json *body, struct ff_site *site, struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(body, "site_id");
	struct ff_str         name = ff_json_str(node);
	enum ff_err           err;

	if (name.len == 0)
		return FF_REFUSE(fault,
		    "Missing site ID. Please provide the required site_id parameter with your request.");
	err = ff_api_site(req, name, site, fault);
	if (err == FF_NOT_FOUND || err == FF_FORBIDDEN)
		return ff_fault_set(fault, FF_UNAUTHORIZED, "",
		    "Invalid API key or site ID. Please make sure you're using a valid API key with access to the site "
		    "you've requested.");
	return err;
}

enum ff_err
ff_api_query(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_query  *query = FF_NEW(req->arena, struct ff_api_query);
	const struct ff_json *body;
	struct ff_result      result;

	FF_TRY(ff_json_parse(req->arena, req->body, &body, &res->fault));
	if (ff_json_type(body) != FF_JSON_OBJECT)
		return FF_REFUSE(&res->fault, "#: Type mismatch. Expected Object but got something else.");
	FF_TRY(find_site(req, body, &query->site, &res->fault));
	FF_TRY(ff_api_query_read(req, body, query, &res->fault));
	FF_TRY(ff_query_run(req->app->db, req->arena, &query->q, &result, &res->fault));
	return ff_api_query_write(req, query, &result, res);
}
