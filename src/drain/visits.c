#include "drain/visits.h"

#include "base/day.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

#define IDLE_US (FF_VISIT_IDLE_S * FF_US_S)

void
ff_visits_init(struct ff_visits *visits, struct ff_arena *arena)
{
	*visits = (struct ff_visits){ .arena = arena };
	ff_table_init(&visits->by_visitor);
}

void
ff_visits_free(struct ff_visits *visits)
{
	ff_table_free(&visits->by_visitor);
	free(visits->v);
}

int32_t
ff_visit_day_first(int64_t ts_us)
{
	return ff_day_of_us(ts_us - FF_VISIT_NIGHT_US);
}

int32_t
ff_visit_day_last(int64_t ts_us)
{
	return ff_day_of_us(ts_us + IDLE_US);
}

static struct ff_str
visitor_key(char key[12], int32_t site_id, uint64_t visitor)
{
	memcpy(key, &site_id, 4);
	memcpy(key + 4, &visitor, 8);
	return ff_str_of(key, 12);
}

static struct ff_visit *
chain_of(const struct ff_visits *visits, int32_t site_id, uint64_t visitor)
{
	char     key[12];
	int64_t *first = ff_table_find(&visits->by_visitor, visitor_key(key, site_id, visitor));

	return first == NULL ? NULL : visits->v[*first];
}

static struct ff_visit *
visit_add(struct ff_visits *visits, int32_t site_id, uint64_t visitor)
{
	struct ff_visit *visit = FF_NEW(visits->arena, struct ff_visit);
	char             key[12];
	int64_t         *first;
	bool             added;

	if (visits->n == visits->cap) {
		visits->cap = visits->cap == 0 ? 1024 : visits->cap * 2;
		visits->v = ff_xrealloc(visits->v, visits->cap * sizeof *visits->v);
	}
	first = ff_table_put(&visits->by_visitor, visitor_key(key, site_id, visitor), (int64_t)visits->n, &added);
	if (!added) { /* behind the first, whose place the table holds */
		visit->next = visits->v[*first]->next;
		visits->v[*first]->next = visit;
	}
	visits->v[visits->n++] = visit;
	return visit;
}

void
ff_visits_load(struct ff_visits *visits, const struct ff_visit *visit)
{
	struct ff_visit *copy = visit_add(visits, visit->site_id, visit->visitor);
	struct ff_visit *next = copy->next;

	*copy = *visit;
	copy->next = next;
	copy->old = copy->now;
	copy->stored = true;
	copy->touched = false;
	copy->cells = NULL;
}

static bool
in_reach(const struct ff_visit *v, int64_t ts, int32_t day_last)
{
	return ts >= v->now.started_us - IDLE_US && ts <= v->now.last_us + IDLE_US &&
	       v->day >= ff_visit_day_first(ts) && v->day <= day_last;
}

/* Of two in reach of ts: begun beats not begun, then the latest start before ts, the earliest behind it; the older
 * number decides between equals. */
static bool
better(const struct ff_visit *a, const struct ff_visit *b, int64_t ts)
{
	bool a_begun = a->now.started_us <= ts, b_begun = b->now.started_us <= ts;

	if (a_begun != b_begun)
		return a_begun;
	if (a->now.started_us != b->now.started_us)
		return (a->now.started_us > b->now.started_us) == a_begun;
	return a->visit_id != 0 && (b->visit_id == 0 || a->visit_id < b->visit_id);
}

static struct ff_visit *
best_of(const struct ff_visits *visits, int32_t site_id, uint64_t visitor, int64_t ts, int32_t day_last)
{
	struct ff_visit *best = NULL;

	for (struct ff_visit *v = chain_of(visits, site_id, visitor); v != NULL; v = v->next)
		if (in_reach(v, ts, day_last) && (best == NULL || better(v, best, ts)))
			best = v;
	return best;
}

static struct ff_visit *
visit_for(const struct ff_visits *visits, const struct ff_visit_hit *hit)
{
	struct ff_visit *own = best_of(visits, hit->site_id, hit->visitor, hit->ts_us, ff_visit_day_last(hit->ts_us));
	struct ff_visit *prev;

	if (hit->visitor_prev == 0 || hit->visitor_prev == hit->visitor)
		return own;
	prev = best_of(visits, hit->site_id, hit->visitor_prev, hit->ts_us, ff_day_of_us(hit->ts_us) - 1);
	if (own == NULL || prev == NULL)
		return own == NULL ? prev : own;
	return better(prev, own, hit->ts_us) ? prev : own;
}

static struct ff_visit *
visit_begin(struct ff_visits *visits, const struct ff_visit_hit *hit)
{
	struct ff_visit *v = visit_add(visits, hit->site_id, hit->visitor);

	v->visitor = hit->visitor;
	v->site_id = hit->site_id;
	v->day = ff_day_of_us(hit->ts_us);
	v->begun = hit->traits;
	v->auth = hit->auth;
	v->now.started_us = v->now.last_us = hit->ts_us;
	v->now.entry_page = v->now.exit_page = hit->no_text;
	v->now.entry_host = v->now.exit_host = hit->no_text;
	return v;
}

static void
visit_take(struct ff_visit *v, const struct ff_visit_hit *hit)
{
	struct ff_visit_state *s = &v->now;

	if (hit->pageview && (s->pageviews == 0 || hit->ts_us < s->started_us)) {
		s->entry_page = hit->page;
		s->entry_host = hit->host;
	}
	if (hit->pageview && (s->pageviews == 0 || hit->ts_us >= s->last_us)) {
		s->exit_page = hit->page;
		s->exit_host = hit->host;
	}
	if (hit->ts_us < s->started_us && !hit->still)
		s->started_us = hit->ts_us;
	if (hit->ts_us > s->last_us && !hit->still)
		s->last_us = hit->ts_us;
	s->engaged_ms += hit->engaged_ms;
	s->pageviews += hit->pageview;
	s->views += hit->view;
	s->events += !hit->quiet;
	s->interactive += hit->interactive;
	v->touched = true;
}

static int
by_time(const void *a, const void *b)
{
	const struct ff_visit_hit *x = a, *y = b;

	if (x->ts_us != y->ts_us)
		return x->ts_us < y->ts_us ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

void
ff_visits_join(struct ff_visits *visits, struct ff_visit_hit *hits, size_t n)
{
	qsort(hits, n, sizeof *hits, by_time);
	for (size_t i = 0; i < n; i++) {
		struct ff_visit_hit *hit = &hits[i];

		hit->visit = visit_for(visits, hit);
		if (hit->visit == NULL && !hit->quiet)
			hit->visit = visit_begin(visits, hit);
		if (hit->visit != NULL)
			visit_take(hit->visit, hit);
	}
}
