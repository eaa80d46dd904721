/* Goals and segments against a real server: run by goals.t, which hands in FF_TEST_DB. */
#include "tests/lib/unit.h"

#include "base/log.h"
#include "fact/goals.h"
#include "fact/segments.h"
#include "fact/sites.h"
#include "safe/rand.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>

struct world {
	struct ff_arena arena;
	struct ff_db   *db;
	int32_t         site, other;
};

static int32_t
make_site(struct world *w, const char *domain)
{
	struct ff_site  site = { .domain = ff_str_from(domain) };
	struct ff_fault fault;

	assert_ok(ff_sites_add(w->db, &w->arena, &site, &fault));
	return site.site_id;
}

static int
open_world(void **state)
{
	struct world *w = ff_xcalloc(1, sizeof *w);

	ff_arena_init(&w->arena);
	ff_db_open(&w->db, getenv("FF_TEST_DB"), "test_goals");
	assert_ok(ff_db_simple(w->db, "TRUNCATE site RESTART IDENTITY CASCADE"));
	w->site = make_site(w, "example.org");
	w->other = make_site(w, "other.example");
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;

	ff_db_close(w->db);
	ff_arena_free(&w->arena);
	free(w);
	return 0;
}

static struct ff_goal
add(struct world *w, struct ff_goal goal)
{
	struct ff_fault fault;
	bool            added = false;

	assert_ok(ff_goals_add(w->db, &w->arena, w->site, &goal, &added, &fault));
	assert_true(added);
	return goal;
}

static void
refuse(struct world *w, struct ff_goal goal, enum ff_err err, const char *field)
{
	struct ff_fault fault = { 0 };
	bool            added;

	assert_err(err, ff_goals_add(w->db, &w->arena, w->site, &goal, &added, &fault));
	assert_string_equal(fault.field, field);
}

static void
goals_of_all_kinds_come_back_as_they_were_made(void **state)
{
	struct world   *w = *state;
	struct ff_goal *goals;
	size_t          n;

	add(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("Purchase"), .currency = FF_STR("EUR") });
	add(w, (struct ff_goal){ .kind = FF_GOAL_PAGE, .path = FF_STR("/blog**"), .name = FF_STR("Read the blog") });
	add(w, (struct ff_goal){ .kind = FF_GOAL_SCROLL, .path = FF_STR("/long"), .scroll = 75 });
	assert_ok(ff_goals_load(w->db, &w->arena, w->site, &goals, &n));
	assert_int_equal(n, 3);
	assert_int_equal(goals[0].kind, FF_GOAL_EVENT);
	assert_str(goals[0].name, "Purchase");
	assert_str(goals[0].event_name, "Purchase");
	assert_str(goals[0].currency, "EUR");
	assert_str(goals[0].path, "");
	assert_int_equal(goals[1].kind, FF_GOAL_PAGE);
	assert_str(goals[1].name, "Read the blog");
	assert_str(goals[1].path, "/blog**");
	assert_str(goals[1].currency, "");
	assert_int_equal(goals[2].kind, FF_GOAL_SCROLL);
	assert_str(goals[2].name, "Scroll 75% on /long");
	assert_int_equal(goals[2].scroll, 75);
	assert_ok(ff_goals_load(w->db, &w->arena, w->other, &goals, &n));
	assert_int_equal(n, 0);
}

static void
same_goal_is_found_and_not_made_twice(void **state)
{
	struct world   *w = *state;
	struct ff_goal  first = add(w, (struct ff_goal){ .kind = FF_GOAL_PAGE, .path = FF_STR("/a") });
	struct ff_goal  again = { .kind = FF_GOAL_PAGE, .path = FF_STR(" /a "), .name = FF_STR("another name") };
	struct ff_fault fault;
	bool            added = true;

	assert_str(first.name, "Visit /a");
	assert_ok(ff_goals_add(w->db, &w->arena, w->site, &again, &added, &fault));
	assert_false(added);
	assert_int_equal(again.goal_id, first.goal_id);
	assert_str(again.name, "Visit /a");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("Visit /a") }, FF_CONFLICT, "name");
}

static void
goals_without_sense_are_refused_by_field(void **state)
{
	struct world *w = *state;
	char          long_name[122];

	memset(long_name, 'x', 121);
	long_name[121] = '\0';
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT }, FF_INVALID, "event_name");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = ff_str_from(long_name) }, FF_INVALID, "event_name");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("a\nb") }, FF_INVALID, "event_name");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("\xff") }, FF_INVALID, "event_name");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("a"), .path = FF_STR("/") }, FF_INVALID, "path");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("a"), .currency = FF_STR("eur") }, FF_INVALID,
	    "currency");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("a"), .scroll = 5 }, FF_INVALID, "scroll");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_PAGE }, FF_INVALID, "path");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_PAGE, .path = FF_STR("blog") }, FF_INVALID, "path");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_PAGE, .path = FF_STR("/"), .event_name = FF_STR("a") }, FF_INVALID,
	    "event_name");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_SCROLL, .path = FF_STR("/"), .scroll = 101 }, FF_INVALID, "scroll");
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_SCROLL, .path = FF_STR("/") }, FF_INVALID, "scroll");
}

static void
goal_is_removed_from_its_own_site_only(void **state)
{
	struct world   *w = *state;
	struct ff_goal  goal = add(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("Signup") });
	struct ff_str   name;

	assert_err(FF_NOT_FOUND, ff_goals_remove(w->db, &w->arena, w->other, goal.goal_id, &name));
	assert_ok(ff_goals_remove(w->db, &w->arena, w->site, goal.goal_id, &name));
	assert_str(name, "Signup");
	assert_err(FF_NOT_FOUND, ff_goals_remove(w->db, &w->arena, w->site, goal.goal_id, &name));
}

