/* kill -9, at random moments and at each named fault point: life after life in one directory, with a ledger that
 * is synced before anything counts as acknowledged. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "tests/lib/unit.h"

#include "base/io.h"
#include "base/log.h"
#include "safe/rand.h"
#include "tests/fault/life.h"
#include "tests/spool/lab.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHORT (lab_asked("FF_TEST_SHORT"))

static unsigned kills, acked;

static pid_t
begin_life(const struct life_plan *plan, const char *fault)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (fault != NULL)
		setenv("FOOTFALL_FAULT", fault, 1);
	if (freopen("/dev/null", "w", stderr) == NULL)
		_exit(9);
	_exit(life_run(plan) == FF_OK ? 0 : 5);
}

static void
check_sound(const struct life_plan *plan)
{
	struct life_result result;
	struct ff_arena    arena;
	struct ff_str      ledger = FF_STR_NONE;

	ff_arena_init(&arena);
	if (ff_io_read_file(&arena, plan->ledger, 1 << 26, &ledger) != FF_OK)
		ledger = FF_STR_NONE;
	assert_ok(life_check(plan->dir, ledger, &result));
	ff_arena_free(&arena);
	if (!life_sound(&result))
		fail_msg("seed %llu: not sound, kept in %s", (unsigned long long)plan->seed, plan->dir);
	acked += result.acked;
}

/* Each life goes on with what the one before left; at the end all their promises are held against the directory. */
static void
killed_at_random(void **state)
{
	const char    *wanted = getenv("FF_KILLS");
	unsigned       lives = lab_asked("FF_KILLS") ? (unsigned)strtoul(wanted, NULL, 10) : lab_asked("FF_LONG") ? 2000 : SHORT ? 10 : 40;
	struct ff_dice dice = { 99 };

	(void)state;
	while (lives > 0) {
		char             dir[64], spool[96], ledger[96];
		struct life_plan plan = { .dir = spool, .ledger = ledger, .synced_ledger = true };

		lab_make(dir);
		snprintf(spool, sizeof spool, "%s/spool", dir);
		snprintf(ledger, sizeof ledger, "%s/ledger", dir);
		for (unsigned i = 0; i < 10 && lives > 0; i++, lives--) {
			struct timespec moment = { 0, 1000000 + (long)ff_dice_below(&dice, 120) * 1000000 };
			int             status;
			pid_t           pid;

			plan.seed = ff_dice_next(&dice);
			plan.sync = ff_dice_below(&dice, 4) != 0;
			pid = begin_life(&plan, NULL);
			nanosleep(&moment, NULL);
			kill(pid, SIGKILL);
			assert_true(waitpid(pid, &status, 0) == pid);
			kills += WIFSIGNALED(status);
		}
		check_sound(&plan);
		lab_remove(dir);
	}
}

#ifdef FF_FAULTS
static const char *const points[] = { "spool.created", "spool.dir_synced", "spool.mid_write", "spool.written",
	"spool.synced", "spool.sealed", "spool.repaired", "spool.retiring", "spool.retired" };

/* Three lives: one to leave something behind, one that dies at the point, one after it. */
static bool
dies_at(const char *point, unsigned n, const char *action)
{
	char             dir[64], spool[96], ledger[96], fault[64];
	struct life_plan plan = { .dir = spool, .ledger = ledger, .seed = n, .groups = 40, .sync = true };
	int              status, reached = 0;

	lab_make_in_memory(dir);
	snprintf(spool, sizeof spool, "%s/spool", dir);
	snprintf(ledger, sizeof ledger, "%s/ledger", dir);
	for (int i = 0; i < 3; i++) {
		snprintf(fault, sizeof fault, "%s:%u:%s", i == 0 ? "spool.written" : point, i == 0 ? 35 : n, i == 0 ? "kill" : action);
		plan.seed = n * 3 + (unsigned)i;
		waitpid(begin_life(&plan, i < 2 ? fault : NULL), &status, 0);
		reached += i == 1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
		if (i == 2 || strcmp(action, "error") == 0)
			assert_true(i == 0 || status == 0);
	}
	check_sound(&plan);
	lab_remove(dir);
	kills += (unsigned)reached;
	return reached;
}

static void
killed_at_each_fault_point(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
		unsigned n = 1;

		while (n <= (SHORT ? 3 : 50) && dies_at(points[i], n, "kill"))
			n++;
		assert_true(n > 1);
	}
}

static void
a_fault_reported_as_an_error_is_survived(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
		for (unsigned n = 1; n < (SHORT ? 2 : 12); n += 3)
			dies_at(points[i], n, "error");
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_at_random),
#ifdef FF_FAULTS
		cmocka_unit_test(killed_at_each_fault_point),
		cmocka_unit_test(a_fault_reported_as_an_error_is_survived),
#endif
	};
	int rc;

	ff_safe_init();
	ff_log_setup("test_spool_kill", FF_LOG_ERROR);
	rc = cmocka_run_group_tests_name("spool kill", tests, NULL, NULL);
	printf("# %u kills (seed 99), %u acknowledgements held against what was left\n", kills, acked);
	return rc;
}
