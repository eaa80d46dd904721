/* public.h - counters that anybody may read, of sites that allow it (site.public_counters). Private and removed items, and
 * pages that were about such a one last, are as unknown as those that never were. */
#ifndef FF_FACT_PUBLIC_H
#define FF_FACT_PUBLIC_H

#include "base/err.h"
#include "fact/query.h"

struct ff_public_count {
	bool    known;
	int64_t pageviews, visitors; /* visitors: docs/counting.md; over several days an estimate where there are many */
};

/* known = false: counts are zero. */
enum ff_err ff_public_item(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us,
    struct ff_str kind, struct ff_str key, struct ff_counts *out) ff_must_check;
/* Of a page, or with FF_STR_NONE of the whole site, on the local days of range. */
enum ff_err ff_public_page(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us,
    struct ff_str path, const struct ff_range *range, struct ff_public_count *out) ff_must_check;

#endif
