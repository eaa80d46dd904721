/* purge.h - taking robots out of the figures after the fact, by a rule, and putting them back.
 *
 * A rule is conditions separated by spaces, all of which must hold for a visit:
 *   country=CN city=... browser=... os=... language=... source=... utm_source=...   as the pages show them
 *   referrer=spam.example    that host, or one below it
 *   page=/wp-*               it saw such a page; * stands for anything
 *   events>500               more events than that
 *   rate>60                  more events than that in one minute of the clock
 *   engaged=0                it never showed a sign of attention
 * A value with spaces stands in double quotes. The whole visit goes: out of rollups and counters, its events marked as
 * robots (FF_ROBOT_PURGED). Events without a visit (counted without identity) cannot be told and stay. */
#ifndef FF_FACT_PURGE_H
#define FF_FACT_PURGE_H

#include "base/err.h"
#include "base/str.h"

struct ff_db;

struct ff_purge_rule {
	struct ff_str country, city, browser, os, language, source, referrer, utm_source;
	struct ff_str page;         /* pattern of SQL's LIKE */
	int64_t       events, rate; /* 0 = not asked */
	bool          unengaged;
};

/* FF_INVALID with field "rule" and why. A rule without conditions is none. */
enum ff_err ff_purge_rule_parse(struct ff_arena *arena, struct ff_str text, struct ff_purge_rule *out,
    struct ff_fault *fault) ff_must_check;

struct ff_purge {
	int32_t       site_id;
	struct ff_str text;           /* the rule as given */
	int64_t       from_us, to_us; /* visits begun in [from, to) */
	int64_t       purge_id, visits, events; /* out */
};

/* Within the caller's transaction, so that a preview is the same and then rolled back. Keeps the drain waiting meanwhile.
 * FF_INVALID: single visits of the first day are not kept any more. */
enum ff_err ff_purge_apply(struct ff_db *db, struct ff_arena *arena, const struct ff_purge_rule *rule,
    struct ff_purge *purge, struct ff_fault *fault) ff_must_check;
/* The same way back. FF_NOT_FOUND; FF_CONFLICT: undone already; FF_INVALID: its events are not kept any more. */
enum ff_err ff_purge_undo(struct ff_db *db, struct ff_arena *arena, int64_t purge_id, struct ff_purge *out,
    struct ff_fault *fault) ff_must_check;

#endif
