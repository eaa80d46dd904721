/* answer.h - the one way from a request to bytes: find, guard, read, call, and turn errors into a status. */
#ifndef FF_DOOR_ANSWER_H
#define FF_DOOR_ANSWER_H

#include "door/app.h"

/* Runs the whole order for one request; res is complete afterwards, whatever happened. The order: read the
 * environment, find the route, check the body against it, let the guard pass, read the parameters, call the room,
 * turn an error into a status, add ETag and headers. Returns the request, for ff_answer_head; it lives in arena.
 * Error body: {"error":"...","code":"NOT_FOUND","field":"url","request_id":"..."} (field only where known). */
const struct ff_req *ff_answer(struct ff_app *app, struct ff_arena *arena, const char *const *env, struct ff_str body,
    int64_t now_us, struct ff_res *res);
/* Fills res for an error, as ff_answer does. */
void ff_answer_error(const struct ff_req *req, struct ff_res *res, enum ff_err err);
/* Makes res fit to leave: a broken or overflowed answer becomes a 500, ETag and 304 are decided. ff_answer and
 * ff_answer_head do it; doing it twice changes nothing. */
void ff_answer_settle(const struct ff_req *req, struct ff_res *res);
/* False for HEAD, 204 and 304: then only the head is sent. */
bool ff_answer_has_body(const struct ff_req *req, const struct ff_res *res);
/* The CGI response head ("Status: 200 OK\r\n..."), security headers and cache headers included, into out; then
 * comes res->body unless it is a HEAD request or a 204/304. */
void ff_answer_head(const struct ff_req *req, struct ff_res *res, struct ff_buf *out);

#endif
