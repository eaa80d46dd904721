/* segments.c - /api/v1/sites/segments: filters under a name, for ["is","segment",[ID]] in a question. */
#include "fact/segments.h"

#include "base/day.h"
#include "base/limits.h"
#include "base/num.h"
#include "room/api/form.h"
#include "store/db.h"

static void
put_time(struct ff_json_out *out, const char *key, int64_t us)
{
	char text[32];

	ff_time_print(us, text);
	ff_json_put_key(out, key);
	ff_json_put_z(out, text);
}

static void
put_segment(struct ff_json_out *out, const struct ff_segment *segment)
{
	ff_json_put_key(out, "id");
	ff_json_put_i64(out, segment->segment_id);
	ff_api_put(out, "name", segment->name);
	ff_json_put_key(out, "filters");
	ff_json_put_raw(out, segment->filters);
	put_time(out, "created", segment->created_us);
	put_time(out, "updated", segment->updated_us);
}

enum ff_err
ff_api_segments_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out out;
	struct ff_api_page page;
	struct ff_segment *segments;
	struct ff_site     site;
	int64_t           *ids;
	size_t             n;

	FF_TRY(ff_api_form_site(req, NULL, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_segments_list(req->app->db, req->arena, site.site_id, &segments, &n));
	ids = FF_NEW_N(req->arena, n, int64_t);
	for (size_t i = 0; i < n; i++)
		ids[i] = segments[i].segment_id;
	ff_api_page_read(req->values + 1, &page);
	ff_api_page_cut(&page, ids, n);
	ff_api_begin(res, &out);
	ff_json_put_key(&out, "segments");
	ff_json_array(&out);
	for (size_t i = page.first; i < page.end; i++) {
		ff_json_object(&out);
		put_segment(&out, &segments[i]);
		ff_json_object_end(&out);
	}
	ff_json_array_end(&out);
	ff_api_page_write(&out, &page, ids);
	ff_json_object_end(&out);
	return FF_OK;
}

/* name and filters as sent; filters is a list in a JSON body, or its text in a form. */
static enum ff_err
read_segment(const struct ff_req *req, const struct ff_api_form *form, struct ff_segment *out, struct ff_fault *fault)
{
	const struct ff_json *filters = form->json != NULL ? ff_json_get(form->json, "filters") : NULL;
	struct ff_json_out    text;
	struct ff_buf         buf;

	*out = (struct ff_segment){ .name = ff_api_form_get(form, "name"), .filters = ff_api_form_get(form, "filters") };
	if (filters == NULL)
		return FF_OK;
	if (ff_json_type(filters) != FF_JSON_ARRAY)
		return ff_fault_set(fault, FF_INVALID, "filters", "must be a list");
	ff_buf_init(&buf, req->body.len * 6 + 16);
	ff_json_out_init(&text, &buf);
	ff_api_copy(&text, filters);
	out->filters = ff_str_dup(req->arena, ff_buf_view(&buf));
	ff_buf_free(&buf);
	return FF_OK;
}

/* Filters that no question could use would be found out by each question. */
static enum ff_err
check_filters(const struct ff_req *req, const struct ff_site *site, struct ff_str filters, struct ff_fault *fault)
{
	struct ff_api_query  *query = FF_NEW(req->arena, struct ff_api_query);
	const struct ff_json *body;
	struct ff_str         text;

	if (filters.p == NULL)
		return FF_OK;
	text = ff_str_printf(req->arena, "{\"site_id\":\"-\",\"metrics\":[\"visitors\"],\"date_range\":\"day\",\"filters\":%.*s}",
	    FF_STR_ARG(filters));
	FF_TRY(ff_json_parse_deep(req->arena, text, FF_QUERY_DEPTH_MAX, &body, fault));
	query->site = *site;
	FF_TRY(ff_zone_find(ff_str_z(req->arena, site->time_zone), &query->zone));
	query->q.now_us = req->now_us;
	FF_TRY(ff_api_query_read(req->arena, body, query, fault));
	for (const struct ff_json *f = ff_json_first(query->filters); f != NULL; f = ff_json_next(f))
		if (!ff_api_filter_shape(query, f, true))
			return ff_fault_set(fault, FF_INVALID, "filters", "hold a segment: a segment holds no others");
	return ff_api_query_load(req, query, fault);
}

static enum ff_err
answer(struct ff_res *res, const struct ff_segment *segment)
{
	struct ff_json_out out;

	ff_api_begin(res, &out);
	put_segment(&out, segment);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_segments_post(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_segment  segment;
	struct ff_site     site;
	enum ff_err        err;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, FF_STR_NONE, &site, &res->fault));
	FF_TRY(read_segment(req, &form, &segment, &res->fault));
	FF_TRY(check_filters(req, &site, segment.filters, &res->fault));
	FF_TRY(ff_tx_begin(req->app->db));
	err = ff_segments_add(req->app->db, req->arena, site.site_id, &segment, &res->fault);
	FF_TRY(ff_api_record(req, err, "segment.add", site.site_id, segment.name));
	res->status = 201;
	return answer(res, &segment);
}

static enum ff_err
segment_number(const struct ff_req *req, int64_t *id)
{
	return ff_num_range(req->segments[0], 1, INT32_MAX, id) ? FF_OK : FF_NOT_FOUND;
}

enum ff_err
ff_api_segment_put(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_segment  segment;
	struct ff_site     site;
	int64_t            id;
	enum ff_err        err;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, req->values[0].text, &site, &res->fault));
	FF_TRY(read_segment(req, &form, &segment, &res->fault));
	FF_TRY(check_filters(req, &site, segment.filters, &res->fault));
	FF_TRY(segment_number(req, &id));
	segment.segment_id = (int32_t)id;
	FF_TRY(ff_tx_begin(req->app->db));
	err = ff_segments_change(req->app->db, req->arena, site.site_id, &segment, &res->fault);
	FF_TRY(ff_api_record(req, err, "segment.set", site.site_id, segment.name));
	return answer(res, &segment);
}

enum ff_err
ff_api_segment_delete(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_site     site;
	struct ff_str      name = FF_STR_NONE;
	int64_t            id;
	enum ff_err        err;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, req->values[0].text, &site, &res->fault));
	FF_TRY(segment_number(req, &id));
	FF_TRY(ff_tx_begin(req->app->db));
	err = ff_segments_remove(req->app->db, req->arena, site.site_id, id, &name);
	FF_TRY(ff_api_record(req, err, "segment.remove", site.site_id, name));
	return ff_api_done(res, "deleted");
}
