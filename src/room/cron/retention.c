/* What is older than its site keeps goes: tables of days, rows of days, hours, days. Each step is a transaction of its own, so
 * what a run does not reach is done by the next. */
#include "fact/retention.h"
#include "base/log.h"
#include "room/cron/cron.h"

struct ff_retention
ff_cron_retention(const struct ff_cron *cron)
{
	return (struct ff_retention){ cron->conf->raw_days, cron->conf->keep_hours, cron->conf->keep_days };
}

static bool
goes_on(struct ff_cron *cron, const struct ff_run *run)
{
	return cron->now() < run->deadline_us && !ff_cron_stopping(cron);
}

/* Drains wait meanwhile: what they write later they know as late. before: no site keeps rows of earlier days. */
static enum ff_err
move_on(struct ff_cron *cron, struct ff_run *run, int32_t *before)
{
	struct ff_retention retention = ff_cron_retention(cron);
	struct ff_kept     *kept;
	size_t              n;
	enum ff_err         err;

	FF_TRY(ff_tx_begin(cron->db));
	err = ff_db_exec(cron->db, FF_STMT_DRAIN_LOCK, NULL, 0);
	if (err == FF_OK)
		err = ff_kept_move(cron->db, &run->arena, ff_arg_null(), run->started_us, &retention, &kept, &n);
	FF_TRY(ff_tx_end(cron->db, err));
	FF_TRY(ff_retention_floor(cron->db, &run->arena, run->started_us, retention.raw_s, before));
	for (size_t i = 0; i < n; i++)
		if (i == 0 || kept[i].raw_from < *before)
			*before = kept[i].raw_from;
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

/* Tables of days that nobody keeps. */
static enum ff_err
drop_days(struct ff_cron *cron, struct ff_run *run, int32_t before)
{
	struct ff_arg  arg = ff_arg_day(&run->arena, before);
	struct ff_rows rows;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_PARTITION_OLD, &arg, 1, &rows));
	for (int i = 0; i < rows.n && goes_on(cron, run); i++)
		FF_TRY(drop_day(cron, run, ff_row_day(&rows, i, 0)));
	return FF_OK;
}

/* Events, visits, windows. */
struct gone {
	int64_t n[3];
};

static bool
gone_add(struct gone *sum, const struct ff_rows *rows)
{
	int64_t all = 0;

	for (int i = 0; i < 3; i++) {
		sum->n[i] += ff_row_i64(rows, 0, i);
		all += ff_row_i64(rows, 0, i);
	}
	return all > 0;
}

static void
gone_say(struct ff_run *run, const struct gone *gone, const char *of)
{
	if (gone->n[0] + gone->n[1] + gone->n[2] == 0)
		return;
	ff_run_say(run, "deleted %lld events, %lld visits and %lld windows of %s", (long long)gone->n[0],
	    (long long)gone->n[1], (long long)gone->n[2], of);
	run->idle = false;
}

/* Rows of sites that keep them for a shorter time than others, a day at a time. */
static enum ff_err
delete_rows(struct ff_cron *cron, struct ff_run *run)
{
	struct ff_rows due, rows;
	struct gone    gone = { 0 };

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_RETENTION_DUE, NULL, 0, &due));
	for (int i = 0; i < due.n && goes_on(cron, run); i++) {
		struct ff_arg args[2] = { ff_arg_i64(&run->arena, ff_row_i64(&due, i, 0)),
			ff_arg_day(&run->arena, ff_row_day(&due, i, 1)) };

		FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_RETENTION_ROWS, args, 2, &rows));
		gone_add(&gone, &rows);
	}
	gone_say(run, &gone, "sites that keep them no longer");
	return FF_OK;
}

/* What came for days that were too old at once. */
static enum ff_err
delete_strays(struct ff_cron *cron, struct ff_run *run, int32_t before)
{
	struct ff_arg  arg = ff_arg_day(&run->arena, before);
	struct ff_rows rows;
	struct gone    gone = { 0 };

	do
		FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_RETENTION_STRAYS, &arg, 1, &rows));
	while (gone_add(&gone, &rows) && goes_on(cron, run));
	gone_say(run, &gone, "days that were too old when they came");
	return FF_OK;
}

/* Until a statement that deletes some rows finds none. */
static enum ff_err
delete_figures(struct ff_cron *cron, struct ff_run *run, enum ff_stmt stmt, const char *what)
{
	struct ff_rows rows;
	int64_t        n, sum = 0;

	do {
		FF_TRY(ff_db_query(cron->db, &run->arena, stmt, NULL, 0, &rows));
		sum += n = ff_row_i64(&rows, 0, 0);
	} while (n > 0 && goes_on(cron, run));
	if (sum == 0)
		return FF_OK;
	ff_run_say(run, "deleted %lld figures by the %s", (long long)sum, what);
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
	int32_t before;

	run->idle = true;
	FF_TRY(move_on(cron, run, &before));
	FF_TRY(drop_days(cron, run, before));
	FF_TRY(delete_rows(cron, run));
	FF_TRY(delete_strays(cron, run, before));
	FF_TRY(delete_figures(cron, run, FF_STMT_RETENTION_HOURS, "hour"));
	FF_TRY(delete_figures(cron, run, FF_STMT_RETENTION_DAYS, "day"));
	FF_TRY(forget(cron, run));
	if (run->idle)
		ff_run_say(run, "nothing was old enough");
	return FF_OK;
}
