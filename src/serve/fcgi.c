/* One worker: a single thread that waits on its signals, the listener and the connections it holds, and answers one
 * request after the other. Connections are accepted here and handed to libfcgi only once they are readable, with time
 * limits on them; they are closed here too, because libfcgi's own closing waits for the peer. So a kept or silent
 * connection costs a place in the table and binds nobody. */
#include "base/io.h"
#include "base/log.h"
#include "serve/parts.h"

#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define CONNS_MAX 64
/* A peer that connects writes at once: waiting this long for it keeps the connection from a busy colleague's table. */
#define FRESH_WAIT_MS 10
/* Half a request, or a peer that does not take its answer, for this long ends the connection. */
#define PEER_TIMEOUT_S 20
/* Idle this long, a connection makes room when the table is full. */
#define IDLE_MS 1000
/* Asked to stop, the worker still answers on kept connections for this long. */
#define LINGER_MS 1000
/* Beyond this a body is not read to its end; the connection is closed instead. */
#define DRAIN_MAX (64L * 1024 * 1024)
#define EMFILE_PAUSE_MS 100

struct conn {
	int     fd;
	int64_t since_ms; /* idle since */
};

struct worker {
	struct ff_desk desk;
	FCGX_Request   request;
	int            signals, listener;
	struct conn    conns[CONNS_MAX];
	size_t         n;
	bool           stopping, renew;
	int64_t        stop_at_ms; /* the end of the linger */
	int64_t        paused_until_ms;
};

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- signals ---- */

static void
read_signals(struct worker *worker)
{
	int signo;

	while ((signo = ff_signals_next(worker->signals)) != 0) {
		if (signo == SIGHUP)
			worker->renew = true;
		if (signo != SIGTERM && signo != SIGINT && signo != SIGUSR1)
			continue;
		if (!worker->stopping)
			worker->stop_at_ms = now_ms() + LINGER_MS;
		worker->stopping = true;
	}
}

/* ---- one request ---- */

/* Up to one byte more than is taken. The rest is read and forgotten: what stays in a connection would be taken for
 * the next request, and closing over unread bytes would reset it under the answer. False: the connection must go. */
static bool
body_read(FCGX_Stream *in, struct ff_buf *body)
{
	char chunk[8192];
	long rest = DRAIN_MAX;

	for (;;) {
		int    n = FCGX_GetStr(chunk, sizeof chunk, in);
		size_t room = body->ceiling - body->len;

		if (n <= 0)
			return FCGX_GetError(in) == 0;
		ff_buf_put(body, chunk, (size_t)n < room ? (size_t)n : room);
		if ((size_t)n > room && (rest -= n) < 0)
			return false;
	}
}

/* Sends a stream piece by piece; who does not take a piece for PEER_TIMEOUT_S is gone, and so is the stream. A worker that
 * is asked to stop does not wait for its end. */
static bool
stream_sent(struct worker *worker)
{
	struct ff_desk *desk = &worker->desk;
	FCGX_Stream    *out = worker->request.out;
	enum ff_err     err;

	while ((err = ff_desk_more(desk)) == FF_OK) {
		if (FCGX_PutStr(desk->out.p, (int)desk->out.len, out) < 0 || FCGX_FFlush(out) < 0)
			return false;
		read_signals(worker);
		if (worker->stopping)
			return false;
	}
	return err == FF_END;
}

/* The end of the connection alone is the end of the answer for nginx, unless fastcgi_keep_conn is on. A record of a version
 * that does not exist is an error for every web server: so the client sees that the answer is not whole. */
static void
break_off(FCGX_Request *request, int fd)
{
	static const uint8_t nonsense[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };

	if (ff_io_write_all(fd, nonsense, sizeof nonsense) != FF_OK)
		ff_debug("serve", "nobody reads the broken answer");
	FCGX_Free(request, 0);
	request->ipcFd = -1;
	close(fd);
}

/* Reads, answers, finishes. Whether the connection may be used again. */
static bool
serve_one(struct worker *worker, int fd)
{
	FCGX_Request   *request = &worker->request;
	struct ff_desk *desk = &worker->desk;
	bool            keep, whole, streamed = true;

	request->ipcFd = fd;
	request->keepConnection = 1; /* closing is ours */
	if (FCGX_Accept_r(request) < 0)
		return false; /* libfcgi has closed it: the peer left, was silent too long, or spoke nonsense */
	keep = request->keepConnection != 0;
	request->keepConnection = 1;
	whole = body_read(request->in, &desk->body);
	if (whole || desk->body.len > desk->serve->body_max) {
		ff_desk_answer(desk, (const char *const *)request->envp);
		FCGX_PutStr(desk->out.p, (int)desk->out.len, request->out);
		streamed = stream_sent(worker);
	}
	ff_desk_clear(desk);
	if (!streamed) {
		break_off(request, fd);
		return false;
	}
	FCGX_Finish_r(request);
	if (request->ipcFd < 0)
		return false; /* writing failed, and it is closed */
	request->ipcFd = -1;
	if (keep && whole && !worker->stopping)
		return true;
	if (!whole)
		shutdown(fd, SHUT_WR);
	close(fd);
	return false;
}

