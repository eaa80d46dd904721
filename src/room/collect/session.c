/* What somebody does on a page, for hosts that keep sessions of their own (whose ids are left alone: they would make
 * people known who are not to be).
 *
 * POST /api/sessions/track-interaction: action (required), element, value, url or path, site, item, event_id, props. A value
 * that is no number becomes the property "value".
 * POST /api/sessions/save-config: options (an object: option -> value), step, price with currency, url or path, site, item,
 * event_id. Both answer 204, also where policy dropped it (x-footfall-dropped); 404: no such site. */
#include "base/limits.h"
#include "room/collect/kinds.h"
#include "room/collect/plain.h"

static enum ff_err
read_value(const struct ff_fields *fields, struct ff_buf *props, struct ff_event *event)
{
	const struct ff_json *node = ff_field_find(fields, NULL, "value");
	struct ff_props_out   out;

	ff_props_open(&out, props);
	FF_TRY(ff_props_put_own(fields, &out));
	if (node && ff_micros_read(node, &event->measure_micros))
		event->flags |= FF_FLAG_MEASURE;
	else if (node)
		FF_TRY(ff_props_put(fields, &out, "value", FF_STR("value"), node));
	return ff_props_close(fields, &out, "props", &event->props);
}

enum ff_err
ff_collect_interaction(const struct ff_req *req, struct ff_res *res)
{
	struct ff_fields fields = { req->arena, NULL, "", &res->fault };
	struct ff_beacon beacon;

	FF_TRY(ff_beacon_body(req, res, false, &fields.object));
	ff_beacon_init(&beacon, FF_KIND_INTERACTION, "");
	FF_TRY(ff_name_read(&fields, NULL, "action", "action", &beacon.event.name));
	if (beacon.event.name.len == 0)
		return ff_field_bad(&fields, "action", "is required");
	FF_TRY(ff_field_id(&fields, NULL, "element", FF_LABEL_MAX, &beacon.event.target));
	FF_TRY(ff_plain_read(req, &fields, &beacon, false));
	FF_TRY(read_value(&fields, &ff_collect_of(req)->props, &beacon.event));
	return ff_plain_take(req, res, &beacon);
}

static enum ff_err
read_price(const struct ff_fields *fields, struct ff_event *event)
{
	struct ff_str currency = FF_STR_NONE;
	bool          given = false;

	FF_TRY(ff_field_micros(fields, "price", &event->value_micros, &given));
	FF_TRY(ff_field_text(fields, NULL, "currency", 3, &currency));
	if (given && !ff_str_letters(currency, event->currency, 3))
		return ff_field_bad(fields, "currency", "is required beside a price, as a code of ISO 4217 like EUR");
	return FF_OK;
}

static enum ff_err
read_options(const struct ff_fields *fields, struct ff_buf *props, struct ff_event *event)
{
	const struct ff_json *node = ff_field_find(fields, NULL, "options");
	struct ff_props_out   out;

	if (!node)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_OBJECT)
		return ff_field_bad(fields, "options", "is not an object");
	ff_props_open(&out, props);
	FF_TRY(ff_props_put_all(fields, &out, "options", node));
	return ff_props_close(fields, &out, "options", &event->props);
}

enum ff_err
ff_collect_configuration(const struct ff_req *req, struct ff_res *res)
{
	struct ff_fields fields = { req->arena, NULL, "", &res->fault };
	struct ff_beacon beacon;

	FF_TRY(ff_beacon_body(req, res, false, &fields.object));
	ff_beacon_init(&beacon, FF_KIND_CONFIGURATION, "configuration");
	FF_TRY(ff_name_read(&fields, NULL, "step", "step", &beacon.event.name));
	FF_TRY(ff_plain_read(req, &fields, &beacon, false));
	FF_TRY(read_price(&fields, &beacon.event));
	FF_TRY(read_options(&fields, &ff_collect_of(req)->props, &beacon.event));
	return ff_plain_take(req, res, &beacon);
}
