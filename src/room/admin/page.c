#include "room/admin/page.h"
#include "door/app.h"
#include "door/guard.h"
#include "room/admin/admin.h"
#include "room/admin/templates.h"

void
ff_page_begin(const struct ff_req *req, struct ff_res *res, struct ff_str title, struct ff_page *page)
{
	*page = (struct ff_page){ .title = title,
		.base = req->app->conf->admin_path,
		.assets = req->app->conf->asset_path };
	if (req->who != NULL) {
		page->login = req->who->login;
		page->csrf = req->who->csrf;
	}
	res->content_type = "text/html; charset=utf-8";
	res->max_age = -1;
}

void
ff_admin_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	struct ff_error_view v = { .status = ff_err_status(err), .request_id = ff_str_from(req->id) };

	ff_page_begin(req, res, ff_str_from(ff_status_phrase(v.status)), &v.page);
	v.sentence = ff_str_printf(req->arena, "Sorry: %s.", ff_err_sentence(err));
	if (res->fault.why[0] != '\0')
		v.why = ff_str_printf(req->arena, "%s %s.", res->fault.field, res->fault.why);
	ff_tmpl_error(&res->body, &v);
}
