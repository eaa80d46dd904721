/* visiting.c - visits between the tables and visits.c: look up, number, save. */
#include "base/day.h"
#include "base/limits.h"
#include "drain/inside.h"
#include "drain/rows.h"
#include "drain/search.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the batch's events mean ---- */

static void
hit_fill(struct ff_visit_hit *hit, const struct ff_record *r, uint32_t seq)
{
	const struct ff_event *e = &r->event;
	bool                   listing = e->kind == FF_KIND_VIEW && e->view_type == FF_VIEW_LISTING;

	*hit = (struct ff_visit_hit){
		.site_id = r->site->site_id,
		.page = r->traits.label[FF_FIELD_PATH],
		.host = r->traits.label[FF_FIELD_HOSTNAME],
		.no_text = r->site->no_text,
		.visitor = e->visitor,
		.visitor_prev = e->visitor_prev,
		.ts_us = e->ts_us,
		.seq = seq,
		.engaged_ms = e->engaged_ms,
		.quiet = ff_kind_quiet(e->kind),
		.still = ff_kind_still(e->kind),
		.pageview = e->kind == FF_KIND_PAGEVIEW,
		.view = ff_record_views(r),
		.auth = (e->flags & FF_FLAG_AUTH) != 0,
		.traits = &r->traits,
	};
	hit->interactive = !hit->quiet && !listing && (e->flags & FF_FLAG_NON_INTERACTIVE) == 0;
}

static struct ff_visit_hit *
hits_of(struct ff_drain *drain, const struct ff_work *work, size_t *n)
{
	struct ff_visit_hit *hits = FF_NEW_N(&drain->scratch, work->n, struct ff_visit_hit);

	*n = 0;
	for (size_t i = 0; i < work->n; i++) {
		const struct ff_record *r = work->v[i];

		if (r->fate == FF_FATE_STORE && r->event.robot == 0 && r->event.visitor != 0)
			hit_fill(&hits[(*n)++], r, (uint32_t)i);
	}
	return hits;
}

/* ---- look up ---- */

static void
search_add(struct ff_searches *s, const struct ff_visit_hit *hit, uint64_t visitor, int32_t day)
{
	ff_searches_add(s, &(struct ff_search){ hit->site_id, day, visitor, hit->ts_us, hit->ts_us });
}

static void
searches_fill(struct ff_searches *s, const struct ff_visit_hit *hits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct ff_visit_hit *hit = &hits[i];
		int32_t                    first = ff_visit_day_first(hit->ts_us), before = ff_day_of_us(hit->ts_us) - 1;

		for (int32_t day = first; day <= ff_visit_day_last(hit->ts_us); day++)
			search_add(s, hit, hit->visitor, day);
		if (hit->visitor_prev != 0 && hit->visitor_prev != hit->visitor && before >= first)
			search_add(s, hit, hit->visitor_prev, before);
	}
}

/* The columns of visit_find. */
static void
visit_read(struct ff_visits *visits, const struct ff_rows *rows, int i)
{
	struct ff_visit v = { .visit_id = ff_row_i64(rows, i, 0), .visitor = (uint64_t)ff_row_i64(rows, i, 1) };
	int             c = 15;

	v.site_id = (int32_t)ff_row_i64(rows, i, 2);
	v.day = ff_row_day(rows, i, 3);
	v.now = (struct ff_visit_state){
		.started_us = ff_row_us(rows, i, 4),
		.last_us = ff_row_us(rows, i, 5),
		.engaged_ms = ff_row_i64(rows, i, 6),
		.pageviews = (int32_t)ff_row_i64(rows, i, 7),
		.views = (int32_t)ff_row_i64(rows, i, 8),
		.events = (int32_t)ff_row_i64(rows, i, 9),
		.interactive = (int32_t)ff_row_i64(rows, i, 10),
		.entry_page = (int32_t)ff_row_i64(rows, i, 11),
		.exit_page = (int32_t)ff_row_i64(rows, i, 12),
		.entry_host = (int32_t)ff_row_i64(rows, i, 13),
		.exit_host = (int32_t)ff_row_i64(rows, i, 14),
	};
	for (int f = FF_FIELD_SOURCE; f < FF_FIELD_COUNT; f++)
		v.traits.label[f] = (int32_t)ff_row_i64(rows, i, c++);
	v.traits.channel = (int16_t)ff_row_i64(rows, i, c++);
	v.traits.device = (int16_t)ff_row_i64(rows, i, c++);
	v.traits.screen = (int16_t)ff_row_i64(rows, i, c++);
	v.auth = ff_row_bool(rows, i, c);
	ff_visits_load(visits, &v);
}

