#include "door/guard.h"

#include "base/log.h"
#include "door/app.h"
#include "door/bearer.h"
#include "door/narrow.h"
#include "door/signed.h"
#include "fact/account.h"
#include "fact/grant.h"
#include "fact/net.h"
#include "safe/hash.h"
#include "safe/token.h"

#include <string.h>

/* "__Host-" makes browsers insist on Secure, Path=/ and no Domain, so no other host or path can plant it; they
 * take it over HTTPS only. */
#define COOKIE_SECURE "__Host-footfall"
#define COOKIE_PLAIN  "footfall"

static const char *const role_names[] = { "", "viewer", "moderator", "admin" };

static enum ff_role
role_parse(struct ff_str name)
{
	for (enum ff_role role = FF_ROLE_VIEWER; role <= FF_ROLE_ADMIN; role++)
		if (ff_str_eqz(name, role_names[role]))
			return role;
	return FF_ROLE_NONE;
}

static bool
has_word(struct ff_str words, const char *word)
{
	while (words.p != NULL)
		if (ff_str_eqz(ff_str_split(&words, ' '), word))
			return true;
	return false;
}

/* Scopes a viewer or a moderator holds; what is not listed takes an admin. */
static enum ff_role
role_for(const char *scope)
{
	if (ff_str_ends(ff_str_from(scope), FF_STR(":read")))
		return FF_ROLE_VIEWER;
	return strcmp(scope, "content:write") == 0 ? FF_ROLE_MODERATOR : FF_ROLE_ADMIN;
}

static enum ff_role
role_on(const struct ff_who *who, int32_t site_id)
{
	if (!who->limited)
		return who->role;
	for (size_t i = 0; i < who->n_grants; i++)
		if (who->grants[i].site_id == site_id)
			return role_parse(who->grants[i].role);
	return FF_ROLE_NONE;
}

static bool
token_may(const struct ff_who *who, const char *scope)
{
	if (strcmp(scope, "stats:read") == 0)
		return true;
	return who->role >= FF_ROLE_MODERATOR && !ff_narrowed(who) && ff_str_ends(ff_str_from(scope), FF_STR(":read"));
}

bool
ff_authorize(const struct ff_who *who, int32_t site_id, const char *scope)
{
	if (who == NULL || scope == NULL)
		return false;
	if (who->key_id != 0)
		return (who->site_id == 0 || who->site_id == site_id) && has_word(who->scopes, scope);
	if (who->share_id != 0)
		return who->site_id == site_id && strcmp(scope, "stats:read") == 0;
	if (who->by_token)
		return who->site_id == site_id && token_may(who, scope);
	return who->account_id != 0 && role_on(who, site_id) >= role_for(scope);
}

struct ff_str
ff_who_name(const struct ff_who *who, struct ff_arena *arena)
{
	if (who->key_id != 0)
		return ff_str_printf(arena, "key %lld", (long long)who->key_id);
	if (who->share_id != 0)
		return ff_str_printf(arena, "link %lld", (long long)who->share_id);
	return who->by_token ? FF_STR("token") : who->login;
}

/* A proxy on this machine that is not configured as trusted hides who is behind it: its header counts against. */
static bool
is_loopback(const struct ff_req *req)
{
	static const uint8_t v6[16] = { [15] = 1 }, v4[13] = { [10] = 0xff, [11] = 0xff, [12] = 127 };
	struct ff_cidrs      trusted;
	struct ff_addr       peer, client;

	if (ff_cidrs_parse(req->arena, ff_str_from(req->app->conf->trusted_proxies), &trusted, NULL) != FF_OK)
		return false;
	if (!ff_addr_parse(req->peer, &peer) || !ff_client_addr(req->peer, req->forwarded, &trusted, &client))
		return false;
	if (req->forwarded.len > 0 && !ff_cidrs_match(&trusted, &peer))
		return false;
	return memcmp(client.b, v6, sizeof v6) == 0 || memcmp(client.b, v4, sizeof v4) == 0;
}

struct ff_str
ff_guard_client(const struct ff_req *req)
{
	struct ff_cidrs trusted;
	struct ff_addr  client;
	char            text[46];

	if (ff_cidrs_parse(req->arena, ff_str_from(req->app->conf->trusted_proxies), &trusted, NULL) != FF_OK
	    || !ff_client_addr(req->peer, req->forwarded, &trusted, &client))
		return req->peer;
	ff_addr_print(&client, text);
	return ff_str_dup(req->arena, ff_str_from(text));
}

bool
ff_guard_plain_ok(const struct ff_req *req)
{
	if (req->https)
		return true;
	return req->app->conf != NULL && (req->app->conf->insecure_login || is_loopback(req));
}

struct ff_str
ff_guard_token(const struct ff_req *req)
{
	return ff_cookie_find(req->cookie, req->https ? COOKIE_SECURE : COOKIE_PLAIN);
}

static void
cookie_put(const struct ff_req *req, struct ff_res *res, struct ff_str token, int64_t max_age)
{
	struct ff_str value = ff_str_printf(req->arena, "%s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
	    req->https ? COOKIE_SECURE : COOKIE_PLAIN, FF_STR_ARG(token), (long long)max_age,
	    req->https ? "; Secure" : "");

	ff_res_header(res, "Set-Cookie", value);
}

