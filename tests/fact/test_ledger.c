#include "tests/lib/unit.h"

#include "fact/ledger.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[64], path[96];

static int
make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/ff-ledger-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/ledger", dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void
counts_survive_and_balance(void **state)
{
	struct ff_ledger       *ledger;
	struct ff_ledger_counts c;
	struct stat             st;

	(void)state;
	assert_err(FF_NOT_FOUND, ff_ledger_open(&ledger, path, 0));
	assert_ok(ff_ledger_open(&ledger, path, 1));
	ff_ledger_add(ledger, FF_REASON_STORED, 5);
	ff_ledger_add(ledger, FF_REASON_UNKNOWN_SITE, 2);
	ff_ledger_robot(ledger, 1);
	ff_ledger_close(ledger);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_ok(ff_ledger_open(&ledger, path, 0));
	ff_ledger_add(ledger, FF_REASON_STORED, 1);
	ff_ledger_read(ledger, &c);
	assert_int_equal(c.received, 8);
	assert_int_equal(c.by_reason[FF_REASON_STORED], 6);
	assert_int_equal(c.by_reason[FF_REASON_UNKNOWN_SITE], 2);
	assert_int_equal(c.robots, 1);
	ff_ledger_close(ledger);
}

static void
what_is_not_settled_is_in_hand(void **state)
{
	struct ff_ledger       *ledger;
	struct ff_ledger_counts c;

	(void)state;
	assert_ok(ff_ledger_open(&ledger, path, 1));
	ff_ledger_add(ledger, FF_REASON_NOT_JSON, 1);
	ff_ledger_receive(ledger, 5);
	ff_ledger_settle(ledger, FF_REASON_STORED, 3);
	ff_ledger_read(ledger, &c);
	assert_int_equal(c.received, 6);
	assert_int_equal(c.in_hand, 2);
	ff_ledger_settle(ledger, FF_REASON_STORAGE, 2);
	ff_ledger_read(ledger, &c);
	assert_int_equal(c.received, 6);
	assert_int_equal(c.in_hand, 0);
	ff_ledger_close(ledger);
}

static void
a_ledger_of_version_1_goes_on(void **state)
{
	uint64_t                page[512] = { 0 };
	struct ff_ledger       *ledger;
	struct ff_ledger_counts c;
	int                     fd = open(path, O_RDWR | O_CREAT, 0660);

	(void)state;
	memcpy(page, "FFLEDGER 1\n", 12);
	page[9 + FF_REASON_STORED] = 40;
	page[9 + FF_REASON_NOT_UTF8] = 2;
	assert_int_equal(write(fd, page, sizeof page), sizeof page);
	close(fd);
	for (int again = 0; again < 2; again++) {
		assert_ok(ff_ledger_open(&ledger, path, 0));
		ff_ledger_read(ledger, &c);
		assert_int_equal(c.received, 42);
		assert_int_equal(c.in_hand, 0);
		ff_ledger_close(ledger);
	}
}

static void
processes_add_to_one_sum(void **state)
{
	struct ff_ledger       *ledger;
	struct ff_ledger_counts c;

	(void)state;
	for (int child = 0; child < 4; child++)
		if (fork() == 0) {
			if (ff_ledger_open(&ledger, path, 1) != FF_OK)
				_exit(1);
			for (int i = 0; i < 10000; i++)
				ff_ledger_add(ledger, FF_REASON_STORED, 1);
			_exit(0);
		}
	for (int child = 0, status; child < 4; child++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_ok(ff_ledger_open(&ledger, path, 0));
	ff_ledger_read(ledger, &c);
	assert_int_equal(c.received, 40000);
	ff_ledger_close(ledger);
}

static void
zeros_are_a_new_ledger_and_another_file_is_left_alone(void **state)
{
	struct ff_ledger *ledger;
	int               fd = open(path, O_RDWR | O_CREAT, 0600);
	char              text[6];

	(void)state;
	assert_int_equal(ftruncate(fd, 100), 0);
	assert_ok(ff_ledger_open(&ledger, path, 0));
	ff_ledger_close(ledger);
	assert_int_equal(pwrite(fd, "hello", 5, 0), 5);
	assert_err(FF_CORRUPT, ff_ledger_open(&ledger, path, 1));
	assert_int_equal(pread(fd, text, 5, 0), 5);
	assert_memory_equal(text, "hello", 5);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts_survive_and_balance, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(what_is_not_settled_is_in_hand, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(a_ledger_of_version_1_goes_on, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(processes_add_to_one_sum, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(zeros_are_a_new_ledger_and_another_file_is_left_alone, make_dir, drop_dir),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
