/* reset.h - sets the counters of items back to 0 by hand. Totals and all figures stay as they are. */
#ifndef FF_FACT_RESET_H
#define FF_FACT_RESET_H

#include "fact/site.h"

struct ff_db;

/* A purge, and its undo, then leave alone what came before (by the events' own times), for these counters.
 * Of the site's local day or month at now_us; item NULL: of all its items. actor goes into the audit, with the first of them.
 * *n: how many showed something else than 0. Repeating it after an error does no harm. FF_NOT_FOUND: no such item. */
enum ff_err ff_counters_reset(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, bool month,
    const struct ff_site_item *item, struct ff_str actor, int64_t now_us, int64_t *n) ff_must_check;

#endif
