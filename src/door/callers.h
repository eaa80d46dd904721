/* callers.h - how often one caller may ask: a bucket for each key, token or link, shared by all workers.
 *
 * The answer says how much is left: RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset (seconds until all of it is
 * there again). Who has used it up gets 429 and Retry-After. Questions without credentials are not counted here: they are
 * about public counters and health, and a web server's own limits hold for them. */
#ifndef FF_DOOR_CALLERS_H
#define FF_DOOR_CALLERS_H

#include "door/req.h"
#include "door/res.h"

struct ff_callers;

/* rate: as base/rate.h reads it. *out is NULL where there is no limit, or no file to keep it in (logged). */
void ff_callers_open(struct ff_callers **out, const char *path, const char *rate);
void ff_callers_close(struct ff_callers *callers);
/* Behind the guard: one question more, or FF_TOO_MANY. callers may be NULL. */
enum ff_err ff_callers_pass(struct ff_callers *callers, const struct ff_req *req, struct ff_res *res) ff_must_check;
/* The headers, on every answer that a caller with credentials gets. */
void        ff_callers_tell(const struct ff_callers *callers, const struct ff_req *req, struct ff_res *res);

#endif
