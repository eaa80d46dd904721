#include "base/log.h"
#include "room/cron/cron.h"
#include "store/db.h"

enum ff_err
ff_cron_floor(struct ff_cron *cron, struct ff_run *run, int32_t *day)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_RETENTION_FLOOR,
	    (struct ff_arg[]){ ff_arg_time(&run->arena, run->started_us), ff_arg_i64(&run->arena, cron->conf->raw_days) }, 2,
	    &rows));
	*day = ff_row_day(&rows, 0, 0);
	return FF_OK;
}

static enum ff_err
drop_day(struct ff_cron *cron, struct ff_run *run, int32_t day)
{
	struct ff_arg  arg = ff_arg_day(&run->arena, day);
	struct ff_rows rows;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_PARTITION_DROP, &arg, 1, &rows));
	ff_info("retention", "dropped %.*s", FF_STR_ARG(ff_row_str(&rows, 0, 0)));
	ff_run_say(run, "dropped %.*s", FF_STR_ARG(ff_row_str(&rows, 0, 0)));
	run->idle = false;
	return FF_OK;
}

/* A day goes when its last instant is older than all retention. */
static enum ff_err
drop_raw(struct ff_cron *cron, struct ff_run *run, int32_t floor)
{
	struct ff_arg  before = ff_arg_day(&run->arena, floor);
	struct ff_rows rows;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_PARTITION_OLD, &before, 1, &rows));
	for (int i = 0; i < rows.n && !ff_cron_stopping(cron); i++)
		FF_TRY(drop_day(cron, run, ff_row_day(&rows, i, 0)));
	return FF_OK;
}

/* What came for days that were too old at once. */
static enum ff_err
drop_strays(struct ff_cron *cron, struct ff_run *run, int32_t floor)
{
	struct ff_arg  before = ff_arg_day(&run->arena, floor);
	struct ff_rows rows;
	int64_t        now[3], sum[3] = { 0 };

	do {
		FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_RETENTION_STRAYS, &before, 1, &rows));
		for (int i = 0; i < 3; i++)
			sum[i] += now[i] = ff_row_i64(&rows, 0, i);
	} while (now[0] + now[1] + now[2] > 0 && cron->now() < run->deadline_us && !ff_cron_stopping(cron));
	if (sum[0] + sum[1] + sum[2] == 0)
		return FF_OK;
	ff_run_say(run, "deleted %lld events, %lld visits and %lld windows of days that were too old when they came",
	    (long long)sum[0], (long long)sum[1], (long long)sum[2]);
	run->idle = false;
	return FF_OK;
}

static enum ff_err
forget(struct ff_cron *cron, struct ff_run *run)
{
	const struct {
		enum ff_stmt  stmt;
		size_t        n_args;
		const char   *what;
	} old[] = {
		{ FF_STMT_RETENTION_LOGINS, 0, "failed sign-ins" },
		{ FF_STMT_RETENTION_SESSIONS, 1, "sessions" },
		{ FF_STMT_RETENTION_POSITIONS, 0, "positions of drained segments" },
		{ FF_STMT_RETENTION_QUARANTINE, 0, "quarantined records" },
		{ FF_STMT_RETENTION_TOLD, 0, "client ids of old events" },
		{ FF_STMT_RETENTION_RUNS, 0, "runs of tasks" },
	};
	struct ff_arg  idle = ff_arg_i64(&run->arena, cron->conf->session_idle);
	struct ff_rows rows;

	for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
		FF_TRY(ff_db_query(cron->db, &run->arena, old[i].stmt, &idle, old[i].n_args, &rows));
		if (ff_row_i64(&rows, 0, 0) == 0)
			continue;
		ff_run_say(run, "forgot %lld %s", (long long)ff_row_i64(&rows, 0, 0), old[i].what);
		run->idle = false;
	}
	return FF_OK;
}

enum ff_err
ff_task_retention(struct ff_cron *cron, struct ff_run *run)
{
	int32_t floor;

	run->idle = true;
	FF_TRY(ff_cron_floor(cron, run, &floor));
	FF_TRY(drop_raw(cron, run, floor));
	FF_TRY(drop_strays(cron, run, floor));
	FF_TRY(forget(cron, run));
	if (run->idle)
		ff_run_say(run, "nothing was old enough");
	return FF_OK;
}
