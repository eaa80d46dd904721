#include "fact/jobs.h"

#include "store/db.h"

/* Columns of job_list. */
enum { TASK, EVERYWHERE, PERIOD, TIMEOUT, HELP, PLACE, DUE, LAST_OK, FAILURES, LAST_ERROR, RUNNING, BEGUN, HOLDER, ASKED };

static struct ff_job_place
read_place(const struct ff_rows *rows, int r)
{
	return (struct ff_job_place){ .place = ff_row_str(rows, r, PLACE),
		.holder = ff_row_str(rows, r, HOLDER),
		.last_error = ff_row_str(rows, r, LAST_ERROR),
		.due_us = ff_row_us(rows, r, DUE),
		.last_ok_us = ff_row_us(rows, r, LAST_OK),
		.begun_us = ff_row_us(rows, r, BEGUN),
		.failures = ff_row_i64(rows, r, FAILURES),
		.running = ff_row_bool(rows, r, RUNNING) };
}

/* Rows of one task stand together; a task that never ran has one without a place. */
enum ff_err
ff_jobs_list(struct ff_db *db, struct ff_arena *arena, struct ff_str name, struct ff_job **out, size_t *n)
{
	struct ff_arg        arg = ff_arg_str(arena, name);
	struct ff_job_place *places;
	struct ff_rows       rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_JOB_LIST, &arg, 1, &rows));
	*out = FF_NEW_N(arena, (size_t)rows.n + 1, struct ff_job);
	places = FF_NEW_N(arena, (size_t)rows.n + 1, struct ff_job_place);
	*n = 0;
	for (int r = 0; r < rows.n; r++) {
		struct ff_job *job = *n > 0 ? &(*out)[*n - 1] : NULL;

		if (job == NULL || !ff_str_eq(job->name, ff_row_str(&rows, r, TASK))) {
			job = &(*out)[(*n)++];
			*job = (struct ff_job){ .name = ff_row_str(&rows, r, TASK), .help = ff_row_str(&rows, r, HELP),
				.everywhere = ff_row_bool(&rows, r, EVERYWHERE), .asked = ff_row_bool(&rows, r, ASKED),
				.period_s = ff_row_i64(&rows, r, PERIOD), .timeout_s = ff_row_i64(&rows, r, TIMEOUT),
				.places = &places[r] };
		}
		if (!ff_row_null(&rows, r, PLACE))
			job->places[job->n_places++] = read_place(&rows, r);
	}
	return name.p != NULL && *n == 0 ? FF_NOT_FOUND : FF_OK;
}

enum ff_err
ff_jobs_runs(struct ff_db *db, struct ff_arena *arena, struct ff_str task, int64_t limit, struct ff_job_run **out, size_t *n)
{
	struct ff_arg  args[3] = { ff_arg_str(arena, task), ff_arg_i64(arena, 0), ff_arg_i64(arena, limit) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_JOB_RUNS, args, 3, &rows));
	*n = (size_t)rows.n;
	*out = FF_NEW_N(arena, *n + 1, struct ff_job_run);
	for (int r = 0; r < rows.n; r++)
		(*out)[r] = (struct ff_job_run){ .run_id = ff_row_i64(&rows, r, 0),
			.task = ff_row_str(&rows, r, 1),
			.place = ff_row_str(&rows, r, 2),
			.begun_us = ff_row_us(&rows, r, 3),
			.ended_us = ff_row_us(&rows, r, 4),
			.ok = ff_row_bool(&rows, r, 5),
			.detail = ff_row_str(&rows, r, 6) };
	return FF_OK;
}

enum ff_err
ff_jobs_ask(struct ff_db *db, struct ff_arena *arena, struct ff_str task, struct ff_str actor, int64_t *ask_id, bool *joined)
{
	struct ff_arg  args[2] = { ff_arg_str(arena, task), ff_arg_str(arena, actor) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_JOB_ASK, args, 2, &rows));
	*ask_id = ff_row_i64(&rows, 0, 0);
	*joined = ff_row_bool(&rows, 0, 1);
	return FF_OK;
}

/* A run that ended, and whose history is gone, went as nobody knows any more; that is long ago. */
static enum ff_ask_state
ask_state(const struct ff_rows *rows)
{
	if (!ff_row_null(rows, 0, 4))
		return ff_row_bool(rows, 0, 4) ? FF_ASK_OK : FF_ASK_FAILED;
	if (ff_row_bool(rows, 0, 6))
		return FF_ASK_EXPIRED;
	return ff_row_null(rows, 0, 1) ? FF_ASK_WAITING : FF_ASK_RUNNING;
}

enum ff_err
ff_jobs_asked(struct ff_db *db, struct ff_arena *arena, struct ff_str task, int64_t ask_id, struct ff_ask *out)
{
	struct ff_arg  args[2] = { ff_arg_str(arena, task), ff_arg_i64(arena, ask_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_JOB_ASKED, args, 2, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	*out = (struct ff_ask){ .ask_id = ask_id,
		.asked_us = ff_row_us(&rows, 0, 0),
		.begun_us = ff_row_us(&rows, 0, 1),
		.place = ff_row_str(&rows, 0, 2),
		.ended_us = ff_row_us(&rows, 0, 3),
		.detail = ff_row_str(&rows, 0, 5),
		.state = ask_state(&rows) };
	return FF_OK;
}

enum ff_err
ff_signature_first(struct ff_db *db, struct ff_arena *arena, const uint8_t mac[32], bool *first)
{
	struct ff_arg  arg = ff_arg_bytes(mac, 32);
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SIGNATURE_ADD, &arg, 1, &rows));
	*first = ff_row_i64(&rows, 0, 0) == 1;
	return FF_OK;
}
