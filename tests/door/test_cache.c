#include "tests/lib/unit.h"

#include "base/arena.h"
#include "base/day.h"
#include "door/cache.h"
#include "door/meter.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char             dir[] = "/tmp/ffcache.XXXXXX", path[64];
static struct ff_arena  arena;
static struct ff_cache *cache;

static int
set_up(void **state)
{
	(void)state;
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/cache", dir);
	ff_arena_init(&arena);
	return ff_cache_open(&cache, path, 1 << 20) == FF_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	ff_cache_close(cache);
	ff_arena_free(&arena);
	unlink(path);
	return rmdir(dir);
}

static void
key_make(uint8_t key[FF_CACHE_KEY], unsigned n)
{
	memset(key, 7, FF_CACHE_KEY);
	memcpy(key, &n, sizeof n);
}

static void
put(unsigned n, int64_t made_us, const char *body)
{
	struct ff_cached answer = { .made_us = made_us, .fresh_us = made_us + FF_US_S, .max_age = 30, .etag = true,
		.type = ff_str_from("application/json"), .head = ff_str_from("X-A: b\r\n"), .body = ff_str_from(body) };
	uint8_t          key[FF_CACHE_KEY];

	key_make(key, n);
	ff_cache_put(cache, key, &answer);
}

static bool
get(unsigned n, struct ff_cached *out)
{
	uint8_t key[FF_CACHE_KEY];

	key_make(key, n);
	return ff_cache_get(cache, key, &arena, out);
}

static void
an_answer_comes_back_as_it_was(void **state)
{
	struct ff_cached got;

	(void)state;
	assert_false(get(1, &got));
	put(1, 1000, "{\"a\":1}");
	assert_true(get(1, &got));
	assert_string_equal(ff_str_z(&arena, got.body), "{\"a\":1}");
	assert_string_equal(ff_str_z(&arena, got.head), "X-A: b\r\n");
	assert_string_equal(ff_str_z(&arena, got.type), "application/json");
	assert_int_equal(got.made_us, 1000);
	assert_int_equal(got.fresh_us, 1000 + FF_US_S);
	assert_int_equal(got.max_age, 30);
	assert_true(got.etag);
	put(1, 2000, "{}");
	assert_true(get(1, &got));
	assert_int_equal(got.made_us, 2000);
	assert_false(get(2, &got));
}

static void
the_oldest_of_a_set_makes_room(void **state)
{
	struct ff_cached got;

	(void)state;
	for (unsigned i = 0; i < 5; i++) /* 1 MiB: four sets of four */
		put(i * 4, 1000 + i, "{}");
	assert_false(get(0, &got));
	for (unsigned i = 1; i < 5; i++)
		assert_true(get(i * 4, &got));
}

static void
what_is_too_large_is_not_kept(void **state)
{
	struct ff_cached got;
	char            *large = malloc(70000);

	(void)state;
	memset(large, 'x', 69999);
	large[69999] = '\0';
	put(1, 1000, large);
	assert_false(get(1, &got));
	large[60000] = '\0';
	put(1, 1000, large);
	assert_true(get(1, &got));
	assert_int_equal(got.body.len, 60000);
	free(large);
}

/* Each byte of the slot and of the answer, one after the other. */
static void
what_was_damaged_is_not_there(void **state)
{
	struct ff_cached got;
	struct stat      st;
	int              fd = open(path, O_RDWR | O_CLOEXEC);

	(void)state;
	put(0, 1000, "{\"views\":17}");
	assert_int_equal(fstat(fd, &st), 0);
	for (off_t at = 0; at < st.st_size; at++) {
		uint8_t byte, other;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		other = byte ^ 0x20;
		assert_int_equal(pwrite(fd, &other, 1, at), 1);
		assert_false(get(0, &got));
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		assert_true(get(0, &got));
	}
	assert_int_equal(ftruncate(fd, st.st_size - 1), 0);
	assert_false(get(0, &got));
	close(fd);
}

/* As two workers: locks belong to an open file, so the other opens it too. */
static void
one_alone_computes_and_its_death_frees_the_claim(void **state)
{
	uint8_t          key[FF_CACHE_KEY], other_key[FF_CACHE_KEY];
	struct ff_cache *other;
	int              ready[2];
	pid_t            pid;
	char             byte;

	(void)state;
	key_make(key, 1);
	key_make(other_key, 2);
	assert_int_equal(ff_cache_open(&other, path, 1 << 20), FF_OK);
	assert_true(ff_cache_claim(cache, key));
	assert_false(ff_cache_claim(other, key));
	assert_true(ff_cache_claim(other, other_key));
	ff_cache_release(cache, key);
	assert_true(ff_cache_claim(other, key));
	ff_cache_close(other);
	assert_true(ff_cache_claim(cache, key));
	ff_cache_release(cache, key);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		bool held = ff_cache_open(&other, path, 1 << 20) == FF_OK && ff_cache_claim(other, key);

		_exit(write(ready[1], held ? "y" : "n", 1) == 1 && pause() == 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	assert_false(ff_cache_claim(cache, key));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(ff_cache_claim(cache, key));
}

static void
a_small_size_means_none(void **state)
{
	struct ff_cache *none = cache;

	(void)state;
	assert_int_equal(ff_cache_open(&none, path, 0), FF_OK);
	assert_null(none);
}

static void
requests_are_counted_by_status_and_time(void **state)
{
	struct ff_meter     *meter;
	struct ff_meter_read read;
	char                 file[80];

	(void)state;
	snprintf(file, sizeof file, "%s/meter", dir);
	assert_int_equal(ff_meter_open(&meter, file), FF_OK);
	ff_meter_request(meter, 200, 900);
	ff_meter_request(meter, 404, 1000);
	ff_meter_request(meter, 503, 1001);
	ff_meter_request(meter, 304, 60000000);
	ff_meter_count(meter, FF_METER_HIT);
	ff_meter_read(meter, &read);
	ff_meter_close(meter);
	unlink(file);
	assert_int_equal(read.status[2], 1);
	assert_int_equal(read.status[3], 1);
	assert_int_equal(read.status[4], 1);
	assert_int_equal(read.status[5], 1);
	assert_int_equal(read.took[0], 2);
	assert_int_equal(read.took[1], 1);
	assert_int_equal(read.took[FF_METER_BUCKETS - 1], 1);
	assert_int_equal(read.took_us, 900 + 1000 + 1001 + 60000000);
	assert_int_equal(read.counts[FF_METER_HIT], 1);
	ff_meter_request(NULL, 200, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(an_answer_comes_back_as_it_was),
		TEST(the_oldest_of_a_set_makes_room),
		TEST(what_is_too_large_is_not_kept),
		TEST(what_was_damaged_is_not_there),
		TEST(one_alone_computes_and_its_death_frees_the_claim),
		TEST(a_small_size_means_none),
		TEST(requests_are_counted_by_status_and_time),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
