/* footfall-cron - what happens by itself: drain, snapshot, salts, partitions, retention. Wiring only. */
#include "base/day.h"
#include "conf/options.h"
#include "room/cron/cron.h"
#include "safe/rand.h"
#include "store/db.h"

static const struct ff_program program = { .name = "footfall-cron",
	.about = "brings events into the database and keeps house",
	.usage = "  list             the tasks, their periods, how they stand and when they are due\n"
		 "  history [TASK]   the last runs, newest first; --limit N (20), --failed\n"
		 "  run              everything that is due, once: from cron or a timer, every minute\n"
		 "  run TASK...      these, due or not; --timeout DURATION in place of their own\n"
		 "                   --jitter DURATION: wait up to so long first, for hosts with the same clock\n"
		 "  follow           a round every second until SIGTERM; --interval SECONDS\n\n"
		 "See footfall-cron(8).\n" };

int
main(int argc, char **argv)
{
	struct ff_options options;
	struct ff_cron    cron;
	struct ff_db     *db;
	int               code;

	if (!ff_options_read(argc, argv, &program, &options, &code))
		return code;
	ff_safe_init();
	ff_db_open(&db, options.conf.database, program.name);
	ff_cron_open(&cron, db, &options.conf, ff_now);
	code = ff_cron_main(&cron, argc - options.first, argv + options.first);
	ff_cron_close(&cron);
	ff_db_close(db);
	ff_conf_free(&options.conf);
	return code;
}
