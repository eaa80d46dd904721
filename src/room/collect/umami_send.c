/* POST /api/send and POST /api/batch: Umami's way in. Replies: 200 {"cache","sessionId","visitId"} (with "disabled" where
 * the visitor's own choice refused it: their tracker then falls silent), 200 {"beep":"boop"} for a robot (kept, marked), 400
 * and 403 {"error":{message,code,status}}. A batch says how many of its elements were taken and what was wrong with the
 * others. The ids are the day's: they are made with its salt and mean nothing without it. */
#include "base/limits.h"
#include "room/collect/client.h"
#include "room/collect/dialect.h"
#include "room/collect/umami.h"
#include "safe/hash.h"

#define VISIT_US (FF_US_HOUR) /* their visit is a clock hour */

struct answer {
	struct ff_uuid session, visit;
	bool           robot, disabled;
	enum ff_reason reason; /* why it was dropped */
};

/* ---- what is said ---- */

static void
put_uuid(struct ff_json_out *out, const char *key, const struct ff_uuid *id)
{
	char text[37];

	ff_uuid_print(id, text);
	ff_json_put_key(out, key);
	ff_json_put_z(out, text);
}

/* Their token carries the session from one request to the next; here it only has to come back. */
static void
put_cache(struct ff_json_out *out, const struct answer *answer)
{
	uint8_t       hash[16];
	char          hex[33];
	struct ff_str id = ff_str_of((const char *)answer->visit.b, sizeof(answer->visit.b));

	ff_hash(hash, sizeof(hash), NULL, &id, 1);
	ff_hex(hash, sizeof(hash), hex);
	ff_json_put_key(out, "cache");
	ff_json_put_z(out, hex);
}

static void
write_answer(const struct answer *answer, struct ff_res *res)
{
	struct ff_json_out out;

	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	if (answer->robot) {
		ff_json_put_key(&out, "beep");
		ff_json_put_z(&out, "boop");
	} else {
		put_cache(&out, answer);
		put_uuid(&out, "sessionId", &answer->session);
		put_uuid(&out, "visitId", &answer->visit);
	}
	if (answer->disabled) {
		ff_json_put_key(&out, "disabled");
		ff_json_put_bool(&out, true);
	}
	ff_json_object_end(&out);
}

static const char *
code_of(enum ff_err err)
{
	switch (err) {
	case FF_FORBIDDEN:    return "forbidden";
	case FF_UNAUTHORIZED: return "unauthorized";
	case FF_NOT_FOUND:    return "not-found";
	case FF_TOO_LARGE:    return "payload-too-large";
	case FF_TOO_MANY:     return "too-many-requests";
	case FF_INVALID:      return "bad-request";
	default:              return "server-error";
	}
}

static void
put_error(struct ff_json_out *out, struct ff_arena *arena, enum ff_err err, const struct ff_fault *fault)
{
	ff_json_object(out);
	ff_json_put_key(out, "error");
	ff_json_object(out);
	ff_json_put_key(out, "message");
	ff_json_put_str(out, ff_dialect_words(arena, fault, err));
	ff_json_put_key(out, "code");
	ff_json_put_z(out, code_of(err));
	ff_json_put_key(out, "status");
	ff_json_put_i64(out, ff_err_status(err));
	ff_json_object_end(out);
	ff_json_object_end(out);
}

static void
write_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	struct ff_json_out out;

	ff_buf_clear(&res->body);
	ff_json_out_init(&out, &res->body);
	put_error(&out, req->arena, err, &res->fault);
}

/* ---- who ---- */

/* Their SDK for servers calls itself "Mozilla/5.0 Umami/v20.1.0" and speaks for people: it is no robot, and nobody's
 * browser. */
static void
believe(const struct ff_req *req, struct ff_told *told)
{
	if (!told->user_agent.p && ff_str_starts(req->user_agent, FF_STR("Mozilla/5.0 Umami/")))
		told->user_agent = FF_AGENT_UNKNOWN;
	/* Their clients may send address and time without asking whether they are believed: without a key they are not. */
	if (!ff_collect_of(req)->key)
		*told = (struct ff_told){ .user_agent = told->user_agent, .language = told->language };
}

static void
make_ids(const struct ff_req *req, const struct ff_beacon *beacon, struct answer *answer)
{
	struct ff_collect    *collect = ff_collect_of(req);
	const struct ff_salt *salt = ff_salts_find(&collect->salts, ff_day_of_us(req->now_us));
	int64_t               hour = req->now_us / VISIT_US;
	struct ff_client      client;
	uint8_t               hash[32];

	if (ff_client_read(req, beacon, &client, NULL) != FF_OK || !salt || !client.known || client.gpc ||
	    client.dnt) { /* counted without identity: ids of this moment */
		answer->session = ff_collect_uuid(collect, req->now_us);
		answer->visit = ff_collect_uuid(collect, req->now_us);
		return;
	}
	client.addr = ff_addr_identity(&client.addr);
	ff_hash(hash, 16, salt->key, (const struct ff_str[]){ FF_STR("umami session"), beacon->sites, client.user_agent,
	    ff_str_of((const char *)client.addr.b, sizeof(client.addr.b)) }, 4);
	answer->session = ff_uuid_v8(hash);
	ff_hash(hash + 16, 16, salt->key, (const struct ff_str[]){ FF_STR("umami visit"),
	    ff_str_of((const char *)hash, 16), ff_str_of((const char *)&hour, sizeof(hour)) }, 3);
	answer->visit = ff_uuid_v8(hash + 16);
}

/* ---- taking ---- */

