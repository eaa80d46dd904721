/* req.h - a request as the rooms see it: read once from the CGI environment, then const.
 *
 * Which variable says the target: REQUEST_URI, as the client sent it; it is the one that nginx, lighttpd, Apache
 * and Caddy agree on. SCRIPT_NAME and PATH_INFO differ (nginx: the whole path and nothing; lighttpd: split at the
 * prefix that chose the backend) and are used only where REQUEST_URI is absent, and for a program called by its
 * own name under cgi-bin ("/cgi-bin/footfall-stats.fcgi/api/health": SCRIPT_NAME ends in .fcgi or .cgi and is
 * taken off). Then app->mount is taken off; a path outside of it is not ours.
 *
 * A variable that must be single (Host, Origin, Cookie, Authorization, Content-Length, Content-Type) and comes twice
 * with different values makes the request invalid. Of other doubles the first counts.
 *
 * All slices live until the request's arena is reset. Header values are as the web server hands them over
 * (HTTP_* variables); nothing here is trusted but what guard and param have checked. */
#ifndef FF_DOOR_REQ_H
#define FF_DOOR_REQ_H

#include "base/buf.h"
#include "wire/query.h"
#include "wire/status.h"

struct ff_app;
struct ff_route;
struct ff_who;
struct ff_value;

struct ff_req {
	struct ff_arena *arena;
	struct ff_app   *app;    /* the program's standing parts: door/app.h */
	int64_t          now_us;
	char             id[17]; /* request id: 16 hex digits, in every log line and error body */
	enum ff_method   method;
	struct ff_str    path;   /* decoded, without the query, mount prefix removed; for people and logs */
	struct ff_str    raw_path; /* the same before decoding: routes split it, so that %2F stays inside a segment */
	struct ff_str    query;  /* raw */
	struct ff_str    body;
	struct ff_str    content_type, content_encoding;
	int64_t          content_length; /* -1 = not said */
	struct ff_str    host, origin, referer, user_agent, cookie, authorization, accept_language;
	struct ff_str    if_none_match, sec_fetch_site, sec_purpose, purpose;
	struct ff_str    brands;    /* Sec-CH-UA */
	struct ff_str    peer;      /* REMOTE_ADDR */
	struct ff_str    forwarded; /* the configured client address header; empty if absent or sent twice */
	bool             https, dnt, gpc;
	const char *const *env;     /* the whole environment, for rare look-ups */

	/* Set on the way: */
	const struct ff_route *route;
	struct ff_str          segments[4]; /* {name} parts of the path pattern, decoded */
	const struct ff_who   *who;
	const struct ff_value *values;      /* one per row of route->params */
	struct ff_pairs        form;        /* an urlencoded body, where the route takes one */
};

/* Fills req from env ("NAME=value", NULL-terminated) and body. FF_INVALID for a target that is no valid path (bad
 * escapes, control characters, not UTF-8), FF_NOT_FOUND outside of app->mount, FF_TOO_LARGE for an environment over
 * FF_ENV_MAX. id, app and arena are set even then. */
enum ff_err ff_req_read(struct ff_req *req, struct ff_arena *arena, struct ff_app *app, const char *const *env,
    struct ff_str body, int64_t now_us) ff_must_check;
/* One variable by exact name, e.g. "HTTP_X_DEBUG_REQUEST"; FF_STR_NONE if absent. */
struct ff_str ff_req_env(const struct ff_req *req, const char *name);

#endif
