/* What an operator asks of the tasks: how they stand, and how they went. */
#include "base/num.h"
#include "room/cron/cron.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

/* Columns of job_list and job_runs. */
enum { TASK, EVERYWHERE, PERIOD, TIMEOUT, HELP, PLACE, DUE, LAST_OK, FAILURES, LAST_ERROR, RUNNING, BEGUN, HOLDER, ASKED };
enum { RUN_ID, RUN_TASK, RUN_PLACE, RUN_BEGUN, RUN_ENDED, RUN_OK, RUN_DETAIL };

static void
print_period(int64_t s)
{
	if (s == 0)
		printf("%-8s", "round");
	else if (s % 3600 == 0)
		printf("%4lldh   ", (long long)(s / 3600));
	else
		printf("%4lld%s ", (long long)(s % 60 == 0 ? s / 60 : s), s % 60 == 0 ? "min" : "s  ");
}

static const char *
print_time(const struct ff_rows *rows, int row, int column, char out[32])
{
	if (ff_row_null(rows, row, column))
		return "never";
	ff_time_print(ff_row_us(rows, row, column), out);
	return out;
}

static void
print_state(const struct ff_rows *rows, int row)
{
	const char *state = ff_row_bool(rows, row, RUNNING) ? "running" : ff_row_bool(rows, row, ASKED) ? "asked" : "-";
	char        time[32];

	printf("%-8s%-22s", state, print_time(rows, row, LAST_OK, time));
	printf("%-22s", print_time(rows, row, DUE, time));
	if (ff_row_i64(rows, row, FAILURES) > 0)
		printf("failed %lld x: %.*s", (long long)ff_row_i64(rows, row, FAILURES),
		    FF_STR_ARG(ff_row_str(rows, row, LAST_ERROR)));
	else if (ff_row_bool(rows, row, RUNNING))
		printf("%.*s", FF_STR_ARG(ff_row_str(rows, row, HOLDER)));
}

/* One line a place: of tasks that look after a host's files, each host's. */
static void
print_task(const struct ff_rows *rows, const struct ff_task *task)
{
	bool found = false;

	for (int r = 0; r < rows->n; r++) {
		if (!ff_str_eqz(ff_row_str(rows, r, TASK), task->name))
			continue;
		printf("%-12s", task->name);
		print_period(task->period_s);
		print_state(rows, r);
		if (ff_row_str(rows, r, PLACE).len > 0)
			printf("\n    at %.*s", FF_STR_ARG(ff_row_str(rows, r, PLACE)));
		printf("\n");
		found = true;
	}
	if (!found) {
		printf("%-12s", task->name);
		print_period(task->period_s);
		printf("?\n");
	}
	printf("    %s\n", task->help);
}

int
ff_cron_list(struct ff_cron *cron)
{
	struct ff_arg   all = ff_arg_null();
	struct ff_rows  rows = { 0 };
	struct ff_arena arena;
	enum ff_err     err = ff_cron_know(cron);

	ff_arena_init(&arena);
	if (err == FF_OK)
		err = ff_db_query(cron->db, &arena, FF_STMT_JOB_LIST, &all, 1, &rows);
	printf("%-12s%-8s%-8s%-22s%-22s%s\n", "TASK", "PERIOD", "STATE", "LAST OK", "DUE", "LAST ERROR");
	for (size_t i = 0; i < ff_tasks_n; i++)
		print_task(&rows, &ff_tasks[i]);
	if (err != FF_OK)
		fprintf(stderr, "footfall-cron: %s\n", ff_err_sentence(err));
	ff_arena_free(&arena);
	return err == FF_OK ? 0 : 1;
}

static void
print_run(const struct ff_rows *rows, int r)
{
	char    begun[32];
	int64_t us = ff_row_us(rows, r, RUN_ENDED) - ff_row_us(rows, r, RUN_BEGUN);

	printf("%-22s%-12.*s%8.1f s  %-8s%.*s\n", print_time(rows, r, RUN_BEGUN, begun),
	    FF_STR_ARG(ff_row_str(rows, r, RUN_TASK)), (double)us / FF_US_S, ff_row_bool(rows, r, RUN_OK) ? "ok" : "failed",
	    FF_STR_ARG(ff_row_str(rows, r, RUN_DETAIL)));
}

/* What was asked for; false: it makes no sense. */
static bool
read_words(int argc, char **argv, const char **task, bool *failed, int64_t *limit)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--failed") == 0)
			*failed = true;
		else if (strcmp(argv[i], "--limit") == 0 && i + 1 < argc) {
			if (!ff_num_range(ff_str_from(argv[++i]), 1, 100000, limit))
				return false;
		} else if (argv[i][0] == '-' || *task != NULL)
			return false;
		else
			*task = argv[i];
	}
	return true;
}

int
ff_cron_history(struct ff_cron *cron, int argc, char **argv)
{
	const char     *task = NULL;
	bool            failed = false;
	int64_t         limit = 20;
	struct ff_rows  rows = { 0 };
	struct ff_arena arena;
	struct ff_arg   args[3];
	enum ff_err     err;

	if (!read_words(argc, argv, &task, &failed, &limit) || (task != NULL && ff_cron_find(task) == NULL)) {
		fprintf(stderr, "footfall-cron: history [TASK] [--failed] [--limit N]; footfall-cron list has the tasks\n");
		return 2;
	}
	ff_arena_init(&arena);
	args[0] = ff_arg_z(task);
	args[1] = ff_arg_i64(&arena, failed);
	args[2] = ff_arg_i64(&arena, limit);
	err = ff_db_query(cron->db, &arena, FF_STMT_JOB_RUNS, args, 3, &rows);
	if (err != FF_OK)
		fprintf(stderr, "footfall-cron: %s\n", ff_err_sentence(err));
	for (int r = 0; r < rows.n; r++)
		print_run(&rows, r);
	ff_arena_free(&arena);
	return err == FF_OK ? 0 : 1;
}
