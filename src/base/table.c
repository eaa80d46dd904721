#include "base/table.h"

#include <stdlib.h>
#include <string.h>

void
ff_table_init(struct ff_table *table)
{
	*table = (struct ff_table){ 0 };
	ff_arena_init(&table->keys);
}

void
ff_table_free(struct ff_table *table)
{
	free(table->slots);
	ff_arena_free(&table->keys);
	*table = (struct ff_table){ 0 };
}

void
ff_table_clear(struct ff_table *table)
{
	if (table->slots != NULL)
		memset(table->slots, 0, table->cap * sizeof *table->slots);
	table->count = 0;
	ff_arena_reset(&table->keys);
}

static struct ff_table_slot *
probe(const struct ff_table *table, uint64_t hash, struct ff_str key)
{
	size_t i = hash & (table->cap - 1);

	for (;; i = (i + 1) & (table->cap - 1)) {
		struct ff_table_slot *s = &table->slots[i];

		if (s->hash == 0 || (s->hash == hash && ff_str_eq(ff_str_of(s->key, s->len), key)))
			return s;
	}
}

static uint64_t
hash_of(struct ff_str key)
{
	uint64_t h = ff_str_hash(key);

	return h == 0 ? 1 : h;
}

static void
grow(struct ff_table *table)
{
	struct ff_table_slot *old = table->slots;
	size_t                cap = table->cap;

	table->cap = cap == 0 ? 64 : cap * 2;
	table->slots = ff_xcalloc(table->cap, sizeof *table->slots);
	for (size_t i = 0; i < cap; i++)
		if (old[i].hash != 0)
			*probe(table, old[i].hash, ff_str_of(old[i].key, old[i].len)) = old[i];
	free(old);
}

int64_t *
ff_table_find(const struct ff_table *table, struct ff_str key)
{
	struct ff_table_slot *s;

	if (table->count == 0)
		return NULL;
	s = probe(table, hash_of(key), key);
	return s->hash == 0 ? NULL : &s->value;
}

int64_t *
ff_table_put(struct ff_table *table, struct ff_str key, int64_t first, bool *added)
{
	struct ff_table_slot *s;
	uint64_t              hash = hash_of(key);

	if ((table->count + 1) * 4 > table->cap * 3)
		grow(table);
	s = probe(table, hash, key);
	if (added != NULL)
		*added = s->hash == 0;
	if (s->hash == 0) {
		*s = (struct ff_table_slot){ hash, ff_str_z(&table->keys, key), (uint32_t)key.len, first };
		table->count++;
	}
	return &s->value;
}
