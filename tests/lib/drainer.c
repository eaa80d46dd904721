/* drainer - the drain alone, for its tests: runs batches until the spool is empty.
 *
 *   drainer DIR key=value...      batch=N bad_max=N now=UNIX_SECONDS batches=N (0 = until nothing is left)
 *                                 raw=SECONDS hours=SECONDS days=SECONDS (retention; 0 = for ever)
 *                                 months=1, weeks=1 (then make those that are over) settle=1 (then count moved entries anew)
 *
 * Database: FF_TEST_DB. Last line on stdout: the totals. Exit: 0; 75 = try later (database, lock); 1 = stopped. */
#include "base/day.h"
#include "base/log.h"
#include "base/num.h"
#include "drain/drain.h"
#include "fact/spans.h"
#include "fact/recount.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t batch, bad_max, now, batches, quiet, raw, hours, days, months, weeks, settle;

static bool
set(const char *word)
{
	static const struct {
		const char *name;
		int64_t    *at;
	} keys[] = { { "batch", &batch }, { "bad_max", &bad_max }, { "now", &now }, { "batches", &batches },
		{ "quiet", &quiet }, { "raw", &raw }, { "hours", &hours }, { "days", &days }, { "months", &months }, { "weeks", &weeks },
		{ "settle", &settle } };
	struct ff_str value = ff_str_from(word), key = ff_str_split(&value, '=');

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (ff_str_eqz(key, keys[i].name))
			return ff_num_i64(value, keys[i].at);
	return false;
}

static void
add(struct ff_drain_report *total, const struct ff_drain_report *one)
{
	total->records += one->records;
	total->stored += one->stored;
	total->duplicates += one->duplicates;
	total->bad += one->bad;
	total->robots += one->robots;
	total->strangers += one->strangers;
	total->visits += one->visits;
	total->finished += one->finished;
	total->unreadable += one->unreadable;
}

static enum ff_err
run_all(struct ff_drain *drain, struct ff_drain_report *total)
{
	struct ff_drain_report one;

	for (int64_t i = 0; batches == 0 || i < batches; i++) {
		FF_TRY(ff_drain_run(drain, now != 0 ? now * FF_US_S : ff_now(), &one));
		add(total, &one);
		if (one.records == 0)
			break;
	}
	return FF_OK;
}

static enum ff_err
make_spans(struct ff_db *db, enum ff_span_kind kind)
{
	struct ff_arena  arena;
	struct ff_span *v;
	size_t           n = 0;
	enum ff_err      err;

	ff_arena_init(&arena);
	err = ff_spans_due(db, &arena, kind, now * FF_US_S, 100, &v, &n);
	for (size_t i = 0; i < n && err == FF_OK; i++)
		err = ff_span_make(db, &arena, kind, &v[i]);
	ff_arena_free(&arena);
	return err;
}

static enum ff_err
settle_all(struct ff_db *db)
{
	struct ff_arena arena;
	struct ff_arg   limit;
	struct ff_rows  rows = { .n = 0 };
	enum ff_err     err;

	ff_arena_init(&arena);
	limit = ff_arg_i64(&arena, 100000);
	err = ff_db_query(db, &arena, FF_STMT_UNSETTLED_LIST, &limit, 1, &rows);
	for (int i = 0; i < rows.n && err == FF_OK; i++) {
		int32_t site_id = (int32_t)ff_row_i64(&rows, i, 0), day = ff_row_day(&rows, i, 1);

		err = ff_recount_entries(db, &arena, site_id, day);
		if (err == FF_OK)
			err = ff_recount_months(db, &arena, site_id, day, day);
	}
	ff_arena_free(&arena);
	return err;
}

static int
code_of(enum ff_err err)
{
	return err == FF_OK ? 0 : err == FF_DATABASE || err == FF_BUSY ? 75 : 1;
}

int
main(int argc, char **argv)
{
	struct ff_drain_report t = { 0 };
	struct ff_drain       *drain;
	struct ff_db          *db;
	enum ff_err            err;

	for (int i = 2; i < argc; i++)
		if (!set(argv[i]))
			return 2;
	if (argc < 2)
		return 2;
	ff_log_setup("drainer", quiet != 0 ? FF_LOG_ERROR : FF_LOG_WARN);
	ff_db_open(&db, getenv("FF_TEST_DB"), "drainer");
	err = ff_drain_open(&drain, db, &(struct ff_drain_options){ .spool_dir = argv[1], .batch = (size_t)batch, .retention = { raw, hours, days },
	    .bad_max = (size_t)bad_max });
	if (err == FF_OK) {
		err = run_all(drain, &t);
		ff_drain_close(drain);
	}
	if (err == FF_OK && settle != 0)
		err = settle_all(db);
	if (err == FF_OK && months != 0)
		err = make_spans(db, FF_SPAN_MONTH);
	if (err == FF_OK && weeks != 0)
		err = make_spans(db, FF_SPAN_WEEK);
	ff_db_close(db);
	printf("%s records %lld stored %lld duplicates %lld bad %lld robots %lld strangers %lld visits %lld finished %lld "
	       "unreadable %lld\n", ff_err_name(err), (long long)t.records, (long long)t.stored, (long long)t.duplicates,
	    (long long)t.bad, (long long)t.robots, (long long)t.strangers, (long long)t.visits, (long long)t.finished,
	    (long long)t.unreadable);
	return code_of(err);
}
