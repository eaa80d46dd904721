#include "drain/rollup.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 4096

void
ff_rollup_init(struct ff_rollup *rollup, struct ff_arena *arena)
{
	*rollup = (struct ff_rollup){ .arena = arena };
}

void
ff_rollup_free(struct ff_rollup *rollup)
{
	free(rollup->rows);
	free(rollup->slots);
	*rollup = (struct ff_rollup){ .arena = rollup->arena };
}

void
ff_rollup_clear(struct ff_rollup *rollup)
{
	rollup->n = 0;
	if (rollup->slots != NULL)
		memset(rollup->slots, 0, rollup->n_slots * sizeof *rollup->slots);
}

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	return h;
}

static uint64_t
hash_key(const struct ff_rollup_key *key)
{
	uint64_t h = mix((uint64_t)(uint32_t)key->site_id << 32 | key->dim);

	h = mix(h + (uint64_t)key->bucket);
	return mix(h + (uint64_t)key->value + ((uint64_t)(uint32_t)key->day << 32));
}

static bool
same_key(const struct ff_rollup_key *a, const struct ff_rollup_key *b)
{
	return a->value == b->value && a->bucket == b->bucket && a->day == b->day && a->dim == b->dim &&
	       a->site_id == b->site_id;
}

static uint32_t *
slot_of(const struct ff_rollup *rollup, const struct ff_rollup_key *key)
{
	size_t i = hash_key(key) & (rollup->n_slots - 1);

	while (rollup->slots[i] != 0 && !same_key(&rollup->rows[rollup->slots[i] - 1].key, key))
		i = (i + 1) & (rollup->n_slots - 1);
	return &rollup->slots[i];
}

static void
grow(struct ff_rollup *rollup)
{
	rollup->n_slots = rollup->n_slots == 0 ? FIRST_SLOTS : rollup->n_slots * 2;
	rollup->cap = rollup->n_slots / 2;
	free(rollup->slots);
	rollup->slots = ff_xcalloc(rollup->n_slots, sizeof *rollup->slots);
	rollup->rows = ff_xrealloc(rollup->rows, rollup->cap * sizeof *rollup->rows);
	for (size_t i = 0; i < rollup->n; i++)
		*slot_of(rollup, &rollup->rows[i].key) = (uint32_t)i + 1;
}

static struct ff_rollup_row *
row_of(struct ff_rollup *rollup, const struct ff_rollup_key *key)
{
	uint32_t *slot;

	if (rollup->n == rollup->cap)
		grow(rollup);
	slot = slot_of(rollup, key);
	if (*slot == 0) {
		rollup->rows[rollup->n] = (struct ff_rollup_row){ .key = *key, .no = (uint32_t)rollup->n };
		*slot = (uint32_t)++rollup->n;
	}
	return &rollup->rows[*slot - 1];
}

static void
visitors_room(struct ff_rollup *rollup, struct ff_rollup_row *row, uint32_t n)
{
	uint32_t cap = row->cap == 0 ? 2 : row->cap;
	int64_t *v;

	if (n <= row->cap)
		return;
	while (cap < n)
		cap *= 4;
	v = ff_alloc(rollup->arena, cap * sizeof *v);
	if (row->n > 0)
		memcpy(v, row->visitors, row->n * sizeof *v);
	row->visitors = v;
	row->cap = cap;
}

static void
sums_add(struct ff_sums *to, const struct ff_sums *sums)
{
	to->visits += sums->visits;
	to->bounces += sums->bounces;
	to->duration_s += sums->duration_s;
	to->pageviews += sums->pageviews;
	to->views += sums->views;
	to->events += sums->events;
	to->engaged_ms += sums->engaged_ms;
	to->uniques += sums->uniques;
}

uint32_t
ff_rollup_add(struct ff_rollup *rollup, const struct ff_rollup_key *key, const struct ff_sums *sums, int64_t visitor)
{
	struct ff_rollup_row *row = row_of(rollup, key);

	sums_add(&row->sums, sums);
	if (visitor == 0 || (row->n > 0 && row->visitors[row->n - 1] == visitor))
		return row->no;
	visitors_room(rollup, row, row->n + 1);
	row->visitors[row->n++] = visitor;
	return row->no;
}

uint32_t
ff_rollup_merge(struct ff_rollup *into, const struct ff_rollup_row *from, const struct ff_rollup_key *key)
{
	struct ff_rollup_row *row = row_of(into, key);

	sums_add(&row->sums, &from->sums);
	if (from->n == 0)
		return row->no;
	if (row->n == 0) { /* full: whoever adds copies it first */
		row->visitors = from->visitors;
		row->n = row->cap = from->n;
		return row->no;
	}
	visitors_room(into, row, row->n + from->n);
	memcpy(row->visitors + row->n, from->visitors, from->n * sizeof *row->visitors);
	row->n += from->n;
	return row->no;
}

void
ff_rollup_fold(struct ff_rollup *into, const struct ff_rollup *from, ff_bucket_fn *bucket, const void *context)
{
	for (size_t i = 0; i < from->n; i++) {
		struct ff_rollup_key key = from->rows[i].key;

		key.day = bucket(context, &key);
		key.bucket = key.day;
		if (key.day != INT32_MIN)
			ff_rollup_merge(into, &from->rows[i], &key);
	}
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
is_ascending(const struct ff_rollup_row *row)
{
	for (uint32_t i = 1; i < row->n; i++)
		if (row->visitors[i] <= row->visitors[i - 1])
			return false;
	return true;
}

static void
distinct(struct ff_rollup_row *row)
{
	uint32_t kept = 1;

	if (is_ascending(row))
		return;
	qsort(row->visitors, row->n, sizeof *row->visitors, by_value);
	for (uint32_t i = 1; i < row->n; i++)
		if (row->visitors[i] != row->visitors[kept - 1])
			row->visitors[kept++] = row->visitors[i];
	row->n = kept;
}

int
ff_rollup_compare(const struct ff_rollup_key *x, const struct ff_rollup_key *y)
{
	if (x->site_id != y->site_id)
		return x->site_id < y->site_id ? -1 : 1;
	if (x->dim != y->dim)
		return x->dim < y->dim ? -1 : 1;
	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

static int
by_key(const void *a, const void *b)
{
	const struct ff_rollup_row *x = a, *y = b;

	return ff_rollup_compare(&x->key, &y->key);
}

static int
by_bucket(const void *a, const void *b)
{
	const struct ff_rollup_key *x = a, *y = b;

	if (x->site_id != y->site_id)
		return x->site_id < y->site_id ? -1 : 1;
	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	if (x->dim != y->dim)
		return x->dim < y->dim ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

static void
sort(struct ff_rollup *rollup, int (*order)(const void *, const void *))
{
	if (rollup->n == 0)
		return;
	qsort(rollup->rows, rollup->n, sizeof *rollup->rows, order);
	for (size_t i = 0; i < rollup->n; i++)
		distinct(&rollup->rows[i]);
}

void
ff_rollup_sort(struct ff_rollup *rollup)
{
	sort(rollup, by_key);
}

void
ff_rollup_sort_by_bucket(struct ff_rollup *rollup)
{
	sort(rollup, by_bucket);
}
