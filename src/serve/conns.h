/* conns.h - all connections of the loop, who may touch which, and how much memory their requests may take.
 *
 * The loop thread owns every connection but the PARKED ones; these belong to the committer thread until it gives
 * them back by ff_conns_done. Connections stay in the epoll all the time, edge-triggered; an event for a parked one is
 * remembered and told again when it is given back. The lock covers that moment, closing one connection for another,
 * and the pool of requests. */
#ifndef FF_SERVE_CONNS_H
#define FF_SERVE_CONNS_H

#include "serve/conn.h"

#include <pthread.h>

struct ff_conns {
	int                epoll;
	unsigned           max;
	size_t             body_max;
	struct ff_conn   **all; /* made when first needed, kept for reuse */
	unsigned           made;
	struct ff_conn    *free;
	struct ff_request *spare; /* the pool */
	unsigned           spares;
	_Atomic size_t     held;     /* bytes of half requests and large ones */
	_Atomic unsigned   parked;
	_Atomic bool       stopping; /* nothing is kept any more */
	unsigned           timed;    /* connections in PART: somebody must look at the clock */
	pthread_mutex_t    lock;
};

int64_t ff_clock_ms(void); /* monotonic */

void ff_conns_init(struct ff_conns *conns, unsigned max, size_t body_max);
void ff_conns_free(struct ff_conns *conns); /* closes what is open */
/* Is there room for another? At the maximum the kept connection that was idle longest (at least a second) makes room. */
bool ff_conns_room(struct ff_conns *conns);
/* Takes an accepted descriptor and watches it; only after ff_conns_room. */
void ff_conns_add(struct ff_conns *conns, int fd);

/* ---- loop thread ---- */

/* Something happened on it; closed: its peer will send no more. What has come is taken, and what that means has been
 * done, but for READY: the caller answers conn->request. */
enum ff_conn_look ff_conns_look(struct ff_conns *conns, struct ff_conn *conn, bool closed);
/* From now on the connection is the committer's. */
void ff_conns_park(struct ff_conns *conns, struct ff_conn *conn);
void ff_conns_drop(struct ff_conns *conns, struct ff_conn *conn);
/* Ends the overdue. */
void ff_conns_tick(struct ff_conns *conns);

/* ---- either thread ---- */

/* Sends the reply, then the connection waits for its next request, or is closed. */
void ff_conns_done(struct ff_conns *conns, struct ff_conn *conn);

#endif
