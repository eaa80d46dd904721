/* query.c - POST /api/v2/query, in the dialect of Plausible's Stats API v2: one question, or a list of them. */
#include "base/day.h"
#include "base/limits.h"
#include "door/narrow.h"
#include "room/api/query.h"
#include "room/api/room.h"

#include <time.h>

/* In a list: more are a page that should be two. */
#define QUESTIONS_MAX 20
/* From here on, what is left of a list is refused: nobody keeps a program busy with one request. */
#define LIST_US (2 * FF_US_S)

static enum ff_err
find_site(const struct ff_req *req, const struct ff_json *body, struct ff_site *site, struct ff_fault *fault)
{
	struct ff_str name = ff_json_str(ff_json_get(body, "site_id"));

	return ff_api_site_named(req, name, site, fault);
}

enum ff_err
ff_api_site_named(const struct ff_req *req, struct ff_str name, struct ff_site *site, struct ff_fault *fault)
{
	enum ff_err err;

	if (name.len == 0)
		return FF_REFUSE(fault,
		    "Missing site ID. Please provide the required site_id parameter with your request.");
	err = ff_api_site(req, name, site, fault);
	if (err == FF_NOT_FOUND || err == FF_FORBIDDEN)
		return ff_fault_set(fault, FF_UNAUTHORIZED, "",
		    "Invalid API key or site ID. Please make sure you're using a valid API key with access to the site "
		    "you've requested.");
	return err;
}

static enum ff_err
load_segments(const struct ff_req *req, struct ff_api_query *query, struct ff_fault *fault)
{
	size_t             asked = query->n_segment_ids, n;
	struct ff_segment *segments;

	if (asked == 0)
		return FF_OK;
	FF_TRY(ff_segments_load(req->app->db, req->arena, query->site.site_id, query->segment_ids, asked, &segments, &n));
	for (size_t i = 0; i < asked; i++) {
		size_t s = 0;

		while (s < n && segments[s].segment_id != query->segment_ids[i])
			s++;
		if (s == n)
			return FF_REFUSE(fault, "Invalid filters. Some segments don't exist or aren't accessible.");
		FF_TRY(ff_api_segment_add(req->arena, query, i, segments[s].filters, fault));
	}
	return FF_OK;
}

static bool
asks_revenue(const struct ff_query *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (q->metrics[i] == FF_METRIC_TOTAL_REVENUE || q->metrics[i] == FF_METRIC_AVERAGE_REVENUE)
			return true;
	return false;
}

static enum ff_err
load_goals(const struct ff_req *req, struct ff_api_query *query)
{
	struct ff_goal *goals;

	if (!query->uses_goals && !asks_revenue(&query->q))
		return FF_OK;
	FF_TRY(ff_goals_load(req->app->db, req->arena, query->site.site_id, &goals, &query->n_goals));
	query->goals = goals;
	return FF_OK;
}

enum ff_err
ff_api_query_load(const struct ff_req *req, struct ff_api_query *query, struct ff_fault *fault)
{
	int32_t today = ff_zone_day(query->zone, req->now_us), first;

	if (query->all_time) {
		FF_TRY(ff_query_first_day(req->app->db, req->arena, &query->site, today, &first));
		query->q.range.first = first;
	}
	FF_TRY(load_segments(req, query, fault));
	FF_TRY(load_goals(req, query));
	FF_TRY(ff_api_query_bind(req->arena, query, fault));
	return ff_narrow_query(req->who, req->arena, &query->q, fault);
}

enum ff_err
ff_api_query_prepare(const struct ff_req *req, const struct ff_json *body, struct ff_api_query *query, struct ff_fault *fault)
{
	if (ff_json_type(body) != FF_JSON_OBJECT)
		return FF_REFUSE(fault, "#: Type mismatch. Expected Object but got %s.", ff_api_type_name(body));
	FF_TRY(find_site(req, body, &query->site, fault));
	FF_TRY(ff_zone_find(ff_str_z(req->arena, query->site.time_zone), &query->zone));
	query->q.now_us = req->now_us;
	FF_TRY(ff_api_query_read(req->arena, body, query, fault));
	return ff_api_query_load(req, query, fault);
}

static enum ff_err
answer_one(const struct ff_req *req, const struct ff_json *body, struct ff_json_out *out, struct ff_fault *fault)
{
	struct ff_api_query *query = FF_NEW(req->arena, struct ff_api_query);
	struct ff_api_answer answer;

	FF_TRY(ff_api_query_prepare(req, body, query, fault));
	FF_TRY(ff_api_query_run(req->app->db, req->arena, query, &answer, fault));
	return ff_api_query_write(out, req->arena, query, &answer, fault);
}

static void
put_error(struct ff_json_out *out, const struct ff_fault *fault, enum ff_err err)
{
	ff_json_object(out);
	ff_json_put_key(out, "error");
	ff_json_put_z(out, ff_fault_why(fault, err));
	ff_json_put_key(out, "code");
	ff_json_put_z(out, ff_err_name(err));
	ff_json_object_end(out);
}

static int64_t
monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * FF_US_S + t.tv_nsec / 1000;
}

static enum ff_err
answer_in_time(const struct ff_req *req, const struct ff_json *body, int64_t until_us, struct ff_json_out *out,
    struct ff_fault *fault)
{
	if (monotonic_us() > until_us)
		return ff_fault_set(fault, FF_TOO_MANY, "", "The queries before took too long: ask fewer at once.");
	return answer_one(req, body, out, fault);
}

/* Each question has its own answer, or its own error; what is our fault is the fault of all. */
static enum ff_err
answer_list(const struct ff_req *req, const struct ff_json *list, struct ff_json_out *out, struct ff_fault *fault)
{
	int64_t until_us = monotonic_us() + LIST_US;

	if (ff_json_count(list) == 0 || ff_json_count(list) > QUESTIONS_MAX)
		return FF_REFUSE(fault, "#: Expected 1 to %d queries but got %zu.", QUESTIONS_MAX, ff_json_count(list));
	ff_json_array(out);
	for (const struct ff_json *body = ff_json_first(list); body != NULL; body = ff_json_next(body)) {
		struct ff_fault    own = { .why = "" };
		size_t             before = out->buf->len;
		struct ff_json_out at = *out;
		enum ff_err        err = answer_in_time(req, body, until_us, out, &own);

		if (err != FF_OK && ff_err_status(err) >= 500)
			return err;
		if (err != FF_OK && !out->buf->overflow) {
			out->buf->len = before; /* half an answer */
			*out = at;
			put_error(out, &own, err);
		}
	}
	ff_json_array_end(out);
	return FF_OK;
}

enum ff_err
ff_api_query(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_json *body;
	struct ff_json_out    out;
	enum ff_err           err;

	FF_TRY(ff_json_parse_deep(req->arena, req->body, FF_QUERY_DEPTH_MAX, &body, &res->fault));
	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	err = ff_json_type(body) == FF_JSON_ARRAY ? answer_list(req, body, &out, &res->fault)
						  : answer_one(req, body, &out, &res->fault);
	FF_TRY(err);
	/* Ten thousand of the longest labels are more than an answer holds, and anybody can make up labels. */
	if (res->body.overflow)
		return FF_REFUSE(&res->fault, "#/pagination/limit: The answer would be larger than %d MiB, ask for fewer rows",
		    FF_RESPONSE_MAX >> 20);
	return FF_OK;
}
