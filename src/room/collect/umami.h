/* umami.h - the reader of Umami's collect API: {"type","payload"} -> beacons. */
#ifndef FF_ROOM_COLLECT_UMAMI_H
#define FF_ROOM_COLLECT_UMAMI_H

#include "room/collect/reading.h"

/* FF_INVALID with a fault ("payload.url", "is longer than ..."): their 400. On FF_OK there is at least one beacon. */
enum ff_err ff_umami_read(const struct ff_reading *reading, const struct ff_json *body, struct ff_beacons *out) ff_must_check;

#endif
