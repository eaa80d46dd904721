/* One request, from its environment to its reply: what door/answer.h does for the other programs, in the
 * collector's order: every refusal is counted by its reason, each dialect says errors its own way, and a reply may
 * have to wait for its records. */
#include "door/answer.h"

#include "base/limits.h"
#include "base/log.h"
#include "room/collect/client.h"
#include "room/collect/collect.h"
#include "room/collect/dialect.h"
#include "room/collect/room.h"

#define ARENA_KEEP (4 * FF_ARENA_BLOCK)

enum ff_reason
ff_collect_reason(enum ff_err err)
{
	switch (err) {
	case FF_METHOD:
		return FF_REASON_BAD_METHOD;
	case FF_NOT_FOUND:
		return FF_REASON_UNKNOWN_PATH;
	case FF_TOO_LARGE:
		return FF_REASON_TOO_LARGE;
	case FF_MEDIA_TYPE:
		return FF_REASON_BAD_ENCODING;
	case FF_INVALID:
		return FF_REASON_BAD_FIELD;
	case FF_UNAUTHORIZED:
	case FF_FORBIDDEN:
		return FF_REASON_UNAUTHORIZED;
	case FF_TOO_MANY:
		return FF_REASON_RATE_LIMITED;
	default:
		return FF_REASON_STORAGE;
	}
}

static enum ff_err
pass(struct ff_collect *collect, struct ff_req *req, char allow[64])
{
	struct ff_parcel *parcel = collect->parcel;

	FF_TRY(ff_req_read(req, &collect->arena, &collect->app, parcel->env, parcel->body, parcel->now_us));
	ff_log_request(req->id);
	FF_TRY(ff_route_find(ff_collect_routes, ff_collect_routes_n, req, allow));
	FF_TRY(ff_client_key(req, &collect->res.fault));
	return req->route->fn(req, &collect->res);
}

/* A request that is refused as a whole leaves no record: those of its events that were good until then are refused with
 * it, and counted so. */
static void
count_refused(struct ff_collect *collect, enum ff_err err)
{
	enum ff_reason reason = collect->reason != FF_REASON_STORED ? collect->reason : ff_collect_reason(err);

	ff_ledger_add(collect->ledger, reason, collect->parcel->n + !collect->counted);
	ff_parcel_rewind(collect->parcel, (struct ff_parcel_mark){ 0 });
}

static void
refuse(struct ff_collect *collect, const struct ff_req *req, const struct ff_dialect *dialect, enum ff_err err,
    const char *allow)
{
	struct ff_res *res = &collect->res;

	count_refused(collect, err);
	res->retry_after = err == FF_TOO_MANY ? (int)((collect->wait_us + FF_US_S - 1) / FF_US_S) : 0;
	ff_answer_error(req, res, err);
	if (err == FF_METHOD)
		ff_res_header(res, "Allow", ff_str_from(allow));
	if (err == FF_UNAUTHORIZED)
		ff_res_header(res, "WWW-Authenticate", FF_STR("Bearer"));
	if (dialect->error)
		dialect->error(req, res, err);
}

void
ff_collect_answer(void *ctx, struct ff_parcel *parcel)
{
	struct ff_collect *collect = ctx;
	struct ff_req      req;
	char               allow[64] = "";
	enum ff_err        err;
	const struct ff_dialect *dialect;

	ff_arena_reset(&collect->arena);
	ff_res_reset(&collect->res);
	ff_collect_refresh(collect, parcel->now_us);
	collect->parcel = parcel;
	collect->reason = FF_REASON_STORED;
	collect->counted = false;
	collect->seen.n = collect->seen.cap = 0; /* its memory was the arena's */
	collect->meeting = (struct ff_meeting){ 0 };
	collect->token_fault = FF_TOKEN_NONE;
	err = pass(collect, &req, allow);
	dialect = ff_dialect_of(req.route);
	parcel->refusal = dialect->refusal.len > 0 ? dialect->refusal : ff_dialect_of(NULL)->refusal;
	if (err != FF_OK)
		refuse(collect, &req, dialect, err, allow);
	if (collect->token_fault != FF_TOKEN_NONE) {
		ff_res_header(&collect->res, "x-footfall-token", ff_str_from(ff_token_fault_word(collect->token_fault)));
		ff_res_header(&collect->res, "Access-Control-Expose-Headers", FF_STR("x-footfall-token"));
	}
	ff_res_header(&collect->res, "Access-Control-Allow-Origin", FF_STR("*"));
	ff_answer_head(&req, &collect->res, &parcel->reply);
	if (ff_answer_has_body(&req, &collect->res))
		ff_buf_str(&parcel->reply, ff_buf_view(&collect->res.body));
	ff_log_request(NULL);
	ff_ledger_receive(collect->ledger, parcel->n); /* the committer settles them */
	if (collect->arena.total > ARENA_KEEP) /* a batch's tree goes back at once, whenever the next request may come */
		ff_arena_reset(&collect->arena);
}
