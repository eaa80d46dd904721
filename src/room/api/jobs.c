/* jobs.c - tasks of footfall-cron over HTTP: how they stand, and asking for a run. */
#include "base/day.h"
#include "fact/audit.h"
#include "fact/jobs.h"
#include "room/api/content.h"
#include "room/api/room.h"
#include "store/db.h"

#define RUNS_SHOWN 20

/* Tasks serve all sites: a key of one site is not asked about them. */
static enum ff_err
check_all_sites(const struct ff_req *req, struct ff_fault *fault)
{
	if (req->who->key_id != 0 && !ff_authorize(req->who, 0, req->route->scope))
		return ff_fault_set(fault, FF_FORBIDDEN, "Authorization", "is a key of one site: tasks serve all of them");
	return FF_OK;
}

static struct ff_str
actor(const struct ff_req *req)
{
	return req->who->key_id != 0 ? ff_api_actor(req) : req->who->login;
}

static void
put_str(struct ff_json_out *out, const char *key, struct ff_str text)
{
	ff_json_put_key(out, key);
	ff_json_put_str(out, text);
}

static void
put_i64(struct ff_json_out *out, const char *key, int64_t n)
{
	ff_json_put_key(out, key);
	ff_json_put_i64(out, n);
}

static void
put_time(struct ff_json_out *out, const char *key, int64_t us)
{
	char text[32];

	ff_time_print(us, text);
	ff_json_put_key(out, key);
	ff_json_put_z(out, us == 0 ? NULL : text);
}

static void
put_place(struct ff_json_out *out, const struct ff_job_place *place)
{
	ff_json_object(out);
	put_str(out, "place", place->place.p != NULL ? place->place : FF_STR(""));
	put_str(out, "state", place->running ? FF_STR("running") : place->failures > 0 ? FF_STR("failing") : FF_STR("idle"));
	if (place->running)
		put_str(out, "holder", place->holder);
	put_time(out, "due", place->due_us);
	put_time(out, "begun", place->begun_us);
	put_time(out, "last_ok", place->last_ok_us);
	put_i64(out, "failures", place->failures);
	put_str(out, "last_error", place->last_error);
	ff_json_object_end(out);
}

/* Of all its places: running and failing come before idle. */
static const char *
state_of(const struct ff_job *job)
{
	const char *state = job->asked ? "waiting" : job->n_places == 0 ? "new" : "idle";

	for (size_t i = 0; i < job->n_places; i++)
		if (job->places[i].running)
			return "running";
		else if (job->places[i].failures > 0)
			state = "failing";
	return state;
}

/* Opens the object; the caller ends it. */
static void
put_job(struct ff_json_out *out, const struct ff_job *job)
{
	ff_json_object(out);
	put_str(out, "task", job->name);
	put_str(out, "about", job->help);
	put_str(out, "state", ff_str_from(state_of(job)));
	ff_json_put_key(out, "asked");
	ff_json_put_bool(out, job->asked);
	ff_json_put_key(out, "every_host");
	ff_json_put_bool(out, !job->everywhere);
	put_i64(out, "period", job->period_s);
	put_i64(out, "timeout", job->timeout_s);
	ff_json_put_key(out, "places");
	ff_json_array(out);
	for (size_t i = 0; i < job->n_places; i++)
		put_place(out, &job->places[i]);
	ff_json_array_end(out);
}

static void
put_run(struct ff_json_out *out, const struct ff_job_run *run)
{
	ff_json_object(out);
	put_str(out, "place", run->place);
	put_time(out, "begun", run->begun_us);
	put_time(out, "ended", run->ended_us);
	ff_json_put_key(out, "seconds");
	ff_json_put_double(out, (double)((run->ended_us - run->begun_us) / 1000) / 1000);
	ff_json_put_key(out, "ok");
	ff_json_put_bool(out, run->ok);
	put_str(out, "detail", run->detail);
	ff_json_object_end(out);
}

static void
put_ask(struct ff_json_out *out, const struct ff_ask *ask)
{
	static const char *const states[] = { "waiting", "running", "ok", "failed", "expired" };

	ff_json_object(out);
	put_i64(out, "run", ask->ask_id);
	put_str(out, "state", ff_str_from(states[ask->state]));
	put_time(out, "asked", ask->asked_us);
	put_time(out, "begun", ask->begun_us);
	put_time(out, "ended", ask->ended_us);
	ff_json_put_key(out, "detail");
	if (ask->detail.p != NULL)
		ff_json_put_str(out, ask->detail);
	else
		ff_json_put_null(out);
	ff_json_object_end(out);
}

