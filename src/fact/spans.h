/* spans.h - figures of whole months and weeks, made from their days once they are over in the site's zone, so that a long
 * range is few rows. Months outlive their days: from then on the drain adds to them what comes late (drain/spans.c). Weeks
 * only repeat what the days say: what changes a day takes its week back, and the task makes it anew. Until then the days
 * answer. */
#ifndef FF_FACT_SPANS_H
#define FF_FACT_SPANS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct ff_arena;
struct ff_db;

enum ff_span_kind { FF_SPAN_MONTH, FF_SPAN_WEEK };

struct ff_span {
	int32_t site_id, first; /* its first day; a week's is Monday */
};

/* Those to be made, the oldest first, at most max; they lie in arena. */
enum ff_err ff_spans_due(struct ff_db *db, struct ff_arena *arena, enum ff_span_kind kind, int64_t now_us, int max,
    struct ff_span **out, size_t *n) ff_must_check;
/* One, anew if it was made before. In the caller's transaction, which holds the drain's lock (figures_lock). */
enum ff_err ff_span_make(struct ff_db *db, struct ff_arena *arena, enum ff_span_kind kind, const struct ff_span *span)
	ff_must_check;

#endif
