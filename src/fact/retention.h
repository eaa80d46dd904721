/* retention.h - how long what is kept, by site.
 *
 * Single rows are kept by the UTC day, hours and days by the site's local day. footfall.conf says how long, a site may say
 * otherwise. Since when something is complete is remembered (table site_kept) and never moves back: what is older is deleted,
 * soon will be, or was never written. So whoever writes or reads a grain asks here, and all agree. */
#ifndef FF_FACT_RETENTION_H
#define FF_FACT_RETENTION_H

#include "base/err.h"
#include "store/db.h"

struct ff_zone;

/* In seconds; 0: for ever. */
struct ff_retention {
	int64_t raw_s, hours_s, days_s;
};

/* Since when. INT32_MIN, INT64_MIN: since ever. */
struct ff_kept {
	int32_t site_id;
	int32_t raw_from;      /* UTC day */
	int64_t hours_from_us; /* begins a local day */
	int32_t days_from;     /* local day; earlier ones of a month that rollup_month does not hold are there too */
};

/* Moves on what sites keep and says it, ascending by site_id; sites: an int[], null for all. In the transaction of a drain, or
 * of one that holds the drain's lock: so every row that was written before is counted on, every later one is told as late. */
enum ff_err ff_kept_move(struct ff_db *db, struct ff_arena *arena, struct ff_arg sites, int64_t now_us,
    const struct ff_retention *retention, struct ff_kept **out, size_t *n) ff_must_check;
enum ff_err ff_kept_find(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_kept *out) ff_must_check;
/* Whether figures by the hour (hours) or by the day from an instant on are there; else FF_INVALID, which says since when. */
enum ff_err ff_kept_check(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const struct ff_zone *zone, bool hours,
    int64_t from_us, struct ff_fault *fault) ff_must_check;
/* Whether archives were brought back so that all single rows of a time are there; since: the first day that has them anyway. */
enum ff_err ff_raw_restored(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int64_t from_us, int64_t to_us,
    int32_t since, bool *out) ff_must_check;
/* The first UTC day whose rows some site keeps: only from there on days have tables of their own. */
enum ff_err ff_retention_floor(struct ff_db *db, struct ff_arena *arena, int64_t now_us, int64_t raw_s,
    int32_t *day) ff_must_check;

#endif
