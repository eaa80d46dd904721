/* room.h - what the endpoints of this room share. */
#ifndef FF_ROOM_API_ROOM_H
#define FF_ROOM_API_ROOM_H

#include "door/app.h"
#include "door/guard.h"
#include "fact/query.h"
#include "fact/sites.h"
#include "room/api/query.h"
#include "wire/json.h"

enum ff_err ff_api_item(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_content(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_contents(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_item_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_item_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_item_delete(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_items_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_public_item(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_public_page(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_counter(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_popular(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_trending(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_rising(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_related(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_item_stats(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_query(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_v1_realtime(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_v1_aggregate(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_v1_timeseries(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_v1_breakdown(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_metrics(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_health(const struct ff_req *req, struct ff_res *res) ff_must_check;

enum ff_err ff_api_reset_daily(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_reset_monthly(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_export_events(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_export_query(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_export_visits(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_export_items(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_jobs(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_job(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_job_ask(const struct ff_req *req, struct ff_res *res) ff_must_check;

/* The site that is meant: by name (domain, public id or number), or without one the key's own site, or the only one
 * there is. FF_FORBIDDEN: not with this key. FF_NOT_FOUND. FF_INVALID: there are several, and none was named. */
enum ff_err ff_api_site(const struct ff_req *req, struct ff_str name, struct ff_site *out, struct ff_fault *fault)
	ff_must_check;

/* The site that a question in Plausible's dialect is about: FF_INVALID and FF_UNAUTHORIZED in its words. */
enum ff_err ff_api_site_named(const struct ff_req *req, struct ff_str name, struct ff_site *site, struct ff_fault *fault)
	ff_must_check;
/* What a question names is fetched and bound: between ff_api_query_read and ff_api_query_run. */
struct ff_api_query;
/* The site of the question in body, the question itself, and all that it names: ready for ff_api_query_run. */
enum ff_err ff_api_query_prepare(const struct ff_req *req, const struct ff_json *body, struct ff_api_query *query,
    struct ff_fault *fault) ff_must_check;
enum ff_err ff_api_query_load(const struct ff_req *req, struct ff_api_query *query, struct ff_fault *fault) ff_must_check;

#endif
