#include "base/log.h"
#include "store/pq.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RETRY_MS 1000
#define SAY_MS   60000

static int64_t
monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + 1; /* never 0 */
}

void
ff_db_open(struct ff_db **db, const char *conninfo, const char *application)
{
	*db = ff_xcalloc(1, sizeof **db);
	(*db)->conninfo = ff_xstrdup(conninfo);
	(*db)->application = ff_xstrdup(application);
}

void
ff_db_close(struct ff_db *db)
{
	if (db == NULL)
		return;
	ff_pq_disconnect(db);
	free(db->conninfo);
	free(db->application);
	free(db);
}

void
ff_pq_disconnect(struct ff_db *db)
{
	PQfinish(db->pq);
	db->pq = NULL;
	db->in_copy = false;
	memset(db->prepared, 0, sizeof db->prepared);
}

void
ff_db_slow(struct ff_db *db, int64_t ms)
{
	db->slow_ms = ms;
}

void
ff_db_statement_timeout(struct ff_db *db, int64_t ms)
{
	db->settle = db->settle || db->statement_timeout_ms != ms;
	db->statement_timeout_ms = ms;
}

void
ff_db_deadline(struct ff_db *db, int64_t ms)
{
	db->deadline_ms = ms == 0 ? 0 : monotonic_ms() + ms;
}

void
ff_db_together(struct ff_db *db, bool together)
{
	db->together = together && db->statement_timeout_ms > 0;
	ff_db_deadline(db, db->together ? db->statement_timeout_ms : 0);
}

/* A tenth of the time more or less is not worth telling the server. */
static int64_t
timeout_now(const struct ff_db *db)
{
	int64_t left = db->deadline_ms - monotonic_ms(), some = db->statement_timeout_ms / 10;

	if (!db->together || left >= db->statement_timeout_ms - some)
		return db->statement_timeout_ms;
	if (left < db->settled_ms && left >= db->settled_ms - some)
		return db->settled_ms;
	return left > 0 ? left : 1;
}

static bool
is_over(struct ff_db *db)
{
	if (db->deadline_ms == 0 || monotonic_ms() < db->deadline_ms)
		return false;
	snprintf(db->sqlstate, sizeof db->sqlstate, "57014");
	snprintf(db->message, sizeof db->message, "the time for all statements together is over");
	return true;
}

const char *
ff_db_sqlstate(const struct ff_db *db)
{
	return db->sqlstate;
}

const char *
ff_db_message(const struct ff_db *db)
{
	return db->message;
}

void
ff_db_clear_error(struct ff_db *db)
{
	db->sqlstate[0] = db->message[0] = '\0';
}

static void
take_notice(void *arg, const PGresult *result)
{
	const char       *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char       *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	enum ff_log_level level = FF_LOG_DEBUG;

	(void)arg;
	if (severity != NULL && strcmp(severity, "WARNING") == 0)
		level = FF_LOG_WARN;
	else if (severity != NULL && (strcmp(severity, "NOTICE") == 0 || strcmp(severity, "INFO") == 0))
		level = FF_LOG_INFO;
	ff_log(level, "store", "the database says: %s", text != NULL ? text : "");
}

/* What the operator's connection string says wins over the first ones, and loses to the last ones. */
static PGconn *
dial(const struct ff_db *db)
{
	const char *keys[] = { "connect_timeout", "keepalives_idle", "tcp_user_timeout", "fallback_application_name",
		"dbname", "client_encoding", NULL };
	const char *values[] = { "5", "30", "30000", db->application, db->conninfo, "UTF8", NULL };

	return PQconnectdbParams(keys, values, 1);
}

/* Being away is said once a minute, not at each call. */
static void
note_away(struct ff_db *db)
{
	char *newline;

	snprintf(db->sqlstate, sizeof db->sqlstate, "08001");
	snprintf(db->message, sizeof db->message, "%s", PQerrorMessage(db->pq));
	if ((newline = strchr(db->message, '\n')) != NULL)
		*newline = '\0';
	db->failed_ms = monotonic_ms();
	if (db->said_ms == 0 || db->failed_ms - db->said_ms >= SAY_MS) {
		ff_error("store", "cannot connect: %s", db->message);
		db->said_ms = db->failed_ms;
	}
}

static enum ff_err
session_settle(struct ff_db *db)
{
	char        timeout[24];
	const char *values[] = { timeout };
	PGresult   *result;

	db->settled_ms = timeout_now(db);
	snprintf(timeout, sizeof timeout, "%lld", (long long)db->settled_ms);
	if (db->statement_timeout_ms == 0)
		values[0] = NULL;
	result = PQexecParams(db->pq, ff_stmts[FF_STMT_SESSION_SETTLE].sql, 1, NULL, values, NULL, NULL, 0);
	FF_TRY(ff_pq_judge(db, &result, "session_settle"));
	PQclear(result);
	db->settle = false;
	return FF_OK;
}

static enum ff_err
connect_now(struct ff_db *db)
{
	if (db->failed_ms != 0 && monotonic_ms() - db->failed_ms < RETRY_MS)
		return FF_DATABASE;
	db->pq = dial(db);
	if (db->pq == NULL)
		ff_panic("no memory for a database connection");
	if (PQstatus(db->pq) != CONNECTION_OK) {
		note_away(db);
		ff_pq_disconnect(db);
		return FF_DATABASE;
	}
	PQsetNoticeReceiver(db->pq, take_notice, NULL);
	if (db->said_ms != 0)
		ff_info("store", "connected again");
	db->failed_ms = db->said_ms = 0;
	db->settle = true;
	return FF_OK;
}

/* A server that went away while we were idle has closed its end: seen here, before a statement is risked. */
static bool
is_stale(struct ff_db *db)
{
	struct pollfd fd = { .fd = PQsocket(db->pq), .events = POLLIN };

	while (PQstatus(db->pq) == CONNECTION_OK && poll(&fd, 1, 0) > 0)
		if (!PQconsumeInput(db->pq)) /* the farewell message first, then the end */
			return true;
	return PQstatus(db->pq) != CONNECTION_OK;
}

enum ff_err
ff_pq_ready(struct ff_db *db)
{
	if (is_over(db))
		return FF_DATABASE;
	if (db->in_tx)
		return db->pq != NULL && PQstatus(db->pq) == CONNECTION_OK ? FF_OK : FF_DATABASE;
	if (db->in_copy)
		ff_pq_copy_abandon(db);
	if (db->pq != NULL && is_stale(db)) {
		ff_warn("store", "the connection was lost");
		ff_pq_disconnect(db);
	}
	if (db->pq == NULL)
		FF_TRY(connect_now(db));
	return db->settle || db->settled_ms != timeout_now(db) ? session_settle(db) : FF_OK;
}

enum ff_err
ff_db_ping(struct ff_db *db)
{
	return ff_db_exec(db, FF_STMT_SERVER_PING, NULL, 0);
}
