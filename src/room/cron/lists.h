/* lists.h - tasks that do something for each site. */
#ifndef FF_ROOM_CRON_LISTS_H
#define FF_ROOM_CRON_LISTS_H

#include "fact/list_site.h"
#include "room/cron/cron.h"

/* Calls fn for each site until the run's time is over; what a site has allocated is freed before the next one.
 * *sum: of what fn gave. */
enum ff_err ff_cron_each_site(struct ff_cron *cron, struct ff_run *run, enum ff_list_task task,
    enum ff_err (*fn)(struct ff_cron *cron, struct ff_arena *arena, const struct ff_list_site *site, int64_t *n),
    int64_t *sum) ff_must_check;

#endif
