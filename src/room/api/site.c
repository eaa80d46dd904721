#include "room/api/room.h"

/* A key of one site learns nothing about which others there are. */
static enum ff_err
named_site(const struct ff_req *req, struct ff_str name, struct ff_site *out)
{
	enum ff_err err = ff_sites_find(req->app->db, req->arena, name, out);

	if (err == FF_NOT_FOUND && req->who->site_id != 0)
		return FF_FORBIDDEN;
	FF_TRY(err);
	return ff_authorize(req->who, out->site_id, req->route->scope) ? FF_OK : FF_FORBIDDEN;
}

enum ff_err
ff_api_site(const struct ff_req *req, struct ff_str name, struct ff_site *out, struct ff_fault *fault)
{
	struct ff_site *sites;
	size_t          n;

	if (name.len > 0)
		return named_site(req, name, out);
	if (req->who->site_id != 0)
		return named_site(req, ff_str_printf(req->arena, "%d", (int)req->who->site_id), out);
	FF_TRY(ff_sites_list(req->app->db, req->arena, &sites, &n));
	if (n == 0)
		return FF_NOT_FOUND;
	if (n > 1)
		return ff_fault_set(fault, FF_INVALID, "site", "is required: this key may see several");
	*out = sites[0];
	return FF_OK;
}
