/* Visits: cases by hand, then thousands of random histories against a model that looks at every visit each time. */
#include "tests/lib/unit.h"

#include "base/day.h"
#include "base/limits.h"
#include "drain/visits.h"

#include <stdio.h>
#include <stdlib.h>

#define MIN (60 * FF_US_S)
#define NOON (20000 * FF_US_DAY + 12 * FF_US_HOUR)

static const struct ff_traits no_traits;

static struct ff_visit_hit
page_at(uint64_t visitor, int64_t ts, int32_t page)
{
	return (struct ff_visit_hit){ .site_id = 1, .visitor = visitor, .ts_us = ts, .page = page, .no_text = 9,
		.pageview = true, .interactive = true, .traits = &no_traits };
}

static struct ff_visit_hit
engaged_at(uint64_t visitor, int64_t ts, uint32_t ms)
{
	return (struct ff_visit_hit){ .site_id = 1, .visitor = visitor, .ts_us = ts, .no_text = 9, .quiet = true,
		.engaged_ms = ms, .traits = &no_traits };
}

/* One batch over what `stored` holds; hits get their visits, in their own order. */
struct scene {
	struct ff_arena  arena;
	struct ff_visits visits;
};

static void
scene_open(struct scene *s)
{
	ff_arena_init(&s->arena);
	ff_visits_init(&s->visits, &s->arena);
}

static void
scene_close(struct scene *s)
{
	ff_visits_free(&s->visits);
	ff_arena_free(&s->arena);
}

static void
join(struct scene *s, struct ff_visit_hit *hits, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		hits[i].seq = i;
	ff_visits_join(&s->visits, hits, n);
}

static void
idle_time_ends_a_visit(void **state)
{
	struct scene  s;
	struct ff_visit_hit hits[] = { page_at(7, NOON, 1), page_at(7, NOON + 30 * MIN, 2), page_at(7, NOON + 60 * MIN + 1, 3) };

	(void)state;
	scene_open(&s);
	join(&s, hits, 3);
	assert_int_equal(s.visits.n, 2);
	assert_ptr_equal(hits[0].visit, hits[1].visit);
	assert_ptr_not_equal(hits[1].visit, hits[2].visit);
	assert_int_equal(hits[0].visit->now.pageviews, 2);
	assert_int_equal(hits[0].visit->now.entry_page, 1);
	assert_int_equal(hits[0].visit->now.exit_page, 2);
	assert_int_equal(ff_visit_seconds(&hits[0].visit->now), 1800);
	assert_false(ff_visit_bounced(&hits[0].visit->now));
	assert_true(ff_visit_bounced(&hits[2].visit->now));
	scene_close(&s);
}

static void
engagement_lengthens_but_never_begins(void **state)
{
	struct scene  s;
	struct ff_visit_hit hits[] = { engaged_at(7, NOON - 1, 5), page_at(7, NOON, 1), engaged_at(7, NOON + 20 * MIN, 3000),
		page_at(7, NOON + 45 * MIN, 2), engaged_at(8, NOON, 9) };

	(void)state;
	scene_open(&s);
	join(&s, hits, 5);
	assert_int_equal(s.visits.n, 1);
	assert_null(hits[0].visit);
	assert_int_equal(s.visits.v[0]->now.engaged_ms, 3000);
	assert_int_equal(s.visits.v[0]->now.events, 2);
	assert_int_equal(ff_visit_seconds(&s.visits.v[0]->now), 45 * 60);
	scene_close(&s);
}

static void
a_visit_crosses_midnight_under_one_identity(void **state)
{
	int64_t       midnight = NOON + 12 * FF_US_HOUR;
	struct scene  s;
	struct ff_visit_hit hits[] = { page_at(7, midnight - 10 * MIN, 1), page_at(8, midnight + 10 * MIN, 2),
		page_at(8, midnight + 35 * MIN, 3), page_at(8, midnight + 66 * MIN, 4) };

	(void)state;
	for (int i = 1; i < 4; i++)
		hits[i].visitor_prev = 7;
	scene_open(&s);
	join(&s, hits, 4);
	assert_int_equal(s.visits.n, 2);
	assert_ptr_equal(hits[2].visit, hits[0].visit);
	assert_int_equal(hits[0].visit->visitor, 7);
	assert_int_equal(hits[0].visit->now.pageviews, 3);
	assert_int_equal(hits[3].visit->visitor, 8);
	scene_close(&s);
}

