/* policy.h - does this site want the event? Cheapest refusal first. */
#ifndef FF_ROOM_COLLECT_POLICY_H
#define FF_ROOM_COLLECT_POLICY_H

#include "room/collect/client.h"

/* FF_REASON_STORED: yes. site NULL: none of that name. */
enum ff_reason ff_policy_judge(const struct ff_req *req, const struct ff_beacon *beacon, const struct ff_site *site,
    const struct ff_client *client);
/* The visitor is counted without identity: neither address nor token, or a signal that the site honours so. */
bool ff_policy_anonymous(const struct ff_site *site, const struct ff_client *client);
/* The item as this site means it: kinds may be left out where a site has one. */
struct ff_item ff_policy_item(const struct ff_beacon *beacon, const struct ff_site *site);

#endif
