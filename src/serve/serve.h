/* serve.h - the outer loop of stats and admin: FastCGI workers on fd 0, or one request as plain CGI.
 *
 * libfcgi must never see a signal and never block on a silent peer: signals are blocked everywhere but in our own
 * ppoll; FCGX_Accept_r is called only when the listener is readable; request bodies are always read to the end.
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
 * passes SIGTERM (finish the request in hand, then exit) and on SIGHUP replaces the workers one by one. */
int ff_serve_run(const struct ff_serve *serve, struct ff_app *app);
/* Opens, binds and chmods (0660) a unix socket as fd; a stale file is replaced, a live one is FF_CONFLICT. */
enum ff_err ff_listen_unix(const char *path, int *fd) ff_must_check;

#endif
