/* fuzz_dialect.c - any request in the dialects of Umami, GoatCounter and Matomo: the answer is 2xx or 4xx, a refused request
 * records nothing, and what is recorded decodes again.
 *
 * First byte: which endpoint (its lowest three bits) and whether the caller has a key (the next one). Then up to a NUL the
 * query string, the rest is the body. */
#include "tests/room/collect_key.h"

static const struct {
	const char *method, *target;
	bool        partial; /* may refuse and yet record what else was in the request */
} endpoints[] = {
	{ "POST", "/api/send", false }, { "POST", "/api/batch", false }, { "GET", "/count", false }, { "POST", "/count", false },
	{ "POST", "/api/v0/count", true }, { "GET", "/matomo.php", false }, { "POST", "/matomo.php", false },
	{ "POST", "/piwik.php", false },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str rest = ff_str_of((const char *)data, size), query;
	unsigned      which = size > 0 ? data[0] : 0;
	char          target[9000];
	int           status;

	if (!room.collect) {
		key_make();
		room_open();
		atexit(room_close);
	}
	rest = ff_str_from_pos(rest, 1);
	query = ff_str_sub(rest.p ? ff_str_split(&rest, '\0') : FF_STR_NONE, 0, 8900);
	snprintf(target, sizeof(target), "%s?%.*s", endpoints[which & 7].target, FF_STR_ARG(query));
	room_begin(endpoints[which & 7].method, target);
	room_set("HTTP_ORIGIN", FF_STR("https://example.com"));
	if (which & 8)
		key_show(key_token.text);
	status = room_send(rest);
	if (!(status >= 200 && status < 300) && !(status >= 400 && status < 500))
		abort();
	if (status >= 400 && room.parcel.n > 0 && !endpoints[which & 7].partial)
		abort();
	for (unsigned i = 0; i < room.parcel.n; i++)
		if (!room_event(i))
			abort();
	return 0;
}
