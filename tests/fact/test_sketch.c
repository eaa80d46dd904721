/* Sets of all forms united here count what hll says of them. Run by sketch.t, which hands in FF_TEST_DB. */
#include "tests/lib/unit.h"

#include "base/log.h"
#include "fact/sketch.h"
#include "store/db.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct ff_db   *db;
static struct ff_arena arena;

static int
open_db(void **state)
{
	(void)state;
	ff_arena_init(&arena);
	ff_db_open(&db, getenv("FF_TEST_DB"), "test_sketch");
	return 0;
}

static int
close_db(void **state)
{
	(void)state;
	ff_db_close(db);
	ff_arena_free(&arena);
	return 0;
}

/* Sets of values `from` to `to`; what hll counts in all of them together stands in each row. */
static const char sets[] =
	"WITH s AS (SELECT (SELECT coalesce(hll_add_agg(hll_hash_bigint(i), 14, 5, -1, 1), hll_empty(14, 5, -1, 1)) "
	"FROM generate_series(a.from_at, a.to_at) i) AS v FROM unnest($1::bigint[], $2::bigint[]) AS a (from_at, to_at)) "
	"SELECT v, hll_type(v), (SELECT hll_cardinality(hll_union_agg(v)) FROM s) FROM s";

static void
check(const int64_t *from, const int64_t *to, size_t n, int type)
{
	struct ff_sketch *sketch = ff_sketch_new(&arena);
	struct ff_arg     args[] = { ff_arg_i64s(&arena, from, n), ff_arg_i64s(&arena, to, n) };
	struct ff_rows    rows;

	assert_ok(ff_db_query_text(db, &arena, sets, args, 2, &rows));
	assert_int_equal(rows.n, n);
	assert_int_equal(ff_row_i64(&rows, 0, 1), type);
	for (int i = 0; i < rows.n; i++)
		assert_ok(ff_sketch_unite(sketch, ff_row_str(&rows, i, 0)));
	assert_true(fabs(ff_sketch_count(sketch) - ff_row_double(&rows, 0, 2)) < 1e-6);
	assert_true(fabs(ff_sketch_count(sketch) - ff_row_double(&rows, 0, 2)) < 1e-6); /* asked again */
	ff_arena_reset(&arena);
}

enum { EMPTY = 1, EXPLICIT, SPARSE, FULL };

static void
one_set_of_any_size(void **state)
{
	static const struct {
		int64_t n;
		int     type;
	} cases[] = { { 0, EMPTY }, { 1, EXPLICIT }, { 2, EXPLICIT }, { 1279, EXPLICIT }, { 1280, EXPLICIT }, { 1281, SPARSE },
		{ 4000, SPARSE }, { 9000, FULL }, { 40000, FULL }, { 300000, FULL } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check((int64_t[]){ 1 }, (int64_t[]){ cases[i].n }, 1, cases[i].type);
}

static void
sets_of_all_forms_together(void **state)
{
	(void)state;
	check((int64_t[]){ 1, 500, 1 }, (int64_t[]){ 900, 1280, 0 }, 3, EXPLICIT); /* exact to the last */
	check((int64_t[]){ 1, 500, 1 }, (int64_t[]){ 900, 1281, 10 }, 3, EXPLICIT);
	check((int64_t[]){ 1, 1001, 2001, 3001, 4001, 5001 }, (int64_t[]){ 1000, 2000, 3000, 4000, 5000, 6000 }, 6, EXPLICIT);
	check((int64_t[]){ 1, 10000, 1, 30000 }, (int64_t[]){ 800, 13000, 60000, 30100 }, 4, EXPLICIT);
	check((int64_t[]){ 1, 40000, 1 }, (int64_t[]){ 60000, 42000, 5 }, 3, FULL);
	check((int64_t[]){ 1, 1, 500000 }, (int64_t[]){ 3000, 0, 503000 }, 3, SPARSE);
}

static void
what_is_no_set(void **state)
{
	static const char *const bad[] = { "", "\\x", "\\x12", "\\x128e7", "x128e7f00", "\\x118e7f00", "\\x128e7f0001", "\\x228e7f",
		"\\x128b7f", "\\x148e7f00", "\\x128e7fzz00000000000000", "\\x158e7f", "\\x108e7f" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(ff_sketch_unite(ff_sketch_new(&arena), ff_str_from(bad[i])), FF_INVALID);
	assert_ok(ff_sketch_unite(ff_sketch_new(&arena), FF_STR("\\x118e7f")));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_set_of_any_size),
		cmocka_unit_test(sets_of_all_forms_together),
		cmocka_unit_test(what_is_no_set),
	};

	if (getenv("FF_TEST_DB") == NULL) {
		puts("1..0 # SKIP run it through tests/lib/pg.sh");
		return 0;
	}
	ff_log_setup("test_sketch", FF_LOG_ERROR);
	return cmocka_run_group_tests(tests, open_db, close_db);
}
