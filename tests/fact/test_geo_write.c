#include "tests/lib/unit.h"

#include "base/io.h"
#include "fact/geo.h"
#include "fact/geo_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct ff_arena arena;
static char            dir[] = "/tmp/ff-geow-XXXXXX", path[64];

static int
set_up(void **state)
{
	(void)state;
	ff_arena_init(&arena);
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/c.mmdb", dir);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)rmdir(dir);
	ff_arena_free(&arena);
	return 0;
}

static struct ff_addr
addr_of(const char *text)
{
	struct ff_addr addr;

	assert_true(ff_addr_parse(ff_str_from(text), &addr));
	return addr;
}

static struct ff_geo *
written(struct ff_geo_build *build)
{
	struct ff_buf  out;
	struct ff_geo *geo;

	ff_buf_init(&out, 64 * 1024 * 1024);
	assert_ok(ff_geo_build_write(build, FF_STR("About"), 1700000000, &out));
	assert_ok(ff_io_replace_file(path, ff_buf_view(&out), 0644));
	ff_buf_free(&out);
	assert_ok(ff_geo_open(&geo, path));
	return geo;
}

static void
assert_country(const struct ff_geo *geo, const char *addr, const char *country)
{
	struct ff_addr  a = addr_of(addr);
	struct ff_place place;

	ff_geo_find(geo, &arena, &a, &place);
	if (country[0] == '\0' ? place.country[0] != '\0' : memcmp(place.country, country, 2) != 0)
		fail_msg("%s: \"%.2s\", not \"%s\"", addr, place.country, country);
}

static void
ranges_of_text_are_found_again(void **state)
{
	static const char    text[] = "# a comment\n"
				      "16777216,16777471,AU\r\n"
				      "16777472,16777473,CN\n"
				      "16777475,16777475,??\n"
				      "4294967295,4294967295,DE\n"
				      "2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,FR\n"
				      "2001:db8:1::,2001:db8:1::7,JP\n";
	struct ff_geo_build *build = ff_geo_build_new();
	struct ff_geo       *geo;
	struct ff_geo_about  about;

	(void)state;
	assert_ok(ff_geo_build_read(build, "text", ff_str_from(text)));
	geo = written(build);
	assert_country(geo, "1.0.0.0", "AU");
	assert_country(geo, "1.0.0.255", "AU");
	assert_country(geo, "1.0.1.0", "CN");
	assert_country(geo, "1.0.1.1", "CN");
	assert_country(geo, "1.0.1.2", "");
	assert_country(geo, "1.0.1.3", "");
	assert_country(geo, "0.255.255.255", "");
	assert_country(geo, "255.255.255.255", "DE");
	assert_country(geo, "2001:db8::1", "FR");
	assert_country(geo, "2001:db8:0:ffff:ffff:ffff:ffff:ffff", "FR");
	assert_country(geo, "2001:db8:1::7", "JP");
	assert_country(geo, "2001:db8:1::8", "");
	assert_country(geo, "::1", "");
	assert_true(ff_geo_about(geo, &about));
	assert_str(about.type, "Footfall-Country");
	assert_str(about.description, "About");
	assert_int_equal(about.built_s, 1700000000);
	assert_int_equal(ff_geo_build_sum(build).countries, 5);
	assert_int_equal(ff_geo_build_sum(build).ranges, 5);
	ff_geo_free(geo);
	ff_geo_build_free(build);
}

static void
bad_text_is_refused(void **state)
{
	static const char *const bad[] = {
		"16777216,16777471", "16777216,16777471,", "16777216,16777471,D", "16777216,16777471,DEU", "x,16777471,DE",
		"16777216,4294967296,DE", "-1,5,DE", "16777471,16777216,DE", "16777216,2001:db8::,DE", "2001:db8::1,2001:db8::,DE",
		"2001:zz::,2001:db8::,DE", "1.2.3.4,1.2.3.5,DE", "[::1],[::2],DE", "1,5,DE\n5,9,DE", "1,5,DE\n0,0,DE", ",,",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ff_geo_build *build = ff_geo_build_new();

		if (ff_geo_build_read(build, "bad", ff_str_from(bad[i])) != FF_INVALID)
			fail_msg("%s", bad[i]);
		ff_geo_build_free(build);
	}
}

static void
all_and_nothing_are_databases_too(void **state)
{
	struct ff_addr       first = addr_of("::"), last = addr_of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	struct ff_geo_build *build = ff_geo_build_new();
	struct ff_geo       *geo = written(build);

	(void)state;
	assert_country(geo, "192.0.2.1", "");
	ff_geo_free(geo);
	ff_geo_build_add(build, &first, &last, "ZW");
	geo = written(build);
	assert_country(geo, "192.0.2.1", "ZW");
	assert_country(geo, "2001:db8::", "ZW");
	ff_geo_free(geo);
	ff_geo_build_free(build);
}

