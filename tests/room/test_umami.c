/* Umami's way in: what its clients send, what becomes of it, what they hear. */
#include "tests/lib/unit.h"
#include "tests/room/collect_key.h"

#define SITE "01000000-0000-0000-0000-000000000000"
#define STRICT "02000000-0000-0000-0000-000000000000"
#define SDK "Mozilla/5.0 Umami/v20.20.2"

static int
send_as(const char *agent, const char *json)
{
	room_begin("POST", "/api/send");
	if (agent)
		room_set("HTTP_USER_AGENT", ff_str_from(agent));
	return room_send(ff_str_from(json));
}

static const struct ff_event *
event_of(const char *json)
{
	assert_int_equal(send_as(NULL, json), 200);
	assert_non_null(room_event(0));
	return room_event(0);
}

static void
a_page_view_has_all_its_fields(void **state)
{
	const struct ff_event *event = event_of("{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":"
	    "\"/a b?utm_source=nl&gclid=1#top\",\"title\":\"Home\",\"hostname\":\"www.Example.com\",\"referrer\":"
	    "\"https://www.google.com/\",\"language\":\"de-CH\",\"screen\":\"1920x1080\",\"tag\":\"v2\"}}");

	(void)state;
	assert_true(room_said("{\"cache\":\"") && room_said("\",\"sessionId\":\"") && room_said("\",\"visitId\":\""));
	assert_int_equal(room.parcel.n, 1);
	assert_int_equal(event->site_id, 1);
	assert_int_equal(event->kind, FF_KIND_PAGEVIEW);
	assert_str(event->name, "pageview");
	assert_str(event->hostname, "example.com");
	assert_str(event->path, "/a b#top");
	assert_str(event->title, "Home");
	assert_str(event->utm_source, "nl");
	assert_str(event->click_id, "gclid");
	assert_str(event->referrer, "google.com");
	assert_str(event->language, "de-CH");
	assert_int_equal(event->screen, 1920);
	assert_str(event->props, "{\"tag\":\"v2\"}");
	assert_str(event->browser, "Firefox");
	assert_true(event->visitor != 0);
	assert_int_equal(event->flags, 0);
}

static void
a_name_makes_it_an_event_and_data_its_properties(void **state)
{
	const struct ff_event *event = event_of("{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"name\":\"signup\","
	    "\"data\":{\"plan\":\"pro\",\"n\":3,\"ok\":true,\"none\":null,\"a\":{\"b\":{\"c\":1.5}},\"list\":[1,\"x\",{\"y\":null}],"
	    "\"revenue\":12.5,\"currency\":\"eur\"}}}");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_EVENT);
	assert_str(event->name, "signup");
	assert_str(event->path, "");
	assert_str(event->hostname, "");
	assert_str(event->props, "{\"plan\":\"pro\",\"n\":\"3\",\"ok\":\"true\",\"a.b.c\":\"1.5\",\"list\":\"[1,\\\"x\\\","
	    "{\\\"y\\\":null}]\",\"revenue\":\"12.5\",\"currency\":\"eur\"}");
	assert_int_equal(event->value_micros, 12500000);
	assert_memory_equal(event->currency, "EUR", 3);
}

static void
identify_is_an_event_that_ends_no_bounce(void **state)
{
	const struct ff_event *event = event_of("{\"type\":\"identify\",\"payload\":{\"website\":\"" SITE "\",\"id\":\"u7\","
	    "\"data\":{\"role\":\"editor\"}}}");

	(void)state;
	assert_str(event->name, "identify");
	assert_int_equal(event->flags, FF_FLAG_NON_INTERACTIVE);
	assert_str(event->props, "{\"role\":\"editor\"}");
	assert_true(ff_uuid_is_nil(&event->viewer)); /* whoever says an id is not who has it */
}

