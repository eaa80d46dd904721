#include "room/collect/beacon.h"

#include "fact/tuple.h"
#include "intake/enrich.h"
#include "room/collect/kinds.h"
#include "room/collect/pace.h"
#include "room/collect/policy.h"
#include "wire/url.h"

#include <string.h>

void
ff_beacon_init(struct ff_beacon *beacon, enum ff_kind kind, const char *name)
{
	*beacon = (struct ff_beacon){
		.site_key = "site",
		.event = {
			.kind = (uint8_t)kind,
			.name = ff_str_from(name),
			.view_type = FF_VIEW_INTENTIONAL,
			.view_source = FF_SOURCE_WEB,
			.scroll = 255,
			.flags = ff_kind_interactive(kind) ? 0 : FF_FLAG_NON_INTERACTIVE,
		},
	};
}

static struct ff_str
host_of(struct ff_arena *arena, struct ff_str text)
{
	struct ff_url url;

	return text.len > 0 && ff_url_parse(arena, text, &url) == FF_OK ? ff_url_host_bare(arena, url.host) : FF_STR_NONE;
}

struct ff_str
ff_beacon_host(const struct ff_req *req)
{
	struct ff_str host = host_of(req->arena, req->origin);

	return host.len > 0 ? host : host_of(req->arena, req->referer);
}

/* What the client named, else where the page says it is, else where the browser says it comes from. */
static enum ff_err
site_list(const struct ff_req *req, const struct ff_beacon *beacon, struct ff_str *list, struct ff_fault *fault)
{
	struct ff_url url;

	*list = beacon->sites;
	if (list->p)
		return FF_OK;
	if (beacon->url.len > 0) {
		if (ff_url_parse(req->arena, beacon->url, &url) != FF_OK)
			return ff_fault_set(fault, FF_INVALID, "url", "is not a valid URL");
		*list = ff_url_host_bare(req->arena, url.host);
	}
	if (list->len == 0)
		*list = ff_beacon_host(req);
	if (list->len > 0)
		return FF_OK;
	return ff_fault_set(fault, FF_INVALID, beacon->site_key, "is required where neither url, Origin nor Referer tells it");
}

/* By domain, or by the public id that snippets may carry instead. */
static const struct ff_site *
site_find(const struct ff_collect *collect, struct ff_str name)
{
	struct ff_uuid public_id;

	if (ff_uuid_parse(name, &public_id))
		return ff_snapshot_by_id(collect->snapshot, &public_id);
	return ff_snapshot_by_domain(collect->snapshot, name);
}

/* What a dialect's client knows of its visitor goes before what we make of the headers. */
static void
keep_told(const struct ff_event *told, struct ff_event *event)
{
	if (told->robot != FF_ROBOT_NO && event->robot == FF_ROBOT_NO)
		event->robot = told->robot;
	if (told->device != FF_DEVICE_UNKNOWN)
		event->device = told->device;
	if (told->browser.len > 0) {
		event->browser = told->browser;
		event->browser_version = FF_STR_NONE;
	}
	if (told->os.len > 0) {
		event->os = told->os;
		event->os_version = FF_STR_NONE;
	}
}

static enum ff_err
enrich(const struct ff_req *req, const struct ff_beacon *beacon, const struct ff_site *site,
    const struct ff_client *client, struct ff_event *event, struct ff_fault *fault)
{
	struct ff_collect *collect = ff_collect_of(req);
	struct ff_intake   intake = { collect->agents, collect->geo, collect->robots };
	int32_t            day = ff_day_of_us(client->ts_us);
	struct ff_hit      hit = {
		.site = site,
		.received_us = req->now_us,
		.ts_us = client->ts_us,
		.url = beacon->url,
		.hash_mode = beacon->hash_mode,
		.referrer = beacon->referrer,
		.addr = client->addr,
		.user_agent = client->user_agent,
		.accept_language = client->accept_language,
		.brands = client->brands,
		.screen = beacon->screen,
		.touch_points = beacon->touch,
		.anonymous = (beacon->event.flags & FF_FLAG_NO_VISITOR) || ff_policy_anonymous(site, client),
		.viewer = client->viewer,
		.place = beacon->told.has_place ? &beacon->told.place : NULL,
		.salt = ff_salts_find(&collect->salts, day),
		.salt_before = ff_salts_find(&collect->salts, day - 1),
	};

	*event = beacon->event;
	event->item = ff_policy_item(beacon, site);
	FF_TRY(ff_enrich(&intake, req->arena, &hit, event, fault));
	keep_told(&beacon->event, event);
	if (beacon->url.len > 0 && event->hostname.len == 0)
		event->hostname = FF_STR("(none)");
	return FF_OK;
}

