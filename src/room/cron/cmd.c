/* The verbs of footfall-cron. */
#include "base/log.h"
#include "base/num.h"
#include "room/cron/cron.h"
#include "store/db.h"

#include "drain/drain.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
ff_cron_open(struct ff_cron *cron, struct ff_db *db, const struct ff_conf *conf, int64_t (*now)(void))
{
	char host[256] = "";

	*cron = (struct ff_cron){ .db = db, .conf = conf, .now = now };
	if (gethostname(host, sizeof host - 1) != 0)
		snprintf(host, sizeof host, "localhost");
	snprintf(cron->place, sizeof cron->place, "%s:%s", host, conf->state_dir);
}

void
ff_cron_close(struct ff_cron *cron)
{
	if (cron->drain != NULL)
		ff_drain_close(cron->drain);
	cron->drain = NULL;
}

static const struct ff_task *
task_find(const char *name)
{
	for (size_t i = 0; i < ff_tasks_n; i++)
		if (strcmp(ff_tasks[i].name, name) == 0)
			return &ff_tasks[i];
	return NULL;
}

static int
run_named(struct ff_cron *cron, const char *name)
{
	const struct ff_task *task = task_find(name);
	enum ff_err           err;

	if (task == NULL) {
		fprintf(stderr, "footfall-cron: there is no task %s; see footfall-cron tasks\n", name);
		return 2;
	}
	err = ff_cron_task(cron, task, true);
	if (err == FF_BUSY)
		fprintf(stderr, "footfall-cron: %s is being run by another process\n", name);
	else if (err == FF_DATABASE)
		fprintf(stderr, "footfall-cron: %s\n", ff_err_sentence(err));
	return err == FF_OK ? 0 : 1;
}

static int
run_all(struct ff_cron *cron)
{
	int         failed;
	enum ff_err err = ff_cron_round(cron, &failed);

	if (err != FF_OK)
		fprintf(stderr, "footfall-cron: %s\n", ff_err_sentence(err));
	return err == FF_OK && failed == 0 ? 0 : 1;
}

static int
follow(struct ff_cron *cron, int argc, char **argv)
{
	int64_t seconds = 1;

	if (argc == 1 && strncmp(argv[0], "--interval=", 11) == 0)
		argv[0] += 11;
	else if (argc == 2 && strcmp(argv[0], "--interval") == 0)
		argv++;
	else if (argc != 0)
		argv = NULL;
	if (argv == NULL || (argc > 0 && (!ff_num_duration(ff_str_from(argv[0]), &seconds) || seconds < 1 || seconds > 3600))) {
		fprintf(stderr, "footfall-cron: follow [--interval SECONDS], 1s to 1h\n");
		return 2;
	}
	ff_cron_follow(cron, seconds * FF_US_S);
	return 0;
}

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

static void
print_state(const struct ff_cron *cron, const struct ff_rows *rows, const struct ff_task *task)
{
	char at[32] = "never";
	int  row = rows->n - 1;

	while (row >= 0 && !(ff_str_eqz(ff_row_str(rows, row, 0), task->name) &&
	    ff_str_eqz(ff_row_str(rows, row, 1), task->scope == FF_SCOPE_HERE ? cron->place : "")))
		row--;
	if (row >= 0 && !ff_row_null(rows, row, 2))
		ff_time_print(ff_row_us(rows, row, 2), at);
	printf("%-22s", at);
	if (row >= 0 && ff_row_i64(rows, row, 3) > 0)
		printf("failed %lld x: %.*s", (long long)ff_row_i64(rows, row, 3), FF_STR_ARG(ff_row_str(rows, row, 4)));
}

static int
print_tasks(struct ff_cron *cron)
{
	struct ff_arena arena;
	struct ff_rows  rows = { 0 };
	enum ff_err     err;

	ff_arena_init(&arena);
	err = ff_db_query(cron->db, &arena, FF_STMT_TASK_LIST, NULL, 0, &rows);
	printf("%-12s%-8s%-22s%s\n", "TASK", "PERIOD", "LAST OK", "LAST ERROR");
	for (size_t i = 0; i < ff_tasks_n; i++) {
		printf("%-12s", ff_tasks[i].name);
		print_period(ff_tasks[i].period_s);
		if (err == FF_OK)
			print_state(cron, &rows, &ff_tasks[i]);
		else
			printf("?");
		printf("\n    %s\n", ff_tasks[i].help);
	}
	if (err != FF_OK)
		fprintf(stderr, "footfall-cron: %s\n", ff_err_sentence(err));
	ff_arena_free(&arena);
	return err == FF_OK ? 0 : 1;
}

int
ff_cron_main(struct ff_cron *cron, int argc, char **argv)
{
	if (argc == 1 && strcmp(argv[0], "run") == 0)
		return run_all(cron);
	if (argc == 2 && strcmp(argv[0], "run") == 0)
		return run_named(cron, argv[1]);
	if (argc >= 1 && strcmp(argv[0], "follow") == 0)
		return follow(cron, argc - 1, argv + 1);
	if (argc == 1 && strcmp(argv[0], "tasks") == 0)
		return print_tasks(cron);
	fprintf(stderr, "footfall-cron: run [TASK], follow [--interval SECONDS] or tasks; see footfall-cron --help\n");
	return 2;
}
