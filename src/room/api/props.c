/* props.c - /api/v1/sites/custom-props, for clients that declare properties before they send them: every property is kept
 * here without being declared, so there is nothing to list and nothing to change, and both succeed. */
#include "room/api/form.h"

static enum ff_err
check(const struct ff_req *req, struct ff_str sent, struct ff_fault *fault)
{
	struct ff_api_form form;
	struct ff_site     site;

	FF_TRY(ff_api_form_read(req, &form, fault));
	return ff_api_form_site(req, &form, sent, &site, fault);
}

enum ff_err
ff_api_props_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out out;

	FF_TRY(check(req, req->values[0].text, &res->fault));
	ff_api_begin(res, &out);
	ff_json_put_key(&out, "custom_properties");
	ff_json_array(&out);
	ff_json_array_end(&out);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_props_put(const struct ff_req *req, struct ff_res *res)
{
	FF_TRY(check(req, FF_STR_NONE, &res->fault));
	return ff_api_done(res, "created");
}

enum ff_err
ff_api_prop_delete(const struct ff_req *req, struct ff_res *res)
{
	FF_TRY(check(req, req->values[0].text, &res->fault));
	return ff_api_done(res, "deleted");
}
