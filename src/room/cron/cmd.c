/* The verbs of footfall-cron. */
#include "base/num.h"
#include "drain/drain.h"
#include "room/cron/cron.h"
#include "safe/rand.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DURATION_MAX 86400

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

const struct ff_task *
ff_cron_find(const char *name)
{
	for (size_t i = 0; i < ff_tasks_n; i++)
		if (strcmp(ff_tasks[i].name, name) == 0)
			return &ff_tasks[i];
	return NULL;
}

static int
run_named(struct ff_cron *cron, const char *name)
{
	const struct ff_task *task = ff_cron_find(name);
	enum ff_err           err;

	if (task == NULL) {
		fprintf(stderr, "footfall-cron: there is no task %s; see footfall-cron list\n", name);
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

/* "--name VALUE" or "--name=VALUE" at argv[*i]: a duration of at most max seconds. False: it is another word. *seconds
 * becomes -1 where the value is none. */
static bool
take_duration(int argc, char **argv, int *i, const char *name, int64_t max, int64_t *seconds)
{
	size_t      len = strlen(name);
	const char *value;

	if (strncmp(argv[*i], name, len) != 0 || (argv[*i][len] != '\0' && argv[*i][len] != '='))
		return false;
	value = argv[*i][len] == '=' ? argv[*i] + len + 1 : *i + 1 < argc ? argv[++*i] : "";
	if (!ff_num_duration(ff_str_from(value), seconds) || *seconds < 1 || *seconds > max)
		*seconds = -1;
	return true;
}

static int
wrong_use(const char *usage)
{
	fprintf(stderr, "footfall-cron: %s\n", usage);
	return 2;
}

static void
wait_a_while(int64_t seconds)
{
	uint32_t        ms = seconds == 0 ? 0 : ff_random_below((uint32_t)(seconds * 1000));
	struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	nanosleep(&pause, NULL);
}

static int
run(struct ff_cron *cron, int argc, char **argv)
{
	static const char usage[] = "run [TASK...] [--timeout DURATION] [--jitter DURATION]";
	int64_t           jitter_s = 0;
	int               code = 0, names = 0;

	for (int i = 0; i < argc; i++)
		if (!take_duration(argc, argv, &i, "--timeout", DURATION_MAX, &cron->timeout_s) &&
		    !take_duration(argc, argv, &i, "--jitter", DURATION_MAX, &jitter_s))
			argv[names++] = argv[i];
	if (cron->timeout_s < 0 || jitter_s < 0)
		return wrong_use("--timeout and --jitter want a duration from 1s to 24h");
	for (int i = 0; i < names; i++)
		if (argv[i][0] == '-')
			return wrong_use(usage);
	wait_a_while(jitter_s);
	if (names == 0)
		return run_all(cron);
	for (int i = 0; i < names; i++) {
		int one = run_named(cron, argv[i]);

		code = one > code ? one : code;
	}
	return code;
}

static int
follow(struct ff_cron *cron, int argc, char **argv)
{
	int64_t seconds = 1;

	for (int i = 0; i < argc; i++)
		if (!take_duration(argc, argv, &i, "--interval", 3600, &seconds) || seconds < 0)
			return wrong_use("follow [--interval SECONDS], 1s to 1h");
	ff_cron_follow(cron, seconds * FF_US_S);
	return 0;
}

int
ff_cron_main(struct ff_cron *cron, int argc, char **argv)
{
	const char *verb = argc > 0 ? argv[0] : "";

	if (argc >= 1 && strcmp(verb, "run") == 0)
		return run(cron, argc - 1, argv + 1);
	if (argc >= 1 && strcmp(verb, "follow") == 0)
		return follow(cron, argc - 1, argv + 1);
	if (argc >= 1 && strcmp(verb, "history") == 0)
		return ff_cron_history(cron, argc - 1, argv + 1);
	if (argc == 1 && (strcmp(verb, "list") == 0 || strcmp(verb, "tasks") == 0))
		return ff_cron_list(cron);
	return wrong_use("list, history [TASK], run [TASK...] or follow; see footfall-cron --help");
}