static void
performance_is_a_record_a_metric(void **state)
{
	static const char *const names[] = { "LCP", "INP", "CLS", "FCP", "TTFB" };
	static const int64_t     micros[] = { 1250500000, 80000000, 120000, 900000000, 0 };

	(void)state;
	event_of("{\"type\":\"performance\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/p\",\"hostname\":\"example.com\","
	    "\"lcp\":1250.5,\"inp\":80,\"cls\":0.12,\"fcp\":900,\"ttfb\":0}}");
	assert_int_equal(room.parcel.n, 5);
	for (unsigned i = 0; i < 5; i++) {
		const struct ff_event *event = room_event(i);

		assert_int_equal(event->kind, FF_KIND_PERFORMANCE);
		assert_str(event->name, names[i]);
		assert_int_equal(event->measure_micros, micros[i]);
		assert_int_equal(event->flags, FF_FLAG_MEASURE | FF_FLAG_NON_INTERACTIVE);
		assert_str(event->path, "/p");
		assert_str(event->hostname, "example.com");
	}
	assert_int_equal(send_as(NULL, "{\"type\":\"performance\",\"payload\":{\"website\":\"" SITE "\",\"cls\":101}}"), 400);
	assert_int_equal(send_as(NULL, "{\"type\":\"performance\",\"payload\":{\"website\":\"" SITE "\"}}"), 400);
	assert_int_equal(event_of("{\"type\":\"engagement\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/p\",\"engagement\":417}}")
	    ->engaged_ms, 417);
	assert_int_equal(room_event(0)->kind, FF_KIND_ENGAGEMENT);
}

static void
what_the_client_knows_of_its_visitor_goes_first(void **state)
{
	const struct ff_event *event = event_of("{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\",\"browser\":"
	    "\"edge\",\"os\":\"Windows 11\",\"device\":\"laptop\"}}");

	(void)state;
	assert_str(event->browser, "edge");
	assert_str(event->browser_version, "");
	assert_str(event->os, "Windows 11");
	assert_int_equal(event->device, FF_DEVICE_DESKTOP);
	event = event_of("{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\",\"userAgent\":"
	    "\"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 "
	    "Safari/604.1\"}}");
	assert_int_equal(event->device, FF_DEVICE_MOBILE);
	assert_str(event->os, "iOS");
}

static void
the_sdk_for_servers_is_nobodys_browser_and_no_robot(void **state)
{
	(void)state;
	assert_int_equal(send_as(SDK, "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/home\"}}"), 200);
	assert_true(room_said("sessionId"));
	assert_int_equal(room_event(0)->robot, FF_ROBOT_NO);
	assert_int_equal(room_event(0)->device, FF_DEVICE_UNKNOWN);
	assert_str(room_event(0)->browser, "");
}

static void
robots_hear_their_joke_and_are_kept(void **state)
{
	(void)state;
	assert_int_equal(send_as("Googlebot/2.1", "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/home\"}}"), 200);
	assert_true(room_said("\r\n\r\n{\"beep\":\"boop\"}"));
	assert_int_equal(room_event(0)->robot, FF_ROBOT_AGENT);
}

static void
sessions_are_of_the_visitor_and_the_day(void **state)
{
	static const char body[] = "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/home\"}}";
	char              first[3000];

	(void)state;
	send_as(NULL, body);
	snprintf(first, sizeof(first), "%s", strstr(room.parcel.reply.p, "{\"cache\""));
	send_as(NULL, body);
	assert_string_equal(strstr(room.parcel.reply.p, "{\"cache\""), first);
	send_as("Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0", body);
	assert_string_not_equal(strstr(room.parcel.reply.p, "{\"cache\""), first);
	room_begin("POST", "/api/send");
	room_set("HTTP_SEC_GPC", FF_STR("1"));
	room_send(ff_str_from(body));
	assert_string_not_equal(strstr(room.parcel.reply.p, "{\"cache\""), first);
	snprintf(first, sizeof(first), "%s", strstr(room.parcel.reply.p, "{\"cache\""));
	room_send(ff_str_from(body)); /* asked not to be known: not even that it is the same one */
	assert_string_not_equal(strstr(room.parcel.reply.p, "{\"cache\""), first);
}

