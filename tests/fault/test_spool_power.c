/* The power fails at every moment: from the trace of a life (preload.so) the states are rebuilt in which a disk
 * may come back, and each must hold every acknowledged record exactly once.
 *
 * A state is a moment and a choice: of the bytes written since a file's last sync each sector (512 or 4096 bytes)
 * has any of the contents it went through, or all are lost, or all are there; of the changes of the directory
 * since its last sync the first few are there, none, or all. Syncs that failed synced nothing. */
#include "tests/lib/unit.h"

#include "base/io.h"
#include "base/log.h"
#include "safe/rand.h"
#include "tests/fault/life.h"
#include "tests/fault/trace.h"
#include "tests/spool/lab.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES_MAX 512
#define FILE_MAX (64 * 1024)

static char        self[4096], preload[4200];
static uint64_t    states_done, acked_checked;

/* ---- a trace ---- */

struct op {
	struct trace_op head;
	const char     *bytes;
	int             file; /* of open, write and sync: number of the file, -1 = none of ours */
	bool            creates;
};

struct trace {
	struct op      *v;
	size_t          n;
	int             files;
	struct ff_arena arena;
};

struct names {
	char name[FILES_MAX][104]; /* by file; "" = has none */
};

static int
file_named(const struct names *names, const char *name, int files)
{
	for (int i = 0; i < files; i++)
		if (strcmp(names->name[i], name) == 0)
			return i;
	return -1;
}

static void
names_apply(struct names *names, const struct op *op, int files)
{
	int file = file_named(names, op->head.name, files);

	if (op->creates)
		snprintf(names->name[op->file], sizeof names->name[0], "%s", op->head.name);
	else if (op->head.kind == TRACE_RENAME && file >= 0)
		snprintf(names->name[file], sizeof names->name[0], "%s", op->head.to);
	else if (op->head.kind == TRACE_UNLINK && file >= 0)
		names->name[file][0] = '\0';
}

/* Gives each operation its file: inode numbers come back after an unlink, so a new name is a new file. */
static void
trace_link(struct trace *t)
{
	static struct names names;
	uint64_t            inodes[FILES_MAX];

	memset(&names, 0, sizeof names);
	for (size_t i = 0; i < t->n; i++) {
		struct op *op = &t->v[i];

		op->file = -1;
		if (op->head.kind == TRACE_OPEN) {
			op->file = file_named(&names, op->head.name, t->files);
			if (op->file < 0) {
				assert_true(t->files < FILES_MAX);
				op->file = t->files++;
				op->creates = true;
				inodes[op->file] = op->head.ino;
			}
		} else if (op->head.kind == TRACE_WRITE || op->head.kind == TRACE_SYNC) {
			for (int f = t->files - 1; f >= 0 && op->file < 0; f--)
				if (inodes[f] == op->head.ino)
					op->file = f;
		}
		names_apply(&names, op, t->files);
	}
}

static void
trace_read(struct trace *t, const char *path)
{
	struct ff_str bytes;
	size_t        cap = 0;

	ff_arena_init(&t->arena);
	t->v = NULL;
	t->n = 0;
	t->files = 0;
	assert_ok(ff_io_read_file(&t->arena, path, 1 << 28, &bytes));
	while (bytes.len >= sizeof t->v[0].head) {
		if (t->n == cap)
			t->v = ff_xrealloc(t->v, (cap = cap ? cap * 2 : 1024) * sizeof *t->v);
		memset(&t->v[t->n], 0, sizeof t->v[0]);
		memcpy(&t->v[t->n].head, bytes.p, sizeof t->v[0].head);
		bytes = ff_str_from_pos(bytes, sizeof t->v[0].head);
		t->v[t->n].bytes = bytes.p;
		bytes = ff_str_from_pos(bytes, t->v[t->n].head.len);
		t->n++;
	}
	trace_link(t);
}

static void
trace_free(struct trace *t)
{
	free(t->v);
	ff_arena_free(&t->arena);
}

static int
child(char **argv)
{
	struct life_plan plan = { .dir = argv[2], .ledger = argv[3], .seed = strtoull(argv[4], NULL, 10), .groups = 40,
		.sync = argv[5][0] == 'd' };
	enum ff_err      err;

	if (freopen("/dev/null", "w", stderr) == NULL)
		return 9;
	err = life_run(&plan);
	return err == FF_OK ? 0 : 5;
}

