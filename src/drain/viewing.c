/* viewing.c - windows between the tables and windows.c: look up, walk through the batch, save. */
#include "base/day.h"
#include "drain/inside.h"
#include "drain/rows.h"
#include "drain/search.h"

#include <stdlib.h>
#include <string.h>

struct looking {
	struct ff_record *record;
	struct ff_look    look;
};

/* An engagement that names no item is about the one that its page showed last (pages.c), if its visitor viewed that. */
static bool
look_of(const struct ff_record *r, struct ff_look *look)
{
	bool own = r->content_id != 0;

	if (r->fate != FF_FATE_STORE || r->event.robot != 0 || r->event.visitor == 0 || (!own && r->page_item == 0))
		return false;
	*look = (struct ff_look){ .site_id = r->site->site_id, .event = &r->event, .view = ff_record_views(r) };
	if (!look->view && !ff_event_attends(&r->event))
		return false;
	look->content_id = own ? r->content_id : r->page_item;
	look->window = ff_rules_of(&r->site->windows, own ? r->event.item.kind : r->page_kind);
	look->rule = ff_rules_of(&r->site->qualified, own ? r->event.item.kind : r->page_kind);
	return true;
}

/* ---- look up ---- */

static void
search_add(struct ff_searches *s, const struct ff_look *look, uint64_t visitor, int32_t day, int64_t first, int64_t last)
{
	ff_searches_add(s, &(struct ff_search){ look->site_id, day, visitor, first, last });
}

static void
searches_add(struct ff_searches *s, const struct ff_look *look)
{
	const struct ff_event *e = look->event;
	int32_t                day = ff_day_of_us(e->ts_us);
	int64_t                first, last;

	ff_window_reach(look, &first, &last);
	search_add(s, look, e->visitor, day, first, last);
	if (ff_day_of_us(last) > day && !ff_uuid_is_nil(&e->viewer))
		search_add(s, look, e->visitor, day + 1, first, last);
	if (ff_day_of_us(first) == day)
		return;
	if (!ff_uuid_is_nil(&e->viewer))
		search_add(s, look, e->visitor, day - 1, first, last);
	if (e->visitor_prev != 0 && e->visitor_prev != e->visitor)
		search_add(s, look, e->visitor_prev, day - 1, first, last);
}

/* The columns of window_find. */
static void
window_read(struct ff_drain *drain, struct ff_windows *windows, int32_t site_id, const struct ff_rows *rows, int i)
{
	struct ff_window w = { .site_id = site_id, .visitor = (uint64_t)ff_row_i64(rows, i, 0) };
	struct ff_str    watched = ff_row_null(rows, i, 9) ? FF_STR_NONE : ff_row_bytes(&drain->scratch, rows, i, 9);

	w.content_id = ff_row_i64(rows, i, 1);
	w.started_us = ff_row_us(rows, i, 2);
	w.engaged_ms = ff_row_i64(rows, i, 3);
	w.percent = (uint8_t)ff_row_i64(rows, i, 4);
	w.auth = ff_row_bool(rows, i, 5);
	w.qualified = ff_row_bool(rows, i, 6);
	w.played = ff_row_bool(rows, i, 7);
	w.completed = ff_row_bool(rows, i, 8);
	if (watched.len == sizeof w.watched)
		memcpy(w.watched, watched.p, sizeof w.watched);
	ff_windows_load(windows, &w);
}

struct finding {
	struct ff_drain   *drain;
	struct ff_windows *windows;
};

static enum ff_err
find_some(void *context, const struct ff_search *v, size_t n, int64_t from, int64_t to)
{
	const struct finding *f = context;
	struct ff_arena      *arena = &f->drain->scratch;
	struct ff_array      *visitors = ff_array_new(arena, FF_ARRAY_I64);
	int64_t               day_us = v->day * FF_US_DAY;
	struct ff_rows        rows;

	for (size_t i = 0; i < n; i++)
		ff_array_put(visitors, (int64_t)v[i].visitor);
	from = from < day_us ? day_us : from;
	to = to >= day_us + FF_US_DAY ? day_us + FF_US_DAY - 1 : to;
	FF_TRY(ff_db_query(f->drain->db, arena, FF_STMT_WINDOW_FIND,
	    (struct ff_arg[]){ ff_arg_i64(arena, v->site_id), ff_array_arg(visitors), ff_arg_time(arena, from),
	        ff_arg_time(arena, to) }, 4, &rows));
	for (int i = 0; i < rows.n; i++)
		window_read(f->drain, f->windows, v->site_id, &rows, i);
	return FF_OK;
}

static enum ff_err
find(struct ff_drain *drain, struct ff_work *work, const struct looking *v, size_t n)
{
	struct ff_searches searches;

	ff_searches_init(&searches);
	for (size_t i = 0; i < n; i++)
		searches_add(&searches, &v[i].look);
	return ff_searches_run(&searches, find_some, &(struct finding){ drain, &work->windows });
}

/* ---- walk ---- */

static struct looking *
looks_of(struct ff_drain *drain, const struct ff_work *work, size_t *n)
{
	struct looking *v = FF_NEW_N(&drain->scratch, work->n, struct looking);

	*n = 0;
	for (size_t i = 0; i < work->n; i++) {
		ff_work_ahead(work, i);
		v[*n].record = work->v[i];
		*n += look_of(work->v[i], &v[*n].look);
	}
	return v;
}

