/* Against an empty database: run by migrate.t, which hands in FF_TEST_DB, and FF_SRCDIR for our own files. */
#include "tests/lib/unit.h"

#include "base/io.h"
#include "base/log.h"
#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct world {
	struct ff_arena arena;
	struct ff_db   *db;
	char            dir[64];
};

static void
write_file(struct world *w, const char *name, const char *sql)
{
	assert_ok(ff_io_replace_file(ff_str_printf(&w->arena, "%s/%s", w->dir, name).p, ff_str_from(sql), 0644));
}

static int
open_world(void **state)
{
	struct world *w = ff_xcalloc(1, sizeof *w);

	ff_arena_init(&w->arena);
	ff_db_open(&w->db, getenv("FF_TEST_DB"), "test_migrate");
	snprintf(w->dir, sizeof w->dir, "/tmp/ff-migrate.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_ok(ff_db_simple(w->db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
	write_file(w, "0001-one.up.sql", "CREATE TABLE one (n int); INSERT INTO one VALUES (1);");
	write_file(w, "0001-one.down.sql", "DROP TABLE one;");
	write_file(w, "0002-two.up.sql", "CREATE TABLE two (n int)");
	write_file(w, "0002-two.down.sql", "DROP TABLE two");
	write_file(w, "README", "no migration");
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;
	int           rc = system(ff_str_printf(&w->arena, "rm -rf %s", w->dir).p);

	ff_db_close(w->db);
	ff_arena_free(&w->arena);
	free(w);
	return rc;
}

static int64_t
count(struct world *w, const char *sql)
{
	struct ff_rows rows;

	assert_ok(ff_db_query_text(w->db, &w->arena, sql, NULL, 0, &rows));
	return ff_row_i64(&rows, 0, 0);
}

static void
up_runs_what_is_pending_once(void **state)
{
	struct world        *w = *state;
	struct ff_migration *v;
	size_t               n;
	int                  done;

	assert_ok(ff_migrate_status(w->db, &w->arena, w->dir, &v, &n));
	assert_int_equal(n, 2);
	assert_false(v[0].applied || v[1].applied);
	assert_ok(ff_migrate_up(w->db, w->dir, &done));
	assert_int_equal(done, 2);
	assert_ok(ff_migrate_up(w->db, w->dir, &done));
	assert_int_equal(done, 0);
	write_file(w, "0003-three.up.sql", "CREATE TABLE three (n int)");
	assert_ok(ff_migrate_up(w->db, w->dir, &done));
	assert_int_equal(done, 1);
	assert_ok(ff_migrate_status(w->db, &w->arena, w->dir, &v, &n));
	assert_int_equal(n, 3);
	assert_str(v[2].name, "0003-three");
	assert_true(v[2].applied && !v[2].changed && v[2].applied_us > 0);
	assert_int_equal(count(w, "SELECT count(*) FROM one"), 1);
}

static void
down_takes_back_the_newest(void **state)
{
	struct world *w = *state;
	int           done;

	assert_err(FF_NOT_FOUND, ff_migrate_down(w->db, w->dir));
	assert_ok(ff_migrate_up(w->db, w->dir, &done));
	assert_ok(ff_migrate_down(w->db, w->dir));
	assert_int_equal(count(w, "SELECT (to_regclass('two') IS NULL AND to_regclass('one') IS NOT NULL)::int"), 1);
	assert_ok(ff_migrate_down(w->db, w->dir));
	assert_err(FF_NOT_FOUND, ff_migrate_down(w->db, w->dir));
	assert_ok(ff_migrate_up(w->db, w->dir, &done));
	assert_int_equal(done, 2);
}

static void
changed_or_missing_file_is_refused(void **state)
{
	struct world        *w = *state;
	struct ff_migration *v;
	size_t               n;
	int                  done;

	assert_ok(ff_migrate_up(w->db, w->dir, &done));
	write_file(w, "0001-one.up.sql", "CREATE TABLE one (n bigint)");
	write_file(w, "0003-three.up.sql", "CREATE TABLE three (n int)");
	assert_err(FF_CORRUPT, ff_migrate_up(w->db, w->dir, &done));
	assert_int_equal(count(w, "SELECT (to_regclass('three') IS NULL)::int"), 1);
	assert_ok(ff_migrate_status(w->db, &w->arena, w->dir, &v, &n));
	assert_true(v[0].changed && !v[1].changed);
	write_file(w, "0001-one.up.sql", "CREATE TABLE one (n int); INSERT INTO one VALUES (1);");
	assert_int_equal(unlink(ff_str_printf(&w->arena, "%s/0002-two.up.sql", w->dir).p), 0);
	assert_err(FF_CORRUPT, ff_migrate_up(w->db, w->dir, &done));
	assert_err(FF_CORRUPT, ff_migrate_down(w->db, w->dir));
}

static void
failing_script_leaves_nothing_of_itself(void **state)
{
	struct world *w = *state;
	int           done;

	write_file(w, "0003-three.up.sql", "CREATE TABLE three (n int); SELECT no_such_thing;");
	assert_err(FF_INTERNAL, ff_migrate_up(w->db, w->dir, &done));
	assert_int_equal(done, 2);
	assert_int_equal(count(w, "SELECT (to_regclass('three') IS NULL)::int"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM schema_migration"), 2);
}

static void
earlier_number_behind_a_later_one_and_twins_are_refused(void **state)
{
	struct world *w = *state;
	int           done;

	write_file(w, "0004-four.up.sql", "CREATE TABLE four (n int)");
	assert_ok(ff_migrate_up(w->db, w->dir, &done));
	write_file(w, "0003-late.up.sql", "CREATE TABLE late (n int)");
	assert_err(FF_CORRUPT, ff_migrate_up(w->db, w->dir, &done));
	assert_int_equal(unlink(ff_str_printf(&w->arena, "%s/0003-late.up.sql", w->dir).p), 0);
	write_file(w, "0002-twin.up.sql", "CREATE TABLE twin (n int)");
	assert_err(FF_CORRUPT, ff_migrate_up(w->db, w->dir, &done));
	assert_err(FF_NOT_FOUND, ff_migrate_up(w->db, "/no/such/dir", &done));
}

static void
many_at_once_apply_each_once(void **state)
{
	struct world *w = *state;
	pid_t         pids[4];

	write_file(w, "0003-slow.up.sql", "SELECT pg_sleep(0.1); CREATE TABLE slow (n int)");
	for (int i = 0; i < 4; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			struct ff_db *db;
			int           done;

			ff_db_open(&db, getenv("FF_TEST_DB"), "test_migrate");
			_exit(ff_migrate_up(db, w->dir, &done) == FF_OK ? 0 : 1);
		}
	}
	for (int i = 0; i < 4; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(count(w, "SELECT count(*) FROM schema_migration"), 3);
}

/* Our own files: what down leaves is nothing, and the schema after a second up is that of the first. */
static void
own_migrations_go_up_down_and_up(void **state)
{
	static const char columns[] = "SELECT md5(string_agg(table_name || '.' || column_name || ' ' || data_type, ',' ORDER BY "
	    "table_name, column_name)) FROM information_schema.columns WHERE table_schema = 'public'";
	struct world  *w = *state;
	struct ff_str  dir = ff_str_printf(&w->arena, "%s/sql/migrations", getenv("FF_SRCDIR"));
	struct ff_rows first, second;
	int            done, again;

	assert_ok(ff_migrate_up(w->db, dir.p, &done));
	assert_true(done > 0);
	assert_ok(ff_db_query_text(w->db, &w->arena, columns, NULL, 0, &first));
	for (int i = 0; i < done; i++)
		assert_ok(ff_migrate_down(w->db, dir.p));
	assert_int_equal(count(w, "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
	    "WHERE nspname = 'public' AND relkind IN ('r', 'p', 'S', 'i') AND relname !~ '^schema_migration'"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM pg_proc WHERE proname LIKE 'footfall%'"), 0);
	assert_ok(ff_migrate_up(w->db, dir.p, &again));
	assert_int_equal(again, done);
	assert_ok(ff_db_query_text(w->db, &w->arena, columns, NULL, 0, &second));
	assert_true(ff_str_eq(ff_row_str(&first, 0, 0), ff_row_str(&second, 0, 0)));
	assert_ok(ff_db_ping(w->db));
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(up_runs_what_is_pending_once),
		TEST(down_takes_back_the_newest),
		TEST(changed_or_missing_file_is_refused),
		TEST(failing_script_leaves_nothing_of_itself),
		TEST(earlier_number_behind_a_later_one_and_twins_are_refused),
		TEST(many_at_once_apply_each_once),
		TEST(own_migrations_go_up_down_and_up),
	};

	if (getenv("FF_TEST_DB") == NULL) {
		puts("1..0 # SKIP run it through tests/lib/pg.sh");
		return 0;
	}
	ff_log_setup("test_migrate", FF_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
