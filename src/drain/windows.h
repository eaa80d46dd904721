/* windows.h - which views of an item are unique, and which windows are qualified. Pure: no I/O.
 *
 * Events are taken in the order of the drain. A view with identity joins a window of its visitor and item if it lies less
 * than W (the site's unique_windows, by kind of item) behind or, come late, before its beginning: begun ones first.
 * Otherwise it begins one and is unique; a window never moves. W is at most a day, so the identity of yesterday, under
 * which windows of the UTC day before are looked for too, is enough: a window of 24 hours holds over midnight. The identity
 * of a viewer who is signed in lasts; of others, windows are looked for on the event's own UTC day and under that one.
 *
 * Attention (visible or played milliseconds, percent of the page, hundredths of the medium) of an event about the item goes
 * to the window that its view joined or, where it is no view, to the visitor's latest window of the item that began at or
 * before it, at most FF_WINDOW_TAIL_US or W ago: who reads on longer than W is still reading. Without a window it is
 * nobody's. A window is qualified once, when its attention reaches the site's rule `qualified`; played with the first
 * event of kind MEDIA; completed when that is called "ended" or FF_WINDOW_COMPLETE hundredths were watched. */
#ifndef FF_DRAIN_WINDOWS_H
#define FF_DRAIN_WINDOWS_H

#include "base/table.h"
#include "fact/event.h"
#include "fact/rules.h"

#define FF_WINDOW_TAIL_US  (INT64_C(6) * 3600 * 1000000)
#define FF_WINDOW_COMPLETE 90

struct ff_window {
	int64_t        content_id, started_us;
	uint64_t       visitor;
	struct ff_uuid event_id; /* of the view that began it */
	int64_t        engaged_ms;
	int32_t        site_id;
	uint8_t        percent; /* most of the page */
	uint8_t        watched[FF_WATCHED_BYTES];
	bool           auth, qualified, played, completed;
	bool           stored;  /* in the database before this batch; the three below are how it stood there */
	bool           was_qualified, was_played, was_completed;
	bool           touched; /* by this batch */
	struct ff_window *next; /* of the same visitor and item */
};

/* What an event means to windows of an item. */
struct ff_look {
	int32_t               site_id;
	int64_t               content_id;
	const struct ff_event *event;
	const struct ff_rule *window, *rule; /* of the item's kind */
	bool                  view;
};

struct ff_windows {
	struct ff_arena   *arena;
	struct ff_table    by_key;
	struct ff_window **v; /* all, in order of coming */
	size_t             n, cap;
};

void ff_windows_init(struct ff_windows *windows, struct ff_arena *arena); /* windows live in arena */
void ff_windows_free(struct ff_windows *windows);
void ff_windows_load(struct ff_windows *windows, const struct ff_window *window); /* one that is stored: copied */
/* True: the view began a window. *out: the window that the event belongs to; NULL = none. */
bool ff_windows_take(struct ff_windows *windows, const struct ff_look *look, struct ff_window **out);

/* Instants between which windows are to be looked up: of a lasting identity from *first_us up to *last_us, of another on the
 * event's own day; under yesterday's on the day before alone, if *first_us lies there. */
void ff_window_reach(const struct ff_look *look, int64_t *first_us, int64_t *last_us);

/* Does it say anything about attention? */
bool ff_event_attends(const struct ff_event *event);

#endif
