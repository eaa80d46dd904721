#include "door/answer.h"

#include "base/limits.h"
#include "base/log.h"
#include "door/cached.h"
#include "door/callers.h"
#include "door/guard.h"
#include "door/meter.h"
#include "wire/url.h"

#include <time.h>

static bool
is_form(struct ff_str content_type)
{
	struct ff_str type = ff_str_trim(ff_str_split(&content_type, ';'));

	return ff_str_eq_nocase(type, FF_STR("application/x-www-form-urlencoded"));
}

/* The body against what the route takes; an urlencoded one becomes req->form. */
static enum ff_err
body_check(struct ff_req *req, struct ff_fault *fault)
{
	const struct ff_route *route = req->route;

	if (req->body.len > route->body_max || req->content_length > (int64_t)route->body_max)
		return ff_fault_set(fault, FF_TOO_LARGE, "request", "is larger than %zu bytes", route->body_max);
	if (req->content_length >= 0 && (size_t)req->content_length != req->body.len)
		return ff_fault_set(fault, FF_INVALID, "Content-Length", "does not match the body");
	if (req->body.len == 0)
		return FF_OK;
	if (req->content_encoding.len > 0 && !ff_str_eq_nocase(req->content_encoding, FF_STR("identity")))
		return ff_fault_set(fault, FF_MEDIA_TYPE, "Content-Encoding", "is not accepted: send the body as it is");
	if (is_form(req->content_type))
		return ff_query_parse(req->arena, req->body, FF_PAIRS_MAX, &req->form, fault);
	if (route->params != NULL && req->method == FF_POST)
		return ff_fault_set(fault, FF_MEDIA_TYPE, "Content-Type", "is not application/x-www-form-urlencoded");
	return FF_OK;
}

/* The way of a request through the door, as far as it gets. */
static enum ff_err
pass(struct ff_req *req, struct ff_res *res)
{
	char allow[64] = "";
	enum ff_err err = ff_route_find(req->app->routes, req->app->n_routes, req, allow);

	if (err == FF_METHOD) {
		ff_answer_error(req, res, err);
		ff_res_header(res, "Allow", ff_str_from(allow));
		return FF_OK;
	}
	FF_TRY(err);
	FF_TRY(body_check(req, &res->fault));
	err = ff_guard_pass(req, &res->fault);
	if (err == FF_DATABASE && ff_cached_stale(req, res))
		return FF_OK;
	FF_TRY(err);
	FF_TRY(ff_callers_pass(req->app->callers, req, res));
	FF_TRY(ff_params_read(req, &res->fault));
	res->max_age = req->route->max_age;
	if (req->app->cache != NULL && req->route->fresh > 0)
		return ff_cached_call(req, res);
	return req->route->fn(req, res);
}

/* A page opened in a browser, not a script's request. */
static bool
is_page_view(const struct ff_req *req)
{
	struct ff_str mode = ff_req_env(req, "HTTP_SEC_FETCH_MODE");
	struct ff_str accept = ff_req_env(req, "HTTP_ACCEPT");

	if (req->method != FF_GET && req->method != FF_HEAD)
		return false;
	if (mode.len > 0)
		return ff_str_eqz(mode, "navigate");
	if (req->app->error_page != NULL)
		return !ff_str_starts(accept, FF_STR("application/json"));
	return ff_str_contains_nocase(accept, FF_STR("text/html"));
}

/* <admin.path>/login?next=<where the guest wanted to go> */
static void
send_to_login(const struct ff_req *req, struct ff_res *res)
{
	struct ff_str path = ff_str_from(req->app->conf->admin_path);
	struct ff_str wanted = ff_str_printf(req->arena, "%s%.*s%s%.*s", req->app->mount != NULL ? req->app->mount : "",
	    FF_STR_ARG(req->raw_path), req->query.len > 0 ? "?" : "", FF_STR_ARG(req->query));
	struct ff_buf location;

	ff_buf_init(&location, FF_ENV_MAX * 4);
	ff_buf_str(&location, path);
	ff_buf_z(&location, "/login?next=");
	ff_url_encode(&location, wanted);
	ff_res_redirect(res, ff_buf_view(&location));
	ff_buf_free(&location);
}

static void
show_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	if (err == FF_UNAUTHORIZED && req->route != NULL && req->route->guard == FF_GUARD_SESSION && is_page_view(req))
		send_to_login(req, res);
	else
		ff_answer_error(req, res, err);
}

static int64_t
monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const struct ff_req *
ff_answer(struct ff_app *app, struct ff_arena *arena, const char *const *env, struct ff_str body, int64_t now_us,
    struct ff_res *res)
{
	struct ff_req *req = FF_NEW(arena, struct ff_req);
	int64_t        began_us = monotonic_us();
	enum ff_err    err;

	ff_res_reset(res);
	err = ff_req_read(req, arena, app, env, body, now_us);
	ff_log_request(req->id);
	if (err == FF_OK)
		err = pass(req, res);
	if (err != FF_OK)
		show_error(req, res, err);
	ff_callers_tell(app->callers, req, res);
	ff_answer_settle(req, res);
	ff_meter_request(app->meter, res->status, monotonic_us() - began_us);
	return req;
}
