/* POST /api/performance/track: what a page measured. vitals: {"LCP": ms, "INP": ms, "CLS": score, "FCP": ms, "TTFB": ms} in any
 * case; api: [{"route", "ms", "status"}]; errors: [{"message", "type", "source", "line"}]; url or path, site, item, event_id.
 * An event each, at most 50, all of them or none. Answers 204, also where policy dropped them (x-footfall-dropped); 404: no
 * such site. With an event_id each event gets one of its own from it, so that a body that is sent again counts once. */
#include "base/limits.h"
#include "base/utf8.h"
#include "room/collect/kinds.h"
#include "room/collect/plain.h"
#include "safe/hash.h"

/* A body on its way: what all of its events share, and how many there were. */
struct report {
	const struct ff_req *req;
	struct ff_res       *res;
	struct ff_beacon     common;
	unsigned             n;
};

/* The same place in the same body gives the same id. */
static struct ff_uuid
id_at(const struct ff_uuid *id, unsigned n)
{
	uint8_t       hash[16], place = (uint8_t)n;
	struct ff_str parts[] = { ff_str_of((const char *)id->b, sizeof(id->b)), ff_str_of((const char *)&place, 1) };

	ff_hash(hash, sizeof(hash), NULL, parts, 2);
	return ff_uuid_v8(hash);
}

static enum ff_err
begin(struct report *report, enum ff_kind kind, const char *name, struct ff_beacon *beacon)
{
	ff_beacon_next(report->req, report->res);
	if (report->n == FF_REPORT_EVENTS_MAX)
		return ff_fault_set(&report->res->fault, FF_INVALID, "request", "holds more than %d events", FF_REPORT_EVENTS_MAX);
	*beacon = report->common;
	beacon->event.kind = (uint8_t)kind;
	beacon->event.name = ff_str_from(name);
	if (beacon->event.flags & FF_FLAG_CLIENT_ID)
		beacon->event.event_id = id_at(&beacon->event.event_id, report->n);
	report->n++;
	return FF_OK;
}

static enum ff_err
measured(const struct ff_fields *fields, const char *name, struct ff_event *event)
{
	bool given = false;

	FF_TRY(ff_field_micros(fields, name, &event->measure_micros, &given));
	if (!given)
		return ff_field_bad(fields, name, "is required");
	if (event->measure_micros < 0)
		return ff_field_bad(fields, name, "is negative");
	event->flags |= FF_FLAG_MEASURE;
	return FF_OK;
}

/* Those of the given members as properties. */
static enum ff_err
put_details(const struct ff_fields *fields, struct ff_buf *buf, const char *const *names, struct ff_str *props)
{
	struct ff_props_out out;

	ff_props_open(&out, buf);
	for (; *names; names++)
		FF_TRY(ff_props_put(fields, &out, *names, ff_str_from(*names), ff_field_find(fields, NULL, *names)));
	return ff_props_close(fields, &out, "props", props);
}

static enum ff_err
take_call(struct report *report, const struct ff_fields *call, struct ff_beacon *beacon)
{
	static const char *const details[] = { "status", NULL };

	FF_TRY(begin(report, FF_KIND_PERFORMANCE, "api", beacon));
	FF_TRY(ff_field_text(call, NULL, "route", FF_LABEL_MAX, &beacon->event.target));
	if (ff_str_trim(beacon->event.target).len == 0)
		return ff_field_bad(call, "route", "is required");
	FF_TRY(measured(call, "ms", &beacon->event));
	return put_details(call, &ff_collect_of(report->req)->props, details, &beacon->event.props);
}

static enum ff_err
take_error(struct report *report, const struct ff_fields *error, struct ff_beacon *beacon)
{
	static const char *const details[] = { "source", "line", "status", NULL };
	struct ff_str            message = FF_STR_NONE;

	FF_TRY(begin(report, FF_KIND_ERROR, "error", beacon));
	FF_TRY(ff_name_read(error, NULL, "type", "type", &beacon->event.name));
	FF_TRY(ff_field_text(error, NULL, "message", FF_REPORT_MAX, &message));
	if (ff_str_trim(message).len == 0)
		return ff_field_bad(error, "message", "is required");
	beacon->event.target = ff_utf8_cut(message, FF_LABEL_MAX);
	return put_details(error, &ff_collect_of(report->req)->props, details, &beacon->event.props);
}

static enum ff_err
take_list(struct report *report, const struct ff_fields *fields, const char *name,
    enum ff_err (*one)(struct report *report, const struct ff_fields *fields, struct ff_beacon *beacon))
{
	const struct ff_json *list = ff_field_find(fields, NULL, name);
	struct ff_beacon      beacon;
	int                   i = 0;

	if (list && ff_json_type(list) != FF_JSON_ARRAY)
		return ff_field_bad(fields, name, "is not an array");
	for (const struct ff_json *node = ff_json_first(list); node; node = ff_json_next(node), i++) {
		const char            *prefix = ff_str_z(fields->arena, ff_str_printf(fields->arena, "%s[%d].", name, i));
		const struct ff_fields own = { fields->arena, node, prefix, fields->fault };

		if (ff_json_type(node) != FF_JSON_OBJECT)
			return ff_field_bad(fields, name, "holds something that is not an object");
		FF_TRY(one(report, &own, &beacon));
		FF_TRY(ff_plain_take(report->req, report->res, &beacon));
	}
	return FF_OK;
}

static enum ff_err
take_vitals(struct report *report, const struct ff_fields *fields)
{
	static const char *const names[] = { "LCP", "INP", "CLS", "FCP", "TTFB" };
	const struct ff_json    *object = ff_field_find(fields, NULL, "vitals");
	struct ff_fields         vitals = { fields->arena, object, "vitals.", fields->fault };
	struct ff_beacon         beacon;

	if (object && ff_json_type(object) != FF_JSON_OBJECT)
		return ff_field_bad(fields, "vitals", "is not an object");
	for (const struct ff_json *node = ff_json_first(object); node; node = ff_json_next(node))
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (!ff_str_eq_nocase(ff_json_key(node), ff_str_from(names[i])) || ff_json_type(node) == FF_JSON_NULL)
				continue;
			FF_TRY(begin(report, FF_KIND_PERFORMANCE, names[i], &beacon));
			FF_TRY(measured(&vitals, ff_str_z(fields->arena, ff_json_key(node)), &beacon.event));
			FF_TRY(ff_plain_take(report->req, report->res, &beacon));
		}
	return FF_OK;
}

enum ff_err
ff_collect_performance(const struct ff_req *req, struct ff_res *res)
{
	struct ff_fields fields = { req->arena, NULL, "", &res->fault };
	struct report    report = { .req = req, .res = res };

	FF_TRY(ff_beacon_body(req, res, false, &fields.object));
	ff_beacon_init(&report.common, FF_KIND_PERFORMANCE, "");
	FF_TRY(ff_plain_read(req, &fields, &report.common, false));
	FF_TRY(take_vitals(&report, &fields));
	FF_TRY(take_list(&report, &fields, "api", take_call));
	FF_TRY(take_list(&report, &fields, "errors", take_error));
	if (report.n == 0)
		return ff_field_bad(&fields, "vitals", "or api or errors is required");
	return FF_OK;
}
