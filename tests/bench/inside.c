/* inside.c - a beacon's way inside the collector, without sockets and threads: FastCGI bytes -> request -> room ->
 * group commit -> reply. The same calls in the same order as the loop makes them, so that a count of its instructions
 * can be compared between commits on any machine: tests/bench/instructions.sh.
 *
 *   inside CONF N     N beacons, in groups of 16 */
#include "base/day.h"
#include "base/num.h"
#include "room/collect/collect.h"
#include "safe/rand.h"
#include "serve/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUP = 16, KINDS = 1000 };

static struct ff_buf requests[KINDS];

static void
record(struct ff_buf *out, uint8_t type, struct ff_str content)
{
	ff_buf_put(out, (const uint8_t[]){ 1, type, 0, 1, (uint8_t)(content.len >> 8), (uint8_t)content.len, 0, 0 }, 8);
	ff_buf_str(out, content);
}

static void
param(struct ff_buf *out, const char *name, struct ff_str value)
{
	ff_buf_char(out, (char)strlen(name));
	if (value.len > 127)
		ff_buf_be32(out, (uint32_t)value.len | 0x80000000u);
	else
		ff_buf_char(out, (char)value.len);
	ff_buf_z(out, name);
	ff_buf_str(out, value);
}

/* What a browser sends on its own. */
static void
put_headers(struct ff_buf *out, unsigned i)
{
	char agent[128];
	int  n = snprintf(agent, sizeof(agent), "Mozilla/5.0 (X11; Linux x86_64; rv:%u.0) Gecko/20100101 Firefox/%u.0",
	    60 + i % 60, 60 + i % 60);

	param(out, "HTTP_HOST", FF_STR("stats.example.org"));
	param(out, "HTTP_USER_AGENT", ff_str_of(agent, (size_t)n));
	param(out, "HTTP_ACCEPT", FF_STR("*/*"));
	param(out, "HTTP_ACCEPT_LANGUAGE", FF_STR("de-DE,de;q=0.9"));
	param(out, "HTTP_ACCEPT_ENCODING", FF_STR("gzip, deflate, br"));
	param(out, "HTTP_REFERER", FF_STR("https://www.example.com/"));
	param(out, "HTTP_ORIGIN", FF_STR("https://www.example.com"));
	param(out, "HTTP_SEC_FETCH_MODE", FF_STR("cors"));
	param(out, "HTTP_SEC_FETCH_SITE", FF_STR("cross-site"));
	param(out, "HTTP_SEC_FETCH_DEST", FF_STR("empty"));
	param(out, "HTTP_CONNECTION", FF_STR("keep-alive"));
}

/* As etc/nginx/footfall.conf hands them over. */
static void
put_params(struct ff_buf *out, unsigned i, size_t body)
{
	char length[16], peer[32];
	int  n = snprintf(length, sizeof(length), "%zu", body), m = snprintf(peer, sizeof(peer), "%u.%u.%u.7", 1 + i * 37 % 223, i % 200, i % 251);

	param(out, "REQUEST_METHOD", FF_STR("POST"));
	param(out, "REQUEST_URI", FF_STR("/api/event"));
	param(out, "QUERY_STRING", FF_STR(""));
	param(out, "CONTENT_TYPE", FF_STR("text/plain"));
	param(out, "CONTENT_LENGTH", ff_str_of(length, (size_t)n));
	param(out, "SERVER_PROTOCOL", FF_STR("HTTP/1.1"));
	param(out, "REQUEST_SCHEME", FF_STR("https"));
	param(out, "HTTPS", FF_STR("on"));
	param(out, "SERVER_NAME", FF_STR("stats.example.org"));
	param(out, "SERVER_PORT", FF_STR("443"));
	param(out, "REMOTE_ADDR", ff_str_of(peer, (size_t)m));
	param(out, "HTTP_PROXY", FF_STR(""));
	put_headers(out, i);
}

static void
compose(struct ff_buf *out, unsigned i)
{
	static const char *const referrers[] = { "https://www.google.com/search?q=footfall", "https://t.co/abc",
		"https://news.ycombinator.com/item?id=1", "", "https://example.com/" };
	struct ff_buf params;
	char          body[512];
	int           n = snprintf(body, sizeof(body),
	    "{\"n\":\"pageview\",\"v\":36,\"u\":\"https://www.example.com/blog/post-%u?utm_source=nl&utm_campaign=c%u\","
	    "\"d\":\"example.com\",\"r\":\"%s\",\"p\":{\"author\":\"a%u\",\"logged_in\":\"%s\"}}",
	    i % 500, i % 20, referrers[i % 5], i % 40, i % 2 ? "true" : "false");

	ff_buf_init(&params, FF_ENV_MAX);
	ff_buf_init(out, FF_ENV_MAX);
	put_params(&params, i, (size_t)n);
	record(out, 1, ff_str_of("\0\1\1\0\0\0\0\0", 8));
	record(out, 4, ff_buf_view(&params));
	record(out, 4, FF_STR(""));
	record(out, 5, ff_str_of(body, (size_t)n));
	record(out, 5, FF_STR(""));
	ff_buf_free(&params);
}

static void
take(struct ff_collect *collect, struct ff_request *request, const struct ff_buf *bytes)
{
	if (ff_frame_read(&request->in, (const uint8_t *)bytes->p, bytes->len) != FF_FRAME_WHOLE || !ff_request_open(request))
		ff_panic("no request");
	request->parcel.now_us = ff_now();
	ff_collect_answer(collect, &request->parcel);
	if (request->parcel.n != 1)
		ff_panic("no record");
	ff_request_close(request);
}

static void
run(struct ff_collect *collect, struct ff_request **group, unsigned from)
{
	struct ff_parcel     *parcels[GROUP];
	struct ff_frame_reply reply;

	for (unsigned i = 0; i < GROUP; i++) {
		take(collect, group[i], &requests[(from + i) * 7 % KINDS]);
		parcels[i] = &group[i]->parcel;
	}
	if (ff_collect_commit(collect, parcels, GROUP) != FF_OK)
		ff_panic("no commit");
	for (unsigned i = 0; i < GROUP; i++) {
		ff_frame_reply(&group[i]->in, &group[i]->parcel.reply, &reply);
		ff_request_clear(group[i]);
	}
}

int
main(int argc, char **argv)
{
	struct ff_conf     conf;
	struct ff_collect *collect;
	struct ff_request *group[GROUP];
	uint64_t           n;

	ff_safe_init();
	if (argc != 3 || !ff_num_u64(ff_str_from(argv[2]), &n) || ff_conf_read(argv[1], &conf, stderr) != FF_OK ||
	    ff_collect_open(&collect, &conf, false) != FF_OK)
		return 1;
	for (unsigned i = 0; i < KINDS; i++)
		compose(&requests[i], i);
	for (unsigned i = 0; i < GROUP; i++)
		group[i] = ff_request_make(FF_BATCH_MAX);
	for (unsigned i = 0; i < n; i += GROUP)
		run(collect, group, i);
	for (unsigned i = 0; i < GROUP; i++)
		ff_request_free(group[i]);
	for (unsigned i = 0; i < KINDS; i++)
		ff_buf_free(&requests[i]);
	ff_collect_close(collect);
	ff_conf_free(&conf);
	return 0;
}
