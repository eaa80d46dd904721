/* Periods and buckets, against dates worked out by hand and against counting every instant. */
#include "tests/lib/unit.h"

#include "base/day.h"
#include "fact/query.h"

static int32_t
day(const char *text)
{
	int32_t d = 0;

	assert_true(ff_day_parse(ff_str_from(text), &d));
	return d;
}

static void
expect(const char *words, const char *first, const char *last)
{
	struct ff_range range;
	int32_t         today = day("2024-03-31"), begun = day("2023-11-05");

	assert_ok(ff_range_parse(ff_str_from(words), today, begun, &range));
	assert_int_equal(range.first, day(first));
	assert_int_equal(range.last, day(last));
	assert_int_equal(range.from_us, range.to_us);
}

static void
words_mean_what_plausible_means(void **state)
{
	(void)state;
	expect("day", "2024-03-31", "2024-03-31");
	expect("7d", "2024-03-24", "2024-03-30");
	expect("1d", "2024-03-30", "2024-03-30");
	expect("28d", "2024-03-03", "2024-03-30");
	expect("month", "2024-03-01", "2024-03-31");
	expect("year", "2024-01-01", "2024-12-31");
	expect("1mo", "2024-02-01", "2024-02-29");
	expect("6mo", "2023-09-01", "2024-02-29");
	expect("12mo", "2023-03-01", "2024-02-29");
	expect("15mo", "2022-12-01", "2024-02-29");
	expect("all", "2023-11-05", "2024-03-31");
	expect("2024-02-28,2024-03-01", "2024-02-28", "2024-03-01");
	expect("2024-02-28, 2024-02-28", "2024-02-28", "2024-02-28");
}

static void
strange_words_are_refused(void **state)
{
	static const char *const bad[] = { "", "d", "0d", "5001d", "-7d", "7", "7 d", "mo", "0mo", "101mo", "week", "DAY",
		"2024-01-01", "2024-01-01,", "2024-01-02,2024-01-01", "2024-02-30,2024-03-01", "2024-01-01,2024-01-02,2024-01-03" };
	struct ff_range range;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(FF_INVALID, ff_range_parse(ff_str_from(bad[i]), 20000, 19000, &range));
}

static void
all_of_a_site_without_data_is_today(void **state)
{
	struct ff_range range;

	(void)state;
	assert_ok(ff_range_parse(FF_STR("all"), 100, 101, &range));
	assert_int_equal(range.first, 100);
	assert_int_equal(range.last, 100);
}

static void
the_period_before_has_the_same_length(void **state)
{
	struct ff_range week = { .first = 100, .last = 106 }, hours = { .from_us = 7 * FF_US_HOUR, .to_us = 9 * FF_US_HOUR };
	struct ff_range before = ff_range_before(&week);

	(void)state;
	assert_int_equal(before.first, 93);
	assert_int_equal(before.last, 99);
	before = ff_range_before(&hours);
	assert_int_equal(before.from_us, 5 * FF_US_HOUR);
	assert_int_equal(before.to_us, 7 * FF_US_HOUR);
}

static struct ff_buckets
cut(struct ff_arena *arena, const char *zone, enum ff_grain grain, const char *first, const char *last)
{
	struct ff_site    site = { .time_zone = ff_str_from(zone) };
	struct ff_query   query = { .site = &site, .dims = { { .grain = grain } }, .n_dims = grain != FF_GRAIN_NONE,
		  .range = { .first = day(first), .last = day(last) } };
	struct ff_buckets out;

	assert_ok(ff_query_buckets(arena, &query, &out, NULL));
	return out;
}

static void
weeks_begin_on_monday_but_not_before_the_range(void **state)
{
	struct ff_arena   arena;
	struct ff_buckets b;

	(void)state;
	ff_arena_init(&arena);
	b = cut(&arena, "Europe/Berlin", FF_GRAIN_WEEK, "2024-02-28", "2024-03-11");
	assert_int_equal(b.n, 3);
	assert_string_equal(b.v[0].label, "2024-02-28");
	assert_string_equal(b.v[1].label, "2024-03-04");
	assert_string_equal(b.v[2].label, "2024-03-11");
	b = cut(&arena, "Europe/Berlin", FF_GRAIN_MONTH, "2024-02-28", "2024-04-01");
	assert_int_equal(b.n, 3);
	assert_string_equal(b.v[0].label, "2024-02-01");
	assert_int_equal(b.v[0].day, day("2024-02-28"));
	assert_string_equal(b.v[2].label, "2024-04-01");
	b = cut(&arena, "Europe/Berlin", FF_GRAIN_NONE, "2024-02-28", "2024-04-01");
	assert_int_equal(b.n, 1);
	ff_arena_free(&arena);
}

/* Every tenth minute of the range lies in exactly the bucket that the zone's own floor names. */
static void
check_hours(const char *name, const char *first, const char *last, size_t n)
{
	const struct ff_zone *zone;
	struct ff_arena       arena;
	struct ff_buckets     b;
	size_t                at = 0;

	ff_arena_init(&arena);
	assert_ok(ff_zone_find(name, &zone));
	b = cut(&arena, name, FF_GRAIN_HOUR, first, last);
	assert_int_equal(b.n, n);
	for (int64_t us = b.v[0].start_us; us < b.end_us; us += 600 * FF_US_S) {
		while (at + 1 < b.n && b.v[at + 1].start_us <= us)
			at++;
		assert_int_equal(ff_zone_hour(zone, us), b.v[at].key_us);
		assert_int_equal(ff_zone_day(zone, us), b.v[at].day);
	}
	assert_int_equal(at + 1, b.n);
	ff_arena_free(&arena);
}

