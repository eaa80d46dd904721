#include "room/admin/login.h"
#include "door/app.h"
#include "door/guard.h"
#include "fact/account.h"
#include "room/admin/page.h"
#include "room/admin/templates.h"
#include "wire/url.h"

const struct ff_param ff_login_params[] = {
	{ "next", FF_PARAM_TEXT, false, 0, 500, NULL, "the page to show after signing in" },
	{ NULL },
};

enum { P_LOGIN, P_PASSWORD, P_NEXT };
const struct ff_param ff_login_form_params[] = {
	[P_LOGIN] = { "login", FF_PARAM_TEXT, true, 1, 200, NULL, "user name" },
	[P_PASSWORD] = { "password", FF_PARAM_TEXT, true, 1, 200, NULL, "password" },
	[P_NEXT] = { "next", FF_PARAM_TEXT, false, 0, 500, NULL, "the page to show after signing in" },
	{ NULL },
};

/* Only a path of this room: an open redirect would lend our name to phishers. Browsers take "%2e%2e" for ".." and a
 * backslash for a slash. */
static struct ff_str
safe_next(const struct ff_req *req, struct ff_str next)
{
	struct ff_str home = ff_str_printf(req->arena, "%s/", req->app->conf->admin_path);
	struct ff_str query = next, path = ff_url_decode(req->arena, ff_str_split(&query, '?'));

	if (!ff_str_starts(next, home) || !ff_res_own_path(next) || ff_str_find(path, FF_STR("/..")) < path.len ||
	    ff_str_find_char(path, '\\') < path.len)
		return home;
	return next;
}

static void
show(const struct ff_req *req, struct ff_res *res, struct ff_login_view *v)
{
	ff_page_begin(req, res, FF_STR("Sign in"), &v->page);
	ff_tmpl_login(&res->body, v);
}

enum ff_err
ff_admin_login_page(const struct ff_req *req, struct ff_res *res)
{
	struct ff_login_view v = { .next = req->values[0].text };

	show(req, res, &v);
	return FF_OK;
}

enum ff_err
ff_admin_login(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_conf *conf = req->app->conf;
	struct ff_login_view  v = { .login = req->values[P_LOGIN].text, .next = req->values[P_NEXT].text };
	struct ff_login       login;
	enum ff_err           err;

	if (!ff_guard_plain_ok(req)) {
		v.error = FF_STR("Signing in needs HTTPS: over plain HTTP the password could be read on the way.");
		res->status = 403;
		show(req, res, &v);
		return FF_OK;
	}
	err = ff_account_login(req->app->db, req->arena, v.login, req->values[P_PASSWORD].text, ff_guard_client(req),
	    conf->session_idle, conf->session_max, &login);
	if (err == FF_UNAUTHORIZED || err == FF_TOO_MANY) {
		v.error = err == FF_TOO_MANY ? FF_STR("Too many attempts. Wait a quarter of an hour and try again.")
					     : FF_STR("User name and password do not match.");
		res->status = ff_err_status(err);
		show(req, res, &v);
		return FF_OK;
	}
	FF_TRY(err);
	ff_guard_cookie_set(req, res, ff_str_from(login.token));
	ff_res_redirect(res, safe_next(req, v.next));
	return FF_OK;
}

enum ff_err
ff_admin_logout(const struct ff_req *req, struct ff_res *res)
{
	FF_TRY(ff_session_end(req->app->db, ff_guard_token(req)));
	ff_guard_cookie_clear(req, res);
	ff_res_redirect(res, ff_str_printf(req->arena, "%s/login", req->app->conf->admin_path));
	return FF_OK;
}
