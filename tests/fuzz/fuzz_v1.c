/* The parameters of the Stats API v1, a line each, above all the filters in the first. */
#include "base/day.h"
#include "base/utf8.h"
#include "room/api/v1.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW_US (INT64_C(1774960200) * FF_US_S) /* 2026-03-31 */

static struct ff_goal goals[] = {
	{ .goal_id = 1, .kind = FF_GOAL_EVENT, .name = FF_STR_INIT("Signup"), .event_name = FF_STR_INIT("Signup") },
};

static void
ask(struct ff_arena *arena, struct ff_str text, bool by_time, bool by_property)
{
	static const enum ff_api_v1_param order[] = { FF_V1_FILTERS, FF_V1_PROPERTY, FF_V1_METRICS, FF_V1_PERIOD, FF_V1_DATE,
		FF_V1_INTERVAL, FF_V1_LIMIT, FF_V1_PAGE, FF_V1_COMPARE };
	struct ff_api_v1 *v1 = FF_NEW(arena, struct ff_api_v1);
	struct ff_fault   fault = { .why = "" };

	v1->by_time = by_time;
	v1->by_property = by_property;
	v1->query.site = (struct ff_site){ .domain = FF_STR("example.com"), .time_zone = FF_STR("Europe/Berlin") };
	v1->query.q.now_us = NOW_US;
	v1->query.goals = goals;
	v1->query.n_goals = 1;
	if (ff_zone_find("Europe/Berlin", &v1->query.zone) != FF_OK)
		abort();
	for (size_t i = 0; text.p != NULL && i < sizeof order / sizeof *order; i++) {
		struct ff_str line = ff_str_split(&text, '\n');

		v1->given[order[i]] = line.len > 0 ? line : FF_STR_NONE;
	}
	if (ff_api_v1_read(arena, v1, &fault) != FF_OK) {
		if (fault.why[0] == '\0')
			abort();
	} else if (v1->query.q.n_metrics == 0 || v1->query.q.n_dims > 1 || v1->query.q.limit < 1) {
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str   text = ff_str_of((const char *)data, size);
	struct ff_arena arena;

	if (!ff_utf8_valid(text))
		return 0;
	ff_arena_init(&arena);
	ask(&arena, text, false, false);
	ask(&arena, text, true, false);
	ask(&arena, text, false, true);
	ff_arena_free(&arena);
	return 0;
}
