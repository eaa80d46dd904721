/* sites.c - /api/v1/sites: sites listed, made, changed and removed by programs, in the shapes of Plausible's Sites API;
 * with our own settings beside. */
#include "fact/sites_check.h"
#include "room/api/form.h"
#include "store/db.h"

static void
put_settings(struct ff_json_out *out, struct ff_arena *arena, const struct ff_site *site)
{
	ff_json_put_key(out, "settings");
	ff_json_object(out);
	for (int i = 0; i < FF_SITE_SETTING_COUNT; i++) {
		ff_json_put_key(out, ff_site_setting_name((enum ff_site_setting)i));
		ff_json_put_str(out, ff_site_setting_text(arena, site, (enum ff_site_setting)i));
	}
	ff_json_object_end(out);
}

static void
put_site(struct ff_json_out *out, const struct ff_site *site)
{
	char id[37];

	ff_uuid_print(&site->public_id, id);
	ff_api_put(out, "domain", site->domain);
	ff_api_put(out, "timezone", site->time_zone);
	ff_json_put_key(out, "id");
	ff_json_put_z(out, id);
}

static enum ff_err
answer(const struct ff_req *req, struct ff_res *res, const struct ff_site *site)
{
	struct ff_json_out out;

	ff_api_begin(res, &out);
	put_site(&out, site);
	ff_json_put_key(&out, "custom_properties");
	ff_json_array(&out);
	ff_json_array_end(&out);
	put_settings(&out, req->arena, site);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_sites_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out out;
	struct ff_api_page page;
	struct ff_site    *sites;
	int64_t           *ids;
	size_t             all, n = 0;

	FF_TRY(ff_sites_list(req->app->db, req->arena, &sites, &all));
	ids = FF_NEW_N(req->arena, all, int64_t);
	for (size_t i = 0; i < all; i++)
		if (ff_authorize(req->who, sites[i].site_id, req->route->scope)) {
			sites[n] = sites[i];
			ids[n++] = sites[i].site_id;
		}
	ff_api_page_read(req->values, &page);
	ff_api_page_cut(&page, ids, n);
	ff_api_begin(res, &out);
	ff_json_put_key(&out, "sites");
	ff_json_array(&out);
	for (size_t i = page.first; i < page.end; i++) {
		ff_json_object(&out);
		put_site(&out, &sites[i]);
		ff_json_object_end(&out);
	}
	ff_json_array_end(&out);
	ff_api_page_write(&out, &page, ids);
	ff_json_object_end(&out);
	return FF_OK;
}

/* There are none here: whoever has a key sees its sites. */
enum ff_err
ff_api_sites_teams(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out out;
	struct ff_api_page page;

	ff_api_page_read(req->values, &page);
	ff_api_begin(res, &out);
	ff_json_put_key(&out, "teams");
	ff_json_array(&out);
	ff_json_array_end(&out);
	ff_api_page_write(&out, &page, NULL);
	ff_json_object_end(&out);
	return FF_OK;
}

/* Every setting that the form names; "timezone" is Plausible's name of time_zone. */
static enum ff_err
change_settings(const struct ff_req *req, const struct ff_api_form *form, int32_t site_id, struct ff_fault *fault)
{
	for (int i = 0; i < FF_SITE_SETTING_COUNT; i++) {
		const char   *name = ff_site_setting_name((enum ff_site_setting)i);
		struct ff_str value = ff_api_form_get(form, name);

		if (value.p == NULL && i == FF_SITE_TIME_ZONE)
			value = ff_api_form_get(form, "timezone");
		if (value.p != NULL)
			FF_TRY(ff_sites_set(req->app->db, req->arena, site_id, ff_str_from(name), value, fault));
	}
	return FF_OK;
}

static enum ff_err
add_site(const struct ff_req *req, const struct ff_api_form *form, struct ff_site *site, struct ff_fault *fault)
{
	FF_TRY(ff_sites_add(req->app->db, req->arena, site, fault));
	FF_TRY(change_settings(req, form, site->site_id, fault));
	return ff_sites_find(req->app->db, req->arena, site->domain, site);
}

enum ff_err
ff_api_sites_post(const struct ff_req *req, struct ff_res *res)
{
	struct ff_site     site = { .gpc = FF_PRIVACY_ANONYMOUS, .dnt = FF_PRIVACY_ANONYMOUS };
	struct ff_api_form form;

	if (!ff_authorize(req->who, 0, req->route->scope))
		return ff_fault_set(&res->fault, FF_FORBIDDEN, "Authorization", "is a key of one site: it makes no others");
	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	site.domain = ff_api_form_get(&form, "domain");
	FF_TRY(ff_tx_begin(req->app->db));
	FF_TRY(ff_api_record(req, add_site(req, &form, &site, &res->fault), "site.add", site.site_id, site.domain));
	return answer(req, res, &site);
}

enum ff_err
ff_api_site_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_site site;

	FF_TRY(ff_api_site(req, req->segments[0], &site, &res->fault));
	return answer(req, res, &site);
}

static enum ff_err
change_site(const struct ff_req *req, const struct ff_api_form *form, struct ff_site *site, struct ff_fault *fault)
{
	struct ff_str domain = ff_api_form_get(form, "domain");

	if (domain.p != NULL)
		FF_TRY(ff_sites_rename(req->app->db, req->arena, site->site_id, &domain, fault));
	FF_TRY(change_settings(req, form, site->site_id, fault));
	return ff_sites_find(req->app->db, req->arena, ff_str_printf(req->arena, "%d", (int)site->site_id), site);
}

enum ff_err
ff_api_site_put(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_site     site;
	struct ff_str      was;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_site(req, req->segments[0], &site, &res->fault));
	was = site.domain;
	FF_TRY(ff_tx_begin(req->app->db));
	FF_TRY(ff_api_record(req, change_site(req, &form, &site, &res->fault), "site.set", site.site_id, was));
	return answer(req, res, &site);
}

enum ff_err
ff_api_site_delete(const struct ff_req *req, struct ff_res *res)
{
	struct ff_site site;

	FF_TRY(ff_api_site(req, req->segments[0], &site, &res->fault));
	FF_TRY(ff_tx_begin(req->app->db));
	FF_TRY(ff_api_record(req, ff_sites_remove(req->app->db, req->arena, site.site_id), "site.remove", 0, site.domain));
	return ff_api_done(res, "deleted");
}
