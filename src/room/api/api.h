/* api.h - the statistics program's room: counters, queries, health; JSON in, JSON out.
 *
 * Everything but health and public counters, which are a switch of the site, asks for a key, a token or a link
 * (door/guard.h). */
#ifndef FF_ROOM_API_API_H
#define FF_ROOM_API_API_H

#include "door/route.h"

extern const struct ff_route ff_api_routes[];
extern const size_t          ff_api_routes_n;

#endif
