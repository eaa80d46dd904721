/* The door without a database: requests, routes, parameters, answers. */
#include "tests/lib/unit.h"

#include "base/limits.h"
#include "door/answer.h"
#include "door/guard.h"
#include "door/path.h"
#include "safe/rand.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW INT64_C(1763740800000000)

struct world {
	struct ff_arena      arena;
	struct ff_res        res;
	struct ff_buf        head;
	struct ff_app        app;
	const struct ff_req *req;
};

/* ---- rooms for the test ---- */

static enum ff_err
say(const struct ff_req *req, struct ff_res *res)
{
	(void)req;
	res->etag = true;
	ff_buf_z(&res->body, "{\"a\":1}");
	return FF_OK;
}

static enum ff_err
page(const struct ff_req *req, struct ff_res *res)
{
	(void)req;
	res->content_type = "text/html; charset=utf-8";
	ff_buf_z(&res->body, "<!doctype html><title>x</title>");
	return FF_OK;
}

static enum ff_err
refuse(const struct ff_req *req, struct ff_res *res)
{
	ff_buf_z(&res->body, "half an answer");
	ff_res_header(res, "X-Half", FF_STR("yes"));
	if (ff_str_eqz(req->segments[0], "db"))
		return ff_fault_set(&res->fault, FF_DATABASE, "host", "is secret");
	return ff_fault_set(&res->fault, FF_INVALID, "url", "is required");
}

static enum ff_err
huge(const struct ff_req *req, struct ff_res *res)
{
	(void)req;
	for (size_t i = 0; i <= FF_RESPONSE_MAX / 1024; i++)
		ff_buf_put(&res->body, (char[1024]){ 0 }, 1024);
	return FF_OK;
}

static enum ff_err
forge(const struct ff_req *req, struct ff_res *res)
{
	ff_buf_z(&res->body, "ok");
	if (ff_str_eqz(req->segments[0], "header"))
		ff_res_header(res, "X-Name", FF_STR("a\r\nSet-Cookie: b=c"));
	else
		ff_res_redirect(res, req->segments[0]);
	return FF_OK;
}

static enum ff_err
cookies(const struct ff_req *req, struct ff_res *res)
{
	res->content_type = "text/html";
	ff_guard_cookie_set(req, res, FF_STR("ffs_abc"));
	ff_res_redirect(res, FF_STR("/admin/"));
	return FF_OK;
}

static const struct ff_param params[] = {
	{ "text", FF_PARAM_TEXT, true, 2, 5, NULL, "" },
	{ "n", FF_PARAM_INT, false, -3, 100, NULL, "" },
	{ "day", FF_PARAM_DAY, false, 0, 0, NULL, "" },
	{ "kind", FF_PARAM_ENUM, false, 0, 0, "page|item|source", "" },
	{ "id", FF_PARAM_UUID, false, 0, 0, NULL, "" },
	{ "flag", FF_PARAM_FLAG, false, 0, 0, NULL, "" },
	{ 0 },
};

static const struct ff_route routes[] = {
	{ FF_GET, "/", say, .max_age = 60 },
	{ FF_GET, "/a/fixed", say, .max_age = -1 },
	{ FF_GET, "/a/{x}", page, .max_age = 0 },
	{ FF_GET, "/a/{x}/b/{y}", say, .max_age = 0 },
	{ FF_GET, "/files/{dir}/{rest*}", say, .max_age = -1 },
	{ FF_GET, "/fail/{how}", refuse, .max_age = 60 },
	{ FF_GET, "/huge", huge, .max_age = 60 },
	{ FF_GET, "/forge/{what}", forge, .max_age = 60 },
	{ FF_GET, "/typed", say, .params = params, .max_age = -1 },
	{ FF_POST, "/typed", say, .params = params, .body_max = 100, .csrf_exempt = true, .max_age = -1 },
	{ FF_POST, "/raw", say, .body_max = 10, .csrf_exempt = true, .max_age = -1 },
	{ FF_POST, "/login", cookies, .body_max = 10, .max_age = -1 },
	{ FF_DELETE, "/raw", say, .csrf_exempt = true, .max_age = -1 },
	{ FF_GET, "/key", say, FF_GUARD_KEY, "stats:read", .max_age = 60 },
	{ FF_GET, "/room", say, FF_GUARD_SESSION, "viewer", .max_age = -1 },
	{ FF_POST, "/room", say, FF_GUARD_SESSION, "viewer", .max_age = -1 },
};

