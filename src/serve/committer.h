/* committer.h - the thread that puts parked records on disk: everything that waits, in one commit, then the
 * replies. There is no artificial delay: a group is what arrived while the last one was written. */
#ifndef FF_SERVE_COMMITTER_H
#define FF_SERVE_COMMITTER_H

#include "serve/conns.h"
#include "serve/loop.h"

struct ff_committer {
	const struct ff_loop *loop;
	struct ff_conns      *conns;
	int                   failed; /* eventfd: rung when the process must stop */
	pthread_t             thread;
	pthread_mutex_t       lock;
	pthread_cond_t        more;
	struct ff_conn       *first, **last;
	bool                  stop, asleep;
	/* The thread's own: */
	struct ff_parcel    **parcels;
	bool                  dirty; /* committed, not flushed */
	int64_t               dirty_ms;
};

void ff_committer_start(struct ff_committer *committer, const struct ff_loop *loop, struct ff_conns *conns, int failed);
/* From now on the connection is the committer's. */
void ff_committer_park(struct ff_committer *committer, struct ff_conn *conn);
/* Commits and answers what is parked, then ends the thread. */
void ff_committer_stop(struct ff_committer *committer);

#endif
