/* api.h - the statistics program's room: counters, queries, health; JSON in, JSON out.
 *
 * Everything but health asks for an API key with the scope stats:read. Public counters are a switch of the site and
 * come with it; until then a host's server fetches them with its key. */
#ifndef FF_ROOM_API_API_H
#define FF_ROOM_API_API_H

#include "door/route.h"

extern const struct ff_route ff_api_routes[];
extern const size_t          ff_api_routes_n;

#endif
