#include "door/cached.h"

#include "base/day.h"
#include "door/cache.h"
#include "door/meter.h"
#include "safe/hash.h"

#include <string.h>
#include <time.h>

/* Another worker computes the same answer: it is looked at again after a while, and waited for no longer than a slow
 * answer takes. */
#define LOOK_NS  (5 * 1000 * 1000)
#define LOOKS    600
/* Older answers are no answers; and a caller whose key ended meanwhile hears no longer what it heard before. */
#define STALE_US FF_US_DAY
/* A refusal is kept for those who wait where it took as long. */
#define LONG_US  (FF_US_S / 4)

static void
key_of(const struct ff_req *req, uint8_t key[FF_CACHE_KEY])
{
	char                method = (char)req->method;
	const struct ff_str parts[] = { ff_str_of(&method, 1), ff_str_from(req->route->pattern), req->raw_path, req->query,
		req->body, req->authorization };

	ff_hash(key, FF_CACHE_KEY, NULL, parts, sizeof parts / sizeof *parts);
}

static void
repeat(const struct ff_req *req, const struct ff_cached *answer, struct ff_res *res)
{
	ff_buf_clear(&res->head);
	ff_buf_clear(&res->body);
	res->status = 200;
	res->content_type = ff_str_z(req->arena, answer->type);
	res->etag = answer->etag;
	res->max_age = answer->max_age;
	ff_buf_str(&res->head, answer->head);
	ff_buf_str(&res->body, answer->body);
	ff_res_header(res, "Age", ff_str_printf(req->arena, "%lld",
	    (long long)(req->now_us > answer->made_us ? (req->now_us - answer->made_us) / FF_US_S : 0)));
}

/* RFC 9111 has dropped Warning, and every cache and client still knows it. */
static void
repeat_stale(const struct ff_req *req, const struct ff_cached *answer, struct ff_res *res)
{
	char made[32];

	ff_time_print(answer->made_us, made);
	repeat(req, answer, res);
	res->max_age = -1;
	ff_res_header(res, "Warning", FF_STR("110 footfall \"Response is Stale\""));
	ff_res_header(res, "X-Footfall-As-Of", ff_str_dup(req->arena, ff_str_from(made)));
	ff_meter_count(req->app->meter, FF_METER_STALE);
}

static bool
try_stale(const struct ff_req *req, const uint8_t key[FF_CACHE_KEY], struct ff_res *res)
{
	struct ff_cached answer;

	if (!ff_cache_get(req->app->cache, key, req->arena, &answer) || req->now_us - answer.made_us > STALE_US)
		return false;
	repeat_stale(req, &answer, res);
	return true;
}

bool
ff_cached_stale(const struct ff_req *req, struct ff_res *res)
{
	uint8_t key[FF_CACHE_KEY];

	if (req->app->cache == NULL || req->route->fresh == 0)
		return false;
	key_of(req, key);
	return try_stale(req, key, res);
}

static bool
try_fresh(const struct ff_req *req, const uint8_t key[FF_CACHE_KEY], struct ff_res *res)
{
	struct ff_cached answer;

	if (!ff_cache_get(req->app->cache, key, req->arena, &answer) || answer.fresh_us <= req->now_us ||
	    answer.made_us > req->now_us + FF_US_S)
		return false;
	repeat(req, &answer, res);
	return true;
}

/* ---- refusals ---- */

/* Beside the answer, which may be wanted when the database is away. */
static void
refusal_key(const uint8_t key[FF_CACHE_KEY], uint8_t out[FF_CACHE_KEY])
{
	memcpy(out, key, FF_CACHE_KEY);
	out[FF_CACHE_KEY - 1] ^= 1;
}

