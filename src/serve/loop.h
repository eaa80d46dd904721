/* loop.h - the collector's outer loop: one process, many open requests, one committer thread.
 *
 * The loop thread accepts connections, waits for them in one epoll and takes their bytes as they come (frame.h):
 * neither a silent nor a slow peer can hold it. When a request is whole it calls `answer`; a parcel with records then
 * passes to the committer thread, which takes everything that waits, calls `commit` (once, unless there are megabytes
 * of it), sends the replies and gives the connections back. No thread ever sleeps on one request.
 *
 * Where fd 0 is no listening socket and no path is given, one request is answered as plain CGI, by the same
 * functions in the same order. */
#ifndef FF_SERVE_LOOP_H
#define FF_SERVE_LOOP_H

#include "door/parcel.h"

struct ff_loop {
	const char *listen;       /* --listen PATH, or NULL: fd 0 */
	unsigned    requests_max; /* connections held open at once; the idlest kept one is closed for a new one */
	size_t      body_max;
	void       *room;         /* handed to the functions */
	/* Loop thread. Fills reply and records; never blocks. */
	void (*answer)(void *room, struct ff_parcel *parcel);
	/* Committer thread. All or none of the records are safe when it returns; it has replaced the replies of those that
	 * are not. Anything but FF_OK: the replies go out, then the process stops and ff_loop_run returns 1. */
	enum ff_err (*commit)(void *room, struct ff_parcel *const *parcels, size_t n);
	/* Committer thread, within a second after a commit (durability = interval); NULL: not called. */
	enum ff_err (*flush)(void *room);
};

/* Serves until SIGTERM, SIGINT, SIGHUP or SIGUSR1, then answers what has arrived, and returns the exit code. */
int ff_loop_run(const struct ff_loop *loop);

#endif
