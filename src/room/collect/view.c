/* POST /api/view/{kind}/{id}, and POST /api/analytics/view/{id} for the site's default kind: a view of a content item. The
 * body may be empty; fields: site (d), url or path, referrer (r), title, owner, collection, event_id, view_type, view_source,
 * screen. Answers 202 with {"status":"recorded","event_id":"..."} or {"status":"dropped","reason":"gpc"}; 404: no such site, or
 * no such item on a strict one. */
#include "base/limits.h"
#include "room/collect/beacon.h"
#include "room/collect/props.h"
#include "room/collect/query.h"

static enum ff_err
read_item(const struct ff_req *req, const struct ff_fields *fields, struct ff_item *item)
{
	bool has_kind = req->segments[1].len > 0;

	item->kind = has_kind ? req->segments[0] : FF_STR_NONE;
	item->key = req->segments[has_kind];
	if (item->kind.len > FF_ITEM_KIND_MAX)
		return ff_field_bad(fields, "kind", "is longer than 32 bytes");
	if (item->key.len > FF_ITEM_KEY_MAX)
		return ff_field_bad(fields, "id", "is longer than 200 bytes");
	FF_TRY(ff_field_text(fields, NULL, "title", FF_ITEM_TITLE_MAX, &item->title));
	FF_TRY(ff_field_id(fields, NULL, "owner", FF_ITEM_OWNER_MAX, &item->owner));
	return ff_field_id(fields, NULL, "collection", FF_ITEM_COLLECTION_MAX, &item->collection);
}

static enum ff_err
read_all(const struct ff_req *req, const struct ff_fields *fields, struct ff_beacon *beacon, struct ff_buf *props)
{
	FF_TRY(ff_field_text(fields, "d", "site", FF_HOST_MAX, &beacon->sites));
	FF_TRY(ff_field_text(fields, NULL, "url", FF_URL_MAX, &beacon->url));
	if (beacon->url.len == 0)
		FF_TRY(ff_field_text(fields, NULL, "path", FF_URL_MAX, &beacon->url));
	FF_TRY(ff_field_text(fields, "r", "referrer", FF_URL_MAX, &beacon->referrer));
	FF_TRY(ff_field_extensions(fields, beacon));
	FF_TRY(ff_props_read(fields, props, &beacon->event.props));
	FF_TRY(read_item(req, fields, &beacon->event.item));
	return ff_query_site(req, beacon, fields->fault);
}

static void
write_answer(const struct ff_outcome *outcome, struct ff_res *res)
{
	struct ff_json_out out;
	char               id[37];

	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "status");
	ff_json_put_z(&out, outcome->stored > 0 ? "recorded" : "dropped");
	if (outcome->stored > 0) {
		ff_uuid_print(&outcome->event_id, id);
		ff_json_put_key(&out, "event_id");
		ff_json_put_z(&out, id);
	} else {
		ff_json_put_key(&out, "reason");
		ff_json_put_z(&out, ff_reason_name(outcome->reason));
	}
	ff_json_object_end(&out);
}

enum ff_err
ff_collect_view(const struct ff_req *req, struct ff_res *res)
{
	struct ff_fields  fields = { req->arena, NULL, "", &res->fault };
	struct ff_beacon  beacon;
	struct ff_outcome outcome;

	FF_TRY(ff_beacon_body(req, res, true, &fields.object));
	ff_beacon_init(&beacon, FF_KIND_VIEW, "view");
	FF_TRY(read_all(req, &fields, &beacon, &ff_collect_of(req)->props));
	FF_TRY(ff_beacon_take(req, res, &beacon, &outcome));
	FF_TRY(ff_outcome_found(&outcome, &res->fault));
	res->status = 202;
	write_answer(&outcome, res);
	return FF_OK;
}
