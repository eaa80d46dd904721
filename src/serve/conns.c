#include "serve/conns.h"

#include "base/limits.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum {
	PART_MS = 10000,  /* half a request older than this is given up */
	IDLE_MS = 1000,   /* a kept connection idle for less is not closed in favour of another */
};

int64_t
ff_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
ff_conns_init(struct ff_conns *conns, unsigned max)
{
	*conns = (struct ff_conns){ .max = max };
	conns->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (conns->epoll < 0)
		ff_panic("no epoll");
	conns->all = ff_xcalloc(max, sizeof(struct ff_conn *));
	pthread_mutex_init(&conns->lock, NULL);
}

void
ff_conns_free(struct ff_conns *conns)
{
	for (unsigned i = 0; i < conns->made; i++) {
		if (conns->all[i]->state != FF_CONN_FREE)
			ff_conn_close(conns->all[i]);
		ff_parcel_free(&conns->all[i]->parcel);
		free(conns->all[i]);
	}
	free(conns->all);
	close(conns->epoll);
	pthread_mutex_destroy(&conns->lock);
}

static bool
is_timed(int state)
{
	return state == FF_CONN_PART;
}

/* The caller holds the lock. Closing takes the descriptor out of the epoll. */
static void
release(struct ff_conns *conns, struct ff_conn *conn)
{
	ff_conn_close(conn);
	conn->state = FF_CONN_FREE;
	conn->next = conns->free;
	conns->free = conn;
}

static void
arm(struct ff_conns *conns, struct ff_conn *conn, int op)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.ptr = conn };

	conn->since_ms = ff_clock_ms();
	conn->state = FF_CONN_IDLE;
	if (epoll_ctl(conns->epoll, op, conn->fd, &event) != 0)
		release(conns, conn);
}

static void
evict(struct ff_conns *conns)
{
	struct ff_conn *idlest = NULL;
	int64_t         before = ff_clock_ms() - IDLE_MS;

	for (unsigned i = 0; i < conns->made; i++) {
		struct ff_conn *conn = conns->all[i];

		if (conn->state == FF_CONN_IDLE && conn->since_ms < before) {
			before = conn->since_ms;
			idlest = conn;
		}
	}
	if (idlest)
		release(conns, idlest);
}

bool
ff_conns_room(struct ff_conns *conns)
{
	bool room;

	pthread_mutex_lock(&conns->lock);
	if (!conns->free && conns->made == conns->max)
		evict(conns);
	room = conns->free || conns->made < conns->max;
	pthread_mutex_unlock(&conns->lock);
	return room;
}

void
ff_conns_add(struct ff_conns *conns, int fd)
{
	struct ff_conn *conn;

	pthread_mutex_lock(&conns->lock);
	conn = conns->free;
	if (conn)
		conns->free = conn->next;
	else
		conn = conns->all[conns->made++] = ff_xcalloc(1, sizeof(*conn));
	ff_conn_open(conn, fd);
	arm(conns, conn, EPOLL_CTL_ADD);
	pthread_mutex_unlock(&conns->lock);
}

void
ff_conns_wait(struct ff_conns *conns, struct ff_conn *conn, enum ff_conn_state state)
{
	if (is_timed(conn->state))
		conns->timed--;
	if (is_timed(state) && conn->state != (int)state)
		conn->since_ms = ff_clock_ms();
	if (is_timed(state))
		conns->timed++;
	conn->state = state;
}

void
ff_conns_drop(struct ff_conns *conns, struct ff_conn *conn)
{
	pthread_mutex_lock(&conns->lock);
	if (is_timed(conn->state))
		conns->timed--;
	release(conns, conn);
	pthread_mutex_unlock(&conns->lock);
}

void
ff_conns_done(struct ff_conns *conns, struct ff_conn *conn)
{
	bool keep = ff_conn_reply(conn) && !conns->stopping;

	pthread_mutex_lock(&conns->lock);
	if (keep)
		arm(conns, conn, EPOLL_CTL_MOD);
	else
		release(conns, conn);
	pthread_mutex_unlock(&conns->lock);
}

void
ff_conns_tick(struct ff_conns *conns, void (*again)(void *ctx, struct ff_conn *conn), void *ctx)
{
	int64_t now = ff_clock_ms();

	for (unsigned i = 0; i < conns->made && conns->timed > 0; i++) {
		struct ff_conn *conn = conns->all[i];

		if (!is_timed(conn->state))
			continue;
		if (now - conn->since_ms > PART_MS)
			ff_conns_drop(conns, conn);
		else
			again(ctx, conn);
	}
}