static void
site_has_so_many_goals_and_segments_at_most(void **state)
{
	struct world     *w = *state;
	struct ff_segment segment = { .name = FF_STR("one more"), .filters = FF_STR("[]") };
	struct ff_fault   fault;

	assert_ok(ff_db_simple(w->db, "INSERT INTO goal (site_id, name, kind, event_name) "
				      "SELECT 1, 'g' || n, 'event', 'g' || n FROM generate_series(1, 1000) n; "
				      "INSERT INTO segment (site_id, name, filters) "
				      "SELECT 1, 's' || n, '[]' FROM generate_series(1, 1000) n"));
	refuse(w, (struct ff_goal){ .kind = FF_GOAL_EVENT, .event_name = FF_STR("one more") }, FF_INVALID, "goals");
	assert_err(FF_INVALID, ff_segments_add(w->db, &w->arena, w->site, &segment, &fault));
	assert_string_equal(fault.field, "segments");
}

static struct ff_segment
add_segment(struct world *w, const char *name, const char *filters)
{
	struct ff_segment segment = { .name = ff_str_from(name), .filters = ff_str_from(filters) };
	struct ff_fault   fault;

	assert_ok(ff_segments_add(w->db, &w->arena, w->site, &segment, &fault));
	return segment;
}

static void
segments_are_loaded_by_their_numbers(void **state)
{
	struct world      *w = *state;
	struct ff_segment  a = add_segment(w, " Germans ", "[[\"is\",\"visit:country\",[\"DE\"]]]"), *list;
	struct ff_segment  b = add_segment(w, "B", "[]");
	int64_t            ids[] = { b.segment_id, a.segment_id, 999999, INT64_MAX };
	size_t             n;

	assert_true(a.created_us > 0 && a.updated_us == a.created_us);
	assert_ok(ff_segments_load(w->db, &w->arena, w->site, ids, 4, &list, &n));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].segment_id, a.segment_id);
	assert_str(list[0].name, "Germans");
	assert_str(list[0].filters, "[[\"is\", \"visit:country\", [\"DE\"]]]");
	assert_ok(ff_segments_load(w->db, &w->arena, w->other, ids, 4, &list, &n));
	assert_int_equal(n, 0);
	assert_ok(ff_segments_load(w->db, &w->arena, w->site, NULL, 0, &list, &n));
	assert_int_equal(n, 0);
	assert_ok(ff_segments_list(w->db, &w->arena, w->site, &list, &n));
	assert_int_equal(n, 2);
}

static void
segment_is_changed_in_part_and_removed(void **state)
{
	struct world      *w = *state;
	struct ff_segment  made = add_segment(w, "A", "[1]");
	struct ff_segment  change = { .segment_id = made.segment_id, .name = FF_STR("B") };
	struct ff_fault    fault = { 0 };
	struct ff_str      name;

	add_segment(w, "C", "[]");
	assert_ok(ff_segments_change(w->db, &w->arena, w->site, &change, &fault));
	assert_str(change.name, "B");
	assert_str(change.filters, "[1]");
	change = (struct ff_segment){ .segment_id = made.segment_id, .filters = FF_STR("[2]") };
	assert_ok(ff_segments_change(w->db, &w->arena, w->site, &change, &fault));
	assert_str(change.name, "B");
	assert_str(change.filters, "[2]");
	change = (struct ff_segment){ .segment_id = made.segment_id, .name = FF_STR("C") };
	assert_err(FF_CONFLICT, ff_segments_change(w->db, &w->arena, w->site, &change, &fault));
	assert_err(FF_NOT_FOUND, ff_segments_change(w->db, &w->arena, w->other, &change, &fault));
	assert_err(FF_NOT_FOUND, ff_segments_remove(w->db, &w->arena, w->other, made.segment_id, &name));
	assert_ok(ff_segments_remove(w->db, &w->arena, w->site, made.segment_id, &name));
	assert_str(name, "B");
}

static void
segment_of_no_filters_is_refused_by_field(void **state)
{
	struct world *w = *state;
	const struct {
		const char *name, *filters, *field;
	} bad[] = { { "", "[]", "name" }, { "a\tb", "[]", "name" }, { "a", "{}", "filters" }, { "a", "", "filters" },
		{ "a", "[1", "filters" }, { "a", "[\"\xff\"]", "filters" }, { "a", "[\"\\u0000\"]", "filters" } };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct ff_segment segment = { .name = ff_str_from(bad[i].name), .filters = ff_str_from(bad[i].filters) };
		struct ff_fault   fault = { 0 };

		assert_err(FF_INVALID, ff_segments_add(w->db, &w->arena, w->site, &segment, &fault));
		assert_string_equal(fault.field, bad[i].field);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(goals_of_all_kinds_come_back_as_they_were_made),
		TEST(same_goal_is_found_and_not_made_twice),
		TEST(goals_without_sense_are_refused_by_field),
		TEST(goal_is_removed_from_its_own_site_only),
		TEST(site_has_so_many_goals_and_segments_at_most),
		TEST(segments_are_loaded_by_their_numbers),
		TEST(segment_is_changed_in_part_and_removed),
		TEST(segment_of_no_filters_is_refused_by_field),
	};

	if (getenv("FF_TEST_DB") == NULL) {
		puts("1..0 # SKIP run it through tests/lib/pg.sh");
		return 0;
	}
	ff_safe_init();
	ff_log_setup("test_goals", FF_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