void
ff_guard_cookie_set(const struct ff_req *req, struct ff_res *res, struct ff_str token)
{
	cookie_put(req, res, token, req->app->conf->session_max);
}

void
ff_guard_cookie_clear(const struct ff_req *req, struct ff_res *res)
{
	cookie_put(req, res, FF_STR_NONE, 0);
}

/* "https://stats.example.org:8443" and Host "stats.example.org:8443": the scheme may be lost behind a proxy. */
static bool
origin_is_host(const struct ff_req *req)
{
	struct ff_str origin = req->origin;
	size_t        at = ff_str_find(origin, FF_STR("://"));

	return at < origin.len && req->host.len > 0 && ff_str_eq_nocase(ff_str_from_pos(origin, at + 3), req->host);
}

/* No page can forge these two. Sec-Fetch-Site "none" is the user's own doing (a reloaded form). Origin "null" comes
 * with a strict referrer policy of our own page too, so it needs the other's word. */
static bool
is_same_origin(const struct ff_req *req)
{
	bool fetched = req->sec_fetch_site.len > 0;

	if (fetched && !ff_str_eqz(req->sec_fetch_site, "same-origin") && !ff_str_eqz(req->sec_fetch_site, "none"))
		return false;
	if (req->origin.len == 0)
		return true;
	return ff_str_eqz(req->origin, "null") ? fetched : origin_is_host(req);
}

static bool
changes_something(const struct ff_req *req)
{
	return req->method != FF_GET && req->method != FF_HEAD && req->method != FF_OPTIONS;
}

static enum ff_err
csrf_check(const struct ff_req *req, const struct ff_who *who, struct ff_fault *fault)
{
	struct ff_str sent;

	if (!changes_something(req) || req->route->csrf_exempt)
		return FF_OK;
	if (!is_same_origin(req))
		return ff_fault_set(fault, FF_FORBIDDEN, "Origin", "is not this site");
	if (req->route->guard != FF_GUARD_SESSION)
		return FF_OK;
	sent = ff_pairs_find(&req->form, "csrf");
	if (sent.len == 0 || sent.len != who->csrf.len || !ff_equal_ct(sent.p, who->csrf.p, sent.len))
		return ff_fault_set(fault, FF_FORBIDDEN, "csrf", "does not belong to this session: reload the page");
	return FF_OK;
}

/* A limited account is what it is on the site where it may most. */
static enum ff_err
grants_read(const struct ff_req *req, struct ff_who *who)
{
	struct ff_grant *grants;

	FF_TRY(ff_grants_load(req->app->db, req->arena, who->account_id, &grants, &who->n_grants));
	who->limited = true;
	who->grants = grants;
	who->role = FF_ROLE_NONE;
	for (size_t i = 0; i < who->n_grants; i++)
		if (role_parse(grants[i].role) > who->role)
			who->role = role_parse(grants[i].role);
	return FF_OK;
}

static enum ff_err
session_pass(struct ff_req *req, struct ff_who *who)
{
	const char       *least = req->route->scope != NULL ? req->route->scope : "viewer";
	struct ff_str     token = ff_guard_token(req);
	struct ff_session session;

	if (token.len == 0 || !ff_guard_plain_ok(req))
		return FF_UNAUTHORIZED;
	FF_TRY(ff_session_find(req->app->db, req->arena, token, req->app->conf->session_idle, &session));
	FF_TRY(ff_token_hash(token, "ffs_", who->session));
	who->account_id = session.account_id;
	who->login = session.login;
	who->role = role_parse(session.role);
	who->csrf = session.csrf;
	if (!session.every_site)
		FF_TRY(grants_read(req, who));
	if (role_parse(ff_str_from(least)) == FF_ROLE_NONE) {
		ff_error("door", "route %s asks for the unknown role %s", req->route->pattern, least);
		return FF_INTERNAL;
	}
	return who->role >= role_parse(ff_str_from(least)) ? FF_OK : FF_FORBIDDEN;
}

static enum ff_err
bearer_pass(const struct ff_req *req, struct ff_who *who, struct ff_fault *fault)
{
	const char *scope = req->route->scope;

	FF_TRY(ff_bearer_read(req, who, fault));
	if (scope != NULL && !ff_authorize(who, who->site_id, scope))
		return ff_fault_set(fault, FF_FORBIDDEN, "Authorization", "lacks the scope %s", scope);
	if (ff_narrowed(who) && !req->route->narrows)
		return ff_fault_set(fault, FF_FORBIDDEN, "Authorization", "is for some items, and this is about all of them");
	return FF_OK;
}

enum ff_err
ff_guard_pass(struct ff_req *req, struct ff_fault *fault)
{
	struct ff_who *who = FF_NEW(req->arena, struct ff_who);

	switch (req->route->guard) {
	case FF_GUARD_OPEN:
		break;
	case FF_GUARD_KEY:
		FF_TRY(req->route->takes_signed && ff_signed_is(req) ? ff_signed_pass(req, who, fault)
								    : bearer_pass(req, who, fault));
		req->who = who;
		return FF_OK; /* it is sent by hand, never by a browser on its own: nothing to ride on */
	case FF_GUARD_SESSION:
		FF_TRY(session_pass(req, who));
		break;
	default:
		ff_panic("a route with an unknown guard");
	}
	FF_TRY(csrf_check(req, who, fault));
	req->who = who;
	return FF_OK;
}
