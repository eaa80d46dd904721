/* What the reply to a query writes beyond figures: money, changes, periods to compare with, values inside of sentences. */
#include "base/day.h"
#include "room/api/query.h"
#include "tests/lib/unit.h"

#include <math.h>

static struct ff_arena arena;

static const char *
money(double value, const char *code)
{
	struct ff_buf      buf;
	struct ff_json_out out;
	const char        *text;

	ff_buf_init(&buf, 1000);
	ff_json_out_init(&out, &buf);
	ff_api_put_money(&out, value, ff_str_from(code));
	text = ff_str_z(&arena, ff_buf_view(&buf));
	ff_buf_free(&buf);
	return text;
}

static void
money_is_written_the_american_way(void **state)
{
	(void)state;
	assert_string_equal(money(96336315, "USD"),
	    "{\"value\":96336315,\"currency\":\"USD\",\"short\":\"$96.3M\",\"long\":\"$96,336,315.00\"}");
	assert_string_equal(money(0, "EUR"), "{\"value\":0,\"currency\":\"EUR\",\"short\":\"€0.0\",\"long\":\"€0.00\"}");
	assert_string_equal(money(999.94, "EUR"), "{\"value\":999.94,\"currency\":\"EUR\",\"short\":\"€999.9\",\"long\":\"€999.94\"}");
	assert_string_equal(money(999.96, "EUR"), "{\"value\":999.96,\"currency\":\"EUR\",\"short\":\"€1.0K\",\"long\":\"€999.96\"}");
	assert_string_equal(money(-1234.5, "GBP"), "{\"value\":-1234.5,\"currency\":\"GBP\",\"short\":\"-£1.2K\",\"long\":\"-£1,234.50\"}");
	assert_string_equal(money(12345, "JPY"), "{\"value\":12345,\"currency\":\"JPY\",\"short\":\"¥12.3K\",\"long\":\"¥12,345\"}");
	assert_string_equal(money(5, "CHF"), "{\"value\":5,\"currency\":\"CHF\",\"short\":\"CHF\u00a05.0\",\"long\":\"CHF\u00a05.00\"}");
	assert_string_equal(money(1.5, "KWD"), "{\"value\":1.5,\"currency\":\"KWD\",\"short\":\"KWD\u00a01.5\",\"long\":\"KWD\u00a01.500\"}");
}

static void
money_without_currency_is_null(void **state)
{
	(void)state;
	assert_string_equal(money(5, ""), "null");
	assert_string_equal(money((double)NAN, "EUR"), "null");
}

static void
changes_are_percent_and_rates_change_by_points(void **state)
{
	(void)state;
	assert_true(ff_api_change(FF_METRIC_VISITORS, 10, 15) == 50);
	assert_true(ff_api_change(FF_METRIC_VISITORS, 3, 2) == -33);
	assert_true(ff_api_change(FF_METRIC_VISITORS, 0, 2) == 100);
	assert_true(ff_api_change(FF_METRIC_VISITORS, 0, 0) == 0);
	assert_true(ff_api_change(FF_METRIC_BOUNCE_RATE, 40, 55) == 15);
	assert_true(isnan(ff_api_change(FF_METRIC_BOUNCE_RATE, 0, 55)));
	assert_true(ff_api_change(FF_METRIC_CONVERSION_RATE, 1.25, 2.5) == 1.3);
	assert_true(isnan(ff_api_change(FF_METRIC_SCROLL_DEPTH, (double)NAN, 50)));
}

static struct ff_range
compared(enum ff_api_compare how, bool match, const char *first, const char *last, const char *now)
{
	struct ff_api_query *query = FF_NEW(&arena, struct ff_api_query);

	assert_int_equal(ff_zone_find("Europe/Berlin", &query->zone), FF_OK);
	assert_true(ff_time_parse(ff_str_from(now), &query->q.now_us));
	assert_true(ff_day_parse(ff_str_from(first), &query->q.range.first));
	assert_true(ff_day_parse(ff_str_from(last), &query->q.range.last));
	query->compare = how;
	query->match_weekday = match;
	ff_api_compare_bind(query);
	return query->compare_range;
}

static void
expect_days(struct ff_range range, const char *first, const char *last)
{
	char text[11];

	ff_day_print(range.first, text);
	assert_string_equal(text, first);
	ff_day_print(range.last, text);
	assert_string_equal(text, last);
}

static void
a_period_that_goes_on_is_compared_as_far_as_it_has_come(void **state)
{
	const char *now = "2026-03-10T12:00:00Z";

	(void)state;
	expect_days(compared(FF_API_COMPARE_PREVIOUS, false, "2026-03-01", "2026-03-31", now), "2026-02-19", "2026-02-28");
	expect_days(compared(FF_API_COMPARE_YEAR, false, "2026-03-01", "2026-03-31", now), "2025-03-01", "2025-03-10");
	expect_days(compared(FF_API_COMPARE_PREVIOUS, false, "2026-02-01", "2026-02-28", now), "2026-01-04", "2026-01-31");
	expect_days(compared(FF_API_COMPARE_PREVIOUS, false, "2026-04-01", "2026-04-02", now), "2026-03-30", "2026-03-31");
}

static void
weekdays_are_matched_by_the_nearest(void **state)
{
	const char *now = "2026-03-31T12:00:00Z";

	(void)state;
	/* a Sunday, a year before a Saturday */
	expect_days(compared(FF_API_COMPARE_YEAR, true, "2026-03-01", "2026-03-02", now), "2025-03-02", "2025-03-03");
	/* three days from a Monday: the three before begin on a Friday, the Monday before is as far as the one itself */
	expect_days(compared(FF_API_COMPARE_PREVIOUS, true, "2026-03-09", "2026-03-11", now), "2026-03-02", "2026-03-04");
	expect_days(compared(FF_API_COMPARE_PREVIOUS, true, "2026-03-09", "2026-03-15", now), "2026-03-02", "2026-03-08");
}

static void
values_are_shown_as_plausible_shows_them(void **state)
{
	const struct ff_json *node;

	(void)state;
	assert_int_equal(ff_json_parse(&arena, FF_STR("[\"a\\\"b\", 1, 1.5, null, true, {\"k\": []}]"), &node, NULL), FF_OK);
	assert_string_equal(ff_str_z(&arena, ff_api_inspect(&arena, node)), "[\"a\\\"b\", 1, 1.5, nil, true, %{\"k\" => []}]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_is_written_the_american_way),
		cmocka_unit_test(money_without_currency_is_null),
		cmocka_unit_test(changes_are_percent_and_rates_change_by_points),
		cmocka_unit_test(a_period_that_goes_on_is_compared_as_far_as_it_has_come),
		cmocka_unit_test(weekdays_are_matched_by_the_nearest),
		cmocka_unit_test(values_are_shown_as_plausible_shows_them),
	};
	int failed;

	ff_arena_init(&arena);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	ff_arena_free(&arena);
	return failed;
}
