#include "base/limits.h"
#include "drain/inside.h"

#include <string.h>

/* Its place among the details. */
#define OWNER 2

/* Columns of one statement about items. */
struct columns {
	struct ff_array *sites, *kinds, *keys, *ids, *details[FF_DETAIL_COUNT];
	size_t           n;
};

static void
columns_init(struct columns *c, struct ff_arena *arena)
{
	c->n = 0;
	c->sites = ff_array_new(arena, FF_ARRAY_I32);
	c->kinds = ff_array_new(arena, FF_ARRAY_TEXT);
	c->keys = ff_array_new(arena, FF_ARRAY_TEXT);
	c->ids = ff_array_new(arena, FF_ARRAY_I64);
	for (int d = 0; d < FF_DETAIL_COUNT; d++)
		c->details[d] = ff_array_new(arena, FF_ARRAY_TEXT);
}

static void
columns_put(struct columns *c, const struct ff_item_known *item)
{
	c->n++;
	ff_array_put(c->sites, item->record->site->site_id);
	ff_array_put_str(c->kinds, item->record->event.item.kind);
	ff_array_put_str(c->keys, item->record->event.item.key);
	ff_array_put(c->ids, item->content_id);
	for (int d = 0; d < FF_DETAIL_COUNT; d++)
		ff_array_put_str(c->details[d], item->want[d]);
}

enum { KEY_MAX = 4 + 1 + FF_ITEM_KIND_MAX + FF_ITEM_KEY_MAX };

static struct ff_str
item_key(char out[KEY_MAX], int32_t site_id, struct ff_str kind, struct ff_str key)
{
	if (kind.len > FF_ITEM_KIND_MAX || key.len > FF_ITEM_KEY_MAX)
		ff_panic("a decoded item is longer than its limit");
	memcpy(out, &site_id, 4);
	out[4] = (char)kind.len;
	if (kind.len > 0)
		memcpy(out + 5, kind.p, kind.len);
	memcpy(out + 5 + kind.len, key.p, key.len);
	return ff_str_of(out, 5 + kind.len + key.len);
}

static size_t
place_of(struct ff_known *known, int32_t site_id, const struct ff_item *item)
{
	char     key[KEY_MAX];
	bool     added;
	int64_t *place = ff_table_put(&known->items, item_key(key, site_id, item->kind, item->key),
	        (int64_t)known->n_items, &added);

	if (!added)
		return (size_t)*place;
	if (known->n_items == known->cap_items) {
		known->cap_items = known->cap_items == 0 ? 256 : known->cap_items * 2;
		known->item = ff_xrealloc(known->item, known->cap_items * sizeof *known->item);
	}
	known->item[known->n_items] = (struct ff_item_known){ 0 };
	return known->n_items++;
}

static void
want(struct ff_item_known *known, const struct ff_item *item)
{
	const struct ff_str details[FF_DETAIL_COUNT] = { item->title, item->url, item->owner };

	for (int d = 0; d < FF_DETAIL_COUNT; d++)
		if (details[d].len > 0)
			known->want[d] = details[d];
}

/* Items of this attempt, each once: places in the known ones. */
static size_t *
gather(struct ff_drain *drain, struct ff_work *work, size_t *n)
{
	size_t *touched = FF_NEW_N(&drain->scratch, work->n, size_t);

	*n = 0;
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record     *r = work->v[i];
		struct ff_item_known *item;
		size_t                place;

		ff_work_ahead(work, i);
		if (r->fate != FF_FATE_STORE || r->event.item.key.len == 0)
			continue;
		place = place_of(&drain->known, r->site->site_id, &r->event.item);
		item = &drain->known.item[place];
		if (item->record == NULL) {
			item->record = r;
			touched[(*n)++] = place;
		}
		want(item, &r->event.item);
		r->item = place + 1;
	}
	return touched;
}

static void
remember(struct ff_item_known *item, const struct ff_str details[FF_DETAIL_COUNT])
{
	for (int d = 0; d < FF_DETAIL_COUNT; d++)
		item->hash[d] = ff_str_hash(details[d]);
}

static enum ff_err
find(struct ff_drain *drain, const size_t *touched, size_t n)
{
	struct ff_item_known **asked = FF_NEW_N(&drain->scratch, n, struct ff_item_known *);
	struct columns         c;
	struct ff_rows         rows;

	columns_init(&c, &drain->scratch);
	for (size_t i = 0; i < n; i++) {
		struct ff_item_known *item = &drain->known.item[touched[i]];

		if (item->content_id != 0)
			continue;
		item->removed = false;
		asked[c.n] = item;
		columns_put(&c, item);
	}
	if (c.n == 0)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_CONTENT_RESOLVE,
	    (struct ff_arg[]){ ff_array_arg(c.sites), ff_array_arg(c.kinds), ff_array_arg(c.keys) }, 3, &rows));
	for (int i = 0; i < rows.n; i++) {
		struct ff_item_known *item = asked[ff_row_i64(&rows, i, 0) - 1];
		struct ff_str         details[FF_DETAIL_COUNT];

		for (int d = 0; d < FF_DETAIL_COUNT; d++)
			details[d] = ff_row_str(&rows, i, 2 + d);
		item->collection = ff_str_hash(ff_row_str(&rows, i, 5));
		item->managed = ff_row_bool(&rows, i, 6);
		item->removed = ff_row_bool(&rows, i, 7);
		item->content_id = item->removed ? 0 : ff_row_i64(&rows, i, 1);
		remember(item, details);
		ff_item_own(item, item->record->site, details[OWNER]);
	}
	return FF_OK;
}

