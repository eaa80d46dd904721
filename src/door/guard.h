/* guard.h - who is asking, and may they? One function for every route of stats and admin. */
#ifndef FF_DOOR_GUARD_H
#define FF_DOOR_GUARD_H

#include "door/route.h"

struct ff_grant;

enum ff_role { FF_ROLE_NONE, FF_ROLE_VIEWER, FF_ROLE_MODERATOR, FF_ROLE_ADMIN };

/* One of four: an account (session), an API key, a host's token, a share link. */
struct ff_who {
	int64_t       account_id; /* 0 = no account */
	struct ff_str login;
	enum ff_role  role;       /* the account's, or the token's: viewer, moderator */
	bool          limited;    /* the account sees the sites of grants alone, in the roles they name */
	const struct ff_grant *grants;
	size_t        n_grants;
	int64_t       key_id;     /* API key; 0 = none */
	int64_t       share_id;   /* share link; 0 = none */
	bool          by_token;   /* a host's token: fact/reader.h */
	int32_t       site_id;    /* the only site of the key, token or link; 0 = all (keys alone) */
	struct ff_str scopes;     /* of the key: space separated */
	struct ff_str owner, collection, kind; /* of a token: what it is narrowed to; empty = not. See door/narrow.h */
	struct ff_str csrf;       /* the session's CSRF token, for forms */
	uint8_t       session[32]; /* hash of the session token, to end it */
};

/* By route->guard: fills req->who (never NULL after FF_OK). FF_UNAUTHORIZED, FF_FORBIDDEN, FF_DATABASE.
 *
 * OPEN     nobody is asked. A route that changes something and is not csrf_exempt (login) still refuses a foreign
 *          Origin or Sec-Fetch-Site, where the browser sent them.
 * KEY      "Authorization: Bearer ...": an API key "ffk_" that holds route->scope, a share link "ffs_", or a token of the
 *          host. A GET of the scope stats:read takes the share link as the parameter "auth" as well. Who is narrowed to some
 *          items passes where route->narrows. Which site they may see is the room's question to ff_authorize.
 * SESSION  the session cookie, of a role not below route->scope ("viewer" if NULL), on one site at least. What is not GET
 *          or HEAD needs the session's CSRF token in the form field "csrf" and the same two headers; unless csrf_exempt. */
enum ff_err ff_guard_pass(struct ff_req *req, struct ff_fault *fault) ff_must_check;
/* The cookie is "__Host-footfall" (Secure) over HTTPS and "footfall" over plain HTTP, where ff_guard_plain_ok. */
void ff_guard_cookie_set(const struct ff_req *req, struct ff_res *res, struct ff_str token);
void ff_guard_cookie_clear(const struct ff_req *req, struct ff_res *res);
struct ff_str ff_guard_token(const struct ff_req *req); /* the session token as sent; FF_STR_NONE if none */
/* The client's address as text, by the rule of trusted proxies; the peer as it is where it is no address. */
struct ff_str ff_guard_client(const struct ff_req *req);
/* May a password or a session travel over this connection: HTTPS, or the client is on this machine, or
 * admin.insecure_login. */
bool ff_guard_plain_ok(const struct ff_req *req);

/* May who see (or do `scope` on) that site? The one answer to it for every program.
 *
 * key      its own site (site_id 0 = all sites asks for a key without one) and the scope word
 * account  every site, or those granted to it in the role granted; scopes ending in ":read" ask for a viewer,
 *          "content:write" for a moderator, everything else for an admin
 * token    its site; stats:read, and every other scope ending in ":read" for a moderator who is not narrowed
 * link     its site; stats:read */
bool ff_authorize(const struct ff_who *who, int32_t site_id, const char *scope);
/* For the audit: a login, "key 3", "link 4", "token". */
struct ff_str ff_who_name(const struct ff_who *who, struct ff_arena *arena);

#endif