/* ---- helpers ---- */

static int
open_world(void **state)
{
	static struct ff_conf conf = { .address_header = "X-Forwarded-For", .trusted_proxies = "10.0.0.0/8",
		.admin_path = "/admin", .session_max = 3600 };
	struct world         *w = ff_xcalloc(1, sizeof *w);

	ff_safe_init();
	conf.insecure_login = false;
	ff_arena_init(&w->arena);
	ff_res_init(&w->res);
	ff_buf_init(&w->head, 65536);
	w->app = (struct ff_app){ .conf = &conf, .routes = routes, .n_routes = sizeof routes / sizeof *routes };
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;

	ff_arena_free(&w->arena);
	ff_res_free(&w->res);
	ff_buf_free(&w->head);
	free(w);
	return 0;
}

/* Answers; the status. vars: up to 12 more variables, ended by NULL. */
static int
answer(struct world *w, const char *method, const char *uri, const char *body, const char *const *vars)
{
	/* Outlives the call: tests look at the request, which points into it. */
	static const char *env[16];
	const char        *fixed[] = { ff_str_z(&w->arena, ff_str_printf(&w->arena, "REQUEST_METHOD=%s", method)),
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "REQUEST_URI=%s", uri)) };

	memset(env, 0, sizeof env);
	memcpy(env, fixed, sizeof fixed);

	for (size_t i = 0; vars != NULL && vars[i] != NULL; i++)
		env[2 + i] = vars[i];
	w->req = ff_answer(&w->app, &w->arena, env, ff_str_from(body), NOW, &w->res);
	ff_buf_clear(&w->head);
	ff_answer_head(w->req, &w->res, &w->head);
	return w->res.status;
}

static int
get(struct world *w, const char *uri)
{
	return answer(w, "GET", uri, NULL, NULL);
}

static bool
head_has(const struct world *w, const char *line)
{
	return strstr(w->head.p, line) != NULL;
}

static bool
body_has(const struct world *w, const char *text)
{
	return w->res.body.p != NULL && strstr(w->res.body.p, text) != NULL;
}

#define VARS(...) (const char *const[]){ __VA_ARGS__, NULL }

/* ---- requests ---- */

static void
paths_are_decoded_strictly(void **state)
{
	struct world *w = *state;
	struct ff_str out;

	assert_true(ff_path_decode(&w->arena, FF_STR("/a%20b%C3%BC+c"), &out));
	assert_str(out, "/a b\xc3\xbc+c");
	for (size_t i = 0; i < 9; i++) {
		static const char *const bad[] = { "%", "%4", "%4g", "%g4", "%00", "%0a", "a\nb", "%ff", "\x7f" };

		assert_false(ff_path_decode(&w->arena, ff_str_from(bad[i]), &out));
	}
}

static void
the_target_is_the_request_uri(void **state)
{
	struct world *w = *state;

	assert_int_equal(get(w, "/a/x%2Fy?q=1&r=%41"), 200);
	assert_str(w->req->path, "/a/x/y");
	assert_str(w->req->segments[0], "x/y");
	assert_str(w->req->query, "q=1&r=%41");
	assert_int_equal(answer(w, "GET", "/a/x?q", NULL, VARS("SCRIPT_NAME=/other", "PATH_INFO=/other")), 200);
	assert_int_equal(get(w, "http://stats.example/a/fixed"), 200);
	assert_int_equal(get(w, "https://stats.example"), 200);
	assert_str(w->req->path, "/");
	assert_int_equal(get(w, "*"), 400);
	assert_int_equal(get(w, "a/fixed"), 400);
	assert_int_equal(get(w, "/%zz"), 400);
	assert_int_equal(get(w, "/a/%ff"), 400);
	assert_int_equal(strlen(w->req->id), 16);
	assert_true(body_has(w, w->req->id));
}

