/* POST /api/track/page-view: a page was opened. Fields: url or path (one is required), site (d), referrer (r), title,
 * item, event_id, view_type, view_source, screen, props. Answers 204; a refusal by policy is 204 too, with its
 * reason in x-footfall-dropped; 404: no such site. */
#include "base/limits.h"
#include "base/utf8.h"
#include "room/collect/beacon.h"
#include "room/collect/props.h"
#include "room/collect/query.h"

static enum ff_err
read_page(const struct ff_fields *fields, struct ff_beacon *beacon)
{
	struct ff_str title = FF_STR_NONE;

	FF_TRY(ff_field_text(fields, "u", "url", FF_URL_MAX, &beacon->url));
	if (beacon->url.len == 0)
		FF_TRY(ff_field_text(fields, NULL, "path", FF_URL_MAX, &beacon->url));
	if (ff_str_trim(beacon->url).len == 0)
		return ff_field_bad(fields, "path", "or url is required");
	FF_TRY(ff_field_text(fields, "r", "referrer", FF_URL_MAX, &beacon->referrer));
	FF_TRY(ff_field_text(fields, NULL, "title", FF_BEACON_MAX, &title));
	beacon->event.title = ff_utf8_cut(title, FF_TITLE_MAX);
	/* The page of an item names the item. */
	if (beacon->event.item.key.len > 0 && beacon->event.item.title.len == 0)
		beacon->event.item.title = ff_utf8_cut(title, FF_ITEM_TITLE_MAX);
	return FF_OK;
}

enum ff_err
ff_collect_track(const struct ff_req *req, struct ff_res *res)
{
	struct ff_fields  fields = { req->arena, NULL, "", &res->fault };
	struct ff_beacon  beacon;
	struct ff_outcome outcome;

	FF_TRY(ff_beacon_body(req, res, false, &fields.object));
	ff_beacon_init(&beacon, FF_KIND_PAGEVIEW, "pageview");
	FF_TRY(ff_field_extensions(&fields, &beacon, req->now_us));
	FF_TRY(read_page(&fields, &beacon));
	FF_TRY(ff_field_text(&fields, "d", "site", FF_HOST_MAX, &beacon.sites));
	FF_TRY(ff_props_read(&fields, &ff_collect_of(req)->props, &beacon.event.props));
	FF_TRY(ff_query_site(req, &beacon, &res->fault));
	FF_TRY(ff_beacon_take(req, res, &beacon, &outcome));
	FF_TRY(ff_outcome_found(&outcome, &res->fault));
	if (outcome.dropped > 0)
		ff_res_header(res, "x-footfall-dropped", ff_str_from(ff_reason_name(outcome.reason)));
	res->status = 204;
	return FF_OK;
}
