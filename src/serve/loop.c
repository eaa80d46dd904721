#include "serve/loop.h"

#include "base/day.h"
#include "base/log.h"
#include "serve/committer.h"
#include "serve/loop_cgi.h"
#include "serve/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	EVENTS = 64,       /* taken from one epoll_wait */
	ACCEPTS = 1024,    /* from one ready listener: a burst must not overflow its queue */
	TICK_MS = 1000,    /* how often somebody looks for half-sent requests that are overdue */
	BACKOFF_MS = 100,  /* without descriptors, and at the maximum of connections */
	QUIET_MS = 50,     /* at the end: so long without a request means that all have come */
	GOODBYE_MS = 3000, /* at the end: not longer than this, whatever comes */
	SPARE_FDS = 64,    /* for spool, snapshot, logs and libraries */
	LARGE = 128 * 1024, /* bytes of a body: such memory goes back to the system at once */
};

struct serving {
	const struct ff_loop *loop;
	struct ff_conns       conns;
	struct ff_committer   committer;
	int                   listener, signals, failed;
	bool                  accepting;
	int64_t               again_ms;      /* not accepting: when to try again */
	int64_t               complained_ms; /* about that */
	int64_t               tick_ms;       /* of the last look at the clock */
	bool                  large;         /* memory may be given back */
	bool                  stop, broken;
};

static bool
is_listening(int fd)
{
	int       on = 0;
	socklen_t len = sizeof(on);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == 0 && on;
}

