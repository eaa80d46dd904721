/* reading.h - what the readers of other products' dialects share. A reader is a pure function: what a client of that
 * product sent -> beacons of ours; it knows nothing of the request. Products are lenient where we are strict: what is too
 * long for us is cut or left out where they would have kept it, so that the event itself is never lost for a detail.
 *
 * A client is believed its user agent and its languages: it could say the same in the headers of its request. Address, time
 * and place are what only a caller with a key may say: where one of them is there, told.any is set. */
#ifndef FF_ROOM_COLLECT_READING_H
#define FF_ROOM_COLLECT_READING_H

#include "room/collect/beacon.h"

struct ff_reading {
	struct ff_arena *arena;   /* the beacons' slices */
	struct ff_buf   *scratch; /* for properties; what is in it is lost */
	struct ff_fault *fault;
};

/* One fact of theirs may be several of ours: a page view and its load times. */
#define FF_BEACONS_MAX 10
struct ff_beacons {
	struct ff_beacon v[FF_BEACONS_MAX];
	unsigned         n;
};

/* The user agent of nobody: no browser, no system, unknown device, and no robot. For servers that speak for people without
 * saying whose browser it was. */
#define FF_AGENT_UNKNOWN FF_STR("Mozilla/5.0 (unknown)")

struct ff_beacon *ff_beacons_add(struct ff_beacons *beacons, enum ff_kind kind, const char *name);
/* A copy of `of` without its measures and properties, for a metric of that page: milliseconds, or CLS's score. */
void ff_beacons_metric(struct ff_beacons *beacons, const struct ff_beacon *of, const char *name, int64_t micros);

enum ff_err ff_reading_bad(const struct ff_reading *reading, const char *field, const char *why) ff_must_check;
/* A name of an event: without white space around it, cut to FF_NAME_MAX characters. */
struct ff_str ff_reading_name(struct ff_str text);
/* A URL or path as people write it: what may not stand in one raw (spaces, controls) is escaped. */
struct ff_str ff_reading_url(const struct ff_reading *reading, struct ff_str text);
/* Puts one more parameter behind a URL, in front of its fragment, where it fits FF_URL_MAX and value is not empty. */
struct ff_str ff_reading_url_add(const struct ff_reading *reading, struct ff_str url, const char *name, struct ff_str value);
/* "1920x1080", "1920,1080,2": the first number; 0 if it is no screen. */
unsigned ff_reading_screen(struct ff_str text);
/* A decimal number, "12.5" or "1e3", to millionths; false beyond 9e12. */
bool ff_reading_micros(struct ff_str text, int64_t *micros);
/* Revenue in `currency` (3 letters, any case); nothing where one of them is none. */
void ff_reading_revenue(struct ff_event *event, struct ff_str amount, struct ff_str currency);

/* Properties put together one by one. The same key twice: the later one holds. */
struct ff_propset {
	const struct ff_reading *reading;
	struct ff_json_out       json;
	unsigned                 kept;
};

void ff_propset_begin(struct ff_propset *props, const struct ff_reading *reading);
/* Left out: what is blank, a key over its limit, what is over FF_PROPS_MAX or does not fit a record. A long value is cut. */
void ff_propset_put(struct ff_propset *props, struct ff_str key, struct ff_str value);
/* Members of an object, those of objects within as "outer.inner"; arrays as their JSON. */
void ff_propset_tree(struct ff_propset *props, struct ff_str prefix, const struct ff_json *object);
struct ff_str ff_propset_end(struct ff_propset *props); /* in the arena; FF_STR_NONE if nothing was kept */

#endif
