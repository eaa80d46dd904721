/* GoatCounter's two ways in: /count by parameters, /api/v0/count by key. */
#include "room/collect/goatcounter.h"
#include "room/collect/image.h"
#include "tests/lib/unit.h"
#include "tests/room/collect_key.h"

static int
count(const char *query)
{
	char target[6000], text[5900];

	snprintf(target, sizeof(target), "/count?%s", room_expand(query, text, sizeof(text)));
	room_begin("GET", target);
	room_set("HTTP_REFERER", FF_STR("https://www.example.com/where"));
	return room_send(FF_STR_NONE);
}

static const struct ff_event *
event_of(const char *query)
{
	assert_int_equal(count(query), 200);
	assert_true(room_said("Content-Type: image/gif"));
	assert_int_equal(room.parcel.n, 1);
	return room_event(0);
}

static void
a_page_view_has_all_its_fields(void **state)
{
	const struct ff_event *event = event_of("p=%2Fa%20b%3Fx%3D1&t=Title&r=https%3A%2F%2Fwww.google.com%2F&s=1920,1080,1.5"
	    "&q=%3Futm_campaign%3Dsummer%26utm_source%3Dnl&b=0&rnd=abc");

	(void)state;
	assert_int_equal(event->site_id, 1);
	assert_int_equal(event->kind, FF_KIND_PAGEVIEW);
	assert_str(event->hostname, "example.com");
	assert_str(event->path, "/a b");
	assert_str(event->title, "Title");
	assert_str(event->referrer, "google.com");
	assert_str(event->utm_campaign, "summer");
	assert_str(event->utm_source, "nl");
	assert_int_equal(event->screen, 1920);
	assert_int_equal(event->robot, FF_ROBOT_NO);
	assert_true(event->visitor != 0);
	assert_int_equal(room.parcel.reply.len > 43 &&
	    memcmp(room.parcel.reply.p + room.parcel.reply.len - 43, FF_PIXEL_GIF, 43) == 0, 1);
}

static void
an_event_is_called_by_its_path(void **state)
{
	const struct ff_event *event = event_of("p=%2Fsign%20up&t=Form&e=true&r=Newsletter");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_EVENT);
	assert_str(event->name, "sign up");
	assert_str(event->path, "");
	assert_str(event->hostname, "example.com");
	assert_str(event->props, "{\"title\":\"Form\",\"ref\":\"Newsletter\"}");
	assert_str(event_of("p=/&e=1")->name, "(no event name)");
}

static void
a_referrer_may_be_a_word(void **state)
{
	(void)state;
	assert_str(event_of("p=/a&r=Our%20club")->source, "Our club");
	assert_str(room_event(0)->referrer, "");
	assert_str(event_of("p=/a&r=Newsletter&q=utm_source%3Dzine")->source, "zine");
	assert_str(event_of("p=/a&r=/own")->source, "");
}

static void
paths_are_taken_as_they_are_written(void **state)
{
	(void)state;
	assert_str(event_of("p=a")->path, "/a");
	assert_str(event_of("p=%2Fa%23part")->path, "/a#part");
	assert_int_equal(event_of("p=/@2047")->path.len, FF_URL_MAX - strlen("https://example.com"));
	assert_str(event_of("p=/a%3Fref=x&q=ref%3Dy")->source, "y");
}

static void
robots_and_pages_without_sessions_are_marked(void **state)
{
	(void)state;
	assert_int_equal(event_of("p=/&b=151")->robot, FF_ROBOT_HEADLESS);
	assert_int_equal(event_of("p=/&ns=true")->flags, FF_FLAG_NO_VISITOR);
	assert_int_equal(room_event(0)->visitor, 0);
}

