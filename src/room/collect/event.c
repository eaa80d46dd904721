/* POST /api/event: Plausible's Events API, and what we say beside it (docs/events.md).
 * Short names win over long ones. Replies: 202 "ok", with x-plausible-dropped where a site refused it or keeps it as a
 * robot's; 400 with {"errors":{field:[why]}}. */
#include "base/limits.h"
#include "base/utf8.h"
#include "room/collect/beacon.h"
#include "room/collect/dialect.h"
#include "room/collect/kinds.h"
#include "room/collect/props.h"
#include "wire/url.h"

/* In Plausible's words. */
static enum ff_err
read_url(const struct ff_fields *fields, struct ff_str *url)
{
	const struct ff_json *node = ff_field_find(fields, "u", "url");
	struct ff_url         parsed;

	if (!node)
		return FF_OK;
	*url = ff_json_str(node);
	if (ff_str_starts_nocase(ff_str_trim(*url), FF_STR("data:")))
		return ff_field_bad(fields, "url", "scheme is not allowed");
	if (ff_json_type(node) != FF_JSON_STRING || url->len > FF_URL_MAX ||
	    (ff_str_trim(*url).len > 0 && ff_url_parse(fields->arena, *url, &parsed) != FF_OK))
		return ff_field_bad(fields, "url", "must be a valid url");
	return FF_OK;
}

static enum ff_err
read_page(const struct ff_fields *fields, struct ff_beacon *beacon)
{
	const struct ff_json *hash = ff_field_find(fields, "h", "hashMode");
	struct ff_str         referrer = FF_STR_NONE;
	int64_t               one;

	FF_TRY(read_url(fields, &beacon->url));
	if (ff_str_trim(beacon->url).len == 0 && !ff_field_find(fields, NULL, "kind") && !ff_field_find(fields, NULL, "item"))
		return ff_field_bad(fields, "url", "is required");
	beacon->hash_mode = ff_json_bool(hash) || (ff_json_i64(hash, &one) && one == 1);
	FF_TRY(ff_field_text(fields, "r", "referrer", FF_BATCH_MAX, &referrer));
	beacon->referrer = ff_str_sub(referrer, 0, FF_URL_MAX);
	return FF_OK;
}

static enum ff_err
read_sites(const struct ff_fields *fields, struct ff_beacon *beacon)
{
	struct ff_str rest;
	bool          any = false;

	FF_TRY(ff_field_text(fields, "d", "domain", FF_BEACON_MAX, &beacon->sites));
	if (!beacon->sites.p)
		return FF_OK;
	for (rest = beacon->sites; rest.p;)
		any |= ff_str_trim(ff_str_split(&rest, ',')).len > 0;
	return any ? FF_OK : ff_field_bad(fields, "domain", "can't be blank");
}

enum ff_err
ff_event_read(const struct ff_req *req, const struct ff_fields *fields, struct ff_beacon *beacon)
{
	struct ff_str title = FF_STR_NONE;
	bool          interactive = true;

	ff_beacon_init(beacon, FF_KIND_EVENT, "");
	beacon->site_key = "domain";
	FF_TRY(read_page(fields, beacon));
	FF_TRY(ff_kind_read(fields, &beacon->event));
	if (ff_str_trim(beacon->url).len == 0 && !ff_kind_pageless(fields, beacon->event.kind))
		return ff_field_bad(fields, "url", "is required");
	FF_TRY(read_sites(fields, beacon));
	FF_TRY(ff_field_bool(fields, "i", "interactive", &interactive));
	FF_TRY(ff_field_text(fields, NULL, "title", FF_BATCH_MAX, &title));
	beacon->event.title = ff_utf8_cut(title, FF_TITLE_MAX);
	FF_TRY(ff_field_extensions(fields, beacon));
	FF_TRY(ff_kind_fields(fields, beacon, interactive));
	ff_revenue_read(fields, &beacon->event);
	return ff_props_read(fields, &ff_collect_of(req)->props, &beacon->event.props);
}

/* Plausible's way to ask which address a proxy chain leaves; nothing is recorded. */
static bool
is_debug(const struct ff_req *req, struct ff_res *res)
{
	struct ff_addr addr;
	char           text[46] = "";

	if (!ff_str_eqz(ff_req_env(req, "HTTP_X_DEBUG_REQUEST"), "true"))
		return false;
	if (ff_client_addr(req->peer, req->forwarded, &ff_collect_of(req)->trusted, &addr))
		ff_addr_print(&addr, text);
	res->content_type = "text/plain; charset=utf-8";
	ff_buf_z(&res->body, text);
	return true;
}

enum ff_err
ff_collect_event(const struct ff_req *req, struct ff_res *res)
{
	struct ff_fields  fields = { req->arena, NULL, "", &res->fault };
	struct ff_beacon  beacon;
	struct ff_outcome outcome;

	if (is_debug(req, res))
		return FF_OK;
	FF_TRY(ff_beacon_body(req, res, false, &fields.object));
	FF_TRY(ff_event_read(req, &fields, &beacon));
	FF_TRY(ff_beacon_take(req, res, &beacon, &outcome));
	outcome.dropped += ff_collect_of(req)->parcel->robots; /* kept, but in no figure: what Plausible calls dropped */
	if (outcome.dropped > 0)
		ff_res_header(res, "x-plausible-dropped", ff_str_printf(req->arena, "%u", outcome.dropped));
	res->status = 202;
	res->content_type = "text/plain; charset=utf-8";
	ff_buf_z(&res->body, "ok");
	return FF_OK;
}

static void
write_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	const struct ff_fault *fault = &res->fault;
	enum ff_reason         reason = ff_collect_of(req)->reason;
	bool                   unread = err == FF_INVALID && (reason == FF_REASON_NOT_JSON || reason == FF_REASON_NOT_UTF8);
	struct ff_json_out     out;

	ff_buf_clear(&res->body);
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "errors");
	ff_json_object(&out);
	ff_json_put_key(&out, fault->field[0] ? fault->field : "request");
	ff_json_array(&out);
	ff_json_put_z(&out, unread ? "Unable to parse request body as json" : ff_fault_why(fault, err));
	ff_json_array_end(&out);
	ff_json_object_end(&out);
	ff_json_object_end(&out);
}

const struct ff_dialect ff_dialect_event = {
	.fn = ff_collect_event,
	.error = write_error,
	.refusal = FF_STR_INIT(FF_REFUSAL_TEXT("application/json",
	    "{\"errors\":{\"request\":[\"could not be stored, try again later\"]}}\n")),
};
