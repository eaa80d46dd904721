/* fuzz_beacon.c - any request to any endpoint: the answer is 2xx or 4xx, and what is recorded decodes again.
 *
 * First byte: which endpoint. Then up to a NUL the query string, up to the next the referrer, the rest is the body. */
#include "tests/room/collect_room.h"

static const char *const methods[] = { "POST", "POST", "POST", "POST", "GET" };
static const char *const targets[] = { "/api/event", "/api/view/video/v1", "/api/track/page-view", "/api/view/a/b", "/pixel.gif" };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ff_str
take(struct ff_str *rest)
{
	return rest->p ? ff_str_split(rest, '\0') : FF_STR_NONE;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str rest = ff_str_of((const char *)data, size), query, referrer;
	unsigned      which = size > 0 ? data[0] % 5u : 0;
	char          target[3000];
	int           status;

	if (!room.collect) {
		room_open();
		atexit(room_close);
	}
	rest = ff_str_from_pos(rest, 1);
	query = ff_str_sub(take(&rest), 0, 2900);
	referrer = take(&rest);
	snprintf(target, sizeof(target), "%s?%.*s", targets[which], FF_STR_ARG(query));
	room_begin(methods[which], target);
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
