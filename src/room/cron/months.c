#include "fact/months.h"
#include "room/cron/cron.h"
#include "store/db.h"

/* A month is a transaction, and the drain waits for it: what is left comes with the next run. */
#define AT_ONCE 50

static enum ff_err
make(struct ff_cron *cron, struct ff_run *run, const struct ff_month *month)
{
	struct ff_rows rows;
	enum ff_err    err;

	FF_TRY(ff_tx_begin(cron->db));
	err = ff_db_query(cron->db, &run->arena, FF_STMT_FIGURES_LOCK, NULL, 0, &rows);
	if (err == FF_OK)
		err = ff_month_make(cron->db, &run->arena, month);
	return ff_tx_end(cron->db, err);
}

enum ff_err
ff_task_months(struct ff_cron *cron, struct ff_run *run)
{
	struct ff_month *months;
	size_t           n, made = 0;

	FF_TRY(ff_months_due(cron->db, &run->arena, run->started_us, AT_ONCE, &months, &n));
	while (made < n && cron->now() < run->deadline_us && !ff_cron_stopping(cron))
		FF_TRY(make(cron, run, &months[made++]));
	run->idle = made == 0;
	ff_run_say(run, "%zu months of sites were made from their days", made);
	return FF_OK;
}
