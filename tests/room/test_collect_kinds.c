/* Every kind of fact through /api/event: what each may, must and does mean, field by field (docs/events.md). */
#include "tests/lib/unit.h"
#include "tests/room/collect_room.h"

#define EVENT "/api/event"
#define PAGE  "\"u\":\"https://example.com/p\""
#define ITEM  "\"d\":\"example.com\",\"item\":{\"kind\":\"video\",\"id\":\"7\"}"

static const struct ff_event *
taken(const char *json)
{
	if (room_ask("POST", EVENT, ff_str_from(json)) != 202 || room.parcel.n != 1 || !room_event(0))
		fail_msg("%s: %s", json, room.parcel.reply.p);
	return room_event(0);
}

#define N FF_FLAG_NON_INTERACTIVE
#define M FF_FLAG_MEASURE

static void
each_kind_has_its_name_its_number_and_its_place_in_a_visit(void **state)
{
	static const struct {
		const char  *json;
		enum ff_kind kind;
		const char  *name, *target;
		int64_t      measure;
		unsigned     flags;
	} rows[] = {
		{ "{\"n\":\"pageview\"," PAGE "}", FF_KIND_PAGEVIEW, "pageview", "", 0, 0 },
		{ "{\"kind\":\"pageview\"," PAGE "}", FF_KIND_PAGEVIEW, "pageview", "", 0, 0 },
		{ "{\"n\":\"Signup\"," PAGE ",\"target\":\"form\",\"value\":2.5}", FF_KIND_EVENT, "Signup", "form", 2500000, M },
		{ "{\"n\":\"Signup\"," ITEM "}", FF_KIND_EVENT, "Signup", "", 0, 0 },
		{ "{\"kind\":\"event\",\"n\":\"x\"," PAGE ",\"i\":false}", FF_KIND_EVENT, "x", "", 0, N },
		{ "{\"kind\":\"engagement\"," PAGE ",\"e\":5}", FF_KIND_ENGAGEMENT, "engagement", "", 0, N },
		{ "{\"n\":\"engagement\"," ITEM ",\"sd\":5}", FF_KIND_ENGAGEMENT, "engagement", "", 0, N },
		{ "{\"kind\":\"view\"," ITEM "}", FF_KIND_VIEW, "view", "", 0, 0 },
		{ "{\"kind\":\"reaction\",\"n\":\"like\"," ITEM "}", FF_KIND_REACTION, "like", "", 1000000, M },
		{ "{\"kind\":\"reaction\",\"n\":\"love\"," PAGE ",\"value\":-1}", FF_KIND_REACTION, "love", "", -1000000, M },
		{ "{\"kind\":\"comment\"," ITEM ",\"value\":1}", FF_KIND_COMMENT, "comment", "", 1000000, M },
		{ "{\"kind\":\"follow\",\"d\":\"example.com\",\"target\":\"ann\"}", FF_KIND_FOLLOW, "follow", "ann", 1000000, M },
		{ "{\"kind\":\"share\"," PAGE ",\"target\":\"mastodon\"}", FF_KIND_SHARE, "share", "mastodon", 0, 0 },
		{ "{\"kind\":\"media\"," ITEM "}", FF_KIND_MEDIA, "progress", "", 0, N },
		{ "{\"kind\":\"media\",\"n\":\"ended\"," ITEM "}", FF_KIND_MEDIA, "ended", "", 0, N },
		{ "{\"kind\":\"interaction\",\"n\":\"click\"," PAGE ",\"target\":\"#buy\",\"value\":\"3\"}", FF_KIND_INTERACTION, "click",
		  "#buy", 3000000, M },
		{ "{\"kind\":\"configuration\",\"d\":\"example.com\",\"p\":{\"colour\":\"red\"}}", FF_KIND_CONFIGURATION, "configuration",
		  "", 0, 0 },
		{ "{\"kind\":\"performance\",\"n\":\"CLS\"," PAGE ",\"value\":0.013}", FF_KIND_PERFORMANCE, "CLS", "", 13000, N | M },
		{ "{\"kind\":\"performance\",\"n\":\"api\"," PAGE ",\"target\":\"GET /x\",\"value\":0}", FF_KIND_PERFORMANCE, "api",
		  "GET /x", 0, N | M },
		{ "{\"kind\":\"error\"," PAGE ",\"target\":\"x is undefined\"}", FF_KIND_ERROR, "error", "x is undefined", 0, N },
		{ "{\"kind\":\"error\",\"n\":\"TypeError\"," PAGE ",\"i\":true}", FF_KIND_ERROR, "TypeError", "", 0, N },
		{ "{\"kind\":\"search\",\"d\":\"example.com\",\"target\":\"blue shoes\",\"value\":0}", FF_KIND_SEARCH, "search",
		  "blue shoes", 0, M },
		{ "{\"kind\":\"search\"," PAGE ",\"target\":\"x\",\"i\":false}", FF_KIND_SEARCH, "search", "x", 0, N },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct ff_event *event = taken(rows[i].json);

		assert_int_equal(event->kind, rows[i].kind);
		assert_str(event->name, rows[i].name);
		assert_str(event->target, rows[i].target);
		assert_int_equal(event->measure_micros, rows[i].measure);
		assert_int_equal(event->flags, rows[i].flags);
		assert_int_equal(event->site_id, 1);
	}
}