static void
yesterdays_identity_ends_after_its_day(void **state)
{
	struct scene    s;
	struct ff_visit old = { .visit_id = 1, .visitor = 7, .site_id = 1, .day = 20000 };
	struct ff_visit_hit   hit = page_at(8, NOON + 10 * MIN, 2);

	(void)state;
	old.now.started_us = old.now.last_us = NOON;
	hit.visitor_prev = 7;
	scene_open(&s);
	ff_visits_load(&s.visits, &old); /* of the same day: not under yesterday's salt */
	join(&s, &hit, 1);
	assert_int_equal(s.visits.n, 2);
	scene_close(&s);
}

static void
late_events_extend_what_is_stored(void **state)
{
	struct scene    s;
	struct ff_visit old = { .visit_id = 41, .visitor = 7, .site_id = 1, .day = 20000 };
	struct ff_visit_hit   hits[] = { page_at(7, NOON - 20 * MIN, 5), page_at(7, NOON + 5 * MIN, 6) };

	(void)state;
	old.now = (struct ff_visit_state){ NOON, NOON + 10 * MIN, 0, 1, 0, 1, 1, 1, 1 };
	scene_open(&s);
	ff_visits_load(&s.visits, &old);
	join(&s, hits, 2);
	assert_int_equal(s.visits.n, 1);
	assert_true(s.visits.v[0]->touched);
	assert_int_equal(s.visits.v[0]->now.started_us, NOON - 20 * MIN);
	assert_int_equal(s.visits.v[0]->old.started_us, NOON);
	assert_int_equal(s.visits.v[0]->now.entry_page, 5);
	assert_int_equal(s.visits.v[0]->now.exit_page, 1);
	assert_int_equal(s.visits.v[0]->now.interactive, 3);
	scene_close(&s);
}

static void
between_two_visits_the_begun_one_wins(void **state)
{
	struct scene    s;
	struct ff_visit old = { .visit_id = 1, .visitor = 7, .site_id = 1, .day = 20000 };
	struct ff_visit_hit   hits[] = { page_at(7, NOON + 25 * MIN, 5), page_at(7, NOON + 40 * MIN, 6) };

	(void)state;
	scene_open(&s);
	old.now.started_us = old.now.last_us = NOON;
	ff_visits_load(&s.visits, &old);
	old.visit_id = 2;
	old.now.started_us = old.now.last_us = NOON + 35 * MIN;
	ff_visits_load(&s.visits, &old);
	join(&s, hits, 2);
	assert_int_equal(hits[0].visit->visit_id, 1);
	assert_int_equal(hits[1].visit->visit_id, 2);
	scene_close(&s);
}

static void
sites_and_visitors_are_kept_apart(void **state)
{
	struct scene  s;
	struct ff_visit_hit hits[] = { page_at(7, NOON, 1), page_at(7, NOON, 1), page_at(6, NOON, 1) };

	(void)state;
	hits[1].site_id = 2;
	scene_open(&s);
	join(&s, hits, 3);
	assert_int_equal(s.visits.n, 3);
	scene_close(&s);
}

/* ---- the model: a plain list, asked from end to end ---- */

struct model_visit {
	int64_t  start, last, engaged;
	uint64_t who;
	int32_t  site, day, events, interactive, entry, exit, pages;
};

struct model {
	struct model_visit v[512];
	int                n;
};

static int64_t
floor_day(int64_t us)
{
	return us / FF_US_DAY; /* the model's times are behind 1970 */
}

static int
model_find(const struct model *m, const struct ff_visit_hit *h)
{
	int64_t idle = FF_VISIT_IDLE_S * FF_US_S;
	int     begun = -1, coming = -1;

	for (int i = 0; i < m->n; i++) {
		const struct model_visit *v = &m->v[i];
		int64_t                   d = v->day - floor_day(h->ts_us), night = 6 * FF_US_HOUR;
		bool early = h->ts_us % FF_US_DAY < night;
		bool own = v->who == h->visitor &&
		           ((d == -1 && early) || d == 0 || v->day == floor_day(h->ts_us + idle));
		bool before = h->visitor_prev != 0 && v->who == h->visitor_prev && d == -1 && early;

		if (v->site != h->site_id || (!own && !before) || h->ts_us > v->last + idle || h->ts_us < v->start - idle)
			continue;
		if (v->start <= h->ts_us && (begun < 0 || v->start > m->v[begun].start))
			begun = i;
		if (v->start > h->ts_us && (coming < 0 || v->start < m->v[coming].start))
			coming = i;
	}
	return begun >= 0 ? begun : coming;
}

