#include "store/migrate.h"
#include "base/day.h"
#include "base/io.h"
#include "base/log.h"
#include "base/num.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Any number that nobody else locks: "footfall" in ASCII. */
#define LOCK_KEY  "7381240860008082540"
#define FILE_MAX  ((size_t)4 << 20)
#define COUNT_MAX 2000 /* far beyond any history, so that the list needs no growing */

#define SQL_TABLE                                                                             \
	"CREATE TABLE IF NOT EXISTS schema_migration (number int PRIMARY KEY, name text NOT NULL, " \
	"checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
#define SQL_EXISTS  "SELECT to_regclass('schema_migration') IS NOT NULL"
#define SQL_LOCK    "SELECT pg_advisory_xact_lock(" LOCK_KEY ")"
#define SQL_QUIET   "SET LOCAL client_min_messages = warning"
#define SQL_APPLIED "SELECT number, name, checksum, applied_at FROM schema_migration ORDER BY number"
#define SQL_SUM     "SELECT encode(sha256($1::bytea), 'hex')"
#define SQL_RECORD  "INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, encode(sha256($3::bytea), 'hex'))"
#define SQL_FORGET  "DELETE FROM schema_migration WHERE number = $1"

/* Files and applied rows side by side, in order of number. */
struct plan {
	struct ff_arena     *arena;
	const char          *dir;
	struct ff_migration *v;
	size_t               n;
};

static bool
parse_name(struct ff_arena *arena, const char *file, struct ff_migration *out)
{
	struct ff_str name = ff_str_from(file);
	int64_t       number;

	if (!ff_str_ends(name, FF_STR(".up.sql")) || name.len < sizeof "0000-x.up.sql" - 1 || name.p[4] != '-' ||
	    !ff_num_range(ff_str_sub(name, 0, 4), 1, 9999, &number))
		return false;
	*out = (struct ff_migration){ .number = (int32_t)number,
		.name = ff_str_dup(arena, ff_str_sub(name, 0, name.len - 7)) };
	return true;
}

static struct ff_migration *
plan_add(struct plan *plan, struct ff_migration m)
{
	if (plan->n == COUNT_MAX)
		ff_panic("more migrations than anybody wrote");
	plan->v[plan->n] = m;
	return &plan->v[plan->n++];
}

static int
by_number(const void *a, const void *b)
{
	const struct ff_migration *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static enum ff_err
plan_files(struct plan *plan)
{
	DIR                *dir = opendir(plan->dir);
	struct dirent      *entry;
	struct ff_migration m;

	if (dir == NULL) {
		ff_error("migrate", "cannot read %s", plan->dir);
		return FF_NOT_FOUND;
	}
	plan->v = FF_NEW_N(plan->arena, COUNT_MAX, struct ff_migration);
	while ((entry = readdir(dir)) != NULL)
		if (parse_name(plan->arena, entry->d_name, &m))
			plan_add(plan, m);
	closedir(dir);
	qsort(plan->v, plan->n, sizeof *plan->v, by_number);
	for (size_t i = 1; i < plan->n; i++)
		if (plan->v[i].number == plan->v[i - 1].number) {
			ff_error("migrate", "two files have the number %d", plan->v[i].number);
			return FF_CORRUPT;
		}
	return FF_OK;
}

static enum ff_err
read_script(const struct plan *plan, struct ff_str name, const char *way, struct ff_str *sql)
{
	struct ff_str path = ff_str_printf(plan->arena, "%s/%.*s.%s.sql", plan->dir, FF_STR_ARG(name), way);

	if (ff_io_read_file(plan->arena, path.p, FILE_MAX, sql) == FF_OK)
		return FF_OK;
	ff_error("migrate", "cannot read %s", path.p);
	return FF_IO;
}

static struct ff_migration *
plan_find(struct plan *plan, int64_t number)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].number == number)
			return &plan->v[i];
	return NULL;
}

/* Is the file what was applied? Comparing is the database's work, so that this floor needs no hash of its own. */
static enum ff_err
check_applied(struct ff_db *db, struct plan *plan, struct ff_migration *m, struct ff_str checksum)
{
	struct ff_str  sql;
	struct ff_rows sum;
	struct ff_arg  arg;

	FF_TRY(read_script(plan, m->name, "up", &sql));
	arg = ff_arg_bytes(sql.p, sql.len);
	FF_TRY(ff_db_query_text(db, plan->arena, SQL_SUM, &arg, 1, &sum));
	m->changed = !ff_str_eq(ff_row_str(&sum, 0, 0), checksum);
	return FF_OK;
}

