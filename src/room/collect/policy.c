#include "room/collect/policy.h"

/* A site's lists are read when it is first asked for, and again with the next snapshot. */
static const struct ff_exclude *
exclude_of(struct ff_collect *collect, const struct ff_site *site)
{
	size_t at = ff_snapshot_index(collect->snapshot, site);

	if (!collect->excludes)
		collect->excludes = FF_NEW_N(&collect->lists, ff_snapshot_count(collect->snapshot), struct ff_exclude *);
	if (!collect->excludes[at]) {
		collect->excludes[at] = FF_NEW(&collect->lists, struct ff_exclude);
		ff_exclude_read(&collect->lists, site, collect->excludes[at]);
	}
	return collect->excludes[at];
}

struct ff_item
ff_policy_item(const struct ff_beacon *beacon, const struct ff_site *site)
{
	struct ff_item item = beacon->event.item;

	if (item.key.len > 0 && item.kind.len == 0)
		item.kind = site->default_kind;
	return item;
}

bool
ff_policy_anonymous(const struct ff_site *site, const struct ff_client *client)
{
	return (!client->known && !client->viewer) || (client->gpc && site->gpc != FF_PRIVACY_OFF) ||
	    (client->dnt && site->dnt != FF_PRIVACY_OFF);
}

static bool
is_unknown_item(const struct ff_collect *collect, const struct ff_beacon *beacon, const struct ff_site *site)
{
	struct ff_item item = ff_policy_item(beacon, site);

	return site->strict && item.key.len > 0 &&
	    !ff_snapshot_has_item(collect->snapshot, site->site_id, item.kind, item.key);
}

/* Room in the bucket of one who sends. */
static bool
has_room(struct ff_collect *collect, enum ff_limit_kind kind, const void *who, size_t len, int64_t now_us)
{
	const struct ff_salt *salt = ff_salts_find(&collect->salts, ff_day_of_us(now_us));
	const struct ff_rate *rate = &collect->limits[kind];

	if (rate->interval_ns == 0)
		return true;
	return ff_limiter_take(collect->limiter, rate, ff_limiter_id(salt, kind, ff_str_of(who, len)), now_us,
	    &collect->wait_us);
}

static bool
is_over_limit(const struct ff_req *req, const struct ff_site *site, const struct ff_client *client)
{
	struct ff_collect *collect = ff_collect_of(req);
	struct ff_addr     prefix = ff_addr_identity(&client->addr);
	bool               room = true;

	if (client->viewer && !client->key)
		room = has_room(collect, FF_LIMIT_VIEWER, &client->viewer->id, sizeof(client->viewer->id), req->now_us);
	else if (client->known && !client->key)
		room = has_room(collect, FF_LIMIT_ADDRESS, &prefix, sizeof(prefix), req->now_us);
	return !room || !has_room(collect, FF_LIMIT_SITE, &site->site_id, sizeof(site->site_id), req->now_us);
}

enum ff_reason
ff_policy_judge(const struct ff_req *req, const struct ff_beacon *beacon, const struct ff_site *site,
    const struct ff_client *client)
{
	struct ff_collect *collect = ff_collect_of(req);

	if (!site)
		return FF_REASON_UNKNOWN_SITE;
	if (is_unknown_item(collect, beacon, site))
		return FF_REASON_UNKNOWN_ITEM;
	if (client->opted_out)
		return FF_REASON_OPT_OUT;
	if (client->gpc && site->gpc == FF_PRIVACY_DROP)
		return FF_REASON_GPC;
	if (client->dnt && site->dnt == FF_PRIVACY_DROP)
		return FF_REASON_DNT;
	if (client->known && ff_exclude_addr(exclude_of(collect, site), &client->addr))
		return FF_REASON_EXCLUDED;
	if (client->prefetch)
		return FF_REASON_PREFETCH;
	return is_over_limit(req, site, client) ? FF_REASON_RATE_LIMITED : FF_REASON_STORED;
}

enum ff_reason
ff_policy_judge_event(const struct ff_req *req, const struct ff_site *site, const struct ff_event *event)
{
	const struct ff_exclude *exclude = exclude_of(ff_collect_of(req), site);

	return ff_exclude_page(exclude, event->hostname, event->path) || ff_exclude_country(exclude, event->country)
	    ? FF_REASON_EXCLUDED : FF_REASON_STORED;
}
