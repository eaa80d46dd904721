#include "door/callers.h"

#include "base/day.h"
#include "base/log.h"
#include "base/rate.h"
#include "door/app.h"
#include "door/guard.h"
#include "door/meter.h"
#include "fact/limiter.h"
#include "safe/hash.h"

#include <stdlib.h>
#include <string.h>

struct ff_callers {
	struct ff_limiter *limiter;
	struct ff_rate     rate;
};

void
ff_callers_open(struct ff_callers **out, const char *path, const char *rate)
{
	struct ff_callers c;

	*out = NULL;
	if (!ff_rate_parse(ff_str_from(rate), &c.rate) || c.rate.interval_ns == 0)
		return;
	if (ff_limiter_open(&c.limiter, path) != FF_OK)
		return;
	*out = ff_xmalloc(sizeof **out);
	**out = c;
}

void
ff_callers_close(struct ff_callers *callers)
{
	if (callers == NULL)
		return;
	ff_limiter_close(callers->limiter);
	free(callers);
}

/* Who it is, however they say it: another parameter beside "auth", "bearer" for "Bearer" and a second pass for one link are
 * no other caller. A token of the host is known by its text alone. */
static struct ff_str
caller_of(const struct ff_req *req)
{
	if (!req->who->by_token)
		return ff_who_name(req->who, req->arena);
	return ff_str_trim(ff_str_from_pos(req->authorization, strlen("Bearer ")));
}

static uint64_t
id_of(const struct ff_req *req)
{
	struct ff_str caller = caller_of(req);
	uint64_t      id;

	ff_hash(&id, sizeof id, NULL, &caller, 1);
	return id | 2; /* 0 and 1 mean something to the limiter */
}

static void
put(struct ff_res *res, const struct ff_req *req, const char *name, int64_t n)
{
	ff_res_header(res, name, ff_str_printf(req->arena, "%lld", (long long)n));
}

enum ff_err
ff_callers_pass(struct ff_callers *callers, const struct ff_req *req, struct ff_res *res)
{
	int64_t wait_us = 0;

	if (callers == NULL || req->route->guard != FF_GUARD_KEY ||
	    ff_limiter_take(callers->limiter, &callers->rate, id_of(req), req->now_us, &wait_us))
		return FF_OK;
	res->retry_after = (int)((wait_us + FF_US_S - 1) / FF_US_S);
	ff_meter_count(req->app->meter, FF_METER_LIMITED);
	return FF_TOO_MANY;
}

void
ff_callers_tell(const struct ff_callers *callers, const struct ff_req *req, struct ff_res *res)
{
	int64_t full_us;

	if (callers == NULL || req->who == NULL || req->route->guard != FF_GUARD_KEY)
		return;
	put(res, req, "RateLimit-Limit", callers->rate.burst);
	put(res, req, "RateLimit-Remaining",
	    ff_limiter_left(callers->limiter, &callers->rate, id_of(req), req->now_us, &full_us));
	put(res, req, "RateLimit-Reset", (full_us + FF_US_S - 1) / FF_US_S);
}
