/* beacon.h - the way of a beacon that every endpoint shares: body -> (the endpoint's fields) -> sites -> policy ->
 * enrichment -> tuple. An endpoint fills a beacon, calls ff_beacon_take, and says the outcome in its own words.
 *
 * Several events in one request: one beacon and one ff_beacon_take each; an error is that event's alone. Whoever ends an
 * error counts it: an error that a handler returns refuses the whole request (no record of it is stored) and is counted by
 * answer.c; one that the handler turns into a word of its reply it gives to ff_beacon_refused. FF_BUSY is always the whole
 * request's: nothing can be taken now. The records are stored together or not at all: 503 then for the request. */
#ifndef FF_ROOM_COLLECT_BEACON_H
#define FF_ROOM_COLLECT_BEACON_H

#include "fact/geo.h"
#include "room/collect/field.h"
#include "room/collect/room.h"

/* What only a caller with a key may say about the visitor, in place of the request's own headers. All zero: nothing. */
struct ff_told {
	bool            any;
	bool            has_addr;
	struct ff_addr  addr;
	struct ff_str   user_agent, language; /* NULL: the request's own */
	int64_t         ts_us;                /* 0: now */
	struct ff_str   viewer;               /* the host's name for the signed-in viewer, as a token's sub; not heard of others */
	bool            has_place;
	struct ff_place place;
};

/* What the client told, validated; slices of the request's arena. */
struct ff_beacon {
	struct ff_event event;     /* kind, name, item, view type and source, flags, id, measures, props */
	struct ff_str   sites;     /* comma list; none: the page's host, else Origin's, else Referer's */
	const char     *site_key;  /* what the endpoint calls it: "site" or "domain" */
	struct ff_str   url;       /* of the page; may be path-only or empty */
	struct ff_str   referrer;
	bool            hash_mode;
	unsigned        screen, touch; /* CSS pixels wide; touch points */
	struct ff_str   token;  /* the viewer's JWT; none: that of the Authorization header, if one is there */
	struct ff_told  told;
};

struct ff_outcome {
	unsigned       stored, dropped; /* sites; with none stored, reason tells why */
	int32_t        sites[FF_EVENT_SITES]; /* the stored ones */
	uint8_t        by_reason[FF_REASON_COUNT];
	enum ff_reason reason;          /* of the last one dropped */
	struct ff_uuid event_id;
};

/* Neither item nor page nor number; whether it ends a bounce is as the kind has it. */
void ff_beacon_init(struct ff_beacon *beacon, enum ff_kind kind, const char *name);
/* The body as a JSON object; an empty body is an absent object (NULL) where `optional`. Every refusal carries its
 * reason and a fault. */
enum ff_err ff_beacon_body(const struct ff_req *req, struct ff_res *res, bool optional, const struct ff_json **out)
	ff_must_check;
/* The same for an array or an object, and for a text that is no JSON: only that it came whole and is UTF-8. */
enum ff_err ff_beacon_json(const struct ff_req *req, struct ff_res *res, enum ff_json_type type, const struct ff_json **out)
	ff_must_check;
enum ff_err ff_beacon_text(const struct ff_req *req, struct ff_res *res) ff_must_check;
/* One record a site into the parcel, or a reason in the ledger; an id of the client's that the parcel holds already for
 * that site is dropped as DUPLICATE. All or nothing: on an error only this event's records leave the parcel, and it is not
 * counted yet (see above). FF_INVALID: a field is wrong; FF_TOO_LARGE: no room for it; FF_FORBIDDEN: the key is another
 * site's; FF_TOO_MANY: a caller with a key, over the site's limit: the whole request's, as FF_BUSY;
 * FF_BUSY: the list of sites is not there yet. */
enum ff_err ff_beacon_take(const struct ff_req *req, struct ff_res *res, const struct ff_beacon *beacon,
    struct ff_outcome *outcome) ff_must_check;
/* Of the whole request, whichever of its events met it first: nothing can be taken now. */
static inline bool
ff_beacon_ends(enum ff_err err)
{
	return err == FF_BUSY || err == FF_TOO_MANY;
}

/* The fields of one event of /api/event, with everything beside them (docs/events.md), into a beacon. Its props lie in
 * the room's buffer until the next one is read. */
enum ff_err ff_event_read(const struct ff_req *req, const struct ff_fields *fields, struct ff_beacon *beacon) ff_must_check;
/* The page's host as its browser tells it: Origin's, else Referer's; bare, empty where neither is a URL. */
struct ff_str ff_beacon_host(const struct ff_req *req);
/* Before each event of several: no fault yet, not counted yet. */
void ff_beacon_next(const struct ff_req *req, struct ff_res *res);
/* One event of several is refused and its request goes on: counts it, by the reason that was set, unless it was counted as
 * dropped before. */
void ff_beacon_refused(const struct ff_req *req, enum ff_err err);
/* One fact in several records: the first is the fact itself, whose error is returned; of the others each stands for itself
 * (its refusal is counted), but where nothing can be taken at all. */
enum ff_err ff_beacon_take_all(const struct ff_req *req, struct ff_res *res, const struct ff_beacon *beacons, unsigned n,
    struct ff_outcome *first) ff_must_check;
/* For endpoints that answer 404 where Plausible's says "dropped": unknown site and unknown item. */
enum ff_err ff_outcome_found(const struct ff_outcome *outcome, struct ff_fault *fault) ff_must_check;

#endif
