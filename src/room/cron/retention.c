#include "base/log.h"
#include "room/cron/cron.h"
#include "store/db.h"

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

/* A day goes when its last instant is older than retention.raw. */
static enum ff_err
drop_raw(struct ff_cron *cron, struct ff_run *run)
{
	struct ff_arg  before = ff_arg_day(&run->arena, ff_day_of_us(run->started_us - cron->conf->raw_days * FF_US_S));
	struct ff_rows rows;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_PARTITION_OLD, &before, 1, &rows));
	for (int i = 0; i < rows.n && !ff_cron_stopping(cron); i++)
		FF_TRY(drop_day(cron, run, ff_row_day(&rows, i, 0)));
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
	run->idle = true;
	FF_TRY(drop_raw(cron, run));
	FF_TRY(forget(cron, run));
	if (run->idle)
		ff_run_say(run, "nothing was old enough");
	return FF_OK;
}
