/* db.h - one connection to PostgreSQL, used by one thread; statements by number, values as parameters only.
 *
 * Opening is lazy: the first query connects, and a lost connection is opened again at the next query outside a
 * transaction (never within one). While the database is away every call gives FF_DATABASE at once, with at most
 * one attempt a second. Statements are sql/queries/<noun>_<verb>.sql, compiled by tools/sql2c.awk into
 * store/stmts.{h,c} (enum ff_stmt: FF_STMT_<NOUN>_<VERB>), prepared on first use on each connection. */
#ifndef FF_STORE_DB_H
#define FF_STORE_DB_H

#include "base/buf.h"
#include "store/stmts.h"

struct ff_db;

/* A parameter in text form; make them with the functions below, which copy into the arena where they must. */
struct ff_arg {
	const char *text; /* NULL = SQL NULL */
	int         len;
	bool        binary;
};

struct ff_arg ff_arg_null(void);
struct ff_arg ff_arg_i64(struct ff_arena *arena, int64_t n);
struct ff_arg ff_arg_str(struct ff_arena *arena, struct ff_str s);  /* FF_STR_NONE: NULL */
struct ff_arg ff_arg_z(const char *z);                              /* NULL: NULL; not copied */
struct ff_arg ff_arg_bool(bool b);
struct ff_arg ff_arg_time(struct ff_arena *arena, int64_t us);      /* timestamptz */
struct ff_arg ff_arg_day(struct ff_arena *arena, int32_t day);      /* date */
struct ff_arg ff_arg_bytes(const void *p, size_t len);              /* bytea, binary; not copied */
struct ff_arg ff_arg_i64s(struct ff_arena *arena, const int64_t *v, size_t n);          /* bigint[] (int[] by cast) */
struct ff_arg ff_arg_strs(struct ff_arena *arena, const struct ff_str *v, size_t n);    /* text[] */

/* Rows of an answer; the PGresult is released with the arena. Columns by position. */
struct ff_rows {
	void  *result;
	int    n;        /* rows */
	int    columns;
	int64_t affected; /* of INSERT, UPDATE, DELETE */
};

bool          ff_row_null(const struct ff_rows *rows, int row, int column);
struct ff_str ff_row_str(const struct ff_rows *rows, int row, int column); /* NULL: FF_STR_NONE */
int64_t       ff_row_i64(const struct ff_rows *rows, int row, int column); /* NULL: 0; also of numeric without fraction */
double        ff_row_double(const struct ff_rows *rows, int row, int column);
bool          ff_row_bool(const struct ff_rows *rows, int row, int column);
int64_t       ff_row_us(const struct ff_rows *rows, int row, int column);  /* timestamptz -> us (session zone is UTC) */
int32_t       ff_row_day(const struct ff_rows *rows, int row, int column); /* date -> day */
/* bytea (hex text form) decoded into arena. */
struct ff_str ff_row_bytes(struct ff_arena *arena, const struct ff_rows *rows, int row, int column);

void ff_db_open(struct ff_db **db, const char *conninfo, const char *application);
void ff_db_close(struct ff_db *db);
enum ff_err ff_db_ping(struct ff_db *db) ff_must_check;
/* Milliseconds for statements of this connection; 0 = the server's. */
void ff_db_statement_timeout(struct ff_db *db, int64_t ms);
/* Statements that take longer are logged, by their names; 0 = none. */
void ff_db_slow(struct ff_db *db, int64_t ms);
/* From ms milliseconds on statements are refused as if they had been cancelled (FF_DATABASE, SQLSTATE 57014), but for
 * rolling back; 0 = never. With the statement timeout it ends work of many statements. */
void ff_db_deadline(struct ff_db *db, int64_t ms);
/* From here on all statements together have the time of one, the statement timeout; until false says that each has it
 * again. For what is asked by many statements and promised in the time of one; takes the place of a deadline. */
void ff_db_together(struct ff_db *db, bool together);

/* FF_DATABASE: not reachable, cancelled, or lost meanwhile (SQLSTATE 08 40 53 55 57 58): try later.
 * FF_CONFLICT: unique violation (23505). FF_INVALID: other class 22 and 23 errors: the data is bad.
 * FF_INTERNAL: anything else, logged with SQLSTATE. */
enum ff_err ff_db_query(struct ff_db *db, struct ff_arena *arena, enum ff_stmt stmt, const struct ff_arg *args,
    size_t n, struct ff_rows *out) ff_must_check;
enum ff_err ff_db_exec(struct ff_db *db, enum ff_stmt stmt, const struct ff_arg *args, size_t n) ff_must_check;
/* Composed text: for fact/query (closed set of fragments) and store/migrate alone; lint holds it. Not prepared
 * by name; simple = several statements, no parameters, no rows. */
enum ff_err ff_db_query_text(struct ff_db *db, struct ff_arena *arena, const char *sql, const struct ff_arg *args,
    size_t n, struct ff_rows *out) ff_must_check;
enum ff_err ff_db_simple(struct ff_db *db, const char *sql) ff_must_check;
const char *ff_db_sqlstate(const struct ff_db *db); /* of the last failure: "23505"; "" if none */
const char *ff_db_message(const struct ff_db *db);  /* its primary message, for quarantine and the CLI */
void        ff_db_clear_error(struct ff_db *db);    /* so that a later failure is told from an earlier one */

/* One transaction at a time. A failed commit of unknown outcome is FF_DATABASE: the caller reads its position
 * again. ff_tx_rollback never fails (a dead connection has rolled back). */
enum ff_err ff_tx_begin(struct ff_db *db) ff_must_check;
enum ff_err ff_tx_commit(struct ff_db *db) ff_must_check;
void        ff_tx_rollback(struct ff_db *db);
/* Ends it as the work within ended: FF_OK is committed, anything else rolled back and returned. */
enum ff_err ff_tx_end(struct ff_db *db, enum ff_err err) ff_must_check;

/* COPY ... FROM STDIN (FORMAT binary): the statement is a registered one. Rows are the caller's bytes; header and
 * trailer are ours. */
enum ff_err ff_copy_begin(struct ff_db *db, enum ff_stmt copy) ff_must_check;
enum ff_err ff_copy_put(struct ff_db *db, struct ff_str rows) ff_must_check;
enum ff_err ff_copy_end(struct ff_db *db, int64_t *rows) ff_must_check;

/* LISTEN/NOTIFY and the raw descriptor are added when the live page needs them. */

#endif
