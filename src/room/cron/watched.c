#include "fact/watched.h"
#include "room/cron/lists.h"

static enum ff_err
one_site(struct ff_cron *cron, struct ff_arena *arena, const struct ff_list_site *site, int64_t *n)
{
	return ff_watched_make(cron->db, arena, site, n);
}

enum ff_err
ff_task_watched(struct ff_cron *cron, struct ff_run *run)
{
	int64_t n;

	FF_TRY(ff_cron_each_site(cron, run, FF_LIST_WATCHED, one_site, &n));
	run->idle = n == 0;
	ff_run_say(run, "%lld items and days changed", (long long)n);
	return FF_OK;
}
