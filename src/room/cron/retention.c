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

/* An error of an archive keeps its rows and fails the task in the end; all else goes on. */
struct expiry {
	struct ff_cron *cron;
	struct ff_run  *run;
	enum ff_err     archived;
};

/* The last step of a day's rows, sites NULL for all. *stale: more of them came since they were archived. */
static enum ff_err
delete_for_good(struct expiry *x, enum ff_stmt stmt, const struct ff_arg site_day[2], bool archived, struct ff_rows *rows,
    bool *stale)
{
	struct ff_db *db = x->cron->db;

	*stale = false;
	if (archived) {
		FF_TRY(ff_db_exec(db, FF_STMT_DRAIN_LOCK, NULL, 0));
		FF_TRY(ff_db_query(db, &x->run->arena, FF_STMT_ARCHIVE_STALE, site_day, 2, rows));
		if ((*stale = ff_row_bool(rows, 0, 0)))
			return FF_OK;
	}
	if (stmt == FF_STMT_PARTITION_DROP)
		FF_TRY(ff_db_query(db, &x->run->arena, stmt, &site_day[1], 1, rows));
	else
		FF_TRY(ff_db_query(db, &x->run->arena, stmt, site_day, 2, rows));
	return ff_db_exec(db, FF_STMT_ARCHIVE_GONE, site_day, 2);
}

static enum ff_err
delete_day(struct expiry *x, enum ff_stmt stmt, const struct ff_arg site_day[2], bool archived, struct ff_rows *rows, bool *stale)
{
	FF_TRY(ff_tx_begin(x->cron->db));
	return ff_tx_end(x->cron->db, delete_for_good(x, stmt, site_day, archived, rows, stale));
}

/* All sites that want it; false: the day's tables must stay. */
static enum ff_err
archive_sites(struct expiry *x, int32_t day, bool *some, bool *all)
{
	struct ff_arg  arg = ff_arg_day(&x->run->arena, day);
	struct ff_rows rows;

	FF_TRY(ff_db_query(x->cron->db, &x->run->arena, FF_STMT_ARCHIVE_SITES, &arg, 1, &rows));
	*some = rows.n > 0;
	*all = true;
	for (int i = 0; i < rows.n && *all; i++) {
		enum ff_err err = ff_cron_archive(x->cron, x->run, (int32_t)ff_row_i64(&rows, i, 0), ff_row_str(&rows, i, 1), day);

		if (err != FF_OK) {
			x->archived = err;
			*all = false;
		}
	}
	return FF_OK;
}

static enum ff_err
drop_day(struct expiry *x, int32_t day)
{
	struct ff_arg  args[2] = { ff_arg_null(), ff_arg_day(&x->run->arena, day) };
	struct ff_rows rows;
	bool           some, all, stale;

	FF_TRY(archive_sites(x, day, &some, &all));
	if (!all)
		return FF_OK;
	FF_TRY(delete_day(x, FF_STMT_PARTITION_DROP, args, some, &rows, &stale));
	if (stale)
		return FF_OK; /* the next run writes the archive anew */
	ff_info("retention", "dropped %.*s", FF_STR_ARG(ff_row_str(&rows, 0, 0)));
	ff_run_say(x->run, "dropped %.*s", FF_STR_ARG(ff_row_str(&rows, 0, 0)));
	x->run->idle = false;
	return FF_OK;
}

/* Tables of days that nobody keeps. */
static enum ff_err
drop_days(struct expiry *x, int32_t before)
{
	struct ff_arg  arg = ff_arg_day(&x->run->arena, before);
	struct ff_rows rows;

	FF_TRY(ff_db_query(x->cron->db, &x->run->arena, FF_STMT_PARTITION_OLD, &arg, 1, &rows));
	for (int i = 0; i < rows.n && x->archived == FF_OK && goes_on(x->cron, x->run); i++)
		FF_TRY(drop_day(x, ff_row_day(&rows, i, 0)));
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

/* A row of retention_due. */
static enum ff_err
expire(struct expiry *x, const struct ff_rows *due, int i, struct gone *gone)
{
	int32_t        site_id = (int32_t)ff_row_i64(due, i, 0), day = ff_row_day(due, i, 1);
	struct ff_arg  args[2] = { ff_arg_i64(&x->run->arena, site_id), ff_arg_day(&x->run->arena, day) };
	bool           archive = ff_row_bool(due, i, 3), stale;
	struct ff_rows rows;

	if (archive && x->archived == FF_OK)
		x->archived = ff_cron_archive(x->cron, x->run, site_id, ff_row_str(due, i, 2), day);
	if (archive && x->archived != FF_OK)
		return FF_OK;
	FF_TRY(delete_day(x, FF_STMT_RETENTION_ROWS, args, archive, &rows, &stale));
	if (!stale)
		gone_add(gone, &rows);
	return FF_OK;
}

/* Rows of sites that keep them for a shorter time than others, a day at a time. */
static enum ff_err
delete_rows(struct expiry *x)
{
	struct ff_rows due;
	struct gone    gone = { 0 };

	FF_TRY(ff_db_query(x->cron->db, &x->run->arena, FF_STMT_RETENTION_DUE, NULL, 0, &due));
	for (int i = 0; i < due.n && goes_on(x->cron, x->run); i++)
		FF_TRY(expire(x, &due, i, &gone));
	gone_say(x->run, &gone, "sites that keep them no longer");
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
	struct expiry x = { cron, run, FF_OK };
	int32_t       before;

	run->idle = true;
	FF_TRY(move_on(cron, run, &before));
	FF_TRY(drop_days(&x, before));
	FF_TRY(delete_rows(&x));
	FF_TRY(delete_strays(cron, run, before));
	FF_TRY(delete_figures(cron, run, FF_STMT_RETENTION_HOURS, "hour"));
	FF_TRY(delete_figures(cron, run, FF_STMT_RETENTION_DAYS, "day"));
	FF_TRY(delete_figures(cron, run, FF_STMT_RETENTION_WEEKS, "week"));
	FF_TRY(forget(cron, run));
	if (run->idle)
		ff_run_say(run, "nothing was old enough");
	return x.archived;
}
