/* Which views are unique, and which windows are qualified, event by event. */
#include "tests/lib/unit.h"

#include "base/day.h"
#include "drain/windows.h"

#include <string.h>

#define MINUTE (60 * FF_US_S)
#define NOON   (INT64_C(1790000000000000) / FF_US_DAY * FF_US_DAY + 12 * FF_US_HOUR)

static struct ff_arena      arena;
static struct ff_windows    windows;
static const struct ff_rule half_hour = { .window_s = 1800 }, whole_day = { .window_s = 86400 };
static const struct ff_rule rule = { .seconds = 10, .percent = 50 };

static struct ff_event
event(enum ff_kind kind, int64_t ts)
{
	return (struct ff_event){ .kind = (uint8_t)kind, .ts_us = ts, .visitor = 7, .visitor_prev = 6, .scroll = 255 };
}

/* Taken as about item 1; true: unique. */
static bool
take(const struct ff_event *e, const struct ff_rule *window, struct ff_window **out)
{
	struct ff_look    look = { .site_id = 1, .content_id = 1, .event = e, .window = window, .rule = &rule,
		   .view = e->kind == FF_KIND_VIEW };
	struct ff_window *w;
	bool              unique = ff_windows_take(&windows, &look, &w);

	if (out != NULL)
		*out = w;
	return unique;
}

static bool
view(int64_t ts)
{
	struct ff_event e = event(FF_KIND_VIEW, ts);

	return take(&e, &half_hour, NULL);
}

static int
begin(void **state)
{
	(void)state;
	ff_arena_init(&arena);
	ff_windows_init(&windows, &arena);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	ff_windows_free(&windows);
	ff_arena_free(&arena);
	return 0;
}

static void
a_window_ends_after_its_width(void **state)
{
	(void)state;
	assert_true(view(NOON));
	assert_false(view(NOON));
	assert_false(view(NOON + 29 * MINUTE));
	assert_false(view(NOON + 30 * MINUTE - 1));
	assert_true(view(NOON + 30 * MINUTE));
	assert_int_equal(windows.n, 2);
}

static void
a_late_view_joins_without_moving_it(void **state)
{
	(void)state;
	assert_true(view(NOON));
	assert_false(view(NOON - 29 * MINUTE));
	assert_int_equal(windows.v[0]->started_us, NOON);
	assert_true(view(NOON - 30 * MINUTE));
	assert_false(view(NOON - 10 * MINUTE));
	assert_true(view(NOON + 30 * MINUTE));
}

static void
a_day_holds_over_midnight_by_yesterdays_identity(void **state)
{
	int64_t         midnight = NOON + 12 * FF_US_HOUR;
	struct ff_event e = event(FF_KIND_VIEW, midnight - MINUTE);

	(void)state;
	assert_true(take(&e, &whole_day, NULL));
	e.ts_us = midnight + 23 * FF_US_HOUR;
	e.visitor = 8;
	e.visitor_prev = 7;
	assert_false(take(&e, &whole_day, NULL));
	e.visitor_prev = 5;
	assert_true(take(&e, &whole_day, NULL));
	e.viewer.b[0] = 1; /* signed in: the same identity on both days */
	e.visitor = 7;
	e.visitor_prev = 0;
	assert_false(take(&e, &whole_day, NULL));
}

static void
attention_qualifies_once(void **state)
{
	struct ff_event   e = event(FF_KIND_ENGAGEMENT, NOON + MINUTE);
	struct ff_window *w;

	(void)state;
	e.engaged_ms = 6000;
	take(&e, &half_hour, &w);
	assert_null(w); /* of no view */
	assert_true(view(NOON));
	take(&e, &half_hour, &w);
	assert_false(w->qualified);
	take(&e, &half_hour, &w);
	assert_true(w->qualified && !w->was_qualified);
	assert_int_equal(w->engaged_ms, 12000);
	w->touched = false;
	take(&e, &half_hour, &w);
	assert_false(w->touched); /* nothing more to keep */
}

static void
a_part_of_the_page_qualifies(void **state)
{
	struct ff_event   e = event(FF_KIND_ENGAGEMENT, NOON + MINUTE);
	struct ff_window *w;

	(void)state;
	assert_true(view(NOON));
	e.scroll = 49;
	take(&e, &half_hour, &w);
	assert_false(w->qualified);
	e.scroll = 50;
	take(&e, &half_hour, &w);
	assert_true(w->qualified);
}

static void
a_medium_is_watched_in_parts(void **state)
{
	struct ff_event   e = event(FF_KIND_MEDIA, NOON + MINUTE);
	struct ff_window *w;

	(void)state;
	e.name = FF_STR("progress");
	assert_true(view(NOON));
	memset(e.watched, 0xff, 6); /* 48 hundredths */
	take(&e, &half_hour, &w);
	assert_true(w->played && !w->qualified && !w->completed);
	e.watched[6] = 3;
	take(&e, &half_hour, &w);
	assert_true(w->qualified && !w->completed);
	memset(e.watched, 0, sizeof e.watched);
	memset(e.watched + 7, 0xff, 5);
	take(&e, &half_hour, &w);
	assert_true(w->completed); /* 90 in all */
}

static void
who_reads_on_longer_is_still_reading(void **state)
{
	struct ff_event   e = event(FF_KIND_ENGAGEMENT, NOON + 2 * FF_US_HOUR);
	struct ff_window *w;

	(void)state;
	e.engaged_ms = 60000;
	assert_true(view(NOON));
	take(&e, &half_hour, &w);
	assert_true(w != NULL && w->qualified);
	e.ts_us = NOON + FF_WINDOW_TAIL_US;
	take(&e, &half_hour, &w);
	assert_null(w);
	e.ts_us = NOON - 1;
	take(&e, &half_hour, &w);
	assert_null(w);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_window_ends_after_its_width),
		TEST(a_late_view_joins_without_moving_it),
		TEST(a_day_holds_over_midnight_by_yesterdays_identity),
		TEST(attention_qualifies_once),
		TEST(a_part_of_the_page_qualifies),
		TEST(a_medium_is_watched_in_parts),
		TEST(who_reads_on_longer_is_still_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