static void
hours_follow_the_clock_on_change_days(void **state)
{
	(void)state;
	check_hours("UTC", "2024-03-31", "2024-03-31", 24);
	check_hours("Europe/Berlin", "2024-03-31", "2024-03-31", 23);
	check_hours("Europe/Berlin", "2024-10-27", "2024-10-27", 25);
	check_hours("Asia/Kathmandu", "2024-10-27", "2024-10-28", 48);
	check_hours("Australia/Lord_Howe", "2024-04-07", "2024-04-07", 25);
	check_hours("Australia/Lord_Howe", "2024-10-06", "2024-10-06", 24);
	check_hours("America/St_Johns", "2024-11-03", "2024-11-03", 25);
	check_hours("America/Havana", "2024-03-10", "2024-03-10", 23);
}

static void
the_repeated_hour_keeps_its_label(void **state)
{
	struct ff_arena   arena;
	struct ff_buckets b;

	(void)state;
	ff_arena_init(&arena);
	b = cut(&arena, "Europe/Berlin", FF_GRAIN_HOUR, "2024-10-27", "2024-10-27");
	assert_string_equal(b.v[2].label, "2024-10-27 02:00:00");
	assert_string_equal(b.v[3].label, "2024-10-27 02:00:00");
	assert_string_equal(b.v[24].label, "2024-10-27 23:00:00");
	ff_arena_free(&arena);
}

static void
a_day_that_was_left_out_has_no_bucket(void **state)
{
	struct ff_arena   arena;
	struct ff_buckets b;

	(void)state;
	ff_arena_init(&arena);
	b = cut(&arena, "Pacific/Apia", FF_GRAIN_DAY, "2011-12-28", "2012-01-01");
	assert_int_equal(b.n, 4);
	assert_string_equal(b.v[1].label, "2011-12-29");
	assert_string_equal(b.v[2].label, "2011-12-31");
	ff_arena_free(&arena);
}

static void
too_many_steps_are_refused(void **state)
{
	struct ff_site    site = { .time_zone = FF_STR("UTC") };
	struct ff_query   query = { .site = &site, .dims = { FF_BY_TIME(HOUR) }, .n_dims = 1, .range = { .first = 10000, .last = 10416 } };
	struct ff_buckets out;
	struct ff_arena   arena;
	struct ff_fault   fault;

	(void)state;
	ff_arena_init(&arena);
	assert_err(FF_INVALID, ff_query_buckets(&arena, &query, &out, &fault));
	assert_string_equal(fault.field, "date_range");
	query.range.last = 10415;
	assert_ok(ff_query_buckets(&arena, &query, &out, &fault));
	assert_int_equal(out.n, 416 * 24);
	ff_arena_free(&arena);
}

static void
the_last_hours_end_with_the_present_one(void **state)
{
	const struct ff_zone *zone;
	struct ff_range       range;
	int64_t               now;

	(void)state;
	assert_ok(ff_zone_find("Asia/Kathmandu", &zone));
	assert_true(ff_time_parse(FF_STR("2024-05-01T12:34:56Z"), &now));
	range = ff_range_hours(zone, now, 24);
	assert_int_equal(range.to_us - range.from_us, 24 * FF_US_HOUR);
	assert_true(range.from_us < now && now < range.to_us);
	assert_int_equal(range.to_us, ff_zone_hour(zone, range.to_us));
}

static void
names_round_trip(void **state)
{
	enum ff_metric metric;
	enum ff_dim    dim;

	(void)state;
	for (int i = 0; i < FF_METRIC_COUNT; i++) {
		assert_ok(ff_metric_parse(ff_str_from(ff_metric_name((enum ff_metric)i)), &metric));
		assert_int_equal(metric, i);
	}
	for (int i = FF_DIM_TOTAL + 1; i < FF_DIM_COUNT; i++) {
		assert_ok(ff_dim_parse(ff_str_from(ff_dim_name((enum ff_dim)i)), &dim));
		assert_int_equal(dim, i);
	}
	assert_err(FF_INVALID, ff_dim_parse(FF_STR(""), &dim));
	assert_err(FF_INVALID, ff_metric_parse(FF_STR("baa"), &metric));
	assert_true(ff_metric_per_visit(FF_METRIC_BOUNCE_RATE));
	assert_false(ff_metric_per_visit(FF_METRIC_VISITORS));
	assert_false(ff_dim_per_visit(FF_DIM_PAGE));
	assert_true(ff_dim_per_visit(FF_DIM_OS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_mean_what_plausible_means),
		cmocka_unit_test(strange_words_are_refused),
		cmocka_unit_test(all_of_a_site_without_data_is_today),
		cmocka_unit_test(the_period_before_has_the_same_length),
		cmocka_unit_test(weeks_begin_on_monday_but_not_before_the_range),
		cmocka_unit_test(hours_follow_the_clock_on_change_days),
		cmocka_unit_test(the_repeated_hour_keeps_its_label),
		cmocka_unit_test(a_day_that_was_left_out_has_no_bucket),
		cmocka_unit_test(too_many_steps_are_refused),
		cmocka_unit_test(the_last_hours_end_with_the_present_one),
		cmocka_unit_test(names_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