static void
trace_record(struct trace *t, const char *durability, const char *fail, uint64_t seed)
{
	char dir[64], spool[96], ledger[96], trace[96], seed_text[32];
	int  status;

	lab_make_in_memory(dir);
	snprintf(spool, sizeof spool, "%s/spool", dir);
	snprintf(ledger, sizeof ledger, "%s/ledger", dir);
	snprintf(trace, sizeof trace, "%s/trace", dir);
	snprintf(seed_text, sizeof seed_text, "%llu", (unsigned long long)seed);
	if (fork() == 0) {
		setenv("LD_PRELOAD", preload, 1);
		setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
		setenv("FF_DIR", spool, 1);
		setenv("FF_LEDGER", ledger, 1);
		setenv("FF_TRACE", trace, 1);
		if (fail[0] != '\0')
			setenv("FF_FAIL", fail, 1);
		execl(self, self, "life", spool, ledger, seed_text, durability, (char *)NULL);
		_exit(99);
	}
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
	trace_read(t, trace);
	lab_remove(dir);
}

/* ---- a state ---- */

struct choice {
	size_t   moment; /* the power fails before this operation */
	unsigned sector; /* 512, 4096; 0: all or nothing */
	bool     kept;   /* with sector 0 */
	unsigned names;  /* 0 none, 1 some, 2 all of the unsynced changes of the directory */
};

static size_t
last_sync(const struct trace *t, size_t moment, enum trace_kind kind, int file)
{
	while (moment > 0) {
		const struct op *op = &t->v[--moment];

		if (op->head.kind == kind && (kind == TRACE_SYNC_DIR || op->file == file))
			return moment + 1;
	}
	return 0;
}

static void
write_apply(char *bytes, uint32_t *size, const struct op *op, uint32_t from, uint32_t to)
{
	uint32_t start = (uint32_t)op->head.off, end = start + op->head.len;

	start = start > from ? start : from;
	end = end < to ? end : to;
	if (start >= end)
		return;
	assert_true(end <= FILE_MAX);
	memcpy(bytes + start, op->bytes + (start - (uint32_t)op->head.off), end - start);
	*size = end > *size ? end : *size;
}

/* One sector takes the contents it had after one of the operations [synced, moment), or the synced one. */
static void
sector_choose(const struct trace *t, const struct choice *c, size_t synced, int file, char *bytes, uint32_t *size,
    uint32_t from, struct ff_dice *dice)
{
	size_t until = synced + ff_dice_below(dice, (uint32_t)(c->moment - synced + 1));

	for (size_t i = synced; i < until; i++)
		if (t->v[i].head.kind == TRACE_WRITE && t->v[i].file == file)
			write_apply(bytes, size, &t->v[i], from, from + c->sector);
}

static void
file_build(const struct trace *t, const struct choice *c, int file, char *bytes, uint32_t *size, struct ff_dice *dice)
{
	size_t synced = last_sync(t, c->moment, TRACE_SYNC, file), i;

	memset(bytes, 0, FILE_MAX);
	*size = 0;
	for (i = 0; i < synced || (c->sector == 0 && c->kept && i < c->moment); i++)
		if (t->v[i].head.kind == TRACE_WRITE && t->v[i].file == file)
			write_apply(bytes, size, &t->v[i], 0, FILE_MAX);
	if (c->sector == 0)
		return;
	for (uint32_t from = 0; from < FILE_MAX; from += c->sector)
		sector_choose(t, c, synced, file, bytes, size, from, dice);
}

static bool
changes_names(const struct op *op)
{
	return op->creates || op->head.kind == TRACE_RENAME || op->head.kind == TRACE_UNLINK;
}

static void
names_build(const struct trace *t, const struct choice *c, struct names *names, struct ff_dice *dice)
{
	size_t synced = last_sync(t, c->moment, TRACE_SYNC_DIR, -1), until = c->moment;

	memset(names, 0, sizeof *names);
	if (c->names == 0)
		until = synced;
	else if (c->names == 1)
		until = synced + ff_dice_below(dice, (uint32_t)(c->moment - synced + 1));
	for (size_t i = 0; i < until; i++)
		if (changes_names(&t->v[i]))
			names_apply(names, &t->v[i], t->files);
}

