/* cached.h - one computation for many equal questions, and the last answer while the database is away.
 *
 * Equal: the same route, path, query, body and credentials. So nobody sees another's answer, and what the guard has let
 * pass is all that has to be checked. How long an answer is fresh is the route's word (route->fresh), or the handler's
 * (res->fresh) where it knows better. A refusal that took long is shared with those who asked meanwhile, and with nobody later. */
#ifndef FF_DOOR_CACHED_H
#define FF_DOOR_CACHED_H

#include "door/app.h"

/* route->fn, or what it said a moment ago, or, where it cannot reach the database, what it said last (marked by a header).
 * For routes with fresh > 0 in programs with a cache. */
enum ff_err ff_cached_call(const struct ff_req *req, struct ff_res *res) ff_must_check;
/* The guard could not ask the database: the last answer to the same question by the same caller, if there is one. */
bool ff_cached_stale(const struct ff_req *req, struct ff_res *res);

#endif
