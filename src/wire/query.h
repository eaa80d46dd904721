/* query.h - name=value pairs of query strings, urlencoded forms and cookies. */
#ifndef FF_WIRE_QUERY_H
#define FF_WIRE_QUERY_H

#include "base/err.h"
#include "base/str.h"

struct ff_pair {
	struct ff_str name, value; /* decoded, valid UTF-8 */
};

struct ff_pairs {
	struct ff_pair *v;
	size_t          n;
};

/* "a=1&b=2", '+' and %xx decoded; empty parts are skipped, "a" is "a=". FF_TOO_LARGE beyond max pairs; FF_INVALID
 * if a decoded part is no valid UTF-8 or holds U+0000 (the field name in *fault; "request" if the name is bad). */
enum ff_err ff_query_parse(struct ff_arena *arena, struct ff_str text, size_t max, struct ff_pairs *out,
    struct ff_fault *fault) ff_must_check;
/* The first value of that name; FF_STR_NONE if absent (an empty value has p != NULL). */
struct ff_str ff_pairs_find(const struct ff_pairs *pairs, const char *name);
/* One cookie of a Cookie header, raw (quotes included), the first of that name; FF_STR_NONE if absent. */
struct ff_str ff_cookie_find(struct ff_str header, const char *name);

#endif
