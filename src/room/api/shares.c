/* shares.c - share links: PUT /api/v1/sites/shared-links in Plausible's shape, what a link opens, and its password. */
#include "fact/share.h"

#include "base/day.h"
#include "base/num.h"
#include "room/api/form.h"
#include "store/db.h"
#include "wire/url.h"

#define DAYS_MAX 36500

/* Where the link is answered, on the host that was asked. */
static void
put_url(const struct ff_req *req, struct ff_json_out *out, const struct ff_site *site, const char *text)
{
	struct ff_str url = ff_str_printf(req->arena, "%s://%.*s/api/share/%.*s?auth=%s", req->https ? "https" : "http",
	    FF_STR_ARG(req->host), FF_STR_ARG(site->domain), text);

	ff_api_put(out, "url", url);
}

static void
put_time(struct ff_json_out *out, const char *key, int64_t us)
{
	char text[32];

	ff_time_print(us, text);
	ff_json_put_key(out, key);
	ff_json_put_z(out, us == 0 ? NULL : text);
}

enum ff_err
ff_api_shares_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out   out;
	struct ff_api_page   page;
	struct ff_share_row *rows;
	struct ff_site       site;
	int64_t             *ids;
	size_t               n;

	FF_TRY(ff_api_form_site(req, NULL, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_share_list(req->app->db, req->arena, site.site_id, &rows, &n));
	ids = FF_NEW_N(req->arena, n, int64_t);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].share_id;
	ff_api_page_read(req->values + 1, &page);
	ff_api_page_cut(&page, ids, n);
	ff_api_begin(res, &out);
	ff_json_put_key(&out, "shared_links");
	ff_json_array(&out);
	for (size_t i = page.first; i < page.end; i++) {
		ff_json_object(&out);
		ff_json_put_key(&out, "id");
		ff_json_put_i64(&out, rows[i].share_id);
		ff_api_put(&out, "name", rows[i].name);
		ff_json_put_key(&out, "password");
		ff_json_put_bool(&out, rows[i].has_password);
		put_time(&out, "created", rows[i].created_us);
		put_time(&out, "expires", rows[i].expires_us);
		put_time(&out, "revoked", rows[i].revoked_us);
		ff_json_object_end(&out);
	}
	ff_json_array_end(&out);
	ff_api_page_write(&out, &page, ids);
	ff_json_object_end(&out);
	return FF_OK;
}

static enum ff_err
read_link(const struct ff_req *req, const struct ff_api_form *form, struct ff_share_new *out, struct ff_fault *fault)
{
	struct ff_str days = ff_api_form_get(form, "days");
	int64_t       n;

	*out = (struct ff_share_new){ .name = ff_api_form_get(form, "name"), .password = ff_api_form_get(form, "password") };
	if (out->name.len == 0)
		return ff_fault_set(fault, FF_INVALID, "name", "is required");
	if (days.len == 0)
		return FF_OK;
	if (!ff_num_range(days, 1, DAYS_MAX, &n))
		return ff_fault_set(fault, FF_INVALID, "days", "must be a number from 1 to %d", DAYS_MAX);
	out->expires_us = req->now_us + n * FF_US_DAY;
	return FF_OK;
}

enum ff_err
ff_api_shares_put(const struct ff_req *req, struct ff_res *res)
{
	struct ff_share_new link;
	struct ff_api_form  form;
	struct ff_json_out  out;
	struct ff_site      site;
	enum ff_err         err;
	char                text[64];

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, FF_STR_NONE, &site, &res->fault));
	FF_TRY(read_link(req, &form, &link, &res->fault));
	err = ff_share_named(req->app->db, req->arena, &site, link.name, text);
	if (err == FF_NOT_FOUND) {
		FF_TRY(ff_tx_begin(req->app->db));
		err = ff_share_add(req->app->db, req->arena, &site, &link, text, &res->fault);
		err = ff_api_record(req, err, "share.add", site.site_id, link.name);
	}
	FF_TRY(err);
	ff_api_begin(res, &out);
	ff_api_put(&out, "name", link.name);
	put_url(req, &out, &site, text);
	ff_json_object_end(&out);
	return FF_OK;
}

/* A link of another site is an unknown one. */
static enum ff_err
revoke(const struct ff_req *req, int32_t site_id, int64_t share_id, struct ff_str *name)
{
	int32_t of_site;

	FF_TRY(ff_share_revoke(req->app->db, req->arena, share_id, &of_site, name));
	return of_site == site_id ? FF_OK : FF_NOT_FOUND;
}

enum ff_err
ff_api_share_delete(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_site     site;
	struct ff_str      name = FF_STR_NONE;
	int64_t            id;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, req->values[0].text, &site, &res->fault));
	if (!ff_num_range(req->segments[0], 1, INT64_MAX, &id))
		return FF_NOT_FOUND;
	FF_TRY(ff_tx_begin(req->app->db));
	FF_TRY(ff_api_record(req, revoke(req, site.site_id, id, &name), "share.revoke", site.site_id, name));
	return ff_api_done(res, "deleted");
}

/* ---- for who holds a link ---- */

enum ff_err
ff_api_share_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out out;
	struct ff_site     site;

	FF_TRY(ff_api_site(req, req->segments[0], &site, &res->fault));
	ff_api_begin(res, &out);
	ff_api_put(&out, "site_id", site.domain);
	ff_api_put(&out, "name", site.name);
	ff_api_put(&out, "timezone", site.time_zone);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_share_open(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_json_out out;
	struct ff_str      auth, password;
	enum ff_err        err;
	char               pass[64];

	if (!ff_guard_plain_ok(req))
		return ff_fault_set(&res->fault, FF_FORBIDDEN, "password", "is taken over HTTPS only");
	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	auth = ff_api_form_get(&form, "auth");
	password = ff_api_form_get(&form, "password");
	if (auth.len == 0 || password.len == 0)
		return ff_fault_set(&res->fault, FF_INVALID, auth.len == 0 ? "auth" : "password", "is required");
	err = ff_share_open(req->app->db, req->arena, auth, password, ff_guard_client(req), pass);
	if (err == FF_UNAUTHORIZED)
		return ff_fault_set(&res->fault, err, "password", "is not that of this link");
	FF_TRY(err);
	ff_api_begin(res, &out);
	ff_json_put_key(&out, "auth");
	ff_json_put_z(&out, pass);
	ff_json_put_key(&out, "expires_in");
	ff_json_put_i64(&out, FF_SHARE_PASS_S);
	ff_json_object_end(&out);
	return FF_OK;
}
