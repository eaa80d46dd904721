#include "tests/lib/unit.h"

#include "base/io.h"
#include "fact/referrer.h"
#include "fact/screen.h"
#include "intake/enrich.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHROME "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
#define MAC    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605"
#define GOOGLE "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

static struct ff_arena      arena;
static struct ff_intake     intake;
static const struct ff_site site = { .site_id = 7, .domain = FF_STR_INIT("example.com") };
static char                 networks[] = "/tmp/ff-enrich-XXXXXX";

static int
set_up(void **state)
{
	int fd = mkstemp(networks);

	(void)state;
	assert_true(fd >= 0);
	assert_ok(ff_io_write_all(fd, "203.0.113.0/24\n", 15));
	(void)close(fd);
	ff_arena_init(&arena);
	assert_ok(ff_agents_open(&intake.agents, "", false));
	assert_ok(ff_geo_open(&intake.geo, ""));
	assert_ok(ff_robot_lists_open(&intake.robots, networks, ""));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	ff_agents_free(intake.agents);
	ff_geo_free(intake.geo);
	ff_robot_lists_free(intake.robots);
	ff_arena_free(&arena);
	(void)unlink(networks);
	return 0;
}

static struct ff_hit
hit_of(const char *agent)
{
	struct ff_hit hit = { .site = &site, .url = FF_STR("https://www.example.com/a%20b?utm_medium=cpc&ref=bing#x"),
		.user_agent = ff_str_from(agent) };

	assert_true(ff_addr_parse(FF_STR("192.0.2.1"), &hit.addr));
	return hit;
}

static struct ff_event
enriched(const struct ff_hit *hit)
{
	struct ff_event event = { 0 };

	assert_ok(ff_enrich(&intake, &arena, hit, &event, NULL));
	return event;
}

static void
a_view_becomes_what_we_know(void **state)
{
	struct ff_hit   hit = hit_of(CHROME);
	struct ff_event event;

	(void)state;
	hit.accept_language = FF_STR("pt-br;q=0.9, en");
	hit.screen = 1440;
	event = enriched(&hit);
	assert_str(event.hostname, "example.com");
	assert_str(event.path, "/a b");
	assert_str(event.source, "Bing");
	assert_int_equal(event.channel, FF_CHANNEL_PAID_SEARCH);
	assert_str(event.browser, "Chrome");
	assert_int_equal(event.device, FF_DEVICE_DESKTOP);
	assert_str(event.language, "pt-BR");
	assert_int_equal(event.screen, 1440);
	assert_int_equal(event.robot, FF_ROBOT_NO);
	assert_int_equal(event.flags, FF_FLAG_NO_VISITOR); /* there was no salt */
}

static void
robots_are_told_by_the_first_sign_of_them(void **state)
{
	struct ff_hit hit = hit_of(CHROME);

	(void)state;
	assert_int_equal(enriched(&hit).robot, FF_ROBOT_NO);
	hit.referrer = FF_STR("https://www.semalt.com/crawler.php?u=https://example.com");
	assert_int_equal(enriched(&hit).robot, FF_ROBOT_SPAM);
	assert_true(ff_addr_parse(FF_STR("203.0.113.9"), &hit.addr));
	assert_int_equal(enriched(&hit).robot, FF_ROBOT_NETWORK);
	hit.brands = FF_STR("\"Chromium\";v=\"142\", \"HeadlessChrome\";v=\"142\"");
	assert_int_equal(enriched(&hit).robot, FF_ROBOT_HEADLESS);
	hit.user_agent = FF_STR(GOOGLE);
	assert_int_equal(enriched(&hit).robot, FF_ROBOT_AGENT);
	ff_robot_lists_free(intake.robots);
	intake.robots = NULL;
	hit = hit_of(CHROME);
	hit.referrer = FF_STR("https://semalt.com/");
	assert_int_equal(enriched(&hit).robot, FF_ROBOT_NO);
	assert_ok(ff_robot_lists_open(&intake.robots, networks, ""));
}

static void
touch_points_make_an_ipad_of_a_macintosh(void **state)
{
	struct ff_hit hit = hit_of(MAC);

	(void)state;
	assert_int_equal(enriched(&hit).device, FF_DEVICE_DESKTOP);
	hit.touch_points = 5;
	assert_int_equal(enriched(&hit).device, FF_DEVICE_TABLET);
	assert_str(enriched(&hit).os, "iOS");
}

static void
languages_are_written_in_one_way(void **state)
{
	static const char *const cases[][2] = {
		{ "de", "de" }, { "DE-de,de;q=0.9,en;q=0.8", "de-DE" }, { "zh-hans-cn", "zh-Hans-CN" }, { "es-419", "es-419" },
		{ "sr-LATN", "sr-Latn" }, { "en-US-X-twain", "en-US-x-twain" }, { "*", "" }, { "", "" }, { ";q=1", "" },
		{ "de_DE", "" }, { "c\xc3\xa4", "" }, { "en-us-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "" },
	};
	struct ff_hit hit = hit_of(CHROME);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hit.accept_language = ff_str_from(cases[i][0]);
		assert_str(enriched(&hit).language, cases[i][1]);
	}
}

static void
screens_fall_into_classes(void **state)
{
	static const struct {
		unsigned       width;
		enum ff_screen class;
	} cases[] = {
		{ 0, FF_SCREEN_UNKNOWN }, { 1, FF_SCREEN_MOBILE }, { 575, FF_SCREEN_MOBILE }, { 576, FF_SCREEN_TABLET },
		{ 991, FF_SCREEN_TABLET }, { 992, FF_SCREEN_LAPTOP }, { 1439, FF_SCREEN_LAPTOP }, { 1440, FF_SCREEN_DESKTOP },
		{ 65535, FF_SCREEN_DESKTOP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ff_screen_class(cases[i].width), cases[i].class);
	assert_string_equal(ff_screen_name(FF_SCREEN_LAPTOP), "Laptop");
	assert_string_equal(ff_screen_name(FF_SCREEN_UNKNOWN), "");
	assert_string_equal(ff_screen_name((enum ff_screen)99), "");
}

static void
a_url_that_cannot_be_read_is_refused(void **state)
{
	struct ff_hit   hit = hit_of(CHROME);
	struct ff_event event = { 0 };
	struct ff_fault fault;

	(void)state;
	hit.url = FF_STR("data:text/html,x");
	assert_err(FF_INVALID, ff_enrich(&intake, &arena, &hit, &event, &fault));
	assert_string_equal(fault.field, "url");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_becomes_what_we_know),
		cmocka_unit_test(robots_are_told_by_the_first_sign_of_them),
		cmocka_unit_test(touch_points_make_an_ipad_of_a_macintosh),
		cmocka_unit_test(languages_are_written_in_one_way),
		cmocka_unit_test(screens_fall_into_classes),
		cmocka_unit_test(a_url_that_cannot_be_read_is_refused),
	};

	return cmocka_run_group_tests_name("enrich", tests, set_up, tear_down);
}
