/* watched.h - how far media are watched, beyond the life of single rows: of the windows in which an item was played, how
 * many saw each hundredth of it. By the task "watched"; fact/item_stats.h reads it. */
#ifndef FF_FACT_WATCHED_H
#define FF_FACT_WATCHED_H

#include "fact/list_site.h"

/* Counts the newest UTC days anew (all that are complete, once a day) and adds up those whose rows may go soon.
 * *changed = rows that did. */
enum ff_err ff_watched_make(struct ff_db *db, struct ff_arena *arena, const struct ff_list_site *site, int64_t *changed)
	ff_must_check;

#endif
