#include "door/route.h"

#include "door/path.h"

#include <stdio.h>
#include <string.h>

#define SEGMENTS_MAX 4

struct match {
	struct ff_str segments[SEGMENTS_MAX];
	size_t        n;
};

static bool
is_name(struct ff_str part)
{
	return part.len > 2 && part.p[0] == '{' && part.p[part.len - 1] == '}';
}

static bool
is_rest(struct ff_str part)
{
	return is_name(part) && part.p[part.len - 2] == '*';
}

static bool
match_take(struct match *match, struct ff_str segment)
{
	if (segment.len == 0 || match->n == SEGMENTS_MAX)
		return false;
	match->segments[match->n++] = segment;
	return true;
}

/* Both start behind their leading slash. Segments are cut before they are decoded. */
static bool
pattern_match(struct ff_arena *arena, struct ff_str pattern, struct ff_str raw, struct match *match)
{
	struct ff_str segment;

	match->n = 0;
	while (pattern.p != NULL) {
		struct ff_str part = ff_str_split(&pattern, '/');

		if (raw.p == NULL)
			return false;
		if (is_rest(part))
			return ff_path_decode(arena, raw, &segment) && match_take(match, segment);
		if (!ff_path_decode(arena, ff_str_split(&raw, '/'), &segment))
			return false;
		if (is_name(part) ? !match_take(match, segment) : !ff_str_eq(part, segment))
			return false;
	}
	return raw.p == NULL;
}

static void
allow_add(char allow[64], enum ff_method method)
{
	size_t      used = strlen(allow);
	const char *name = ff_method_name(method);

	if (strstr(allow, name) == NULL && used + strlen(name) + 3 < 64)
		snprintf(allow + used, 64 - used, "%s%s", used > 0 ? ", " : "", name);
	if (method == FF_GET)
		allow_add(allow, FF_HEAD);
}

enum ff_err
ff_route_find(const struct ff_route *routes, size_t n, struct ff_req *req, char allow[64])
{
	enum ff_method method = req->method == FF_HEAD ? FF_GET : req->method;
	struct ff_str  raw = ff_str_from_pos(req->raw_path, 1);
	struct match   match;

	if (raw.p == NULL)
		return FF_NOT_FOUND;
	allow[0] = '\0';
	for (const struct ff_route *route = routes; route < routes + n; route++) {
		if (!pattern_match(req->arena, ff_str_from(route->pattern + 1), raw, &match))
			continue;
		if (route->method != method) {
			allow_add(allow, route->method);
			continue;
		}
		req->route = route;
		memcpy(req->segments, match.segments, match.n * sizeof *match.segments);
		return FF_OK;
	}
	return allow[0] == '\0' ? FF_NOT_FOUND : FF_METHOD;
}
