/* POST /api/track/page-view: a page was opened. Fields: url or path (one is required), site (d), referrer (r), title,
 * item, event_id, view_type, view_source, screen, props. POST /api/track/search: the site itself was searched. q (the terms)
 * is required; hits (their number), url or path, site, item, event_id, props. Both answer 204; a refusal by policy is 204 too,
 * with its reason in x-footfall-dropped; 404: no such site. */
#include "base/limits.h"
#include "base/utf8.h"
#include "room/collect/plain.h"

static enum ff_err
read_title(const struct ff_fields *fields, struct ff_event *event)
{
	struct ff_str title = FF_STR_NONE;

	FF_TRY(ff_field_text(fields, NULL, "title", FF_BEACON_MAX, &title));
	event->title = ff_utf8_cut(title, FF_TITLE_MAX);
	/* The page of an item names the item. */
	if (event->item.key.len > 0 && event->item.title.len == 0)
		event->item.title = ff_utf8_cut(title, FF_ITEM_TITLE_MAX);
	return FF_OK;
}

enum ff_err
ff_collect_track(const struct ff_req *req, struct ff_res *res)
{
	struct ff_fields fields = { req->arena, NULL, "", &res->fault };
	struct ff_beacon beacon;

	FF_TRY(ff_beacon_body(req, res, false, &fields.object));
	ff_beacon_init(&beacon, FF_KIND_PAGEVIEW, "pageview");
	FF_TRY(ff_plain_read(req, &fields, &beacon, true));
	FF_TRY(read_title(&fields, &beacon.event));
	FF_TRY(ff_props_read(&fields, &ff_collect_of(req)->props, &beacon.event.props));
	return ff_plain_take(req, res, &beacon);
}

static enum ff_err
read_search(const struct ff_fields *fields, struct ff_event *event)
{
	int64_t hits = -1;

	FF_TRY(ff_field_text(fields, "q", "query", FF_LABEL_MAX, &event->target));
	if (ff_str_trim(event->target).len == 0)
		return ff_field_bad(fields, "q", "is required");
	FF_TRY(ff_field_whole(fields, "hits", 0, INT32_MAX, &hits));
	if (hits >= 0) {
		event->measure_micros = hits * 1000000;
		event->flags |= FF_FLAG_MEASURE;
	}
	return FF_OK;
}

enum ff_err
ff_collect_search(const struct ff_req *req, struct ff_res *res)
{
	struct ff_fields fields = { req->arena, NULL, "", &res->fault };
	struct ff_beacon beacon;

	FF_TRY(ff_beacon_body(req, res, false, &fields.object));
	ff_beacon_init(&beacon, FF_KIND_SEARCH, "search");
	FF_TRY(read_search(&fields, &beacon.event));
	FF_TRY(ff_plain_read(req, &fields, &beacon, false));
	FF_TRY(ff_props_read(&fields, &ff_collect_of(req)->props, &beacon.event.props));
	return ff_plain_take(req, res, &beacon);
}
