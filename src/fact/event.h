/* event.h - one fact on its way from the wire to the tables.
 *
 * The collector fills it from top to bottom; fact/tuple encodes it for the spool and decodes it for the
 * drain. Slices point into the request's arena (collector) or into the tuple's bytes (drain). Text is valid
 * UTF-8 without U+0000 and within base/limits.h when it is encoded: a record that PostgreSQL could refuse
 * never reaches the spool. Absent text is an empty slice. */
#ifndef FF_FACT_EVENT_H
#define FF_FACT_EVENT_H

#include "base/str.h"
#include "base/uuid.h"

/* 1990-01-01: what claims to be older comes from a clock that was never set. The drain refuses it. */
#define FF_EVENT_FIRST_US INT64_C(631152000000000)

/* Numbers are stored: append, never renumber. */
enum ff_kind {
	FF_KIND_PAGEVIEW = 1,   /* a page was opened */
	FF_KIND_EVENT = 2,      /* a custom event */
	FF_KIND_ENGAGEMENT = 3, /* visible milliseconds and scroll depth of a page */
	FF_KIND_VIEW = 4,       /* a view of a content item without a page */
	/* What people do with an item or a page; none of them is a view. name says which one. */
	FF_KIND_REACTION = 5,      /* name: "like", "love", ...; measure: 1 given, -1 taken back */
	FF_KIND_COMMENT = 6,       /* measure: 1 written, -1 deleted */
	FF_KIND_FOLLOW = 7,        /* target: who or what is followed; measure: 1 or -1 */
	FF_KIND_SHARE = 8,         /* target: where to ("mastodon", "mail", ...) */
	FF_KIND_MEDIA = 9,         /* progress of a video or a sound: watched, media_*; engaged_ms: played since the last one */
	FF_KIND_INTERACTION = 10,  /* name: the action ("click", "open"); target: the element; measure: its value */
	FF_KIND_CONFIGURATION = 11, /* a snapshot of options -> values in props; name: the step; value_micros: the price */
	FF_KIND_PERFORMANCE = 12,  /* name: "LCP", "INP", "CLS", "FCP", "TTFB", "api", ...; target: route of the API; measure:
	                            * milliseconds (CLS: the score) */
	FF_KIND_ERROR = 13,        /* name: its class ("TypeError", "api"); target: the message; props: source, line, status */
	FF_KIND_SEARCH = 14,       /* a search on the site itself. target: the terms; measure: number of hits */
};

enum ff_view_type {
	FF_VIEW_INTENTIONAL = 1,
	FF_VIEW_LISTING = 2, /* impression */
	FF_VIEW_SEARCH = 3,
	FF_VIEW_WIDGET = 4,
	FF_VIEW_EMBED = 5,
};

enum ff_view_source {
	FF_SOURCE_WEB = 1,
	FF_SOURCE_API = 2,
	FF_SOURCE_PLAYER = 3,
	FF_SOURCE_FEED = 4,
	FF_SOURCE_APP = 5,
};

enum ff_device {
	FF_DEVICE_UNKNOWN = 0,
	FF_DEVICE_DESKTOP = 1,
	FF_DEVICE_MOBILE = 2,
	FF_DEVICE_TABLET = 3,
	FF_DEVICE_TV = 4,
	FF_DEVICE_CONSOLE = 5,
	FF_DEVICE_PLAYER = 6,
	FF_DEVICE_BOT = 7,
};

enum ff_channel {
	FF_CHANNEL_DIRECT = 0,
	FF_CHANNEL_REFERRAL = 1,
	FF_CHANNEL_SEARCH = 2,
	FF_CHANNEL_SOCIAL = 3,
	FF_CHANNEL_VIDEO = 4,
	FF_CHANNEL_EMAIL = 5,
	FF_CHANNEL_AI = 6,
	FF_CHANNEL_PAID_SEARCH = 7,
	FF_CHANNEL_PAID_SOCIAL = 8,
	FF_CHANNEL_PAID_OTHER = 9,
	FF_CHANNEL_AFFILIATE = 10,
	FF_CHANNEL_DISPLAY = 11,
	FF_CHANNEL_INTERNAL = 12,
	FF_CHANNEL_SHOPPING = 13,
	FF_CHANNEL_NEWS = 14,
};

/* Why an event stays apart: kept and marked, counted by this number, in no other figure. 0 = a human of the audience as
 * far as can be seen. The last two are humans, but not the audience. */
