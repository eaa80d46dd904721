/* narrow.h - guests who may see some of a site's items only: the owner of items, or who a host's token narrows to an owner,
 * a collection or a kind. A route that says `narrows` asks here for what it answers:
 *
 *   items by name   ff_narrow_items: leave out, or take as unknown, what is not allowed
 *   an SQL list     ff_narrow_bounds: owner, collection, kind as parameters
 *   a question      ff_narrow_query, right before ff_query_run */
#ifndef FF_DOOR_NARROW_H
#define FF_DOOR_NARROW_H

#include "door/guard.h"
#include "fact/content.h"
#include "fact/query.h"

bool ff_narrowed(const struct ff_who *who);
/* FF_STR_NONE where who is not narrowed by it. */
struct ff_content_bounds ff_narrow_bounds(const struct ff_who *who);
/* yes[i]: may see items[i]; all of them without a question to the database where who is not narrowed. */
enum ff_err ff_narrow_items(const struct ff_req *req, int32_t site_id, const struct ff_site_item *items, size_t n,
    bool *yes) ff_must_check;
/* FF_NOT_FOUND: not allowed, and said as of an unknown item. */
enum ff_err ff_narrow_item(const struct ff_req *req, int32_t site_id, struct ff_str kind, struct ff_str key) ff_must_check;
/* The question about their items alone: one more filter, also within has_done and has_not_done. FF_FORBIDDEN for entry and
 * exit pages, and for visits by page, which are of the whole visit. Nothing changes where who is not narrowed. */
enum ff_err ff_narrow_query(const struct ff_who *who, struct ff_arena *arena, struct ff_query *query,
    struct ff_fault *fault) ff_must_check;

#endif
