#include "room/cron/cron.h"
#include "store/db.h"

/* Rows in one transaction: short enough that the drain hardly ever waits. */
#define AT_ONCE 5000

enum ff_err
ff_task_counters(struct ff_cron *cron, struct ff_run *run)
{
	int64_t moved = 0, n;

	do {
		struct ff_arg  args[] = { ff_arg_i64(&run->arena, AT_ONCE), ff_arg_time(&run->arena, cron->now()) };
		struct ff_rows rows;

		FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_COUNTER_TIDY, args, 2, &rows));
		n = ff_row_i64(&rows, 0, 0);
		moved += n;
	} while (n == AT_ONCE && cron->now() < run->deadline_us && !ff_cron_stopping(cron));
	run->idle = moved == 0;
	ff_run_say(run, "%lld counters were moved to today", (long long)moved);
	return FF_OK;
}
