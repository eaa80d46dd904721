/* Against a real server: run by db.t, which hands in FF_TEST_DB. */
#include "tests/lib/unit.h"

#include "base/day.h"
#include "base/log.h"
#include "store/pq.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct world {
	struct ff_arena arena;
	struct ff_db   *db;
};

static int
open_world(void **state)
{
	struct world *w = ff_xcalloc(1, sizeof *w);

	ff_arena_init(&w->arena);
	ff_db_open(&w->db, getenv("FF_TEST_DB"), "test_db");
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;

	ff_db_close(w->db);
	ff_arena_free(&w->arena);
	free(w);
	return 0;
}

static struct ff_rows
ask(struct world *w, const char *sql, struct ff_arg arg)
{
	struct ff_rows rows;

	assert_ok(ff_db_query_text(w->db, &w->arena, sql, &arg, 1, &rows));
	assert_int_equal(rows.n, 1);
	return rows;
}

static void
tell(struct world *w, const char *sql)
{
	assert_ok(ff_db_simple(w->db, sql));
}

static void
kill_backend_of(struct ff_db *victim)
{
	struct ff_db   *other;
	struct ff_arena arena;
	struct ff_arg   pid;
	struct ff_rows  rows;

	ff_arena_init(&arena);
	ff_db_open(&other, getenv("FF_TEST_DB"), "killer");
	pid = ff_arg_i64(&arena, PQbackendPID(victim->pq));
	assert_ok(ff_db_query_text(other, &arena, "SELECT pg_terminate_backend($1::int, 5000)", &pid, 1, &rows));
	assert_true(ff_row_bool(&rows, 0, 0));
	ff_db_close(other);
	ff_arena_free(&arena);
}

static void
session_has_our_settings(void **state)
{
	struct world  *w = *state;
	struct ff_rows rows;

	ff_db_statement_timeout(w->db, 1234);
	assert_ok(ff_db_ping(w->db));
	assert_ok(ff_db_query_text(w->db, &w->arena,
	    "SELECT current_setting('TimeZone'), current_setting('client_encoding'), current_setting('search_path'),"
	    " current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('application_name'),"
	    " current_setting('synchronous_commit')",
	    NULL, 0, &rows));
	assert_str(ff_row_str(&rows, 0, 0), "UTC");
	assert_str(ff_row_str(&rows, 0, 1), "UTF8");
	assert_str(ff_row_str(&rows, 0, 2), "public, pg_temp");
	assert_str(ff_row_str(&rows, 0, 3), "1234ms");
	assert_str(ff_row_str(&rows, 0, 4), "10s");
	assert_str(ff_row_str(&rows, 0, 5), "test_db");
	assert_str(ff_row_str(&rows, 0, 6), "on");
	ff_db_statement_timeout(w->db, 0);
	assert_ok(ff_db_ping(w->db));
	rows = ask(w, "SELECT current_setting($1)", ff_arg_z("statement_timeout"));
	assert_str(ff_row_str(&rows, 0, 0), "0");
}

static void
integers_and_truth_go_there_and_back(void **state)
{
	static const int64_t bounds[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX };
	struct world        *w = *state;
	struct ff_rows       rows;

	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
		rows = ask(w, "SELECT $1::bigint, $1::bigint::numeric, $1::bigint::numeric(30,3)",
		    ff_arg_i64(&w->arena, bounds[i]));
		for (int column = 0; column < 3; column++)
			assert_true(ff_row_i64(&rows, 0, column) == bounds[i]);
	}
	rows = ask(w, "SELECT $1::boolean, NULL::bigint, 2.5::float8", ff_arg_bool(true));
	assert_true(ff_row_bool(&rows, 0, 0));
	assert_true(ff_row_null(&rows, 0, 1));
	assert_int_equal(ff_row_i64(&rows, 0, 1), 0);
	assert_true(ff_row_double(&rows, 0, 2) > 2.49 && ff_row_double(&rows, 0, 2) < 2.51);
}

