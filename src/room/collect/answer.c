/* One request, from its environment to its reply: what door/answer.h does for the other programs, in the
 * collector's order: every refusal is counted by its reason, each dialect says errors its own way, and a reply may
 * have to wait for its records. */
#include "door/answer.h"

#include "base/log.h"
#include "room/collect/collect.h"
#include "room/collect/room.h"

/* "Could not be stored": the event is the client's to send again. */
static const struct ff_str not_stored = FF_STR_INIT(
    "Status: 503 Service Unavailable\r\n"
    "Content-Type: application/json\r\n"
    "Retry-After: 10\r\n"
    "Cache-Control: no-store\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "\r\n"
    "{\"error\":\"the event could not be stored, try again later\",\"code\":\"STORAGE\"}\n");
static const struct ff_str not_stored_image = FF_STR_INIT(
    "Status: 503 Service Unavailable\r\n"
    "Content-Type: image/gif\r\n"
    "Retry-After: 10\r\n"
    "Cache-Control: no-store\r\n"
    "\r\n"
    FF_PIXEL_GIF);

enum ff_err
ff_collect_preflight(const struct ff_req *req, struct ff_res *res)
{
	(void)req;
	res->status = 204;
	ff_res_header(res, "Access-Control-Allow-Methods", FF_STR("POST, OPTIONS"));
	ff_res_header(res, "Access-Control-Allow-Headers", FF_STR("Content-Type"));
	ff_res_header(res, "Access-Control-Max-Age", FF_STR("86400"));
	return FF_OK;
}

/* Where nobody said more. */
static enum ff_reason
reason_of(enum ff_err err)
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
	return req->route->fn(req, &collect->res);
}

static void
refuse(struct ff_collect *collect, const struct ff_req *req, enum ff_err err, const char *allow)
{
	struct ff_res *res = &collect->res;

	if (!collect->counted)
		ff_ledger_add(collect->ledger, collect->reason != FF_REASON_STORED ? collect->reason : reason_of(err), 1);
	ff_answer_error(req, res, err);
	if (err == FF_METHOD)
		ff_res_header(res, "Allow", ff_str_from(allow));
	if (req->route && req->route->fn == ff_collect_event)
		ff_collect_event_error(res, err);
	if (req->route && req->route->fn == ff_collect_pixel)
		ff_collect_pixel_error(res, err);
}

void
ff_collect_answer(void *ctx, struct ff_parcel *parcel)
{
	struct ff_collect *collect = ctx;
	struct ff_req      req;
	char               allow[64] = "";
	enum ff_err        err;

	ff_arena_reset(&collect->arena);
	ff_res_reset(&collect->res);
	ff_collect_refresh(collect, parcel->now_us);
	collect->parcel = parcel;
	collect->reason = FF_REASON_STORED;
	collect->counted = false;
	err = pass(collect, &req, allow);
	parcel->refusal = req.route && req.route->fn == ff_collect_pixel ? not_stored_image : not_stored;
	if (err != FF_OK)
		refuse(collect, &req, err, allow);
	ff_res_header(&collect->res, "Access-Control-Allow-Origin", FF_STR("*"));
	ff_answer_head(&req, &collect->res, &parcel->reply);
	if (ff_answer_has_body(&req, &collect->res))
		ff_buf_str(&parcel->reply, ff_buf_view(&collect->res.body));
	ff_log_request(NULL);
}
