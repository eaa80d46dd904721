/* A round: everything that is due, once, in the order of the table. */
#include "base/log.h"
#include "room/cron/cron.h"
#include "store/db.h"

/* A clock that was set back is no reason to wait longer than a period. */
static bool
waits(const struct ff_cron *cron, size_t i, int64_t now_us)
{
	int64_t left = cron->next_us[i] - now_us;

	return ff_tasks[i].scope == FF_SCOPE_HERE && left > 0 && left <= ff_tasks[i].period_s * FF_US_S;
}

struct candidates {
	struct ff_str names[FF_TASKS_MAX], places[FF_TASKS_MAX];
	int64_t       periods[FF_TASKS_MAX], rests[FF_TASKS_MAX];
};

/* Tasks of this host wait for their period in memory; the database knows the times of the others, who must hold back
 * after a failure, and what was asked for. */
static void
gather(const struct ff_cron *cron, int64_t now_us, struct candidates *out)
{
	for (size_t i = 0; i < ff_tasks_n; i++) {
		out->names[i] = ff_str_from(ff_tasks[i].name);
		out->places[i] = ff_tasks[i].scope == FF_SCOPE_HERE ? ff_str_from(cron->place) : FF_STR("");
		out->periods[i] = ff_tasks[i].scope == FF_SCOPE_HERE ? 0 : ff_tasks[i].period_s;
		out->rests[i] = waits(cron, i, now_us);
	}
}

static bool
contains(const struct ff_rows *rows, const char *name)
{
	for (int i = 0; i < rows->n; i++)
		if (ff_str_eqz(ff_row_str(rows, i, 0), name))
			return true;
	return false;
}

/* Where in its period a host's task is due: hosts differ. */
static int64_t
phase(const struct ff_cron *cron, size_t i)
{
	return (int64_t)(ff_str_hash(ff_str_from(cron->place)) % (uint64_t)(ff_tasks[i].period_s * FF_US_S));
}

static void
run_one(struct ff_cron *cron, size_t i, int *failed)
{
	enum ff_err err = ff_cron_task(cron, &ff_tasks[i], false);
	int64_t     period = ff_tasks[i].period_s * FF_US_S;

	if (err != FF_OK && err != FF_BUSY)
		++*failed;
	if (period > 0)
		cron->next_us[i] = ((cron->now() - phase(cron, i)) / period + 1) * period + phase(cron, i);
}

static enum ff_err
run_due(struct ff_cron *cron, struct ff_arena *arena, int *failed)
{
	int64_t           now_us = cron->now();
	struct candidates c;
	struct ff_arg     args[4];
	struct ff_rows    due = { 0 };
	enum ff_err       err = ff_cron_know(cron);

	gather(cron, now_us, &c);
	args[0] = ff_arg_strs(arena, c.names, ff_tasks_n);
	args[1] = ff_arg_strs(arena, c.places, ff_tasks_n);
	args[2] = ff_arg_i64s(arena, c.periods, ff_tasks_n);
	args[3] = ff_arg_i64s(arena, c.rests, ff_tasks_n);
	if (err == FF_OK)
		err = ff_db_query(cron->db, arena, FF_STMT_TASK_DUE, args, 4, &due);
	for (size_t i = 0; i < ff_tasks_n && !ff_cron_stopping(cron); i++)
		if (err == FF_OK ? contains(&due, ff_tasks[i].name) : ff_tasks[i].local && !waits(cron, i, now_us))
			run_one(cron, i, failed);
	return err;
}

enum ff_err
ff_cron_round(struct ff_cron *cron, int *failed)
{
	struct ff_arena arena;
	enum ff_err     err;

	*failed = 0;
	ff_arena_init(&arena);
	err = run_due(cron, &arena, failed);
	ff_arena_free(&arena);
	return err;
}
