/* Every documented field of a beacon, from the wire to the tuple. */
#include "tests/lib/unit.h"
#include "tests/room/collect_room.h"

static const struct ff_event *
event_of(const char *json)
{
	assert_int_equal(room_ask("POST", "/api/event", ff_str_from(json)), 202);
	assert_true(room_said("\r\n\r\nok"));
	assert_int_equal(room.parcel.n, 1);
	assert_non_null(room_event(0));
	return room_event(0);
}

static void
plausible_short_and_long_names_mean_the_same(void **state)
{
	static const char *const bodies[] = {
		"{\"n\":\"Play\",\"u\":\"https://www.example.com/a%20b?utm_source=s&utm_medium=m&utm_campaign=c&utm_content=o"
		"&utm_term=t&gclid=1#f\",\"d\":\"www.Example.com\",\"r\":\"https://www.google.com/search?q=x\",\"p\":{\"k\":\"v\"},"
		"\"$\":{\"currency\":\"eur\",\"amount\":9.99},\"i\":false,\"v\":36,\"w\":1024,\"h\":0}",
		"{\"name\":\"Play\",\"url\":\"https://www.example.com/a%20b?utm_source=s&utm_medium=m&utm_campaign=c&utm_content=o"
		"&utm_term=t&gclid=1#f\",\"domain\":\"example.com\",\"referrer\":\"https://www.google.com/search?q=x\","
		"\"props\":\"{\\\"k\\\":\\\"v\\\"}\",\"revenue\":{\"currency\":\"EUR\",\"amount\":\"9.99\"},\"interactive\":false,"
		"\"screen\":1024,\"hashMode\":null}",
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		const struct ff_event *event = event_of(bodies[i]);

		assert_int_equal(event->site_id, 1);
		assert_int_equal(event->kind, FF_KIND_EVENT);
		assert_str(event->name, "Play");
		assert_str(event->hostname, "example.com");
		assert_str(event->path, "/a b");
		assert_str(event->source, "s"); /* the campaign's word goes before the referrer's */
		assert_str(event->referrer, "google.com/search");
		assert_str(event->utm_source, "s");
		assert_str(event->utm_medium, "m");
		assert_str(event->utm_campaign, "c");
		assert_str(event->utm_content, "o");
		assert_str(event->utm_term, "t");
		assert_str(event->click_id, "gclid");
		assert_str(event->props, "{\"k\":\"v\"}");
		assert_int_equal(event->value_micros, 9990000);
		assert_memory_equal(event->currency, "EUR", 3);
		assert_int_equal(event->flags, FF_FLAG_NON_INTERACTIVE);
		assert_int_equal(event->screen, 1024);
		assert_int_equal(event->view_type, FF_VIEW_INTENTIONAL);
		assert_int_equal(event->view_source, FF_SOURCE_WEB);
		assert_str(event->browser, "Firefox");
		assert_int_equal(event->robot, FF_ROBOT_NO);
		assert_true(event->visitor != 0 && event->visitor != event->visitor_prev);
		assert_int_equal(event->ts_us, room.parcel.now_us);
		assert_int_equal(event->received_us, room.parcel.now_us);
		assert_int_equal(event->event_id.b[6] >> 4, 7);
	}
}

static void
names_tell_kinds(void **state)
{
	(void)state;
	assert_int_equal(event_of("{\"n\":\"pageview\",\"u\":\"https://example.com/\"}")->kind, FF_KIND_PAGEVIEW);
	assert_int_equal(room_event(0)->flags, 0);
	assert_str(event_of("{\"n\":404,\"u\":\"https://example.com/\"}")->name, "404");
	assert_int_equal(event_of("{\"n\":\"pageleave\",\"u\":\"https://example.com/\",\"sd\":3}")->kind, FF_KIND_ENGAGEMENT);
	assert_str(room_event(0)->name, "engagement");
	assert_int_equal(room_event(0)->flags, FF_FLAG_NON_INTERACTIVE);
}

