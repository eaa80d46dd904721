/* parts.h - what the files of serve/ share among themselves. */
#ifndef FF_SERVE_PARTS_H
#define FF_SERVE_PARTS_H

#include "serve/serve.h"

#include <signal.h>

/* signal.c: signals are blocked for good and read from a descriptor, so no system call of libfcgi or libpq is ever
 * cut short by one. Blocks TERM, INT, HUP, USR1 and CHLD, ignores PIPE; the descriptor is the caller's own. */
int ff_signals_open(void);
/* The next signal that came, 0 if none. */
int ff_signals_next(int fd);

/* What answers requests in one process, FastCGI or CGI. */
struct ff_desk {
	const struct ff_serve *serve;
	struct ff_app         *app;
	struct ff_arena        arena;
	struct ff_res          res;
	struct ff_buf          body, out;
};

void ff_desk_open(struct ff_desk *desk, const struct ff_serve *serve, struct ff_app *app);
void ff_desk_close(struct ff_desk *desk);
/* Answers desk->body in the environment env into desk->out: head and body, one piece; or the first of several. */
void ff_desk_answer(struct ff_desk *desk, const char *const *env);
/* The next piece into desk->out, in place of the last one. FF_END: there is none. Else the answer is broken off, and whoever
 * reads it must see that. */
enum ff_err ff_desk_more(struct ff_desk *desk) ff_must_check;
/* Ends the request: nothing of it is kept. */
void ff_desk_clear(struct ff_desk *desk);

/* Serves until TERM, INT or USR1 has come. HUP: as the supervisor passes none on, the single process starts its parts
 * anew. Returns the exit code. */
int ff_fcgi_run(const struct ff_serve *serve, struct ff_app *app, int listener);
int ff_cgi_run(const struct ff_serve *serve, struct ff_app *app);
/* The supervisor. */
int ff_fork_run(const struct ff_serve *serve, struct ff_app *app, int listener);

#endif
