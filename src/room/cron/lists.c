#include "room/cron/lists.h"

enum ff_err
ff_cron_each_site(struct ff_cron *cron, struct ff_run *run, enum ff_list_task task,
    enum ff_err (*fn)(struct ff_cron *cron, struct ff_arena *arena, const struct ff_list_site *site, int64_t *n),
    int64_t *sum)
{
	struct ff_list_site *sites;
	struct ff_arena      arena;
	size_t               n;
	enum ff_err          err = FF_OK;

	*sum = 0;
	FF_TRY(ff_list_sites(cron->db, &run->arena, task, run->started_us, cron->conf->raw_days,
	    task != FF_LIST_WATCHED && cron->conf->list_views != 0, &sites, &n));
	ff_arena_init(&arena);
	for (size_t i = 0; i < n && err == FF_OK && cron->now() < run->deadline_us && !ff_cron_stopping(cron); i++) {
		int64_t part = 0;

		err = fn(cron, &arena, &sites[i], &part);
		*sum += part;
		ff_arena_reset(&arena);
	}
	ff_arena_free(&arena);
	return err;
}
