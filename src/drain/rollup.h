/* rollup.h - the sums of one batch by (site, dimension, bucket, value), for one grain. In memory only.
 *
 * Events are added to hours alone; days are folded from hours and months from days, so that the many are looked up once. */
#ifndef FF_DRAIN_ROLLUP_H
#define FF_DRAIN_ROLLUP_H

#include "base/str.h"

struct ff_sums {
	int64_t visits, bounces, duration_s, pageviews, views, events, engaged_ms;
	int64_t uniques; /* of breakdowns of items alone */
};

struct ff_rollup_key {
	int32_t  site_id;
	uint32_t dim;
	int32_t  day;    /* local one of an hour; else the bucket's first */
	int64_t  bucket; /* instant in us (hours), day (days, months); in breakdowns the item */
	int64_t  value;
};

struct ff_rollup_row {
	struct ff_rollup_key key;
	struct ff_sums       sums;
	int64_t             *visitors; /* in order of coming, repeated; ascending and distinct after _sort */
	uint32_t             n, cap;
	uint32_t             no; /* in order of coming */
	bool                 beyond; /* a cap: it has no row of its own (values.c) */
};

struct ff_rollup {
	struct ff_arena       *arena; /* of the visitors */
	struct ff_rollup_row  *rows;
	uint32_t              *slots; /* row number + 1, open addressing */
	size_t                 n, cap, n_slots;
};

void ff_rollup_init(struct ff_rollup *rollup, struct ff_arena *arena);
void ff_rollup_free(struct ff_rollup *rollup);
void ff_rollup_clear(struct ff_rollup *rollup); /* before the arena's reset */
/* visitor 0: none. Returns the row's number, which outlives sorting. */
uint32_t ff_rollup_add(struct ff_rollup *rollup, const struct ff_rollup_key *key, const struct ff_sums *sums,
    int64_t visitor);
/* In order of the tables' keys. */
int ff_rollup_compare(const struct ff_rollup_key *a, const struct ff_rollup_key *b);
/* Orders rows by site, dimension, bucket, value, as the tables' keys, or by site, bucket, day, dimension, value; and their
 * visitors. Nothing may be added afterwards but by folding into another. */
void ff_rollup_sort(struct ff_rollup *rollup);
void ff_rollup_sort_by_bucket(struct ff_rollup *rollup);
/* Adds a sorted rollup's rows to a coarser one. bucket: the coarser day; INT32_MIN leaves a row out. Visitors may stay those
 * of `from`: both live as long as the arena. */
typedef int32_t ff_bucket_fn(const void *context, const struct ff_rollup_key *key);
void ff_rollup_fold(struct ff_rollup *into, const struct ff_rollup *from, ff_bucket_fn *bucket, const void *context);
/* One row of `from` under another key; returns the number of the row that it went to. */
uint32_t ff_rollup_merge(struct ff_rollup *into, const struct ff_rollup_row *row, const struct ff_rollup_key *key);

#endif
