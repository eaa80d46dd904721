/* goals.c - /api/v1/sites/goals in the shapes of Plausible's Sites API; scroll_threshold and currency are taken as well. */
#include "fact/goals.h"

#include "base/num.h"
#include "room/api/form.h"
#include "store/db.h"

static void
put_goal(struct ff_json_out *out, const struct ff_goal *goal)
{
	char id[16];

	snprintf(id, sizeof id, "%d", (int)goal->goal_id);
	ff_json_put_key(out, "id");
	ff_json_put_z(out, id);
	ff_api_put(out, "display_name", goal->name);
	ff_json_put_key(out, "goal_type");
	ff_json_put_z(out, ff_goal_kind_name(goal->kind));
	ff_api_put(out, "event_name", goal->event_name);
	ff_api_put(out, "page_path", goal->path);
	if (goal->kind == FF_GOAL_SCROLL) {
		ff_json_put_key(out, "scroll_threshold");
		ff_json_put_i64(out, goal->scroll);
	}
	if (goal->currency.len > 0)
		ff_api_put(out, "currency", goal->currency);
}

enum ff_err
ff_api_goals_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out out;
	struct ff_api_page page;
	struct ff_goal    *goals;
	struct ff_site     site;
	int64_t           *ids;
	size_t             n;

	FF_TRY(ff_api_form_site(req, NULL, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_goals_load(req->app->db, req->arena, site.site_id, &goals, &n));
	ids = FF_NEW_N(req->arena, n, int64_t);
	for (size_t i = 0; i < n; i++)
		ids[i] = goals[i].goal_id;
	ff_api_page_read(req->values + 1, &page);
	ff_api_page_cut(&page, ids, n);
	ff_api_begin(res, &out);
	ff_json_put_key(&out, "goals");
	ff_json_array(&out);
	for (size_t i = page.first; i < page.end; i++) {
		ff_json_object(&out);
		put_goal(&out, &goals[i]);
		ff_json_object_end(&out);
	}
	ff_json_array_end(&out);
	ff_api_page_write(&out, &page, ids);
	ff_json_object_end(&out);
	return FF_OK;
}

static enum ff_err
read_goal(const struct ff_api_form *form, struct ff_goal *out, struct ff_fault *fault)
{
	struct ff_str scroll = ff_api_form_get(form, "scroll_threshold");
	int64_t       percent = 0;

	*out = (struct ff_goal){ .name = ff_api_form_get(form, "display_name"), .event_name = ff_api_form_get(form, "event_name"),
		.path = ff_api_form_get(form, "page_path"), .currency = ff_api_form_get(form, "currency") };
	if (!ff_goal_kind_parse(ff_api_form_get(form, "goal_type"), &out->kind))
		return ff_fault_set(fault, FF_INVALID, "goal_type", "is not one of event, page, scroll");
	if (scroll.len > 0 && !ff_num_range(scroll, 1, 100, &percent))
		return ff_fault_set(fault, FF_INVALID, "scroll_threshold", "must be 1 to 100 percent");
	if (scroll.len > 0 && out->kind == FF_GOAL_PAGE)
		out->kind = FF_GOAL_SCROLL;
	out->scroll = (int)percent;
	return FF_OK;
}

/* The names of this dialect for the fields of ours. */
static enum ff_err
explain(enum ff_err err, struct ff_fault *fault)
{
	const struct ff_fault why = *fault;
	const char           *field = NULL;

	if (ff_str_eqz(ff_str_from(why.field), "path"))
		field = "page_path";
	if (ff_str_eqz(ff_str_from(why.field), "name"))
		field = "display_name";
	if (ff_str_eqz(ff_str_from(why.field), "scroll"))
		field = "scroll_threshold";
	return field == NULL ? err : ff_fault_set(fault, err, field, "%s", why.why);
}

enum ff_err
ff_api_goals_put(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_json_out out;
	struct ff_goal     goal;
	struct ff_site     site;
	enum ff_err        err;
	bool               added;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, FF_STR_NONE, &site, &res->fault));
	FF_TRY(read_goal(&form, &goal, &res->fault));
	FF_TRY(ff_tx_begin(req->app->db));
	err = ff_goals_add(req->app->db, req->arena, site.site_id, &goal, &added, &res->fault);
	err = err == FF_OK && !added ? ff_tx_end(req->app->db, FF_OK)
				     : ff_api_record(req, err, "goal.add", site.site_id, goal.name);
	if (err != FF_OK)
		return explain(err, &res->fault);
	ff_api_begin(res, &out);
	ff_api_put(&out, "domain", site.domain);
	put_goal(&out, &goal);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_goal_delete(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_site     site;
	struct ff_str      name = FF_STR_NONE;
	int64_t            goal_id;
	enum ff_err        err;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, req->values[0].text, &site, &res->fault));
	if (!ff_num_range(req->segments[0], 1, INT32_MAX, &goal_id))
		return FF_NOT_FOUND;
	FF_TRY(ff_tx_begin(req->app->db));
	err = ff_goals_remove(req->app->db, req->arena, site.site_id, goal_id, &name);
	FF_TRY(ff_api_record(req, err, "goal.remove", site.site_id, name));
	return ff_api_done(res, "deleted");
}
