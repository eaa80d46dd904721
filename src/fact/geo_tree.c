#include "fact/geo_tree.h"

#include "base/arena.h"

#include <stdlib.h>

#define BITS 128

struct range {
	const uint8_t *first, *last;
	unsigned       zeros_from, ones_from; /* first has no 1, last has no 0 from this bit on */
	uint32_t       leaf;
};

void
ff_geo_tree_init(struct ff_geo_tree *tree)
{
	*tree = (struct ff_geo_tree){ .n = 1 };
}

void
ff_geo_tree_free(struct ff_geo_tree *tree)
{
	free(tree->v);
	*tree = (struct ff_geo_tree){ .n = 1 };
}

static unsigned
bit_of(const uint8_t *addr, unsigned at)
{
	return addr[at / 8] >> (7 - at % 8) & 1U;
}

static unsigned
same_from(const uint8_t *addr, unsigned bit)
{
	unsigned at = BITS;

	while (at > 0 && bit_of(addr, at - 1) == bit)
		at--;
	return at;
}

/* A node whose sides both are what stood there before. */
static uint32_t
node_new(struct ff_geo_tree *tree, uint32_t both)
{
	uint32_t node = tree->free;

	if (node != 0) {
		tree->free = tree->v[node].side[0];
	} else {
		if (tree->n >= tree->cap) {
			tree->cap = tree->cap == 0 ? 4096 : tree->cap * 2;
			tree->v = ff_xrealloc(tree->v, tree->cap * sizeof(*tree->v));
		}
		node = tree->n++;
	}
	tree->v[node] = (struct ff_geo_node){ { both, both } };
	return node;
}

static void
node_give_back(struct ff_geo_tree *tree, uint32_t node)
{
	tree->v[node].side[0] = tree->free;
	tree->free = node;
}

static void
forget(struct ff_geo_tree *tree, uint32_t slot)
{
	if (slot == FF_GEO_NONE || FF_GEO_IS_LEAF(slot))
		return;
	forget(tree, tree->v[slot].side[0]);
	forget(tree, tree->v[slot].side[1]);
	node_give_back(tree, slot);
}

/* What stands in the slot of the prefix that is depth bits long. low, high: the prefix is still that of the range's
 * first, last address; else all of it lies behind first, before last. Returns what stands there now. */
static uint32_t
put(struct ff_geo_tree *tree, uint32_t slot, unsigned depth, const struct range *range, bool low, bool high)
{
	unsigned from = low && depth < BITS ? bit_of(range->first, depth) : 0;
	unsigned to = high && depth < BITS ? bit_of(range->last, depth) : 1;
	uint32_t node = slot;

	if ((!low || depth >= range->zeros_from) && (!high || depth >= range->ones_from)) {
		forget(tree, slot);
		return range->leaf;
	}
	if (slot == FF_GEO_NONE || FF_GEO_IS_LEAF(slot))
		node = node_new(tree, slot);
	for (unsigned side = from; side <= to; side++) {
		uint32_t now = put(tree, tree->v[node].side[side], depth + 1, range, low && side == from, high && side == to);

		tree->v[node].side[side] = now; /* only now: the nodes may have moved */
	}
	slot = tree->v[node].side[0];
	if (!FF_GEO_IS_LEAF(slot) || slot != tree->v[node].side[1])
		return node;
	node_give_back(tree, node);
	return slot;
}

void
ff_geo_tree_put(struct ff_geo_tree *tree, const uint8_t first[16], const uint8_t last[16], uint32_t leaf)
{
	struct range range = { first, last, same_from(first, 0), same_from(last, 1), leaf };

	tree->root = put(tree, tree->root, 0, &range, true, true);
}

void
ff_geo_tree_top(struct ff_geo_tree *tree)
{
	if (tree->root == FF_GEO_NONE || FF_GEO_IS_LEAF(tree->root))
		tree->root = node_new(tree, tree->root);
}
