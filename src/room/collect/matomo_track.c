/* GET and POST /matomo.php (and /piwik.php): Matomo's tracking API.
 *
 * One request in the query string or as a form: the pixel, 204 with send_image=0, 400 where nothing was tracked. Many as
 * JSON, {"requests":[...],"token_auth":...,"send_image":0}: {"status":"success","tracked":N,"invalid":N}, with
 * invalid_indices for callers with a key. token_auth is an API key of ours; it is read wherever Matomo takes it. idsite is
 * the site's number, or its domain or public id. */
#include "base/limits.h"
#include "base/num.h"
#include "room/collect/client.h"
#include "room/collect/dialect.h"
#include "room/collect/image.h"
#include "room/collect/matomo.h"
#include "room/collect/query.h"

/* What their sites count in, unless an administrator says otherwise. */
#define CURRENCY FF_STR("USD")

static bool
is_bulk(const struct ff_req *req)
{
	struct ff_str body = ff_str_trim(req->body);

	return body.len > 0 && (body.p[0] == '{' || body.p[0] == '[');
}

/* The number of a site, as their clients know it -> its domain; anything else may be a name of it already. */
static struct ff_str
site_name(const struct ff_collect *collect, struct ff_str idsite)
{
	const struct ff_site *site = NULL;
	int64_t               number;

	if (collect->snapshot && ff_num_range(idsite, 1, INT32_MAX, &number))
		site = ff_snapshot_by_number(collect->snapshot, number);
	return site ? site->domain : idsite;
}

/* token_auth as the Authorization header would say it. A token of another kind (matomo.js may carry one of Matomo's own) is
 * none: what needs a key is refused then. */
static enum ff_err
take_key(const struct ff_req *req, struct ff_str token, struct ff_fault *fault)
{
	struct ff_req keyed = *req;
	enum ff_err   err;

	if (!ff_str_starts(token, FF_STR("ffk_")) || token.len > FF_LABEL_MAX)
		return FF_OK;
	keyed.authorization = ff_str_printf(req->arena, "Bearer %.*s", FF_STR_ARG(token));
	err = ff_client_key(&keyed, fault);
	return err == FF_OK ? err : ff_collect_refuse(ff_collect_of(req), ff_collect_reason(err), err);
}

/* A request without User-Agent is a server's, which speaks for somebody. */
static void
believe(const struct ff_req *req, struct ff_told *told)
{
	if (!told->user_agent.p && req->user_agent.len == 0)
		told->user_agent = FF_AGENT_UNKNOWN;
}

static enum ff_err
take(const struct ff_req *req, struct ff_res *res, const struct ff_pairs *pairs, struct ff_str currency,
    struct ff_outcome *outcome)
{
	const struct ff_reading reading = { req->arena, &ff_collect_of(req)->props, &res->fault };
	struct ff_beacons       beacons;
	struct ff_str           site;

	FF_TRY(ff_matomo_read(&reading, pairs, currency, &beacons));
	FF_TRY(take_key(req, ff_pairs_find(pairs, "token_auth"), &res->fault));
	site = site_name(ff_collect_of(req), beacons.v[0].sites);
	for (unsigned i = 0; i < beacons.n; i++) {
		beacons.v[i].sites = site;
		believe(req, &beacons.v[i].told);
	}
	FF_TRY(ff_beacon_take_all(req, res, beacons.v, beacons.n, outcome));
	if (outcome->stored == 0 && outcome->reason == FF_REASON_UNKNOWN_SITE)
		return ff_fault_set(&res->fault, FF_INVALID, "idsite", "is not known here");
	return FF_OK;
}

/* ---- one ---- */

/* Query string and form together; what the form says counts. */
static enum ff_err
read_pairs(const struct ff_req *req, struct ff_pairs *out, struct ff_fault *fault)
{
	struct ff_str text = req->query;

	if (req->body.len > 0)
		text = ff_str_printf(req->arena, "%.*s&%.*s", FF_STR_ARG(ff_str_trim(req->body)), FF_STR_ARG(req->query));
	return ff_query_parse(req->arena, text, FF_PAIRS_MAX, out, fault);
}

static enum ff_err
track_one(const struct ff_req *req, struct ff_res *res)
{
	struct ff_pairs   pairs;
	struct ff_outcome outcome;

	ff_image_write(res);
	ff_collect_of(req)->reason = FF_REASON_BAD_FIELD;
	FF_TRY(read_pairs(req, &pairs, &res->fault));
	FF_TRY(take(req, res, &pairs, CURRENCY, &outcome));
	if (outcome.stored == 0)
		ff_dialect_dropped(res, outcome.reason);
	if (ff_str_eqz(ff_pairs_find(&pairs, "send_image"), "0")) {
		ff_buf_clear(&res->body);
		res->status = 204;
	}
	return FF_OK;
}

/* ---- many ---- */

struct bulk {
	const struct ff_req *req;
	struct ff_res       *res;
	struct ff_str        currency;
	int64_t              tracked, invalid;
	struct ff_json_out   indices;
};

static enum ff_err
take_element(struct bulk *bulk, const struct ff_json *node)
{
	const struct ff_reading reading = { bulk->req->arena, NULL, &bulk->res->fault };
	struct ff_pairs         pairs;
	struct ff_outcome       outcome;

	FF_TRY(ff_matomo_pairs(&reading, node, &pairs));
	return take(bulk->req, bulk->res, &pairs, bulk->currency, &outcome);
}

