/* The calendar and the zones, against libc's own conversion (localtime_r), which shares no code with ours. */
#include "tests/lib/unit.h"

#include "base/day.h"

#include <stdlib.h>
#include <time.h>

/* Under valgrind each loop is cut short: it looks for bad memory, not for bad dates. */
static int64_t
stride(int64_t step)
{
	return getenv("FF_TEST_SHORT") == NULL ? step : step * 50;
}

static void
dates_round_trip_over_four_centuries(void **state)
{
	(void)state;
	for (int32_t d = -80000; d < 160000; d += (int32_t)stride(1))
		assert_int_equal(ff_day_from_date(ff_day_to_date(d)), d);
	assert_int_equal(ff_day_from_date((struct ff_date){ 1970, 1, 1 }), 0);
	assert_int_equal(ff_day_weekday(0), 3);
	assert_int_equal(ff_day_weekday(-1), 2);
	assert_int_equal(ff_month_length(2024, 2), 29);
}

static void
text_forms(void **state)
{
	int32_t day;
	int64_t us;
	char    text[32];

	(void)state;
	assert_true(ff_day_parse(FF_STR("2024-02-29"), &day));
	assert_false(ff_day_parse(FF_STR("2023-02-29"), &day));
	assert_false(ff_day_parse(FF_STR("2023-2-029"), &day));
	assert_false(ff_time_parse(FF_STR("2026-11-21T-0:00:00Z"), &us));
	assert_true(ff_time_parse(FF_STR("2026-11-21T16:12:42.5+01:30"), &us));
	ff_time_print(us, text);
	assert_string_equal(text, "2026-11-21T14:42:42Z");
	assert_int_equal(us % FF_US_S, 500000);
	assert_false(ff_time_parse(FF_STR("2026-11-21T16:12:42"), &us));
	assert_false(ff_time_parse(FF_STR("2026-11-21T16:12:42."), &us));
	assert_false(ff_time_parse(FF_STR("2026-11-21T25:12:42Z"), &us));
}

static const char *const hard_zones[] = { "UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe",
	"Asia/Kathmandu", "Pacific/Apia", "America/Havana", "Pacific/Chatham", "Africa/Casablanca", "Asia/Tehran",
	"America/New_York", "Antarctica/Troll", "Europe/Dublin", "America/Sao_Paulo" };

static void
offsets_equal_libc(void **state)
{
	(void)state;
	for (size_t z = 0; z < sizeof hard_zones / sizeof *hard_zones; z++) {
		const struct ff_zone *zone;

		assert_ok(ff_zone_find(hard_zones[z], &zone));
		setenv("TZ", hard_zones[z], 1);
		tzset();
		for (int64_t s = 0; s < INT64_C(2300000000); s += stride(3 * 3600 - 7)) {
			time_t    t = (time_t)s;
			struct tm tm;

			localtime_r(&t, &tm);
			if (tm.tm_gmtoff != ff_zone_offset(zone, s * FF_US_S))
				fail_msg("%s at %lld: libc %ld, ours %d", hard_zones[z], (long long)s, tm.tm_gmtoff,
				    ff_zone_offset(zone, s * FF_US_S));
		}
	}
}

static void
every_instant_lies_in_one_hour_and_one_day(void **state)
{
	(void)state;
	for (size_t z = 0; z < sizeof hard_zones / sizeof *hard_zones; z++) {
		const struct ff_zone *zone;

		assert_ok(ff_zone_find(hard_zones[z], &zone));
		for (int64_t us = INT64_C(1290000000) * FF_US_S; us < INT64_C(1330000000) * FF_US_S; us += stride(997 * FF_US_S)) {
			int64_t hour = ff_zone_hour(zone, us);

			assert_true(hour <= us && us - hour < FF_US_HOUR);
			assert_true(ff_zone_day_start(zone, ff_zone_day(zone, us)) <= us);
		}
	}
}

static void
a_skipped_day_has_no_length(void **state)
{
	const struct ff_zone *apia;
	int32_t               day;

	(void)state;
	assert_ok(ff_zone_find("Pacific/Apia", &apia));
	assert_true(ff_day_parse(FF_STR("2011-12-30"), &day));
	assert_int_equal(ff_zone_day_start(apia, day), ff_zone_day_start(apia, day + 1));
	assert_int_equal(ff_zone_day_start(apia, day) - ff_zone_day_start(apia, day - 1), FF_US_DAY);
}

static void
names_are_checked(void **state)
{
	static const char *const bad[] = { "", "/etc/passwd", "../passwd", "Europe/../UTC", "Mars/Olympus", "UTC;x",
		"Europe", "posixrules", "right/UTC" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct ff_zone *zone = (const void *)bad;

		assert_err(FF_INVALID, ff_zone_find(bad[i], &zone));
		assert_null(zone);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_round_trip_over_four_centuries),
		cmocka_unit_test(text_forms),
		cmocka_unit_test(offsets_equal_libc),
		cmocka_unit_test(every_instant_lies_in_one_hour_and_one_day),
		cmocka_unit_test(a_skipped_day_has_no_length),
		cmocka_unit_test(names_are_checked),
	};

	return cmocka_run_group_tests_name("day", tests, NULL, NULL);
}