static void
errors_stand_in_a_header(void **state)
{
	static const struct {
		const char *query, *said;
	} rows[] = {
		{ "t=x", "X-Goatcounter: not valid: path must be set" },
		{ "p=", "path must be set" },
		{ "p=/@2048", "path must be shorter than 2048 bytes" },
		{ "p=/&t=@1025", "title must be shorter" },
		{ "p=/&r=@2049", "ref must be shorter" },
		{ "p=/&b=7", "b is neither 0 nor at least 150" },
		{ "p=/&b=-1", "b is neither" },
		{ "p=/&b=x", "b is not a whole number" },
		{ "p=%ff", "X-Goatcounter: not valid: " },
		{ "p=/&site=example.com,other.example", "site is not one site" },
		{ "p=/&site=nowhere.example", "site is not known here" },
	};
	uint64_t before = room_counted(FF_REASON_UNKNOWN_SITE);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(count(rows[i].query), 400);
		assert_true(room_said(rows[i].said));
		assert_true(room_said("image/gif"));
		assert_int_equal(room.parcel.n, 0);
	}
	assert_int_equal(room_counted(FF_REASON_UNKNOWN_SITE), before + 1);
	room_begin("GET", "/count?p=/");
	room_set("HTTP_USER_AGENT", FF_STR("Mozilla/5.0 (0123456789012345678901234567890123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123)"));
	assert_int_equal(room_send(FF_STR_NONE), 400);
}

static void
an_address_of_the_sites_own_is_ignored_and_said(void **state)
{
	(void)state;
	room_begin("GET", "/count?p=/&site=example.com");
	room_set("REMOTE_ADDR", FF_STR("198.51.100.7"));
	assert_int_equal(room_send(FF_STR_NONE), 202);
	assert_int_equal(room.parcel.n, 0);
	assert_true(room_said("X-Goatcounter: ignored because \"198.51.100.7\" is in the IP ignore list"));
}

static void
the_site_is_named_or_the_pages_or_the_hosts(void **state)
{
	(void)state;
	assert_int_equal(event_of("p=/&site=other.example")->site_id, 3);
	assert_int_equal(event_of("p=/&site=03000000-0000-0000-0000-000000000000")->site_id, 3);
	room_begin("POST", "/count?p=/");
	room_set("HTTP_ORIGIN", FF_STR("https://www.other.example"));
	room_set("HTTP_HOST", FF_STR("example.com"));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_int_equal(room_event(0)->site_id, 3);
	room_begin("GET", "/count?p=/");
	room_set("HTTP_HOST", FF_STR("example.com:8080"));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_int_equal(room_event(0)->site_id, 1);
	assert_int_equal(room_ask("GET", "/count?p=/", FF_STR_NONE), 400);
	assert_int_equal(room_ask("HEAD", "/count?p=/", FF_STR_NONE), 200);
	assert_int_equal(room.parcel.n, 0);
}

static void
the_api_is_for_callers_with_a_key(void **state)
{
	uint64_t before = room_counted(FF_REASON_UNAUTHORIZED);

	(void)state;
	assert_int_equal(room_ask("POST", "/api/v0/count", FF_STR("{\"hits\":[{\"path\":\"/\"}]}")), 401);
	assert_true(room_said("{\"error\":\"no Authorization header with an API key\"}"));
	assert_int_equal(room_counted(FF_REASON_UNAUTHORIZED), before + 1);
}

static int
hits(const char *json)
{
	room_begin("POST", "/api/v0/count");
	room_set("HTTP_USER_AGENT", FF_STR("curl/8.0"));
	key_show(key_token.text);
	return room_send(ff_str_from(json));
}

static void
the_api_takes_hits_one_by_one(void **state)
{
	const struct ff_event *event;

	(void)state;
	assert_int_equal(hits("{\"hits\":[{\"path\":\"/a b\",\"title\":\"T\",\"ref\":\"https://www.google.com/\",\"size\":"
	    "\"1920,1080,1\",\"query\":\"utm_campaign=c\",\"user_agent\":\"" ROOM_AGENT "\",\"ip\":\"203.0.113.9\",\"location\":\"nl-NB\","
	    "\"language\":\"nl\",\"created_at\":\"2026-01-02T03:04:05Z\"},{\"path\":\"buy\",\"event\":true,\"size\":[800,600,1],"
	    "\"session\":\"s1\",\"bot\":150}]}"), 202);
	assert_true(room_said("\r\n\r\n{\"status\":\"ok\"}"));
	assert_int_equal(room.parcel.n, 2);
	event = room_event(0);
	assert_int_equal(event->site_id, 1);
	assert_str(event->path, "/a b");
	assert_str(event->title, "T");
	assert_str(event->referrer, "google.com");
	assert_str(event->utm_campaign, "c");
	assert_str(event->browser, "Firefox");
	assert_memory_equal(event->country, "NL", 2);
	assert_str(event->region, "NL-NB");
	assert_str(event->language, "nl");
	assert_int_equal(event->screen, 1920);
	assert_int_equal(event->ts_us, 1767323045 * FF_US_S);
	assert_int_equal(event->robot, FF_ROBOT_NO);
	event = room_event(1);
	assert_str(event->name, "buy");
	assert_int_equal(event->screen, 800);
	assert_int_equal(event->robot, FF_ROBOT_HEADLESS);
	assert_true(event->visitor != 0);
}