static void
state_write(const struct trace *t, const struct choice *c, const char *spool, struct ff_dice *dice)
{
	static struct names names;
	static char         bytes[FILE_MAX];
	char                path[256];
	uint32_t            size;

	names_build(t, c, &names, dice);
	for (int f = 0; f < t->files; f++) {
		int fd;

		if (names.name[f][0] == '\0')
			continue;
		file_build(t, c, f, bytes, &size, dice);
		snprintf(path, sizeof path, "%s/%s", spool, names.name[f]);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
		assert_true(fd >= 0);
		assert_int_equal(write(fd, bytes, size), size);
		close(fd);
	}
}

static struct ff_str
ledger_until(const struct trace *t, size_t moment, struct ff_buf *buf)
{
	ff_buf_clear(buf);
	for (size_t i = 0; i < moment; i++)
		if (t->v[i].head.kind == TRACE_ACK)
			ff_buf_put(buf, t->v[i].bytes, t->v[i].head.len);
	return ff_buf_view(buf);
}

static void
state_check(const struct trace *t, const struct choice *c, struct ff_dice *dice, const char *what)
{
	struct life_result result;
	struct ff_buf      ledger;
	char               dir[64];
	enum ff_err        err;

	lab_make_in_memory(dir);
	state_write(t, c, dir, dice);
	ff_buf_init(&ledger, 1 << 26);
	err = life_check(dir, ledger_until(t, c->moment, &ledger), &result);
	ff_buf_free(&ledger);
	if (err != FF_OK || !life_sound(&result))
		fail_msg("%s: moment %zu of %zu, sector %u, kept %d, names %u: error %d, state kept in %s", what, c->moment, t->n,
		    c->sector, c->kept, c->names, (int)err, dir);
	lab_remove(dir);
	states_done++;
	acked_checked += result.acked;
}

static void
power_fails(const char *durability, const char *fail, uint64_t seed, unsigned states)
{
	static const unsigned sectors[] = { 0, 0, 512, 512, 4096 };
	struct ff_dice        dice = { seed };
	struct trace          t;
	char                  what[128];

	trace_record(&t, durability, fail, seed);
	snprintf(what, sizeof what, "%s, seed %llu, failing %s", durability, (unsigned long long)seed, fail[0] ? fail : "nothing");
	for (unsigned i = 0; i < states; i++) {
		struct choice c = { .moment = ff_dice_below(&dice, (uint32_t)t.n + 1), .sector = sectors[ff_dice_below(&dice, 5)],
			.kept = ff_dice_below(&dice, 2), .names = ff_dice_below(&dice, 3) };

		state_check(&t, &c, &dice, what);
	}
	trace_free(&t);
}

static unsigned
states_each(void)
{
	const char *states = getenv("FF_STATES"); /* in all */

	if (lab_asked("FF_STATES"))
		return (unsigned)strtoul(states, NULL, 10) / 12;
	return (lab_asked("FF_LONG") ? 102000 : lab_asked("FF_TEST_SHORT") ? 120 : 2400) / 12;
}

static void
after_power_loss_every_acknowledged_record_is_there_once(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++)
		power_fails("disk", "", seed, states_each());
	power_fails("interval", "", 7, states_each());
}

static void
after_a_failed_call_and_power_loss_too(void **state)
{
	(void)state;
	power_fails("disk", "fdatasync:9:EIO", 11, states_each());
	power_fails("disk", "fdatasync:30:EIO", 12, states_each());
	power_fails("disk", "pwrite:40:ENOSPC", 13, states_each());
	power_fails("disk", "fsync:10:EIO", 14, states_each());
	power_fails("interval", "fdatasync:5:EIO", 15, states_each());
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_power_loss_every_acknowledged_record_is_there_once),
		cmocka_unit_test(after_a_failed_call_and_power_loss_too),
	};
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	int     rc;

	ff_safe_init();
	if (len < 0)
		return 1;
	self[len] = '\0';
	if (argc == 6 && strcmp(argv[1], "life") == 0)
		return child(argv);
	ff_log_setup("test_spool_power", FF_LOG_ERROR);
	snprintf(preload, sizeof preload, "%.*s/preload.so", (int)(strrchr(self, '/') - self), self);
	if (access(preload, R_OK) != 0) {
		printf("1..0 # SKIP no preload.so beside the test\n");
		return 0;
	}
	rc = cmocka_run_group_tests_name("spool power", tests, NULL, NULL);
	printf("# %llu states (seeds 1-7, 11-15), %llu acknowledgements held against them\n", (unsigned long long)states_done,
	    (unsigned long long)acked_checked);
	return rc;
}
