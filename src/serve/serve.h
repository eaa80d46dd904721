/* serve.h - the outer loop of stats and admin: FastCGI workers on fd 0, or one request as plain CGI.
 *
 * libfcgi must never see a signal and never wait for a silent peer: signals are blocked for good and read from a
 * signalfd; connections are accepted here, with time limits on them, and given to FCGX_Accept_r only once they are
 * readable; request bodies are read to the end; connections are closed here, because libfcgi's own closing waits.
 * So a worker may hold many kept or silent connections and is bound by none. What still holds one is half a request
 * (up to 20 seconds): the socket must be reachable by the web server alone, and that reads requests whole first.
 * (The collector has its own event loop: room/collect and serve/loop.h.) */
#ifndef FF_SERVE_SERVE_H
#define FF_SERVE_SERVE_H

#include "door/app.h"

struct ff_serve {
	const char *program;
	const char *listen; /* --listen PATH, or NULL: fd 0 */
	int         workers; /* 1 = serve in this process */
	size_t      body_max;
	/* Opens the worker's own parts (database) after the fork. */
	enum ff_err (*start)(struct ff_app *app);
	void (*stop)(struct ff_app *app);
};

/* Returns the exit code. Where fd 0 is no socket and no path is given: plain CGI, one request from environ and
 * stdin to stdout. The supervisor forks `workers`, restarts the dead (with back-off when they die at once),
 * passes SIGTERM (finish the request in hand, answer kept connections for one more second, then exit) and on
 * SIGHUP replaces the workers one by one, the new one first. A single process stops and starts its parts on SIGHUP.
 * The listener stays open in whoever handed it over, so that a restarted program finds the waiting connections. */
int ff_serve_run(const struct ff_serve *serve, struct ff_app *app);
/* Opens, binds and chmods (0660) a unix socket as fd; a stale socket is replaced, a live one and any other file are
 * FF_CONFLICT. FF_INVALID: the path is too long. FF_IO. */
enum ff_err ff_listen_unix(const char *path, int *fd) ff_must_check;

#endif
