#include "tests/lib/unit.h"

#include "base/day.h"
#include "base/log.h"
#include "fact/limiter.h"
#include "safe/rand.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW   INT64_C(1800000000000000)
#define SETS  8192 /* ids of one remainder share a set of eight slots */

static char               dir[64], path[96];
static struct ff_limiter *limiter;

static int
begin(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/ff-limiter-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/limits", dir);
	return ff_limiter_open(&limiter, path) == FF_OK ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	ff_limiter_close(limiter);
	unlink(path);
	return rmdir(dir);
}

static struct ff_rate
rate(const char *text)
{
	struct ff_rate out;

	assert_true(ff_rate_parse(ff_str_from(text), &out));
	return out;
}

static unsigned
taken(const struct ff_rate *rate, uint64_t id, unsigned tries, int64_t now_us)
{
	unsigned n = 0;
	int64_t  wait;

	for (unsigned i = 0; i < tries; i++)
		n += ff_limiter_take(limiter, rate, id, now_us, &wait);
	return n;
}

static void
rates_are_read(void **state)
{
	static const struct {
		const char *text;
		bool        good;
		uint64_t    interval_ns;
		uint32_t    burst;
	} cases[] = {
		{ "20/s burst 200", true, 50000000, 200 },
		{ " 1000000/s  burst  1000000 ", true, 1000, 1000000 },
		{ "60/m", true, 1000000000, 60 },
		{ "1/h burst 1", true, UINT64_C(3600000000000), 1 },
		{ "off", true, 0, 0 },
		{ "", false, 0, 0 },
		{ "20", false, 0, 0 },
		{ "20/", false, 0, 0 },
		{ "/s", false, 0, 0 },
		{ "0/s", false, 0, 0 },
		{ "-1/s", false, 0, 0 },
		{ "1.5/s", false, 0, 0 },
		{ "20/d", false, 0, 0 },
		{ "20/s 200", false, 0, 0 },
		{ "20/s burst", false, 0, 0 },
		{ "20/s burst 0", false, 0, 0 },
		{ "20/s burst 1000001", false, 0, 0 },
		{ "20/s burst 5 x", false, 0, 0 },
		{ "off 20/s", false, 0, 0 },
		{ "off/s", false, 0, 0 },
	};
	struct ff_rate out;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (ff_rate_parse(ff_str_from(cases[i].text), &out) != cases[i].good)
			fail_msg("\"%s\"", cases[i].text);
		assert_int_equal(out.interval_ns, cases[i].interval_ns);
		assert_int_equal(out.burst, cases[i].burst);
	}
}

static void
a_burst_passes_and_then_so_many_a_second(void **state)
{
	struct ff_rate r = rate("20/s burst 200");
	int64_t        wait;

	(void)state;
	assert_int_equal(taken(&r, 7, 1000, NOW), 200);
	assert_false(ff_limiter_take(limiter, &r, 7, NOW, &wait));
	assert_int_equal(wait, 50000);
	assert_int_equal(taken(&r, 7, 10, NOW + 49999), 0);
	assert_int_equal(taken(&r, 7, 10, NOW + 50000), 1);
	assert_int_equal(taken(&r, 7, 1000, NOW + 1000000), 19);
	assert_int_equal(taken(&r, 7, 1000, NOW + 3600 * INT64_C(1000000)), 200);
	assert_int_equal(taken(&r, 8, 1000, NOW), 200); /* another's bucket is its own */
}

static void
nothing_is_limited_where_nothing_is_asked(void **state)
{
	struct ff_rate off = rate("off"), r = rate("1/h burst 1");
	int64_t        wait;

	(void)state;
	assert_int_equal(taken(&off, 7, 1000, NOW), 1000);
	assert_int_equal(taken(&r, 0, 1000, NOW), 1000);
	assert_true(ff_limiter_take(NULL, &r, 7, NOW, &wait));
}

static void
a_clock_that_was_set_back_keeps_nobody_out(void **state)
{
	struct ff_rate r = rate("10/s burst 10");

	(void)state;
	assert_int_equal(taken(&r, 7, 100, NOW), 10);
	assert_int_equal(taken(&r, 7, 100, NOW - 3600 * INT64_C(1000000)), 10);
}

static void
buckets_outlive_a_process(void **state)
{
	struct ff_rate r = rate("10/s burst 10");

	(void)state;
	assert_int_equal(taken(&r, 7, 4, NOW), 4);
	ff_limiter_close(limiter);
	assert_ok(ff_limiter_open(&limiter, path));
	assert_int_equal(taken(&r, 7, 100, NOW), 6);
}

/* Of each process so many, all at the same moment and all new to the file. */
static void
processes_share_one_bucket_exactly(void **state)
{
	enum { PROCESSES = 4, IDS = 300, TRIES = 100 };
	struct ff_rate r = rate("10/s burst 100");
	unsigned       sum[IDS] = { 0 }, part[IDS];
	int            go[2], back[2];

	(void)state;
	assert_int_equal(pipe(go) | pipe(back), 0);
	for (int p = 0; p < PROCESSES; p++)
		if (fork() == 0) {
			char byte;

			close(go[1]);
			ff_limiter_close(limiter);
			if (ff_limiter_open(&limiter, path) != FF_OK || read(go[0], &byte, 1) < 0)
				_exit(1);
			for (unsigned i = 0; i < IDS; i++)
				part[i] = taken(&r, 2 + i, TRIES, NOW);
			_exit(write(back[1], part, sizeof part) == sizeof part ? 0 : 1);
		}
	close(go[1]); /* now all of them begin */
	for (int p = 0; p < PROCESSES; p++) {
		assert_int_equal(read(back[0], part, sizeof part), sizeof part);
		for (unsigned i = 0; i < IDS; i++)
			sum[i] += part[i];
		wait(NULL);
	}
	close(go[0]);
	close(back[0]);
	close(back[1]);
	for (unsigned i = 0; i < IDS; i++)
		assert_int_equal(sum[i], 100);
}

