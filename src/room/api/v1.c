/* v1.c - GET /api/v1/stats/{realtime/visitors,aggregate,timeseries,breakdown}, for clients that were written for Plausible's
 * Stats API v1. */
#include "room/api/v1.h"
#include "base/day.h"
#include "door/narrow.h"
#include "fact/country.h"
#include "room/api/room.h"

#include <math.h>

#define REALTIME_US (5 * 60 * FF_US_S)

static enum ff_err
find_site(const struct ff_req *req, struct ff_api_query *query, struct ff_fault *fault)
{
	FF_TRY(ff_api_site_named(req, req->values[FF_V1_SITE].text, &query->site, fault));
	FF_TRY(ff_zone_find(ff_str_z(req->arena, query->site.time_zone), &query->zone));
	query->q.site = &query->site;
	query->q.now_us = req->now_us;
	return FF_OK;
}

static enum ff_err
ask(const struct ff_req *req, struct ff_api_v1 *v1, struct ff_api_answer *answer, struct ff_fault *fault)
{
	struct ff_goal *goals;

	for (size_t i = 0; i < FF_V1_PARAM_COUNT; i++)
		v1->given[i] = req->values[i].given ? req->values[i].text : FF_STR_NONE;
	FF_TRY(find_site(req, &v1->query, fault));
	if (ff_api_v1_uses_goals(v1)) {
		FF_TRY(ff_goals_load(req->app->db, req->arena, v1->query.site.site_id, &goals, &v1->query.n_goals));
		v1->query.goals = goals;
	}
	FF_TRY(ff_api_v1_read(req->arena, v1, fault));
	FF_TRY(ff_narrow_query(req->who, req->arena, &v1->query.q, fault));
	return ff_api_query_run(req->app->db, req->arena, &v1->query, answer, fault);
}

static void
put_metric(struct ff_json_out *out, enum ff_metric metric, double value)
{
	if (isnan(value) && metric != FF_METRIC_TIME_ON_PAGE && metric != FF_METRIC_VISIT_DURATION)
		ff_json_put_i64(out, 0);
	else
		ff_json_put_double(out, value);
}

static const char *
name_of(enum ff_metric metric)
{
	return ff_metric_name(metric == FF_METRIC_GROUP_CONVERSION_RATE ? FF_METRIC_CONVERSION_RATE : metric);
}

static void
put_row(struct ff_json_out *out, const char *key, struct ff_str label, const struct ff_query *q,
    const struct ff_result_row *row)
{
	ff_json_object(out);
	ff_json_put_key(out, key);
	ff_json_put_str(out, label);
	for (size_t m = 0; m < q->n_metrics; m++) {
		ff_json_put_key(out, name_of(q->metrics[m]));
		put_metric(out, q->metrics[m], row->metrics[m]);
	}
	ff_json_object_end(out);
}

static void
begin(struct ff_json_out *out, struct ff_res *res)
{
	res->content_type = "application/json";
	ff_json_out_init(out, &res->body);
	ff_json_object(out);
	ff_json_put_key(out, "results");
}

/* ---- aggregate ---- */

static double
or_zero(double value)
{
	return isnan(value) ? 0 : value;
}

static void
put_value(struct ff_json_out *out, const struct ff_api_answer *answer, size_t m, enum ff_metric metric)
{
	double value = answer->result.n > 0 ? answer->result.rows[0].metrics[m] : (double)NAN;
	double before = answer->before.n > 0 ? answer->before.rows[0].metrics[m] : (double)NAN;

	ff_json_put_key(out, name_of(metric));
	ff_json_object(out);
	ff_json_put_key(out, "value");
	put_metric(out, metric, metric == FF_METRIC_VISIT_DURATION ? or_zero(value) : value);
	if (answer->beside != NULL) {
		ff_json_put_key(out, "change");
		ff_json_put_double(out, ff_api_change(metric, or_zero(before), or_zero(value)));
	}
	ff_json_object_end(out);
}