/* Behind the records that are there already. */
static enum ff_err
encode(struct ff_parcel *parcel, const struct ff_event *event, struct ff_fault *fault)
{
	size_t off = parcel->payload.len;

	FF_TRY(ff_tuple_encode(event, &parcel->payload, fault));
	FF_TRY(ff_parcel_add(parcel, &event->event_id, off, event->robot != FF_ROBOT_NO));
	if (event->flags & FF_FLAG_CLIENT_ID) /* for the committer to remember */
		parcel->records[parcel->n - 1].note = ff_recent_print(event->site_id, &event->event_id);
	return FF_OK;
}

/* Ids that clients chose: is it in this parcel already? If not, it is now. */
static bool
is_repeated(struct ff_collect *collect, const struct ff_event *event)
{
	struct ff_seen   *seen = &collect->seen;
	struct ff_seen_id id = { event->event_id, event->site_id }, *grown;

	if (!(event->flags & FF_FLAG_CLIENT_ID))
		return false;
	for (size_t i = 0; i < seen->n; i++)
		if (seen->v[i].site_id == id.site_id && memcmp(&seen->v[i].event_id, &id.event_id, sizeof(id.event_id)) == 0)
			return true;
	if (seen->n == seen->cap) {
		seen->cap = seen->cap > 0 ? seen->cap * 4 : FF_EVENT_SITES;
		grown = FF_NEW_N(&collect->arena, seen->cap, struct ff_seen_id);
		if (seen->n > 0)
			memcpy(grown, seen->v, seen->n * sizeof(*grown));
		seen->v = grown;
	}
	seen->v[seen->n++] = id;
	return false;
}

static enum ff_err
drop(struct ff_outcome *outcome, enum ff_reason reason)
{
	outcome->dropped++;
	outcome->reason = reason;
	outcome->by_reason[reason]++;
	return FF_OK;
}

static enum ff_err
take_for(const struct ff_req *req, const struct ff_beacon *beacon, struct ff_str name, struct ff_client *client,
    struct ff_outcome *outcome, struct ff_fault *fault)
{
	struct ff_collect    *collect = ff_collect_of(req);
	const struct ff_site *site = site_find(collect, name);
	enum ff_reason        reason;
	struct ff_event       event;

	if (site)
		FF_TRY(ff_client_meet(req, site, client, fault));
	reason = ff_policy_judge(req, beacon, site, client);
	if (outcome->stored + outcome->dropped == FF_EVENT_SITES)
		return ff_fault_set(fault, FF_INVALID, "domain", "names more than %d sites", FF_EVENT_SITES);
	if (reason == FF_REASON_RATE_LIMITED && client->key)
		return ff_fault_set(fault, FF_TOO_MANY, "", "over the rate limit of the site");
	if (reason != FF_REASON_STORED)
		return drop(outcome, reason);
	for (unsigned i = 0; i < outcome->stored; i++)
		if (outcome->sites[i] == site->site_id)
			return FF_OK; /* named twice */
	FF_TRY(enrich(req, beacon, site, client, &event, fault));
	reason = ff_policy_judge_event(req, site, &event);
	if (reason != FF_REASON_STORED)
		return drop(outcome, reason);
	event.event_id = outcome->event_id;
	if (is_repeated(collect, &event))
		return drop(outcome, FF_REASON_DUPLICATE);
	ff_pace_judge(collect, client, req->now_us, &event);
	FF_TRY(encode(collect->parcel, &event, fault));
	outcome->sites[outcome->stored++] = site->site_id;
	return FF_OK;
}

