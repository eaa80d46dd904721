/* form.h - what the endpoints of /api/v1/sites share: fields of a body as JSON, urlencoded or multipart, pages of lists,
 * changes with their line in the audit. */
#ifndef FF_ROOM_API_FORM_H
#define FF_ROOM_API_FORM_H

#include "room/api/room.h"
#include "wire/query.h"

struct ff_api_form {
	struct ff_arena      *arena;
	const struct ff_json *json; /* an object, or NULL: pairs */
	struct ff_pairs       pairs;
};

/* An empty body has no fields. FF_INVALID, FF_MEDIA_TYPE. */
enum ff_err ff_api_form_read(const struct ff_req *req, struct ff_api_form *out, struct ff_fault *fault) ff_must_check;
/* A scalar as text, trimmed; FF_STR_NONE: absent, null, or no scalar. */
struct ff_str ff_api_form_get(const struct ff_api_form *form, const char *name);
/* The site that "site_id" names, in the body or else in sent (a parameter of the address; may be empty). FF_INVALID where it
 * is missing; errors of ff_api_site. */
enum ff_err ff_api_form_site(const struct ff_req *req, const struct ff_api_form *form, struct ff_str sent,
    struct ff_site *site, struct ff_fault *fault) ff_must_check;

/* Lists come in pages by growing numbers; a cursor is the number of a neighbour's last or first row. */
struct ff_api_page {
	int64_t after, before, limit; /* 0: none; limit 1 to 1000 */
	size_t  first, end;           /* of the rows, once cut */
	bool    more_before, more_after;
};

/* The parameters after, before, limit stand at values[0..2]. */
void ff_api_page_read(const struct ff_value *values, struct ff_api_page *page);
/* ids: of all n rows, growing. */
void ff_api_page_cut(struct ff_api_page *page, const int64_t *ids, size_t n);
/* The member "meta". */
void ff_api_page_write(struct ff_json_out *out, const struct ff_api_page *page, const int64_t *ids);

#define FF_API_PAGE_PARAMS                                                                                       \
	{ .name = "after", .type = FF_PARAM_INT, .min = 1, .max = INT64_MAX, .help = "cursor: what comes behind it" }, \
	{ .name = "before", .type = FF_PARAM_INT, .min = 1, .max = INT64_MAX, .help = "cursor: what comes before it" }, \
	{ .name = "limit", .type = FF_PARAM_INT, .min = 1, .max = 1000, .help = "rows of a page; 100" }

/* Ends the transaction that a change was made in, with the change and its line in the audit or with neither. */
enum ff_err ff_api_record(const struct ff_req *req, enum ff_err err, const char *action, int32_t site_id,
    struct ff_str detail) ff_must_check;
/* {"deleted":true} and the like. */
enum ff_err ff_api_done(struct ff_res *res, const char *word) ff_must_check;
void ff_api_begin(struct ff_res *res, struct ff_json_out *out); /* opens an object */
void ff_api_put(struct ff_json_out *out, const char *key, struct ff_str text); /* empty: null */

enum ff_err ff_api_sites_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_sites_teams(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_sites_post(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_site_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_site_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_site_delete(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_goals_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_goals_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_goal_delete(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_segments_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_segments_post(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_segment_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_segment_delete(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_shares_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_shares_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_share_delete(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_share_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_share_open(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_guests_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_guests_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_guest_delete(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_props_get(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_props_put(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_api_prop_delete(const struct ff_req *req, struct ff_res *res) ff_must_check;

#endif
