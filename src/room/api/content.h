/* content.h - reading and writing items as JSON, for the endpoints of one item and of many. */
#ifndef FF_ROOM_API_CONTENT_H
#define FF_ROOM_API_CONTENT_H

#include "fact/content.h"
#include "room/api/room.h"

/* Fields of an item but its name: title, url, owner, collection, since, private, published. FF_INVALID names the field. */
enum ff_err ff_api_content_read(const struct ff_req *req, const struct ff_json *object, struct ff_content *out,
    struct ff_fault *fault) ff_must_check;
/* Kind and key, within their limits. */
enum ff_err ff_api_content_name(struct ff_content *content, struct ff_str kind, struct ff_str key, struct ff_fault *fault)
	ff_must_check;
/* Members of an object that is open: kind, id, title, ... */
void ff_api_content_write(struct ff_json_out *out, const struct ff_content_stored *stored);
/* Who asks, for the audit: "key 3" */
struct ff_str ff_api_actor(const struct ff_req *req);

#endif
