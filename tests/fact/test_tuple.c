#include "tests/lib/unit.h"

#include "base/limits.h"
#include "fact/props.h"
#include "fact/reason.h"
#include "fact/tuple.h"

#include <stdio.h>
#include <stdlib.h>

static struct ff_event
sample(void)
{
	struct ff_event e = {
		.site_id = 7,
		.received_us = 1770000000123456,
		.ts_us = 1770000000000001,
		.event_id = { { 1, 2, 3, 4, 5, 6, 0x70, 8, 0x89, 10, 11, 12, 13, 14, 15, 16 } },
		.visitor = 0x7123456789abcdef,
		.visitor_prev = 42,
		.kind = FF_KIND_PAGEVIEW,
		.view_type = FF_VIEW_INTENTIONAL,
		.view_source = FF_SOURCE_WEB,
		.flags = FF_FLAG_AUTH | FF_FLAG_MEASURE,
		.viewer = { { 9, 8, 7, 6, 5, 4, 3, 2, 1 } },
		.title = FF_STR("Straße"),
		.target = FF_STR("button#buy"),
		.list = FF_STR("related"),
		.position = 3,
		.measure_micros = -2500000,
		.media_length_ms = 90000,
		.media_position_ms = 45000,
		.watched = { 0xff, 0x01, [12] = 0x08 },
		.name = FF_STR("pageview"),
		.hostname = FF_STR("example.org"),
		.path = FF_STR("/straße/日本"),
		.item = { FF_STR("photo"), FF_STR("17"), FF_STR("A title"), FF_STR("https://example.org/p/17"),
		          FF_STR("anna"), FF_STR("summer") },
		.referrer = FF_STR("news.example/a"),
		.source = FF_STR("news.example"),
		.channel = FF_CHANNEL_REFERRAL,
		.utm_source = FF_STR("s"),
		.country = { 'D', 'E' },
		.device = FF_DEVICE_MOBILE,
		.browser = FF_STR("Firefox"),
		.language = FF_STR("de"),
		.screen = 390,
		.engaged_ms = 1234,
		.scroll = 255,
		.value_micros = -1,
		.currency = { 'E', 'U', 'R' },
		.props = FF_STR("{\"plan\":\"pro\"}"),
	};

	return e;
}

static struct ff_str
encoded(const struct ff_event *e, struct ff_buf *buf)
{
	struct ff_fault fault = { "", "" };

	ff_buf_init(buf, FF_RECORD_MAX);
	assert_ok(ff_tuple_encode(e, buf, &fault));
	return ff_buf_view(buf);
}

static void
an_event_comes_back_as_it_went(void **state)
{
	struct ff_event e = sample(), back;
	struct ff_buf   buf, again;
	struct ff_str   row = encoded(&e, &buf);

	(void)state;
	assert_ok(ff_tuple_decode(row, FF_TUPLE_VERSION, &back));
	assert_int_equal(back.site_id, 7);
	assert_int_equal(back.received_us, e.received_us);
	assert_int_equal(back.ts_us, e.ts_us);
	assert_memory_equal(&back.event_id, &e.event_id, 16);
	assert_true(back.visitor == e.visitor && back.visitor_prev == 42);
	assert_str(back.path, "/straße/日本");
	assert_str(back.item.collection, "summer");
	assert_int_equal(back.utm_medium.len, 0);
	assert_memory_equal(back.country, "DE", 2);
	assert_memory_equal(back.currency, "EUR", 3);
	assert_int_equal(back.screen, 390);
	assert_int_equal(back.scroll, 255);
	assert_int_equal(back.value_micros, -1);
	assert_str(back.props, "{\"plan\":\"pro\"}");
	assert_memory_equal(&back.viewer, &e.viewer, 16);
	assert_str(back.target, "button#buy");
	assert_int_equal(back.position, 3);
	assert_int_equal(back.measure_micros, -2500000);
	assert_int_equal(back.media_length_ms, 90000);
	assert_memory_equal(back.watched, e.watched, FF_WATCHED_BYTES);
	assert_true(row.len == encoded(&back, &again).len && memcmp(row.p, again.p, row.len) == 0);
	ff_buf_free(&buf);
	ff_buf_free(&again);
}

