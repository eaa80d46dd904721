/* What the readers of other products' dialects share: names, URLs, numbers and properties as strangers write them. */
#include "room/collect/reading.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "fact/props.h"
#include "tests/lib/unit.h"

#include <stdio.h>

static struct ff_arena   arena;
static struct ff_buf     scratch;
static struct ff_fault   fault;
static struct ff_reading reading = { &arena, &scratch, &fault };

static struct ff_str
letters(size_t n)
{
	char *p = ff_alloc(&arena, n);

	memset(p, 'a', n);
	return ff_str_of(p, n);
}

static void
names_are_cut_between_characters(void **state)
{
	struct ff_str text = letters(FF_NAME_MAX - 1);

	(void)state;
	assert_str(ff_reading_name(FF_STR("  a b \n")), "a b");
	assert_str(ff_reading_name(FF_STR(" ")), "");
	text = ff_str_printf(&arena, "%.*s\303\251\303\251", FF_STR_ARG(text));
	assert_int_equal(ff_utf8_characters(text), FF_NAME_MAX + 1);
	assert_int_equal(ff_reading_name(text).len, FF_NAME_MAX + 1); /* 119 letters and one of two bytes */
}

static void
urls_are_made_fit_to_be_parsed(void **state)
{
	(void)state;
	assert_str(ff_reading_url(&reading, FF_STR(" /a b\tc\177? \n")), "/a%20b%09c%7F?");
	assert_str(ff_reading_url(&reading, FF_STR("/\303\251%20")), "/\303\251%20");
	assert_str(ff_reading_url(&reading, FF_STR_NONE), "");
}

static void
parameters_go_before_the_fragment_and_only_where_they_fit(void **state)
{
	struct ff_str full;

	(void)state;
	assert_str(ff_reading_url_add(&reading, FF_STR("/a#f"), "ref", FF_STR("a b&c")), "/a?ref=a%20b%26c#f");
	assert_str(ff_reading_url_add(&reading, FF_STR("/a?x=1"), "ref", FF_STR("y")), "/a?x=1&ref=y");
	assert_str(ff_reading_url_add(&reading, FF_STR("/a"), "ref", FF_STR_NONE), "/a");
	full = letters(FF_URL_MAX - 6);
	assert_int_equal(ff_reading_url_add(&reading, full, "ref", FF_STR("y")).len, FF_URL_MAX);
	assert_int_equal(ff_reading_url_add(&reading, full, "ref", FF_STR("yy")).len, full.len);
	assert_int_equal(ff_reading_url_add(&reading, FF_STR("/"), "ref", letters(FF_URL_MAX + 1)).len, 1);
}

static void
screens_begin_with_their_width(void **state)
{
	(void)state;
	assert_int_equal(ff_reading_screen(FF_STR("1920x1080")), 1920);
	assert_int_equal(ff_reading_screen(FF_STR(" 800,600,1.5")), 800);
	assert_int_equal(ff_reading_screen(FF_STR("32767")), 32767);
	assert_int_equal(ff_reading_screen(FF_STR("32768")), 0);
	assert_int_equal(ff_reading_screen(FF_STR("99999999999999999999")), 0);
	assert_int_equal(ff_reading_screen(FF_STR("x1080")), 0);
	assert_int_equal(ff_reading_screen(FF_STR_NONE), 0);
}

static void
numbers_are_decimal_and_bounded(void **state)
{
	static const struct {
		const char *text;
		int64_t     micros;
	} good[] = {
		{ "12.5", 12500000 }, { "-3", -3000000 }, { " 0 ", 0 }, { "1e3", INT64_C(1000000000) }, { "0.0000014", 1 },
		{ "9000000000000", INT64_C(9000000000000000000) }, { ".5", 500000 },
	};
	static const char *const bad[] = {
		"", " ", "x", "1x", "1 2", "inf", "nan", "0x10", "9000000000001", "1e999", "--1", "1,5", "1e", "e",
		"00000000000000000000000000000000000000001",
	};
	int64_t micros;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(ff_reading_micros(ff_str_from(good[i].text), &micros));
		assert_int_equal(micros, good[i].micros);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ff_reading_micros(ff_str_from(bad[i]), &micros));
}

static void
revenue_needs_an_amount_and_a_currency(void **state)
{
	struct ff_event event = { 0 };

	(void)state;
	ff_reading_revenue(&event, FF_STR("x"), FF_STR("EUR"));
	ff_reading_revenue(&event, FF_STR("1"), FF_STR("EURO"));
	ff_reading_revenue(&event, FF_STR("1"), FF_STR("E1R"));
	ff_reading_revenue(&event, FF_STR_NONE, FF_STR_NONE);
	assert_int_equal(event.currency[0], 0);
	ff_reading_revenue(&event, FF_STR("1.25"), FF_STR("chf"));
	assert_memory_equal(event.currency, "CHF", 3);
	assert_int_equal(event.value_micros, 1250000);
}

