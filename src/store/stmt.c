#include "base/log.h"
#include "base/num.h"
#include "store/pq.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Classes of SQLSTATE that pass by themselves: connection, rollback, resources, prerequisite state, operator's
 * intervention, system. */
static bool
is_passing(const char *state)
{
	static const char *const classes[] = { "08", "40", "53", "55", "57", "58" };

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strncmp(state, classes[i], 2) == 0)
			return true;
	return false;
}

static enum ff_err
classify(const struct ff_db *db)
{
	if (PQstatus(db->pq) != CONNECTION_OK || is_passing(db->sqlstate))
		return FF_DATABASE;
	if (strcmp(db->sqlstate, "23505") == 0)
		return FF_CONFLICT;
	if (strncmp(db->sqlstate, "22", 2) == 0 || strncmp(db->sqlstate, "23", 2) == 0)
		return FF_INVALID;
	return FF_INTERNAL;
}

/* The primary message alone: the detail may quote rows, and those are visitors' data. */
static void
remember(struct ff_db *db, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	snprintf(db->sqlstate, sizeof db->sqlstate, "%s", state != NULL ? state : "08006");
	snprintf(db->message, sizeof db->message, "%s", text != NULL ? text : PQerrorMessage(db->pq));
}

enum ff_err
ff_pq_judge(struct ff_db *db, PGresult **result, const char *what)
{
	enum ff_err err;

	switch (PQresultStatus(*result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_COPY_IN:
	case PGRES_EMPTY_QUERY:
		return FF_OK;
	default:
		break;
	}
	remember(db, *result);
	PQclear(*result);
	*result = NULL;
	err = classify(db);
	ff_log(err == FF_INTERNAL ? FF_LOG_ERROR : err == FF_DATABASE ? FF_LOG_WARN : FF_LOG_DEBUG, "store",
	    "%s: %s: %s", what, db->sqlstate, db->message);
	return err;
}

static void
release(void *result)
{
	PQclear(result);
}

static void
hand_out(struct ff_arena *arena, PGresult *result, struct ff_rows *out)
{
	*out = (struct ff_rows){ .result = result, .n = PQntuples(result), .columns = PQnfields(result) };
	if (PQresultStatus(result) == PGRES_COMMAND_OK || out->columns == 0) {
		if (!ff_num_i64(ff_str_from(PQcmdTuples(result)), &out->affected))
			out->affected = 0;
	}
	ff_arena_defer(arena, release, result);
}

static int64_t
monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
note_slow(const struct ff_db *db, int64_t began_us, const PGresult *result, const char *what)
{
	int64_t took_ms = (monotonic_us() - began_us) / 1000;

	if (db->slow_ms > 0 && took_ms >= db->slow_ms)
		ff_warn("store", "slow: %s took %lld ms for %d rows", what, (long long)took_ms, PQntuples(result));
}

/* Parameters as libpq wants them. */
struct params {
	const char **values;
	int         *lengths, *formats;
};

static void
params_fill(struct params *params, const struct ff_arg *args, size_t n, size_t max)
{
	if (n > max)
		ff_panic("too many parameters for a statement");
	for (size_t i = 0; i < n; i++) {
		params->values[i] = args[i].text;
		params->lengths[i] = args[i].len;
		params->formats[i] = args[i].binary;
	}
}

static enum ff_err
prepare(struct ff_db *db, enum ff_stmt stmt)
{
	const struct ff_stmt_row *row = &ff_stmts[stmt];
	PGresult                 *result;

	if (db->prepared[stmt])
		return FF_OK;
	result = PQprepare(db->pq, row->name, row->sql, 0, NULL);
	FF_TRY(ff_pq_judge(db, &result, row->name));
	PQclear(result);
	db->prepared[stmt] = true;
	return FF_OK;
}

static enum ff_err
run(struct ff_db *db, enum ff_stmt stmt, const struct ff_arg *args, size_t n, PGresult **result)
{
	const char   *values[FF_PQ_PARAMS_MAX];
	int           lengths[FF_PQ_PARAMS_MAX], formats[FF_PQ_PARAMS_MAX];
	struct params params = { values, lengths, formats };
	int64_t       began_us = monotonic_us();

	params_fill(&params, args, n, FF_PQ_PARAMS_MAX);
	FF_TRY(ff_pq_ready(db));
	FF_TRY(prepare(db, stmt));
	*result = PQexecPrepared(db->pq, ff_stmts[stmt].name, (int)n, params.values, params.lengths, params.formats, 0);
	note_slow(db, began_us, *result, ff_stmts[stmt].name);
	return ff_pq_judge(db, result, ff_stmts[stmt].name);
}

enum ff_err
ff_db_query(struct ff_db *db, struct ff_arena *arena, enum ff_stmt stmt, const struct ff_arg *args, size_t n,
    struct ff_rows *out)
{
	PGresult *result;

	FF_TRY(run(db, stmt, args, n, &result));
	hand_out(arena, result, out);
	return FF_OK;
}

enum ff_err
ff_db_exec(struct ff_db *db, enum ff_stmt stmt, const struct ff_arg *args, size_t n)
{
	PGresult *result;

	FF_TRY(run(db, stmt, args, n, &result));
	PQclear(result);
	return FF_OK;
}

enum ff_err
ff_db_query_text(struct ff_db *db, struct ff_arena *arena, const char *sql, const struct ff_arg *args, size_t n,
    struct ff_rows *out)
{
	struct params params = { FF_NEW_N(arena, n + 1, const char *), FF_NEW_N(arena, n + 1, int), FF_NEW_N(arena, n + 1, int) };
	PGresult     *result;
	int64_t       began_us = monotonic_us();

	params_fill(&params, args, n, FF_PQ_COMPOSED_MAX);
	FF_TRY(ff_pq_ready(db));
	result = PQexecParams(db->pq, sql, (int)n, NULL, params.values, params.lengths, params.formats, 0);
	note_slow(db, began_us, result, "composed");
	FF_TRY(ff_pq_judge(db, &result, "composed"));
	hand_out(arena, result, out);
	return FF_OK;
}

enum ff_err
ff_db_simple(struct ff_db *db, const char *sql)
{
	PGresult *result;

	FF_TRY(ff_pq_ready(db));
	result = PQexec(db->pq, sql);
	FF_TRY(ff_pq_judge(db, &result, "script"));
	PQclear(result);
	return FF_OK;
}

enum ff_err
ff_pq_plain(struct ff_db *db, enum ff_stmt stmt, PGresult **result)
{
	*result = PQexec(db->pq, ff_stmts[stmt].sql);
	return ff_pq_judge(db, result, ff_stmts[stmt].name);
}
