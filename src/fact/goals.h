/* goals.h - what a site wants to see happen: an event of a name, a visit to a page, a page read down to some percent. */
#ifndef FF_FACT_GOALS_H
#define FF_FACT_GOALS_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

struct ff_db;

/* Of one site: a question reads them all. */
#define FF_GOALS_MAX 1000

enum ff_goal_kind { FF_GOAL_EVENT, FF_GOAL_PAGE, FF_GOAL_SCROLL, FF_GOAL_KIND_COUNT };

/* Texts are never NULL; what a kind has no use for is empty or 0. */
struct ff_goal {
	int32_t           goal_id;
	enum ff_goal_kind kind;
	struct ff_str     name;       /* shown, and asked for in filters; one of each on a site */
	struct ff_str     event_name; /* EVENT: the whole name */
	struct ff_str     path;       /* PAGE, SCROLL: a whole path; "*" within a segment, "**" beyond */
	int               scroll;     /* SCROLL: 1 to 100, percent that a visitor has seen at least */
	struct ff_str     currency;   /* of its revenue ("EUR"); empty: none is counted */
};

const char *ff_goal_kind_name(enum ff_goal_kind kind); /* "event", "page", "scroll" */
bool        ff_goal_kind_parse(struct ff_str name, enum ff_goal_kind *out);

/* All goals of the site in the order they were made. */
enum ff_err ff_goals_load(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_goal **out,
    size_t *n) ff_must_check;
/* Adds *goal, or finds the one that means the same (kind, event name, path, scroll; its name and currency stay);
 * *goal is what is stored then. An empty name becomes the event's, "Visit PATH" or "Scroll N% on PATH". FF_INVALID
 * (name, event_name, path, scroll, currency; or goals: there are too many), FF_CONFLICT (name: another goal has it). */
enum ff_err ff_goals_add(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_goal *goal, bool *added,
    struct ff_fault *fault) ff_must_check;
/* *name: what it was called. FF_NOT_FOUND. */
enum ff_err ff_goals_remove(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int64_t goal_id,
    struct ff_str *name) ff_must_check;

#endif
