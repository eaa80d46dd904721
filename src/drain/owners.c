/* owners.c - authors who look at their own items, and viewers who asked for erasure. */
#include "drain/inside.h"
#include "fact/viewer.h"

#include <stdlib.h>
#include <string.h>

/* ---- authors ---- */

void
ff_item_own(struct ff_item_known *item, const struct ff_drain_site *site, struct ff_str owner)
{
	uint64_t hash = ff_str_hash(owner);

	if (hash == item->owner_hash)
		return;
	item->owner_hash = hash;
	if (owner.len == 0)
		memset(&item->owner, 0, sizeof item->owner);
	else
		ff_viewer_id(site->secret, owner, &item->owner);
}

/* In the order of the drain: an event may say who owns its item. */
void
ff_drain_owners(struct ff_drain *drain, struct ff_work *work)
{
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record     *r = work->v[i];
		struct ff_item_known *item;

		ff_work_ahead(work, i);
		if (r->content_id == 0)
			continue;
		item = &drain->known.item[r->item - 1];
		if (r->event.item.owner.len > 0 && !item->managed)
			ff_item_own(item, r->site, r->event.item.owner);
		if (r->event.robot != 0 || ff_uuid_is_nil(&r->event.viewer) ||
		    memcmp(&r->event.viewer, &item->owner, sizeof item->owner) != 0)
			continue;
		r->event.robot = FF_ROBOT_OWNER;
		r->owned = true;
	}
}

/* ---- erasure ---- */

static int
by_viewer(const void *a, const void *b)
{
	const struct ff_record *x = *(struct ff_record *const *)a, *y = *(struct ff_record *const *)b;

	if (x->event.site_id != y->event.site_id)
		return x->event.site_id < y->event.site_id ? -1 : 1;
	return memcmp(&x->event.viewer, &y->event.viewer, sizeof x->event.viewer);
}

static struct ff_record **
signed_in(struct ff_drain *drain, const struct ff_work *work, size_t *n)
{
	struct ff_record **v = FF_NEW_N(&drain->scratch, work->n, struct ff_record *);

	*n = 0;
	for (size_t i = 0; i < work->n; i++) {
		ff_work_ahead(work, i);
		if (!ff_uuid_is_nil(&work->v[i]->event.viewer))
			v[(*n)++] = work->v[i];
	}
	if (*n > 0)
		qsort(v, *n, sizeof *v, by_viewer);
	return v;
}

/* The fact stays, and who it was goes, with all that may say so in words. */
static void
erase(struct ff_record *r)
{
	struct ff_event *e = &r->event;

	memset(&e->viewer, 0, sizeof e->viewer);
	e->visitor = e->visitor_prev = 0;
	e->flags |= FF_FLAG_NO_VISITOR;
	e->props = e->target = FF_STR_NONE;
	r->erased = true;
}

/* v: by viewer. erased: the same order. */
static void
erase_found(struct ff_record **v, size_t n, const struct ff_rows *rows)
{
	for (int i = 0; i < rows->n; i++) {
		size_t            first = (size_t)ff_row_i64(rows, i, 0) - 1;
		struct ff_record  who = *v[first];
		struct ff_record *like = &who;

		for (size_t j = first; j < n && by_viewer(&v[j], &like) == 0; j++)
			erase(v[j]);
	}
}

enum ff_err
ff_drain_erasures(struct ff_drain *drain, struct ff_work *work)
{
	struct ff_array   *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array   *viewers = ff_array_new(&drain->scratch, FF_ARRAY_UUID);
	struct ff_array   *places = ff_array_new(&drain->scratch, FF_ARRAY_I64);
	size_t             n;
	struct ff_record **v = signed_in(drain, work, &n);
	struct ff_rows     rows;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && by_viewer(&v[i], &v[i - 1]) == 0)
			continue;
		ff_array_put(sites, v[i]->event.site_id);
		ff_array_put_uuid(viewers, &v[i]->event.viewer);
		ff_array_put(places, (int64_t)i + 1);
	}
	if (n == 0)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_ERASURE_FIND,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(viewers), ff_array_arg(places) }, 3, &rows));
	erase_found(v, n, &rows);
	return FF_OK;
}