static enum ff_err
plan_applied(struct ff_db *db, struct plan *plan)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query_text(db, plan->arena, SQL_EXISTS, NULL, 0, &rows));
	if (!ff_row_bool(&rows, 0, 0))
		return FF_OK;
	FF_TRY(ff_db_query_text(db, plan->arena, SQL_APPLIED, NULL, 0, &rows));
	for (int i = 0; i < rows.n; i++) {
		struct ff_migration *m = plan_find(plan, ff_row_i64(&rows, i, 0));

		if (m == NULL) {
			m = plan_add(plan, (struct ff_migration){ .number = (int32_t)ff_row_i64(&rows, i, 0),
			    .changed = true, .name = ff_row_str(&rows, i, 1) });
		} else {
			FF_TRY(check_applied(db, plan, m, ff_row_str(&rows, i, 2)));
		}
		m->applied = true;
		m->applied_us = ff_row_us(&rows, i, 3);
	}
	qsort(plan->v, plan->n, sizeof *plan->v, by_number);
	return FF_OK;
}

static enum ff_err
plan_make(struct ff_db *db, struct plan *plan)
{
	FF_TRY(plan_files(plan));
	return plan_applied(db, plan);
}

/* Nothing may have changed, and nothing may be left out behind what is applied already. */
static enum ff_err
plan_check(const struct plan *plan)
{
	bool pending = false;

	for (size_t i = 0; i < plan->n; i++) {
		const struct ff_migration *m = &plan->v[i];

		if (m->changed)
			ff_error("migrate", "%.*s was applied, but its file changed or is missing", FF_STR_ARG(m->name));
		else if (m->applied && pending)
			ff_error("migrate", "%.*s was applied before an earlier one", FF_STR_ARG(m->name));
		if (m->changed || (m->applied && pending))
			return FF_CORRUPT;
		pending = pending || !m->applied;
	}
	return FF_OK;
}

static enum ff_err
lock(struct ff_db *db)
{
	FF_TRY(ff_db_simple(db, SQL_QUIET));
	FF_TRY(ff_db_simple(db, SQL_LOCK));
	return ff_db_simple(db, SQL_TABLE);
}

static enum ff_err
apply(struct ff_db *db, const struct plan *plan, const struct ff_migration *m)
{
	struct ff_str  sql;
	struct ff_arg  args[3];
	struct ff_rows none;

	FF_TRY(read_script(plan, m->name, "up", &sql));
	FF_TRY(ff_db_simple(db, sql.p));
	args[0] = ff_arg_i64(plan->arena, m->number);
	args[1] = ff_arg_str(plan->arena, m->name);
	args[2] = ff_arg_bytes(sql.p, sql.len);
	return ff_db_query_text(db, plan->arena, SQL_RECORD, args, 3, &none);
}

static enum ff_err
revert(struct ff_db *db, const struct plan *plan, const struct ff_migration *m)
{
	struct ff_str  sql;
	struct ff_arg  number = ff_arg_i64(plan->arena, m->number);
	struct ff_rows none;

	FF_TRY(read_script(plan, m->name, "down", &sql));
	FF_TRY(ff_db_simple(db, sql.p));
	return ff_db_query_text(db, plan->arena, SQL_FORGET, &number, 1, &none);
}

/* Within a transaction that holds the lock. FF_END: nothing to do. */
static enum ff_err
step(struct ff_db *db, struct plan *plan, bool up)
{
	const struct ff_migration *next = NULL;

	FF_TRY(lock(db));
	FF_TRY(plan_make(db, plan));
	FF_TRY(plan_check(plan));
	for (size_t i = 0; i < plan->n && !(up && next != NULL); i++)
		if (plan->v[i].applied != up)
			next = &plan->v[i];
	if (next == NULL)
		return FF_END;
	FF_TRY(up ? apply(db, plan, next) : revert(db, plan, next));
	ff_info("migrate", "%.*s: %s", FF_STR_ARG(next->name), up ? "up" : "down");
	return FF_OK;
}

/* One migration, one transaction; the state is read anew under the lock each time. */
static enum ff_err
one(struct ff_db *db, const char *dir, bool up)
{
	struct ff_arena arena;
	struct plan     plan = { .arena = &arena, .dir = dir };
	enum ff_err     err;

	FF_TRY(ff_tx_begin(db));
	ff_arena_init(&arena);
	err = step(db, &plan, up);
	if (err == FF_OK)
		err = ff_tx_commit(db);
	else
		ff_tx_rollback(db);
	ff_arena_free(&arena);
	return err;
}

enum ff_err
ff_migrate_up(struct ff_db *db, const char *dir, int *done)
{
	enum ff_err err;

	for (*done = 0; (err = one(db, dir, true)) == FF_OK; ++*done)
		;
	return err == FF_END ? FF_OK : err;
}

enum ff_err
ff_migrate_down(struct ff_db *db, const char *dir)
{
	enum ff_err err = one(db, dir, false);

	return err == FF_END ? FF_NOT_FOUND : err;
}

enum ff_err
ff_migrate_status(struct ff_db *db, struct ff_arena *arena, const char *dir, struct ff_migration **out, size_t *n)
{
	struct plan plan = { .arena = arena, .dir = dir };

	FF_TRY(plan_make(db, &plan));
	*out = plan.v;
	*n = plan.n;
	return FF_OK;
}
