/* admin.h - the HTML room: its route table and its error page. */
#ifndef FF_ROOM_ADMIN_ADMIN_H
#define FF_ROOM_ADMIN_ADMIN_H

#include "door/app.h"

extern const struct ff_route ff_admin_routes[];
extern const size_t          ff_admin_routes_n;

/* For ff_app.error_page: a plain page with what went wrong and what to do. Needs no database. */
void ff_admin_error(const struct ff_req *req, struct ff_res *res, enum ff_err err);

#endif
