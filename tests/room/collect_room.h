/* collect_room.h - the collector's room in a test's own process: sites, salts and settings of its own, no spool.
 *
 * room_ask runs one request up to the point where the loop would park it; room_event decodes one of its records. */
#ifndef FF_TESTS_COLLECT_ROOM_H
#define FF_TESTS_COLLECT_ROOM_H

#include "base/day.h"
#include "base/limits.h"
#include "fact/ledger.h"
#include "fact/tuple.h"
#include "room/collect/collect.h"
#include "room/collect/room.h"
#include "safe/rand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_AGENT "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

static struct room {
	char               dir[64];
	struct ff_conf     conf;
	struct ff_collect *collect;
	struct ff_parcel   parcel;
	char               text[32][10000];
	const char        *env[33];
	unsigned           n;
} room;

static const struct ff_site room_sites[] = {
	{ .site_id = 1, .public_id = { { 1 } }, .secret = { 7 }, .domain = FF_STR_INIT("example.com"), .name = FF_STR_INIT("Example"),
	  .time_zone = FF_STR_INIT("UTC"), .default_kind = FF_STR_INIT("article"), .gpc = FF_PRIVACY_ANONYMOUS,
	  .dnt = FF_PRIVACY_ANONYMOUS, .exclude = FF_STR_INIT("198.51.100.0/24") },
	{ .site_id = 2, .public_id = { { 2 } }, .secret = { 8 }, .domain = FF_STR_INIT("strict.example"), .name = FF_STR_INIT("Strict"),
	  .time_zone = FF_STR_INIT("UTC"), .default_kind = FF_STR_INIT("video"), .strict = true, .gpc = FF_PRIVACY_DROP,
	  .dnt = FF_PRIVACY_DROP },
	{ .site_id = 3, .public_id = { { 3 } }, .secret = { 9 }, .domain = FF_STR_INIT("other.example"), .name = FF_STR_INIT("Other"),
	  .time_zone = FF_STR_INIT("UTC"), .default_kind = FF_STR_INIT("page"), .gpc = FF_PRIVACY_OFF, .dnt = FF_PRIVACY_OFF },
	{ .site_id = 4, .public_id = { { 4 } }, .secret = { 10 }, .domain = FF_STR_INIT("picky.example"),
	  .name = FF_STR_INIT("Picky"), .time_zone = FF_STR_INIT("UTC"), .default_kind = FF_STR_INIT("page"),
	  .exclude = FF_STR_INIT("203.0.113.0/24"), .exclude_paths = FF_STR_INIT("/admin/*"),
	  .exclude_hosts = FF_STR_INIT("staging.picky.example,*.test"), .exclude_countries = FF_STR_INIT("DE,AT") },
	{ .site_id = 5, .public_id = { { 5 } }, .secret = { 11 }, .domain = FF_STR_INIT("batch.example"),
	  .name = FF_STR_INIT("Batch"), .time_zone = FF_STR_INIT("UTC"), .default_kind = FF_STR_INIT("page") },
};
static const struct ff_site_item room_items[] = { { 2, FF_STR_INIT("video"), FF_STR_INIT("v1") } };

/* A test that wants API keys or limits sets these before room_open. */
static const char               *room_limits = "limit.address = 1000000/s\nlimit.site = 1000000/s\n";
static const struct ff_site_key *room_keys;
static size_t                    room_keys_n;

static void
room_path(char *out, size_t max, const char *name)
{
	snprintf(out, max, "%s/%s", room.dir, name);
}

static void
room_open(void)
{
	char  path[128];
	FILE *conf;

	ff_safe_init();
	snprintf(room.dir, sizeof(room.dir), "/tmp/ffroom.XXXXXX");
	if (!mkdtemp(room.dir))
		ff_panic("mkdtemp");
	room_path(path, sizeof(path), "sites.snapshot");
	if (ff_snapshot_write(path, &(struct ff_snapshot_content){
	    .sites = room_sites, .n_sites = sizeof(room_sites) / sizeof(room_sites[0]), .items = room_items, .n_items = 1, .keys = room_keys, .n_keys = room_keys_n }) != FF_OK)
		ff_panic("snapshot");
	room_path(path, sizeof(path), "salts");
	if (ff_salts_rotate(path, ff_day_of_us(ff_now())) != FF_OK)
		ff_panic("salts");
	room_path(path, sizeof(path), "footfall.conf");
	conf = fopen(path, "w");
	fprintf(conf, "state_dir = %s\nrun_dir = %s\nagent.regexes =\ncollect.recent_ids = 4096\ntrusted_proxies = 127.0.0.1\n%s", room.dir, room.dir,
	    room_limits);
	fclose(conf);
	if (ff_conf_read(path, &room.conf, stderr) != FF_OK || ff_collect_open(&room.collect, &room.conf, true) != FF_OK)
		ff_panic("room");
	ff_parcel_init(&room.parcel);
}