static void
script_names_are_used_without_request_uri(void **state)
{
	struct world *w = *state;

	assert_int_equal(answer(w, "GET", "", NULL, VARS("SCRIPT_NAME=/a", "PATH_INFO=/50%")), 200);
	assert_str(w->req->segments[0], "50%");
	assert_int_equal(answer(w, "GET", "", NULL, VARS("SCRIPT_NAME=/cgi-bin/x.fcgi", "PATH_INFO=/a/fixed")), 200);
	assert_int_equal(answer(w, "GET", "/cgi-bin/x.fcgi/a/fixed?x", NULL, VARS("SCRIPT_NAME=/cgi-bin/x.fcgi")), 200);
	assert_int_equal(answer(w, "GET", "/cgi-bin/x.fcgi", NULL, VARS("SCRIPT_NAME=/cgi-bin/x.fcgi")), 200);
}

static void
the_mount_is_taken_off(void **state)
{
	struct world *w = *state;

	w->app.mount = "/admin/";
	assert_int_equal(get(w, "/admin"), 200);
	assert_str(w->req->path, "/");
	assert_int_equal(get(w, "/admin/a/fixed"), 200);
	assert_str(w->req->path, "/a/fixed");
	assert_int_equal(get(w, "/administration"), 404);
	assert_int_equal(get(w, "/a/fixed"), 404);
}

static void
variables_that_must_be_single_are(void **state)
{
	struct world *w = *state;

	assert_int_equal(answer(w, "GET", "/", NULL, VARS("HTTP_HOST=a", "HTTP_HOST=b")), 400);
	assert_int_equal(answer(w, "GET", "/", NULL, VARS("HTTP_HOST=a", "HTTP_HOST=a")), 200);
	assert_int_equal(answer(w, "GET", "/", NULL, VARS("CONTENT_LENGTH=0", "CONTENT_LENGTH=1")), 400);
	assert_int_equal(answer(w, "GET", "/", NULL, VARS("HTTP_X_FORWARDED_FOR=192.0.2.1")), 200);
	assert_str(w->req->forwarded, "192.0.2.1");
	assert_int_equal(answer(w, "GET", "/", NULL, VARS("HTTP_X_FORWARDED_FOR=a", "HTTP_X_FORWARDED_FOR=b")), 200);
	assert_int_equal(w->req->forwarded.len, 0);
	assert_int_equal(answer(w, "GET", "/", NULL, VARS("NOVALUE", "=x", "HTTP_DNT=1", "HTTP_SEC_GPC=1")), 200);
	assert_true(w->req->dnt && w->req->gpc);
	assert_str(ff_req_env(w->req, "HTTP_DNT"), "1");
	assert_null(ff_req_env(w->req, "HTTP_DN").p);
}

static void
an_endless_environment_is_refused(void **state)
{
	struct world *w = *state;
	char         *var = ff_alloc(&w->arena, FF_ENV_MAX + 20);

	memset(var, 'x', FF_ENV_MAX + 19);
	var[FF_ENV_MAX + 19] = '\0';
	memcpy(var, "HTTP_X=", 7);
	assert_int_equal(answer(w, "GET", "/", NULL, VARS(var)), 413);
}

static void
https_is_the_servers_word_or_a_trusted_proxys(void **state)
{
	struct world *w = *state;

	get(w, "/");
	assert_false(w->req->https);
	answer(w, "GET", "/", NULL, VARS("HTTPS=on"));
	assert_true(w->req->https);
	answer(w, "GET", "/", NULL, VARS("REQUEST_SCHEME=https"));
	assert_true(w->req->https);
	answer(w, "GET", "/", NULL, VARS("REMOTE_ADDR=192.0.2.1", "HTTP_X_FORWARDED_PROTO=https"));
	assert_false(w->req->https);
	answer(w, "GET", "/", NULL, VARS("REMOTE_ADDR=10.1.2.3", "HTTP_X_FORWARDED_PROTO=https"));
	assert_true(w->req->https);
}