/* Version 1 is a prefix of version 2 under its own count: what is behind it reads as absent. */
static void
version_1_is_read_too(void **state)
{
	struct ff_event e = sample(), back;
	struct ff_buf   buf;
	struct ff_str   row = encoded(&e, &buf);
	size_t          at = 2;

	(void)state;
	for (int i = 0; i < 44; i++)
		at += 4 + ((size_t)(uint8_t)row.p[at + 2] << 8 | (uint8_t)row.p[at + 3]);
	assert_err(FF_CORRUPT, ff_tuple_decode(ff_str_of(row.p, at), 1, &back));
	buf.p[1] = 44;
	assert_ok(ff_tuple_decode(ff_str_of(row.p, at), 1, &back));
	assert_str(back.path, "/straße/日本");
	assert_str(back.props, "{\"plan\":\"pro\"}");
	assert_int_equal(back.target.len, 0);
	assert_true(ff_uuid_is_nil(&back.viewer));
	assert_err(FF_CORRUPT, ff_tuple_decode(ff_str_of(row.p, at), 2, &back));
	assert_err(FF_CORRUPT, ff_tuple_decode(row, 3, &back));
	ff_buf_free(&buf);
}

/* The format of the manual's COPY page: 16-bit count, then 32-bit length and big-endian value each. */
static void
the_row_is_in_copy_binary_format(void **state)
{
	struct ff_event e = sample();
	struct ff_buf   buf;
	struct ff_str   row = encoded(&e, &buf);
	const uint8_t   start[] = { 0, 53, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 8 };
	size_t          at = 2, fields = 0;

	(void)state;
	assert_memory_equal(row.p, start, sizeof start);
	for (; at < row.len; fields++)
		at += 4 + ((size_t)(uint8_t)row.p[at + 2] << 8 | (uint8_t)row.p[at + 3]);
	assert_int_equal(at, row.len);
	assert_int_equal(fields, 53);
	ff_buf_free(&buf);
}

static void
refused(const struct ff_event *e, const char *field)
{
	struct ff_fault fault = { "", "" };
	struct ff_buf   buf;

	ff_buf_init(&buf, FF_RECORD_MAX);
	assert_err(FF_INVALID, ff_tuple_encode(e, &buf, &fault));
	assert_string_equal(fault.field, field);
	assert_int_equal(buf.len, 0);
	ff_buf_free(&buf);
}

#define REFUSED(field, change)            \
	do {                              \
		struct ff_event e = sample(); \
		change;                   \
		refused(&e, field);       \
	} while (0)

static void
what_breaks_the_contract_is_refused_by_name(void **state)
{
	static char long_text[3000];

	(void)state;
	memset(long_text, 'x', sizeof long_text);
	REFUSED("site_id", e.site_id = 0);
	REFUSED("received_us", e.received_us = -1);
	REFUSED("ts_us", e.ts_us = INT64_MAX);
	REFUSED("event_id", memset(&e.event_id, 0, 16));
	REFUSED("visitor", e.visitor = UINT64_C(1) << 63);
	REFUSED("visitor", e.flags = FF_FLAG_NO_VISITOR);
	REFUSED("kind", e.kind = 0);
	REFUSED("kind", e.kind = FF_KIND_SEARCH + 1);
	REFUSED("view_type", e.view_type = 6);
	REFUSED("flags", e.flags = 1u << 20);
	REFUSED("name", e.name = ff_str_of(long_text, FF_NAME_BYTES + 1));
	REFUSED("path", e.path = FF_STR("a\xff"));
	REFUSED("path", e.path = ff_str_of("a\0b", 3));
	REFUSED("item.url", e.item.url = ff_str_of(long_text, FF_URL_MAX + 1));
	REFUSED("country", memcpy(e.country, "d", 2));
	REFUSED("country", memcpy(e.country, "E", 2));
	REFUSED("currency", memcpy(e.currency, "E R", 3));
	REFUSED("screen", e.screen = 40000);
	REFUSED("scroll", e.scroll = 101);
	REFUSED("engaged_ms", e.engaged_ms = UINT32_MAX);
	REFUSED("props", e.props = FF_STR("{\"a\":1}"));
	REFUSED("title", e.title = ff_str_of(long_text, FF_TITLE_MAX + 1));
	REFUSED("measure_micros", e.flags &= ~(uint32_t)FF_FLAG_MEASURE);
	REFUSED("flags", e.flags |= FF_FLAG_UNIQUE);
}

static void
a_row_beyond_the_record_is_refused_whole(void **state)
{
	static char     props[FF_TUPLE_MAX];
	struct ff_event e = sample();

	(void)state;
	memset(props, 'x', sizeof props);
	memcpy(props, "{\"a\":\"", 6);
	memcpy(props + sizeof props - 2, "\"}", 2);
	e.props = ff_str_of(props, sizeof props);
	refused(&e, "event");
}

