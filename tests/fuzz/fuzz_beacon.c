/* fuzz_beacon.c - any request to any endpoint: the answer is 2xx or 4xx, and what is recorded decodes again.
 *
 * Four parts, with a NUL between: the pattern of a route (what is none chooses one by its first byte), the query string, the
 * referrer, the body. */
#include "tests/room/collect_room.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ff_str
take(struct ff_str *rest)
{
	return rest->p ? ff_str_split(rest, '\0') : FF_STR_NONE;
}

/* A path that the pattern fits: "{id}" becomes "v1". */
static void
fill(const char *pattern, struct ff_str query, char *out, size_t max)
{
	size_t n = 0;

	while (*pattern && n + 3 < max) {
		if (*pattern != '{') {
			out[n++] = *pattern++;
			continue;
		}
		n += (size_t)snprintf(out + n, max - n, "v1");
		pattern = strchr(pattern, '}') + 1;
	}
	snprintf(out + n, max - n, "?%.*s", FF_STR_ARG(query));
}

static const struct ff_route *
choose(struct ff_str pattern)
{
	for (size_t i = 0; i < ff_collect_routes_n; i++)
		if (ff_str_eqz(pattern, ff_collect_routes[i].pattern))
			return &ff_collect_routes[i];
	return &ff_collect_routes[pattern.len > 0 ? (uint8_t)pattern.p[0] % ff_collect_routes_n : 0];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str          rest = ff_str_of((const char *)data, size), query, referrer;
	const struct ff_route *route = choose(take(&rest));
	char                   target[3000];
	int                    status;

	if (!room.collect) {
		room_open();
		atexit(room_close);
	}
	query = ff_str_sub(take(&rest), 0, 2800);
	referrer = take(&rest);
	fill(route->pattern, query, target, sizeof(target));
	room_begin(ff_method_name(route->method), target);
	room_set("HTTP_REFERER", referrer);
	room_set("HTTP_ORIGIN", FF_STR("https://example.com"));
	status = room_send(rest);
	if (!(status >= 200 && status < 300) && !(status >= 400 && status < 500))
		abort();
	if (status >= 400 && room.parcel.n > 0)
		abort();
	for (unsigned i = 0; i < room.parcel.n; i++)
		if (!room_event(i))
			abort();
	return 0;
}
