/* pages.c - what pages were seen with last: title and item. An engagement that names no item is about its page's.
 *
 * In the order of the drain: a pageview that happened before what is known of its page changes nothing. */
#include "drain/inside.h"

#include <string.h>

/* Says something about its page. */
static bool
tells(const struct ff_record *r)
{
	return r->event.kind == FF_KIND_PAGEVIEW && (r->event.title.len > 0 || r->content_id != 0);
}

static bool
asks(const struct ff_record *r)
{
	return r->event.kind == FF_KIND_ENGAGEMENT && r->event.item.key.len == 0;
}

static struct ff_page_known *
page_of(struct ff_known *known, const struct ff_record *r, bool *added)
{
	char     key[8];
	int64_t *place;

	memcpy(key, &r->site->site_id, 4);
	memcpy(key + 4, &r->traits.label[FF_FIELD_PATH], 4);
	place = ff_table_put(&known->pages, ff_str_of(key, 8), (int64_t)known->n_pages, added);
	if (!*added)
		return &known->page[*place];
	if (known->n_pages == known->cap_pages) {
		known->cap_pages = known->cap_pages == 0 ? 256 : known->cap_pages * 2;
		known->page = ff_xrealloc(known->page, known->cap_pages * sizeof *known->page);
	}
	known->page[known->n_pages] = (struct ff_page_known){
		.site_id = r->site->site_id, .path = r->traits.label[FF_FIELD_PATH], .seen_us = INT64_MIN
	};
	return &known->page[known->n_pages++];
}

/* Pages that were never asked for: from `first` on in the known ones. */
static enum ff_err
load(struct ff_drain *drain, size_t first)
{
	struct ff_known *known = &drain->known;
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *paths = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_rows   rows;

	if (first == known->n_pages)
		return FF_OK;
	for (size_t i = first; i < known->n_pages; i++) {
		ff_array_put(sites, known->page[i].site_id);
		ff_array_put(paths, known->page[i].path);
	}
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_PAGE_FIND,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(paths) }, 2, &rows));
	for (int i = 0; i < rows.n; i++) {
		struct ff_page_known *page = &known->page[first + (size_t)ff_row_i64(&rows, i, 0) - 1];
		struct ff_str         kind = ff_row_str(&rows, i, 3);

		page->title_hash = ff_str_hash(ff_row_str(&rows, i, 1));
		page->content_id = ff_row_i64(&rows, i, 2);
		page->kind_len = (uint8_t)(kind.len > sizeof page->kind ? 0 : kind.len);
		if (page->kind_len > 0)
			memcpy(page->kind, kind.p, page->kind_len);
		page->seen_us = ff_row_us(&rows, i, 4);
	}
	return FF_OK;
}

/* True: there is something to save. */
static bool
learn(struct ff_page_known *page, const struct ff_record *r)
{
	const struct ff_event *e = &r->event;
	uint64_t               hash = ff_str_hash(e->title);
	bool                   title = e->title.len > 0 && hash != page->title_hash;
	bool                   item = r->content_id != 0 && r->content_id != page->content_id;

	if (e->ts_us < page->seen_us || (!title && !item))
		return false;
	if (title) {
		page->title_hash = hash;
		page->title = e->title;
	}
	if (item) {
		page->content_id = r->content_id;
		page->kind_len = (uint8_t)e->item.kind.len;
		if (page->kind_len > 0)
			memcpy(page->kind, e->item.kind.p, page->kind_len);
	}
	page->seen_us = e->ts_us;
	return true;
}

static void
answer(struct ff_drain *drain, struct ff_record *r, const struct ff_page_known *page)
{
	r->page_item = page->content_id;
	if (r->page_item != 0)
		r->page_kind = ff_str_dup(&drain->scratch, ff_str_of(page->kind, page->kind_len));
}

static enum ff_err
save(struct ff_drain *drain, struct ff_page_known **changed, size_t n)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *paths = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *titles = ff_array_new(&drain->scratch, FF_ARRAY_TEXT);
	struct ff_array *items = ff_array_new(&drain->scratch, FF_ARRAY_I64);
	struct ff_array *times = ff_array_new(&drain->scratch, FF_ARRAY_TIME);

	for (size_t i = 0; i < n; i++) {
		ff_array_put(sites, changed[i]->site_id);
		ff_array_put(paths, changed[i]->path);
		ff_array_put_str(titles, changed[i]->title);
		ff_array_put(items, changed[i]->content_id);
		ff_array_put(times, changed[i]->seen_us);
		changed[i]->changed = false;
		changed[i]->title = FF_STR_NONE;
	}
	if (n == 0)
		return FF_OK;
	return ff_db_exec(drain->db, FF_STMT_PAGE_SAVE,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(paths), ff_array_arg(titles), ff_array_arg(items),
	        ff_array_arg(times) }, 5);
}

static bool
counts(const struct ff_record *r)
{
	return r->fate == FF_FATE_STORE && r->event.robot == 0 && r->event.path.len > 0 && (tells(r) || asks(r)) &&
	       (r->other >> FF_FIELD_PATH & 1) == 0;
}

/* Every page known from here on: pointers to them stay. */
static enum ff_err
know(struct ff_drain *drain, const struct ff_work *work)
{
	size_t first = drain->known.n_pages;
	bool   added;

	for (size_t i = 0; i < work->n; i++) {
		ff_work_ahead(work, i);
		if (counts(work->v[i]))
			page_of(&drain->known, work->v[i], &added);
	}
	return load(drain, first);
}

enum ff_err
ff_drain_pages(struct ff_drain *drain, struct ff_work *work)
{
	struct ff_page_known **changed = FF_NEW_N(&drain->scratch, work->n, struct ff_page_known *), *page;
	size_t                 n = 0;
	bool                   added;

	FF_TRY(know(drain, work));
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record *r = work->v[i];

		ff_work_ahead(work, i);
		if (!counts(r))
			continue;
		page = page_of(&drain->known, r, &added);
		if (asks(r)) {
			answer(drain, r, page);
		} else if (learn(page, r) && !page->changed) {
			page->changed = true;
			changed[n++] = page;
		}
	}
	return save(drain, changed, n);
}