/* ---- the table of connections ---- */

static void
conn_keep(struct worker *worker, int fd)
{
	worker->conns[worker->n++] = (struct conn){ fd, now_ms() };
}

static int
conn_take(struct worker *worker, size_t i)
{
	int fd = worker->conns[i].fd;

	worker->n--;
	memmove(&worker->conns[i], &worker->conns[i + 1], (worker->n - i) * sizeof *worker->conns);
	return fd;
}

/* Entries stand in the order in which they fell idle. */
static bool
make_room(struct worker *worker)
{
	if (worker->n < CONNS_MAX)
		return true;
	if (now_ms() - worker->conns[0].since_ms < IDLE_MS)
		return false;
	close(conn_take(worker, 0));
	return true;
}

static void
serve_and_keep(struct worker *worker, int fd)
{
	if (serve_one(worker, fd))
		conn_keep(worker, fd);
}

/* ---- accepting ---- */

static bool
is_exhaustion(int why)
{
	return why == EMFILE || why == ENFILE || why == ENOBUFS || why == ENOMEM;
}

static void
pause_accepting(struct worker *worker, int why)
{
	ff_warn("serve", "cannot accept: %s; trying again in %d ms", strerror(why), EMFILE_PAUSE_MS);
	worker->paused_until_ms = now_ms() + EMFILE_PAUSE_MS;
	while (worker->n > 0)
		close(conn_take(worker, 0));
}

static void
accept_one(struct worker *worker)
{
	static const struct timeval limit = { .tv_sec = PEER_TIMEOUT_S };
	struct pollfd               fresh = { .events = POLLIN };

	fresh.fd = accept4(worker->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fresh.fd < 0) {
		if (is_exhaustion(errno))
			pause_accepting(worker, errno);
		return; /* a colleague was faster, or the peer has left */
	}
	setsockopt(fresh.fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(fresh.fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (poll(&fresh, 1, FRESH_WAIT_MS) > 0)
		serve_and_keep(worker, fresh.fd);
	else
		conn_keep(worker, fresh.fd);
}

/* ---- waiting ---- */

/* Waits, then answers what is readable: kept connections first, then one new one. */
static void
turn(struct worker *worker)
{
	struct pollfd fds[CONNS_MAX + 2];
	bool          listening = !worker->stopping && now_ms() >= worker->paused_until_ms && make_room(worker);
	size_t        n = worker->n;
	int           wait = worker->stopping || !listening ? EMFILE_PAUSE_MS : -1;

	for (size_t i = 0; i < n; i++)
		fds[i] = (struct pollfd){ .fd = worker->conns[i].fd, .events = POLLIN };
	fds[n] = (struct pollfd){ .fd = worker->signals, .events = POLLIN };
	fds[n + 1] = (struct pollfd){ .fd = listening ? worker->listener : -1, .events = POLLIN };
	if (poll(fds, (nfds_t)(n + 2), wait) < 0)
		return;
	if (fds[n].revents != 0)
		read_signals(worker);
	for (size_t i = 0, at = 0; i < n; i++) /* an entry that is served leaves its place or goes to the end */
		if (fds[i].revents != 0)
			serve_and_keep(worker, conn_take(worker, at));
		else
			at++;
	if (fds[n + 1].revents != 0 && !worker->stopping && make_room(worker))
		accept_one(worker);
}

static void
parts_renew(struct worker *worker)
{
	struct ff_desk *desk = &worker->desk;

	worker->renew = false;
	if (desk->serve->stop != NULL)
		desk->serve->stop(desk->app);
	if (desk->serve->start == NULL || desk->serve->start(desk->app) == FF_OK)
		return;
	ff_error("serve", "the parts of this process do not start anew");
	worker->stopping = true;
}

static void
worker_loop(struct worker *worker)
{
	while (!worker->stopping || (worker->n > 0 && now_ms() < worker->stop_at_ms)) {
		turn(worker);
		if (worker->renew && !worker->stopping)
			parts_renew(worker);
	}
	while (worker->n > 0)
		close(conn_take(worker, 0));
}

int
ff_fcgi_run(const struct ff_serve *serve, struct ff_app *app, int listener)
{
	static struct worker worker; /* zeroed, and too large for the stack's taste */

	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "50", 0);
	if (FCGX_Init() != 0 || FCGX_InitRequest(&worker.request, -1, 0) != 0)
		ff_panic("libfcgi does not start");
	worker.signals = ff_signals_open(); /* after FCGX_Init, which brings signal handlers of its own */
	worker.listener = listener;
	if (serve->start != NULL && serve->start(app) != FF_OK)
		return 1;
	ff_desk_open(&worker.desk, serve, app);
	worker_loop(&worker);
	ff_desk_close(&worker.desk);
	if (serve->stop != NULL)
		serve->stop(app);
	FCGX_Free(&worker.request, 0);
	close(worker.signals);
	return 0;
}
