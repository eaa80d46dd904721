/* route.h - the route table: const rows of method, pattern, handler, guard, parameters, max-age.
 *
 * Pattern segments: literal or {name} (up to 4; one non-empty decoded segment). A trailing {name*} takes the
 * rest of the path. `footfall routes` prints all tables; a test holds them against docs/openapi.yaml. */
#ifndef FF_DOOR_ROUTE_H
#define FF_DOOR_ROUTE_H

#include "door/req.h"
#include "door/res.h"

enum ff_guard {
	FF_GUARD_OPEN,    /* anybody */
	FF_GUARD_KEY,     /* an API key with the route's scope; a host's token or a share link for what is read */
	FF_GUARD_SESSION, /* a signed-in user; others are sent to the login page */
};

enum ff_param_type { FF_PARAM_TEXT, FF_PARAM_INT, FF_PARAM_DAY, FF_PARAM_ENUM, FF_PARAM_UUID, FF_PARAM_FLAG };

struct ff_param {
	const char        *name;
	enum ff_param_type type;
	bool               required;
	int64_t            min, max;   /* INT: value; TEXT: bytes (max 0 = 200) */
	const char        *choices;    /* ENUM: "a|b|c"; the value's i64 is the index */
	const char        *help;       /* for `footfall routes` and openapi */
};

struct ff_value { /* in the order of route->params */
	bool          given;
	struct ff_str text; /* as sent, valid UTF-8 */
	int64_t       i64;  /* INT, DAY, ENUM index, FLAG 0/1 */
};

struct ff_route {
	enum ff_method method;
	const char    *pattern; /* "/api/content/{kind}/{id}/counts" */
	enum ff_err (*fn)(const struct ff_req *req, struct ff_res *res);
	enum ff_guard  guard;
	const char    *scope;         /* FF_GUARD_KEY: "stats:read", "events:write", ... ; SESSION: least role */
	const struct ff_param *params; /* of the form (POST) or the query string (others); ends with name NULL; NULL = none */
	size_t         body_max;      /* 0 = no body is taken */
	bool           csrf_exempt;   /* only where there is no session to ride on: beacons, API keys; see door/guard.h */
	int            max_age;       /* of a 200 answer; -1 = no-store */
	const char    *help;
	bool           takes_signed;  /* FF_GUARD_KEY: a signed request (door/signed.h) is as good as a key */
	/* FF_GUARD_KEY: answers a guest who may see some items only (door/narrow.h) with nothing else. Without it the guard
	 * refuses such a guest. */
	bool           narrows;
	int            fresh;         /* seconds for which an answer serves equal questions (door/cached.h); 0 = never */
};

/* FF_NOT_FOUND; FF_METHOD with the allowed methods in allow ("GET, POST"). HEAD finds GET. Fills route and segments. */
enum ff_err ff_route_find(const struct ff_route *routes, size_t n, struct ff_req *req, char allow[64]) ff_must_check;
/* Typed values of route->params into req->values, or FF_INVALID naming the parameter. Unknown parameters are
 * ignored (clients add cache busters). */
enum ff_err ff_params_read(struct ff_req *req, struct ff_fault *fault) ff_must_check;

#endif
