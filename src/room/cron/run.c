/* One run of one task: claim it, do it, write down how it went. */
#include "base/log.h"
#include "room/cron/cron.h"
#include "store/db.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define DETAIL_MAX 2000
/* All is well is written this often while there is nothing to do: a row a second would be waste. */
#define IDLE_WRITE_US (5 * FF_US_S)
/* Beyond three timeouts and this, SIGALRM ends the process; the supervisor starts another. */
#define HANG_S 60

void
ff_run_say(struct ff_run *run, const char *fmt, ...)
{
	char    part[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(part, sizeof part, fmt, ap);
	va_end(ap);
	if (run->detail.len > 0)
		ff_buf_z(&run->detail, "; ");
	ff_buf_z(&run->detail, part);
}

enum ff_err
ff_cron_know(struct ff_cron *cron)
{
	struct ff_str   names[FF_TASKS_MAX], helps[FF_TASKS_MAX];
	int64_t         everywhere[FF_TASKS_MAX], periods[FF_TASKS_MAX], timeouts[FF_TASKS_MAX];
	struct ff_arena arena;
	struct ff_arg   args[5];
	enum ff_err     err;

	if (cron->known)
		return FF_OK;
	for (size_t i = 0; i < ff_tasks_n; i++) {
		names[i] = ff_str_from(ff_tasks[i].name);
		helps[i] = ff_str_from(ff_tasks[i].help);
		everywhere[i] = ff_tasks[i].scope == FF_SCOPE_EVERYWHERE;
		periods[i] = ff_tasks[i].period_s;
		timeouts[i] = ff_tasks[i].timeout_s;
	}
	ff_arena_init(&arena);
	args[0] = ff_arg_strs(&arena, names, ff_tasks_n);
	args[1] = ff_arg_i64s(&arena, everywhere, ff_tasks_n);
	args[2] = ff_arg_i64s(&arena, periods, ff_tasks_n);
	args[3] = ff_arg_i64s(&arena, timeouts, ff_tasks_n);
	args[4] = ff_arg_strs(&arena, helps, ff_tasks_n);
	err = ff_db_exec(cron->db, FF_STMT_TASK_KNOW, args, 5);
	cron->known = err == FF_OK;
	ff_arena_free(&arena);
	return err;
}

static const char *
place_of(const struct ff_cron *cron, const struct ff_task *task)
{
	return task->scope == FF_SCOPE_HERE ? cron->place : "";
}

/* Who holds a task, for whoever asks; and the asks that this run will answer. */
static enum ff_err
begin(struct ff_cron *cron, const struct ff_task *task, struct ff_run *run)
{
	struct ff_arg args[3] = { ff_arg_z(task->name), ff_arg_z(place_of(cron, task)),
		ff_arg_str(&run->arena, ff_str_printf(&run->arena, "%s pid %d", cron->place, (int)getpid())) };
	struct ff_rows rows = { 0 };

	if (run->asked || task->scope == FF_SCOPE_EVERYWHERE)
		FF_TRY(ff_db_exec(cron->db, FF_STMT_TASK_BEGIN, args, 3));
	if (run->asked)
		FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_TASK_TAKE, args, 2, &rows));
	return FF_OK;
}

/* After the lock the time is looked at again: another host may have done it a moment ago. */
static enum ff_err
claim(struct ff_cron *cron, const struct ff_task *task, struct ff_run *run, bool forced)
{
	struct ff_str  name = ff_str_from(task->name), place = ff_str_from(place_of(cron, task));
	struct ff_arg  lock[2] = { ff_arg_z(task->name), ff_arg_z(place.p) };
	int64_t        period = task->scope == FF_SCOPE_HERE ? 0 : task->period_s, rests = 0;
	struct ff_arg  due[4] = { ff_arg_strs(&run->arena, &name, 1), ff_arg_strs(&run->arena, &place, 1),
		ff_arg_i64s(&run->arena, &period, 1), ff_arg_i64s(&run->arena, &rests, 1) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_TASK_LOCK, lock, 2, &rows));
	if (!ff_row_bool(&rows, 0, 0))
		return FF_BUSY;
	if (!forced) {
		FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_TASK_DUE, due, 4, &rows));
		if (rows.n == 0)
			return FF_BUSY;
		run->asked = ff_row_bool(&rows, 0, 1);
	}
	return begin(cron, task, run);
}