static void
text_and_bytes_go_there_and_back(void **state)
{
	static const char *const texts[] = { "", "it's", "a\\b\"c", "NULL", "\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80", "\n\t{,}" };
	struct world            *w = *state;
	struct ff_rows           rows;
	char                     all[256];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		rows = ask(w, "SELECT $1::text", ff_arg_str(&w->arena, ff_str_from(texts[i])));
		assert_str(ff_row_str(&rows, 0, 0), texts[i]);
	}
	rows = ask(w, "SELECT $1::text IS NULL", ff_arg_str(&w->arena, FF_STR_NONE));
	assert_true(ff_row_bool(&rows, 0, 0));
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	rows = ask(w, "SELECT $1::bytea, octet_length($1)", ff_arg_bytes(all, sizeof all));
	assert_int_equal(ff_row_i64(&rows, 0, 1), 256);
	assert_memory_equal(ff_row_bytes(&w->arena, &rows, 0, 0).p, all, 256);
	rows = ask(w, "SELECT $1::bytea", ff_arg_bytes(NULL, 0));
	assert_int_equal(ff_row_bytes(&w->arena, &rows, 0, 0).len, 0);
}

static void
arrays_keep_quotes_backslashes_nulls_and_unicode(void **state)
{
	struct ff_str  texts[] = { FF_STR("plain"), FF_STR("q\"uote"), FF_STR("back\\slash\\"), FF_STR(""), FF_STR("NULL"),
		FF_STR_NONE, FF_STR("\xe6\x97\xa5{},"), FF_STR(" it's ") };
	size_t         n = sizeof texts / sizeof *texts;
	int64_t        numbers[] = { INT64_MIN, 0, INT64_MAX, -7 };
	struct world  *w = *state;
	struct ff_arg  arg = ff_arg_strs(&w->arena, texts, n);
	struct ff_rows rows;

	assert_ok(ff_db_query_text(w->db, &w->arena, "SELECT t FROM unnest($1::text[]) WITH ORDINALITY AS u (t, i) ORDER BY i",
	    &arg, 1, &rows));
	assert_int_equal(rows.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(ff_row_null(&rows, (int)i, 0), texts[i].p == NULL);
		assert_true(ff_str_eq(ff_row_str(&rows, (int)i, 0), texts[i]));
	}
	arg = ff_arg_i64s(&w->arena, numbers, 4);
	assert_ok(ff_db_query_text(w->db, &w->arena, "SELECT * FROM unnest($1::bigint[])", &arg, 1, &rows));
	for (int i = 0; i < 4; i++)
		assert_true(ff_row_i64(&rows, i, 0) == numbers[i]);
	rows = ask(w, "SELECT cardinality($1::text[])", ff_arg_strs(&w->arena, NULL, 0));
	assert_int_equal(ff_row_i64(&rows, 0, 0), 0);
	rows = ask(w, "SELECT cardinality($1::bigint[])", ff_arg_i64s(&w->arena, NULL, 0));
	assert_int_equal(ff_row_i64(&rows, 0, 0), 0);
}

static void
times_and_days_go_there_and_back(void **state)
{
	static const int64_t times[] = { 0, 1, -1, 999999, INT64_C(1795277562123456), INT64_C(-62135596800000000) /* year 1 */,
		INT64_C(-62135596800000001), INT64_C(-100000000000000000), INT64_C(253402300800000000) /* year 10000 */ };
	static const int32_t days[] = { 0, -1, 20778, -719162, -719163, -2000000, 2932897, 3000000 };
	struct world        *w = *state;
	struct ff_rows       rows;

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		rows = ask(w, "SELECT $1::timestamptz, extract(epoch FROM $1::timestamptz) * 1000000",
		    ff_arg_time(&w->arena, times[i]));
		assert_true(ff_row_i64(&rows, 0, 1) == times[i]);
		assert_true(ff_row_us(&rows, 0, 0) == times[i]);
	}
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		rows = ask(w, "SELECT $1::date, $1::date - date '1970-01-01'", ff_arg_day(&w->arena, days[i]));
		assert_int_equal(ff_row_i64(&rows, 0, 1), days[i]);
		assert_int_equal(ff_row_day(&rows, 0, 0), days[i]);
	}
	rows = ask(w, "SELECT $1::timestamptz, 'infinity'::date, '-infinity'::date", ff_arg_z("infinity"));
	assert_true(ff_row_us(&rows, 0, 0) == INT64_MAX);
	assert_int_equal(ff_row_day(&rows, 0, 1), INT32_MAX);
	assert_int_equal(ff_row_day(&rows, 0, 2), INT32_MIN);
}

static enum ff_err
fails_with(struct world *w, const char *sql, struct ff_arg arg)
{
	struct ff_rows rows;

	return ff_db_query_text(w->db, &w->arena, sql, &arg, 1, &rows);
}

