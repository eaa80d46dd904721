#include "base/log.h"
#include "store/pq.h"

#include <libpq-fe.h>
#include <string.h>

enum ff_err
ff_tx_begin(struct ff_db *db)
{
	PGresult *result;

	if (db->in_tx)
		ff_panic("a transaction within a transaction");
	FF_TRY(ff_pq_ready(db));
	FF_TRY(ff_pq_plain(db, FF_STMT_TRANSACTION_BEGIN, &result));
	PQclear(result);
	db->in_tx = true;
	return FF_OK;
}

enum ff_err
ff_tx_commit(struct ff_db *db)
{
	PGresult   *result;
	enum ff_err err;

	if (!db->in_tx)
		ff_panic("a commit without a transaction");
	err = ff_pq_ready(db);
	if (err == FF_OK)
		err = ff_pq_plain(db, FF_STMT_TRANSACTION_COMMIT, &result);
	db->in_tx = false;
	if (err != FF_OK) {
		/* Whether it happened is unknown: the session goes, so that nobody builds on a guess. */
		if (err == FF_DATABASE)
			ff_pq_disconnect(db);
		return err;
	}
	/* The server answers COMMIT of a failed transaction with success and the tag ROLLBACK. */
	if (strcmp(PQcmdStatus(result), "ROLLBACK") == 0) {
		ff_error("store", "a failed transaction was to be committed; it was rolled back");
		err = FF_INTERNAL;
	}
	PQclear(result);
	return err;
}

void
ff_tx_rollback(struct ff_db *db)
{
	int64_t   deadline = db->deadline_ms;
	PGresult *result;

	db->deadline_ms = 0;
	if (db->in_copy)
		ff_pq_copy_abandon(db);
	if (db->in_tx && (ff_pq_ready(db) != FF_OK || ff_pq_plain(db, FF_STMT_TRANSACTION_ROLLBACK, &result) != FF_OK))
		ff_pq_disconnect(db);
	else if (db->in_tx)
		PQclear(result);
	db->in_tx = false;
	db->deadline_ms = deadline;
}

enum ff_err
ff_tx_end(struct ff_db *db, enum ff_err err)
{
	if (err == FF_OK)
		return ff_tx_commit(db);
	ff_tx_rollback(db);
	return err;
}