static enum ff_err
put_runs(const struct ff_req *req, struct ff_json_out *out, struct ff_str task, int64_t limit)
{
	struct ff_job_run *runs;
	size_t             n;

	FF_TRY(ff_jobs_runs(req->app->db, req->arena, task, limit, &runs, &n));
	ff_json_put_key(out, "runs");
	ff_json_array(out);
	for (size_t i = 0; i < n; i++)
		put_run(out, &runs[i]);
	ff_json_array_end(out);
	return FF_OK;
}

static enum ff_err
find(const struct ff_req *req, struct ff_job **job, struct ff_fault *fault)
{
	size_t      n;
	enum ff_err err = ff_jobs_list(req->app->db, req->arena, req->segments[0], job, &n);

	return err == FF_NOT_FOUND ? ff_fault_set(fault, err, "task", "is none of footfall-cron's: GET /api/jobs lists them")
				   : err;
}

enum ff_err
ff_api_jobs(const struct ff_req *req, struct ff_res *res)
{
	struct ff_job     *jobs;
	struct ff_json_out out;
	size_t             n;

	FF_TRY(check_all_sites(req, &res->fault));
	FF_TRY(ff_jobs_list(req->app->db, req->arena, FF_STR_NONE, &jobs, &n));
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "jobs");
	ff_json_array(&out);
	for (size_t i = 0; i < n; i++) {
		put_job(&out, &jobs[i]);
		ff_json_object_end(&out);
	}
	ff_json_array_end(&out);
	ff_json_object_end(&out);
	return FF_OK;
}

enum ff_err
ff_api_job(const struct ff_req *req, struct ff_res *res)
{
	struct ff_job     *job;
	struct ff_ask      ask;
	struct ff_json_out out;

	FF_TRY(check_all_sites(req, &res->fault));
	FF_TRY(find(req, &job, &res->fault));
	ff_json_out_init(&out, &res->body);
	put_job(&out, job);
	if (req->values[0].given) {
		FF_TRY(ff_jobs_asked(req->app->db, req->arena, job->name, req->values[0].i64, &ask));
		ff_json_put_key(&out, "run");
		put_ask(&out, &ask);
	}
	FF_TRY(put_runs(req, &out, job->name, req->values[1].given ? req->values[1].i64 : RUNS_SHOWN));
	ff_json_object_end(&out);
	return FF_OK;
}

static enum ff_err
ask_and_note(const struct ff_req *req, struct ff_str task, int64_t *ask_id, bool *joined)
{
	FF_TRY(ff_jobs_ask(req->app->db, req->arena, task, actor(req), ask_id, joined));
	return *joined ? FF_OK : ff_audit_add(req->app->db, req->arena, actor(req), "job.ask", 0, task);
}

enum ff_err
ff_api_job_ask(const struct ff_req *req, struct ff_res *res)
{
	struct ff_job     *job;
	struct ff_ask      ask;
	struct ff_json_out out;
	struct ff_str      poll;
	int64_t            ask_id = 0;
	bool               joined = false;

	FF_TRY(check_all_sites(req, &res->fault));
	FF_TRY(find(req, &job, &res->fault));
	FF_TRY(ff_tx_begin(req->app->db));
	FF_TRY(ff_tx_end(req->app->db, ask_and_note(req, job->name, &ask_id, &joined)));
	FF_TRY(ff_jobs_asked(req->app->db, req->arena, job->name, ask_id, &ask));
	poll = ff_str_printf(req->arena, "/api/jobs/%.*s?run=%lld", FF_STR_ARG(job->name), (long long)ask_id);
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	put_str(&out, "task", job->name);
	ff_json_put_key(&out, "run");
	put_ask(&out, &ask);
	ff_json_put_key(&out, "joined");
	ff_json_put_bool(&out, joined);
	put_str(&out, "poll", poll);
	ff_json_object_end(&out);
	ff_res_header(res, "Location", poll);
	res->status = 202;
	return FF_OK;
}