static void
errors_come_by_sqlstate(void **state)
{
	struct world *w = *state;

	tell(w, "CREATE TEMP TABLE u (k int PRIMARY KEY, positive int CHECK (positive > 0)); INSERT INTO u VALUES (1, 1)");
	assert_err(FF_CONFLICT, fails_with(w, "INSERT INTO u VALUES ($1, 1)", ff_arg_z("1")));
	assert_string_equal(ff_db_sqlstate(w->db), "23505");
	assert_err(FF_INVALID, fails_with(w, "INSERT INTO u VALUES (2, $1)", ff_arg_z("-1")));
	assert_string_equal(ff_db_sqlstate(w->db), "23514");
	assert_err(FF_INVALID, fails_with(w, "SELECT $1::int", ff_arg_z("many")));
	assert_err(FF_INVALID, fails_with(w, "SELECT $1::text", ff_arg_str(&w->arena, FF_STR("bad \xff\xfe"))));
	assert_err(FF_INVALID, fails_with(w, "SELECT $1::text", ff_arg_str(&w->arena, FF_STR("nul\0l"))));
	assert_err(FF_INTERNAL, fails_with(w, "SELECT no_such_column, $1::int", ff_arg_z("1")));
	assert_string_equal(ff_db_sqlstate(w->db), "42703");
	assert_non_null(strstr(ff_db_message(w->db), "no_such_column"));
	ff_db_statement_timeout(w->db, 50);
	assert_err(FF_DATABASE, fails_with(w, "SELECT pg_sleep($1)", ff_arg_z("5")));
	assert_string_equal(ff_db_sqlstate(w->db), "57014");
	assert_ok(ff_db_ping(w->db));
}

static void
lost_connection_outside_a_transaction_is_opened_again(void **state)
{
	struct world *w = *state;

	assert_ok(ff_db_ping(w->db));
	kill_backend_of(w->db);
	assert_ok(ff_db_ping(w->db)); /* the end was seen before the statement was sent */
	session_has_our_settings(state);
}

static void
lost_connection_in_a_transaction_stays_lost_until_rollback(void **state)
{
	struct world *w = *state;

	assert_ok(ff_tx_begin(w->db));
	assert_ok(ff_db_ping(w->db));
	kill_backend_of(w->db);
	assert_err(FF_DATABASE, ff_db_ping(w->db));
	assert_err(FF_DATABASE, ff_db_ping(w->db));
	ff_tx_rollback(w->db);
	assert_ok(ff_db_ping(w->db));
	assert_ok(ff_tx_begin(w->db));
	kill_backend_of(w->db);
	assert_err(FF_DATABASE, ff_tx_commit(w->db));
	assert_ok(ff_db_ping(w->db));
}

static void
absent_server_is_tried_once_a_second(void **state)
{
	struct ff_db *db;
	int64_t       before;

	(void)state;
	ff_db_open(&db, "host=/nowhere dbname=none", "test_db");
	assert_err(FF_DATABASE, ff_db_ping(db));
	assert_string_equal(ff_db_sqlstate(db), "08001");
	before = db->failed_ms;
	for (int i = 0; i < 1000; i++)
		assert_err(FF_DATABASE, ff_db_ping(db));
	assert_true(db->failed_ms == before);
	usleep(1100 * 1000);
	assert_err(FF_DATABASE, ff_db_ping(db));
	assert_true(db->failed_ms > before);
	assert_err(FF_DATABASE, ff_tx_begin(db));
	ff_tx_rollback(db);
	ff_db_close(db);
}

static void
transaction_commits_rolls_back_and_never_hides_a_failure(void **state)
{
	struct world  *w = *state;
	struct ff_rows rows;

	tell(w, "CREATE TEMP TABLE t (n int)");
	assert_ok(ff_tx_begin(w->db));
	tell(w, "INSERT INTO t VALUES (1)");
	assert_ok(ff_tx_commit(w->db));
	assert_ok(ff_tx_begin(w->db));
	tell(w, "INSERT INTO t VALUES (2)");
	ff_tx_rollback(w->db);
	ff_tx_rollback(w->db); /* harmless */
	assert_ok(ff_tx_begin(w->db));
	tell(w, "INSERT INTO t VALUES (3)");
	assert_err(FF_INVALID, fails_with(w, "SELECT 1 / $1::int", ff_arg_z("0")));
	assert_err(FF_INTERNAL, ff_tx_commit(w->db));
	rows = ask(w, "SELECT sum(n), $1::text FROM t", ff_arg_null());
	assert_int_equal(ff_row_i64(&rows, 0, 0), 1);
}

