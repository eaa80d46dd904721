/* sites.h - the list of sites with their figures of today: the first page after signing in. */
#ifndef FF_ROOM_ADMIN_SITES_H
#define FF_ROOM_ADMIN_SITES_H

#include "door/route.h"

enum ff_err ff_admin_sites(const struct ff_req *req, struct ff_res *res) ff_must_check;

#endif