static void
a_hit_needs_somebody_or_says_so(void **state)
{
	uint64_t visitor;

	(void)state;
	assert_int_equal(hits("{\"hits\":[{\"path\":\"/1\"},{\"path\":\"/2\",\"session\":\"s1\"},{\"path\":\"/3\",\"session\":\"s2\"},7,"
	    "{\"title\":\"x\",\"session\":\"s1\"},{\"path\":\"/4\",\"ip\":\"198.51.100.7\",\"user_agent\":\"x\"},"
	    "{\"path\":\"/5\",\"session\":\"s1\",\"location\":\"?\"},{\"path\":\"/6\",\"session\":\"s1\",\"created_at\":\"now\"},{\"path\":\"/7\",\"session\":\"s1\",\"created_at\":\"2999-01-01T00:00:00Z\"}]}"), 400);
	assert_int_equal(room.parcel.n, 2);
	assert_true(room_said("{\"errors\":{\"0\":\"session: or both user_agent and ip must be set; or send no_sessions\","
	    "\"3\":\"hit: is not an object\",\"4\":\"path: must be set\",\"6\":\"location: is no code of a country or region\","
	    "\"7\":\"created_at: is not a time of RFC 3339\",\"8\":\"timestamp: lies in the future\"}}"));
	assert_true(room_said("X-Goatcounter-Filter: 5\r\n"));
	visitor = room_event(0)->visitor;
	assert_true(visitor != 0 && visitor != room_event(1)->visitor);
	assert_int_equal(hits("{\"no_sessions\":true,\"hits\":[{\"path\":\"/1\"},{\"path\":\"/2\",\"session\":\"s1\"}]}"), 202);
	assert_int_equal(room_event(0)->flags, FF_FLAG_NO_VISITOR);
	assert_int_equal(room_event(1)->visitor, visitor);
	assert_int_equal(hits("{\"site\":\"other.example\",\"hits\":[{\"path\":\"/\",\"session\":\"s\"}]}"), 403); /* another's key */
	assert_int_equal(hits("{\"hits\":[]}"), 400);
	assert_true(room_said("{\"error\":\"hits: no hits\"}"));
	assert_int_equal(hits("["), 400);
}

static void
nobody_is_where_the_caller_is(void **state)
{
	static const char *const hits[] = { "{\"path\":\"/\",\"session\":\"s1\"}", "{\"path\":\"/\"}" };
	const struct ff_reading  reading = { &room.collect->arena, &room.collect->props, &room.collect->res.fault };
	const struct ff_json    *hit;
	struct ff_beacon         beacon;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_ok(ff_json_parse(reading.arena, ff_str_from(hits[i]), &hit, NULL));
		assert_ok(ff_goatcounter_hit(&reading, hit, true, &beacon));
		assert_true(beacon.told.has_place); /* so it is not looked up by the caller's address */
		assert_int_equal(beacon.told.place.country[0], 0);
	}
}

static int
set_up(void **state)
{
	(void)state;
	key_make();
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
		cmocka_unit_test(a_page_view_has_all_its_fields),
		cmocka_unit_test(an_event_is_called_by_its_path),
		cmocka_unit_test(a_referrer_may_be_a_word),
		cmocka_unit_test(paths_are_taken_as_they_are_written),
		cmocka_unit_test(robots_and_pages_without_sessions_are_marked),
		cmocka_unit_test(errors_stand_in_a_header),
		cmocka_unit_test(an_address_of_the_sites_own_is_ignored_and_said),
		cmocka_unit_test(the_site_is_named_or_the_pages_or_the_hosts),
		cmocka_unit_test(the_api_is_for_callers_with_a_key),
		cmocka_unit_test(the_api_takes_hits_one_by_one),
		cmocka_unit_test(a_hit_needs_somebody_or_says_so),
		cmocka_unit_test(nobody_is_where_the_caller_is),
	};

	return cmocka_run_group_tests_name("goatcounter", tests, set_up, tear_down);
}
