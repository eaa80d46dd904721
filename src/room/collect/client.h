/* client.h - who sends this, as the rules and the enrichment see it: read once from the request, what a caller with a key
 * told in its place. */
#ifndef FF_ROOM_COLLECT_CLIENT_H
#define FF_ROOM_COLLECT_CLIENT_H

#include "room/collect/beacon.h"

struct ff_client {
	bool           known; /* addr is the visitor's */
	struct ff_addr addr;
	struct ff_str  user_agent, accept_language, brands;
	bool           gpc, dnt, prefetch;
	int64_t        ts_us; /* when it happened */
};

void ff_client_read(const struct ff_req *req, const struct ff_told *told, struct ff_client *out);

#endif
