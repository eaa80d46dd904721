/* footfall-admin.fcgi - server-rendered HTML. Wiring only. */
#include "conf/options.h"
#include "room/admin/admin.h"
#include "safe/rand.h"
#include "serve/serve.h"
#include "store/db.h"

static const struct ff_program program = { .name = "footfall-admin.fcgi",
	.about = "the admin pages, rendered on the server",
	.usage = "A web server or systemd starts it; to look at a page by hand, as plain CGI:\n"
		 "  REQUEST_METHOD=GET REQUEST_URI=/admin/login footfall-admin.fcgi < /dev/null\n"
		 "See footfall-admin(8).\n",
	.listens = true };

static enum ff_err
start(struct ff_app *app)
{
	ff_db_open(&app->db, app->conf->database, "footfall-admin");
	ff_db_statement_timeout(app->db, app->conf->statement_timeout * 1000);
	return FF_OK;
}

static void
stop(struct ff_app *app)
{
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

	struct ff_app         app = { .conf = &options.conf, .mount = options.conf.admin_path, .routes = ff_admin_routes,
			.n_routes = ff_admin_routes_n, .error_page = ff_admin_error };
	const struct ff_serve serve = { .program = program.name, .listen = options.listen,
		.workers = (int)options.conf.admin_workers, .body_max = 64 * 1024, .start = start, .stop = stop };

	code = ff_serve_run(&serve, &app);
	ff_conf_free(&options.conf);
	return code;
}
