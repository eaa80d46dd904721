/* months.h - a month's figures, made from its days once it is over in the site's zone. From then on the drain adds to them
 * what comes late (drain/months.c); until then the days answer. */
#ifndef FF_FACT_MONTHS_H
#define FF_FACT_MONTHS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct ff_arena;
struct ff_db;

struct ff_month {
	int32_t site_id, first; /* its first day */
};

/* Those to be made, the oldest first, at most max; they lie in arena. */
enum ff_err ff_months_due(struct ff_db *db, struct ff_arena *arena, int64_t now_us, int max, struct ff_month **out,
    size_t *n) ff_must_check;
/* One month, anew if it was made before. In the caller's transaction, which holds the drain's lock (figures_lock). */
enum ff_err ff_month_make(struct ff_db *db, struct ff_arena *arena, const struct ff_month *month) ff_must_check;

#endif
