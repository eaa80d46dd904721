#include "serve/conns.h"

#include "base/arena.h"
#include "base/err.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum {
	PART_MS = 10000,             /* half a request older than this is given up */
	IDLE_MS = 1000,              /* a kept connection idle for less is not closed in favour of another */
	SPARES = 64,                 /* requests kept for reuse */
	HELD_MAX = 32 * 1024 * 1024, /* of half and of large requests together; beyond it bodies are answered 503 */
	SINGLE = 2 * 1024,           /* a body of less is no batch: what waits for the disk does not turn it away */
	HELD_SMALL = 64 * 1024,      /* a whole request of less is not counted */
};

int64_t
ff_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
ff_conns_init(struct ff_conns *conns, unsigned max, size_t body_max)
{
	*conns = (struct ff_conns){ .max = max, .body_max = body_max };
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
		if (conns->all[i]->request)
			ff_request_free(conns->all[i]->request);
		free(conns->all[i]);
	}
	while (conns->spare) {
		struct ff_request *request = conns->spare;

		conns->spare = request->next;
		ff_request_free(request);
	}
	free(conns->all);
	close(conns->epoll);
	pthread_mutex_destroy(&conns->lock);
}

/* ---- requests ---- */

static struct ff_request *
request_take(struct ff_conns *conns)
{
	struct ff_request *request;

	pthread_mutex_lock(&conns->lock);
	request = conns->spare;
	if (request) {
		conns->spare = request->next;
		conns->spares--;
	}
	pthread_mutex_unlock(&conns->lock);
	return request ? request : ff_request_make(conns->body_max);
}

/* The caller holds the lock. */
static void
request_give(struct ff_conns *conns, struct ff_conn *conn)
{
	struct ff_request *request = conn->request;

	conn->request = NULL;
	if (!request)
		return;
	conns->held -= request->held;
	request->held = 0;
	if (conns->spares >= SPARES) {
		ff_request_free(request);
		return;
	}
	ff_request_clear(request);
	request->next = conns->spare;
	conns->spare = request;
	conns->spares++;
}

static void
hold(struct ff_conns *conns, struct ff_request *request, size_t size)
{
	conns->held += size - request->held;
	request->held = size;
}

/* Half a request stays for a while. False: there is no room even for what is left without its body. */
static bool
hold_part(struct ff_conns *conns, struct ff_request *request)
{
	hold(conns, request, ff_request_size(request));
	if (conns->held <= HELD_MAX)
		return true;
	ff_frame_shed(&request->in);
	hold(conns, request, ff_request_size(request));
	return conns->held <= 2 * HELD_MAX;
}

/* A few kilobytes may become megabytes of records, which stay until the disk has them. */
static bool
open_whole(struct ff_conns *conns, struct ff_request *request)
{
	if (conns->held > HELD_MAX && request->in.body.len >= SINGLE)
		ff_frame_shed(&request->in);
	return ff_request_open(request);
}

/* ---- connections ---- */

static bool
is_timed(int state)
{
	return state == FF_CONN_PART;
}

static void
move(struct ff_conns *conns, struct ff_conn *conn, enum ff_conn_state state)
{
	if (is_timed(conn->state))
		conns->timed--;
	if (is_timed(state) && conn->state != (int)state)
		conn->since_ms = ff_clock_ms();
	if (is_timed(state))
		conns->timed++;
	conn->state = state;
}

/* The caller holds the lock. Closing takes the descriptor out of the epoll. */
static void
release(struct ff_conns *conns, struct ff_conn *conn)
{
	request_give(conns, conn);
	ff_conn_close(conn);
	conn->state = FF_CONN_FREE;
	conn->next = conns->free;
	conns->free = conn;
}

/* MOD tells of bytes that are there already. */
static bool
watch(struct ff_conns *conns, struct ff_conn *conn, int op)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = conn };

	return epoll_ctl(conns->epoll, op, conn->fd, &event) == 0;
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
	if (idlest && ff_conn_is_silent(idlest)) /* else it is about to be served */
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
	conn->since_ms = ff_clock_ms();
	conn->state = FF_CONN_IDLE;
	if (!watch(conns, conn, EPOLL_CTL_ADD))
		release(conns, conn);
	pthread_mutex_unlock(&conns->lock);
}

