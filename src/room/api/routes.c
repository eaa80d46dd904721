#include "base/limits.h"
#include "room/api/api.h"
#include "room/api/form.h"
#include "room/api/room.h"

enum { COUNTER_AGE = 30, QUERY_AGE = 60, STATS_AGE = 300, LIST_AGE = 300, PUBLIC_AGE = 300, COUNTER_PAGE_AGE = 4 * 3600 };

static const struct ff_param of_site[] = {
	{ .name = "site", .type = FF_PARAM_TEXT, .max = FF_HOST_MAX,
	  .help = "domain, public id or number; may be left out where the key has one site, or there is only one" },
	{ .name = NULL },
};

static const struct ff_param of_job[] = {
	{ .name = "run", .type = FF_PARAM_INT, .min = 1, .max = INT64_MAX, .help = "number of an asked run" },
	{ .name = "limit", .type = FF_PARAM_INT, .min = 1, .max = 1000, .help = "past runs to show; default: 20" },
	{ .name = NULL },
};

#define SITE_ID { .name = "site_id", .type = FF_PARAM_TEXT, .max = FF_HOST_MAX, .help = "domain, public id or number" }

static const struct ff_param of_now[] = { SITE_ID, { .name = NULL } };

/* In the order of enum ff_api_v1_param. All are texts: their faults have sentences of their own. */
static const struct ff_param of_v1[] = {
	SITE_ID,
	{ .name = "period", .type = FF_PARAM_TEXT, .help = "day, 7d, 30d (default), month, 6mo, 12mo or custom" },
	{ .name = "date", .type = FF_PARAM_TEXT, .help = "the period's last day; custom: first and last day, a comma between" },
	{ .name = "metrics", .type = FF_PARAM_TEXT, .max = 1000, .help = "names with commas between; default: visitors" },
	{ .name = "property", .type = FF_PARAM_TEXT, .max = 400, .help = "breakdown: the dimension, for example event:page" },
	{ .name = "filters", .type = FF_PARAM_TEXT, .max = 16384, .help = "event:page==/a|/b**;visit:country!=FR" },
	{ .name = "interval", .type = FF_PARAM_TEXT, .help = "timeseries: day or month" },
	{ .name = "compare", .type = FF_PARAM_TEXT, .help = "aggregate: previous_period" },
	{ .name = "with_imported", .type = FF_PARAM_TEXT, .help = "taken and without effect" },
	{ .name = "limit", .type = FF_PARAM_TEXT, .help = "breakdown: 1 to 1000 rows; default: 100" },
	{ .name = "page", .type = FF_PARAM_TEXT, .help = "breakdown: from 1" },
	{ .name = NULL },
};

static const struct ff_param of_pages[] = {
	FF_API_PAGE_PARAMS,
	{ .name = NULL },
};

static const struct ff_param of_site_pages[] = {
	{ .name = "site_id", .type = FF_PARAM_TEXT, .max = FF_HOST_MAX, .help = "domain, public id or number" },
	FF_API_PAGE_PARAMS,
	{ .name = NULL },
};

static const struct ff_param of_site_id[] = {
	{ .name = "site_id", .type = FF_PARAM_TEXT, .max = FF_HOST_MAX,
	  .help = "domain, public id or number; may stand in the body" },
	{ .name = NULL },
};

static const struct ff_param of_link[] = {
	{ .name = "auth", .type = FF_PARAM_TEXT, .help = "the link's text, in the place of the header Authorization" },
	{ .name = NULL },
};

/* Provisioning: FORM takes a body as JSON, urlencoded or multipart/form-data. */
#define SITES(m, p, f, h)      .method = FF_##m, .pattern = "/api/v1/sites" p, .fn = f, .guard = FF_GUARD_KEY, \
	.scope = "sites:write", .max_age = -1, .help = h
#define SITES_FORM(m, p, f, h) SITES(m, p, f, h), .body_max = FF_BODY_MAX, .csrf_exempt = true