static void
put_row(struct ff_buf *buf, int64_t n, const char *text)
{
	ff_buf_be16(buf, 2);
	ff_buf_be32(buf, 8);
	ff_buf_be64(buf, (uint64_t)n);
	ff_buf_be32(buf, (uint32_t)strlen(text));
	ff_buf_z(buf, text);
}

#define COPY_SQL "COPY c FROM STDIN (FORMAT binary)"

static void
copy_takes_binary_rows(void **state)
{
	struct world  *w = *state;
	struct ff_buf  buf;
	struct ff_rows rows;
	int64_t        n = -1;

	tell(w, "CREATE TEMP TABLE c (n bigint, t text)");
	ff_buf_init(&buf, 1 << 20);
	for (int i = 0; i < 5000; i++)
		put_row(&buf, i, "wert \xc3\xa4\\\"");
	assert_ok(ff_pq_copy_begin(w->db, COPY_SQL, "copy"));
	assert_ok(ff_copy_put(w->db, ff_str_sub(ff_buf_view(&buf), 0, 77777)));
	assert_ok(ff_copy_put(w->db, ff_str_from_pos(ff_buf_view(&buf), 77777)));
	assert_ok(ff_copy_end(w->db, &n));
	assert_int_equal(n, 5000);
	rows = ask(w, "SELECT count(*), sum(n), count(*) FILTER (WHERE t = $1) FROM c", ff_arg_z("wert \xc3\xa4\\\""));
	assert_int_equal(ff_row_i64(&rows, 0, 0), 5000);
	assert_int_equal(ff_row_i64(&rows, 0, 1), 5000 * 4999 / 2);
	assert_int_equal(ff_row_i64(&rows, 0, 2), 5000);
	ff_buf_free(&buf);
}

static void
copy_of_bad_data_fails_and_an_abandoned_one_leaves_nothing(void **state)
{
	struct world  *w = *state;
	struct ff_rows rows;
	struct ff_buf  buf;
	int64_t        n;

	tell(w, "CREATE TEMP TABLE c (n bigint, t text)");
	ff_buf_init(&buf, 4096);
	put_row(&buf, 1, "bad \xff");
	assert_ok(ff_pq_copy_begin(w->db, COPY_SQL, "copy"));
	assert_ok(ff_copy_put(w->db, ff_buf_view(&buf)));
	assert_err(FF_INVALID, ff_copy_end(w->db, &n));
	assert_string_equal(ff_db_sqlstate(w->db), "22021");
	ff_buf_clear(&buf);
	put_row(&buf, 1, "good");
	assert_ok(ff_tx_begin(w->db));
	assert_ok(ff_pq_copy_begin(w->db, COPY_SQL, "copy"));
	assert_ok(ff_copy_put(w->db, ff_buf_view(&buf)));
	ff_tx_rollback(w->db);
	assert_ok(ff_pq_copy_begin(w->db, COPY_SQL, "copy"));
	assert_ok(ff_copy_put(w->db, ff_buf_view(&buf)));
	rows = ask(w, "SELECT count(*), $1::text FROM c", ff_arg_null());
	assert_int_equal(ff_row_i64(&rows, 0, 0), 0);
	ff_buf_free(&buf);
}

static void
copy_over_a_lost_connection_is_database_away(void **state)
{
	struct world *w = *state;
	int64_t       n;

	tell(w, "DROP TABLE IF EXISTS kept; CREATE TABLE kept (n bigint, t text)");
	assert_ok(ff_tx_begin(w->db));
	assert_ok(ff_pq_copy_begin(w->db, "COPY kept FROM STDIN (FORMAT binary)", "copy"));
	kill_backend_of(w->db);
	assert_err(FF_DATABASE, ff_copy_end(w->db, &n));
	ff_tx_rollback(w->db);
	assert_ok(ff_db_ping(w->db));
	tell(w, "DROP TABLE kept");
}