static void
media_say_length_position_time_and_what_was_watched(void **state)
{
	const struct ff_event *event;
	uint8_t                all[FF_WATCHED_BYTES] = { 0 };

	(void)state;
	event = taken("{\"kind\":\"media\",\"n\":\"pause\"," ITEM ",\"e\":4200,\"media\":{\"length\":2147483647,\"position\":61000,"
	              "\"watched\":\"0-8,30,99\"}}");
	assert_int_equal(event->media_length_ms, INT32_MAX);
	assert_int_equal(event->media_position_ms, 61000);
	assert_int_equal(event->engaged_ms, 4200);
	all[0] = 0xff;
	all[1] = 1;
	all[30 / 8] |= 1 << 30 % 8;
	all[99 / 8] |= 1 << 99 % 8;
	assert_memory_equal(event->watched, all, sizeof(all));
	memset(all, 0xff, sizeof(all));
	all[12] = 0x0f;
	assert_memory_equal(taken("{\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"0-99\"}}")->watched, all, sizeof(all));
	memset(all, 0, sizeof(all));
	assert_memory_equal(taken("{\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"\",\"length\":null}}")->watched, all, sizeof(all));
	/* Other kinds have none. */
	assert_int_equal(taken("{\"n\":\"x\"," PAGE ",\"media\":{\"length\":5},\"e\":3}")->media_length_ms, 0);
	assert_int_equal(room_event(0)->engaged_ms, 0);
}

static void
impressions_have_list_and_position_pages_a_title(void **state)
{
	const struct ff_event *event = taken("{\"kind\":\"view\"," ITEM ",\"view_type\":\"listing\",\"list\":\"related\","
	                                     "\"position\":32767}");
	static char body[3000], title[1100];

	(void)state;
	assert_int_equal(event->view_type, FF_VIEW_LISTING);
	assert_str(event->list, "related");
	assert_int_equal(event->position, 32767);
	assert_str(taken("{\"n\":\"pageview\"," PAGE ",\"title\":\"A page\"}")->title, "A page");
	/* Longer ones are cut between characters. */
	memset(title, 't', FF_TITLE_MAX - 1);
	memcpy(title + FF_TITLE_MAX - 1, "\xc3\xa9z", 4);
	snprintf(body, sizeof(body), "{\"n\":\"pageview\"," PAGE ",\"title\":\"%s\"}", title);
	assert_int_equal(taken(body)->title.len, FF_TITLE_MAX - 1);
}