/* In the order of lists.c. */
static const struct ff_param of_list[] = {
	{ .name = "site", .type = FF_PARAM_TEXT, .max = FF_HOST_MAX, .help = "as everywhere" },
	{ .name = "window", .type = FF_PARAM_ENUM, .choices = "day|week|month|all", .help = "the last days; week, if not said" },
	{ .name = "kind", .type = FF_PARAM_TEXT, .max = FF_ITEM_KIND_MAX, .help = "items of this kind alone" },
	{ .name = "owner", .type = FF_PARAM_TEXT, .max = FF_ITEM_OWNER_MAX, .help = "items of this owner alone" },
	{ .name = "collection", .type = FF_PARAM_TEXT, .max = FF_ITEM_COLLECTION_MAX, .help = "items of this collection alone" },
	{ .name = "limit", .type = FF_PARAM_INT, .min = 1, .max = 100, .help = "how many; 10, if not said" },
	{ .name = NULL },
};

/* In the order of public.c. */
#define PUBLIC_PARAMS \
	{ .name = "count", .type = FF_PARAM_ENUM, .choices = "views|unique|qualified", .help = "text and badge: what; views" }, \
	{ .name = "period", .type = FF_PARAM_ENUM, .choices = "total|month|today", .help = "text and badge: since when; total" }, \
	{ .name = "label", .type = FF_PARAM_TEXT, .max = 60, .help = "badge: the words at its left" }

static const struct ff_param of_public[] = {
	PUBLIC_PARAMS,
	{ .name = NULL },
};

static const struct ff_param of_public_page[] = {
	PUBLIC_PARAMS,
	{ .name = "path", .type = FF_PARAM_TEXT, .max = FF_URL_MAX, .help = "the page; required for page" },
	{ .name = NULL },
};

static const struct ff_param of_counter[] = {
	{ .name = "start", .type = FF_PARAM_TEXT, .help = "first day; or week, month, year: so long ago" },
	{ .name = "end", .type = FF_PARAM_TEXT, .help = "last day" },
	{ .name = "site", .type = FF_PARAM_TEXT, .max = FF_HOST_MAX, .help = "else the host asked, or the domain above it" },
	{ .name = "no_branding", .type = FF_PARAM_TEXT, .help = "taken and without effect" },
	{ .name = "style", .type = FF_PARAM_TEXT, .max = 16384, .help = "taken and without effect" },
	{ .name = NULL },
};

static const struct ff_param of_related[] = {
	{ .name = "site", .type = FF_PARAM_TEXT, .max = FF_HOST_MAX, .help = "as everywhere" },
	{ .name = "limit", .type = FF_PARAM_INT, .min = 1, .max = 100, .help = "how many; 10, if not said" },
	{ .name = NULL },
};

/* In the order that export.c knows. */
#define EXPORT_PARAMS                                                                                                       \
	{ .name = "site", .type = FF_PARAM_TEXT, .max = FF_HOST_MAX,                                                        \
	  .help = "domain, public id or number; may be left out where the key has one site, or there is only one" },        \
	{ .name = "format", .type = FF_PARAM_ENUM, .choices = "csv|jsonl", .help = "default: csv" },                        \
	{ .name = "cursor", .type = FF_PARAM_TEXT, .help = "last column of the last row that is had: go on behind it" },    \
	{ .name = "limit", .type = FF_PARAM_INT, .min = 1, .max = INT64_MAX, .help = "rows at most; default: all" },        \
	{ .name = "bom", .type = FF_PARAM_FLAG, .help = "CSV with a byte order mark" }
#define EXPORT_DAYS                                                                                                         \
	{ .name = "from", .type = FF_PARAM_DAY, .help = "first local day; default: all that is kept" },                     \
	{ .name = "to", .type = FF_PARAM_DAY, .help = "last local day" },                                                   \
	{ .name = "robots", .type = FF_PARAM_FLAG, .help = "robots and purged visits too" },                                \
	{ .name = "identities", .type = FF_PARAM_FLAG, .help = "pseudonyms too; wants the scope export:identities" }

static const struct ff_param of_events[] = { EXPORT_PARAMS, EXPORT_DAYS,
	{ .name = "kind", .type = FF_PARAM_TEXT, .help = "of events: pageview, view, event, ..." },
	{ .name = "name", .type = FF_PARAM_TEXT, .max = FF_NAME_BYTES, .help = "of events" },
	{ .name = "path", .type = FF_PARAM_TEXT, .max = FF_URL_MAX, .help = "of the page" },
	{ .name = "item", .type = FF_PARAM_TEXT, .max = FF_ITEM_KIND_MAX + 1 + FF_ITEM_KEY_MAX, .help = "kind/id" },
	{ .name = NULL } };
