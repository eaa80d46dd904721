/* The body of a beacon: bytes -> UTF-8 -> JSON object. The first half of beacon.h. */
#include "base/limits.h"
#include "base/utf8.h"
#include "door/route.h"
#include "room/collect/beacon.h"

static enum ff_err
check_transport(const struct ff_req *req, struct ff_collect *collect, struct ff_fault *fault)
{
	struct ff_str encoding = req->content_encoding;
	size_t        max = req->route->body_max;

	if (collect->parcel->body_err == FF_TOO_LARGE || (collect->parcel->body_err == FF_OK && req->body.len > max))
		return ff_fault_set(fault, ff_collect_refuse(collect, FF_REASON_TOO_LARGE, FF_TOO_LARGE), "request",
		    "is larger than %zu bytes", max);
	if (collect->parcel->body_err == FF_BUSY)
		return ff_collect_refuse(collect, FF_REASON_STORAGE, FF_BUSY);
	if (collect->parcel->body_err != FF_OK)
		return ff_fault_set(fault, ff_collect_refuse(collect, FF_REASON_BAD_ENCODING, FF_INVALID), "Content-Length",
		    "does not match the body");
	if (encoding.len > 0 && !ff_str_eq_nocase(encoding, FF_STR("identity")))
		return ff_fault_set(fault, ff_collect_refuse(collect, FF_REASON_BAD_ENCODING, FF_MEDIA_TYPE), "Content-Encoding",
		    "is not accepted: send the body as it is");
	return FF_OK;
}

enum ff_err
ff_beacon_text(const struct ff_req *req, struct ff_res *res)
{
	struct ff_collect *collect = ff_collect_of(req);

	FF_TRY(check_transport(req, collect, &res->fault));
	if (!ff_utf8_valid(req->body))
		return ff_fault_set(&res->fault, ff_collect_refuse(collect, FF_REASON_NOT_UTF8, FF_INVALID), "request",
		    "is not valid UTF-8");
	collect->reason = FF_REASON_BAD_FIELD;
	return FF_OK;
}

enum ff_err
ff_beacon_json(const struct ff_req *req, struct ff_res *res, enum ff_json_type type, const struct ff_json **out)
{
	struct ff_collect *collect = ff_collect_of(req);

	*out = NULL;
	FF_TRY(ff_beacon_text(req, res));
	collect->reason = FF_REASON_NOT_JSON;
	FF_TRY(ff_json_parse(req->arena, req->body, out, &res->fault));
	if (ff_json_type(*out) != type)
		return ff_fault_set(&res->fault, FF_INVALID, "request",
		    type == FF_JSON_ARRAY ? "is not a JSON array" : "is not a JSON object");
	collect->reason = FF_REASON_BAD_FIELD;
	return FF_OK;
}

enum ff_err
ff_beacon_body(const struct ff_req *req, struct ff_res *res, bool optional, const struct ff_json **out)
{
	*out = NULL;
	if (optional && ff_str_trim(req->body).len == 0)
		return check_transport(req, ff_collect_of(req), &res->fault);
	return ff_beacon_json(req, res, FF_JSON_OBJECT, out);
}
