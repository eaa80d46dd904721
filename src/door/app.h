/* app.h - what a program holds for the life of its process, handed to every request. Unused parts are NULL. */
#ifndef FF_DOOR_APP_H
#define FF_DOOR_APP_H

#include "conf/conf.h"
#include "door/route.h"

struct ff_cache;
struct ff_callers;
struct ff_db;
struct ff_ledger;
struct ff_meter;

struct ff_app {
	const struct ff_conf  *conf;
	const struct ff_route *routes;
	size_t                 n_routes;
	struct ff_db          *db;     /* stats, admin, cron */
	struct ff_ledger      *ledger;
	struct ff_cache       *cache;   /* stats: answers of routes that have `fresh` */
	struct ff_meter       *meter;   /* stats */
	struct ff_callers     *callers; /* stats: how much each may ask */
	void                  *room;   /* a room's own standing state (collect) */
	const char            *mount;  /* path prefix taken off before routes are looked up: admin.path; NULL = none */
	/* How this program shows an error: JSON (default, NULL) or an HTML page. */
	void (*error_page)(const struct ff_req *req, struct ff_res *res, enum ff_err err);
};

#endif