/* Who waited for an answer would find out the same one after the other, each in as long a time. */
static void
keep_refusal(const struct ff_req *req, const uint8_t key[FF_CACHE_KEY], const struct ff_res *res, enum ff_err err,
    int64_t took_us)
{
	struct ff_cached refusal = { .made_us = req->now_us, .fresh_us = req->now_us + took_us, .refused = err,
		.type = FF_STR(""), .head = ff_str_from(res->fault.field), .body = ff_str_from(res->fault.why) };
	uint8_t          beside[FF_CACHE_KEY];

	if (took_us < LONG_US)
		return;
	refusal_key(key, beside);
	ff_cache_put(req->app->cache, beside, &refusal);
}

/* FF_OK: there is none. */
static enum ff_err
find_refusal(const struct ff_req *req, const uint8_t key[FF_CACHE_KEY], struct ff_res *res)
{
	struct ff_cached refusal;
	uint8_t          beside[FF_CACHE_KEY];

	refusal_key(key, beside);
	if (!ff_cache_get(req->app->cache, beside, req->arena, &refusal) || refusal.fresh_us <= req->now_us ||
	    refusal.made_us > req->now_us + FF_US_S)
		return FF_OK;
	return ff_fault_set(&res->fault, refusal.refused, ff_str_z(req->arena, refusal.head), "%s",
	    ff_str_z(req->arena, refusal.body));
}

/* ---- answers ---- */

static void
keep(const struct ff_req *req, const uint8_t key[FF_CACHE_KEY], const struct ff_res *res)
{
	struct ff_cached answer = { .made_us = req->now_us, .fresh_us = req->now_us + res->fresh * FF_US_S,
		.max_age = res->max_age, .etag = res->etag, .type = ff_str_from(res->content_type),
		.head = ff_buf_view(&res->head), .body = ff_buf_view(&res->body) };

	if (res->status == 200 && res->fresh > 0 && res->stream == NULL && res->csp == NULL && !res->broken &&
	    !res->head.overflow && !res->body.overflow)
		ff_cache_put(req->app->cache, key, &answer);
}

static int64_t
monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * FF_US_S + t.tv_nsec / 1000;
}

static enum ff_err
ask(const struct ff_req *req, const uint8_t key[FF_CACHE_KEY], struct ff_res *res)
{
	int64_t     began_us = monotonic_us();
	enum ff_err err = req->route->fn(req, res);

	ff_meter_count(req->app->meter, FF_METER_MISS);
	if (err == FF_OK)
		keep(req, key, res);
	else
		keep_refusal(req, key, res, err, monotonic_us() - began_us);
	return err;
}

static enum ff_err
compute(const struct ff_req *req, const uint8_t key[FF_CACHE_KEY], struct ff_res *res)
{
	enum ff_err err = find_refusal(req, key, res);

	if (err == FF_OK)
		err = ask(req, key, res);
	if ((err == FF_DATABASE || err == FF_BUSY) && try_stale(req, key, res))
		return FF_OK;
	return err;
}

/* True: this worker computes it. False: it took too long to wait for who does; everybody for himself then. */
static bool
claim_or_wait(const struct ff_req *req, const uint8_t key[FF_CACHE_KEY], struct ff_res *res, bool *answered)
{
	const struct timespec pause = { .tv_nsec = LOOK_NS };

	for (int looks = 0; looks < LOOKS; looks++) {
		bool claimed = ff_cache_claim(req->app->cache, key);

		*answered = try_fresh(req, key, res);
		if (claimed && *answered)
			ff_cache_release(req->app->cache, key);
		if (claimed || *answered)
			return claimed;
		nanosleep(&pause, NULL);
	}
	return false;
}

enum ff_err
ff_cached_call(const struct ff_req *req, struct ff_res *res)
{
	uint8_t     key[FF_CACHE_KEY];
	bool        answered = false, claimed;
	enum ff_err err;

	key_of(req, key);
	res->fresh = req->route->fresh;
	if (!try_fresh(req, key, res)) {
		claimed = claim_or_wait(req, key, res, &answered);
		if (!answered) {
			err = compute(req, key, res);
			if (claimed)
				ff_cache_release(req->app->cache, key);
			return err;
		}
	}
	ff_meter_count(req->app->meter, FF_METER_HIT);
	return FF_OK;
}