enum ff_err
ff_api_v1_aggregate(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_v1    *v1 = FF_NEW(req->arena, struct ff_api_v1);
	struct ff_api_answer answer;
	struct ff_json_out   out;

	FF_TRY(ask(req, v1, &answer, &res->fault));
	begin(&out, res);
	ff_json_object(&out);
	for (size_t m = 0; m < v1->query.q.n_metrics; m++)
		put_value(&out, &answer, m, v1->query.q.metrics[m]);
	ff_json_object_end(&out);
	ff_json_object_end(&out);
	return FF_OK;
}

/* ---- timeseries ---- */

enum ff_err
ff_api_v1_timeseries(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_v1    *v1 = FF_NEW(req->arena, struct ff_api_v1);
	struct ff_api_answer answer;
	struct ff_json_out   out;

	v1->by_time = true;
	FF_TRY(ask(req, v1, &answer, &res->fault));
	begin(&out, res);
	ff_json_array(&out);
	for (size_t i = 0; i < answer.result.n; i++)
		put_row(&out, "date", answer.result.rows[i].labels[0], &v1->query.q, &answer.result.rows[i]);
	ff_json_array_end(&out);
	ff_json_object_end(&out);
	return FF_OK;
}

/* ---- breakdown ---- */

/* "event:page" -> "page", "event:props:plan" -> "plan" */
static const char *
key_of(struct ff_arena *arena, const struct ff_api_dim *dim)
{
	struct ff_str name = dim->name;

	if (dim->dim.prop.len > 0)
		return ff_str_z(arena, dim->dim.prop);
	return ff_str_z(arena, ff_str_from_pos(name, ff_str_find_char(name, ':') + 1));
}

static struct ff_str
label_of(struct ff_arena *arena, const struct ff_api_dim *dim, const struct ff_result_row *row)
{
	if (dim->dim.dim == FF_DIM_ITEM)
		return ff_str_printf(arena, "%.*s/%.*s", FF_STR_ARG(row->kind), FF_STR_ARG(row->labels[0]));
	return dim->country_name ? ff_country_name(row->labels[0]) : row->labels[0];
}

enum ff_err
ff_api_v1_breakdown(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_v1        *v1 = FF_NEW(req->arena, struct ff_api_v1);
	const struct ff_api_dim *dim = &v1->query.dims[0];
	struct ff_api_answer     answer;
	struct ff_json_out       out;

	v1->by_property = true;
	FF_TRY(ask(req, v1, &answer, &res->fault));
	begin(&out, res);
	ff_json_array(&out);
	for (size_t i = 0; i < answer.result.n; i++)
		put_row(&out, key_of(req->arena, dim), label_of(req->arena, dim, &answer.result.rows[i]), &v1->query.q,
		    &answer.result.rows[i]);
	ff_json_array_end(&out);
	ff_json_object_end(&out);
	return FF_OK;
}

/* ---- now ---- */

/* Visitors of the last five minutes, as a number and nothing else. */
enum ff_err
ff_api_v1_realtime(const struct ff_req *req, struct ff_res *res)
{
	struct ff_api_query *query = FF_NEW(req->arena, struct ff_api_query);
	struct ff_result     result;
	struct ff_json_out   out;

	FF_TRY(find_site(req, query, &res->fault));
	query->q.metrics[query->q.n_metrics++] = FF_METRIC_VISITORS;
	query->q.range = (struct ff_range){ .from_us = req->now_us - REALTIME_US, .to_us = req->now_us };
	FF_TRY(ff_narrow_query(req->who, req->arena, &query->q, &res->fault));
	FF_TRY(ff_query_run(req->app->db, req->arena, &query->q, &result, &res->fault));
	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_put_double(&out, result.n > 0 ? or_zero(result.rows[0].metrics[0]) : 0);
	return FF_OK;
}