static void
room_close(void)
{
	static const char *const files[] = { "sites.snapshot", "salts", "footfall.conf", "ledger", "recent", "limits" };
	char                     path[128];

	ff_collect_close(room.collect);
	ff_conf_free(&room.conf);
	ff_parcel_free(&room.parcel);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		room_path(path, sizeof(path), files[i]);
		remove(path);
	}
	remove(room.dir);
}

/* Adds a variable to the next request; replaces one of the same name. */
static void
room_set(const char *name, struct ff_str value)
{
	size_t   len = strlen(name);
	unsigned i;

	for (i = 0; i < room.n; i++)
		if (strncmp(room.text[i], name, len) == 0 && room.text[i][len] == '=')
			break;
	if (i == room.n)
		room.n++;
	snprintf(room.text[i], sizeof(room.text[i]), "%s=%.*s", name, FF_STR_ARG(value));
}

static void
room_begin(const char *method, const char *target)
{
	room.n = 0;
	room_set("REQUEST_METHOD", ff_str_from(method));
	room_set("REQUEST_URI", ff_str_from(target));
	room_set("QUERY_STRING", ff_str_from(strchr(target, '?') ? strchr(target, '?') + 1 : ""));
	room_set("REMOTE_ADDR", FF_STR("192.0.2.1"));
	room_set("HTTP_USER_AGENT", FF_STR(ROOM_AGENT));
}

/* The status of the answer. */
static int
room_send(struct ff_str body)
{
	struct ff_parcel *parcel = &room.parcel;

	for (unsigned i = 0; i < room.n; i++)
		room.env[i] = room.text[i];
	room.env[room.n] = NULL;
	parcel->env = room.env;
	parcel->body = body.len > FF_BATCH_MAX ? FF_STR_NONE : body;
	parcel->body_err = body.len > FF_BATCH_MAX ? FF_TOO_LARGE : FF_OK;
	parcel->now_us = ff_now();
	ff_parcel_clear(parcel);
	ff_collect_answer(room.collect, parcel);
	return parcel->reply.len > 11 ? (int)strtol(parcel->reply.p + 8, NULL, 10) : 0;
}

static int __attribute__((unused))
room_ask(const char *method, const char *target, struct ff_str body)
{
	room_begin(method, target);
	return room_send(body);
}

static bool __attribute__((unused))
room_said(const char *text)
{
	return strstr(room.parcel.reply.p, text) != NULL;
}

/* "@N" in a text becomes N letters. */
static __attribute__((unused)) const char *
room_expand(const char *text, char *out, size_t max)
{
	size_t n = 0;

	while (*text && n + 1 < max) {
		if (*text != '@') {
			out[n++] = *text++;
			continue;
		}
		for (long left = strtol(text + 1, NULL, 10); left > 0 && n + 1 < max; left--)
			out[n++] = 'a';
		for (text++; *text >= '0' && *text <= '9'; text++)
			;
	}
	out[n] = '\0';
	return out;
}

/* Valid until the next request. */
static const struct ff_event *__attribute__((unused))
room_event(unsigned i)
{
	static struct ff_event event;
	struct ff_str          payload;

	if (i >= room.parcel.n)
		return NULL;
	payload = ff_str_of(room.parcel.payload.p + room.parcel.records[i].off, room.parcel.records[i].len);
	return ff_tuple_decode(payload, FF_TUPLE_VERSION, &event) == FF_OK ? &event : NULL;
}

static uint64_t __attribute__((unused))
room_counted(enum ff_reason reason)
{
	struct ff_ledger_counts counts;

	ff_ledger_read(room.collect->ledger, &counts);
	return counts.by_reason[reason];
}

#endif
