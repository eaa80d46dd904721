#include "serve/committer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>

/* durability = interval promises a second. */
#define FLUSH_MS 500
/* Payload of one commit. Ordinary beacons never reach it; many large batches at once become several commits, so that
 * the copies which the spool makes stay small. */
#define GROUP_MAX (1024 * 1024)

static void
fail(struct ff_committer *committer)
{
	if (eventfd_write(committer->failed, 1) != 0)
		ff_panic("eventfd is full");
}

/* The oldest parked connection and all behind it; NULL when stopped, or when it is time to flush. */
static struct ff_conn *
take_all(struct ff_committer *committer, bool *stop)
{
	struct ff_conn *first;
	struct timespec until;
	int             rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += FLUSH_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&committer->lock);
	committer->asleep = true;
	while (!committer->first && !committer->stop && rc != ETIMEDOUT)
		rc = committer->dirty ? pthread_cond_timedwait(&committer->more, &committer->lock, &until)
		                      : pthread_cond_wait(&committer->more, &committer->lock);
	committer->asleep = false;
	first = committer->first;
	committer->first = NULL;
	committer->last = &committer->first;
	*stop = committer->stop && !first;
	pthread_mutex_unlock(&committer->lock);
	return first;
}

static void
flush(struct ff_committer *committer, bool now)
{
	if (!committer->dirty || (!now && ff_clock_ms() - committer->dirty_ms < FLUSH_MS))
		return;
	committer->dirty = false;
	if (committer->loop->flush(committer->loop->room) != FF_OK)
		fail(committer);
}

/* Commits the first ones and answers them; returns the next one. A parcel is never divided. */
static struct ff_conn *
commit_some(struct ff_committer *committer, struct ff_conn *first)
{
	const struct ff_loop *loop = committer->loop;
	struct ff_conn       *end = first;
	size_t                n = 0, size = 0;

	for (; end && size < GROUP_MAX; end = end->next) {
		committer->parcels[n++] = &end->request->parcel;
		size += end->request->parcel.payload.len;
	}
	if (loop->commit(loop->room, committer->parcels, n) != FF_OK)
		fail(committer);
	while (first != end) {
		struct ff_conn *conn = first;

		first = conn->next;
		ff_conns_done(committer->conns, conn);
	}
	return end;
}

static void
commit(struct ff_committer *committer, struct ff_conn *first)
{
	const struct ff_loop *loop = committer->loop;

	while (first)
		first = commit_some(committer, first);
	if (loop->flush && !committer->dirty) {
		committer->dirty = true;
		committer->dirty_ms = ff_clock_ms();
	}
}

static void *
run(void *ctx)
{
	struct ff_committer *committer = ctx;
	bool                 stop = false;

	while (!stop) {
		struct ff_conn *first = take_all(committer, &stop);

		if (first)
			commit(committer, first);
		flush(committer, stop);
	}
	return NULL;
}

void
ff_committer_start(struct ff_committer *committer, const struct ff_loop *loop, struct ff_conns *conns, int failed)
{
	pthread_condattr_t attr;

	*committer = (struct ff_committer){ .loop = loop, .conns = conns, .failed = failed };
	committer->last = &committer->first;
	committer->parcels = ff_xcalloc(conns->max, sizeof(struct ff_parcel *));
	pthread_mutex_init(&committer->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&committer->more, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&committer->thread, NULL, run, committer) != 0)
		ff_panic("no thread for the committer");
}

void
ff_committer_park(struct ff_committer *committer, struct ff_conn *conn)
{
	bool wake;

	conn->next = NULL;
	pthread_mutex_lock(&committer->lock);
	*committer->last = conn;
	committer->last = &conn->next;
	wake = committer->asleep;
	pthread_mutex_unlock(&committer->lock);
	if (wake)
		pthread_cond_signal(&committer->more);
}

void
ff_committer_stop(struct ff_committer *committer)
{
	pthread_mutex_lock(&committer->lock);
	committer->stop = true;
	pthread_mutex_unlock(&committer->lock);
	pthread_cond_signal(&committer->more);
	pthread_join(committer->thread, NULL);
	pthread_cond_destroy(&committer->more);
	pthread_mutex_destroy(&committer->lock);
	free(committer->parcels);
}