/* ---- routes ---- */

static void
the_first_row_that_matches_answers(void **state)
{
	struct world *w = *state;

	assert_int_equal(get(w, "/a/fixed"), 200);
	assert_string_equal(w->req->route->pattern, "/a/fixed");
	assert_int_equal(get(w, "/a/other"), 200);
	assert_string_equal(w->req->route->pattern, "/a/{x}");
	assert_int_equal(get(w, "/a/1/b/2"), 200);
	assert_str(w->req->segments[1], "2");
	assert_int_equal(get(w, "/files/x/y/z%2F/"), 200);
	assert_str(w->req->segments[1], "y/z//");
}

static void
what_no_row_matches_is_not_found(void **state)
{
	static const char *const none[] = { "/a", "/a/", "/a/x/", "/a//b/2", "/a/1/b", "/a/1/b/2/3", "/files/x", "/files/x/",
		"/b", "//", "/A/fixed" };
	struct world            *w = *state;

	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(get(w, none[i]), 404);
	assert_true(body_has(w, "\"code\":\"NOT_FOUND\""));
}

static void
wrong_methods_are_told_the_right_ones(void **state)
{
	struct world *w = *state;

	assert_int_equal(answer(w, "PUT", "/raw", NULL, NULL), 405);
	assert_true(head_has(w, "Allow: POST, DELETE\r\n"));
	assert_int_equal(answer(w, "POST", "/a/fixed", NULL, NULL), 405);
	assert_true(head_has(w, "Allow: GET, HEAD\r\n"));
	assert_int_equal(answer(w, "BREW", "/typed", NULL, NULL), 405);
	assert_true(head_has(w, "Allow: GET, HEAD, POST\r\n"));
}

/* ---- parameters ---- */

static void
parameters_have_types(void **state)
{
	struct world          *w = *state;
	const struct ff_value *v;

	assert_int_equal(get(w, "/typed?text=abc&n=-3&day=2026-11-21&kind=source&flag=on&junk=1"
				"&id=11111111-2222-4333-8444-555555555555"), 200);
	v = w->req->values;
	assert_str(v[0].text, "abc");
	assert_int_equal(v[1].i64, -3);
	assert_int_equal(v[2].i64, 20778);
	assert_int_equal(v[3].i64, 2);
	assert_true(v[4].given);
	assert_int_equal(v[5].i64, 1);
	assert_int_equal(get(w, "/typed?text=abc&n=&day=&kind=&flag="), 200);
	for (size_t i = 1; i < 6; i++)
		assert_false(w->req->values[i].given);
}

static void
bad_parameters_are_named(void **state)
{
	static const char *const bad[][2] = { { "", "text" }, { "text=", "text" }, { "text=a", "text" },
		{ "text=abcdef", "text" }, { "text=abc&n=101", "n" }, { "text=abc&n=-4", "n" }, { "text=abc&n=1.5", "n" },
		{ "text=abc&day=2026-02-30", "day" }, { "text=abc&kind=pages", "kind" }, { "text=abc&id=1", "id" },
		{ "text=abc&flag=maybe", "flag" }, { "text=a%FFc", "text" } };
	struct world            *w = *state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char uri[100], field[64];

		snprintf(uri, sizeof uri, "/typed?%s", bad[i][0]);
		snprintf(field, sizeof field, "\"field\":\"%s\"", bad[i][1]);
		assert_int_equal(get(w, uri), 400);
		assert_true(body_has(w, field));
	}
}

