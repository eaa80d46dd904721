/* footfall-collect.fcgi: takes beacons, answers when they are on disk. */
#include "base/limits.h"
#include "conf/options.h"
#include "room/collect/collect.h"
#include "safe/rand.h"
#include "serve/loop.h"

#include <sys/socket.h>
#include <unistd.h>

static const struct ff_program program = {
	.name = "footfall-collect.fcgi",
	.about = "Takes beacons over FastCGI and answers when they are on disk.",
	.usage =
	    "The web server hands over the listening socket as file descriptor 0 (systemd, spawn-fcgi, lighttpd and\n"
	    "mod_fcgid do); --listen PATH opens one instead. Where descriptor 0 is no socket, one request is answered\n"
	    "as plain CGI:\n"
	    "\n"
	    "  REQUEST_METHOD=GET REQUEST_URI='/pixel.gif?site=example.com&path=/' footfall-collect.fcgi --conf FILE\n"
	    "\n"
	    "Endpoints: POST /api/event, POST /api/view/{kind}/{id}, POST /api/track/page-view, GET /pixel.gif.\n"
	    "Records wait in STATE_DIR/spool until footfall-cron drains them; no database is needed to take them.\n"
	    "SIGTERM: answers what has arrived, seals its segment, and ends.\n",
	.listens = true,
};

static bool
is_served(const struct ff_options *options)
{
	int       on = 0;
	socklen_t len = sizeof(on);

	return options->listen || (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == 0 && on);
}

int
main(int argc, char **argv)
{
	struct ff_options  options;
	struct ff_collect *collect;
	int                status;

	if (!ff_options_read(argc, argv, &program, &options, &status))
		return status;
	ff_safe_init();
	if (ff_collect_open(&collect, &options.conf, !is_served(&options)) != FF_OK)
		return 1;
	status = ff_loop_run(&(struct ff_loop){
		.listen = options.listen,
		.requests_max = (unsigned)options.conf.requests_max,
		.body_max = FF_BATCH_MAX,
		.room = collect,
		.answer = ff_collect_answer,
		.commit = ff_collect_commit,
		.flush = options.conf.durability == 1 ? ff_collect_flush : NULL,
	});
	ff_collect_close(collect);
	ff_conf_free(&options.conf);
	return status;
}
