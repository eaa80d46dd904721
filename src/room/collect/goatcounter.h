/* goatcounter.h - the readers of GoatCounter's two ways in: the parameters of /count, and a hit of /api/v0/count. */
#ifndef FF_ROOM_COLLECT_GOATCOUNTER_H
#define FF_ROOM_COLLECT_GOATCOUNTER_H

#include "room/collect/reading.h"

/* host: of the page that asks, from Origin or Referer; empty where unknown. Faults name the parameter as GoatCounter's own
 * messages do. */
enum ff_err ff_goatcounter_count(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_str host,
    struct ff_beacon *out) ff_must_check;
/* no_sessions: a hit without a session, or without address and user agent, is counted without a visitor; else it is
 * refused. */
enum ff_err ff_goatcounter_hit(const struct ff_reading *reading, const struct ff_json *hit, bool no_sessions,
    struct ff_beacon *out) ff_must_check;

#endif
