/* Sums by key, and sketches of visitors as bytes. What hll makes of them is asked of hll itself in sketch.t. */
#include "tests/lib/unit.h"

#include "drain/hll.h"
#include "fact/sketch.h"
#include "drain/rollup.h"

#include <stdlib.h>

static void
sums_gather_under_their_key(void **state)
{
	struct ff_arena      arena;
	struct ff_rollup     rollup;
	struct ff_rollup_key key = { .site_id = 1, .dim = 3, .bucket = 100, .value = 7 };
	struct ff_sums       one = { .visits = 1, .pageviews = 2, .engaged_ms = 5 }, less = { .visits = -1 };

	(void)state;
	ff_arena_init(&arena);
	ff_rollup_init(&rollup, &arena);
	ff_rollup_add(&rollup, &key, &one, 9);
	ff_rollup_add(&rollup, &key, &one, 4);
	ff_rollup_add(&rollup, &key, &less, 9);
	key.value = 6;
	ff_rollup_add(&rollup, &key, &one, 0);
	ff_rollup_sort(&rollup);
	assert_int_equal(rollup.n, 2);
	assert_int_equal(rollup.rows[0].key.value, 6);
	assert_int_equal(rollup.rows[0].n, 0);
	assert_int_equal(rollup.rows[1].sums.visits, 1);
	assert_int_equal(rollup.rows[1].sums.pageviews, 4);
	assert_int_equal(rollup.rows[1].sums.engaged_ms, 10);
	assert_int_equal(rollup.rows[1].n, 2);
	assert_int_equal(rollup.rows[1].visitors[0], 4);
	assert_int_equal(rollup.rows[1].visitors[1], 9);
	ff_rollup_clear(&rollup);
	assert_int_equal(rollup.n, 0);
	ff_rollup_add(&rollup, &key, &one, 0);
	assert_int_equal(rollup.rows[0].sums.visits, 1);
	ff_rollup_free(&rollup);
	ff_arena_free(&arena);
}

static void
many_keys_stay_apart(void **state)
{
	struct ff_arena  arena;
	struct ff_rollup rollup;
	struct ff_sums   one = { .events = 1 };

	(void)state;
	ff_arena_init(&arena);
	ff_rollup_init(&rollup, &arena);
	for (int round = 0; round < 2; round++)
		for (int64_t i = 0; i < 30000; i++) {
			struct ff_rollup_key key = { .site_id = 1 + (int32_t)(i % 3), .dim = (uint32_t)(i % 7),
				.bucket = i % 11, .value = i };

			ff_rollup_add(&rollup, &key, &one, 1 + i % 2);
		}
	ff_rollup_sort(&rollup);
	assert_int_equal(rollup.n, 30000);
	for (size_t i = 0; i < rollup.n; i++) {
		assert_int_equal(rollup.rows[i].sums.events, 2);
		assert_int_equal(rollup.rows[i].n, 1);
	}
	for (size_t i = 1; i < rollup.n; i++)
		assert_true(rollup.rows[i - 1].key.site_id <= rollup.rows[i].key.site_id);
	ff_rollup_free(&rollup);
	ff_arena_free(&arena);
}

static void
small_sets_are_explicit(void **state)
{
	const int64_t values[] = { 1, 0x0102030405060708 };
	struct ff_buf buf;

	(void)state;
	ff_buf_init(&buf, 1 << 16);
	ff_hll_encode(&buf, values, 0);
	assert_memory_equal(buf.p, "\x11\x8e\x7f", 3);
	assert_int_equal(buf.len, 3);
	ff_buf_clear(&buf);
	ff_hll_encode(&buf, values, 2);
	assert_int_equal(buf.len, 19);
	assert_memory_equal(buf.p, "\x12\x8e\x7f\0\0\0\0\0\0\0\1\1\2\3\4\5\6\7\x8", 19);
	ff_buf_free(&buf);
}

static void
large_sets_are_bounded(void **state)
{
	static int64_t values[60000];
	struct ff_buf  buf;

	(void)state;
	for (int64_t i = 0; i < 60000; i++)
		values[i] = (int64_t)((uint64_t)(i + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 1);
	ff_buf_init(&buf, 1 << 16);
	ff_hll_encode(&buf, values, FF_HLL_EXPLICIT);
	assert_int_equal(buf.len, 3 + FF_HLL_EXPLICIT * 8);
	ff_buf_clear(&buf);
	ff_hll_encode(&buf, values, FF_HLL_EXPLICIT + 1);
	assert_int_equal(buf.p[0], 0x13);
	assert_true(buf.len <= 3 + (FF_HLL_EXPLICIT + 1) * 19 / 8 + 1);
	ff_buf_clear(&buf);
	ff_hll_encode(&buf, values, 60000);
	assert_int_equal(buf.p[0], 0x14);
	assert_int_equal(buf.len, 3 + (1 << 14) * 5 / 8);
	ff_buf_free(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_gather_under_their_key),
		cmocka_unit_test(many_keys_stay_apart),
		cmocka_unit_test(small_sets_are_explicit),
		cmocka_unit_test(large_sets_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