static int
model_take(struct model *m, const struct ff_visit_hit *h)
{
	int                 i = model_find(m, h);
	struct model_visit *v;

	if (i < 0 && h->quiet)
		return -1;
	if (i < 0) {
		i = m->n++;
		m->v[i] = (struct model_visit){ .start = h->ts_us, .last = h->ts_us, .who = h->visitor, .site = h->site_id,
			.day = (int32_t)floor_day(h->ts_us), .entry = h->no_text, .exit = h->no_text };
	}
	v = &m->v[i];
	if (h->pageview) {
		if (v->pages == 0 || h->ts_us < v->start)
			v->entry = h->page;
		if (v->pages == 0 || h->ts_us >= v->last)
			v->exit = h->page;
		v->pages++;
	}
	v->start = h->ts_us < v->start ? h->ts_us : v->start;
	v->last = h->ts_us > v->last ? h->ts_us : v->last;
	v->engaged += h->engaged_ms;
	v->events += !h->quiet;
	v->interactive += h->interactive;
	return i;
}

static struct ff_visit_hit
random_hit(uint32_t i)
{
	int64_t       ts = 20000 * FF_US_DAY + 20 * FF_US_HOUR + (rand() % (12 * 60)) * MIN + rand() % 2;
	int64_t       day = floor_day(ts) - (rand() % 20 == 0);
	uint64_t      person = (uint64_t)(rand() % 4) + 1;
	struct ff_visit_hit h = { .site_id = rand() % 8 == 0 ? 2 : 1, .ts_us = ts, .seq = i, .page = rand() % 5, .no_text = 9,
		.traits = &no_traits };

	h.visitor = person * 100000 + (uint64_t)day;
	h.visitor_prev = h.visitor - 1;
	h.quiet = rand() % 4 == 0;
	h.pageview = !h.quiet && rand() % 3 != 0;
	h.interactive = h.pageview || (!h.quiet && rand() % 2 == 0);
	h.engaged_ms = h.quiet ? (uint32_t)rand() % 1000 : 0;
	return h;
}

static void
compare(const struct ff_visit *a, const struct model_visit *b)
{
	assert_int_equal(a->visitor, b->who);
	assert_int_equal(a->site_id, b->site);
	assert_int_equal(a->day, b->day);
	assert_int_equal(a->now.started_us, b->start);
	assert_int_equal(a->now.last_us, b->last);
	assert_int_equal(a->now.engaged_ms, b->engaged);
	assert_int_equal(a->now.events, b->events);
	assert_int_equal(a->now.interactive, b->interactive);
	assert_int_equal(a->now.pageviews, b->pages);
	assert_int_equal(a->now.entry_page, b->entry);
	assert_int_equal(a->now.exit_page, b->exit);
}

/* Loads every stored visit, in any order, and joins one batch; the model does the same. */
static void
random_batch(struct model *m, struct ff_visit *stored, int *n_stored)
{
	struct scene  s;
	struct ff_visit_hit hits[40];
	uint32_t      n = (uint32_t)rand() % 40 + 1;

	scene_open(&s);
	for (int i = *n_stored - 1; i >= 0; i--)
		ff_visits_load(&s.visits, &stored[i]);
	for (uint32_t i = 0; i < n; i++)
		hits[i] = random_hit(i);
	ff_visits_join(&s.visits, hits, n);
	for (uint32_t i = 0; i < n; i++) {
		int who = model_take(m, &hits[i]);

		assert_int_equal(hits[i].visit == NULL, who < 0);
		if (hits[i].visit != NULL && hits[i].visit->visit_id == 0)
			hits[i].visit->visit_id = who + 1;
		if (hits[i].visit != NULL)
			assert_int_equal(hits[i].visit->visit_id, who + 1);
	}
	for (size_t i = 0; i < s.visits.n; i++) {
		int at = (int)s.visits.v[i]->visit_id - 1;

		compare(s.visits.v[i], &m->v[at]);
		stored[at] = *s.visits.v[i];
	}
	*n_stored = m->n;
	scene_close(&s);
}

static void
random_histories_agree_with_the_model(void **state)
{
	static struct ff_visit stored[512];

	(void)state;
	srand(20261121);
	for (int round = 0; round < 3000; round++) {
		struct model m = { .n = 0 };
		int          n_stored = 0;

		for (int batch = rand() % 6 + 1; batch > 0; batch--)
			random_batch(&m, stored, &n_stored);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_time_ends_a_visit),
		cmocka_unit_test(engagement_lengthens_but_never_begins),
		cmocka_unit_test(a_visit_crosses_midnight_under_one_identity),
		cmocka_unit_test(yesterdays_identity_ends_after_its_day),
		cmocka_unit_test(late_events_extend_what_is_stored),
		cmocka_unit_test(between_two_visits_the_begun_one_wins),
		cmocka_unit_test(sites_and_visitors_are_kept_apart),
		cmocka_unit_test(random_histories_agree_with_the_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
