/* matomo.h - the reader of Matomo's tracking API: the parameters of one request -> beacons. */
#ifndef FF_ROOM_COLLECT_MATOMO_H
#define FF_ROOM_COLLECT_MATOMO_H

#include "room/collect/reading.h"

/* What a heartbeat (ping=1) stands for: matomo.js sends one after that much attention, unless the page sets another. */
#define FF_MATOMO_PING_MS 15000

/* currency: of amounts whose request does not name one. beacon.sites is idsite as sent. FF_INVALID: nothing is tracked.
 * On FF_OK there is at least one beacon; the first one is the action itself. */
enum ff_err ff_matomo_read(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_str currency,
    struct ff_beacons *out) ff_must_check;
/* An element of a bulk request, "?idsite=1&rec=1" or {"idsite":1,"rec":1}, as pairs. */
enum ff_err ff_matomo_pairs(const struct ff_reading *reading, const struct ff_json *node, struct ff_pairs *out) ff_must_check;

/* A parameter without white space around it; empty where it is absent. */
static inline struct ff_str
ff_matomo_get(const struct ff_pairs *pairs, const char *name)
{
	return ff_str_trim(ff_pairs_find(pairs, name));
}

/* matomo_page.c: what all of them say; matomo_media.c, matomo_shop.c: two kinds with parameters of their own. */
enum ff_err ff_matomo_page(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_beacon *beacon)
	ff_must_check;
enum ff_err ff_matomo_media(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_beacon *beacon)
	ff_must_check;
/* currency: as for ff_matomo_read. */
void ff_matomo_order(const struct ff_pairs *pairs, struct ff_str currency, struct ff_propset *props, struct ff_event *event);
void ff_matomo_product(const struct ff_pairs *pairs, struct ff_propset *props, struct ff_event *event);

#endif
