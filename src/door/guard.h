/* guard.h - who is asking, and may they? One function for every route of stats and admin. */
#ifndef FF_DOOR_GUARD_H
#define FF_DOOR_GUARD_H

#include "door/route.h"

enum ff_role { FF_ROLE_NONE, FF_ROLE_VIEWER, FF_ROLE_MODERATOR, FF_ROLE_ADMIN };

struct ff_who {
	int64_t       account_id; /* 0 = nobody or an API key */
	struct ff_str login;
	enum ff_role  role;
	int64_t       key_id;     /* API key; 0 = none */
	int32_t       site_id;    /* the only site of the key; 0 = all */
	struct ff_str scopes;     /* of the key: space separated */
	struct ff_str csrf;       /* the session's CSRF token, for forms */
	uint8_t       session[32]; /* hash of the session token, to end it */
};

/* By route->guard: fills req->who. FF_UNAUTHORIZED, FF_FORBIDDEN, FF_DATABASE. Non-GET session routes need the
 * session's CSRF token in the form field "csrf" and, where sent, a same-origin Origin / Sec-Fetch-Site; unless
 * route->csrf_exempt. */
enum ff_err ff_guard_pass(struct ff_req *req, struct ff_fault *fault) ff_must_check;
/* May who see (or do `scope` on) that site? */
bool ff_authorize(const struct ff_who *who, int32_t site_id, const char *scope);

#endif
