#include "fact/recount.h"
#include "room/cron/cron.h"
#include "store/db.h"

/* A day is a transaction, and the drain waits for it: what is left comes with the next run. */
#define AT_ONCE 200

static enum ff_err
settle(struct ff_cron *cron, struct ff_run *run, int32_t site_id, int32_t day)
{
	struct ff_rows rows;
	enum ff_err    err;

	FF_TRY(ff_tx_begin(cron->db));
	err = ff_db_query(cron->db, &run->arena, FF_STMT_FIGURES_LOCK, NULL, 0, &rows);
	if (err == FF_OK)
		err = ff_recount_entries(cron->db, &run->arena, site_id, day);
	if (err == FF_OK)
		err = ff_recount_months(cron->db, &run->arena, site_id, day, day);
	return ff_tx_end(cron->db, err);
}

/* Raw rows are gone: the figures stay as they are. */
static enum ff_err
give_up(struct ff_cron *cron, struct ff_run *run, int32_t site_id, int32_t day)
{
	return ff_db_exec(cron->db, FF_STMT_UNSETTLED_FORGET,
	    (struct ff_arg[]){ ff_arg_i64(&run->arena, site_id), ff_arg_day(&run->arena, day) }, 2);
}

static enum ff_err
settle_or_give_up(struct ff_cron *cron, struct ff_run *run, int32_t site_id, int32_t day)
{
	int32_t     since;
	bool        upgraded; /* or not: the day is not complete */
	enum ff_err err = ff_recount_since(cron->db, &run->arena, site_id, &since, &upgraded);

	if (err != FF_OK && err != FF_NOT_FOUND)
		return err;
	return err == FF_OK && day >= since ? settle(cron, run, site_id, day) : give_up(cron, run, site_id, day);
}

enum ff_err
ff_task_rollups(struct ff_cron *cron, struct ff_run *run)
{
	struct ff_arg  limit = ff_arg_i64(&run->arena, AT_ONCE);
	struct ff_rows rows;
	int            done = 0;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_UNSETTLED_LIST, &limit, 1, &rows));
	for (; done < rows.n && cron->now() < run->deadline_us && !ff_cron_stopping(cron); done++)
		FF_TRY(settle_or_give_up(cron, run, (int32_t)ff_row_i64(&rows, done, 0), ff_row_day(&rows, done, 1)));
	run->idle = done == 0;
	ff_run_say(run, "entries of visits were counted anew for %d days of sites", done);
	return FF_OK;
}