static void
engagement_has_depth_and_time(void **state)
{
	static const struct {
		const char *fields;
		unsigned    scroll, engaged;
	} rows[] = {
		{ "\"sd\":55,\"e\":417", 55, 417 },
		{ "\"sd\":null,\"e\":417", 255, 417 },
		{ "\"sd\":101", 100, 0 },
		{ "\"sd\":\"40\",\"e\":\"900\"", 40, 900 },
		{ "\"sd\":-1,\"e\":12", 255, 12 },
		{ "\"sd\":0,\"e\":2592000000", 0, 0 },
		{ "\"e\":2591999999", 255, INT32_MAX },
	};
	char body[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(body, sizeof(body), "{\"n\":\"engagement\",\"u\":\"https://example.com/\",%s}", rows[i].fields);
		event_of(body);
		assert_int_equal(room_event(0)->scroll, rows[i].scroll);
		assert_int_equal(room_event(0)->engaged_ms, rows[i].engaged);
	}
	/* On other events both are ignored. */
	assert_int_equal(event_of("{\"n\":\"pageview\",\"u\":\"https://example.com/\",\"sd\":5,\"e\":5}")->scroll, 255);
}

static void
urls_become_host_and_path(void **state)
{
	static const struct {
		const char *url, *more, *hostname, *path;
	} rows[] = {
		{ "https://www.example.com", "", "example.com", "/" },
		{ "https://EXAMPLE.com:8443/A/%C3%A9?x=1#h", "", "example.com", "/A/\xc3\xa9" },
		{ "https://example.com/a%20", "", "example.com", "/a" },
		{ "https://example.com/a#frag", ",\"h\":1", "example.com", "/a#frag" },
		{ "https://example.com/a#frag", ",\"hashMode\":true", "example.com", "/a#frag" },
		{ "https://example.com/a#frag", ",\"h\":0", "example.com", "/a" },
		{ "/only/path", ",\"d\":\"example.com\"", "(none)", "/only/path" },
	};
	char body[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(body, sizeof(body), "{\"n\":\"pageview\",\"u\":\"%s\"%s}", rows[i].url, rows[i].more);
		event_of(body);
		assert_str(room_event(0)->hostname, rows[i].hostname);
		assert_str(room_event(0)->path, rows[i].path);
	}
}

static void
referrers_of_the_own_site_of_localhost_and_of_other_schemes_are_none(void **state)
{
	static const struct {
		const char *referrer, *stored;
	} rows[] = {
		{ "https://t.co/abc?x=1", "t.co/abc" }, { "https://www.example.com/x", "" }, { "http://localhost:3000/", "" },
		{ "ftp://files.example/", "" }, { "not a url", "" }, { "android-app://com.google.android.gm/", "com.google.android.gm" },
	};
	char body[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(body, sizeof(body), "{\"n\":\"pageview\",\"u\":\"https://example.com/\",\"r\":\"%s\"}", rows[i].referrer);
		event_of(body);
		assert_int_equal(room_event(0)->referrer.len >= strlen(rows[i].stored), 1);
		if (rows[i].stored[0])
			assert_true(ff_str_starts(room_event(0)->referrer, ff_str_from(rows[i].stored)));
		else
			assert_int_equal(room_event(0)->referrer.len, 0);
	}
}

static void
properties_become_strings_and_what_is_no_scalar_is_dropped(void **state)
{
	char   body[4000];
	size_t n;

	(void)state;
	event_of("{\"n\":\"x\",\"u\":\"https://example.com/\",\"p\":{\"s\":\"a\\\"<b\",\"n\":3,\"d\":0.5,\"b\":true,\"z\":null,"
	         "\"e\":\" \",\"o\":{},\"a\":[1]}}");
	assert_str(room_event(0)->props, "{\"s\":\"a\\\"\\u003cb\",\"n\":\"3\",\"d\":\"0.5\",\"b\":\"true\"}");
	assert_int_equal(event_of("{\"n\":\"x\",\"u\":\"https://example.com/\",\"m\":{}}")->props.len, 0);
	n = (size_t)snprintf(body, sizeof(body), "{\"n\":\"x\",\"u\":\"https://example.com/\",\"meta\":{");
	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(body + n, sizeof(body) - n, "%s\"k%d\":\"v\"", i ? "," : "", i);
	snprintf(body + n, sizeof(body) - n, "}}");
	event_of(body);
	assert_true(ff_str_ends(room_event(0)->props, FF_STR("\"k29\":\"v\"}")));
}

