#include "room/collect/collect.h"

#include "base/log.h"
#include "base/limits.h"
#include "room/collect/room.h"
#include "safe/rand.h"

#include <stdio.h>
#include <stdlib.h>

static enum ff_err
open_standing(struct ff_collect *collect)
{
	const struct ff_conf *conf = collect->conf;
	struct ff_fault       fault = { 0 };
	char                  path[PATH_MAX];

	FF_TRY(ff_agents_open(&collect->agents, conf->regexes, conf->jit));
	FF_TRY(ff_geo_open(&collect->geo, conf->geo_database));
	FF_TRY(ff_robot_lists_open(&collect->robots, conf->robot_networks, conf->robot_referrers));
	snprintf(path, sizeof(path), "%s/ledger", conf->state_dir);
	FF_TRY(ff_ledger_open(&collect->ledger, path, 1));
	snprintf(path, sizeof(path), "%s/recent", conf->state_dir);
	collect->recent = ff_recent_open(path, (uint64_t)conf->recent_ids);
	if (ff_cidrs_parse(&collect->standing, ff_str_from(conf->trusted_proxies), &collect->trusted, &fault) != FF_OK) {
		ff_error("collect", "trusted_proxies: %s %s", fault.field, fault.why);
		return FF_INVALID;
	}
	return FF_OK;
}

/* Without the file nobody is limited, which it says; the settings were checked when they were read. */
static void
open_limits(struct ff_collect *collect)
{
	const struct ff_conf *conf = collect->conf;
	char                  path[PATH_MAX];

	if (!ff_rate_parse(ff_str_from(conf->limit_address), &collect->limits[FF_LIMIT_ADDRESS]) ||
	    !ff_rate_parse(ff_str_from(conf->limit_viewer), &collect->limits[FF_LIMIT_VIEWER]) ||
	    !ff_rate_parse(ff_str_from(conf->limit_site), &collect->limits[FF_LIMIT_SITE]) ||
	    !ff_rate_parse(ff_str_from(conf->robot_pace), &collect->limits[FF_LIMIT_PACE]))
		ff_panic("collect: a limit that no settings file can hold");
	snprintf(path, sizeof(path), "%s/limits", conf->run_dir);
	if (ff_limiter_open(&collect->limiter, path) != FF_OK)
		collect->limiter = NULL;
}

enum ff_err
ff_collect_open(struct ff_collect **out, const struct ff_conf *conf, bool one_shot)
{
	struct ff_collect *collect = ff_xcalloc(1, sizeof(*collect));

	collect->conf = conf;
	ff_arena_init(&collect->standing);
	ff_arena_init(&collect->arena);
	ff_arena_init(&collect->lists);
	ff_res_init(&collect->res);
	ff_buf_init(&collect->props, FF_RECORD_MAX);
	snprintf(collect->snapshot_path, sizeof(collect->snapshot_path), "%s/sites.snapshot", conf->state_dir);
	snprintf(collect->salts_path, sizeof(collect->salts_path), "%s/salts", conf->run_dir);
	FF_TRY(open_standing(collect));
	open_limits(collect);
	ff_store_open(&collect->store, conf, collect->ledger, collect->recent, one_shot);
	collect->app = (struct ff_app){
		.conf = conf,
		.routes = ff_collect_routes,
		.n_routes = ff_collect_routes_n,
		.ledger = collect->ledger,
		.room = collect,
	};
	*out = collect;
	return FF_OK;
}

void
ff_collect_close(struct ff_collect *collect)
{
	ff_store_close(collect->store);
	ff_recent_close(collect->recent);
	if (collect->snapshot)
		ff_snapshot_close(collect->snapshot);
	ff_ledger_close(collect->ledger);
	ff_robot_lists_free(collect->robots);
	ff_geo_free(collect->geo);
	ff_agents_free(collect->agents);
	ff_wipe(&collect->salts, sizeof(collect->salts));
	ff_buf_free(&collect->props);
	ff_res_free(&collect->res);
	ff_arena_free(&collect->arena);
	ff_arena_free(&collect->standing);
	ff_arena_free(&collect->lists);
	ff_limiter_close(collect->limiter);
	free(collect);
}

static void
refresh_snapshot(struct ff_collect *collect)
{
	struct ff_snapshot *fresh;

	if (collect->snapshot && !ff_snapshot_stale(collect->snapshot))
		return;
	if (ff_snapshot_open(&fresh, collect->snapshot_path) != FF_OK)
		return; /* the old one serves on; without any, beacons are answered 503 */
	if (collect->snapshot)
		ff_snapshot_close(collect->snapshot);
	collect->snapshot = fresh;
	collect->excludes = NULL;
	ff_arena_reset(&collect->lists);
}

static void
complain(struct ff_collect *collect, int64_t now_us)
{
	if (now_us - collect->complained_us < 60 * FF_US_S)
		return;
	collect->complained_us = now_us;
	if (!collect->snapshot)
		ff_error("collect", "no list of sites at %s: answering 503 (footfall-cron run snapshot)", collect->snapshot_path);
	if (!ff_salts_find(&collect->salts, ff_day_of_us(now_us)))
		ff_error("collect", "no salt for today in %s: counting without visitors (footfall-cron run salts)",
		    collect->salts_path);
}

void
ff_collect_refresh(struct ff_collect *collect, int64_t now_us)
{
	int64_t since = now_us - collect->refreshed_us;

	if (since >= 0 && since < FF_US_S)
		return;
	collect->refreshed_us = now_us;
	refresh_snapshot(collect);
	ff_robot_lists_refresh(collect->robots);
	ff_geo_refresh(collect->geo);
	if (ff_salts_refresh(collect->salts_path, &collect->salts) != FF_OK || !collect->snapshot ||
	    !ff_salts_find(&collect->salts, ff_day_of_us(now_us)))
		complain(collect, now_us);
}

struct ff_uuid
ff_collect_uuid(struct ff_collect *collect, int64_t now_us)
{
	if (collect->randoms_left < 10) {
		ff_random(collect->randoms, sizeof(collect->randoms));
		collect->randoms_left = sizeof(collect->randoms);
	}
	collect->randoms_left -= 10;
	return ff_uuid_v7(now_us, collect->randoms + collect->randoms_left);
}

struct ff_collect *
ff_collect_of(const struct ff_req *req)
{
	return req->app->room;
}

enum ff_err
ff_collect_refuse(struct ff_collect *collect, enum ff_reason reason, enum ff_err err)
{
	collect->reason = reason;
	return err;
}

enum ff_err
ff_collect_commit(void *ctx, struct ff_parcel *const *parcels, size_t n)
{
	struct ff_collect *collect = ctx;

	return ff_store_commit(collect->store, parcels, n);
}

enum ff_err
ff_collect_flush(void *ctx)
{
	struct ff_collect *collect = ctx;

	return ff_store_flush(collect->store);
}
