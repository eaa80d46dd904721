/* together.h - "viewed together": for each item those that the same visitors saw on the same local day, by the task
 * "together".
 *
 * Pairs are counted by day and remembered for lists.together_days. The work is bounded: a visitor's first
 * lists.together_items items of a day, the FF_PAIRS_DAY_MAX pairs of a day with most visitors, lists.related for an item. */
#ifndef FF_FACT_TOGETHER_H
#define FF_FACT_TOGETHER_H

#include "fact/lists.h"

#define FF_PAIRS_DAY_MAX 50000

/* Counts pairs anew and scores them; *changed = rows of both that did. */
enum ff_err ff_together_make(struct ff_db *db, struct ff_arena *arena, const struct ff_conf *conf,
    const struct ff_list_site *site, int64_t *changed) ff_must_check;
/* FF_NOT_FOUND: no such item, or it was removed. */
enum ff_err ff_together_read(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str kind,
    struct ff_str key, int64_t limit, struct ff_listing *out) ff_must_check;

#endif
