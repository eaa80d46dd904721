/* Every system call of a writer's and drainer's life fails once, each in each way, and then for good: what was
 * acknowledged is there exactly once, and nothing that was refused. The program runs itself under preload.so. */
#include "tests/lib/unit.h"

#include "base/io.h"
#include "base/log.h"
#include "safe/rand.h"
#include "tests/fault/life.h"
#include "tests/spool/lab.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUPS 40

#if defined(__SANITIZE_ADDRESS__)
#define FOREIGN_MALLOC
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FOREIGN_MALLOC
#endif
#endif

static char        self[4096];
static const char *preload;
static unsigned    runs, gave_up;

static int
child(char **argv)
{
	struct life_plan plan = { .dir = argv[2], .ledger = argv[3], .seed = strtoull(argv[4], NULL, 10), .groups = GROUPS,
		.sync = argv[5][0] == 'd' };
	enum ff_err      err;

	ff_log_setup("life", FF_LOG_ERROR);
	if (freopen("/dev/null", "w", stderr) == NULL)
		return 9;
	err = life_run(&plan);
	return err == FF_OK ? 0 : err == FF_STORAGE ? 4 : err == FF_IO ? 5 : 6;
}

struct run {
	char dir[64], spool[96], ledger[96], hit[96], fail[64];
	int  status;
	bool reached;
};

static void
run_life(struct run *r, const char *durability, uint64_t seed)
{
	char seed_text[32];

	lab_make_in_memory(r->dir);
	snprintf(r->spool, sizeof r->spool, "%s/spool", r->dir);
	snprintf(r->ledger, sizeof r->ledger, "%s/ledger", r->dir);
	snprintf(r->hit, sizeof r->hit, "%s/hit", r->dir);
	snprintf(seed_text, sizeof seed_text, "%llu", (unsigned long long)seed);
	if (fork() == 0) {
		setenv("LD_PRELOAD", preload, 1);
		setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0:abort_on_error=0", 1);
		setenv("FF_DIR", r->spool, 1);
		setenv("FF_FAIL", r->fail, 1);
		setenv("FF_FAIL_HIT", r->hit, 1);
		execl(self, self, "life", r->spool, r->ledger, seed_text, durability, (char *)NULL);
		_exit(99);
	}
	assert_true(wait(&r->status) > 0);
	r->reached = access(r->hit, F_OK) == 0;
	runs++;
}

static bool
run_sound(struct run *r)
{
	struct life_result result;
	struct ff_arena    arena;
	struct ff_str      ledger = FF_STR_NONE;
	enum ff_err        err;

	ff_arena_init(&arena);
	if (ff_io_read_file(&arena, r->ledger, 1 << 24, &ledger) != FF_OK)
		ledger = FF_STR_NONE;
	err = life_check(r->spool, ledger, &result);
	ff_arena_free(&arena);
	return err == FF_OK && life_sound(&result) && result.refused_read == 0;
}

/* Ended in good order, or by the ways the contract names: refused to open, FF_IO, or a panic for want of memory. */
static bool
ended_well(const struct run *r, bool once)
{
	int code = WIFEXITED(r->status) ? WEXITSTATUS(r->status) : -1;
	bool panic = WIFSIGNALED(r->status) && WTERMSIG(r->status) == SIGABRT && strncmp(r->fail, "malloc", 6) == 0;

	gave_up += code != 0;
	return code == 0 || code == 4 || panic || (code == 5 && !once);
}

static bool
try_one(const char *call, unsigned n, const char *how, bool once, const char *durability)
{
	struct run r;

	snprintf(r.fail, sizeof r.fail, "%s:%u%s:%s", call, n, once ? "" : "+", how);
	run_life(&r, durability, n);
	if (!ended_well(&r, once))
		fail_msg("%s (%s): ended with status %x", r.fail, durability, (unsigned)r.status);
	if (!run_sound(&r))
		fail_msg("%s (%s): not sound, kept in %s", r.fail, durability, r.dir);
	lab_remove(r.dir);
	return r.reached;
}

