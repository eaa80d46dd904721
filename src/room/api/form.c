#include "room/api/form.h"

#include "base/limits.h"
#include "fact/audit.h"
#include "store/db.h"
#include "wire/multipart.h"

#define PAGE_USUAL 100

enum ff_err
ff_api_form_read(const struct ff_req *req, struct ff_api_form *out, struct ff_fault *fault)
{
	*out = (struct ff_api_form){ .arena = req->arena, .pairs = req->form };
	if (req->body.len == 0 || req->form.n > 0)
		return FF_OK;
	if (ff_multipart_is(req->content_type))
		return ff_multipart_parse(req->arena, req->content_type, req->body, FF_BEACON_PAIRS_MAX, &out->pairs, fault);
	FF_TRY(ff_json_parse(req->arena, req->body, &out->json, fault));
	if (ff_json_type(out->json) != FF_JSON_OBJECT)
		return ff_fault_set(fault, FF_INVALID, "request", "must be a JSON object or a form");
	return FF_OK;
}

struct ff_str
ff_api_form_get(const struct ff_api_form *form, const char *name)
{
	struct ff_str value = form->json != NULL ? ff_json_text(form->arena, ff_json_get(form->json, name))
						 : ff_pairs_find(&form->pairs, name);

	return value.p == NULL ? value : ff_str_trim(value);
}

enum ff_err
ff_api_form_site(const struct ff_req *req, const struct ff_api_form *form, struct ff_str sent, struct ff_site *site,
    struct ff_fault *fault)
{
	struct ff_str name = form != NULL ? ff_api_form_get(form, "site_id") : FF_STR_NONE;

	if (name.len == 0)
		name = sent;
	if (name.len == 0)
		return ff_fault_set(fault, FF_INVALID, "site_id", "is required");
	return ff_api_site(req, name, site, fault);
}

/* ---- pages ---- */

void
ff_api_page_read(const struct ff_value *values, struct ff_api_page *page)
{
	*page = (struct ff_api_page){ .after = values[0].given ? values[0].i64 : 0,
		.before = values[1].given ? values[1].i64 : 0, .limit = values[2].given ? values[2].i64 : PAGE_USUAL };
}

void
ff_api_page_cut(struct ff_api_page *page, const int64_t *ids, size_t n)
{
	size_t from = 0, to = n, limit = (size_t)page->limit;

	while (page->after != 0 && from < n && ids[from] <= page->after)
		from++;
	while (page->before != 0 && to > from && ids[to - 1] >= page->before)
		to--;
	/* Going back, it is the rows right before the cursor. */
	if (page->before != 0 && page->after == 0 && to - from > limit)
		from = to - limit;
	if (to - from > limit)
		to = from + limit;
	page->first = from;
	page->end = to;
	page->more_before = from > 0 && from < to;
	page->more_after = to < n && from < to;
}

static void
put_cursor(struct ff_json_out *out, const char *key, bool there, int64_t id)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)id);
	ff_json_put_key(out, key);
	ff_json_put_z(out, there ? text : NULL);
}

void
ff_api_page_write(struct ff_json_out *out, const struct ff_api_page *page, const int64_t *ids)
{
	ff_json_put_key(out, "meta");
	ff_json_object(out);
	put_cursor(out, "after", page->more_after, page->more_after ? ids[page->end - 1] : 0);
	put_cursor(out, "before", page->more_before, page->more_before ? ids[page->first] : 0);
	ff_json_put_key(out, "limit");
	ff_json_put_i64(out, page->limit);
	ff_json_object_end(out);
}

/* ---- answers ---- */

enum ff_err
ff_api_record(const struct ff_req *req, enum ff_err err, const char *action, int32_t site_id, struct ff_str detail)
{
	if (err == FF_OK)
		err = ff_audit_add(req->app->db, req->arena, ff_who_name(req->who, req->arena), action, site_id, detail);
	return ff_tx_end(req->app->db, err);
}

void
ff_api_begin(struct ff_res *res, struct ff_json_out *out)
{
	res->content_type = "application/json";
	ff_json_out_init(out, &res->body);
	ff_json_object(out);
}

void
ff_api_put(struct ff_json_out *out, const char *key, struct ff_str text)
{
	ff_json_put_key(out, key);
	if (text.len > 0)
		ff_json_put_str(out, text);
	else
		ff_json_put_null(out);
}

enum ff_err
ff_api_done(struct ff_res *res, const char *word)
{
	struct ff_json_out out;

	ff_api_begin(res, &out);
	ff_json_put_key(&out, word);
	ff_json_put_bool(&out, true);
	ff_json_object_end(&out);
	return FF_OK;
}