static void
a_crowded_set_lets_too_much_through_never_too_little(void **state)
{
	struct ff_rate r = rate("10/s burst 10");

	(void)state;
	for (uint64_t i = 0; i < 8; i++)
		assert_int_equal(taken(&r, 7 + i * SETS, 20, NOW), 10);
	for (uint64_t i = 0; i < 8; i++)
		assert_int_equal(taken(&r, 7 + i * SETS, 20, NOW), 0); /* eight have room */
	for (uint64_t i = 8; i < 100; i++)
		assert_int_equal(taken(&r, 7 + i * SETS, 20, NOW), 10); /* nobody pays for another */
	for (uint64_t i = 0; i < 8; i++)
		assert_in_range(taken(&r, 7 + i * SETS, 20, NOW), 0, 10);
}

static void
an_emptier_bucket_is_kept_longer(void **state)
{
	struct ff_rate r = rate("10/s burst 10");

	(void)state;
	assert_int_equal(taken(&r, 7, 20, NOW), 10);
	for (uint64_t i = 1; i < 50; i++)
		assert_int_equal(taken(&r, 7 + i * SETS, 1, NOW), 1);
	assert_int_equal(taken(&r, 7, 20, NOW), 0);
}

static void
a_slot_whose_claimer_died_is_used_again(void **state)
{
	struct ff_rate r = rate("10/s burst 10");
	uint64_t       claimed = 1;
	int            fd = open(path, O_RDWR);

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_int_equal(pwrite(fd, &claimed, 8, 64 + 7 * 128 + i * 16), 8);
	close(fd);
	assert_int_equal(taken(&r, 7, 20, NOW), 10);
	assert_int_equal(taken(&r, 7, 20, NOW), 0);
}

static void
the_file_is_private_and_holds_numbers_alone(void **state)
{
	struct ff_salt salt = { .day = 1, .key = { 1, 2, 3 } }, other = { .day = 2, .key = { 4 } };
	struct ff_addr addr;
	struct stat    st;
	struct ff_str  what = { (const char *)addr.b, sizeof addr.b };
	uint64_t       id;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(ff_addr_parse(FF_STR("203.0.113.9"), &addr));
	id = ff_limiter_id(&salt, FF_LIMIT_ADDRESS, what);
	assert_true(id > 1);
	assert_true(id == ff_limiter_id(&salt, FF_LIMIT_ADDRESS, what));
	assert_true(id != ff_limiter_id(&salt, FF_LIMIT_VIEWER, what));
	assert_true(id != ff_limiter_id(&other, FF_LIMIT_ADDRESS, what));
	assert_int_equal(ff_limiter_id(NULL, FF_LIMIT_ADDRESS, what), 0);
}

static void
a_file_of_another_form_is_replaced(void **state)
{
	struct ff_rate r = rate("10/s burst 10");

	(void)state;
	assert_int_equal(taken(&r, 7, 20, NOW), 10);
	ff_limiter_close(limiter);
	assert_int_equal(truncate(path, 100), 0);
	assert_ok(ff_limiter_open(&limiter, path));
	assert_int_equal(taken(&r, 7, 20, NOW), 10);
}

static void
without_its_directory_it_says_so(void **state)
{
	struct ff_limiter *none;

	(void)state;
	ff_log_setup("test_limiter", (enum ff_log_level)-1);
	assert_err(FF_IO, ff_limiter_open(&none, "/nowhere/limits"));
}

static void
looking_takes_nothing_and_says_what_taking_would(void **state)
{
	struct ff_rate slow = rate("1/m burst 3"), off = rate("off");

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_true(ff_limiter_has(limiter, &slow, 77, NOW));
	assert_int_equal(taken(&slow, 77, 2, NOW), 2);
	assert_true(ff_limiter_has(limiter, &slow, 77, NOW));
	assert_int_equal(taken(&slow, 77, 5, NOW), 1);
	for (int64_t s = 0; s < 200; s++)
		assert_int_equal(ff_limiter_has(limiter, &slow, 77, NOW + s * FF_US_S), s >= 60);
	assert_true(ff_limiter_has(limiter, &slow, 77, NOW - 3600 * FF_US_S)); /* the clock was set back */
	assert_true(ff_limiter_has(limiter, &slow, 78, NOW));
	assert_true(ff_limiter_has(limiter, &off, 77, NOW));
	assert_true(ff_limiter_has(limiter, &slow, 0, NOW));
	assert_true(ff_limiter_has(NULL, &slow, 77, NOW));
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(looking_takes_nothing_and_says_what_taking_would),
		TEST(rates_are_read),
		TEST(a_burst_passes_and_then_so_many_a_second),
		TEST(nothing_is_limited_where_nothing_is_asked),
		TEST(a_clock_that_was_set_back_keeps_nobody_out),
		TEST(buckets_outlive_a_process),
		TEST(processes_share_one_bucket_exactly),
		TEST(a_crowded_set_lets_too_much_through_never_too_little),
		TEST(an_emptier_bucket_is_kept_longer),
		TEST(a_slot_whose_claimer_died_is_used_again),
		TEST(the_file_is_private_and_holds_numbers_alone),
		TEST(a_file_of_another_form_is_replaced),
		TEST(without_its_directory_it_says_so),
	};

	ff_safe_init();
	return cmocka_run_group_tests_name("limiter", tests, NULL, NULL);
}