static void
revenue_is_exact_and_what_cannot_be_read_is_left_out(void **state)
{
	static const struct {
		const char *json;
		int64_t     micros;
	} rows[] = {
		{ "{\"currency\":\"USD\",\"amount\":\"1234567.123456\"}", INT64_C(1234567123456) },
		{ "{\"currency\":\"USD\",\"amount\":\"-0.5\"}", -500000 },
		{ "{\"currency\":\"USD\",\"amount\":0.1}", 100000 },
		{ "{\"currency\":\"USD\",\"amount\":\"0.1234567\"}", 123456 },
		{ "{\"currency\":\"USDT\",\"amount\":1}", 0 }, { "{\"currency\":\"USD\",\"amount\":\"1e3\"}", 0 },
		{ "{\"currency\":\"U1D\",\"amount\":1}", 0 }, { "{\"currency\":\"USD\"}", 0 }, { "5", 0 },
		{ "{\"currency\":\"USD\",\"amount\":1e300}", 0 },
	};
	char body[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(body, sizeof(body), "{\"n\":\"x\",\"u\":\"https://example.com/\",\"$\":%s}", rows[i].json);
		event_of(body);
		assert_int_equal(room_event(0)->value_micros, rows[i].micros);
		assert_int_equal(room_event(0)->currency[0] != 0, rows[i].micros != 0);
	}
}

static void
extensions_are_kept(void **state)
{
	const struct ff_event *event;
	char                   id[37];

	(void)state;
	event = event_of("{\"n\":\"pageview\",\"u\":\"https://example.com/\",\"event_id\":\"0198C0DE-0000-7000-8000-00000000000a\","
	                 "\"view_type\":\"listing\",\"view_source\":\"feed\",\"item\":{\"kind\":\"video\",\"id\":42,\"title\":\"T\","
	                 "\"url\":\"https://example.com/v/42\",\"owner\":\"ann\",\"collection\":\"c\"}}");
	ff_uuid_print(&event->event_id, id);
	assert_string_equal(id, "0198c0de-0000-7000-8000-00000000000a");
	assert_int_equal(event->flags, FF_FLAG_CLIENT_ID);
	assert_int_equal(event->view_type, FF_VIEW_LISTING);
	assert_int_equal(event->view_source, FF_SOURCE_FEED);
	assert_str(event->item.kind, "video");
	assert_str(event->item.key, "42");
	assert_str(event->item.title, "T");
	assert_str(event->item.url, "https://example.com/v/42");
	assert_str(event->item.owner, "ann");
	assert_str(event->item.collection, "c");
	assert_str(event_of("{\"n\":\"pageview\",\"u\":\"https://example.com/\",\"item\":{\"id\":\"x\"}}")->item.kind, "article");
}

static void
a_list_of_sites_is_one_event_each_and_unknown_ones_are_said(void **state)
{
	(void)state;
	assert_int_equal(room_ask("POST", "/api/event",
	    FF_STR("{\"n\":\"pageview\",\"u\":\"https://x.example/\",\"d\":\"example.com, www.other.example,nobody.example,example.com\"}")),
	    202);
	assert_int_equal(room.parcel.n, 2);
	assert_int_equal(room_event(0)->site_id, 1);
	assert_int_equal(room_event(1)->site_id, 3);
	assert_true(room_said("x-plausible-dropped: 1\r\n"));
}