static const struct ff_param of_visits[] = { EXPORT_PARAMS, EXPORT_DAYS, { .name = NULL } };
static const struct ff_param of_items[] = { EXPORT_PARAMS,
	{ .name = "kind", .type = FF_PARAM_TEXT, .help = "of items" },
	{ .name = "owner", .type = FF_PARAM_TEXT, .help = "of items" },
	{ .name = "collection", .type = FF_PARAM_TEXT, .help = "of items" },
	{ .name = NULL } };

const struct ff_route ff_api_routes[] = {
	{ .method = FF_GET, .pattern = "/api/analytics/stats/{id}", .fn = ff_api_item, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_site, .max_age = COUNTER_AGE, .fresh = COUNTER_AGE, .narrows = true,
	  .help = "views of an item of the site's default kind: today, this month, in total" },
	{ .method = FF_GET, .pattern = "/api/content/{kind}/{id}/counts", .fn = ff_api_content, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_site, .max_age = COUNTER_AGE, .fresh = COUNTER_AGE, .narrows = true,
	  .help = "the same for an item of any kind" },
	{ .method = FF_POST, .pattern = "/api/content/counts", .fn = ff_api_contents, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .body_max = FF_BODY_MAX, .csrf_exempt = true, .max_age = -1, .fresh = COUNTER_AGE, .narrows = true,
	  .help = "the same for up to 200 items" },
	{ .method = FF_GET, .pattern = "/api/content/{kind}/{id}/stats", .fn = ff_api_item_stats, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_site, .max_age = STATS_AGE, .fresh = STATS_AGE, .narrows = true,
	  .help = "all that is known of an item: totals, trend, by whom and from where, how far it was watched" },
	{ .method = FF_GET, .pattern = "/api/content/{kind}/{id}/related", .fn = ff_api_related, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_related, .max_age = LIST_AGE, .fresh = LIST_AGE,
	  .help = "items that the same visitors saw on the same day" },
	{ .method = FF_GET, .pattern = "/api/lists/popular", .fn = ff_api_popular, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_list, .max_age = LIST_AGE, .fresh = LIST_AGE, .narrows = true,
	  .help = "the items with most unique views" },
	{ .method = FF_GET, .pattern = "/api/lists/trending", .fn = ff_api_trending, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_list, .max_age = LIST_AGE, .fresh = LIST_AGE, .narrows = true,
	  .help = "the items with most visitors of late, each weighing less as time goes by" },
	{ .method = FF_GET, .pattern = "/api/lists/rising", .fn = ff_api_rising, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_list, .max_age = LIST_AGE, .fresh = LIST_AGE, .narrows = true,
	  .help = "the items that rise above their own past" },
	{ .method = FF_GET, .pattern = "/api/content/{kind}/{id}", .fn = ff_api_item_get, .guard = FF_GUARD_KEY,
	  .scope = "content:write", .params = of_site, .max_age = -1,
	  .help = "an item as it is stored, with the collections it was in" },
	{ .method = FF_PUT, .pattern = "/api/content/{kind}/{id}", .fn = ff_api_item_put, .guard = FF_GUARD_KEY,
	  .scope = "content:write", .params = of_site, .body_max = FF_BODY_MAX, .csrf_exempt = true, .max_age = -1,
	  .help = "add or change an item: title, URL, owner, collection, visibility, date of publication" },
	{ .method = FF_DELETE, .pattern = "/api/content/{kind}/{id}", .fn = ff_api_item_delete, .guard = FF_GUARD_KEY,
	  .scope = "content:write", .params = of_site, .csrf_exempt = true, .max_age = -1,
	  .help = "take an item out of all lists; its figures stay" },
	{ .method = FF_PUT, .pattern = "/api/content", .fn = ff_api_items_put, .guard = FF_GUARD_KEY,
	  .scope = "content:write", .params = of_site, .body_max = FF_BATCH_MAX, .csrf_exempt = true, .max_age = -1,
	  .help = "add, change or remove up to 500 items" },
	{ .method = FF_POST, .pattern = "/api/v2/query", .fn = ff_api_query, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .body_max = FF_BODY_MAX, .csrf_exempt = true, .max_age = -1, .fresh = QUERY_AGE, .narrows = true,
	  .help = "statistics, in the dialect of Plausible's Stats API v2" },
	{ .method = FF_GET, .pattern = "/api/v1/stats/realtime/visitors", .fn = ff_api_v1_realtime, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_now, .max_age = -1, .fresh = 5, .narrows = true,
	  .help = "visitors of the last five minutes, a bare number (v1)" },
	{ .method = FF_GET, .pattern = "/api/v1/stats/aggregate", .fn = ff_api_v1_aggregate, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_v1, .max_age = -1, .fresh = QUERY_AGE, .narrows = true,
	  .help = "figures of a period, and how they changed (v1)" },
	{ .method = FF_GET, .pattern = "/api/v1/stats/timeseries", .fn = ff_api_v1_timeseries, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_v1, .max_age = -1, .fresh = QUERY_AGE, .narrows = true,
	  .help = "figures by day, month or hour (v1)" },
	{ .method = FF_GET, .pattern = "/api/v1/stats/breakdown", .fn = ff_api_v1_breakdown, .guard = FF_GUARD_KEY,
	  .scope = "stats:read", .params = of_v1, .max_age = -1, .fresh = QUERY_AGE, .narrows = true,
	  .help = "figures by one dimension (v1)" },
	{ .method = FF_POST, .pattern = "/api/analytics/reset/daily", .fn = ff_api_reset_daily, .guard = FF_GUARD_KEY,
	  .scope = "content:write", .body_max = FF_BODY_MAX, .csrf_exempt = true, .max_age = -1,
	  .help = "today's counters of all items of a site, or of one, back to 0" },
	{ .method = FF_POST, .pattern = "/api/analytics/reset/monthly", .fn = ff_api_reset_monthly, .guard = FF_GUARD_KEY,
	  .scope = "content:write", .body_max = FF_BODY_MAX, .csrf_exempt = true, .max_age = -1,
	  .help = "the same for this month's counters" },
	{ .method = FF_GET, .pattern = "/api/export/events", .fn = ff_api_export_events, .guard = FF_GUARD_KEY,
	  .scope = "export:read", .params = of_events, .max_age = -1, .help = "single events, as CSV or JSON lines" },
	{ .method = FF_POST, .pattern = "/api/export/query", .fn = ff_api_export_query, .guard = FF_GUARD_KEY,
	  .scope = "export:read", .body_max = FF_BODY_MAX, .csrf_exempt = true, .max_age = -1,
	  .help = "the rows of a question as /api/v2/query takes it, as CSV or JSON lines" },
	{ .method = FF_GET, .pattern = "/api/export/visits", .fn = ff_api_export_visits, .guard = FF_GUARD_KEY,
	  .scope = "export:read", .params = of_visits, .max_age = -1, .help = "visits, as CSV or JSON lines" },
	{ .method = FF_GET, .pattern = "/api/export/items", .fn = ff_api_export_items, .guard = FF_GUARD_KEY,
	  .scope = "export:read", .params = of_items, .max_age = -1, .help = "items with their counters, as CSV or JSON lines" },
	{ .method = FF_GET, .pattern = "/api/jobs", .fn = ff_api_jobs, .guard = FF_GUARD_KEY, .scope = "jobs:run",
	  .takes_signed = true, .max_age = -1, .help = "the tasks of footfall-cron and how they stand" },
	{ .method = FF_GET, .pattern = "/api/jobs/{task}", .fn = ff_api_job, .guard = FF_GUARD_KEY, .scope = "jobs:run",
	  .takes_signed = true, .params = of_job, .max_age = -1, .help = "one task, its last runs, and how an asked run went" },
	{ .method = FF_POST, .pattern = "/api/jobs/{task}", .fn = ff_api_job_ask, .guard = FF_GUARD_KEY, .scope = "jobs:run",
	  .takes_signed = true, .body_max = FF_BODY_MAX, .csrf_exempt = true, .max_age = -1,
	  .help = "ask for a run of a task: by footfall-cron, as soon as it looks" },
	{ SITES(GET, "", ff_api_sites_get, "sites that the key may manage"), .params = of_pages },
	{ SITES_FORM(POST, "", ff_api_sites_post, "make a site") },
	{ SITES(GET, "/teams", ff_api_sites_teams, "for clients that ask: there are no teams"), .params = of_pages },
	{ SITES(GET, "/goals", ff_api_goals_get, "goals of a site"), .params = of_site_pages },
	{ SITES_FORM(PUT, "/goals", ff_api_goals_put, "make a goal, or find the one that means the same") },
	{ SITES_FORM(DELETE, "/goals/{goal}", ff_api_goal_delete, "take a goal away"), .params = of_site_id },
	{ SITES(GET, "/segments", ff_api_segments_get, "segments of a site"), .params = of_site_pages },
	{ SITES_FORM(POST, "/segments", ff_api_segments_post, "put filters under a name") },
	{ SITES_FORM(PUT, "/segments/{segment}", ff_api_segment_put, "another name or other filters"), .params = of_site_id },
	{ SITES_FORM(DELETE, "/segments/{segment}", ff_api_segment_delete, "take a segment away"), .params = of_site_id },
	{ SITES(GET, "/shared-links", ff_api_shares_get, "share links of a site, without their texts"), .params = of_site_pages },
	{ SITES_FORM(PUT, "/shared-links", ff_api_shares_put, "make a share link, or find the one of that name") },
	{ SITES_FORM(DELETE, "/shared-links/{link}", ff_api_share_delete, "revoke a share link"), .params = of_site_id },
	{ SITES(GET, "/guests", ff_api_guests_get, "accounts that see this site because it is granted to them"),
	  .params = of_site_pages },
	{ SITES_FORM(PUT, "/guests", ff_api_guests_put, "let an account see this site") },
	{ SITES_FORM(DELETE, "/guests/{email}", ff_api_guest_delete, "take the site from an account"), .params = of_site_id },
	{ SITES(GET, "/custom-props", ff_api_props_get, "for clients that ask: every property is kept"), .params = of_site_id },
	{ SITES_FORM(PUT, "/custom-props", ff_api_props_put, "for clients that declare properties: nothing to do") },
	{ SITES_FORM(DELETE, "/custom-props/{property}", ff_api_prop_delete, "the same"), .params = of_site_id },
	{ SITES(GET, "/{site}", ff_api_site_get, "a site with its settings") },
	{ SITES_FORM(PUT, "/{site}", ff_api_site_put, "another domain or other settings") },
	{ SITES_FORM(DELETE, "/{site}", ff_api_site_delete, "take a site away") },
	{ .method = FF_GET, .pattern = "/api/share/{site}", .fn = ff_api_share_get, .guard = FF_GUARD_KEY, .scope = "stats:read",
	  .params = of_link, .max_age = -1, .help = "what a share link opens" },
	{ .method = FF_POST, .pattern = "/api/share", .fn = ff_api_share_open, .body_max = FF_BODY_MAX, .csrf_exempt = true,
	  .max_age = -1, .help = "give a share link's password: a text that is good in its place for twelve hours" },
	{ .method = FF_GET, .pattern = "/public/{site}/{file}", .fn = ff_api_public_page, .params = of_public_page,
	  .max_age = PUBLIC_AGE, .fresh = QUERY_AGE,
	  .help = "page.json, .txt or .svg?path=/a, or total.: public counters, where the site has them" },
	{ .method = FF_GET, .pattern = "/public/{site}/{kind}/{file}", .fn = ff_api_public_item, .params = of_public,
	  .max_age = PUBLIC_AGE, .fresh = QUERY_AGE, .help = "{id}.json, .txt or .svg: the same of an item" },
	{ .method = FF_GET, .pattern = "/counter/{path*}", .fn = ff_api_counter, .params = of_counter,
	  .max_age = COUNTER_PAGE_AGE, .help = "GoatCounter's counter: PATH.json, .html or .svg; TOTAL is the whole site" },
	{ .method = FF_GET, .pattern = "/api/health", .fn = ff_api_health, .max_age = -1,
	  .help = "database, spool, ledger, drain and salts; 503 where something is down" },
	{ .method = FF_GET, .pattern = "/metrics", .fn = ff_api_metrics, .max_age = -1,
	  .help = "the same and more for Prometheus" },
};

const size_t ff_api_routes_n = sizeof(ff_api_routes) / sizeof(ff_api_routes[0]);
