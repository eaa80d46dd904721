/* spool_list DIR - writes records given as JSON lines (the names of month.py) into a spool, as a collector leaves them. */
#include "base/log.h"
#include "base/num.h"
#include "fact/tuple.h"
#include "spool/spool.h"
#include "wire/json.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum { GROUP = 256 };

static const struct {
	const char *name;
	size_t      at;
} texts[] = {
#define TEXT(name, member) { name, offsetof(struct ff_event, member) }
	TEXT("name", name), TEXT("host", hostname), TEXT("path", path), TEXT("title", title), TEXT("target", target),
	TEXT("list", list), TEXT("item_kind", item.kind), TEXT("item_key", item.key), TEXT("item_title", item.title),
	TEXT("owner", item.owner), TEXT("collection", item.collection), TEXT("referrer", referrer), TEXT("source", source),
	TEXT("utm_source", utm_source), TEXT("utm_medium", utm_medium), TEXT("utm_campaign", utm_campaign),
	TEXT("utm_content", utm_content), TEXT("utm_term", utm_term), TEXT("region", region), TEXT("city", city),
	TEXT("browser", browser), TEXT("browser_version", browser_version), TEXT("os", os), TEXT("os_version", os_version),
	TEXT("language", language), TEXT("props", props),
};

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "spool_list: %s: %s\n", what, why);
	exit(1);
}

static int64_t
number(const struct ff_json *json, const char *name)
{
	const struct ff_json *node = ff_json_get(json, name);
	int64_t               value = 0;

	if (node != NULL && !ff_json_i64(node, &value))
		fail(name, "is no number");
	return value;
}

/* Identities are beyond 2^53: decimal digits as text. */
static uint64_t
identity(const struct ff_json *json, const char *name)
{
	struct ff_str text = ff_json_str(ff_json_get(json, name));
	int64_t       value = 0;

	if (text.len > 0 && !ff_num_i64(text, &value))
		fail(name, "is no identity");
	return (uint64_t)value;
}

static void
hex(const struct ff_json *json, const char *name, uint8_t *out, size_t n)
{
	struct ff_str text = ff_json_str(ff_json_get(json, name));
	unsigned      byte;

	if (text.len != 0 && text.len != 2 * n)
		fail(name, "is of another length");
	for (size_t i = 0; i < text.len / 2; i++) {
		char digits[3] = { text.p[2 * i], text.p[2 * i + 1] };

		if (sscanf(digits, "%2x", &byte) != 1)
			fail(name, "is not hexadecimal");
		out[i] = (uint8_t)byte;
	}
}

static void
numbers(const struct ff_json *json, struct ff_event *e)
{
	struct ff_str country = ff_json_str(ff_json_get(json, "country")), currency = ff_json_str(ff_json_get(json, "currency"));

	e->site_id = (int32_t)number(json, "site");
	e->received_us = number(json, "received");
	e->ts_us = number(json, "ts");
	e->kind = (uint8_t)number(json, "kind");
	e->view_type = (uint8_t)number(json, "view_type");
	e->view_source = (uint8_t)number(json, "view_source");
	e->robot = (uint8_t)number(json, "robot");
	e->flags = (uint32_t)number(json, "flags");
	e->position = (uint16_t)number(json, "position");
	e->channel = (uint8_t)number(json, "channel");
	e->device = (uint8_t)number(json, "device");
	e->screen = (uint16_t)number(json, "screen");
	e->engaged_ms = (uint32_t)number(json, "engaged");
	e->scroll = (uint8_t)number(json, "scroll");
	e->value_micros = number(json, "value");
	e->measure_micros = number(json, "measure");
	e->media_length_ms = (uint32_t)number(json, "media_length");
	e->media_position_ms = (uint32_t)number(json, "media_position");
	memcpy(e->country, country.p != NULL ? country.p : "\0", country.len == 2 ? 2 : 0);
	memcpy(e->currency, currency.p != NULL ? currency.p : "\0", currency.len == 3 ? 3 : 0);
}

static void
read_event(const struct ff_json *json, struct ff_event *e)
{
	*e = (struct ff_event){ .visitor = identity(json, "visitor"), .visitor_prev = identity(json, "prev") };
	numbers(json, e);
	hex(json, "id", e->event_id.b, sizeof e->event_id.b);
	hex(json, "viewer", e->viewer.b, sizeof e->viewer.b);
	hex(json, "watched", e->watched, sizeof e->watched);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*(struct ff_str *)((char *)e + texts[i].at) = ff_json_str(ff_json_get(json, texts[i].name));
}

static void
encode(struct ff_arena *arena, struct ff_str line, struct ff_spool_record *record, struct ff_buf *buf)
{
	const struct ff_json *json;
	struct ff_event       event;
	struct ff_fault       fault;

	if (ff_json_parse(arena, line, &json, &fault) != FF_OK)
		fail("line", fault.why);
	read_event(json, &event);
	ff_buf_clear(buf);
	if (ff_tuple_encode(&event, buf, &fault) != FF_OK)
		fail(fault.field, fault.why);
	*record = (struct ff_spool_record){ event.event_id, event.received_us, ff_buf_view(buf) };
}

static void
write_all(struct ff_spool_writer *writer)
{
	static struct ff_spool_record records[GROUP];
	static struct ff_buf          bufs[GROUP];
	struct ff_arena               arena;
	char                         *line = NULL;
	size_t                        size = 0, n = 0;
	ssize_t                       len;

	ff_arena_init(&arena);
	for (size_t i = 0; i < GROUP; i++)
		ff_buf_init(&bufs[i], FF_TUPLE_MAX);
	while ((len = getline(&line, &size, stdin)) > 0) {
		encode(&arena, ff_str_trim(ff_str_of(line, (size_t)len)), &records[n], &bufs[n]);
		ff_arena_reset(&arena);
		if (++n == GROUP) {
			if (ff_spool_append(writer, records, n) != FF_OK)
				fail("spool", "cannot be written");
			n = 0;
		}
	}
	if (n > 0 && ff_spool_append(writer, records, n) != FF_OK)
		fail("spool", "cannot be written");
	for (size_t i = 0; i < GROUP; i++)
		ff_buf_free(&bufs[i]);
	free(line);
	ff_arena_free(&arena);
}

int
main(int argc, char **argv)
{
	struct ff_spool_options options = { .segment_size = 8 << 20, .soft_limit = UINT64_C(1) << 40,
		.hard_limit = UINT64_C(1) << 40, .tuple_version = FF_TUPLE_VERSION, .sync = false };
	struct ff_spool_writer *writer;

	if (argc != 2)
		return 2;
	ff_log_setup("spool_list", FF_LOG_WARN);
	options.dir = argv[1];
	if (ff_spool_open(&writer, &options) != FF_OK)
		fail(argv[1], "cannot be opened");
	write_all(writer);
	ff_spool_close(writer);
	return 0;
}
