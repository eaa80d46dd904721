/* GET and POST /count, and POST /api/v0/count: GoatCounter's ways in.
 *
 * /count answers with an image: 200; 202 where the address is on the site's list of its own; 400, with the reason in the
 * X-Goatcounter header. The site is ?site= (a domain or public id), else the page's by Origin or Referer, else the host
 * that was asked. /api/v0/count is for callers with a key: 202 {"status":"ok"}, or 400 {"errors":{"3":"..."}} for the hits
 * that were not taken; the others are stored. What the site's list excludes stands in X-Goatcounter-Filter. */
#include "base/limits.h"
#include "room/collect/dialect.h"
#include "room/collect/goatcounter.h"
#include "room/collect/image.h"
#include "room/collect/query.h"
#include "wire/url.h"

/* Indexes in one X-Goatcounter-Filter: a header must stay a header. */
#define FILTERED_BYTES 4096

/* The named one; else the page's, else the host that was asked, whichever is a site; else the page's, which is none. */
static struct ff_str
choose_site(const struct ff_req *req, struct ff_str named)
{
	const struct ff_collect *collect = ff_collect_of(req);
	struct ff_str            page = ff_beacon_host(req), asked = ff_url_host_bare(req->arena, req->host);

	if (named.len > 0 || !collect->snapshot)
		return named;
	if (page.len > 0 && ff_snapshot_by_domain(collect->snapshot, page))
		return page;
	if (asked.len > 0 && ff_snapshot_by_domain(collect->snapshot, asked))
		return asked;
	return page.len > 0 ? page : asked;
}

static enum ff_err
named_site(const struct ff_req *req, const struct ff_pairs *pairs, struct ff_str *site, struct ff_fault *fault)
{
	*site = FF_STR_NONE;
	FF_TRY(ff_query_text(pairs, NULL, "site", FF_HOST_MAX, site, fault));
	*site = choose_site(req, *site);
	if (ff_str_find_char(*site, ',') < site->len)
		return ff_fault_set(fault, FF_INVALID, "site", "is not one site");
	return site->len > 0 ? FF_OK :
	    ff_fault_set(fault, FF_INVALID, "site", "is required where neither the page nor the host is one");
}

static void
say_ignored(const struct ff_req *req, struct ff_res *res)
{
	struct ff_addr addr;
	char           text[46] = "";

	if (ff_client_addr(req->peer, req->forwarded, &ff_collect_of(req)->trusted, &addr))
		ff_addr_print(&addr, text);
	res->status = 202;
	ff_res_header(res, "X-Goatcounter",
	    ff_str_printf(req->arena, "ignored because \"%s\" is in the IP ignore list", text));
}

enum ff_err
ff_collect_goatcounter(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_reading reading = { req->arena, &ff_collect_of(req)->props, &res->fault };
	struct ff_pairs         pairs;
	struct ff_beacon        beacon;
	struct ff_outcome       outcome;
	struct ff_str           site;

	ff_image_write(res);
	if (req->method == FF_HEAD) /* a link checker, not a view */
		return FF_OK;
	FF_TRY(ff_beacon_text(req, res));
	FF_TRY(ff_query_read(req, &pairs, &res->fault));
	if (req->user_agent.len > FF_AGENT_MAX)
		return ff_reading_bad(&reading, "browser", "must be shorter than 512 bytes");
	FF_TRY(ff_goatcounter_count(&reading, &pairs, ff_beacon_host(req), &beacon));
	FF_TRY(named_site(req, &pairs, &site, &res->fault));
	beacon.sites = site;
	FF_TRY(ff_beacon_take(req, res, &beacon, &outcome));
	if (outcome.stored > 0)
		return FF_OK;
	if (outcome.reason == FF_REASON_UNKNOWN_SITE)
		return ff_fault_set(&res->fault, FF_INVALID, "site", "is not known here");
	if (outcome.reason == FF_REASON_EXCLUDED)
		say_ignored(req, res);
	ff_dialect_dropped(res, outcome.reason);
	return FF_OK;
}

static void
write_image_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	(void)req;
	ff_image_error(res, err, "X-Goatcounter", "not valid: ");
}

/* ---- the API ---- */

struct api {
	const struct ff_req *req;
	struct ff_res       *res;
	struct ff_str        site;
	bool                 no_sessions;
	struct ff_json_out   errors;
	struct ff_buf        filtered;
	int64_t              refused;
};

static enum ff_err
take_hit(struct api *api, const struct ff_json *node, struct ff_outcome *outcome)
{
	struct ff_fault        *fault = &api->res->fault;
	const struct ff_reading reading = { api->req->arena, &ff_collect_of(api->req)->props, fault };
	struct ff_beacon        beacon;

	FF_TRY(ff_goatcounter_hit(&reading, node, api->no_sessions, &beacon));
	beacon.sites = api->site;
	FF_TRY(ff_beacon_take(api->req, api->res, &beacon, outcome));
	if (outcome->stored == 0 && outcome->reason == FF_REASON_UNKNOWN_SITE)
		return ff_fault_set(fault, FF_INVALID, "site", "is not known here");
	return FF_OK;
}

