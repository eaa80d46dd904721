/* query.h - fields of a beacon that stand in the query string: for pixels, and for the site of the JSON endpoints. */
#ifndef FF_ROOM_COLLECT_QUERY_H
#define FF_ROOM_COLLECT_QUERY_H

#include "room/collect/beacon.h"

/* A query that cannot be read is FF_INVALID, its reason set. */
enum ff_err ff_query_read(const struct ff_req *req, struct ff_pairs *out, struct ff_fault *fault) ff_must_check;
/* The first of two names, bounded; FF_STR_NONE if absent. */
enum ff_err ff_query_text(const struct ff_pairs *pairs, const char *brief, const char *name, size_t max, struct ff_str *out,
    struct ff_fault *fault) ff_must_check;
/* ?site= or ?d=, where the body named no site. */
enum ff_err ff_query_site(const struct ff_req *req, struct ff_beacon *beacon, struct ff_fault *fault) ff_must_check;

#endif
