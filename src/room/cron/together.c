#include "fact/together.h"
#include "room/cron/lists.h"

static enum ff_err
one_site(struct ff_cron *cron, struct ff_arena *arena, const struct ff_list_site *site, int64_t *n)
{
	return ff_together_make(cron->db, arena, cron->conf, site, n);
}

enum ff_err
ff_task_together(struct ff_cron *cron, struct ff_run *run)
{
	int64_t n;

	FF_TRY(ff_cron_each_site(cron, run, FF_LIST_TOGETHER, one_site, &n));
	run->idle = n == 0;
	ff_run_say(run, "%lld pairs changed", (long long)n);
	return FF_OK;
}
