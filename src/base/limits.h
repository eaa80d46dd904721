/* limits.h - every bound in one place, each with its reason. */
#ifndef FF_BASE_LIMITS_H
#define FF_BASE_LIMITS_H

/* One write(2) up to PIPE_BUF is atomic, so log lines of many workers never mix. */
#define FF_LOG_LINE_MAX 2048

/* Arena blocks: a typical request fits the first block; larger blocks are returned at reset. */
#define FF_ARENA_BLOCK (32 * 1024)

/* A beacon is some hundred bytes; keepalive fetches are capped at 64 KiB by browsers. */
#define FF_BEACON_MAX (8 * 1024)
/* What a page measured, sent as it is left: all that a keepalive fetch may hold. */
#define FF_REPORT_MAX (64 * 1024)
/* Events in one report: a page measures a dozen things; hundreds are the errors of a loop. */
#define FF_REPORT_EVENTS_MAX 50
/* 500 events of 2 KiB, in every dialect that has batches. */
#define FF_BATCH_MAX (1024 * 1024)
#define FF_BATCH_EVENTS_MAX 500
/* Sites that one event may name: each gets a record of its own. */
#define FF_EVENT_SITES 8
/* Query and settings forms. */
#define FF_BODY_MAX (256 * 1024)
/* A built response; exports and streams are not built whole. */
#define FF_RESPONSE_MAX (8 * 1024 * 1024)
/* CGI environment of one request: web servers cap request headers near this. */
#define FF_ENV_MAX (64 * 1024)

/* Pairs of a query string or form: the widest settings page has some dozens. */
#define FF_PAIRS_MAX 256
/* Pairs of a beacon's query string: more of them are no beacon of ours. */
#define FF_BEACON_PAIRS_MAX 64

/* JSON from strangers: deeper or wider is no beacon. */
#define FF_JSON_DEPTH_MAX 8
#define FF_JSON_KEYS_MAX 512
/* Filters of a query are a tree. */
#define FF_QUERY_DEPTH_MAX 32

/* Plausible's caps, so that its clients see no difference (WIRE: name, url, props). */
#define FF_NAME_MAX 120 /* characters */
#define FF_NAME_BYTES (FF_NAME_MAX * 4)
#define FF_URL_MAX 2000
#define FF_PROPS_MAX 30
#define FF_PROP_KEY_MAX 300
#define FF_PROP_VALUE_MAX 2000

/* A label is a unique btree key: PostgreSQL refuses index rows over 2704 bytes. */
#define FF_LABEL_MAX 2000
#define FF_ITEM_KIND_MAX 32
#define FF_ITEM_KEY_MAX 200
#define FF_ITEM_TITLE_MAX 500
#define FF_ITEM_OWNER_MAX 200
#define FF_ITEM_COLLECTION_MAX 200
#define FF_UTM_MAX 200
/* GoatCounter's cap for the title of a page. */
#define FF_TITLE_MAX 1024
#define FF_LIST_MAX 100
#define FF_HOST_MAX 253

/* The user agent is cut here before any pattern sees it: bounds backtracking. */
#define FF_AGENT_MAX 512

/* One spooled record with its header; a beacon of FF_BEACON_MAX always fits. */
#define FF_RECORD_MAX (16 * 1024)

/* Items in one POST /api/content/counts. */
#define FF_COUNTS_MAX 200
/* Items in one PUT /api/content: one transaction of some hundred milliseconds. */
#define FF_ITEMS_MAX 500

/* Texts other than paths that nobody had before and a site may bring in a day (search terms, referrers, campaigns, error
 * messages): a busy site has some thousands, and this many are a few megabytes of labels. */
#define FF_LABELS_DAY_MAX 50000

/* 30 minutes idle end a visit: the field's convention. */
#define FF_VISIT_IDLE_S 1800

#endif