static void
watch(struct serving *serving, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	/* The addresses of our own ints tell these events from connections. */
	event.data.ptr = fd == serving->listener ? &serving->listener :
	                 fd == serving->signals  ? &serving->signals :
	                                           &serving->failed;
	if (epoll_ctl(serving->conns.epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		ff_panic("epoll refuses a descriptor");
}

static void
accept_on(struct serving *serving)
{
	if (!serving->accepting)
		watch(serving, serving->listener, EPOLLIN | EPOLLEXCLUSIVE);
	serving->accepting = true;
}

static void
accept_off(struct serving *serving)
{
	if (serving->accepting)
		epoll_ctl(serving->conns.epoll, EPOLL_CTL_DEL, serving->listener, NULL);
	serving->accepting = false;
}

/* Connections wait in the listener's queue meanwhile. */
static void
back_off(struct serving *serving, const char *why)
{
	int64_t now = ff_clock_ms();

	if (now - serving->complained_ms >= 1000)
		ff_error("loop", "no connection can be taken: %s; trying again every %d ms", why, BACKOFF_MS);
	serving->complained_ms = now;
	serving->again_ms = now + BACKOFF_MS;
	accept_off(serving);
}

/* True: there may be more. */
static bool
take_connections(struct serving *serving)
{
	for (int i = 0; i < ACCEPTS; i++) {
		int fd;

		if (!ff_conns_room(&serving->conns)) {
			back_off(serving, "as many as allowed are open");
			return false;
		}
		fd = accept4(serving->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0) {
			ff_conns_add(&serving->conns, fd);
		} else if (errno != EINTR && errno != ECONNABORTED) {
			if (errno != EAGAIN)
				back_off(serving, strerrordesc_np(errno));
			return false;
		}
	}
	return true;
}

static void
look_at(struct serving *serving, struct ff_conn *conn, bool closed)
{
	struct ff_parcel *parcel;

	if (ff_conns_look(&serving->conns, conn, closed) != FF_CONN_READY)
		return;
	serving->large |= conn->request->in.body.len > LARGE;
	parcel = &conn->request->parcel;
	parcel->now_us = ff_now();
	serving->loop->answer(serving->loop->room, parcel);
	if (parcel->n > 0) {
		ff_conns_park(&serving->conns, conn);
		ff_committer_park(&serving->committer, conn);
	} else {
		ff_conns_done(&serving->conns, conn);
	}
}

/* At most once a second: half-sent requests become overdue, and what large ones took goes back to the system. */
static void
tick(struct serving *serving)
{
	int64_t now = ff_clock_ms();

	if (now - serving->tick_ms < TICK_MS)
		return;
	serving->tick_ms = now;
	if (serving->conns.timed > 0)
		ff_conns_tick(&serving->conns);
	if (serving->large && serving->conns.held == 0) {
		malloc_trim(0);
		serving->large = false;
	}
}

static void
take_signal(struct serving *serving)
{
	struct signalfd_siginfo info;

	if (read(serving->signals, &info, sizeof(info)) != sizeof(info))
		return;
	ff_info("loop", "signal %u: stopping", info.ssi_signo);
	serving->stop = true;
}

/* One round; false if nothing happened within timeout_ms. */
static bool
round_once(struct serving *serving, int timeout_ms)
{
	struct epoll_event events[EVENTS];
	int                n = epoll_wait(serving->conns.epoll, events, EVENTS, timeout_ms);

	for (int i = 0; i < n; i++) {
		void *ptr = events[i].data.ptr;

		if (ptr == &serving->listener)
			continue; /* last: it may close idle connections that stand in this round */
		if (ptr == &serving->signals)
			take_signal(serving);
		else if (ptr == &serving->failed)
			serving->stop = serving->broken = true;
		else
			look_at(serving, ptr, events[i].events & ~(uint32_t)EPOLLIN);
	}
	for (int i = 0; i < n; i++)
		if (events[i].data.ptr == &serving->listener && !serving->stop)
			take_connections(serving);
	tick(serving);
	return n > 0;
}

static void
serve(struct serving *serving)
{
	while (!serving->stop) {
		bool ticking = serving->conns.timed > 0 || serving->large;
		int  timeout = !serving->accepting ? BACKOFF_MS : ticking ? TICK_MS : -1;

		round_once(serving, timeout);
		if (!serving->accepting && ff_clock_ms() >= serving->again_ms)
			accept_on(serving);
	}
}

/* What has been sent to us is still answered, connections that nobody has accepted yet included: who shares the
 * listener with us gets the later ones. Then idle connections are closed with the rest. */
static void
say_goodbye(struct serving *serving)
{
	int64_t until = ff_clock_ms() + GOODBYE_MS;

	serving->conns.stopping = true;
	epoll_ctl(serving->conns.epoll, EPOLL_CTL_DEL, serving->signals, NULL);
	epoll_ctl(serving->conns.epoll, EPOLL_CTL_DEL, serving->failed, NULL);
	while (!serving->broken && ff_clock_ms() < until && take_connections(serving))
		;
	accept_off(serving);
	while (!serving->broken && ff_clock_ms() < until && round_once(serving, QUIET_MS))
		;
	ff_committer_stop(&serving->committer);
}

static void
block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* As many descriptors as connections are promised, or fewer connections. */
static unsigned
fit_descriptors(unsigned wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	if (limit.rlim_cur < wanted + SPARE_FDS && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max < wanted + SPARE_FDS ? limit.rlim_max : wanted + SPARE_FDS;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= wanted + SPARE_FDS)
		return wanted;
	ff_warn("loop", "the limit of open files (%llu) allows fewer connections than %u",
	    (unsigned long long)limit.rlim_cur, wanted);
	return limit.rlim_cur > 2 * SPARE_FDS ? (unsigned)limit.rlim_cur - SPARE_FDS : SPARE_FDS;
}

static int
serve_on(const struct ff_loop *loop, int listener)
{
	struct serving serving = { .loop = loop, .listener = listener };
	sigset_t       set;

	block_signals(&set);
	if (fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK) != 0)
		ff_panic("the listener cannot be made non-blocking");
	/* Fixed, so that the memory of a large request is a mapping of its own and ends with it. */
	mallopt(M_MMAP_THRESHOLD, LARGE);
	ff_conns_init(&serving.conns, fit_descriptors(loop->requests_max), loop->body_max);
	serving.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	serving.failed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (serving.signals < 0 || serving.failed < 0)
		ff_panic("no signalfd or eventfd");
	watch(&serving, serving.signals, EPOLLIN);
	watch(&serving, serving.failed, EPOLLIN);
	accept_on(&serving);
	ff_committer_start(&serving.committer, loop, &serving.conns, serving.failed);
	serve(&serving);
	say_goodbye(&serving);
	ff_conns_free(&serving.conns);
	close(serving.signals);
	close(serving.failed);
	return serving.broken ? 1 : 0;
}

int
ff_loop_run(const struct ff_loop *loop)
{
	int listener = STDIN_FILENO, status;

	if (!loop->listen && !is_listening(listener))
		return ff_loop_cgi(loop);
	if (loop->listen && ff_listen_unix(loop->listen, &listener) != FF_OK)
		return 1;
	status = serve_on(loop, listener);
	if (loop->listen)
		unlink(loop->listen);
	return status;
}
