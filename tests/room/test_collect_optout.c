/* The browser's own no: the page, the endpoint, who may change it, what it says back. */
#include "tests/lib/unit.h"
#include "tests/room/collect_room.h"

#define API "/api/opt-out"

static int
open_room(void **state)
{
	(void)state;
	room_open();
	return 0;
}

static int
close_room(void **state)
{
	(void)state;
	room_close();
	return 0;
}

static void
from_own_page(const char *method, const char *target)
{
	room_begin(method, target);
	room_set("HTTP_HOST", FF_STR("stats.example.com"));
	room_set("HTTP_SEC_FETCH_SITE", FF_STR("same-origin"));
}

static void
the_page_says_how_things_stand(void **state)
{
	(void)state;
	room_begin("GET", "/opt-out");
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_true(room_said("Content-Type: text/html; charset=utf-8"));
	assert_true(room_said("This browser is counted."));
	assert_true(room_said("value=\"out\""));
	assert_true(room_said("Content-Security-Policy: default-src 'none'"));
	assert_true(room_said("form-action 'self'"));
	assert_true(room_said("Cache-Control: no-store"));
	assert_false(room_said("<script"));
	assert_false(room_said("style=")); /* nothing inline */
	assert_false(room_said("Privacy Control"));
	assert_false(room_said("Set-Cookie"));
	room_set("HTTP_COOKIE", FF_STR("footfall-opt-out=1"));
	room_set("HTTP_SEC_GPC", FF_STR("1"));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_true(room_said("This browser is not counted."));
	assert_true(room_said("value=\"in\""));
	assert_true(room_said("Privacy Control"));
}

static void
nothing_of_a_request_is_printed(void **state)
{
	(void)state;
	room_begin("GET", "/opt-out?x=%3Cscript%3Ealert(1)%3C/script%3E");
	room_set("HTTP_COOKIE", FF_STR("footfall-opt-out=<script>alert(1)</script>"));
	room_set("HTTP_HOST", FF_STR("<script>"));
	room_set("HTTP_REFERER", FF_STR("https://evil.test/<script>"));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_false(room_said("<script"));
	assert_false(room_said("alert"));
	assert_true(room_said("This browser is counted."));
}

static void
a_form_switches_and_leads_back(void **state)
{
	(void)state;
	from_own_page("POST", API);
	room_set("CONTENT_TYPE", FF_STR("application/x-www-form-urlencoded"));
	assert_int_equal(room_send(FF_STR("choice=out")), 303);
	assert_true(room_said("Location: /opt-out\r\n"));
	assert_true(room_said("Set-Cookie: footfall-opt-out=1; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\r\n"));
	assert_int_equal(room_send(FF_STR("choice=in")), 303);
	assert_true(room_said("Set-Cookie: footfall-opt-out=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax\r\n"));
	assert_int_equal(room_send(FF_STR("choice=%ff")), 400);
	room_set("HTTP_CONTENT_ENCODING", FF_STR("gzip")); /* read as it stands it would say "out" */
	assert_int_equal(room_send(FF_STR("choice=in")), 415);
	assert_false(room_said("Set-Cookie"));
}

static void
own_pages_ask_and_change_it_too(void **state)
{
	(void)state;
	from_own_page("GET", API);
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_true(room_said("{\"opted_out\":false}"));
	room_set("HTTP_COOKIE", FF_STR("footfall-opt-out=1"));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_true(room_said("{\"opted_out\":true}"));
	from_own_page("POST", API);
	room_set("HTTPS", FF_STR("on"));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_true(room_said("{\"opted_out\":true}"));
	assert_true(room_said("Set-Cookie: footfall-opt-out=1; Path=/; Max-Age=31536000; HttpOnly; SameSite=None; Secure\r\n"));
	from_own_page("DELETE", API);
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_true(room_said("{\"opted_out\":false}"));
	assert_true(room_said("Max-Age=0"));
}

static void
another_sites_page_changes_nothing(void **state)
{
	static const struct {
		const char *name, *value;
		int         status;
	} cases[] = {
		{ "HTTP_SEC_FETCH_SITE", "cross-site", 403 },
		{ "HTTP_SEC_FETCH_SITE", "same-site", 403 },
		{ "HTTP_SEC_FETCH_SITE", "none", 403 },
		{ "HTTP_ORIGIN", "https://evil.test", 403 },
		{ "HTTP_ORIGIN", "null", 403 },
		{ "HTTP_ORIGIN", "https://stats.example.com.evil.test", 403 },
		{ "HTTP_ORIGIN", "https://stats.example.com", 200 },
		{ "HTTP_ORIGIN", "http://STATS.example.com", 200 },
		{ "HTTP_ACCEPT", "*/*", 200 }, /* no browser at all */
	};
	uint64_t before = room_counted(FF_REASON_UNAUTHORIZED), refused = 0;

	(void)state;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
		size_t at = i / 2;

		room_begin(i % 2 ? "POST" : "DELETE", API);
		room_set("HTTP_HOST", FF_STR("stats.example.com"));
		room_set(cases[at].name, ff_str_from(cases[at].value));
		assert_int_equal(room_send(FF_STR_NONE), cases[at].status);
		assert_true(room_said("Set-Cookie") == (cases[at].status == 200));
		refused += cases[at].status == 403;
	}
	assert_int_equal(room_counted(FF_REASON_UNAUTHORIZED), before + refused);
}

static void
it_needs_no_list_of_sites_and_records_nothing(void **state)
{
	struct ff_snapshot *snapshot = room.collect->snapshot;

	(void)state;
	room.collect->snapshot = NULL;
	room.collect->refreshed_us = ff_now(); /* not looked for again within a second */
	from_own_page("POST", API);
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_null(room_event(0));
	room_begin("GET", "/opt-out");
	assert_int_equal(room_send(FF_STR_NONE), 200);
	room.collect->snapshot = snapshot;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_says_how_things_stand),
		cmocka_unit_test(nothing_of_a_request_is_printed),
		cmocka_unit_test(a_form_switches_and_leads_back),
		cmocka_unit_test(own_pages_ask_and_change_it_too),
		cmocka_unit_test(another_sites_page_changes_nothing),
		cmocka_unit_test(it_needs_no_list_of_sites_and_records_nothing),
	};

	return cmocka_run_group_tests_name("collect opt-out", tests, open_room, close_room);
}
