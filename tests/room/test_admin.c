/* The parts of the admin room that need no database: numbers as people read them, the chart, escaping. */
#include "tests/lib/unit.h"

#include "base/day.h"
#include "room/admin/chart.h"
#include "room/admin/format.h"
#include "room/admin/templates.h"

#include <math.h>
#include <stdio.h>

static struct ff_arena arena;

static int
reset(void **state)
{
	(void)state;
	ff_arena_reset(&arena);
	return 0;
}

static void
numbers_are_grouped(void **state)
{
	(void)state;
	assert_str(ff_format_count(&arena, 0), "0");
	assert_str(ff_format_count(&arena, 999), "999");
	assert_str(ff_format_count(&arena, 1000), "1,000");
	assert_str(ff_format_count(&arena, 1234567), "1,234,567");
	assert_str(ff_format_count(&arena, -123456), "-123,456");
	assert_str(ff_format_duration(&arena, 45), "45 s");
	assert_str(ff_format_duration(&arena, 200), "3 m 20 s");
	assert_str(ff_format_duration(&arena, 7500), "2 h 05 m");
}

static void
periods_say_no_more_than_needed(void **state)
{
	int32_t a, b, c;

	(void)state;
	assert_true(ff_day_parse(FF_STR("2026-11-02"), &a));
	assert_true(ff_day_parse(FF_STR("2026-11-21"), &b));
	assert_true(ff_day_parse(FF_STR("2027-01-01"), &c));
	assert_str(ff_format_period(&arena, a, a), "2 Nov 2026");
	assert_str(ff_format_period(&arena, a, b), "2 \xe2\x80\x93 21 Nov 2026");
	assert_str(ff_format_period(&arena, a, c), "2 Nov 2026 \xe2\x80\x93 1 Jan 2027");
	assert_str(ff_format_bucket(&arena, FF_STR("2026-11-21")), "Sat 21 Nov");
	assert_str(ff_format_bucket(&arena, FF_STR("2026-11-21 13:00:00")), "13:00");
}

static void
changes_need_something_to_compare_with(void **state)
{
	(void)state;
	assert_str(ff_format_change(&arena, 100, 112), "+12 %");
	assert_str(ff_format_change(&arena, 100, 97), "\xe2\x88\x92" "3 %");
	assert_str(ff_format_change(&arena, 100, 100.2), "0 %");
	assert_int_equal(ff_format_change(&arena, 0, 5).len, 0);
	assert_int_equal(ff_format_change(&arena, NAN, 5).len, 0);
}

static void
draw(size_t n, double (*value)(size_t), struct ff_chart *chart)
{
	struct ff_result series = { .n = n, .rows = FF_NEW_N(&arena, n + 1, struct ff_result_row) };

	for (size_t i = 0; i < n; i++)
		series.rows[i] = (struct ff_result_row){ .labels = { FF_STR("2026-11-21") }, .metrics = { value(i), value(i) / 3 } };
	ff_chart_draw(&arena, &series, chart);
}

static double
saw(size_t i)
{
	return (double)(i % 7 * 100 + (i == 3));
}

static double
nothing(size_t i)
{
	(void)i;
	return 0;
}

static double
much(size_t i)
{
	return (double)i * 1e12;
}

static void
bars_stay_inside_the_picture(void **state)
{
	static double (*const shapes[])(size_t) = { saw, nothing, much };
	static const size_t sizes[] = { 0, 1, 2, 24, 31, 92, 731, 3000 };

	(void)state;
	for (size_t s = 0; s < 3; s++)
		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
			struct ff_chart chart;

			draw(sizes[k], shapes[s], &chart);
			assert_int_equal(chart.n, sizes[k]);
			for (size_t i = 0; i < chart.n; i++) {
				const struct ff_bar *b = &chart.bars[i];

				assert_true(b->x >= 56 && b->width >= 0 && b->x + b->width <= 1000);
				assert_true(b->y >= 12 && b->y + b->height == 228);
				assert_true(b->inner_height <= b->height && b->inner_y + b->inner_height == 228);
				assert_true((b->height == 0) == (shapes[s](i) == 0));
			}
			assert_true(chart.n_x <= 9);
		}
}

static void
scales_are_round_and_high_enough(void **state)
{
	struct ff_result_row row = { .labels = { FF_STR("2026-11-21") }, .metrics = { 10, 1000 } };
	struct ff_result     series = { .n = 1, .rows = &row };
	struct ff_chart      chart;

	(void)state;
	ff_chart_draw(&arena, &series, &chart); /* more visitors than page views */
	assert_str(chart.y[4].text, "1,000");
	assert_true(chart.bars[0].inner_y >= 12 && chart.bars[0].y > chart.bars[0].inner_y);
	assert_str(chart.summary, "10 page views, at most 10 at a time");
	draw(7, saw, &chart);
	assert_int_equal(chart.n_y, 5);
	assert_str(chart.y[4].text, "600");
	assert_str(chart.y[0].text, "0");
	draw(7, nothing, &chart);
	assert_str(chart.y[4].text, "4");
}

static void
templates_escape_every_value(void **state)
{
	struct ff_table_row  row = { .label = FF_STR("<script>alert(1)</script>"), .hint = FF_STR("\"'&"),
		 .link = FF_STR("https://x/?a=\"><img src=x>"), .count = FF_STR("1"), .visitors = FF_STR("1") };
	struct ff_table_view table = { .title = "T&T", .column = "C", .count_name = "N", .rows = &row, .n = 1,
		.more = FF_STR("<i>") };
	struct ff_buf        out;

	(void)state;
	ff_buf_init(&out, 1 << 20);
	ff_tmpl_table(&out, &table);
	assert_null(strstr(out.p, "<script"));
	assert_null(strstr(out.p, "<img"));
	assert_null(strstr(out.p, "<i>"));
	assert_non_null(strstr(out.p, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	assert_non_null(strstr(out.p, "T&amp;T"));
	ff_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(numbers_are_grouped, reset),
		cmocka_unit_test_setup(periods_say_no_more_than_needed, reset),
		cmocka_unit_test_setup(changes_need_something_to_compare_with, reset),
		cmocka_unit_test_setup(bars_stay_inside_the_picture, reset),
		cmocka_unit_test_setup(scales_are_round_and_high_enough, reset),
		cmocka_unit_test_setup(templates_escape_every_value, reset),
	};
	int failed;

	ff_arena_init(&arena);
	failed = cmocka_run_group_tests_name("admin", tests, NULL, NULL);
	ff_arena_free(&arena);
	return failed;
}