/* COPY and transaction commands are parsed by the server like any other: a misspelt name or column fails here. */
static void
every_statement_prepares_on_the_schema(void **state)
{
	struct world *w = *state;
	PGresult     *result;
	int           wrong = 0;

	assert_ok(ff_db_ping(w->db));
	for (int i = 0; i < FF_STMT_COUNT; i++) {
		if (w->db->prepared[i])
			continue;
		result = PQprepare(w->db->pq, "", ff_stmts[i].sql, 0, NULL);
		if (PQresultStatus(result) != PGRES_COMMAND_OK) {
			fprintf(stderr, "sql/queries/%s.sql: %s", ff_stmts[i].name, PQresultErrorMessage(result));
			wrong++;
		}
		PQclear(result);
		if (strncmp(ff_stmts[i].sql, "COPY ", 5) == 0) {
			assert_ok(ff_copy_begin(w->db, (enum ff_stmt)i));
			ff_pq_copy_abandon(w->db);
		}
		assert_true(strlen(ff_stmts[i].about) > 10);
	}
	assert_int_equal(wrong, 0);
}

static void
deadline_refuses_statements_and_lets_transactions_go(void **state)
{
	struct world *w = *state;
	int64_t       pid = ff_row_i64(&(struct ff_rows[]){ ask(w, "SELECT pg_backend_pid() + $1::int", ff_arg_z("0")) }[0], 0, 0);

	assert_ok(ff_tx_begin(w->db));
	ff_db_deadline(w->db, 1);
	usleep(5000);
	assert_err(FF_DATABASE, ff_db_ping(w->db));
	assert_string_equal(ff_db_sqlstate(w->db), "57014");
	ff_tx_rollback(w->db);
	assert_err(FF_DATABASE, ff_tx_begin(w->db));
	ff_db_deadline(w->db, 60000);
	assert_ok(ff_db_ping(w->db));
	ff_db_deadline(w->db, 0);
	assert_int_equal(ff_row_i64(&(struct ff_rows[]){ ask(w, "SELECT pg_backend_pid() + $1::int", ff_arg_z("0")) }[0], 0, 0), pid);
}

static enum ff_err
sleep_in_database(struct world *w, const char *seconds)
{
	struct ff_arg  arg = ff_arg_z(seconds);
	struct ff_rows rows;

	return ff_db_query_text(w->db, &w->arena, "SELECT pg_sleep($1::float8)", &arg, 1, &rows);
}

static void
statements_together_have_the_time_of_one(void **state)
{
	struct world   *w = *state;
	struct timespec began, ended;

	ff_db_statement_timeout(w->db, 1000);
	clock_gettime(CLOCK_MONOTONIC, &began);
	ff_db_together(w->db, true);
	assert_ok(sleep_in_database(w, "0.6"));
	assert_err(FF_DATABASE, sleep_in_database(w, "0.9"));
	clock_gettime(CLOCK_MONOTONIC, &ended);
	assert_string_equal(ff_db_sqlstate(w->db), "57014");
	assert_true((ended.tv_sec - began.tv_sec) * 1000 + (ended.tv_nsec - began.tv_nsec) / 1000000 < 1350);
	usleep(200000);
	assert_err(FF_DATABASE, ff_db_ping(w->db));
	ff_db_together(w->db, false);
	assert_ok(sleep_in_database(w, "0.6"));
	assert_ok(sleep_in_database(w, "0.6"));
	ff_db_statement_timeout(w->db, 0);
	ff_db_together(w->db, true);
	assert_ok(ff_db_ping(w->db));
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(session_has_our_settings),
		TEST(integers_and_truth_go_there_and_back),
		TEST(text_and_bytes_go_there_and_back),
		TEST(arrays_keep_quotes_backslashes_nulls_and_unicode),
		TEST(times_and_days_go_there_and_back),
		TEST(errors_come_by_sqlstate),
		TEST(lost_connection_outside_a_transaction_is_opened_again),
		TEST(lost_connection_in_a_transaction_stays_lost_until_rollback),
		TEST(absent_server_is_tried_once_a_second),
		TEST(transaction_commits_rolls_back_and_never_hides_a_failure),
		TEST(deadline_refuses_statements_and_lets_transactions_go),
		TEST(statements_together_have_the_time_of_one),
		TEST(copy_takes_binary_rows),
		TEST(copy_of_bad_data_fails_and_an_abandoned_one_leaves_nothing),
		TEST(copy_over_a_lost_connection_is_database_away),
		TEST(every_statement_prepares_on_the_schema),
	};

	if (getenv("FF_TEST_DB") == NULL) {
		puts("1..0 # SKIP run it through tests/lib/pg.sh");
		return 0;
	}
	ff_log_setup("test_db", FF_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