static void
refusals_have_umamis_shape(void **state)
{
	static const struct {
		const char *body, *said;
	} rows[] = {
		{ "{", "{\"error\":{\"message\":\"request " },
		{ "[]", "\"code\":\"bad-request\",\"status\":400}}" },
		{ "{\"type\":\"page\",\"payload\":{}}", "\"message\":\"type is none of event" },
		{ "{\"payload\":{}}", "type is required" },
		{ "{\"type\":\"event\"}", "payload is not an object" },
		{ "{\"type\":\"event\",\"payload\":{\"url\":\"/\"}}", "payload.website or link or pixel is required" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"link\":\"" SITE "\",\"url\":\"/\"}}", "only one of them" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"x\",\"url\":\"/\"}}", "payload.website is not a UUID" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\"}}", "payload.url is required" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":7}}", "payload.url is not a string" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\",\"hostname\":\"a b\"}}", "payload.hostname" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\",\"screen\":\"123456x12345\"}}", "payload.screen" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\",\"data\":[]}}", "payload.data" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"name\":\"@51\"}}", "payload.name is longer than 50" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/@2000\"}}", "payload.url is longer" },
		{ "{\"type\":\"event\",\"payload\":{\"website\":\"09000000-0000-0000-0000-000000000000\",\"url\":\"/\"}}",
		  "{\"error\":{\"message\":\"Website not found.\",\"code\":\"bad-request\",\"status\":400}}" },
	};
	char body[4000];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(send_as(NULL, room_expand(rows[i].body, body, sizeof(body))), 400);
		assert_true(room_said(rows[i].said));
		assert_int_equal(room.parcel.n, 0);
	}
	room_begin("POST", "/api/send");
	room_set("REMOTE_ADDR", FF_STR("198.51.100.7"));
	assert_int_equal(room_send(FF_STR("{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\"}}")), 403);
	assert_true(room_said("{\"error\":{\"message\":\"Forbidden\",\"code\":\"forbidden\",\"status\":403}}"));
}

static void
who_does_not_want_to_be_counted_is_told_to_fall_silent(void **state)
{
	(void)state;
	room_begin("POST", "/api/send");
	room_set("HTTP_SEC_GPC", FF_STR("1"));
	assert_int_equal(room_send(FF_STR("{\"type\":\"event\",\"payload\":{\"website\":\"" STRICT "\",\"url\":\"/\"}}")), 200);
	assert_int_equal(room.parcel.n, 0);
	assert_true(room_said("\"disabled\":true}"));
	assert_true(room_said("x-footfall-dropped: gpc"));
}

static void
address_and_time_of_a_caller_without_a_key_are_not_believed(void **state)
{
	const struct ff_event *event;

	(void)state;
	event = event_of("{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\",\"ip\":\"198.51.100.7\",\"timestamp\":1600000000}}");
	assert_int_equal(event->ts_us, room.parcel.now_us);
}

static void
a_batch_takes_what_is_good_and_says_what_is_not(void **state)
{
	uint64_t bad = room_counted(FF_REASON_BAD_FIELD), unknown = room_counted(FF_REASON_UNKNOWN_SITE);

	(void)state;
	assert_int_equal(room_ask("POST", "/api/batch", FF_STR("[{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/1\"}},"
	    "7,{\"type\":\"event\",\"payload\":{\"website\":\"09000000-0000-0000-0000-000000000000\",\"url\":\"/\"}},"
	    "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/2\"}}]")), 200);
	assert_int_equal(room.parcel.n, 2);
	assert_str(room_event(0)->path, "/1");
	assert_str(room_event(1)->path, "/2");
	assert_true(room_said("{\"size\":4,\"processed\":2,\"errors\":2,\"details\":[{\"index\":1,\"response\":{\"error\":{\"message\":\"type is"));
	assert_true(room_said("{\"index\":2,\"response\":{\"error\":{\"message\":\"Website not found.\""));
	assert_true(room_said("],\"cache\":\""));
	assert_int_equal(room_counted(FF_REASON_BAD_FIELD), bad + 1);
	assert_int_equal(room_counted(FF_REASON_UNKNOWN_SITE), unknown + 1);
	assert_int_equal(room_ask("POST", "/api/batch", FF_STR("[]")), 200);
	assert_true(room_said("{\"size\":0,\"processed\":0,\"errors\":0,\"details\":[]}"));
	assert_int_equal(room_ask("POST", "/api/batch", FF_STR("{}")), 400);
}

