/* table.h - a hash table from byte strings to 64-bit values, open addressing, grows, never shrinks.
 *
 * Keys are copied into an arena of the table's own. For interning labels and grouping a batch: look-ups
 * cost one hash and, mostly, one compare. In memory only: the hash is not stable across versions. */
#ifndef FF_BASE_TABLE_H
#define FF_BASE_TABLE_H

#include "base/str.h"

struct ff_table_slot {
	uint64_t    hash; /* 0 = empty */
	const char *key;
	uint32_t    len;
	int64_t     value;
};

struct ff_table {
	struct ff_table_slot *slots;
	size_t                cap, count; /* cap: a power of two, or 0 */
	struct ff_arena       keys;
};

void     ff_table_init(struct ff_table *table);
void     ff_table_free(struct ff_table *table);
void     ff_table_clear(struct ff_table *table);
int64_t *ff_table_find(const struct ff_table *table, struct ff_str key);   /* NULL if absent */
/* The value's place; a new key starts with `first` and sets *added (may be NULL). Places move on growth. */
int64_t *ff_table_put(struct ff_table *table, struct ff_str key, int64_t first, bool *added);

#endif