static void
views_of_items_take_their_site_from_body_query_or_origin(void **state)
{
	(void)state;
	assert_int_equal(room_ask("POST", "/api/view/video/a%2Fb", FF_STR("{\"site\":\"example.com\",\"title\":\"T\",\"r\":"
	    "\"https://bing.com/\",\"url\":\"https://example.com/w?utm_medium=email\"}")), 202);
	assert_true(room_said("{\"status\":\"recorded\",\"event_id\":\""));
	assert_int_equal(room_event(0)->kind, FF_KIND_VIEW);
	assert_str(room_event(0)->item.kind, "video");
	assert_str(room_event(0)->item.key, "a/b");
	assert_str(room_event(0)->item.title, "T");
	assert_str(room_event(0)->path, "/w");
	assert_str(room_event(0)->utm_medium, "email");
	assert_int_equal(room_ask("POST", "/api/view/video/7?site=other.example", FF_STR("")), 202);
	assert_int_equal(room_event(0)->site_id, 3);
	room_begin("POST", "/api/view/video/7");
	room_set("HTTP_ORIGIN", FF_STR("https://www.example.com"));
	assert_int_equal(room_send(FF_STR("{}")), 202);
	assert_int_equal(room_event(0)->site_id, 1);
	room_begin("POST", "/api/view/video/7");
	room_set("HTTP_REFERER", FF_STR("https://other.example/page"));
	assert_int_equal(room_send(FF_STR("")), 202);
	assert_int_equal(room_event(0)->site_id, 3);
}

static void
page_views_by_path_answer_204(void **state)
{
	(void)state;
	assert_int_equal(room_ask("POST", "/api/track/page-view?site=example.com",
	    FF_STR("{\"path\":\"/a?utm_source=x\",\"referrer\":\"https://duckduckgo.com/\",\"title\":\"T\"}")), 204);
	assert_int_equal(room_event(0)->kind, FF_KIND_PAGEVIEW);
	assert_str(room_event(0)->path, "/a");
	assert_str(room_event(0)->utm_source, "x");
	assert_int_equal(room_ask("POST", "/api/track/page-view", FF_STR("{\"url\":\"https://other.example/b\"}")), 204);
	assert_int_equal(room_event(0)->site_id, 3);
}

static void
pixels_are_images_whatever_happens(void **state)
{
	(void)state;
	assert_int_equal(room_ask("GET", "/pixel.gif?site=example.com&path=/p%C3%A9&r=https%3A%2F%2Fbing.com%2F&item=video:9&title=T",
	    FF_STR_NONE), 200);
	assert_true(room_said("Content-Type: image/gif\r\nContent-Length: 43\r\n"));
	assert_true(room_said("Cache-Control: no-store\r\n"));
	assert_str(room_event(0)->path, "/p\xc3\xa9");
	assert_str(room_event(0)->item.kind, "video");
	assert_str(room_event(0)->item.key, "9");
	assert_str(room_event(0)->item.title, "T");
	assert_str(room_event(0)->title, "T");
	room_begin("GET", "/pixel.gif");
	room_set("HTTP_REFERER", FF_STR("https://www.example.com/from?x=1"));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_str(room_event(0)->path, "/from");
	assert_int_equal(room_ask("GET", "/pixel.gif?site=nobody.example&path=/", FF_STR_NONE), 200);
	assert_true(room_said("x-footfall-dropped: unknown_site\r\n"));
	assert_int_equal(room_ask("GET", "/pixel.gif", FF_STR_NONE), 400);
	assert_true(room_said("image/gif") && room_said("x-footfall-error: url is required"));
	assert_int_equal(room_ask("HEAD", "/pixel.gif?site=example.com&path=/", FF_STR_NONE), 200);
	assert_int_equal(room.parcel.n, 0);
}

static void
the_address_is_the_peers_or_what_a_trusted_proxy_says(void **state)
{
	const struct ff_str body = FF_STR("{\"n\":\"pageview\",\"u\":\"https://example.com/\"}");
	uint64_t            direct, spoofed, proxied, other;

	(void)state;
	room_ask("POST", "/api/event", body);
	direct = room_event(0)->visitor;
	room_begin("POST", "/api/event");
	room_set("HTTP_X_FORWARDED_FOR", FF_STR("203.0.113.9"));
	room_send(body);
	spoofed = room_event(0)->visitor;
	room_set("REMOTE_ADDR", FF_STR("127.0.0.1"));
	room_send(body);
	other = room_event(0)->visitor;
	room_set("HTTP_X_FORWARDED_FOR", FF_STR("203.0.113.9, 192.0.2.1"));
	room_send(body);
	proxied = room_event(0)->visitor;
	assert_true(spoofed == direct && proxied == direct && other != direct);
	room_begin("POST", "/api/event");
	room_set("HTTP_X_DEBUG_REQUEST", FF_STR("true"));
	assert_int_equal(room_send(body), 200);
	assert_true(room_said("\r\n\r\n192.0.2.1"));
	assert_int_equal(room.parcel.n, 0);
}

