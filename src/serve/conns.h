/* conns.h - all connections of the loop, and who may touch which.
 *
 * The loop thread owns every connection but the PARKED ones; these belong to the committer thread until it gives
 * them back by ff_conns_done. The lock covers the moment of giving back, and closing a connection for another. */
#ifndef FF_SERVE_CONNS_H
#define FF_SERVE_CONNS_H

#include "serve/conn.h"

#include <pthread.h>

struct ff_conns {
	int              epoll;
	unsigned         max;
	struct ff_conn **all;  /* made when first needed, kept for reuse */
	unsigned         made;
	struct ff_conn  *free;
	_Atomic bool     stopping; /* nothing is kept any more */
	unsigned         timed;    /* connections in PART: somebody must look at the clock */
	pthread_mutex_t  lock;
};

int64_t ff_clock_ms(void); /* monotonic */

void ff_conns_init(struct ff_conns *conns, unsigned max);
void ff_conns_free(struct ff_conns *conns); /* closes what is open */
/* Is there room for another? At the maximum the kept connection that was idle longest (at least a second) makes room. */
bool ff_conns_room(struct ff_conns *conns);
/* Takes an accepted descriptor and arms it; only after ff_conns_room. */
void ff_conns_add(struct ff_conns *conns, int fd);
/* Loop thread: moves a connection on. */
void ff_conns_wait(struct ff_conns *conns, struct ff_conn *conn, enum ff_conn_state state);
void ff_conns_drop(struct ff_conns *conns, struct ff_conn *conn);
/* Either thread: sends the reply, then arms the connection again, or ends it. */
void ff_conns_done(struct ff_conns *conns, struct ff_conn *conn);
/* Loop thread: looks again at half-sent requests (by `again`); ends the overdue. */
void ff_conns_tick(struct ff_conns *conns, void (*again)(void *ctx, struct ff_conn *conn), void *ctx);

#endif