static unsigned
stride(unsigned n, const char *call)
{
	unsigned most = strcmp(call, "malloc") == 0 ? 31 : strcmp(call, "readdir") == 0 || strcmp(call, "pread") == 0 ? 7 : 3;

	if (lab_asked("FF_TEST_SHORT"))
		return 97;
	if (lab_asked("FF_LONG") || n < 24)
		return 1;
	return most;
}

static void
try_all(const char *call, const char *how, bool once, const char *durability)
{
	unsigned n = 1;

	while (try_one(call, n, how, once, durability))
		n += stride(n, call);
	assert_true(n > 1);
}

static const struct {
	const char *call, *how;
} ways[] = {
	{ "open", "EMFILE" }, { "open", "ENOSPC" }, { "open", "EINTR" },
	{ "pwrite", "ENOSPC" }, { "pwrite", "EDQUOT" }, { "pwrite", "EIO" }, { "pwrite", "EINTR" }, { "pwrite", "short" },
	{ "fdatasync", "EIO" }, { "fdatasync", "ENOSPC" }, { "fdatasync", "EINTR" },
	{ "fsync", "EIO" }, { "fsync", "EDQUOT" }, { "fsync", "EINTR" },
	{ "rename", "EIO" }, { "rename", "ENOSPC" },
	{ "unlink", "EIO" }, { "fcntl", "EINTR" }, { "fcntl", "ENOLCK" },
	{ "readdir", "EIO" }, { "statvfs", "EIO" }, { "pread", "EIO" }, { "pread", "short" },
#ifndef FOREIGN_MALLOC
	{ "malloc", "ENOMEM" },
#endif
};

static void
each_call_fails_once_in_each_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		try_all(ways[i].call, ways[i].how, true, "disk");
}

static void
each_call_fails_for_good_from_then_on(void **state)
{
	static const char *const calls[][2] = { { "open", "EMFILE" }, { "pwrite", "ENOSPC" }, { "pwrite", "EIO" },
		{ "fdatasync", "EIO" }, { "fsync", "EIO" }, { "rename", "EIO" }, { "pread", "EIO" } };

	(void)state;
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		try_all(calls[i][0], calls[i][1], false, "disk");
}

static void
under_interval_what_was_synced_is_there_once(void **state)
{
	static const char *const calls[][2] = { { "pwrite", "ENOSPC" }, { "pwrite", "EIO" }, { "pwrite", "short" },
		{ "fdatasync", "EIO" }, { "fsync", "EIO" }, { "rename", "EIO" } };

	(void)state;
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		try_all(calls[i][0], calls[i][1], true, "interval");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_fails_once_in_each_way),
		cmocka_unit_test(each_call_fails_for_good_from_then_on),
		cmocka_unit_test(under_interval_what_was_synced_is_there_once),
	};
	ssize_t len;
	int     rc;

	ff_safe_init();
	if (argc == 6 && strcmp(argv[1], "life") == 0)
		return child(argv);
	ff_log_setup("test_spool_faults", FF_LOG_ERROR);
	preload = getenv("FF_PRELOAD");
	len = readlink("/proc/self/exe", self, sizeof self - 1);
	if (len < 0)
		return 1;
	self[len] = '\0';
	if (preload == NULL) {
		static char beside[4200];

		snprintf(beside, sizeof beside, "%.*s/preload.so", (int)(strrchr(self, '/') - self), self);
		preload = beside;
	}
	if (access(preload, R_OK) != 0) {
		printf("1..0 # SKIP no preload.so beside the test\n");
		return 0;
	}
	rc = cmocka_run_group_tests_name("spool faults", tests, NULL, NULL);
	printf("# %u runs, each with one call that fails or keeps failing; %u of them gave up as the contract says\n", runs,
	    gave_up);
	return rc;
}
