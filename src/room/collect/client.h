/* client.h - who sends this, as the rules and the enrichment see it: read once from the request, what a caller with a key
 * told in its place; and who looks at a site, where a token of that site's backend says so.
 *
 * The Authorization header holds either an API key ("Bearer ffk_...") or a viewer's token (any other Bearer). A key that is
 * not good refuses the request: its caller would otherwise be counted as the visitor. A token that is not good does not: a
 * page that stays open longer than its token would lose views, and what a wrong token could gain is no more than what none
 * at all gains. The view counts as anonymous, and the answer says why in x-footfall-token: the word of
 * ff_token_fault_word. */
#ifndef FF_ROOM_COLLECT_CLIENT_H
#define FF_ROOM_COLLECT_CLIENT_H

#include "fact/viewer.h"
#include "room/collect/beacon.h"

struct ff_client {
	bool           known; /* addr is the visitor's */
	struct ff_addr addr;
	struct ff_str  user_agent, accept_language, brands;
	bool           gpc, dnt, prefetch;
	bool           opted_out; /* by the cookie of /opt-out */
	int64_t        ts_us; /* when it happened */
	const struct ff_site_key *key; /* of a caller who may tell; NULL: none */
	struct ff_str             token;  /* the viewer's; empty: none */
	const struct ff_viewer   *viewer; /* of the site met last; NULL: anonymous */
	struct ff_str             named;  /* the viewer by the name that a caller with a key gave; empty: none */
	struct ff_viewer          named_viewer;
};

/* "1": this browser does not want to be counted. Not an identity. */
#define FF_OPT_OUT_COOKIE "footfall-opt-out"
bool ff_client_opted_out(const struct ff_req *req);
/* Finds the key of the Authorization header for ff_collect.key; NULL: there is none. Called once a request, before its
 * handler. FF_UNAUTHORIZED: unknown, revoked or expired; FF_FORBIDDEN: without the scope events:write. */
enum ff_err ff_client_key(const struct ff_req *req, struct ff_fault *fault) ff_must_check;
/* FF_INVALID for what only a caller with a key may tell, and for a time before 1990 or in the future. */
enum ff_err ff_client_read(const struct ff_req *req, const struct ff_beacon *beacon, struct ff_client *out,
    struct ff_fault *fault) ff_must_check;
/* Before the site's policy judges: sets client->viewer. FF_FORBIDDEN: the key is another site's. */
enum ff_err ff_client_meet(const struct ff_req *req, const struct ff_site *site, struct ff_client *client,
    struct ff_fault *fault) ff_must_check;

#endif