static void
forms_are_read_like_queries(void **state)
{
	struct world *w = *state;

	assert_int_equal(answer(w, "POST", "/typed", "text=a+b&flag=0",
	    VARS("CONTENT_TYPE=application/x-www-form-urlencoded; charset=utf-8")), 200);
	assert_str(w->req->values[0].text, "a b");
	assert_int_equal(w->req->values[5].i64, 0);
	assert_int_equal(answer(w, "POST", "/typed?text=abc", "", NULL), 400);
	assert_int_equal(answer(w, "POST", "/typed", "{}", VARS("CONTENT_TYPE=application/json")), 415);
	assert_true(body_has(w, "\"field\":\"Content-Type\""));
}

/* ---- bodies ---- */

static void
bodies_are_held_against_the_route(void **state)
{
	struct world *w = *state;

	assert_int_equal(answer(w, "POST", "/raw", "0123456789", VARS("CONTENT_LENGTH=10")), 200);
	assert_int_equal(answer(w, "POST", "/raw", "0123456789a", VARS("CONTENT_LENGTH=11")), 413);
	assert_int_equal(answer(w, "POST", "/raw", "", VARS("CONTENT_LENGTH=11")), 413);
	assert_int_equal(answer(w, "POST", "/raw", "012", VARS("CONTENT_LENGTH=4")), 400);
	assert_true(body_has(w, "\"field\":\"Content-Length\""));
	assert_int_equal(answer(w, "POST", "/raw", "012", VARS("CONTENT_LENGTH=2")), 400);
	assert_int_equal(answer(w, "POST", "/raw", "012", VARS("CONTENT_LENGTH=x")), 400);
	assert_int_equal(answer(w, "POST", "/raw", "012", VARS("HTTP_CONTENT_ENCODING=gzip")), 415);
	assert_int_equal(answer(w, "POST", "/raw", "012", VARS("HTTP_CONTENT_ENCODING=identity")), 200);
	assert_int_equal(answer(w, "GET", "/", "x", NULL), 413);
	assert_int_equal(answer(w, "GET", "/", "", VARS("CONTENT_LENGTH=")), 200);
}

/* ---- answers ---- */

static void
known_bodies_are_not_sent_again(void **state)
{
	struct world *w = *state;
	char          tag[60];

	assert_int_equal(get(w, "/"), 200);
	assert_true(head_has(w, "Cache-Control: public, max-age=60\r\n"));
	assert_true(ff_answer_has_body(w->req, &w->res));
	snprintf(tag, sizeof tag, "HTTP_IF_NONE_MATCH=%s", w->res.tag);
	assert_int_equal(answer(w, "GET", "/", NULL, VARS(tag)), 304);
	assert_true(head_has(w, "ETag: \""));
	assert_false(head_has(w, "Content-Length"));
	assert_false(ff_answer_has_body(w->req, &w->res));
	assert_int_equal(answer(w, "HEAD", "/", NULL, NULL), 200);
	assert_true(head_has(w, "Content-Length: 7\r\n"));
	assert_false(ff_answer_has_body(w->req, &w->res));
	assert_int_equal(answer(w, "GET", "/", NULL, VARS("HTTP_IF_NONE_MATCH=\"00\"")), 200);
}

static void
errors_say_what_is_wrong_and_nothing_of_ours(void **state)
{
	struct world *w = *state;

	assert_int_equal(get(w, "/fail/input"), 400);
	assert_true(body_has(w, "{\"error\":\"url is required\",\"code\":\"INVALID\",\"field\":\"url\",\"request_id\":\""));
	assert_false(head_has(w, "X-Half"));
	assert_true(head_has(w, "Cache-Control: no-store\r\n"));
	assert_int_equal(get(w, "/fail/db"), 503);
	assert_false(body_has(w, "secret"));
	assert_true(head_has(w, "Retry-After: 10\r\n"));
}