static void
a_full_buffer_takes_no_part_of_a_row(void **state)
{
	struct ff_event e = sample();
	struct ff_buf   buf;

	(void)state;
	ff_buf_init(&buf, 100);
	assert_err(FF_TOO_LARGE, ff_tuple_encode(&e, &buf, NULL));
	assert_int_equal(buf.len, 0);
	assert_false(buf.overflow);
	ff_buf_free(&buf);
}

static void
damaged_rows_decode_to_an_error_or_to_an_encodable_event(void **state)
{
	struct ff_event e = sample(), back;
	struct ff_buf   buf, again;
	struct ff_str   row = encoded(&e, &buf);
	char           *copy = malloc(row.len);

	(void)state;
	for (size_t len = 0; len < row.len; len++)
		assert_err(FF_CORRUPT, ff_tuple_decode(ff_str_of(row.p, len), FF_TUPLE_VERSION, &back));
	for (size_t bit = 0; bit < row.len * 8; bit++) {
		memcpy(copy, row.p, row.len);
		copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
		if (ff_tuple_decode(ff_str_of(copy, row.len), FF_TUPLE_VERSION, &back) != FF_OK)
			continue;
		assert_true(encoded(&back, &again).len == row.len && memcmp(copy, again.p, row.len) == 0);
		ff_buf_free(&again);
	}
	assert_err(FF_CORRUPT, ff_tuple_decode(row, FF_TUPLE_VERSION + 1, &back));
	free(copy);
	ff_buf_free(&buf);
}

static void
props_are_what_jsonb_takes(void **state)
{
	static const char *const good[] = { "{}", " { } ", "{\"a\":\"b\"}", "{\"a\":\"\\u00e4\\n\", \"b\" : \"\"}",
		"{\"a\":\"\\ud83d\\ude00\"}", "{\"ä\":\"日\"}" };
	static const char *const bad[] = { "", "[]", "{", "{\"a\"}", "{\"a\":1}", "{\"a\":\"b\",}", "{\"a\":\"b\"} x",
		"{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ude00\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\n\"}",
		"{\"a\":\"\xff\"}", "{\"a\":{}}", "{\"a\":\"b", "{\"a\":\"\\u12\"}", "{\"a\":\"\\ud83d\\u0041\"}", "null" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(ff_props_valid(ff_str_from(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(ff_props_valid(ff_str_from(bad[i])));
}

static void
props_are_at_most_thirty_pairs(void **state)
{
	char   text[1024] = "{\"k\":\"v\"";
	size_t len = strlen(text);

	(void)state;
	for (int pairs = 2; pairs <= FF_PROPS_MAX; pairs++)
		len += (size_t)snprintf(text + len, sizeof text - len, ",\"k%d\":\"v\"", pairs);
	memcpy(text + len, "}", 2);
	assert_true(ff_props_valid(ff_str_from(text)));
	memcpy(text + len, ",\"x\":\"v\"}", 10);
	assert_false(ff_props_valid(ff_str_from(text)));
}

static void
reasons_have_their_public_names(void **state)
{
	(void)state;
	assert_string_equal(ff_reason_name(FF_REASON_STORED), "stored");
	assert_string_equal(ff_reason_name(FF_REASON_UNKNOWN_SITE), "unknown_site");
	assert_string_equal(ff_reason_name(FF_REASON_SPAM_REFERRER), "spam_referrer");
	assert_string_equal(ff_reason_sentence(FF_REASON_UNKNOWN_SITE), "no such site");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_comes_back_as_it_went),
		cmocka_unit_test(version_1_is_read_too),
		cmocka_unit_test(the_row_is_in_copy_binary_format),
		cmocka_unit_test(what_breaks_the_contract_is_refused_by_name),
		cmocka_unit_test(a_row_beyond_the_record_is_refused_whole),
		cmocka_unit_test(a_full_buffer_takes_no_part_of_a_row),
		cmocka_unit_test(damaged_rows_decode_to_an_error_or_to_an_encodable_event),
		cmocka_unit_test(props_are_what_jsonb_takes),
		cmocka_unit_test(props_are_at_most_thirty_pairs),
		cmocka_unit_test(reasons_have_their_public_names),
	};

	return cmocka_run_group_tests_name("tuple", tests, NULL, NULL);
}