static struct ff_str
set_of(const char *json)
{
	const struct ff_json *node;
	struct ff_propset     props;

	assert_ok(ff_json_parse(&arena, ff_str_from(json), &node, NULL));
	ff_propset_begin(&props, &reading);
	ff_propset_tree(&props, FF_STR_NONE, node);
	return ff_propset_end(&props);
}

static void
objects_become_flat_properties(void **state)
{
	(void)state;
	assert_str(set_of("{\"a\":{\"b\":{\"c\":1}},\"d\":[true,{\"e\":\"f\"}],\"g\":null,\"h\":\" \",\"i\":false,\"\":1}"),
	    "{\"a.b.c\":\"1\",\"d\":\"[true,{\\\"e\\\":\\\"f\\\"}]\",\"i\":\"false\"}");
	assert_null(set_of("{}").p);
	assert_null(set_of("{\"a\":{}}").p);
}

static void
what_does_not_fit_is_left_out_and_the_rest_kept(void **state)
{
	struct ff_propset props;
	struct ff_str     kept, signs = letters(FF_PROP_VALUE_MAX);
	char              key[16];

	(void)state;
	memset((char *)(uintptr_t)signs.p, '<', signs.len);
	ff_propset_begin(&props, &reading);
	ff_propset_put(&props, letters(FF_PROP_KEY_MAX + 1), FF_STR("v"));
	for (int i = 0; i < 10; i++) { /* four of 2000 bytes fit, and then what is small */
		snprintf(key, sizeof(key), "long%d", i);
		ff_propset_put(&props, ff_str_from(key), letters(FF_PROP_VALUE_MAX + 100));
	}
	ff_propset_put(&props, FF_STR("last"), FF_STR("v"));
	kept = ff_propset_end(&props);
	assert_true(ff_props_valid(kept));
	assert_int_equal(props.kept, 5);
	assert_true(ff_str_find(kept, FF_STR("\"long3\"")) < kept.len && ff_str_find(kept, FF_STR("\"long4\"")) == kept.len);
	assert_true(ff_str_ends(kept, FF_STR(",\"last\":\"v\"}")));
	ff_propset_begin(&props, &reading);
	for (int i = 0; i < 3; i++) {
		snprintf(key, sizeof(key), "long%d", i);
		ff_propset_put(&props, ff_str_from(key), letters(FF_PROP_VALUE_MAX));
	}
	ff_propset_put(&props, FF_STR("signs"), signs); /* escaped they grow, here beyond the buffer's own end */
	ff_propset_put(&props, FF_STR("last"), FF_STR("v"));
	kept = ff_propset_end(&props);
	assert_true(ff_props_valid(kept));
	assert_int_equal(props.kept, 4);
	assert_true(ff_str_ends(kept, FF_STR("a\",\"last\":\"v\"}")));
	ff_propset_begin(&props, &reading);
	for (int i = 0; i < FF_PROPS_MAX + 5; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		ff_propset_put(&props, ff_str_from(key), FF_STR("v"));
	}
	assert_true(ff_props_valid(ff_propset_end(&props)));
	assert_int_equal(props.kept, FF_PROPS_MAX);
}

static void
metrics_are_of_the_same_page_and_nothing_else(void **state)
{
	struct ff_beacons beacons = { .n = 0 };
	struct ff_beacon *page = ff_beacons_add(&beacons, FF_KIND_PAGEVIEW, "pageview");

	(void)state;
	page->url = FF_STR("/a");
	page->event.props = FF_STR("{\"a\":\"b\"}");
	page->event.item.key = FF_STR("k");
	page->screen = 7;
	ff_beacons_metric(&beacons, page, "LCP", 5);
	assert_int_equal(beacons.n, 2);
	assert_str(beacons.v[1].url, "/a");
	assert_int_equal(beacons.v[1].screen, 7);
	assert_int_equal(beacons.v[1].event.kind, FF_KIND_PERFORMANCE);
	assert_int_equal(beacons.v[1].event.measure_micros, 5);
	assert_int_equal(beacons.v[1].event.props.len + beacons.v[1].event.item.key.len, 0);
}

static int
set_up(void **state)
{
	(void)state;
	ff_arena_init(&arena);
	ff_buf_init(&scratch, FF_RECORD_MAX);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	ff_buf_free(&scratch);
	ff_arena_free(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_cut_between_characters),
		cmocka_unit_test(urls_are_made_fit_to_be_parsed),
		cmocka_unit_test(parameters_go_before_the_fragment_and_only_where_they_fit),
		cmocka_unit_test(screens_begin_with_their_width),
		cmocka_unit_test(numbers_are_decimal_and_bounded),
		cmocka_unit_test(revenue_needs_an_amount_and_a_currency),
		cmocka_unit_test(objects_become_flat_properties),
		cmocka_unit_test(what_does_not_fit_is_left_out_and_the_rest_kept),
		cmocka_unit_test(metrics_are_of_the_same_page_and_nothing_else),
	};

	return cmocka_run_group_tests_name("reading", tests, set_up, tear_down);
}
