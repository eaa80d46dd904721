/* footfall-stats.fcgi - counters, queries and health as JSON. Wiring only. */
#include "base/limits.h"
#include "base/log.h"
#include "conf/options.h"
#include "door/cache.h"
#include "door/callers.h"
#include "door/meter.h"
#include "room/api/api.h"
#include "safe/rand.h"
#include "serve/serve.h"
#include "store/db.h"

#include <stdio.h>

static const struct ff_program program = { .name = "footfall-stats.fcgi",
	.about = "counters, queries and health as JSON",
	.usage = "A web server or systemd starts it; to ask something by hand, as plain CGI:\n"
		 "  REQUEST_METHOD=GET REQUEST_URI=/api/health footfall-stats.fcgi < /dev/null\n"
		 "See footfall-stats(8).\n",
	.listens = true };

/* What the workers share. Without it they serve on: slower, unmeasured and without limits. */
static void
open_shared(struct ff_app *app)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/stats.cache", app->conf->run_dir);
	if (ff_cache_open(&app->cache, path, app->conf->cache_size) != FF_OK)
		ff_warn("stats", "every question is computed anew");
	snprintf(path, sizeof path, "%s/stats.meter", app->conf->run_dir);
	if (ff_meter_open(&app->meter, path) != FF_OK)
		ff_warn("stats", "/metrics knows nothing of requests");
	snprintf(path, sizeof path, "%s/stats.callers", app->conf->run_dir);
	ff_callers_open(&app->callers, path, app->conf->limit_caller);
}

static enum ff_err
start(struct ff_app *app)
{
	ff_db_open(&app->db, app->conf->database, "footfall-stats");
	ff_db_statement_timeout(app->db, app->conf->statement_timeout * 1000);
	ff_db_slow(app->db, app->conf->slow_query);
	open_shared(app);
	return FF_OK;
}

static void
stop(struct ff_app *app)
{
	ff_cache_close(app->cache);
	ff_meter_close(app->meter);
	ff_callers_close(app->callers);
	ff_db_close(app->db);
}

int
main(int argc, char **argv)
{
	struct ff_options options;
	int               code;

	if (!ff_options_read(argc, argv, &program, &options, &code))
		return code;
	ff_safe_init();

	struct ff_app app = { .conf = &options.conf, .routes = ff_api_routes, .n_routes = ff_api_routes_n };
	const struct ff_serve serve = { .program = program.name, .listen = options.listen,
		.workers = (int)options.conf.stats_workers, .body_max = FF_BATCH_MAX, .start = start, .stop = stop };

	code = ff_serve_run(&serve, &app);
	ff_conf_free(&options.conf);
	return code;
}