static void
messages_of_errors_are_cut_and_details_are_properties(void **state)
{
	static char body[4000], message[2100];

	(void)state;
	memset(message, 'm', 2050);
	snprintf(body, sizeof(body), "{\"kind\":\"error\",\"n\":\"TypeError\"," PAGE ",\"target\":\"%s\",\"p\":{\"line\":3}}", message);
	assert_int_equal(taken(body)->target.len, FF_LABEL_MAX);
	assert_str(room_event(0)->props, "{\"line\":\"3\"}");
}

static void
a_configuration_has_options_price_and_step(void **state)
{
	const struct ff_event *event = taken("{\"kind\":\"configuration\",\"n\":\"colours\",\"d\":\"example.com\",\"p\":{\"seat\":"
	                                     "\"leather\",\"doors\":5},\"$\":{\"currency\":\"EUR\",\"amount\":31990}}");

	(void)state;
	assert_str(event->name, "colours");
	assert_str(event->props, "{\"seat\":\"leather\",\"doors\":\"5\"}");
	assert_int_equal(event->value_micros, INT64_C(31990000000));
	assert_str(event->hostname, "");
}

static void
what_a_kind_cannot_have_is_named(void **state)
{
	static const struct {
		const char *fields, *field;
	} rows[] = {
		{ "\"kind\":\"gaze\",\"n\":\"x\"," PAGE, "kind" }, { "\"kind\":7,\"n\":\"x\"," PAGE, "kind" },
		{ "\"kind\":\"event\"," PAGE, "event_name" }, { "\"kind\":\"event\",\"n\":\"pageview\"," PAGE, "event_name" },
		{ "\"kind\":\"pageview\",\"n\":\"x\"," PAGE, "event_name" }, { "\"kind\":\"search\",\"n\":\"find\"," PAGE, "event_name" },
		{ "\"kind\":\"reaction\"," ITEM, "event_name" }, { "\"kind\":\"reaction\",\"n\":\" \"," ITEM, "event_name" },
		{ "\"kind\":\"media\",\"n\":\"engagement\"," ITEM, "event_name" },
		{ "\"kind\":\"pageview\"," ITEM, "url" }, { "\"kind\":\"reaction\",\"n\":\"like\",\"d\":\"example.com\"", "url" },
		{ "\"kind\":\"comment\",\"d\":\"example.com\"", "url" }, { "\"kind\":\"share\",\"d\":\"example.com\"", "url" },
		{ "\"n\":\"x\",\"d\":\"example.com\"", "url" },
		{ "\"kind\":\"view\"," PAGE, "item" }, { "\"kind\":\"media\"," PAGE, "item" },
		{ "\"kind\":\"follow\"," PAGE, "target" }, { "\"kind\":\"search\"," PAGE ",\"target\":\" \"", "target" },
		{ "\"kind\":\"search\"," PAGE ",\"target\":\"@2001\"", "target" }, { "\"n\":\"x\"," PAGE ",\"target\":5", "target" },
		{ "\"kind\":\"reaction\",\"n\":\"like\"," ITEM ",\"value\":2", "value" },
		{ "\"kind\":\"comment\"," ITEM ",\"value\":0", "value" }, { "\"kind\":\"follow\"," PAGE ",\"target\":\"a\",\"value\":\"x\"", "value" },
		{ "\"kind\":\"performance\",\"n\":\"LCP\"," PAGE, "value" },
		{ "\"kind\":\"performance\",\"n\":\"LCP\"," PAGE ",\"value\":-1", "value" },
		{ "\"kind\":\"search\"," PAGE ",\"target\":\"x\",\"value\":-1", "value" },
		{ "\"n\":\"x\"," PAGE ",\"value\":9.1e12", "value" }, { "\"n\":\"x\"," PAGE ",\"value\":true", "value" },
		{ "\"n\":\"x\"," PAGE ",\"list\":\"@101\"", "list" }, { "\"n\":\"x\"," PAGE ",\"list\":[]", "list" },
		{ "\"n\":\"x\"," PAGE ",\"position\":0", "position" }, { "\"n\":\"x\"," PAGE ",\"position\":32768", "position" },
		{ "\"n\":\"x\"," PAGE ",\"position\":1.5", "position" }, { "\"n\":\"x\"," PAGE ",\"position\":\"1\"", "position" },
		{ "\"n\":\"x\"," PAGE ",\"title\":{}", "title" },
		{ "\"kind\":\"engagement\"," ITEM, "event_name" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":[]", "media" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"length\":2147483648}", "media.length" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"length\":-1}", "media.length" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"position\":0.5}", "media.position" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":5}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"100\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"5-4\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"0-\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"-3\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"1,,2\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"1,\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"1-2-3\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"1 2\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"18446744073709551616\"}", "media.watched" },
		{ "\"kind\":\"media\"," ITEM ",\"media\":{\"watched\":\"@601\"}", "media.watched" },
		/* What only callers with a key may say. */
		{ "\"n\":\"x\"," PAGE ",\"timestamp\":\"2026-01-01T00:00:00Z\"", "timestamp" },
		{ "\"n\":\"x\"," PAGE ",\"timestamp\":\"yesterday\"", "timestamp" },
		{ "\"n\":\"x\"," PAGE ",\"timestamp\":\"1989-12-31T00:00:00Z\"", "timestamp" },
		{ "\"n\":\"x\"," PAGE ",\"timestamp\":\"2999-01-01T00:00:00Z\"", "timestamp" },
		{ "\"n\":\"x\"," PAGE ",\"timestamp\":5", "timestamp" },
		{ "\"n\":\"x\"," PAGE ",\"client_ip\":\"192.0.2.9\"", "client_ip" },
		{ "\"n\":\"x\"," PAGE ",\"client_ip\":\"nowhere\"", "client_ip" },
		{ "\"n\":\"x\"," PAGE ",\"user_agent\":\"curl/8\"", "user_agent" },
		{ "\"n\":\"x\"," PAGE ",\"user_agent\":[]", "user_agent" },
		{ "\"n\":\"x\"," PAGE ",\"token\":5", "token" },
	};
	static char body[20000];
	char        named[100], text[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t before = room_counted(FF_REASON_BAD_FIELD);

		snprintf(text, sizeof(text), "{%s}", rows[i].fields);
		snprintf(named, sizeof(named), "{\"errors\":{\"%s\":[\"", rows[i].field);
		if (room_ask("POST", EVENT, ff_str_from(room_expand(text, body, sizeof(body)))) != 400 || !room_said(named) || room.parcel.n != 0 ||
		    room_counted(FF_REASON_BAD_FIELD) != before + 1)
			fail_msg("row %zu: %s: %s", i, rows[i].fields, room.parcel.reply.p);
	}
}

static void
names_are_counted_in_characters(void **state)
{
	char body[600], name[241];

	(void)state;
	for (int i = 0; i < 120; i++)
		memcpy(name + 2 * i, "\xc3\xa9", 3);
	snprintf(body, sizeof(body), "{\"n\":\"%s\"," PAGE "}", name);
	assert_int_equal(taken(body)->name.len, 240);
}

static int
set_up(void **state)
{
	(void)state;
	room_open();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	room_close();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_name_its_number_and_its_place_in_a_visit),
		cmocka_unit_test(media_say_length_position_time_and_what_was_watched),
		cmocka_unit_test(impressions_have_list_and_position_pages_a_title),
		cmocka_unit_test(messages_of_errors_are_cut_and_details_are_properties),
		cmocka_unit_test(a_configuration_has_options_price_and_step),
		cmocka_unit_test(what_a_kind_cannot_have_is_named),
		cmocka_unit_test(names_are_counted_in_characters),
	};

	return cmocka_run_group_tests_name("kinds of fact", tests, set_up, tear_down);
}
