/* conn.h - one connection from the web server.
 *
 * States: IDLE (nothing of a request), PART (half a request has come: ended by time), PARKED (belongs to the committer
 * thread), FREE. */
#ifndef FF_SERVE_CONN_H
#define FF_SERVE_CONN_H

#include "serve/request.h"

#include <stdatomic.h>

enum ff_conn_state { FF_CONN_FREE, FF_CONN_IDLE, FF_CONN_PART, FF_CONN_PARKED };

struct ff_conn {
	int                fd;
	_Atomic int        state;
	bool               again;    /* something came while it was parked; under the lock of conns.h */
	int64_t            since_ms; /* in this state, for PART and IDLE */
	struct ff_request *request;  /* NULL while IDLE */
	struct ff_conn    *next;     /* in the free list or the committer's queue */
};

enum ff_conn_look {
	FF_CONN_READY, /* a whole request */
	FF_CONN_WAIT,  /* not yet; epoll will tell */
	FF_CONN_MORE,  /* not yet, and there are more bytes: others have their turn first */
	FF_CONN_GONE,  /* closed, or no FastCGI: close it */
};

void ff_conn_open(struct ff_conn *conn, int fd);
/* Takes what has come; conn->request must be there. Loop thread only. */
enum ff_conn_look ff_conn_read(struct ff_conn *conn);
/* Nothing has come, and the peer has not closed. */
bool ff_conn_is_silent(const struct ff_conn *conn);
void ff_conn_close(struct ff_conn *conn);

#endif