static enum ff_err
take_all(const struct ff_req *req, const struct ff_beacon *beacon, struct ff_str list, struct ff_outcome *outcome,
    struct ff_fault *fault)
{
	struct ff_client client;

	FF_TRY(ff_client_read(req, beacon, &client, fault));
	while (list.p) {
		struct ff_str name = ff_str_trim(ff_str_split(&list, ','));

		if (name.len > 0)
			FF_TRY(take_for(req, beacon, name, &client, outcome, fault));
	}
	return FF_OK;
}

enum ff_err
ff_beacon_take(const struct ff_req *req, struct ff_res *res, const struct ff_beacon *beacon, struct ff_outcome *outcome)
{
	struct ff_collect    *collect = ff_collect_of(req);
	struct ff_parcel_mark before = ff_parcel_mark(collect->parcel);
	size_t                seen = collect->seen.n;
	struct ff_str         list;
	enum ff_err           err;

	*outcome = (struct ff_outcome){ .event_id = beacon->event.event_id };
	collect->counted = false;
	if (!collect->snapshot)
		return ff_collect_refuse(collect, FF_REASON_STORAGE, FF_BUSY);
	FF_TRY(site_list(req, beacon, &list, &res->fault));
	if (!(beacon->event.flags & FF_FLAG_CLIENT_ID))
		outcome->event_id = ff_collect_uuid(collect, req->now_us);
	err = take_all(req, beacon, list, outcome, &res->fault);
	if (err != FF_OK) { /* all or nothing */
		ff_parcel_rewind(collect->parcel, before);
		collect->seen.n = seen;
		return ff_collect_refuse(collect, ff_collect_reason(err), err);
	}
	collect->counted = outcome->stored == 0; /* what is stored counts with the parcel */
	for (int i = 0; i < FF_REASON_COUNT; i++)
		if (outcome->by_reason[i] > 0)
			ff_ledger_add(collect->ledger, (enum ff_reason)i, outcome->by_reason[i]);
	return FF_OK;
}

void
ff_beacon_next(const struct ff_req *req, struct ff_res *res)
{
	res->fault = (struct ff_fault){ 0 };
	ff_collect_of(req)->counted = false;
}

void
ff_beacon_refused(const struct ff_req *req, enum ff_err err)
{
	struct ff_collect *collect = ff_collect_of(req);
	enum ff_reason     reason = collect->reason != FF_REASON_STORED ? collect->reason : ff_collect_reason(err);

	if (!collect->counted)
		ff_ledger_add(collect->ledger, reason, 1);
	collect->counted = true;
	collect->reason = FF_REASON_BAD_FIELD; /* the next event's */
}

enum ff_err
ff_beacon_take_all(const struct ff_req *req, struct ff_res *res, const struct ff_beacon *beacons, unsigned n,
    struct ff_outcome *first)
{
	struct ff_outcome outcome;

	FF_TRY(ff_beacon_take(req, res, &beacons[0], first));
	for (unsigned i = 1; i < n; i++) {
		enum ff_err err = ff_beacon_take(req, res, &beacons[i], &outcome);

		if (ff_beacon_ends(err))
			return err;
		if (err != FF_OK)
			ff_beacon_refused(req, err);
	}
	return FF_OK;
}

enum ff_err
ff_outcome_found(const struct ff_outcome *outcome, struct ff_fault *fault)
{
	if (outcome->stored > 0)
		return FF_OK;
	if (outcome->reason == FF_REASON_UNKNOWN_SITE)
		return ff_fault_set(fault, FF_NOT_FOUND, "site", "is not known here");
	if (outcome->reason == FF_REASON_UNKNOWN_ITEM)
		return ff_fault_set(fault, FF_NOT_FOUND, "item", "is not known on this site");
	return FF_OK;
}
