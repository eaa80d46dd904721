#include "room/cron/cron.h"
#include "store/db.h"

/* One transaction a site: either all of its figures are gone, or the next run begins anew. */
enum ff_err
ff_task_sweep(struct ff_cron *cron, struct ff_run *run)
{
	struct ff_rows rows, swept;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_SITE_REMOVED, NULL, 0, &rows));
	for (int i = 0; i < rows.n && !ff_cron_stopping(cron); i++) {
		struct ff_arg site = ff_arg_i64(&run->arena, ff_row_i64(&rows, i, 0));

		FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_SITE_SWEEP, &site, 1, &swept));
		ff_run_say(run, "the figures of site %lld are gone", (long long)ff_row_i64(&rows, i, 0));
	}
	run->idle = rows.n == 0;
	return FF_OK;
}