static void
a_page_may_ask_first(void **state)
{
	(void)state;
	assert_int_equal(room_ask("OPTIONS", "/api/send", FF_STR_NONE), 204);
	assert_true(room_said("Access-Control-Allow-Headers: Content-Type, Authorization, x-umami-cache"));
	assert_true(room_said("Access-Control-Allow-Origin: *"));
	room_begin("POST", "/api/send");
	room_set("HTTP_X_UMAMI_CACHE", FF_STR("anything"));
	assert_int_equal(room_send(FF_STR("{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\"}}")), 200);
}

static void
a_caller_with_a_key_speaks_for_its_visitor(void **state)
{
	static const char body[] = "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\",\"ip\":"
	    "\"203.0.113.9\",\"timestamp\":1700000000,\"id\":\"u7\"}}";

	(void)state;
	room_begin("POST", "/api/send");
	key_show(key_token.text);
	assert_int_equal(room_send(ff_str_from(body)), 200);
	assert_int_equal(room_event(0)->ts_us, 1700000000 * FF_US_S);
	assert_false(ff_uuid_is_nil(&room_event(0)->viewer));
	assert_int_equal(room_event(0)->flags, FF_FLAG_AUTH);
	room_begin("POST", "/api/send");
	key_show("ffk_0000000000000000000000000000000000000000000");
	assert_int_equal(room_send(ff_str_from(body)), 401);
	assert_true(room_said("\"code\":\"unauthorized\",\"status\":401}}"));
}

/* The drain would refuse them, and stops where it must refuse many. */
static void
times_that_no_event_can_have_are_refused(void **state)
{
	static const char *const times[] = { "1", "631151999", "4000000000", "99999999999" };
	char                     body[200];

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		room_begin("POST", "/api/send");
		key_show(key_token.text);
		snprintf(body, sizeof(body), "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\",\"timestamp\":%s}}", times[i]);
		assert_int_equal(room_send(ff_str_from(body)), 400);
		assert_true(room_said("timestamp lies "));
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
		cmocka_unit_test(a_name_makes_it_an_event_and_data_its_properties),
		cmocka_unit_test(identify_is_an_event_that_ends_no_bounce),
		cmocka_unit_test(performance_is_a_record_a_metric),
		cmocka_unit_test(what_the_client_knows_of_its_visitor_goes_first),
		cmocka_unit_test(the_sdk_for_servers_is_nobodys_browser_and_no_robot),
		cmocka_unit_test(robots_hear_their_joke_and_are_kept),
		cmocka_unit_test(sessions_are_of_the_visitor_and_the_day),
		cmocka_unit_test(refusals_have_umamis_shape),
		cmocka_unit_test(who_does_not_want_to_be_counted_is_told_to_fall_silent),
		cmocka_unit_test(address_and_time_of_a_caller_without_a_key_are_not_believed),
		cmocka_unit_test(a_batch_takes_what_is_good_and_says_what_is_not),
		cmocka_unit_test(a_page_may_ask_first),
		cmocka_unit_test(a_caller_with_a_key_speaks_for_its_visitor),
		cmocka_unit_test(times_that_no_event_can_have_are_refused),
	};

	return cmocka_run_group_tests_name("umami", tests, set_up, tear_down);
}