#define MANY 3000

/* Random ranges over each other, later ones on top, with the records of either width. */
static void
the_tree_is_what_a_plain_list_is(unsigned record)
{
	static struct ff_addr first[MANY], last[MANY];
	static char           country[MANY][2];
	struct ff_geo_build  *build = ff_geo_build_new();
	struct ff_geo        *geo;
	unsigned              seed = 4711;

	for (int i = 0; i < MANY; i++) {
		first[i] = last[i] = addr_of("10.0.0.0");
		for (int b = 13; b < 16; b++, seed = seed * 1664525 + 1013904223) {
			first[i].b[b] = (uint8_t)(seed >> 16);
			last[i].b[b] = b == 13 ? first[i].b[b] : (uint8_t)(seed >> 24);
		}
		if (memcmp(first[i].b, last[i].b, 16) > 0) {
			struct ff_addr swap = first[i];

			first[i] = last[i];
			last[i] = swap;
		}
		country[i][0] = (char)('B' + seed % 16); /* no EU, AP, XX: those are no countries */
		country[i][1] = (char)('A' + seed / 64 % 16);
		ff_geo_build_add(build, &first[i], &last[i], country[i]);
	}
	build->record = record;
	geo = written(build);
	for (int n = 0; n < 4000; n++, seed = seed * 1664525 + 1013904223) {
		struct ff_addr  a = n % 2 == 0 ? first[n % MANY] : addr_of("10.0.0.0");
		struct ff_place place;
		const char     *wanted = "\0";

		for (int b = 13; n % 2 == 1 && b < 16; b++, seed = seed * 1664525 + 1013904223)
			a.b[b] = (uint8_t)(seed >> 16);
		for (int i = 0; i < MANY; i++)
			if (memcmp(first[i].b, a.b, 16) <= 0 && memcmp(a.b, last[i].b, 16) <= 0)
				wanted = country[i];
		ff_geo_find(geo, &arena, &a, &place);
		assert_memory_equal(place.country, wanted[0] == '\0' ? "\0\0" : wanted, 2);
	}
	ff_geo_free(geo);
	ff_geo_build_free(build);
}

static void
records_of_24_bits_hold_what_was_put_there(void **state)
{
	(void)state;
	the_tree_is_what_a_plain_list_is(0);
}

static void
records_of_28_bits_hold_what_was_put_there(void **state)
{
	(void)state;
	the_tree_is_what_a_plain_list_is(28);
}

static void
a_replaced_database_is_opened_again_and_a_bad_one_is_not(void **state)
{
	struct ff_geo_build *build = ff_geo_build_new();
	struct ff_geo       *geo;

	(void)state;
	assert_ok(ff_geo_build_read(build, "text", FF_STR("1,5,DE\n")));
	geo = written(build);
	assert_country(geo, "0.0.0.3", "DE");
	assert_ok(ff_geo_build_read(build, "text", FF_STR("2,3,FR\n")));
	ff_geo_free(written(build));
	ff_geo_refresh(geo);
	assert_country(geo, "0.0.0.3", "FR");
	assert_ok(ff_io_replace_file(path, FF_STR("nonsense"), 0644));
	ff_geo_refresh(geo);
	assert_country(geo, "0.0.0.3", "FR");
	assert_int_equal(unlink(path), 0);
	ff_geo_refresh(geo);
	assert_country(geo, "0.0.0.4", "DE");
	ff_geo_free(geo);
	assert_ok(ff_geo_open(&geo, ""));
	ff_geo_refresh(geo);
	ff_geo_free(geo);
	ff_geo_build_free(build);
}

static void
what_does_not_fit_is_said(void **state)
{
	struct ff_geo_build *build = ff_geo_build_new();
	struct ff_buf        out;

	(void)state;
	ff_buf_init(&out, 100);
	assert_err(FF_TOO_LARGE, ff_geo_build_write(build, FF_STR("x"), 0, &out));
	ff_buf_free(&out);
	ff_geo_build_free(build);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_of_text_are_found_again),
		cmocka_unit_test(bad_text_is_refused),
		cmocka_unit_test(all_and_nothing_are_databases_too),
		cmocka_unit_test(records_of_24_bits_hold_what_was_put_there),
		cmocka_unit_test(records_of_28_bits_hold_what_was_put_there),
		cmocka_unit_test(a_replaced_database_is_opened_again_and_a_bad_one_is_not),
		cmocka_unit_test(what_does_not_fit_is_said),
	};

	return cmocka_run_group_tests_name("geo write", tests, set_up, tear_down);
}