/* Is it the loop thread's? An event may be older than what the committer did since: parked it will be told again,
 * closed it is nobody's. (No descriptor is accepted while events of a round are left, so it is nobody else's.) */
static bool
is_ours(struct ff_conns *conns, struct ff_conn *conn)
{
	if (conn->state == FF_CONN_IDLE || conn->state == FF_CONN_PART)
		return true;
	pthread_mutex_lock(&conns->lock);
	conn->again = conn->state == FF_CONN_PARKED;
	pthread_mutex_unlock(&conns->lock);
	return conn->state == FF_CONN_IDLE;
}

/* Bytes may be told of twice: they have been read. */
static void
stay_idle(struct ff_conns *conns, struct ff_conn *conn)
{
	pthread_mutex_lock(&conns->lock);
	request_give(conns, conn);
	pthread_mutex_unlock(&conns->lock);
}

enum ff_conn_look
ff_conns_look(struct ff_conns *conns, struct ff_conn *conn, bool closed)
{
	enum ff_conn_look look;

	if (!is_ours(conns, conn))
		return FF_CONN_WAIT;
	if (!conn->request)
		conn->request = request_take(conns);
	look = ff_conn_read(conn);
	if (look == FF_CONN_READY && !open_whole(conns, conn->request))
		look = FF_CONN_GONE;
	if (look == FF_CONN_READY) {
		conn->request->in.keep &= !closed; /* nobody will tell of it again */
		return look;
	}
	if (look == FF_CONN_WAIT && !ff_frame_begun(&conn->request->in)) {
		stay_idle(conns, conn);
		return look;
	}
	if (look == FF_CONN_GONE || !hold_part(conns, conn->request) ||
	    (look == FF_CONN_MORE && !watch(conns, conn, EPOLL_CTL_MOD))) {
		ff_conns_drop(conns, conn);
		return FF_CONN_GONE;
	}
	move(conns, conn, FF_CONN_PART);
	return look;
}

/* The room may have made much of it, and the disk may take its time. */
void
ff_conns_park(struct ff_conns *conns, struct ff_conn *conn)
{
	size_t size;

	ff_request_close(conn->request);
	if (++conns->parked > SPARES) /* thousands wait for the disk: none of them keeps more than it must */
		ff_request_slim(conn->request);
	size = ff_request_size(conn->request);
	if (size > HELD_SMALL || conn->request->held > 0)
		hold(conns, conn->request, size);
	move(conns, conn, FF_CONN_PARKED);
}

void
ff_conns_drop(struct ff_conns *conns, struct ff_conn *conn)
{
	move(conns, conn, FF_CONN_IDLE);
	pthread_mutex_lock(&conns->lock);
	release(conns, conn);
	pthread_mutex_unlock(&conns->lock);
}

void
ff_conns_done(struct ff_conns *conns, struct ff_conn *conn)
{
	bool keep = ff_request_reply(conn->request, conn->fd) && conn->request->in.keep && !conns->stopping;

	if (conn->state == FF_CONN_PARKED)
		conns->parked--;
	else
		move(conns, conn, FF_CONN_IDLE);
	pthread_mutex_lock(&conns->lock);
	request_give(conns, conn);
	conn->since_ms = ff_clock_ms();
	if (!keep || (conn->again && !watch(conns, conn, EPOLL_CTL_MOD)))
		release(conns, conn);
	else
		conn->state = FF_CONN_IDLE;
	conn->again = false;
	pthread_mutex_unlock(&conns->lock);
}

void
ff_conns_tick(struct ff_conns *conns)
{
	int64_t now = ff_clock_ms();

	for (unsigned i = 0; i < conns->made && conns->timed > 0; i++) {
		struct ff_conn *conn = conns->all[i];

		if (is_timed(conn->state) && now - conn->since_ms > PART_MS)
			ff_conns_drop(conns, conn);
	}
}