static void
robots_are_recorded_and_marked(void **state)
{
	(void)state;
	room_begin("POST", "/api/event");
	room_set("HTTP_USER_AGENT", FF_STR("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"));
	assert_int_equal(room_send(FF_STR("{\"n\":\"pageview\",\"u\":\"https://example.com/\"}")), 202);
	assert_int_equal(room_event(0)->robot, FF_ROBOT_AGENT);
	assert_int_equal(room.parcel.robots, 1);
	assert_true(room_said("x-plausible-dropped: 1\r\n"));
}

static void
refusals_have_plausibles_words(void **state)
{
	static const char *const rows[][2] = {
		{ "{", "{\"errors\":{\"request\":[\"Unable to parse request body as json\"]}}" },
		{ "[]", "{\"errors\":{\"request\":[\"Unable to parse request body as json\"]}}" },
		{ "{\"n\":\"x\"}", "{\"errors\":{\"url\":[\"is required\"]}}" },
		{ "{\"n\":\"x\",\"u\":7}", "{\"errors\":{\"url\":[\"must be a valid url\"]}}" },
		{ "{\"n\":\"x\",\"u\":\"data:text/html,x\"}", "{\"errors\":{\"url\":[\"scheme is not allowed\"]}}" },
		{ "{\"n\":[],\"u\":\"https://example.com/\"}", "{\"errors\":{\"event_name\":[\"is invalid\"]}}" },
		{ "{\"u\":\"https://example.com/\"}", "{\"errors\":{\"event_name\":[\"can't be blank\"]}}" },
		{ "{\"n\":\"x\",\"u\":\"https://example.com/\",\"d\":\"\"}", "{\"errors\":{\"domain\":[\"can't be blank\"]}}" },
		{ "{\"n\":\"engagement\",\"u\":\"https://example.com/\"}", "{\"errors\":{\"event_name\":[\"engagement event requires a "
		  "valid integer value for at least one of 'sd' or 'e' fields\"]}}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(room_ask("POST", "/api/event", ff_str_from(rows[i][0])), 400);
		assert_true(room_said(rows[i][1]));
	}
}

static void
any_origin_may_send(void **state)
{
	(void)state;
	assert_int_equal(room_ask("OPTIONS", "/api/event", FF_STR_NONE), 204);
	assert_true(room_said("Access-Control-Allow-Origin: *\r\n"));
	assert_true(room_said("Access-Control-Allow-Methods: POST, OPTIONS\r\n"));
	assert_false(room_said("Allow-Credentials"));
	assert_int_equal(room_ask("POST", "/api/event", FF_STR("{")), 400);
	assert_true(room_said("Access-Control-Allow-Origin: *\r\n"));
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
		cmocka_unit_test(plausible_short_and_long_names_mean_the_same),
		cmocka_unit_test(names_tell_kinds),
		cmocka_unit_test(engagement_has_depth_and_time),
		cmocka_unit_test(urls_become_host_and_path),
		cmocka_unit_test(referrers_of_the_own_site_of_localhost_and_of_other_schemes_are_none),
		cmocka_unit_test(properties_become_strings_and_what_is_no_scalar_is_dropped),
		cmocka_unit_test(revenue_is_exact_and_what_cannot_be_read_is_left_out),
		cmocka_unit_test(extensions_are_kept),
		cmocka_unit_test(a_list_of_sites_is_one_event_each_and_unknown_ones_are_said),
		cmocka_unit_test(views_of_items_take_their_site_from_body_query_or_origin),
		cmocka_unit_test(page_views_by_path_answer_204),
		cmocka_unit_test(pixels_are_images_whatever_happens),
		cmocka_unit_test(the_address_is_the_peers_or_what_a_trusted_proxy_says),
		cmocka_unit_test(robots_are_recorded_and_marked),
		cmocka_unit_test(refusals_have_plausibles_words),
		cmocka_unit_test(any_origin_may_send),
	};

	return cmocka_run_group_tests_name("collect fields", tests, set_up, tear_down);
}