static void
nothing_half_built_leaves(void **state)
{
	struct world *w = *state;

	assert_int_equal(get(w, "/huge"), 500);
	assert_true(body_has(w, "\"code\":\"INTERNAL\""));
	assert_int_equal(get(w, "/forge/header"), 500);
	assert_false(head_has(w, "Set-Cookie"));
	assert_int_equal(get(w, "/forge/%2Fok%3Fa=b"), 303);
	assert_true(head_has(w, "Location: /ok?a=b\r\n"));
	assert_int_equal(get(w, "/forge/%2F%2Fevil.example"), 500);
	assert_int_equal(get(w, "/forge/%2F%5Cevil.example"), 500);
	assert_int_equal(get(w, "/forge/https:evil.example"), 500);
	assert_false(head_has(w, "Location"));
}

static void
each_kind_of_answer_has_its_headers(void **state)
{
	struct world *w = *state;

	get(w, "/");
	assert_true(head_has(w, "X-Content-Type-Options: nosniff\r\n"));
	assert_true(head_has(w, "Content-Security-Policy: " FF_CSP_DATA "\r\n"));
	assert_true(head_has(w, "Referrer-Policy: no-referrer\r\n"));
	answer(w, "GET", "/a/page", NULL, VARS("HTTPS=on"));
	assert_true(head_has(w, "Content-Security-Policy: " FF_CSP_HTML "\r\n"));
	assert_true(head_has(w, "Referrer-Policy: same-origin\r\n"));
	assert_true(head_has(w, "Cross-Origin-Opener-Policy: same-origin\r\n"));
	assert_true(head_has(w, "Strict-Transport-Security: "));
	assert_true(head_has(w, "Cache-Control: no-cache\r\n"));
	get(w, "/a/page");
	assert_false(head_has(w, "Strict-Transport-Security"));
}

static void
error_page_html(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	(void)req;
	res->content_type = "text/html";
	ff_buf_z(&res->body, ff_err_name(err));
	if (err == FF_CONFLICT || err == FF_INTERNAL)
		ff_res_header(res, "X-Bad", FF_STR("\n"));
}

static void
a_program_shows_errors_its_own_way(void **state)
{
	struct world *w = *state;

	w->app.error_page = error_page_html;
	assert_int_equal(get(w, "/nowhere"), 404);
	assert_str(ff_buf_view(&w->res.body), "NOT_FOUND");
	assert_true(head_has(w, "Content-Type: text/html\r\n"));
	assert_int_equal(get(w, "/huge"), 500); /* its page is broken too */
	assert_true(body_has(w, "\"code\":\"INTERNAL\""));
}

/* ---- the guard, as far as it needs no database ---- */

static void
nobody_is_sent_to_the_login_page(void **state)
{
	struct world *w = *state;

	w->app.mount = "/admin";
	w->app.error_page = error_page_html;
	assert_int_equal(get(w, "/admin/room?a=b&c=/d"), 303);
	assert_true(head_has(w, "Location: /admin/login?next=%2Fadmin%2Froom%3Fa%3Db%26c%3D%2Fd\r\n"));
	assert_int_equal(answer(w, "GET", "/admin/room", NULL, VARS("HTTP_SEC_FETCH_MODE=cors")), 401);
	assert_int_equal(answer(w, "GET", "/admin/room", NULL, VARS("HTTP_ACCEPT=application/json")), 401);
	assert_int_equal(answer(w, "POST", "/admin/room", NULL, NULL), 401);
	w->app.error_page = NULL;
	assert_int_equal(get(w, "/admin/room"), 401);
	assert_int_equal(answer(w, "GET", "/admin/room", NULL, VARS("HTTP_ACCEPT=text/html,*/*")), 303);
}