static void
take_ids(struct ff_drain *drain, const struct ff_rows *rows)
{
	for (int i = 0; i < rows->n; i++) {
		struct ff_item        key = { .kind = ff_row_str(rows, i, 1), .key = ff_row_str(rows, i, 2) };
		struct ff_item_known *item;

		item = &drain->known.item[place_of(&drain->known, (int32_t)ff_row_i64(rows, i, 0), &key)];
		item->content_id = ff_row_i64(rows, i, 3);
		remember(item, item->want);
		item->collection = ff_str_hash(FF_STR_NONE);
	}
}

/* How many more items each site may have. */
static enum ff_err
room_of(struct ff_drain *drain, struct ff_array *sites, int64_t *room)
{
	struct ff_arg  arg = ff_array_arg(sites);
	struct ff_rows rows;

	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_ITEMS_COUNT, &arg, 1, &rows));
	for (size_t s = 0; s < drain->n_sites; s++) {
		room[s] = drain->sites[s].items_max;
		for (int i = 0; i < rows.n; i++)
			if (drain->sites[s].site_id == ff_row_i64(&rows, i, 0))
				room[s] -= ff_row_i64(&rows, i, 1);
	}
	return FF_OK;
}

static bool
is_new(const struct ff_item_known *item)
{
	return item->content_id == 0 && !item->removed && !item->record->site->strict;
}

/* Open sites register what they see, the first first, up to their cap. */
static enum ff_err
gather_new(struct ff_drain *drain, const size_t *touched, size_t n, struct columns *c)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	int64_t         *room = FF_NEW_N(&drain->scratch, drain->n_sites, int64_t);
	bool            *asked = FF_NEW_N(&drain->scratch, drain->n_sites, bool);

	for (size_t i = 0; i < n; i++) {
		const struct ff_item_known *item = &drain->known.item[touched[i]];

		if (!is_new(item) || asked[item->record->site - drain->sites])
			continue;
		asked[item->record->site - drain->sites] = true;
		ff_array_put(sites, item->record->site->site_id);
	}
	if (sites->n == 0)
		return FF_OK;
	FF_TRY(room_of(drain, sites, room));
	for (size_t i = 0; i < n; i++) {
		const struct ff_item_known *item = &drain->known.item[touched[i]];

		if (is_new(item) && room[item->record->site - drain->sites]-- > 0)
			columns_put(c, item);
	}
	return FF_OK;
}

static enum ff_err
add(struct ff_drain *drain, const size_t *touched, size_t n)
{
	struct columns c;
	struct ff_rows rows;

	columns_init(&c, &drain->scratch);
	FF_TRY(gather_new(drain, touched, n, &c));
	if (c.n == 0)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_CONTENT_ADD,
	    (struct ff_arg[]){ ff_array_arg(c.sites), ff_array_arg(c.kinds), ff_array_arg(c.keys),
	        ff_array_arg(c.details[0]), ff_array_arg(c.details[1]), ff_array_arg(c.details[2]) }, 6, &rows));
	take_ids(drain, &rows);
	return FF_OK;
}

/* An empty detail says nothing about the stored one. */
static bool
has_changed(struct ff_item_known *item)
{
	bool changed = false;

	for (int d = 0; d < FF_DETAIL_COUNT; d++) {
		uint64_t hash = ff_str_hash(item->want[d]);

		if (item->want[d].len == 0 || hash == item->hash[d])
			continue;
		item->hash[d] = hash;
		changed = true;
	}
	return changed;
}

static enum ff_err
change(struct ff_drain *drain, const size_t *touched, size_t n)
{
	struct columns c;

	columns_init(&c, &drain->scratch);
	for (size_t i = 0; i < n; i++) {
		struct ff_item_known *item = &drain->known.item[touched[i]];

		if (item->content_id != 0 && has_changed(item))
			columns_put(&c, item);
	}
	if (c.n == 0)
		return FF_OK;
	return ff_db_exec(drain->db, FF_STMT_CONTENT_CHANGE,
	    (struct ff_arg[]){ ff_array_arg(c.sites), ff_array_arg(c.ids), ff_array_arg(c.details[0]),
	        ff_array_arg(c.details[1]), ff_array_arg(c.details[2]) }, 5);
}

static void
settle(struct ff_drain *drain, struct ff_work *work, const size_t *touched, size_t n)
{
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record *r = work->v[i];

		if (r->item == 0)
			continue;
		r->content_id = drain->known.item[r->item - 1].content_id;
		r->over_cap = r->content_id == 0 && !r->site->strict && !drain->known.item[r->item - 1].removed;
		r->stranger = r->content_id == 0 && !r->over_cap;
	}
	for (size_t i = 0; i < n; i++) {
		drain->known.item[touched[i]].record = NULL;
		memset(drain->known.item[touched[i]].want, 0, sizeof drain->known.item->want);
	}
}

enum ff_err
ff_drain_items(struct ff_drain *drain, struct ff_work *work)
{
	size_t  n;
	size_t *touched = gather(drain, work, &n);

	FF_TRY(find(drain, touched, n));
	FF_TRY(add(drain, touched, n));
	FF_TRY(change(drain, touched, n));
	FF_TRY(ff_drain_collections(drain, work));
	settle(drain, work, touched, n);
	return FF_OK;
}