static enum ff_err
take_one(struct api *api, const struct ff_json *node, unsigned index)
{
	const struct ff_fault *fault = &api->res->fault;
	struct ff_outcome      outcome = { 0 };
	enum ff_err            err;

	ff_beacon_next(api->req, api->res);
	err = take_hit(api, node, &outcome);
	if (ff_beacon_ends(err) || err == FF_UNAUTHORIZED || err == FF_FORBIDDEN)
		return err;
	if (err == FF_OK && outcome.stored == 0 && outcome.reason == FF_REASON_EXCLUDED)
		ff_buf_printf(&api->filtered, "%s%u", api->filtered.len > 0 ? ", " : "", index);
	if (err != FF_OK) {
		ff_beacon_refused(api->req, err);
		api->refused++;
		ff_json_put_key_str(&api->errors, ff_str_printf(api->req->arena, "%u", index));
		ff_json_put_str(&api->errors,
		    ff_str_printf(api->req->arena, "%s: %s", fault->field, ff_fault_why(fault, err)));
	}
	return FF_OK;
}

static enum ff_err
take_hits(struct api *api, const struct ff_json *hits)
{
	struct ff_res *res = api->res;
	unsigned       index = 0;

	ff_json_out_init(&api->errors, &res->body);
	ff_json_object(&api->errors);
	ff_json_put_key(&api->errors, "errors");
	ff_json_object(&api->errors);
	for (const struct ff_json *node = ff_json_first(hits); node; node = ff_json_next(node))
		FF_TRY(take_one(api, node, index++));
	ff_json_object_end(&api->errors);
	ff_json_object_end(&api->errors);
	if (api->filtered.len > 0 && !api->filtered.overflow)
		ff_res_header(res, "X-Goatcounter-Filter", ff_buf_view(&api->filtered));
	res->status = api->refused > 0 ? 400 : 202;
	if (api->refused == 0) {
		ff_buf_clear(&res->body);
		ff_buf_z(&res->body, "{\"status\":\"ok\"}\n");
	}
	return FF_OK;
}

/* A key of one site says which; else, and before, the body's "site" or ?site=. */
static enum ff_err
key_site(const struct ff_req *req, const struct ff_json *body, struct ff_str *site, struct ff_fault *fault)
{
	const struct ff_collect *collect = ff_collect_of(req);
	const struct ff_site    *own;
	struct ff_pairs          pairs;

	*site = ff_json_str(ff_json_get(body, "site"));
	if (site->len > 0 && site->len <= FF_HOST_MAX && ff_str_find_char(*site, ',') == site->len)
		return FF_OK;
	FF_TRY(ff_query_read(req, &pairs, fault));
	if (ff_pairs_find(&pairs, "site").len > 0 || collect->key->site_id == 0)
		return named_site(req, &pairs, site, fault);
	own = ff_snapshot_by_number(collect->snapshot, collect->key->site_id);
	if (!own)
		return ff_fault_set(fault, FF_FORBIDDEN, "", "the key's site is gone");
	*site = own->domain;
	return FF_OK;
}

static enum ff_err
read_hits(const struct ff_req *req, struct ff_res *res, struct api *api, const struct ff_json **hits)
{
	struct ff_collect    *collect = ff_collect_of(req);
	const struct ff_json *body;

	if (!collect->key)
		return ff_fault_set(&res->fault, ff_collect_refuse(collect, FF_REASON_UNAUTHORIZED, FF_UNAUTHORIZED), "",
		    "no Authorization header with an API key");
	FF_TRY(ff_beacon_body(req, res, false, &body));
	FF_TRY(key_site(req, body, &api->site, &res->fault));
	api->no_sessions = ff_json_bool(ff_json_get(body, "no_sessions"));
	*hits = ff_json_get(body, "hits");
	if (ff_json_type(*hits) != FF_JSON_ARRAY || ff_json_count(*hits) == 0)
		return ff_fault_set(&res->fault, FF_INVALID, "hits", "no hits");
	if (ff_json_count(*hits) > FF_BATCH_EVENTS_MAX)
		return ff_fault_set(&res->fault, ff_collect_refuse(collect, FF_REASON_TOO_LARGE, FF_INVALID), "hits",
		    "maximum amount of pageviews in one batch is %d", FF_BATCH_EVENTS_MAX);
	return FF_OK;
}

enum ff_err
ff_collect_goatcounter_api(const struct ff_req *req, struct ff_res *res)
{
	struct api            api = { .req = req, .res = res };
	const struct ff_json *hits = NULL;
	enum ff_err           err;

	FF_TRY(read_hits(req, res, &api, &hits));
	ff_buf_init(&api.filtered, FILTERED_BYTES);
	err = take_hits(&api, hits);
	ff_buf_free(&api.filtered);
	return err;
}

static void
write_api_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	struct ff_json_out out;

	ff_buf_clear(&res->body);
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "error");
	ff_json_put_str(&out, ff_str_printf(req->arena, "%s%s%s", res->fault.field, res->fault.field[0] ? ": " : "",
	    ff_fault_why(&res->fault, err)));
	ff_json_object_end(&out);
}

const struct ff_dialect ff_dialect_goatcounter = {
	.fn = ff_collect_goatcounter,
	.error = write_image_error,
	.refusal = FF_STR_INIT(FF_REFUSAL_TEXT("image/gif", FF_PIXEL_GIF)),
};
const struct ff_dialect ff_dialect_goatcounter_api = {
	.fn = ff_collect_goatcounter_api,
	.error = write_api_error,
	.refusal = FF_STR_INIT(FF_REFUSAL_TEXT("application/json", "{\"error\":\"could not be stored, try again later\"}\n")),
};
