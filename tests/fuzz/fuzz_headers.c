/* fuzz_headers.c - any request headers at any collecting endpoint, behind a trusted proxy and before it: the answer is 2xx, 3xx
 * or 4xx with a head of whole lines, what is recorded decodes again, and the ledger's reasons add up.
 *
 * First byte: the route, and whether the peer is trusted. Then a variable a line ("HTTP_DNT=1"), an empty line, the body. */
#include "tests/room/collect_room.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path that the pattern fits. */
static void
fill(const char *pattern, char *out, size_t max)
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
	out[n] = '\0';
}

/* Nothing that the client sent has made a line of its own. */
static void
check_head(const struct ff_buf *reply)
{
	const char *end = strstr(reply->p, "\r\n\r\n");

	if (!end || strncmp(reply->p, "Status: ", 8) != 0)
		abort();
	for (const char *p = reply->p; p < end; p++)
		if ((unsigned char)*p < 0x20 && !(p[0] == '\r' && p[1] == '\n') && !(p[0] == '\n' && p[-1] == '\r'))
			abort();
}

/* What is neither refused with a reason nor among the records would be missing from the books for ever. */
static void
check_ledger(void)
{
	static uint64_t         recorded;
	struct ff_ledger_counts counts;
	uint64_t                sum = 0;

	recorded += room.parcel.n;
	ff_ledger_read(room.collect->ledger, &counts);
	for (int i = 0; i < FF_REASON_COUNT; i++)
		sum += counts.by_reason[i];
	if (sum + recorded != counts.received)
		abort();
}

static void
set_headers(struct ff_str *rest)
{
	while (rest->p && room.n < 30) {
		struct ff_str value = ff_str_split(rest, '\n'), name;
		char          text[64];

		if (value.len == 0)
			return;
		name = ff_str_split(&value, '=');
		if (!value.p || name.len == 0 || name.len >= sizeof(text) || value.len >= sizeof(room.text[0]) - sizeof(text))
			continue;
		snprintf(text, sizeof(text), "%.*s", FF_STR_ARG(name));
		if (strncmp(text, "HTTP_", 5) == 0 || strcmp(text, "CONTENT_TYPE") == 0 || strcmp(text, "QUERY_STRING") == 0)
			room_set(text, value);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str          rest = ff_str_of((const char *)data, size);
	const struct ff_route *route;
	char                   target[300];
	int                    status;

	if (!room.collect) {
		room_open();
		atexit(room_close);
	}
	route = &ff_collect_routes[size > 0 ? (data[0] >> 1) % ff_collect_routes_n : 0];
	rest = ff_str_from_pos(rest, size > 0 ? 1 : 0);
	fill(route->pattern, target, sizeof(target));
	room_begin(ff_method_name(route->method), target);
	if (size > 0 && (data[0] & 1))
		room_set("REMOTE_ADDR", FF_STR("127.0.0.1"));
	room_set("HTTP_ORIGIN", FF_STR("https://example.com"));
	set_headers(&rest);
	status = room_send(rest.p ? rest : FF_STR(""));
	if (status < 200 || status >= 500)
		abort();
	check_head(&room.parcel.reply);
	check_ledger();
	for (unsigned i = 0; i < room.parcel.n; i++)
		if (!room_event(i))
			abort();
	return 0;
}
