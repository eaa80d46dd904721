/* geo_tree.h - the binary tree of a country database while it is built: one bit of the address a level. */
#ifndef FF_FACT_GEO_TREE_H
#define FF_FACT_GEO_TREE_H

#include "fact/net.h"

#include <stdint.h>

/* What hangs on one side of a node: nothing, a country, or a node. */
#define FF_GEO_NONE     UINT32_C(0)
#define FF_GEO_LEAF     UINT32_C(0x80000000) /* | number of the country */
#define FF_GEO_IS_LEAF(slot) (((slot) & FF_GEO_LEAF) != 0)

struct ff_geo_node {
	uint32_t side[2]; /* a node by its number, from 1 */
};

struct ff_geo_tree {
	struct ff_geo_node *v; /* v[0] is not used */
	uint32_t            n, cap, free; /* free: a list of nodes given back, by side[0] */
	uint32_t            root;         /* a slot as in a node */
};

void ff_geo_tree_init(struct ff_geo_tree *tree);
void ff_geo_tree_free(struct ff_geo_tree *tree);
/* All addresses from first to last (as 16 bytes, most significant first) get the leaf. */
void ff_geo_tree_put(struct ff_geo_tree *tree, const uint8_t first[16], const uint8_t last[16], uint32_t leaf);
/* Makes the root a node even where all of the tree is one leaf, or nothing. */
void ff_geo_tree_top(struct ff_geo_tree *tree);

#endif
