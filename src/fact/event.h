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

/* Why an agent counts as a robot; 0 = a human as far as can be seen. */
enum ff_robot {
	FF_ROBOT_NO = 0,
	FF_ROBOT_AGENT = 1,    /* the user agent says so */
	FF_ROBOT_EMPTY = 2,    /* no user agent */
	FF_ROBOT_LIBRARY = 3,  /* an HTTP library or command line client */
	FF_ROBOT_HEADLESS = 4, /* an automated browser */
};

enum {
	FF_FLAG_CLIENT_ID = 1 << 0,       /* the client chose event_id: a repetition counts once */
	FF_FLAG_NON_INTERACTIVE = 1 << 1, /* does not end a bounce */
	FF_FLAG_AUTH = 1 << 2,            /* a signed-in viewer */
	FF_FLAG_IMPORT = 1 << 3,          /* from an access log or another product: event_id from its content */
	FF_FLAG_NO_VISITOR = 1 << 4,      /* counted without identity (GPC, DNT): visitor = 0, no visit */
};

struct ff_item {
	struct ff_str kind, key; /* key empty: the event is about no item */
	struct ff_str title, url, owner, collection;
};

struct ff_event {
	int32_t        site_id;
	int64_t        received_us; /* when we took it */
	int64_t        ts_us;       /* when it happened */
	struct ff_uuid event_id;
	uint64_t       visitor;      /* salted identity of the day; 0 with FF_FLAG_NO_VISITOR */
	uint64_t       visitor_prev; /* the same person under yesterday's salt: a visit crosses midnight */
	uint8_t        kind, view_type, view_source, robot;
	uint32_t       flags;

	struct ff_str  name; /* "pageview", "engagement", or the custom event's */
	struct ff_str  hostname, path;
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
	struct ff_str props;        /* a JSON object of strings, or empty */
};

#endif