enum ff_robot {
	FF_ROBOT_NO = 0,
	FF_ROBOT_AGENT = 1,    /* the user agent says so */
	FF_ROBOT_EMPTY = 2,    /* no user agent */
	FF_ROBOT_LIBRARY = 3,  /* an HTTP library or command line client */
	FF_ROBOT_HEADLESS = 4, /* an automated browser */
	FF_ROBOT_SPAM = 5,      /* referrer spam */
	FF_ROBOT_NETWORK = 6,   /* an address of the operator's list */
	FF_ROBOT_BEHAVIOUR = 7, /* does what no human does */
	FF_ROBOT_PURGED = 8,    /* taken out afterwards by `footfall purge` */
	FF_ROBOT_OWNER = 9,     /* the item's own author looks at it */
	FF_ROBOT_TEAM = 10,     /* the site's own people, by their token */
};

enum {
	FF_FLAG_CLIENT_ID = 1 << 0,       /* the client chose event_id: a repetition counts once */
	FF_FLAG_NON_INTERACTIVE = 1 << 1, /* does not end a bounce */
	FF_FLAG_AUTH = 1 << 2,            /* a signed-in viewer */
	FF_FLAG_IMPORT = 1 << 3,          /* from an access log or another product: event_id from its content */
	FF_FLAG_NO_VISITOR = 1 << 4,      /* counted without identity (GPC, DNT): visitor = 0, no visit */
	FF_FLAG_MEASURE = 1 << 5,         /* measure_micros holds a number */
	/* Set by the drain alone (never in a tuple): how a view of an item counts. Every view of an item is raw. */
	FF_FLAG_UNIQUE = 1 << 8,          /* begins a window of its visitor and item */
	FF_FLAG_QUALIFIED = 1 << 9,       /* its window has reached the site's rule for attention */
};

/* What was watched of a medium, in hundredths of its length: bit i of byte i / 8, lowest first, is [i %, i + 1 %). */
#define FF_WATCHED_BYTES 13

struct ff_item {
	struct ff_str kind, key; /* key empty: the event is about no item */
	struct ff_str title, url, owner, collection;
};

struct ff_event {
	int32_t        site_id;
	int64_t        received_us; /* when we took it */
	int64_t        ts_us;       /* when it happened */
	struct ff_uuid event_id;
	uint64_t       visitor;      /* salted identity of the day; 0 with FF_FLAG_NO_VISITOR. Signed in: first 63 bits of viewer */
	uint64_t       visitor_prev; /* the same person under yesterday's salt: a visit crosses midnight; signed in: 0 */
	struct ff_uuid viewer;       /* signed-in: keyed pseudonym, stable (fact/viewer.h); nil = anonymous */
	uint8_t        kind, view_type, view_source, robot;
	uint32_t       flags;

	struct ff_str  name; /* "pageview", "engagement", or the custom event's */
	struct ff_str  hostname, path;
	struct ff_str  title;  /* of the page */
	struct ff_str  target; /* what was acted upon: by kind, see there */
	struct ff_str  list;   /* of an impression, or of the view that came from one: "related", "search", ... */
	uint16_t       position; /* in that list, from 1; 0 = not said */
	struct ff_item item;

	struct ff_str referrer;  /* host and path, no scheme, no query; empty = none or own site */
	struct ff_str source;    /* "Google", or the host; empty = direct */
	uint8_t       channel;
	struct ff_str utm_source, utm_medium, utm_campaign, utm_content, utm_term, click_id;

	char          country[2]; /* ISO 3166-1 alpha-2; {0,0} = unknown */
	struct ff_str region, city;
	uint8_t       device;
	struct ff_str browser, browser_version, os, os_version;
	struct ff_str language; /* BCP 47 primary, "de" or "pt-BR" */
	uint16_t      screen;   /* CSS pixels wide; 0 = unknown */

	uint32_t      engaged_ms;
	uint8_t       scroll;       /* percent, 255 = unknown */
	int64_t       value_micros; /* revenue in millionths of the currency's unit */
	char          currency[3];  /* ISO 4217; {0} = no revenue */
	int64_t       measure_micros; /* the kind's own number, in millionths; only with FF_FLAG_MEASURE */
	uint32_t      media_length_ms, media_position_ms; /* 0 = not said */
	uint8_t       watched[FF_WATCHED_BYTES]; /* all zero = nothing said */
	struct ff_str props;        /* a JSON object of strings, or empty */
};

#endif
