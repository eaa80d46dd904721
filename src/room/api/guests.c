/* guests.c - /api/v1/sites/guests in the shapes of Plausible's Sites API: accounts that may see one site. Nothing is
 * mailed: a guest without a password gets one from the operator. */
#include "fact/account.h"
#include "fact/grant.h"
#include "room/api/form.h"
#include "store/db.h"

/* Plausible's editors are our moderators; admins of a site are made by the operator. */
static const char *
shown_role(struct ff_str role)
{
	return ff_str_eqz(role, "viewer") ? "viewer" : ff_str_eqz(role, "moderator") ? "editor" : "admin";
}

static void
put_guest(struct ff_json_out *out, const struct ff_guest *guest)
{
	ff_api_put(out, "email", guest->login);
	ff_json_put_key(out, "role");
	ff_json_put_z(out, shown_role(guest->role));
	ff_json_put_key(out, "accepted");
	ff_json_put_bool(out, guest->accepted);
}

enum ff_err
ff_api_guests_get(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out out;
	struct ff_api_page page;
	struct ff_guest   *guests;
	struct ff_site     site;
	int64_t           *ids;
	size_t             n;

	FF_TRY(ff_api_form_site(req, NULL, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_grants_guests(req->app->db, req->arena, site.site_id, &guests, &n));
	ids = FF_NEW_N(req->arena, n, int64_t);
	for (size_t i = 0; i < n; i++)
		ids[i] = guests[i].account_id;
	ff_api_page_read(req->values + 1, &page);
	ff_api_page_cut(&page, ids, n);
	ff_api_begin(res, &out);
	ff_json_put_key(&out, "guests");
	ff_json_array(&out);
	for (size_t i = page.first; i < page.end; i++) {
		ff_json_object(&out);
		put_guest(&out, &guests[i]);
		ff_json_object_end(&out);
	}
	ff_json_array_end(&out);
	ff_api_page_write(&out, &page, ids);
	ff_json_object_end(&out);
	return FF_OK;
}

/* Who is a guest keeps the role they have, as Plausible does it. */
static enum ff_err
invite(const struct ff_req *req, int32_t site_id, struct ff_guest *guest, bool *added, struct ff_fault *fault)
{
	struct ff_guest *guests;
	size_t           n;
	bool             made, every_site;

	FF_TRY(ff_account_invite(req->app->db, req->arena, guest->login, &made, fault));
	FF_TRY(ff_grants_guests(req->app->db, req->arena, site_id, &guests, &n));
	*added = false;
	for (size_t i = 0; i < n; i++)
		if (ff_str_eq(guests[i].login, guest->login)) {
			*guest = guests[i];
			return FF_OK;
		}
	*added = true;
	FF_TRY(ff_grants_set(req->app->db, req->arena, guest->login, site_id, guest->role, &every_site, fault));
	guest->accepted = !made;
	return FF_OK;
}

enum ff_err
ff_api_guests_put(const struct ff_req *req, struct ff_res *res)
{
	struct ff_guest    guest = { 0 };
	struct ff_api_form form;
	struct ff_json_out out;
	struct ff_str      role;
	struct ff_site     site;
	enum ff_err        err;
	bool               added = false;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, FF_STR_NONE, &site, &res->fault));
	guest.login = ff_str_lower(req->arena, ff_api_form_get(&form, "email"));
	role = ff_api_form_get(&form, "role");
	if (guest.login.len == 0 || ff_str_find_char(guest.login, '@') >= guest.login.len)
		return ff_fault_set(&res->fault, FF_INVALID, "email", "is no mail address");
	if (!ff_str_eqz(role, "viewer") && !ff_str_eqz(role, "editor"))
		return ff_fault_set(&res->fault, FF_INVALID, "role", "is not one of viewer, editor");
	guest.role = ff_str_eqz(role, "editor") ? FF_STR("moderator") : role;
	FF_TRY(ff_tx_begin(req->app->db));
	err = invite(req, site.site_id, &guest, &added, &res->fault);
	FF_TRY(err == FF_OK && !added ? ff_tx_end(req->app->db, FF_OK)
				      : ff_api_record(req, err, "guest.add", site.site_id, guest.login));
	ff_api_begin(res, &out);
	put_guest(&out, &guest);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_guest_delete(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_form form;
	struct ff_site     site;
	enum ff_err        err;

	FF_TRY(ff_api_form_read(req, &form, &res->fault));
	FF_TRY(ff_api_form_site(req, &form, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_tx_begin(req->app->db));
	err = ff_grants_remove(req->app->db, req->arena, req->segments[0], site.site_id);
	FF_TRY(ff_api_record(req, err, "guest.remove", site.site_id, req->segments[0]));
	return ff_api_done(res, "deleted");
}
