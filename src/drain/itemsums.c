#include "drain/itemsums.h"

#include <stdlib.h>
#include <string.h>

void
ff_item_rollup_init(struct ff_item_rollup *rollup, struct ff_arena *arena)
{
	*rollup = (struct ff_item_rollup){ .more = NULL };
	ff_rollup_init(&rollup->base, arena);
}

void
ff_item_rollup_free(struct ff_item_rollup *rollup)
{
	ff_rollup_free(&rollup->base);
	free(rollup->more);
	rollup->more = NULL;
	rollup->cap = 0;
}

void
ff_item_rollup_clear(struct ff_item_rollup *rollup)
{
	ff_rollup_clear(&rollup->base);
}

static void
more_begin(struct ff_item_rollup *rollup, uint32_t no)
{
	if (no >= rollup->cap) {
		rollup->cap = rollup->cap == 0 ? 1024 : rollup->cap * 2;
		rollup->more = ff_xrealloc(rollup->more, rollup->cap * sizeof *rollup->more);
	}
	memset(&rollup->more[no], 0, sizeof *rollup->more);
}

static void
more_add(struct ff_item_rollup *rollup, size_t before, uint32_t no, const struct ff_item_sums *more)
{
	if (no >= before)
		more_begin(rollup, no);
	for (int i = 0; i < FF_ITEM_SUM_COUNT; i++)
		rollup->more[no].v[i] += more->v[i];
}

void
ff_item_rollup_add(struct ff_item_rollup *rollup, const struct ff_rollup_key *key, const struct ff_sums *sums,
    const struct ff_item_sums *more, int64_t visitor)
{
	size_t before = rollup->base.n;

	more_add(rollup, before, ff_rollup_add(&rollup->base, key, sums, visitor), more);
}

void
ff_item_rollup_fold(struct ff_item_rollup *into, const struct ff_item_rollup *from, ff_bucket_fn *bucket,
    const void *context)
{
	for (size_t i = 0; i < from->base.n; i++) {
		const struct ff_rollup_row *row = &from->base.rows[i];
		struct ff_rollup_key        key = row->key;
		size_t                      before = into->base.n;

		key.day = bucket(context, &key);
		key.bucket = key.day;
		if (key.day != INT32_MIN)
			more_add(into, before, ff_rollup_merge(&into->base, row, &key), &from->more[row->no]);
	}
}
