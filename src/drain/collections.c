/* collections.c - what views say of the collection that an item is in, and since when. */
#include "drain/inside.h"

/* Views in the order in which they came, of items whose collection is not what they say. */
struct sayings {
	struct ff_item_known **items;
	struct ff_array       *sites, *ids, *collections, *times;
	size_t                 n;
};

static void
gather(struct ff_drain *drain, const struct ff_work *work, struct sayings *out)
{
	for (size_t i = 0; i < work->n; i++) {
		const struct ff_record *r = work->v[i];
		struct ff_item_known   *item;
		uint64_t                hash;

		ff_work_ahead(work, i);
		if (r->item == 0 || r->event.item.collection.len == 0)
			continue;
		item = &drain->known.item[r->item - 1];
		hash = ff_str_hash(r->event.item.collection);
		if (item->content_id == 0 || item->managed || item->collection == hash)
			continue;
		item->collection = hash;
		out->items[out->n++] = item;
		ff_array_put(out->sites, r->site->site_id);
		ff_array_put(out->ids, item->content_id);
		ff_array_put_str(out->collections, r->event.item.collection);
		ff_array_put(out->times, r->event.ts_us);
	}
}

enum ff_err
ff_drain_collections(struct ff_drain *drain, struct ff_work *work)
{
	struct sayings s = { .items = FF_NEW_N(&drain->scratch, work->n, struct ff_item_known *),
		.sites = ff_array_new(&drain->scratch, FF_ARRAY_I32), .ids = ff_array_new(&drain->scratch, FF_ARRAY_I64),
		.collections = ff_array_new(&drain->scratch, FF_ARRAY_TEXT),
		.times = ff_array_new(&drain->scratch, FF_ARRAY_TIME) };
	struct ff_rows rows;

	gather(drain, work, &s);
	if (s.n == 0)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_CONTENT_SAID,
	    (struct ff_arg[]){ ff_array_arg(s.sites), ff_array_arg(s.ids), ff_array_arg(s.collections),
	        ff_array_arg(s.times) }, 4, &rows));
	for (int i = 0; i < rows.n; i++)
		s.items[ff_row_i64(&rows, i, 0) - 1]->collection = ff_str_hash(ff_row_str(&rows, i, 1));
	return FF_OK;
}
