#include "door/narrow.h"

#include "door/app.h"

bool
ff_narrowed(const struct ff_who *who)
{
	return who->owner.len > 0 || who->collection.len > 0 || who->kind.len > 0;
}

static struct ff_str
text_or_none(struct ff_str text)
{
	return text.len > 0 ? text : FF_STR_NONE;
}

struct ff_content_bounds
ff_narrow_bounds(const struct ff_who *who)
{
	return (struct ff_content_bounds){ .owner = text_or_none(who->owner), .collection = text_or_none(who->collection),
		.kind = text_or_none(who->kind) };
}

enum ff_err
ff_narrow_items(const struct ff_req *req, int32_t site_id, const struct ff_site_item *items, size_t n, bool *yes)
{
	struct ff_content_bounds bounds = ff_narrow_bounds(req->who);

	for (size_t i = 0; i < n; i++)
		yes[i] = true;
	if (!ff_narrowed(req->who))
		return FF_OK;
	return ff_content_within(req->app->db, req->arena, site_id, &bounds, items, n, yes);
}

enum ff_err
ff_narrow_item(const struct ff_req *req, int32_t site_id, struct ff_str kind, struct ff_str key)
{
	struct ff_site_item item = { .site_id = site_id, .kind = kind, .key = key };
	bool                yes;

	FF_TRY(ff_narrow_items(req, site_id, &item, 1, &yes));
	return yes ? FF_OK : FF_NOT_FOUND;
}

/* ---- questions ---- */

/* Where a visit began and ended may be anybody's page. */
static bool
is_of_whole_visit(const struct ff_asked_dim *dim)
{
	return dim->dim == FF_DIM_ENTRY_PAGE || dim->dim == FF_DIM_EXIT_PAGE || dim->dim == FF_DIM_ENTRY_HOST ||
	    dim->dim == FF_DIM_EXIT_HOST;
}

static size_t
bound(struct ff_filter *out, enum ff_dim dim, struct ff_str *value)
{
	if (value->len == 0)
		return 0;
	*out = (struct ff_filter){ .op = FF_IS, .dim = { .dim = dim }, .values = value, .n = 1 };
	return 1;
}

/* Up to three filters that all must hold. */
static size_t
bounds_make(const struct ff_who *who, struct ff_arena *arena, struct ff_filter *out)
{
	struct ff_str *values = FF_NEW_N(arena, 3, struct ff_str);
	size_t         n = 0;

	values[0] = who->owner;
	values[1] = who->collection;
	values[2] = who->kind;
	n += bound(&out[n], FF_DIM_OWNER, &values[0]);
	n += bound(&out[n], FF_DIM_COLLECTION, &values[1]);
	n += bound(&out[n], FF_DIM_KIND, &values[2]);
	return n;
}

/* What they did is asked of their items alone as well. */
static void
done_narrow(const struct ff_who *who, struct ff_arena *arena, struct ff_filter *filter)
{
	struct ff_filter *all = FF_NEW(arena, struct ff_filter), *kids = FF_NEW_N(arena, 4, struct ff_filter);

	kids[0] = filter->kids[0];
	*all = (struct ff_filter){ .op = FF_AND, .kids = kids, .n_kids = 1 + bounds_make(who, arena, &kids[1]) };
	filter->kids = all;
}

static enum ff_err
filter_narrow(const struct ff_who *who, struct ff_arena *arena, struct ff_filter *filter, struct ff_fault *fault)
{
	if (filter->n_kids == 0 && is_of_whole_visit(&filter->dim))
		return ff_fault_set(fault, FF_FORBIDDEN, "Authorization", "is for some items: ask for no entry or exit pages");
	for (size_t i = 0; i < filter->n_kids; i++)
		FF_TRY(filter_narrow(who, arena, &filter->kids[i], fault));
	if ((filter->op == FF_HAS_DONE || filter->op == FF_HAS_NOT_DONE) && filter->n_kids == 1)
		done_narrow(who, arena, filter);
	return FF_OK;
}

/* Those of a page are of the visits that began there. */
static bool
asks_visits(const struct ff_query *query)
{
	for (size_t i = 0; i < query->n_metrics; i++)
		if (ff_metric_per_visit(query->metrics[i]))
			return true;
	return false;
}

enum ff_err
ff_narrow_query(const struct ff_who *who, struct ff_arena *arena, struct ff_query *query, struct ff_fault *fault)
{
	struct ff_filter *filters = FF_NEW_N(arena, query->n_filters + 3, struct ff_filter);

	if (!ff_narrowed(who))
		return FF_OK;
	for (size_t i = 0; i < query->n_dims; i++)
		if (is_of_whole_visit(&query->dims[i]) || (query->dims[i].dim == FF_DIM_PAGE && asks_visits(query)))
			return ff_fault_set(fault, FF_FORBIDDEN, "Authorization",
			    "is for some items: ask for no entry or exit pages");
	for (size_t i = 0; i < query->n_filters; i++) {
		FF_TRY(filter_narrow(who, arena, &query->filters[i], fault));
		filters[i] = query->filters[i];
	}
	query->filters = filters;
	query->n_filters += bounds_make(who, arena, &filters[query->n_filters]);
	return FF_OK;
}