struct finding {
	struct ff_drain  *drain;
	struct ff_visits *visits;
};

static enum ff_err
find_some(void *context, const struct ff_search *v, size_t n, int64_t from, int64_t to)
{
	const struct finding *f = context;
	struct ff_arena      *arena = &f->drain->scratch;
	struct ff_array      *visitors = ff_array_new(arena, FF_ARRAY_I64);
	struct ff_rows        rows;

	for (size_t i = 0; i < n; i++)
		ff_array_put(visitors, (int64_t)v[i].visitor);
	FF_TRY(ff_db_query(f->drain->db, arena, FF_STMT_VISIT_FIND,
	    (struct ff_arg[]){ ff_arg_day(arena, v->day), ff_arg_i64(arena, v->site_id), ff_array_arg(visitors),
	        ff_arg_time(arena, from - FF_VISIT_IDLE_S * FF_US_S), ff_arg_time(arena, to + FF_VISIT_IDLE_S * FF_US_S) },
	    5, &rows));
	for (int i = 0; i < rows.n; i++)
		visit_read(f->visits, &rows, i);
	return FF_OK;
}

static enum ff_err
find(struct ff_drain *drain, struct ff_visits *visits, const struct ff_visit_hit *hits, size_t n)
{
	struct ff_searches searches;

	ff_searches_init(&searches);
	searches_fill(&searches, hits, n);
	return ff_searches_run(&searches, find_some, &(struct finding){ drain, visits });
}

/* ---- number ---- */

static enum ff_err
number(struct ff_drain *drain, struct ff_visits *visits)
{
	struct ff_rows rows;
	struct ff_arg  arg;
	int64_t        fresh = 0, next;

	for (size_t i = 0; i < visits->n; i++)
		fresh += !visits->v[i]->stored;
	if (fresh == 0)
		return FF_OK;
	arg = ff_arg_i64(&drain->scratch, fresh);
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_VISIT_NUMBER, &arg, 1, &rows));
	next = ff_row_i64(&rows, 0, 0) - fresh + 1;
	for (size_t i = 0; i < visits->n; i++)
		if (!visits->v[i]->stored)
			visits->v[i]->visit_id = next++;
	return FF_OK;
}

/* Events that begin a visit give it their traits; those without one count by their own. */
static enum ff_err
traits_take(struct ff_drain *drain, struct ff_work *work)
{
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record *r = work->v[i];

		r->wanted = r->event.robot == 0 && (r->visit == NULL || r->visit->begun == &r->traits);
	}
	FF_TRY(ff_drain_traits(drain, work));
	for (size_t i = 0; i < work->visits.n; i++)
		if (!work->visits.v[i]->stored)
			work->visits.v[i]->traits = *work->visits.v[i]->begun;
	return FF_OK;
}

enum ff_err
ff_drain_visits(struct ff_drain *drain, struct ff_work *work)
{
	size_t         n;
	struct ff_visit_hit *hits = hits_of(drain, work, &n);

	FF_TRY(find(drain, &work->visits, hits, n));
	ff_visits_join(&work->visits, hits, n);
	for (size_t i = 0; i < n; i++)
		work->v[hits[i].seq]->visit = hits[i].visit;
	FF_TRY(traits_take(drain, work));
	return number(drain, &work->visits);
}

/* ---- save ---- */

/* The columns of visit_copy. */
static char *
visit_row(char *p, const struct ff_visit *v)
{
	const struct ff_visit_state *s = &v->now;

	p = ff_put_columns(p, 34);
	p = ff_put_i64(p, v->visit_id);
	p = ff_put_i64(p, (int64_t)v->visitor);
	p = ff_put_i64(p, s->started_us - FF_PG_EPOCH_US);
	p = ff_put_i64(p, s->last_us - FF_PG_EPOCH_US);
	p = ff_put_i64(p, s->engaged_ms);
	p = ff_put_i32(p, v->site_id);
	p = ff_put_i32(p, v->day - FF_PG_EPOCH_DAY);
	p = ff_put_i32(p, s->pageviews);
	p = ff_put_i32(p, s->views);
	p = ff_put_i32(p, s->events);
	p = ff_put_i32(p, s->interactive);
	p = ff_put_i32(p, s->entry_page);
	p = ff_put_i32(p, s->exit_page);
	p = ff_put_i32(p, s->entry_host);
	p = ff_put_i32(p, s->exit_host);
	for (int f = FF_FIELD_SOURCE; f < FF_FIELD_COUNT; f++)
		p = ff_put_i32(p, v->traits.label[f]);
	p = ff_put_i16(p, v->traits.channel);
	p = ff_put_i16(p, v->traits.device);
	p = ff_put_i16(p, v->traits.screen);
	return ff_put_bool(p, v->auth);
}

