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
