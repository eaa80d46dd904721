/* From tree to file: nodes, sixteen zeros, data, metadata (MaxMind DB File Format Specification 2.0). */
#include "fact/geo_write.h"

#include "base/utf8.h"
#include "fact/geo_build.h"

#include <stdlib.h>
#include <string.h>

#define GAP             16 /* zeros between nodes and data */
#define DESCRIPTION_MAX 200

enum { TYPE_TEXT = 2, TYPE_U16 = 5, TYPE_U32 = 6, TYPE_MAP = 7, TYPE_U64 = 9, TYPE_ARRAY = 11 };

struct order {
	uint32_t *number; /* of a node in the file, by its number in the tree */
	uint32_t *node;   /* the other way round */
	uint32_t  n;
};

static void
put_head(struct ff_buf *out, unsigned type, size_t size)
{
	size_t shown = size < 29 ? size : 29;

	ff_buf_char(out, (char)((type <= 7 ? type << 5 : 0) | shown));
	if (type > 7)
		ff_buf_char(out, (char)(type - 7));
	if (size >= 29)
		ff_buf_char(out, (char)(size - 29)); /* texts stay below 29 + 256 */
}

static void
put_text(struct ff_buf *out, struct ff_str text)
{
	put_head(out, TYPE_TEXT, text.len);
	ff_buf_str(out, text);
}

static void
put_number(struct ff_buf *out, const char *key, unsigned type, uint64_t value)
{
	unsigned bytes = type == TYPE_U16 ? 2 : type == TYPE_U32 ? 4 : 8;

	put_text(out, ff_str_from(key));
	put_head(out, type, bytes);
	while (bytes-- > 0)
		ff_buf_char(out, (char)(value >> 8 * bytes & 0xff));
}

static void
put_metadata(struct ff_buf *out, struct ff_str description, int64_t built_s, uint32_t nodes, unsigned record)
{
	ff_buf_put(out, "\xab\xcd\xefMaxMind.com", 14);
	put_head(out, TYPE_MAP, 9);
	put_number(out, "binary_format_major_version", TYPE_U16, 2);
	put_number(out, "binary_format_minor_version", TYPE_U16, 0);
	put_number(out, "build_epoch", TYPE_U64, built_s > 0 ? (uint64_t)built_s : 1); /* readers refuse 0 */
	put_text(out, FF_STR("database_type"));
	put_text(out, FF_STR("Footfall-Country"));
	put_text(out, FF_STR("description"));
	put_head(out, TYPE_MAP, 1);
	put_text(out, FF_STR("en"));
	put_text(out, ff_utf8_cut(description, DESCRIPTION_MAX));
	put_number(out, "ip_version", TYPE_U16, 6);
	put_text(out, FF_STR("languages"));
	put_head(out, TYPE_ARRAY, 1);
	put_text(out, FF_STR("en"));
	put_number(out, "node_count", TYPE_U32, nodes);
	put_number(out, "record_size", TYPE_U16, record);
}

/* One record for each country that was seen; offsets by its number. */
static void
put_data(const struct ff_geo_build *build, struct ff_buf *out, uint32_t offsets[FF_GEO_CODES])
{
	for (size_t i = 0; i < FF_GEO_CODES; i++) {
		char code[2] = { (char)('A' + i / 26), (char)('A' + i % 26) };

		offsets[i] = (uint32_t)out->len;
		if (!build->seen[i])
			continue;
		put_head(out, TYPE_MAP, 1);
		put_text(out, FF_STR("country"));
		put_head(out, TYPE_MAP, 1);
		put_text(out, FF_STR("iso_code"));
		put_text(out, ff_str_of(code, 2));
	}
}

/* A node before what hangs on it, so that the root is number 0. */
static void
number_nodes(const struct ff_geo_tree *tree, uint32_t slot, struct order *order)
{
	if (slot == FF_GEO_NONE || FF_GEO_IS_LEAF(slot))
		return;
	order->number[slot] = order->n;
	order->node[order->n++] = slot;
	number_nodes(tree, tree->v[slot].side[0], order);
	number_nodes(tree, tree->v[slot].side[1], order);
}

static uint32_t
record_of(const struct order *order, const uint32_t *offsets, uint32_t slot)
{
	if (slot == FF_GEO_NONE)
		return order->n;
	return FF_GEO_IS_LEAF(slot) ? order->n + GAP + offsets[slot & ~FF_GEO_LEAF] : order->number[slot];
}

static void
put_node(struct ff_buf *out, uint32_t left, uint32_t right, unsigned record)
{
	uint8_t b[7] = { (uint8_t)(left >> 16), (uint8_t)(left >> 8), (uint8_t)left };
	size_t  n = 3;

	if (record == 28)
		b[n++] = (uint8_t)((left >> 24 & 0xf) << 4 | (right >> 24 & 0xf));
	b[n++] = (uint8_t)(right >> 16);
	b[n++] = (uint8_t)(right >> 8);
	b[n++] = (uint8_t)right;
	ff_buf_put(out, b, n);
}

enum ff_err
ff_geo_build_write(struct ff_geo_build *build, struct ff_str description, int64_t built_s, struct ff_buf *out)
{
	static const char gap[GAP];
	struct order      order = { 0 };
	struct ff_buf     data;
	uint32_t          offsets[FF_GEO_CODES];
	uint64_t          top;
	unsigned          record;

	ff_geo_tree_top(&build->tree);
	order.number = ff_xcalloc(build->tree.n, sizeof(uint32_t));
	order.node = ff_xcalloc(build->tree.n, sizeof(uint32_t));
	number_nodes(&build->tree, build->tree.root, &order);
	build->nodes = order.n;
	ff_buf_init(&data, FF_GEO_CODES * 64);
	put_data(build, &data, offsets);
	top = (uint64_t)order.n + GAP + data.len;
	record = top < 1U << 24 && build->record != 28 ? 24 : 28;
	for (uint32_t i = 0; i < order.n; i++) {
		const struct ff_geo_node *node = &build->tree.v[order.node[i]];

		put_node(out, record_of(&order, offsets, node->side[0]), record_of(&order, offsets, node->side[1]), record);
	}
	ff_buf_put(out, gap, GAP);
	ff_buf_str(out, ff_buf_view(&data));
	put_metadata(out, description, built_s, order.n, record);
	ff_buf_free(&data);
	free(order.number);
	free(order.node);
	return out->overflow || top >= 1U << 28 ? FF_TOO_LARGE : FF_OK;
}
