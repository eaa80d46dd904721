/* POST /api/event: Plausible's Events API, with our extensions (event_id, item, view_type, view_source).
 * Short names win over long ones. Replies: 202 "ok", with x-plausible-dropped where a site refused it; 400 with
 * {"errors":{field:[why]}}. */
#include "base/limits.h"
#include "base/num.h"
#include "room/collect/beacon.h"
#include "room/collect/dialect.h"
#include "room/collect/props.h"


/* Longer engagement is a broken clock, and the table's column is an int. */
#define ENGAGED_LIMIT_MS (INT64_C(30) * 86400 * 1000)

static size_t
characters(struct ff_str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += (text.p[i] & 0xc0) != 0x80;
	return n;
}

static enum ff_err
read_name(const struct ff_fields *fields, struct ff_event *event)
{
	struct ff_str name = FF_STR_NONE;

	if (ff_field_id(fields, "n", "name", FF_BEACON_MAX, &name) != FF_OK)
		return ff_field_bad(fields, "event_name", "is neither a string nor a whole number");
	if (ff_str_trim(name).len == 0)
		return ff_field_bad(fields, "event_name", "can't be blank");
	if (characters(name) > FF_NAME_MAX)
		return ff_field_bad(fields, "event_name", "should be at most 120 character(s)");
	event->name = name;
	event->kind = FF_KIND_EVENT;
	if (ff_str_eqz(name, "pageview"))
		event->kind = FF_KIND_PAGEVIEW;
	if (ff_str_eqz(name, "engagement") || ff_str_eqz(name, "pageleave")) {
		event->kind = FF_KIND_ENGAGEMENT;
		event->name = FF_STR("engagement");
	}
	return FF_OK;
}

static enum ff_err
read_page(const struct ff_fields *fields, struct ff_beacon *beacon)
{
	const struct ff_json *hash = ff_field_find(fields, "h", "hashMode");
	struct ff_str         referrer = FF_STR_NONE;
	int64_t               one;

	FF_TRY(ff_field_text(fields, "u", "url", FF_URL_MAX, &beacon->url));
	if (ff_str_trim(beacon->url).len == 0)
		return ff_field_bad(fields, "url", "is required");
	beacon->hash_mode = ff_json_bool(hash) || (ff_json_i64(hash, &one) && one == 1);
	FF_TRY(ff_field_text(fields, "r", "referrer", FF_BEACON_MAX, &referrer));
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

/* A whole number, also as text: the newest clients send both. */
static bool
read_whole(const struct ff_json *node, int64_t *out)
{
	double number;

	if (ff_json_type(node) == FF_JSON_STRING)
		return ff_num_i64(ff_str_trim(ff_json_str(node)), out);
	if (ff_json_type(node) != FF_JSON_NUMBER)
		return false;
	number = ff_json_double(node);
	if (!(number > -9e15 && number < 9e15))
		return false;
	*out = (int64_t)number;
	return true;
}

static enum ff_err
read_engagement(const struct ff_fields *fields, struct ff_event *event)
{
	int64_t scroll = -1, engaged = -1;
	bool    has_scroll = read_whole(ff_field_find(fields, "sd", "scrollDepth"), &scroll) && scroll >= 0;
	bool    has_engaged = read_whole(ff_field_find(fields, "e", "engagementTime"), &engaged) && engaged >= 0 &&
	                      engaged < ENGAGED_LIMIT_MS;

	if (event->kind != FF_KIND_ENGAGEMENT)
		return FF_OK;
	if (!has_scroll && !has_engaged)
		return ff_field_bad(fields, "sd", "or e is required: a valid scroll depth or engagement time");
	if (has_scroll)
		event->scroll = (uint8_t)(scroll > 100 ? 100 : scroll);
	if (has_engaged)
		event->engaged_ms = (uint32_t)(engaged > INT32_MAX ? INT32_MAX : engaged);
	return FF_OK;
}

static enum ff_err
read_all(const struct ff_fields *fields, struct ff_beacon *beacon, struct ff_buf *props)
{
	bool interactive = true;

	FF_TRY(read_page(fields, beacon));
	FF_TRY(read_name(fields, &beacon->event));
	FF_TRY(read_sites(fields, beacon));
	FF_TRY(ff_field_bool(fields, "i", "interactive", &interactive));
	FF_TRY(read_engagement(fields, &beacon->event));
	FF_TRY(ff_props_read(fields, props, &beacon->event.props));
	ff_revenue_read(fields, &beacon->event);
	if (!interactive || beacon->event.kind == FF_KIND_ENGAGEMENT)
		beacon->event.flags |= FF_FLAG_NON_INTERACTIVE;
	return ff_field_extensions(fields, beacon);
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
	ff_beacon_init(&beacon, FF_KIND_EVENT, "");
	beacon.site_key = "domain";
	FF_TRY(read_all(&fields, &beacon, &ff_collect_of(req)->props));
	FF_TRY(ff_beacon_take(req, res, &beacon, &outcome));
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
	struct ff_json_out     out;

	(void)req;
	ff_buf_clear(&res->body);
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "errors");
	ff_json_object(&out);
	ff_json_put_key(&out, fault->field[0] ? fault->field : "request");
	ff_json_array(&out);
	ff_json_put_z(&out, fault->why[0] ? fault->why : ff_err_sentence(err));
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
