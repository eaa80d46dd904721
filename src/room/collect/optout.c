/* The browser's own no (R7): a cookie that says "1" and nothing about anybody, honoured by every endpoint that records.
 *
 * GET /opt-out is a page for people: it says how things stand, and its form switches. GET, POST and DELETE /api/opt-out are
 * the same for pages of the same origin: ask, opt out, opt in again; answers {"opted_out":true}. A change must come from
 * here: another site's page could otherwise hide its visitors from ours. */
#include "base/limits.h"
#include "room/collect/beacon.h"
#include "room/collect/client.h"
#include "wire/json.h"

#define YEAR_S 31536000

/* Over HTTPS it goes along from pages of other hosts too, whose pixel stands here. */
static void
cookie_put(const struct ff_req *req, struct ff_res *res, bool out)
{
	ff_res_header(res, "Set-Cookie",
	    ff_str_printf(req->arena, FF_OPT_OUT_COOKIE "=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=%s", out ? "1" : "",
		out ? YEAR_S : 0, req->https ? "None; Secure" : "Lax"));
}

/* Browsers say where a request comes from in Sec-Fetch-Site; older ones send Origin with every POST. Who sends neither is
 * no browser, and changes nobody's cookie but its own. */
static bool
is_own(const struct ff_req *req)
{
	struct ff_str origin = req->origin;
	size_t        at = ff_str_find(origin, FF_STR("://"));

	if (req->sec_fetch_site.len > 0)
		return ff_str_eqz(req->sec_fetch_site, "same-origin");
	return origin.len == 0 || (at < origin.len && ff_str_eq_nocase(ff_str_from_pos(origin, at + 3), req->host));
}

static enum ff_err
check_own(const struct ff_req *req, struct ff_fault *fault)
{
	return is_own(req) ? FF_OK : ff_fault_set(fault, FF_FORBIDDEN, "Origin", "is another site's");
}

static enum ff_err
say(struct ff_res *res, bool out)
{
	struct ff_json_out json;

	ff_json_out_init(&json, &res->body);
	ff_json_object(&json);
	ff_json_put_key(&json, "opted_out");
	ff_json_put_bool(&json, out);
	ff_json_object_end(&json);
	res->content_type = "application/json";
	res->max_age = -1;
	return FF_OK;
}

#define PAGE_HEAD                                                                                                \
	"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Not being counted</title>\n" \
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"                            \
	"<meta name=\"robots\" content=\"noindex\">\n</head>\n<body>\n<main>\n<h1>Not being counted</h1>\n"     \
	"<p>The sites that count their views here do not store your address.</p>\n"
#define PAGE_SIGNAL                                                                                              \
	"<p>It also asks not to be tracked (Global Privacy Control or Do Not Track). By each site's choice such\n"  \
	"views are counted without any identity, or not at all.</p>\n"
#define PAGE_OUT                                                                                                 \
	"<p><strong>This browser is not counted.</strong> A cookie says so, and nothing else. It lasts a year.</p>\n"
#define PAGE_IN                                                                                                  \
	"<p><strong>This browser is counted.</strong> If you do not want that, a cookie can say so: it is the same\n" \
	"for everybody, and lasts a year.</p>\n"
#define PAGE_FORM(value, text)                                                                                   \
	"<form method=\"post\" action=\"/api/opt-out\">\n<button name=\"choice\" value=\"" value "\">" text        \
	"</button>\n</form>\n</main>\n</body>\n</html>\n"

/* Nothing of the request stands in it. */
enum ff_err
ff_collect_opt_out_page(const struct ff_req *req, struct ff_res *res)
{
	bool out = ff_client_opted_out(req);

	res->content_type = "text/html; charset=utf-8";
	res->csp = FF_CSP_HTML;
	res->max_age = -1;
	ff_buf_z(&res->body, PAGE_HEAD);
	ff_buf_z(&res->body, out ? PAGE_OUT : PAGE_IN);
	if (req->gpc || req->dnt)
		ff_buf_z(&res->body, PAGE_SIGNAL);
	ff_buf_z(&res->body, out ? PAGE_FORM("in", "Count this browser again") : PAGE_FORM("out", "Do not count this browser"));
	return FF_OK;
}

enum ff_err
ff_collect_opt_out_get(const struct ff_req *req, struct ff_res *res)
{
	return say(res, ff_client_opted_out(req));
}

enum ff_err
ff_collect_opt_out(const struct ff_req *req, struct ff_res *res)
{
	bool is_form = ff_str_starts_nocase(req->content_type, FF_STR("application/x-www-form-urlencoded"));
	struct ff_pairs form = { 0 };
	bool            out;

	FF_TRY(check_own(req, &res->fault));
	FF_TRY(ff_beacon_text(req, res));
	if (is_form)
		FF_TRY(ff_query_parse(req->arena, req->body, FF_PAIRS_MAX, &form, &res->fault));
	out = !ff_str_eqz(ff_pairs_find(&form, "choice"), "in");
	cookie_put(req, res, out);
	if (!is_form)
		return say(res, out);
	ff_res_redirect(res, FF_STR("/opt-out"));
	return FF_OK;
}

enum ff_err
ff_collect_opt_in(const struct ff_req *req, struct ff_res *res)
{
	FF_TRY(check_own(req, &res->fault));
	cookie_put(req, res, false);
	return say(res, false);
}
