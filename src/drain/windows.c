#include "drain/windows.h"

#include "base/day.h"

#include <stdlib.h>
#include <string.h>

void
ff_windows_init(struct ff_windows *windows, struct ff_arena *arena)
{
	*windows = (struct ff_windows){ .arena = arena };
	ff_table_init(&windows->by_key);
}

void
ff_windows_free(struct ff_windows *windows)
{
	ff_table_free(&windows->by_key);
	free(windows->v);
}

enum { KEY = 20 };

static struct ff_str
key_of(char key[KEY], int32_t site_id, uint64_t visitor, int64_t content_id)
{
	memcpy(key, &site_id, 4);
	memcpy(key + 4, &visitor, 8);
	memcpy(key + 12, &content_id, 8);
	return ff_str_of(key, KEY);
}

static struct ff_window *
window_add(struct ff_windows *windows, int32_t site_id, uint64_t visitor, int64_t content_id)
{
	struct ff_window *window = FF_NEW(windows->arena, struct ff_window);
	char              key[KEY];
	int64_t          *first;
	bool              added;

	if (windows->n == windows->cap) {
		windows->cap = windows->cap == 0 ? 1024 : windows->cap * 2;
		windows->v = ff_xrealloc(windows->v, windows->cap * sizeof *windows->v);
	}
	first = ff_table_put(&windows->by_key, key_of(key, site_id, visitor, content_id), (int64_t)windows->n, &added);
	if (!added) { /* behind the first, whose place the table holds */
		window->next = windows->v[*first]->next;
		windows->v[*first]->next = window;
	}
	windows->v[windows->n++] = window;
	return window;
}

void
ff_windows_load(struct ff_windows *windows, const struct ff_window *window)
{
	struct ff_window *copy = window_add(windows, window->site_id, window->visitor, window->content_id);
	struct ff_window *next = copy->next;

	*copy = *window;
	copy->next = next;
	copy->stored = true;
	copy->touched = false;
	copy->was_qualified = copy->qualified;
	copy->was_played = copy->played;
	copy->was_completed = copy->completed;
}

/* ---- find ---- */

static int64_t
width_of(const struct ff_look *look)
{
	return look->window->window_s * FF_US_S;
}

static int64_t
tail_of(const struct ff_look *look)
{
	int64_t width = width_of(look);

	return look->view || width > FF_WINDOW_TAIL_US ? width : FF_WINDOW_TAIL_US;
}

/* Signed in, one identity lasts. */
static bool
is_lasting(const struct ff_event *event)
{
	return !ff_uuid_is_nil(&event->viewer);
}

void
ff_window_reach(const struct ff_look *look, int64_t *first_us, int64_t *last_us)
{
	int64_t ts = look->event->ts_us;

	*first_us = ts - tail_of(look);
	*last_us = look->view ? ts + width_of(look) : ts;
}

/* Of two in reach: begun beats not begun, then the nearest. */
static bool
better(const struct ff_window *a, const struct ff_window *b, int64_t ts)
{
	bool a_begun = a->started_us <= ts, b_begun = b->started_us <= ts;

	if (a_begun != b_begun)
		return a_begun;
	return (a->started_us > b->started_us) == a_begun;
}

static struct ff_window *
best_of(const struct ff_windows *windows, const struct ff_look *look, uint64_t visitor, int32_t day_first, int32_t day_last)
{
	int64_t           ts = look->event->ts_us, tail = tail_of(look), width = width_of(look);
	struct ff_window *best = NULL;
	char              key[KEY];
	int64_t          *first;

	first = ff_table_find(&windows->by_key, key_of(key, look->site_id, visitor, look->content_id));
	for (struct ff_window *w = first == NULL ? NULL : windows->v[*first]; w != NULL; w = w->next) {
		int64_t age = ts - w->started_us;
		int32_t day = ff_day_of_us(w->started_us);

		if (age < tail && (age >= 0 || (look->view && -age < width)) && day >= day_first && day <= day_last &&
		    (best == NULL || better(w, best, ts)))
			best = w;
	}
	return best;
}

static struct ff_window *
window_for(const struct ff_windows *windows, const struct ff_look *look)
{
	const struct ff_event *e = look->event;
	int32_t                day = ff_day_of_us(e->ts_us);
	struct ff_window      *own, *prev;

	own = best_of(windows, look, e->visitor, day - is_lasting(e), day + is_lasting(e));
	if (e->visitor_prev == 0 || e->visitor_prev == e->visitor)
		return own;
	prev = best_of(windows, look, e->visitor_prev, day - 1, day - 1);
	if (own == NULL || prev == NULL)
		return own == NULL ? prev : own;
	return better(prev, own, e->ts_us) ? prev : own;
}

/* ---- take ---- */

bool
ff_event_attends(const struct ff_event *event)
{
	bool watched = false;

	for (size_t i = 0; i < sizeof event->watched; i++)
		watched = watched || event->watched[i] != 0;
	return event->engaged_ms > 0 || event->scroll <= 100 || watched || event->kind == FF_KIND_MEDIA;
}

static int
hundredths(const uint8_t watched[FF_WATCHED_BYTES])
{
	int n = 0;

	for (size_t i = 0; i < FF_WATCHED_BYTES; i++)
		n += __builtin_popcount(watched[i]);
	return n > 100 ? 100 : n;
}

static bool
reaches(const struct ff_window *w, const struct ff_rule *rule)
{
	if (rule->seconds != 0 && w->engaged_ms >= rule->seconds * INT64_C(1000))
		return true;
	return rule->percent != 0 && (w->percent >= rule->percent || hundredths(w->watched) >= rule->percent);
}

/* What no longer matters is not kept, so that most windows are written once. */
static void
attend(struct ff_window *w, const struct ff_look *look)
{
	const struct ff_event *e = look->event;
	struct ff_window       before = *w;

	for (size_t i = 0; i < sizeof w->watched; i++)
		w->watched[i] |= e->watched[i];
	if (!w->qualified) {
		w->engaged_ms += e->engaged_ms;
		if (e->scroll <= 100 && e->scroll > w->percent)
			w->percent = e->scroll;
		w->qualified = reaches(w, look->rule);
	}
	w->played = w->played || e->kind == FF_KIND_MEDIA;
	w->completed = w->completed || (e->kind == FF_KIND_MEDIA &&
	    (ff_str_eqz(e->name, "ended") || hundredths(w->watched) >= FF_WINDOW_COMPLETE));
	w->touched = w->touched || w->engaged_ms != before.engaged_ms || w->percent != before.percent ||
	    w->qualified != before.qualified || w->played != before.played || w->completed != before.completed ||
	    memcmp(w->watched, before.watched, sizeof w->watched) != 0;
}

static struct ff_window *
window_begin(struct ff_windows *windows, const struct ff_look *look)
{
	const struct ff_event *e = look->event;
	struct ff_window      *w = window_add(windows, look->site_id, e->visitor, look->content_id);

	w->content_id = look->content_id;
	w->started_us = e->ts_us;
	w->visitor = e->visitor;
	w->event_id = e->event_id;
	w->site_id = look->site_id;
	w->auth = (e->flags & FF_FLAG_AUTH) != 0;
	w->touched = true;
	return w;
}

bool
ff_windows_take(struct ff_windows *windows, const struct ff_look *look, struct ff_window **out)
{
	struct ff_window *w = window_for(windows, look);
	bool              unique = w == NULL && look->view;

	if (unique)
		w = window_begin(windows, look);
	if (w != NULL && ff_event_attends(look->event))
		attend(w, look);
	*out = w;
	return unique;
}