static enum ff_err
judge(const struct ff_outcome *outcome, struct answer *answer, struct ff_fault *fault)
{
	if (outcome->stored > 0)
		return FF_OK;
	switch (outcome->reason) {
	case FF_REASON_UNKNOWN_SITE:
		return ff_fault_set(fault, FF_INVALID, "", "Website not found.");
	case FF_REASON_EXCLUDED:
		return ff_fault_set(fault, FF_FORBIDDEN, "", "Forbidden");
	case FF_REASON_OPT_OUT:
	case FF_REASON_DNT:
	case FF_REASON_GPC:
		answer->disabled = true;
		return FF_OK;
	default:
		return FF_OK;
	}
}

static enum ff_err
take(const struct ff_req *req, struct ff_res *res, const struct ff_json *body, struct answer *answer)
{
	struct ff_collect       *collect = ff_collect_of(req);
	const struct ff_reading  reading = { req->arena, &collect->props, &res->fault };
	struct ff_beacons        beacons;
	unsigned                 n = collect->parcel->n, robots = collect->parcel->robots;
	struct ff_outcome        outcome;

	*answer = (struct answer){ 0 };
	FF_TRY(ff_umami_read(&reading, body, &beacons));
	for (unsigned i = 0; i < beacons.n; i++)
		believe(req, &beacons.v[i].told);
	FF_TRY(ff_beacon_take_all(req, res, beacons.v, beacons.n, &outcome));
	FF_TRY(judge(&outcome, answer, &res->fault));
	answer->reason = outcome.stored > 0 ? FF_REASON_STORED : outcome.reason;
	answer->robot = collect->parcel->n > n && collect->parcel->n - n == collect->parcel->robots - robots;
	make_ids(req, &beacons.v[0], answer);
	return FF_OK;
}

enum ff_err
ff_collect_umami_send(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_json *body;
	struct answer         answer;

	FF_TRY(ff_beacon_body(req, res, false, &body));
	FF_TRY(take(req, res, body, &answer));
	if (answer.reason != FF_REASON_STORED)
		ff_dialect_dropped(res, answer.reason);
	write_answer(&answer, res);
	return FF_OK;
}

/* One element; what is wrong with it becomes a line of the reply. */
static enum ff_err
take_element(const struct ff_req *req, struct ff_res *res, const struct ff_json *element, struct answer *last,
    struct ff_json_out *details, int64_t index, int64_t *errors)
{
	struct answer answer;
	enum ff_err   err;

	ff_beacon_next(req, res);
	err = take(req, res, element, &answer);
	if (err == FF_OK && !answer.robot)
		*last = answer;
	if (err == FF_OK || ff_beacon_ends(err))
		return err;
	ff_beacon_refused(req, err);
	(*errors)++;
	ff_json_object(details);
	ff_json_put_key(details, "index");
	ff_json_put_i64(details, index);
	ff_json_put_key(details, "response");
	put_error(details, req->arena, err, &res->fault);
	ff_json_object_end(details);
	return FF_OK;
}

static void
write_batch(struct ff_res *res, int64_t size, int64_t errors, struct ff_str details, const struct answer *last)
{
	struct ff_json_out out;

	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "size");
	ff_json_put_i64(&out, size);
	ff_json_put_key(&out, "processed");
	ff_json_put_i64(&out, size - errors);
	ff_json_put_key(&out, "errors");
	ff_json_put_i64(&out, errors);
	ff_json_put_key(&out, "details");
	ff_json_put_raw(&out, details);
	if (!ff_uuid_is_nil(&last->visit))
		put_cache(&out, last);
	ff_json_object_end(&out);
}

enum ff_err
ff_collect_umami_batch(const struct ff_req *req, struct ff_res *res)
{
	struct ff_buf         buf;
	struct ff_json_out    details;
	const struct ff_json *body;
	struct answer         last = { 0 };
	int64_t               index = 0, errors = 0;
	enum ff_err           err = FF_OK;

	FF_TRY(ff_beacon_json(req, res, FF_JSON_ARRAY, &body));
	if (ff_json_count(body) > FF_BATCH_EVENTS_MAX)
		return ff_fault_set(&res->fault, ff_collect_refuse(ff_collect_of(req), FF_REASON_TOO_LARGE, FF_TOO_LARGE),
		    "request", "has more than %d elements", FF_BATCH_EVENTS_MAX);
	ff_buf_init(&buf, FF_PARCEL_REPLY_MAX / 2);
	ff_json_out_init(&details, &buf);
	ff_json_array(&details);
	for (const struct ff_json *node = ff_json_first(body); node && err == FF_OK; node = ff_json_next(node))
		err = take_element(req, res, node, &last, &details, index++, &errors);
	ff_json_array_end(&details);
	if (err == FF_OK)
		write_batch(res, index, errors, buf.overflow ? FF_STR("[]") : ff_buf_view(&buf), &last);
	ff_buf_free(&buf);
	return err;
}

#define REFUSAL FF_STR_INIT(FF_REFUSAL_TEXT("application/json", \
	"{\"error\":{\"message\":\"could not be stored, try again later\",\"code\":\"server-error\",\"status\":503}}\n"))
#define HEADERS "Content-Type, Authorization, x-umami-cache"

const struct ff_dialect ff_dialect_umami_send = {
	.fn = ff_collect_umami_send, .error = write_error, .refusal = REFUSAL, .headers = HEADERS,
};
const struct ff_dialect ff_dialect_umami_batch = {
	.fn = ff_collect_umami_batch, .error = write_error, .refusal = REFUSAL, .headers = HEADERS,
};