enum ff_err
ff_drain_windows(struct ff_drain *drain, struct ff_work *work)
{
	size_t            n;
	struct looking   *v = looks_of(drain, work, &n);
	struct ff_window *window;

	FF_TRY(find(drain, work, v, n));
	for (size_t i = 0; i < n; i++) {
		if (ff_windows_take(&work->windows, &v[i].look, &window))
			v[i].record->event.flags |= FF_FLAG_UNIQUE;
		if (window != NULL)
			v[i].record->content_id = v[i].look.content_id;
	}
	return FF_OK;
}

/* ---- save ---- */

/* The columns of window_copy. */
static char *
window_row(char *p, const struct ff_window *w)
{
	static const uint8_t nothing[FF_WATCHED_BYTES];

	p = ff_put_columns(p, 12);
	p = ff_put_i64(p, w->started_us - FF_PG_EPOCH_US);
	p = ff_put_i64(p, w->content_id);
	p = ff_put_i64(p, (int64_t)w->visitor);
	p = ff_put_i64(p, w->engaged_ms);
	p = ff_put_bytes(p, w->event_id.b, sizeof w->event_id.b);
	p = ff_put_i32(p, w->site_id);
	p = ff_put_i16(p, w->percent);
	p = ff_put_bool(p, w->auth);
	p = ff_put_bool(p, w->qualified);
	p = ff_put_bool(p, w->played);
	p = ff_put_bool(p, w->completed);
	if (memcmp(w->watched, nothing, sizeof nothing) == 0)
		return ff_put_null(p);
	return ff_put_bytes(p, w->watched, sizeof w->watched);
}

static int
by_key(const void *a, const void *b)
{
	const struct ff_window *x = *(struct ff_window *const *)a, *y = *(struct ff_window *const *)b;

	if (x->site_id != y->site_id)
		return x->site_id < y->site_id ? -1 : 1;
	if (x->visitor != y->visitor)
		return x->visitor < y->visitor ? -1 : 1;
	if (x->content_id != y->content_id)
		return x->content_id < y->content_id ? -1 : 1;
	return x->started_us < y->started_us ? -1 : x->started_us > y->started_us;
}

/* Those that are new (or changed), in the order of their index. */
static struct ff_window **
pick(struct ff_drain *drain, const struct ff_windows *windows, bool stored, size_t *n)
{
	struct ff_window **v = FF_NEW_N(&drain->scratch, windows->n, struct ff_window *);

	*n = 0;
	for (size_t i = 0; i < windows->n; i++)
		if (windows->v[i]->touched && windows->v[i]->stored == stored)
			v[(*n)++] = windows->v[i];
	if (*n > 0)
		qsort(v, *n, sizeof(struct ff_window *), by_key);
	return v;
}

static enum ff_err
save_new(struct ff_drain *drain, const struct ff_windows *windows)
{
	struct ff_rows_out out;
	size_t             n;
	struct ff_window **v = pick(drain, windows, false, &n);

	ff_rows_begin(&out, drain, FF_STMT_WINDOW_COPY);
	for (size_t i = 0; i < n; i++)
		FF_TRY(ff_rows_next(&out, window_row(ff_rows_place(&out), v[i])));
	return ff_rows_end(&out);
}

/* The columns of window_change. */
enum { SITE, VISITOR, CONTENT, STARTED, ENGAGED, PERCENT, QUALIFIED, PLAYED, COMPLETED, COLUMNS };

static const enum ff_array_type column_types[COLUMNS] = {
	FF_ARRAY_I32, FF_ARRAY_I64, FF_ARRAY_I64, FF_ARRAY_TIME, FF_ARRAY_I64, FF_ARRAY_I16, FF_ARRAY_BOOL, FF_ARRAY_BOOL,
	FF_ARRAY_BOOL,
};

static enum ff_err
save_changed(struct ff_drain *drain, const struct ff_windows *windows)
{
	struct ff_array   *c[COLUMNS], *watched = ff_array_new(&drain->scratch, FF_ARRAY_BYTES);
	struct ff_arg      args[COLUMNS + 3];
	int64_t            from = INT64_MAX, to = INT64_MIN;
	size_t             n;
	struct ff_window **v = pick(drain, windows, true, &n);

	if (n == 0)
		return FF_OK;
	for (int j = 0; j < COLUMNS; j++)
		c[j] = ff_array_new(&drain->scratch, column_types[j]);
	for (size_t i = 0; i < n; i++) {
		const struct ff_window *w = v[i];
		const int64_t           values[COLUMNS] = { w->site_id, (int64_t)w->visitor, w->content_id, w->started_us,
			w->engaged_ms, w->percent, w->qualified, w->played, w->completed };

		for (int j = 0; j < COLUMNS; j++)
			ff_array_put(c[j], values[j]);
		ff_array_put_str(watched, ff_str_of((const char *)w->watched, sizeof w->watched));
		from = w->started_us < from ? w->started_us : from;
		to = w->started_us > to ? w->started_us : to;
	}
	for (int j = 0; j < COLUMNS; j++)
		args[j] = ff_array_arg(c[j]);
	args[COLUMNS] = ff_array_arg(watched);
	args[COLUMNS + 1] = ff_arg_time(&drain->scratch, from);
	args[COLUMNS + 2] = ff_arg_time(&drain->scratch, to);
	return ff_db_exec(drain->db, FF_STMT_WINDOW_CHANGE, args, COLUMNS + 3);
}

enum ff_err
ff_drain_windows_save(struct ff_drain *drain, struct ff_work *work)
{
	FF_TRY(save_new(drain, &work->windows));
	return save_changed(drain, &work->windows);
}
