/* Whatever stands in the body of a query, it is refused or becomes a question within the engine's bounds. */
#include "base/day.h"
#include "base/limits.h"
#include "room/api/query.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW_US (INT64_C(1774960200) * FF_US_S) /* 2026-03-31 */

static struct ff_goal goals[] = {
	{ .goal_id = 1, .kind = FF_GOAL_EVENT, .name = FF_STR_INIT("Signup"), .event_name = FF_STR_INIT("Signup") },
	{ .goal_id = 2, .kind = FF_GOAL_PAGE, .name = FF_STR_INIT("Visit /a"), .path = FF_STR_INIT("/a") },
};

static size_t
nodes_of(const struct ff_filter *f)
{
	size_t n = 1;

	for (size_t i = 0; i < f->n_kids; i++)
		n += nodes_of(&f->kids[i]);
	return n;
}

static void
check(const struct ff_api_query *query)
{
	const struct ff_query *q = &query->q;
	size_t                 nodes = 0;

	for (size_t i = 0; i < q->n_filters; i++)
		nodes += nodes_of(&q->filters[i]);
	if (q->n_metrics == 0 || q->n_metrics > FF_QUERY_METRICS_MAX || q->n_dims > FF_QUERY_DIMS_MAX ||
	    q->n_orders == 0 || q->n_orders > FF_QUERY_ORDERS_MAX || nodes > FF_QUERY_FILTERS_MAX)
		abort();
	for (size_t i = 0; i < q->n_orders; i++)
		if (q->orders[i].index >= (q->orders[i].by_dim ? q->n_dims : q->n_metrics))
			abort();
}

/* The question's own words, whole: they must be JSON again. */
static void
repeat(struct ff_arena *arena, const struct ff_api_query *query)
{
	struct ff_buf         buf;
	struct ff_json_out    out;
	const struct ff_json *again;

	ff_buf_init(&buf, FF_RESPONSE_MAX);
	ff_json_out_init(&out, &buf);
	ff_api_query_echo(&out, arena, query);
	if (!buf.overflow && ff_json_parse_deep(arena, ff_buf_view(&buf), FF_QUERY_DEPTH_MAX + 8, &again, NULL) == FF_INVALID)
		abort();
	ff_buf_free(&buf);
}

static void
ask(struct ff_arena *arena, const struct ff_json *body)
{
	struct ff_api_query *query = FF_NEW(arena, struct ff_api_query);
	struct ff_fault      fault = { .why = "" };

	query->site = (struct ff_site){ .domain = FF_STR("example.com"), .time_zone = FF_STR("Europe/Berlin"),
		.default_kind = FF_STR("video") };
	query->q.now_us = NOW_US;
	query->goals = goals;
	query->n_goals = 2;
	if (ff_zone_find("Europe/Berlin", &query->zone) != FF_OK)
		abort();
	if (ff_api_query_read(arena, body, query, &fault) != FF_OK) {
		if (fault.why[0] == '\0')
			abort();
		return;
	}
	for (size_t i = 0; i < query->n_segment_ids; i++)
		if (ff_api_segment_add(arena, query, i, FF_STR("[[\"is\",\"visit:country\",[\"DE\"]]]"), &fault) != FF_OK)
			abort();
	if (ff_api_query_bind(arena, query, &fault) == FF_OK) {
		check(query);
		repeat(arena, query);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_arena       arena;
	const struct ff_json *body;

	ff_arena_init(&arena);
	if (ff_json_parse_deep(&arena, ff_str_of((const char *)data, size), FF_QUERY_DEPTH_MAX, &body, NULL) == FF_OK &&
	    ff_json_type(body) == FF_JSON_OBJECT)
		ask(&arena, body);
	ff_arena_free(&arena);
	return 0;
}
