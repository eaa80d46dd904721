#include "room/collect/plain.h"

#include "base/limits.h"
#include "room/collect/dialect.h"
#include "room/collect/query.h"
#include "wire/url.h"

/* The page that sends it, where the client does not name one. What the browser made of it is no fault of the client's. */
static struct ff_str
referring_page(const struct ff_req *req)
{
	struct ff_url url;

	if (req->referer.len > FF_URL_MAX || ff_url_parse(req->arena, req->referer, &url) != FF_OK)
		return FF_STR_NONE;
	return req->referer;
}

enum ff_err
ff_plain_read(const struct ff_req *req, const struct ff_fields *fields, struct ff_beacon *beacon, bool required)
{
	FF_TRY(ff_field_extensions(fields, beacon));
	FF_TRY(ff_field_text(fields, "u", "url", FF_URL_MAX, &beacon->url));
	if (beacon->url.len == 0)
		FF_TRY(ff_field_text(fields, NULL, "path", FF_URL_MAX, &beacon->url));
	if (ff_str_trim(beacon->url).len == 0 && required)
		return ff_field_bad(fields, "path", "or url is required");
	if (ff_str_trim(beacon->url).len == 0)
		beacon->url = referring_page(req);
	FF_TRY(ff_field_text(fields, "r", "referrer", FF_URL_MAX, &beacon->referrer));
	FF_TRY(ff_field_text(fields, "d", "site", FF_HOST_MAX, &beacon->sites));
	return ff_query_site(req, beacon, fields->fault);
}

enum ff_err
ff_plain_take(const struct ff_req *req, struct ff_res *res, const struct ff_beacon *beacon)
{
	struct ff_outcome outcome;

	FF_TRY(ff_beacon_take(req, res, beacon, &outcome));
	FF_TRY(ff_outcome_found(&outcome, &res->fault));
	if (outcome.dropped > 0)
		ff_dialect_dropped(res, outcome.reason);
	res->status = 204;
	return FF_OK;
}
