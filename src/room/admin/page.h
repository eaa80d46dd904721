/* page.h - what every page of the room shares: its frame and its headers. */
#ifndef FF_ROOM_ADMIN_PAGE_H
#define FF_ROOM_ADMIN_PAGE_H

#include "door/req.h"
#include "door/res.h"
#include "room/admin/view.h"

/* Fills the frame from the request (who is signed in, where the room is mounted) and sets res up for HTML. */
void ff_page_begin(const struct ff_req *req, struct ff_res *res, struct ff_str title, struct ff_page *page);

#endif
