#include "room/cron/cron.h"

/* In the order of a round: a day's tables stand before events are put there. */
const struct ff_task ff_tasks[] = {
	{ "partitions", 3600, 60, FF_SCOPE_EVERYWHERE, false, ff_task_partitions,
	  "make the tables of yesterday to 14 days ahead; sort in what found none" },
	{ "drain", 0, 60, FF_SCOPE_HERE, false, ff_task_drain,
	  "bring spooled events into the database" },
	{ "snapshot", 5, 60, FF_SCOPE_HERE, false, ff_task_snapshot,
	  "write sites.snapshot for the collector when a site changed" },
	{ "salts", 60, 10, FF_SCOPE_HERE, true, ff_task_salts,
	  "make salts three days ahead, destroy those older than yesterday's" },
	{ "counters", 900, 120, FF_SCOPE_EVERYWHERE, false, ff_task_counters,
	  "move counters of past local days to today" },
	{ "rollups", 600, 300, FF_SCOPE_EVERYWHERE, false, ff_task_rollups,
	  "count entry pages anew where late events moved them" },
	{ "months", 3600, 300, FF_SCOPE_EVERYWHERE, false, ff_task_months,
	  "make the figures of months that are over from their days" },
	{ "weeks", 3600, 300, FF_SCOPE_EVERYWHERE, false, ff_task_weeks,
	  "make the figures of weeks that are over from their days" },
	{ "watched", 900, 300, FF_SCOPE_EVERYWHERE, false, ff_task_watched,
	  "count how far media were watched" },
	{ "trending", 600, 300, FF_SCOPE_EVERYWHERE, false, ff_task_trending,
	  "count the visitors of items; make the lists of popular, trending and rising ones" },
	{ "together", 3600, 300, FF_SCOPE_EVERYWHERE, false, ff_task_together,
	  "find the items that are viewed together" },
	{ "retention", 3600, 300, FF_SCOPE_EVERYWHERE, false, ff_task_retention,
	  "drop what is older than retention says; forget old sessions, quarantine and history" },
	{ "sweep", 900, 300, FF_SCOPE_EVERYWHERE, false, ff_task_sweep,
	  "delete the figures of sites that were taken away" },
};
const size_t ff_tasks_n = sizeof ff_tasks / sizeof *ff_tasks;

_Static_assert(sizeof ff_tasks / sizeof *ff_tasks <= FF_TASKS_MAX, "struct ff_cron has no room for so many tasks");