static void
keys_travel_in_one_header_only(void **state)
{
	struct world *w = *state;

	assert_int_equal(get(w, "/key?token=ffk_x&api_key=ffk_x"), 401);
	assert_true(head_has(w, "WWW-Authenticate: Bearer\r\n"));
	assert_int_equal(answer(w, "GET", "/key", NULL, VARS("HTTP_COOKIE=footfall=ffk_x")), 401);
	assert_int_equal(answer(w, "GET", "/key", NULL, VARS("HTTP_AUTHORIZATION=Basic eDp5")), 401);
	assert_int_equal(answer(w, "GET", "/key", NULL, VARS("HTTP_AUTHORIZATION=Bearer nonsense")), 401);
	assert_int_equal(answer(w, "GET", "/key", NULL, VARS("HTTP_AUTHORIZATION=Bearer")), 401);
}

static void
signing_in_from_elsewhere_is_refused(void **state)
{
	static const char *const bad[][3] = {
		{ "HTTP_SEC_FETCH_SITE=cross-site" }, { "HTTP_SEC_FETCH_SITE=same-site" },
		{ "HTTP_ORIGIN=https://evil.example" }, { "HTTP_ORIGIN=null" },
		{ "HTTP_ORIGIN=https://stats.example.evil.example" }, { "HTTP_ORIGIN=stats.example" },
		{ "HTTP_ORIGIN=https://evil.example", "HTTP_SEC_FETCH_SITE=same-origin" },
		{ "HTTP_ORIGIN=https://stats.example", "HTTP_SEC_FETCH_SITE=cross-site" },
	};
	static const char *const good[][3] = {
		{ "HTTP_SEC_FETCH_SITE=same-origin" }, { "HTTP_SEC_FETCH_SITE=none" }, { "HTTP_ORIGIN=https://stats.example" },
		{ "HTTP_ORIGIN=null", "HTTP_SEC_FETCH_SITE=same-origin" }, { "HTTP_X=y" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(answer(w, "POST", "/login", "", VARS("HTTP_HOST=stats.example", bad[i][0], bad[i][1])), 403);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_int_equal(answer(w, "POST", "/login", "", VARS("HTTP_HOST=stats.example", good[i][0], good[i][1])), 303);
}

static void
the_cookie_is_bound_to_host_and_scheme(void **state)
{
	struct world *w = *state;

	answer(w, "POST", "/login", "", VARS("HTTPS=on"));
	assert_true(head_has(w, "Set-Cookie: __Host-footfall=ffs_abc; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure\r\n"));
	answer(w, "POST", "/login", "", NULL);
	assert_true(head_has(w, "Set-Cookie: footfall=ffs_abc; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict\r\n"));
	answer(w, "GET", "/", NULL, VARS("HTTPS=on", "HTTP_COOKIE=footfall=a; __Host-footfall=b"));
	assert_str(ff_guard_token(w->req), "b");
	answer(w, "GET", "/", NULL, VARS("HTTP_COOKIE=footfall=a; __Host-footfall=b"));
	assert_str(ff_guard_token(w->req), "a");
}

static bool
plain_ok(struct world *w, const char *peer, const char *forwarded)
{
	answer(w, "GET", "/", NULL, VARS(peer, forwarded));
	return ff_guard_plain_ok(w->req);
}

static void
plain_http_is_for_this_machine_only(void **state)
{
	struct world  *w = *state;
	struct ff_conf conf = *w->app.conf;

	assert_true(plain_ok(w, "REMOTE_ADDR=127.0.0.1", NULL));
	assert_true(plain_ok(w, "REMOTE_ADDR=127.8.9.1", NULL));
	assert_true(plain_ok(w, "REMOTE_ADDR=::1", NULL));
	assert_true(plain_ok(w, "REMOTE_ADDR=192.0.2.1", "HTTPS=on"));
	assert_false(plain_ok(w, "REMOTE_ADDR=192.0.2.1", NULL));
	assert_false(plain_ok(w, "REMOTE_ADDR=::2", NULL));
	assert_false(plain_ok(w, "REMOTE_ADDR=", NULL));
	assert_false(plain_ok(w, "REMOTE_ADDR=127.0.0.1", "HTTP_X_FORWARDED_FOR=127.0.0.1")); /* a proxy we do not know */
	assert_false(plain_ok(w, "REMOTE_ADDR=192.0.2.1", "HTTP_X_FORWARDED_FOR=127.0.0.1"));
	assert_false(plain_ok(w, "REMOTE_ADDR=10.0.0.1", "HTTP_X_FORWARDED_FOR=192.0.2.7"));
	assert_str(ff_guard_client(w->req), "192.0.2.7");
	assert_false(plain_ok(w, "REMOTE_ADDR=unix:", NULL));
	assert_str(ff_guard_client(w->req), "unix:");
	conf.trusted_proxies = "nonsense"; /* refused at the start; the guard fails closed all the same */
	w->app.conf = &conf;
	assert_false(plain_ok(w, "REMOTE_ADDR=127.0.0.1", NULL));
	assert_str(ff_guard_client(w->req), "127.0.0.1");
	conf.trusted_proxies = "";
	conf.insecure_login = true;
	w->app.conf = &conf;
	assert_true(plain_ok(w, "REMOTE_ADDR=192.0.2.1", NULL));
}

static void
authority_depends_on_who_site_and_scope(void **state)
{
	struct ff_who key = { .key_id = 1, .site_id = 7, .scopes = FF_STR("stats:read events:write") };
	struct ff_who viewer = { .account_id = 1, .role = FF_ROLE_VIEWER }, admin = { .account_id = 2, .role = FF_ROLE_ADMIN };
	struct ff_who moderator = { .account_id = 3, .role = FF_ROLE_MODERATOR }, nobody = { .role = FF_ROLE_ADMIN };

	(void)state;
	assert_true(ff_authorize(&key, 7, "stats:read"));
	assert_true(ff_authorize(&key, 7, "events:write"));
	assert_false(ff_authorize(&key, 8, "stats:read"));
	assert_false(ff_authorize(&key, 0, "stats:read"));
	assert_false(ff_authorize(&key, 7, "stats"));
	assert_false(ff_authorize(&key, 7, "sites:write"));
	key.site_id = 0;
	assert_true(ff_authorize(&key, 0, "stats:read") && ff_authorize(&key, 9, "stats:read"));
	assert_true(ff_authorize(&viewer, 1, "stats:read"));
	assert_false(ff_authorize(&viewer, 1, "content:write"));
	assert_true(ff_authorize(&moderator, 1, "content:write"));
	assert_false(ff_authorize(&moderator, 1, "sites:write"));
	assert_true(ff_authorize(&admin, 1, "sites:write"));
	assert_false(ff_authorize(&nobody, 1, "stats:read"));
	assert_false(ff_authorize(NULL, 1, "stats:read"));
	assert_false(ff_authorize(&admin, 1, NULL));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
	const struct CMUnitTest tests[] = {
		T(paths_are_decoded_strictly),
		T(the_target_is_the_request_uri),
		T(script_names_are_used_without_request_uri),
		T(the_mount_is_taken_off),
		T(variables_that_must_be_single_are),
		T(an_endless_environment_is_refused),
		T(https_is_the_servers_word_or_a_trusted_proxys),
		T(the_first_row_that_matches_answers),
		T(what_no_row_matches_is_not_found),
		T(wrong_methods_are_told_the_right_ones),
		T(parameters_have_types),
		T(bad_parameters_are_named),
		T(forms_are_read_like_queries),
		T(bodies_are_held_against_the_route),
		T(known_bodies_are_not_sent_again),
		T(errors_say_what_is_wrong_and_nothing_of_ours),
		T(nothing_half_built_leaves),
		T(each_kind_of_answer_has_its_headers),
		T(a_program_shows_errors_its_own_way),
		T(nobody_is_sent_to_the_login_page),
		T(keys_travel_in_one_header_only),
		T(signing_in_from_elsewhere_is_refused),
		T(the_cookie_is_bound_to_host_and_scheme),
		T(plain_http_is_for_this_machine_only),
		T(authority_depends_on_who_site_and_scope),
	};

	return cmocka_run_group_tests_name("door", tests, NULL, NULL);
}
