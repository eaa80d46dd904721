/* recount.h - rollups worked out again from raw rows while those last, by SQL that shares nothing with the drain (functions
 * footfall_recount*): to verify them, and to count them anew after a purge or a fault. */
#ifndef FF_FACT_RECOUNT_H
#define FF_FACT_RECOUNT_H

#include "base/err.h"
#include "base/str.h"

struct ff_db;

/* First local day of a site that can be counted anew: raw rows are complete from it on, and hold all that is needed.
 * *upgraded: earlier raw rows are there, but from before the upgrade that brought what figures are made of today; from
 * those, events without identity would lose theirs by country, device, source. FF_NOT_FOUND: no raw rows are kept. */
enum ff_err ff_recount_since(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t *day, bool *upgraded)
    ff_must_check;

/* In the caller's transaction, which holds the drain's lock (figures_lock). Days must not be before ff_recount_since. */
enum ff_err ff_recount_day(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t day) ff_must_check;
/* Entries alone: where late events moved some (rollup_unsettled). */
enum ff_err ff_recount_entries(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t day) ff_must_check;
/* Made months with a day from first to last are made anew from their days. */
enum ff_err ff_recount_months(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t first, int32_t last) ff_must_check;

/* What one table says of a day or month, held against what it was made from. */
struct ff_verdict {
	struct ff_str table;    /* in the arena */
	int64_t       checked, wrong; /* rows */
	struct ff_str examples; /* of wrong ones, a line each */
};

#define FF_VERDICTS_MAX 8

/* Each table in one statement, so the drain may go on meanwhile. *n verdicts, at most FF_VERDICTS_MAX. */
enum ff_err ff_verify_day(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t day,
    struct ff_verdict out[FF_VERDICTS_MAX], size_t *n) ff_must_check;
/* A made month against its days; first: its first day. */
enum ff_err ff_verify_month(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t first,
    struct ff_verdict out[FF_VERDICTS_MAX], size_t *n) ff_must_check;
/* First days of the made months with a day from first to last, in arena. */
enum ff_err ff_months_between(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int32_t first, int32_t last,
    int32_t **out, size_t *n) ff_must_check;

#endif
