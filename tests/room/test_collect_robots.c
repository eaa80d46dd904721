/* What the collector marks as robots, and that it notices new lists and databases while it runs. */
#include "tests/lib/unit.h"

#include "base/io.h"
#include "fact/geo_write.h"
#include "tests/room/collect_room.h"

#define EVENT  "/api/event"
#define CHROME "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
#define VIEW   "{\"n\":\"pageview\",\"u\":\"https://example.com/\"}"

static char lists[] = "/tmp/ff-marks-XXXXXX", networks[64], referrers[64], places[64];

static void
write_places(const char *country)
{
	struct ff_geo_build *build = ff_geo_build_new();
	struct ff_buf        out;
	struct ff_addr       first, last;

	assert_true(ff_addr_parse(FF_STR("203.0.113.0"), &first) && ff_addr_parse(FF_STR("203.0.113.255"), &last));
	ff_geo_build_add(build, &first, &last, country);
	ff_buf_init(&out, 1 << 20);
	assert_ok(ff_geo_build_write(build, FF_STR("test"), 0, &out));
	assert_ok(ff_io_replace_file(places, ff_buf_view(&out), 0644));
	ff_buf_free(&out);
	ff_geo_build_free(build);
}

static int
set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(lists));
	snprintf(networks, sizeof(networks), "%s/networks", lists);
	snprintf(referrers, sizeof(referrers), "%s/referrers", lists);
	snprintf(places, sizeof(places), "%s/places.mmdb", lists);
	assert_ok(ff_io_replace_file(networks, FF_STR("198.18.0.0/15 # a data centre\n2001:db8:bad::/48\n"), 0644));
	assert_ok(ff_io_replace_file(referrers, FF_STR("spam.example\n"), 0644));
	write_places("NZ");
	setenv("FOOTFALL_ROBOTS_NETWORKS", networks, 1);
	setenv("FOOTFALL_ROBOTS_REFERRERS", referrers, 1);
	setenv("FOOTFALL_GEO_DATABASE", places, 1);
	setenv("FOOTFALL_ROBOTS_PACE", "1/h burst 50", 1);
	room_open();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	room_close();
	remove(networks);
	remove(referrers);
	remove(places);
	remove(lists);
	return 0;
}

static const struct ff_event *
sent(const char *addr, const char *brands, const char *body)
{
	room_begin("POST", EVENT);
	room_set("REMOTE_ADDR", ff_str_from(addr));
	room_set("HTTP_USER_AGENT", FF_STR(CHROME));
	room_set("HTTP_SEC_CH_UA", ff_str_from(brands));
	assert_int_equal(room_send(ff_str_from(body)), 202);
	assert_non_null(room_event(0));
	return room_event(0);
}

static void
each_sign_of_a_robot_has_its_number(void **state)
{
	(void)state;
	assert_int_equal(sent("192.0.2.1", "\"Chromium\";v=\"142\"", VIEW)->robot, FF_ROBOT_NO);
	assert_int_equal(sent("198.19.255.255", "", VIEW)->robot, FF_ROBOT_NETWORK);
	assert_int_equal(sent("198.20.0.0", "", VIEW)->robot, FF_ROBOT_NO);
	assert_int_equal(sent("2001:db8:bad::1", "", VIEW)->robot, FF_ROBOT_NETWORK);
	assert_int_equal(sent("192.0.2.1", "\"HeadlessChrome\";v=\"142\"", VIEW)->robot, FF_ROBOT_HEADLESS);
	assert_int_equal(sent("192.0.2.1", "", "{\"n\":\"pageview\",\"u\":\"https://example.com/\",\"r\":\"https://a.spam.example/x?y\"}")
	                     ->robot, FF_ROBOT_SPAM);
	assert_int_equal(sent("192.0.2.1", "", "{\"n\":\"pageview\",\"u\":\"https://example.com/\",\"r\":\"http://semalt.com/\"}")->robot,
	    FF_ROBOT_SPAM);
}

static void
replaced_files_are_noticed_while_it_runs(void **state)
{
	(void)state;
	assert_memory_equal(sent("203.0.113.7", "", VIEW)->country, "NZ", 2);
	assert_ok(ff_io_replace_file(networks, FF_STR("203.0.113.7\n"), 0644));
	write_places("AQ");
	room.collect->refreshed_us = 0;
	assert_memory_equal(sent("203.0.113.7", "", VIEW)->country, "AQ", 2);
	assert_int_equal(room_event(0)->robot, FF_ROBOT_NETWORK);
	assert_int_equal(sent("198.18.0.1", "", VIEW)->robot, FF_ROBOT_NO);
}

static void
who_opens_pages_faster_than_anybody_can_is_a_robot(void **state)
{
	static const char engagement[] = "{\"n\":\"engagement\",\"u\":\"https://example.com/\",\"e\":1000}";
	static const char impression[] = "{\"n\":\"view\",\"u\":\"https://example.com/\"}";

	(void)state;
	for (int i = 0; i < 100; i++) /* what opens no page has no pace */
		assert_int_equal(sent("192.0.2.77", "", impression)->robot, FF_ROBOT_NO);
	for (int i = 0; i < 50; i++)
		assert_int_equal(sent("192.0.2.77", "", VIEW)->robot, FF_ROBOT_NO);
	assert_int_equal(sent("192.0.2.77", "", engagement)->robot, FF_ROBOT_NO);
	assert_int_equal(sent("192.0.2.77", "", VIEW)->robot, FF_ROBOT_BEHAVIOUR);
	assert_int_equal(sent("192.0.2.77", "", engagement)->robot, FF_ROBOT_BEHAVIOUR);
	assert_int_equal(sent("192.0.2.77", "", VIEW)->robot, FF_ROBOT_BEHAVIOUR);
	assert_int_equal(sent("192.0.2.78", "", VIEW)->robot, FF_ROBOT_NO);
	room_begin("POST", EVENT);
	room_set("REMOTE_ADDR", FF_STR("192.0.2.77"));
	room_set("HTTP_DNT", FF_STR("1")); /* counted without identity */
	assert_int_equal(room_send(FF_STR(VIEW)), 202);
	assert_int_equal(room_event(0)->robot, FF_ROBOT_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sign_of_a_robot_has_its_number),
		cmocka_unit_test(replaced_files_are_noticed_while_it_runs),
		cmocka_unit_test(who_opens_pages_faster_than_anybody_can_is_a_robot),
	};

	return cmocka_run_group_tests_name("collect robots", tests, set_up, tear_down);
}
