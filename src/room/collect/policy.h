/* policy.h - does this site want the event? Cheapest refusal first: what the request shows is judged before the work of
 * enrichment, page and country after it. */
#ifndef FF_ROOM_COLLECT_POLICY_H
#define FF_ROOM_COLLECT_POLICY_H

#include "room/collect/client.h"

/* FF_REASON_STORED: yes. site NULL: none of that name. The rate limits come last here, so that only what would be stored
 * is limited: the viewer's or else the address's, and the site's. A caller with a key vouches for whom it tells of: the
 * site's alone. */
enum ff_reason ff_policy_judge(const struct ff_req *req, const struct ff_beacon *beacon, const struct ff_site *site,
    const struct ff_client *client);
/* The same for what only the enriched event shows. */
enum ff_reason ff_policy_judge_event(const struct ff_req *req, const struct ff_site *site, const struct ff_event *event);
/* The visitor is counted without identity: neither address nor token, or a signal that the site honours so. */
bool ff_policy_anonymous(const struct ff_site *site, const struct ff_client *client);
/* The item as this site means it: kinds may be left out where a site has one. */
struct ff_item ff_policy_item(const struct ff_beacon *beacon, const struct ff_site *site);

#endif
