/* pq.h - inside of a connection, shared by the files of store/ and their tests; nobody else includes it. */
#ifndef FF_STORE_PQ_H
#define FF_STORE_PQ_H

#include "store/db.h"

/* As <libpq-fe.h> declares them; the files that call libpq include that themselves. */
typedef struct pg_conn   PGconn;
typedef struct pg_result PGresult;

#define FF_PQ_PARAMS_MAX 64
/* The protocol's own: composed statements grow with the question. */
#define FF_PQ_COMPOSED_MAX 65535

struct ff_db {
	PGconn *pq; /* NULL: not connected */
	char   *conninfo, *application;
	int64_t failed_ms; /* monotonic time of the last failed attempt to connect; 0 = the last one worked */
	int64_t said_ms;   /* when the log last heard that the database is away */
	int64_t statement_timeout_ms;
	int64_t slow_ms; /* 0 = none is too slow */
	int64_t deadline_ms; /* monotonic; 0 = none */
	int64_t settled_ms;  /* the timeout that the server was told */
	bool    together;    /* statements get what is left until the deadline */
	bool    settle;  /* session settings are to be sent before the next statement outside a transaction */
	bool    in_tx, in_copy;
	bool    prepared[FF_STMT_COUNT];
	char    sqlstate[6];
	char    message[400];
};

/* Connected and in order for a statement, or FF_DATABASE. */
enum ff_err ff_pq_ready(struct ff_db *db) ff_must_check;
/* Takes over the result: FF_OK where it is one of success, else the error by its SQLSTATE, logged; *result is
 * cleared then. what: name of the statement for the log. */
enum ff_err ff_pq_judge(struct ff_db *db, PGresult **result, const char *what) ff_must_check;
/* Sends a registered statement without parameters, as it stands. */
enum ff_err ff_pq_plain(struct ff_db *db, enum ff_stmt stmt, PGresult **result) ff_must_check;
enum ff_err ff_pq_copy_begin(struct ff_db *db, const char *sql, const char *what) ff_must_check;
void        ff_pq_disconnect(struct ff_db *db);
/* Takes a connection out of a COPY that its caller left. */
void        ff_pq_copy_abandon(struct ff_db *db);

#endif
