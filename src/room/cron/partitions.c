#include "base/log.h"
#include "fact/retention.h"
#include "room/cron/cron.h"
#include "store/db.h"

#define DAYS_AHEAD 14

static enum ff_err
make_day(struct ff_cron *cron, struct ff_run *run, int32_t day, bool *made)
{
	struct ff_arg  arg = ff_arg_day(&run->arena, day);
	struct ff_rows rows;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_PARTITION_MAKE, &arg, 1, &rows));
	*made = ff_row_bool(&rows, 0, 0);
	return FF_OK;
}

/* Rows in DEFAULT mean that the days ahead ran out or something made events of strange days: an operator should
 * know. Making their day's tables moves them there. Those of days that nobody keeps stand where they belong. */
static enum ff_err
sort_in_strays(struct ff_cron *cron, struct ff_run *run, int *strays)
{
	struct ff_arg  arg;
	struct ff_rows rows;
	int32_t        floor;
	bool           made;

	FF_TRY(ff_retention_floor(cron->db, &run->arena, run->started_us, cron->conf->raw_days, &floor));
	arg = ff_arg_day(&run->arena, floor);
	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_PARTITION_STRAY, &arg, 1, &rows));
	*strays = rows.n;
	for (int i = 0; i < rows.n; i++) {
		struct ff_str table = ff_row_str(&rows, i, 0), day = ff_row_str(&rows, i, 1), n = ff_row_str(&rows, i, 2);

		ff_error("partitions", "%.*s rows of %.*s stood in %.*s_default", FF_STR_ARG(n), FF_STR_ARG(day),
		    FF_STR_ARG(table));
		ff_run_say(run, "%.*s rows of %.*s stood in %.*s_default", FF_STR_ARG(n), FF_STR_ARG(day), FF_STR_ARG(table));
		FF_TRY(make_day(cron, run, ff_row_day(&rows, i, 1), &made));
	}
	return FF_OK;
}

enum ff_err
ff_task_partitions(struct ff_cron *cron, struct ff_run *run)
{
	int32_t today = ff_day_of_us(run->started_us);
	int     days = 0, strays;
	bool    made;

	FF_TRY(sort_in_strays(cron, run, &strays));
	for (int32_t day = today - 1; day <= today + DAYS_AHEAD; day++) {
		FF_TRY(make_day(cron, run, day, &made));
		days += made;
	}
	run->idle = days == 0 && strays == 0;
	ff_run_say(run, "%d days were given tables", days);
	return FF_OK;
}
