#include "base/num.h"
#include "store/pq.h"

#include <libpq-fe.h>
#include <limits.h>
#include <stdio.h>

/* "Binary Format" of the manual's COPY page: signature, flags, length of the header's extension. */
static const char header[] = "PGCOPY\n\377\r\n\0" "\0\0\0\0" "\0\0\0\0";
static const char trailer[] = "\377\377";

_Static_assert(sizeof header - 1 == 19, "the header of a binary COPY has 19 bytes");

static enum ff_err
lost(struct ff_db *db)
{
	snprintf(db->sqlstate, sizeof db->sqlstate, "08006");
	snprintf(db->message, sizeof db->message, "%s", PQerrorMessage(db->pq));
	return FF_DATABASE;
}

enum ff_err
ff_copy_begin(struct ff_db *db, enum ff_stmt copy)
{
	return ff_pq_copy_begin(db, ff_stmts[copy].sql, ff_stmts[copy].name);
}

enum ff_err
ff_pq_copy_begin(struct ff_db *db, const char *sql, const char *what)
{
	PGresult *result;

	FF_TRY(ff_pq_ready(db));
	result = PQexec(db->pq, sql);
	FF_TRY(ff_pq_judge(db, &result, what));
	if (PQresultStatus(result) != PGRES_COPY_IN)
		ff_panic("the statement is no COPY FROM STDIN");
	PQclear(result);
	db->in_copy = true;
	return ff_copy_put(db, (struct ff_str){ header, sizeof header - 1 });
}

enum ff_err
ff_copy_put(struct ff_db *db, struct ff_str rows)
{
	if (!db->in_copy)
		ff_panic("rows for a COPY that was not begun");
	while (rows.len > 0) {
		struct ff_str part = ff_str_sub(rows, 0, INT_MAX / 2);

		if (PQputCopyData(db->pq, part.p, (int)part.len) != 1)
			return lost(db);
		rows = ff_str_from_pos(rows, part.len);
	}
	return FF_OK;
}

/* All results up to the end of the command: the first error counts. */
static enum ff_err
collect(struct ff_db *db, int64_t *rows)
{
	enum ff_err err = FF_OK;
	PGresult   *result;

	while ((result = PQgetResult(db->pq)) != NULL) {
		enum ff_err one = ff_pq_judge(db, &result, "copy");

		if (err == FF_OK)
			err = one;
		if (one == FF_OK && !ff_num_i64(ff_str_from(PQcmdTuples(result)), rows))
			*rows = 0;
		PQclear(result);
	}
	return err;
}

enum ff_err
ff_copy_end(struct ff_db *db, int64_t *rows)
{
	int64_t     n = 0;
	enum ff_err err;

	FF_TRY(ff_copy_put(db, (struct ff_str){ trailer, sizeof trailer - 1 }));
	db->in_copy = false;
	if (PQputCopyEnd(db->pq, NULL) != 1)
		return lost(db);
	err = collect(db, &n);
	if (rows != NULL)
		*rows = n;
	return err;
}

void
ff_pq_copy_abandon(struct ff_db *db)
{
	PGresult *result;

	db->in_copy = false;
	if (PQstatus(db->pq) != CONNECTION_OK || PQputCopyEnd(db->pq, "left by its caller") != 1)
		return;
	while ((result = PQgetResult(db->pq)) != NULL)
		PQclear(result);
}
