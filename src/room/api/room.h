/* room.h - what the endpoints of this room share. */
#ifndef FF_ROOM_API_ROOM_H
#define FF_ROOM_API_ROOM_H

#include "door/app.h"
#include "door/guard.h"
#include "fact/query.h"
#include "fact/sites.h"
#include "wire/json.h"

/* Plausible's way: one sentence, no field of its own. */
#define FF_REFUSE(fault, ...) ff_fault_set((fault), FF_INVALID, "", __VA_ARGS__)

enum ff_err ff_api_item(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_content(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_contents(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_item_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_item_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_item_delete(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_items_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_item_stats(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_query(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_health(const struct ff_req *req, struct ff_res *res) ff_must_check;

/* The site that is meant: by name (domain, public id or number), or without one the key's own site, or the only one
 * there is. FF_FORBIDDEN: not with this key. FF_NOT_FOUND. FF_INVALID: there are several, and none was named. */
enum ff_err ff_api_site(const struct ff_req *req, struct ff_str name, struct ff_site *out, struct ff_fault *fault)
	ff_must_check;

/* POST /api/v2/query as it was asked: what the engine gets, and what the reply repeats. */
#define FF_API_ORDERS_MAX 8

struct ff_api_order {
	struct ff_str name;
	bool          ascending;
};

struct ff_api_query {
	struct ff_query       q;
	struct ff_site        site;
	const struct ff_json *filters;      /* repeated as sent; NULL = none */
	const char           *dimensions[FF_QUERY_DIMS_MAX];
	bool                  is_time[FF_QUERY_DIMS_MAX];
	size_t                n_dimensions;
	struct ff_api_order   orders[FF_API_ORDERS_MAX];
	size_t                n_orders;
	bool                  imports, time_labels;
};

/* Everything but the site: that is looked up in between, for dates are local. Faults are Plausible's sentences, with an
 * empty field. */
enum ff_err ff_api_query_read(const struct ff_req *req, const struct ff_json *body, struct ff_api_query *out,
    struct ff_fault *fault) ff_must_check;
/* Text of a node for messages: a string in quotes, an array of such. */
struct ff_str ff_api_inspect(struct ff_arena *arena, const struct ff_json *node);
enum ff_err ff_api_dates_read(const struct ff_req *req, const struct ff_json *body, struct ff_api_query *out,
    struct ff_fault *fault) ff_must_check;
enum ff_err ff_api_order_read(const struct ff_json *body, struct ff_api_query *out, struct ff_arena *arena,
    struct ff_fault *fault) ff_must_check;
enum ff_err ff_api_query_write(const struct ff_req *req, const struct ff_api_query *query,
    const struct ff_result *result, struct ff_res *res) ff_must_check;
void ff_api_copy(struct ff_json_out *out, const struct ff_json *node);

#endif