static enum ff_err
write_history(struct ff_cron *cron, const struct ff_task *task, struct ff_run *run, bool ok)
{
	struct ff_arg args[5] = { ff_arg_z(task->name), ff_arg_z(place_of(cron, task)),
		ff_arg_time(&run->arena, run->started_us), ff_arg_bool(ok),
		ff_arg_str(&run->arena, ff_buf_view(&run->detail)) };

	return ff_db_exec(cron->db, FF_STMT_TASK_RECORD, args, 5);
}

static enum ff_err
write_success(struct ff_cron *cron, const struct ff_task *task, struct ff_run *run)
{
	int64_t      *written = &cron->written_us[task - ff_tasks];
	struct ff_arg args[3] = { ff_arg_z(task->name), ff_arg_z(place_of(cron, task)),
		ff_arg_i64(&run->arena, task->scope == FF_SCOPE_HERE ? 0 : task->period_s) };

	if (run->idle && !run->asked && task->scope == FF_SCOPE_HERE && *written != 0 &&
	    run->started_us >= *written && run->started_us - *written < IDLE_WRITE_US)
		return FF_OK;
	FF_TRY(ff_db_exec(cron->db, FF_STMT_TASK_SUCCEED, args, 3));
	*written = run->started_us;
	return run->idle && !run->asked ? FF_OK : write_history(cron, task, run, true);
}

static enum ff_err
write_failure(struct ff_cron *cron, const struct ff_task *task, struct ff_run *run)
{
	struct ff_arg args[3] = { ff_arg_z(task->name), ff_arg_z(place_of(cron, task)),
		ff_arg_str(&run->arena, ff_buf_view(&run->detail)) };

	cron->written_us[task - ff_tasks] = 0;
	FF_TRY(ff_db_exec(cron->db, FF_STMT_TASK_FAIL, args, 3));
	return write_history(cron, task, run, false);
}

static int64_t
timeout_of(const struct ff_cron *cron, const struct ff_task *task)
{
	return cron->timeout_s > 0 ? cron->timeout_s : task->timeout_s;
}

static enum ff_err
perform(struct ff_cron *cron, const struct ff_task *task, struct ff_run *run)
{
	int64_t     timeout_s = timeout_of(cron, task);
	enum ff_err err;

	ff_db_statement_timeout(cron->db, timeout_s * 1000);
	ff_db_deadline(cron->db, 2 * timeout_s * 1000);
	ff_db_clear_error(cron->db);
	alarm((unsigned)(3 * timeout_s + HANG_S));
	err = task->fn(cron, run);
	alarm(0);
	ff_db_deadline(cron->db, 0);
	ff_tx_rollback(cron->db);
	if (err == FF_OK) {
		if (!run->idle)
			ff_info("cron", "%s: %.*s", task->name, FF_STR_ARG(ff_buf_view(&run->detail)));
		return FF_OK;
	}
	ff_run_say(run, "%s", ff_err_sentence(err));
	if (ff_db_message(cron->db)[0] != '\0')
		ff_run_say(run, "%s %s", ff_db_sqlstate(cron->db), ff_db_message(cron->db));
	ff_error("cron", "%s failed: %.*s", task->name, FF_STR_ARG(ff_buf_view(&run->detail)));
	return err;
}

/* What cannot be written down has been done all the same, and is due again. */
static void
write_down(struct ff_cron *cron, const struct ff_task *task, struct ff_run *run, enum ff_err outcome)
{
	enum ff_err err = outcome == FF_OK ? write_success(cron, task, run) : write_failure(cron, task, run);

	if (err == FF_OK)
		err = ff_db_exec(cron->db, FF_STMT_TASK_UNLOCK, NULL, 0);
	if (err != FF_OK)
		ff_warn("cron", "%s: the database was not told how it went", task->name);
}

enum ff_err
ff_cron_task(struct ff_cron *cron, const struct ff_task *task, bool forced)
{
	struct ff_run run = { .started_us = cron->now(), .asked = forced };
	enum ff_err   err;

	run.deadline_us = run.started_us + timeout_of(cron, task) * FF_US_S;
	ff_arena_init(&run.arena);
	ff_buf_init(&run.detail, DETAIL_MAX);
	err = claim(cron, task, &run, forced);
	if (err == FF_OK) {
		err = perform(cron, task, &run);
		write_down(cron, task, &run, err);
	} else if (err == FF_DATABASE && task->local) {
		err = perform(cron, task, &run);
	} else if (err == FF_BUSY && ff_db_exec(cron->db, FF_STMT_TASK_UNLOCK, NULL, 0) != FF_OK) {
		err = FF_DATABASE;
	}
	ff_buf_free(&run.detail);
	ff_arena_free(&run.arena);
	return err;
}