static enum ff_err
save_new(struct ff_drain *drain, const struct ff_visits *visits)
{
	struct ff_rows_out out;

	ff_rows_begin(&out, drain, FF_STMT_VISIT_COPY);
	for (size_t i = 0; i < visits->n; i++) {
		if (visits->v[i]->stored)
			continue;
		FF_TRY(ff_rows_next(&out, visit_row(ff_rows_place(&out), visits->v[i])));
	}
	return ff_rows_end(&out);
}

static int
visit_by_day(const void *a, const void *b)
{
	const struct ff_visit *x = *(struct ff_visit *const *)a, *y = *(struct ff_visit *const *)b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->visit_id < y->visit_id ? -1 : x->visit_id > y->visit_id;
}

/* The columns of visit_change behind its day, in order. */
enum { SITE, VISITOR, VISIT, STARTED, LAST, ENGAGED, PAGEVIEWS, VIEWS, EVENTS, INTERACTIVE, ENTRY, EXIT, ENTRY_HOST, EXIT_HOST,
	COLUMNS };

static const enum ff_array_type column_types[COLUMNS] = {
	FF_ARRAY_I32, FF_ARRAY_I64, FF_ARRAY_I64, FF_ARRAY_TIME, FF_ARRAY_TIME, FF_ARRAY_I64, FF_ARRAY_I32,
	FF_ARRAY_I32, FF_ARRAY_I32, FF_ARRAY_I32, FF_ARRAY_I32, FF_ARRAY_I32, FF_ARRAY_I32, FF_ARRAY_I32,
};

static enum ff_err
change_day(struct ff_drain *drain, struct ff_visit **v, size_t n)
{
	struct ff_array *c[COLUMNS];
	struct ff_arg    args[COLUMNS + 1];

	for (int i = 0; i < COLUMNS; i++)
		c[i] = ff_array_new(&drain->scratch, column_types[i]);
	for (size_t i = 0; i < n; i++) {
		const struct ff_visit_state *s = &v[i]->now;
		const int64_t                values[COLUMNS] = { v[i]->site_id, (int64_t)v[i]->visitor, v[i]->visit_id,
			s->started_us, s->last_us, s->engaged_ms, s->pageviews, s->views, s->events, s->interactive,
			s->entry_page, s->exit_page, s->entry_host, s->exit_host };

		for (int j = 0; j < COLUMNS; j++)
			ff_array_put(c[j], values[j]);
	}
	args[0] = ff_arg_day(&drain->scratch, v[0]->day);
	for (int i = 0; i < COLUMNS; i++)
		args[i + 1] = ff_array_arg(c[i]);
	return ff_db_exec(drain->db, FF_STMT_VISIT_CHANGE, args, COLUMNS + 1);
}

static enum ff_err
save_changed(struct ff_drain *drain, const struct ff_visits *visits)
{
	struct ff_visit **v = FF_NEW_N(&drain->scratch, visits->n, struct ff_visit *);
	size_t            n = 0;

	for (size_t i = 0; i < visits->n; i++)
		if (visits->v[i]->stored && visits->v[i]->touched)
			v[n++] = visits->v[i];
	if (n == 0)
		return FF_OK;
	qsort(v, n, sizeof(struct ff_visit *), visit_by_day);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && v[end]->day == v[i]->day; end++)
			;
		FF_TRY(change_day(drain, &v[i], end - i));
	}
	return FF_OK;
}

enum ff_err
ff_drain_visits_save(struct ff_drain *drain, struct ff_work *work)
{
	FF_TRY(save_new(drain, &work->visits));
	return save_changed(drain, &work->visits);
}