static enum ff_err
take_many(struct bulk *bulk, const struct ff_json *requests)
{
	struct ff_collect        *collect = ff_collect_of(bulk->req);
	const struct ff_site_key *key = collect->key;
	int64_t                   index = 0;

	for (const struct ff_json *node = ff_json_first(requests); node; node = ff_json_next(node), index++) {
		enum ff_err err;

		ff_beacon_next(bulk->req, bulk->res);
		err = take_element(bulk, node);
		collect->key = key; /* one request's token is not the next one's */
		if (ff_beacon_ends(err))
			return err;
		bulk->tracked += err == FF_OK;
		if (err == FF_OK)
			continue;
		ff_beacon_refused(bulk->req, err);
		bulk->invalid++;
		ff_json_put_i64(&bulk->indices, index);
	}
	return FF_OK;
}

static void
write_bulk(const struct bulk *bulk, const struct ff_buf *indices, bool authed)
{
	struct ff_json_out out;

	if (bulk->tracked == 0 && bulk->invalid > 0)
		bulk->res->status = 400;
	ff_json_out_init(&out, &bulk->res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "status");
	ff_json_put_z(&out, bulk->res->status == 400 ? "error" : "success");
	ff_json_put_key(&out, "tracked");
	ff_json_put_i64(&out, bulk->tracked);
	ff_json_put_key(&out, "invalid");
	ff_json_put_i64(&out, bulk->invalid);
	if (authed && !indices->overflow) {
		ff_json_put_key(&out, "invalid_indices");
		ff_json_put_raw(&out, ff_buf_view(indices));
	}
	ff_json_object_end(&out);
}

static bool
is_zero(const struct ff_json *node)
{
	int64_t number;

	return ff_str_eqz(ff_json_str(node), "0") || (ff_json_i64(node, &number) && number == 0) ||
	    (ff_json_type(node) == FF_JSON_BOOL && !ff_json_bool(node));
}

static enum ff_err
read_bulk(const struct ff_req *req, struct ff_res *res, const struct ff_json **body, const struct ff_json **requests,
    struct ff_str *currency)
{
	struct ff_pairs query;

	*currency = CURRENCY;
	FF_TRY(ff_beacon_body(req, res, false, body));
	FF_TRY(ff_query_read(req, &query, &res->fault));
	FF_TRY(ff_query_text(&query, NULL, "currency", 3, currency, &res->fault));
	*requests = ff_json_get(*body, "requests");
	if (ff_json_type(*requests) != FF_JSON_ARRAY || ff_json_count(*requests) == 0)
		return ff_fault_set(&res->fault, FF_INVALID, "requests", "is not an array of requests");
	if (ff_json_count(*requests) > FF_BATCH_EVENTS_MAX)
		return ff_fault_set(&res->fault, ff_collect_refuse(ff_collect_of(req), FF_REASON_TOO_LARGE, FF_TOO_LARGE),
		    "requests", "has more than %d elements", FF_BATCH_EVENTS_MAX);
	return FF_OK;
}

static enum ff_err
track_bulk(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_json *body, *requests;
	struct ff_buf         indices;
	struct bulk           bulk = { .req = req, .res = res };
	enum ff_err           err;

	FF_TRY(read_bulk(req, res, &body, &requests, &bulk.currency));
	FF_TRY(take_key(req, ff_json_str(ff_json_get(body, "token_auth")), &res->fault));
	ff_buf_init(&indices, 8 * FF_BATCH_EVENTS_MAX);
	ff_json_out_init(&bulk.indices, &indices);
	ff_json_array(&bulk.indices);
	err = take_many(&bulk, requests);
	ff_json_array_end(&bulk.indices);
	if (err == FF_OK)
		write_bulk(&bulk, &indices, ff_collect_of(req)->key != NULL);
	ff_buf_free(&indices);
	if (err == FF_OK && res->status == 200 && is_zero(ff_json_get(body, "send_image"))) {
		ff_buf_clear(&res->body);
		res->status = 204;
	}
	return err;
}

enum ff_err
ff_collect_matomo(const struct ff_req *req, struct ff_res *res)
{
	if (req->method == FF_HEAD) { /* a link checker, not a view */
		ff_image_write(res);
		return FF_OK;
	}
	FF_TRY(ff_beacon_text(req, res));
	return is_bulk(req) ? track_bulk(req, res) : track_one(req, res);
}

static void
write_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	struct ff_json_out out;

	if (!is_bulk(req)) {
		ff_image_error(res, err, "x-footfall-error", "");
		return;
	}
	ff_buf_clear(&res->body);
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "status");
	ff_json_put_z(&out, "error");
	ff_json_put_key(&out, "tracked");
	ff_json_put_i64(&out, 0);
	ff_json_put_key(&out, "message");
	ff_json_put_str(&out, ff_dialect_words(req->arena, &res->fault, err));
	ff_json_object_end(&out);
}

const struct ff_dialect ff_dialect_matomo = {
	.fn = ff_collect_matomo,
	.error = write_error,
	.refusal = FF_STR_INIT(FF_REFUSAL_TEXT("image/gif", FF_PIXEL_GIF)),
};
