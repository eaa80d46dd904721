/* plain.h - the plain endpoints: one path a thing, a flat JSON body, 204 without a body. What they share. */
#ifndef FF_ROOM_COLLECT_PLAIN_H
#define FF_ROOM_COLLECT_PLAIN_H

#include "room/collect/beacon.h"
#include "room/collect/props.h"

/* The fields of all of them: url (u) or path, else the Referer; site (d), also in the query string; referrer (r), and those of
 * ff_field_extensions. required: "path" is the fault where neither url nor path is there. */
enum ff_err ff_plain_read(const struct ff_req *req, const struct ff_fields *fields, struct ff_beacon *beacon, bool required)
	ff_must_check;
/* Takes it and answers: 204, with the reason in x-footfall-dropped where policy dropped it; FF_NOT_FOUND: no such site, no
 * such item on a strict one. */
enum ff_err ff_plain_take(const struct ff_req *req, struct ff_res *res, const struct ff_beacon *beacon) ff_must_check;

#endif
