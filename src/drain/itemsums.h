/* itemsums.h - the sums of one batch by (site, bucket, item, signed in or not), for one grain. In memory only. */
#ifndef FF_DRAIN_ITEMSUMS_H
#define FF_DRAIN_ITEMSUMS_H

#include "drain/rollup.h"

/* What items have beyond the sums of every dimension. */
#define FF_ITEM_SUMS(X)                                                                                   \
	X(UNIQUES) X(QUALIFIED) X(IMPRESSIONS) X(CLICKS) X(PLAYS) X(COMPLETIONS) X(REACTIONS) X(COMMENTS) \
	X(SHARES) X(FOLLOWS)

enum ff_item_sum {
#define FF_ITEM_SUM_ENUM(id) FF_ITEM_##id,
	FF_ITEM_SUMS(FF_ITEM_SUM_ENUM)
#undef FF_ITEM_SUM_ENUM
	FF_ITEM_SUM_COUNT
};

struct ff_item_sums {
	int64_t v[FF_ITEM_SUM_COUNT];
};

/* The rollup's keys: dim = 1 for signed-in viewers, else 0; value = the item. */
struct ff_item_rollup {
	struct ff_rollup     base;
	struct ff_item_sums *more; /* by the number of the base's row */
	size_t               cap;
};

void ff_item_rollup_init(struct ff_item_rollup *rollup, struct ff_arena *arena);
void ff_item_rollup_free(struct ff_item_rollup *rollup);
void ff_item_rollup_clear(struct ff_item_rollup *rollup);
void ff_item_rollup_add(struct ff_item_rollup *rollup, const struct ff_rollup_key *key, const struct ff_sums *sums,
    const struct ff_item_sums *more, int64_t visitor);
void ff_item_rollup_fold(struct ff_item_rollup *into, const struct ff_item_rollup *from, ff_bucket_fn *bucket,
    const void *context);

#endif
