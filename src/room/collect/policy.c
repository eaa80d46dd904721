#include "room/collect/policy.h"

static bool
is_excluded(const struct ff_req *req, const struct ff_site *site, const struct ff_client *client)
{
	struct ff_cidrs cidrs;

	return client->known && site->exclude.len > 0 &&
	    ff_cidrs_parse(req->arena, site->exclude, &cidrs, NULL) == FF_OK && ff_cidrs_match(&cidrs, &client->addr);
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
	return (!client->known && !client->viewer) || (client->gpc && site->gpc != FF_PRIVACY_OFF) || (client->dnt && site->dnt != FF_PRIVACY_OFF);
}

enum ff_reason
ff_policy_judge(const struct ff_req *req, const struct ff_beacon *beacon, const struct ff_site *site,
    const struct ff_client *client)
{
	const struct ff_collect *collect = ff_collect_of(req);
	struct ff_item           item;

	if (!site)
		return FF_REASON_UNKNOWN_SITE;
	item = ff_policy_item(beacon, site);
	if (site->strict && item.key.len > 0 &&
	    !ff_snapshot_has_item(collect->snapshot, site->site_id, item.kind, item.key))
		return FF_REASON_UNKNOWN_ITEM;
	if (client->opted_out)
		return FF_REASON_OPT_OUT;
	if (client->gpc && site->gpc == FF_PRIVACY_DROP)
		return FF_REASON_GPC;
	if (client->dnt && site->dnt == FF_PRIVACY_DROP)
		return FF_REASON_DNT;
	if (is_excluded(req, site, client))
		return FF_REASON_EXCLUDED;
	return client->prefetch ? FF_REASON_PREFETCH : FF_REASON_STORED;
}
