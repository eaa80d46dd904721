/* answer.h - the one way from a request to bytes: find, guard, read, call, and turn errors into a status. */
#ifndef FF_DOOR_ANSWER_H
#define FF_DOOR_ANSWER_H

#include "door/app.h"

/* Runs the whole order for one request (HOUSE "A request, in order"); res is complete afterwards, whatever
 * happened. Error body: {"error":"...","code":"NOT_FOUND","field":"url","request_id":"..."} (field only where known). */
void ff_answer(struct ff_app *app, struct ff_arena *arena, const char *const *env, struct ff_str body,
    int64_t now_us, struct ff_res *res);
/* Fills res for an error, as ff_answer does. */
void ff_answer_error(const struct ff_req *req, struct ff_res *res, enum ff_err err);
/* The CGI response head ("Status: 200 OK\r\n..."), security headers and cache headers included, into out; then
 * comes res->body unless it is a HEAD request or a 204/304. */
void ff_answer_head(const struct ff_req *req, struct ff_res *res, struct ff_buf *out);

#endif
