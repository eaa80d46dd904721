/* load.c - a load generator that remembers: every event id that was answered 2xx stands in a synced ledger.
 *
 *   load --to HOST:PORT|/unix.sock --ledger FILE [--clients N] [--requests N] [--seconds N] [--host H] [--site S]
 *        [--rate N]      requests a second, evenly; without it as many as the server answers
 *
 * HTTP/1.1 over kept connections, one request at a time on each of N connections, all in one epoll. Each request is a
 * POST /api/event with an event id of its own. When its 202 has been read, the id is appended to the ledger, and the
 * ledger is synced (fdatasync) at least every 50 ms and at the end; what the server acknowledged and a crash of this
 * program could lose is not claimed. A closed connection is opened again; its unanswered id is given up.
 * At the end: one line "sent N acked N refused N (503: N) failed N max_ms N p50_us N p99_us N"; the last two
 * are of the acknowledged. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct client {
	int     fd;
	char    id[37];
	char    out[1024], in[2048];
	size_t  out_len, out_off, in_len;
	int64_t started_us;
	bool    busy;
};

static struct {
	const char *to, *ledger, *host, *site;
	unsigned    clients;
	uint64_t    requests, rate;
	int         seconds;
} opt = { .host = "collect.test", .site = "example.com", .clients = 32, .requests = UINT64_MAX, .seconds = 5 };

static struct {
	uint64_t sent, acked, refused, busy, failed;
	int64_t  max_us;
} total;

/* Of the acknowledged: 64 steps for each doubling of microseconds. */
static uint64_t took_us[64 * 40];

static int      epoll_fd, ledger_fd;
static int64_t  synced_ms;
static char     pending[1 << 16];
static size_t   pending_len;
static int64_t  begun_us;
static bool     stopping;
static uint64_t dice;

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
now_ms(void)
{
	return now_us() / 1000;
}

static void
took_add(int64_t us)
{
	unsigned shift = 0;

	while (us >> shift >= 128)
		shift++;
	took_us[64 * shift + (size_t)(us >> shift)]++;
}

/* The smallest time within which so many of a thousand were acknowledged. */
static int64_t
took_within(unsigned per_mille)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < sizeof(took_us) / sizeof(took_us[0]); i++)
		if ((seen += took_us[i]) * 1000 >= total.acked * per_mille && seen > 0)
			return i < 128 ? (int64_t)i : (int64_t)(i % 64 + 64) << (i / 64 - 1);
	return 0;
}

static uint64_t
roll(void)
{
	uint64_t z = (dice += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void
die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void
ledger_sync(void)
{
	for (size_t off = 0; off < pending_len;) {
		ssize_t n = write(ledger_fd, pending + off, pending_len - off);

		if (n < 0)
			die("ledger");
		off += (size_t)n;
	}
	if (pending_len > 0 && fdatasync(ledger_fd) != 0)
		die("ledger sync");
	pending_len = 0;
	synced_ms = now_ms();
}

static void
ledger_add(const char *id)
{
	memcpy(pending + pending_len, id, 36);
	pending[pending_len + 36] = '\n';
	pending_len += 37;
	if (pending_len + 37 > sizeof(pending))
		ledger_sync();
}

static int
connect_to(void)
{
	const char *colon = strrchr(opt.to, ':');
	int         fd, on = 1;

	if (opt.to[0] == '/') {
		struct sockaddr_un un = { .sun_family = AF_UNIX };

		snprintf(un.sun_path, sizeof(un.sun_path), "%s", opt.to);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) != 0) {
			close(fd);
			return -1;
		}
	} else {
		struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10)) };

		/* Without waiting: of thousands, some find the server's queue full, and are let in a second later. */
		inet_pton(AF_INET, "127.0.0.1", &in.sin_addr);
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (fd >= 0 && connect(fd, (struct sockaddr *)&in, sizeof(in)) != 0 && errno != EINPROGRESS) {
			close(fd);
			return -1;
		}
		if (fd >= 0)
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	}
	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return fd;
}

static void arm(struct client *client, uint32_t events, int op);

/* One after the other, each until the server's queue has let it in: thousands at once overflow any queue of handshakes,
 * and what is measured is connections that are open. One that cannot be opened is tried again with its first request. */
static void
open_all(struct client *clients)
{
	for (unsigned i = 0; i < opt.clients; i++) {
		struct pollfd ready = { .fd = clients[i].fd = connect_to(), .events = POLLOUT };

		if (clients[i].fd < 0)
			continue;
		poll(&ready, 1, 5000);
		arm(&clients[i], EPOLLIN, EPOLL_CTL_ADD);
	}
}

static void
compose(struct client *client)
{
	char     body[512];
	uint64_t a = roll(), b = roll();
	int      len;

	snprintf(client->id, sizeof(client->id), "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(a >> 32),
	    (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff, (unsigned)(b >> 52), (unsigned long long)(b & 0xffffffffffffull));
	len = snprintf(body, sizeof(body),
	    "{\"n\":\"pageview\",\"u\":\"https://%s/page/%u?utm_source=load\",\"d\":\"%s\",\"r\":\"https://www.google.com/\","
	    "\"event_id\":\"%s\"}",
	    opt.site, (unsigned)(b >> 12) % 500, opt.site, client->id);
	client->out_len = (size_t)snprintf(client->out, sizeof(client->out),
	    "POST /api/event HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
	    "Firefox/%u.0\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s",
	    opt.host, 100 + (unsigned)(b & 31), len, body);
	client->out_off = client->in_len = 0;
}

static void
restart(struct client *client, bool failed)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	if (client->busy && failed)
		total.failed++;
	client->busy = false;
}

static void
flush_out(struct client *client)
{
	while (client->out_off < client->out_len) {
		ssize_t n = write(client->fd, client->out + client->out_off, client->out_len - client->out_off);

		if (n < 0 && errno == EAGAIN) {
			arm(client, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
			return;
		}
		if (n < 0) {
			restart(client, true);
			return;
		}
		client->out_off += (size_t)n;
	}
}

/* At a given rate: this request's time has not come yet. */
static bool
is_early(void)
{
	return opt.rate > 0 && (int64_t)(total.sent * 1000000 / opt.rate) > now_us() - begun_us;
}

static void
next_request(struct client *client)
{
	if (stopping || total.sent >= opt.requests || is_early())
		return;
	if (client->fd < 0) {
		client->fd = connect_to();
		if (client->fd < 0)
			return;
		arm(client, EPOLLIN, EPOLL_CTL_ADD);
	}
	compose(client);
	client->busy = true;
	client->started_us = now_us();
	total.sent++;
	flush_out(client);
}

static void
arm(struct client *client, uint32_t events, int op)
{
	struct epoll_event event = { .events = events, .data.ptr = client };

	epoll_ctl(epoll_fd, op, client->fd, &event);
}

/* The whole answer is in: head and Content-Length bytes, or a chunked body's end. */
static bool
answer_done(struct client *client, bool *close_it)
{
	char *end, *length;

	client->in[client->in_len] = '\0';
	end = strstr(client->in, "\r\n\r\n");
	if (!end)
		return false;
	*close_it = strcasestr(client->in, "\r\nConnection: close") != NULL;
	if (strcasestr(client->in, "\r\nTransfer-Encoding: chunked"))
		return strstr(end + 4, "0\r\n\r\n") != NULL;
	length = strcasestr(client->in, "\r\nContent-Length:");
	if (!length || length > end)
		return true;
	return client->in_len >= (size_t)(end + 4 - client->in) + strtoul(length + 17, NULL, 10);
}

static void
judge(struct client *client, bool close_it)
{
	int     status = (int)strtol(client->in + 9, NULL, 10);
	int64_t took = now_us() - client->started_us;

	if (took > total.max_us)
		total.max_us = took;
	if (status == 202 && !strcasestr(client->in, "x-plausible-dropped")) {
		total.acked++;
		took_add(took);
		ledger_add(client->id);
	} else {
		total.refused++;
		total.busy += status == 503;
	}
	client->busy = false;
	if (close_it)
		restart(client, false);
	next_request(client);
}

static void
on_event(struct client *client, uint32_t events)
{
	bool    close_it = false;
	ssize_t n;

	if ((events & EPOLLOUT) && client->out_off < client->out_len) {
		flush_out(client);
		if (client->fd >= 0 && client->out_off == client->out_len)
			arm(client, EPOLLIN, EPOLL_CTL_MOD);
	}
	if (client->fd < 0 || !(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		return;
	n = read(client->fd, client->in + client->in_len, sizeof(client->in) - 1 - client->in_len);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		restart(client, true);
		return;
	}
	client->in_len += (size_t)n;
	if (client->busy && answer_done(client, &close_it))
		judge(client, close_it);
}

static void
stop(int sig)
{
	(void)sig;
	stopping = true;
}

static void
parse(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		const char *name = argv[i], *value = argv[i + 1];

		if (strcmp(name, "--to") == 0)
			opt.to = value;
		else if (strcmp(name, "--ledger") == 0)
			opt.ledger = value;
		else if (strcmp(name, "--host") == 0)
			opt.host = value;
		else if (strcmp(name, "--site") == 0)
			opt.site = value;
		else if (strcmp(name, "--clients") == 0)
			opt.clients = (unsigned)strtoul(value, NULL, 10);
		else if (strcmp(name, "--requests") == 0)
			opt.requests = strtoull(value, NULL, 10);
		else if (strcmp(name, "--rate") == 0)
			opt.rate = strtoull(value, NULL, 10);
		else if (strcmp(name, "--seconds") == 0)
			opt.seconds = (int)strtol(value, NULL, 10);
		else
			die(name);
	}
	if (!opt.to || !opt.ledger || (opt.to[0] != '/' && !strchr(opt.to, ':')))
		die("--to and --ledger are needed");
}

int
main(int argc, char **argv)
{
	struct client     *clients;
	struct epoll_event events[256];
	int64_t            end;
	bool               any = true;

	parse(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, stop);
	if (getrandom(&dice, sizeof(dice), 0) != sizeof(dice))
		die("getrandom");
	ledger_fd = open(opt.ledger, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	clients = calloc(opt.clients, sizeof(*clients));
	if (ledger_fd < 0 || epoll_fd < 0 || !clients)
		die(opt.ledger);
	open_all(clients);
	begun_us = now_us();
	end = now_ms() + (int64_t)opt.seconds * 1000;
	while (any && now_ms() < end + 5000) {
		int n;

		if (now_ms() >= end || total.sent >= opt.requests)
			stopping = true;
		any = !stopping;
		for (unsigned i = 0; i < opt.clients; i++) {
			if (!clients[i].busy && !stopping)
				next_request(&clients[i]);
			any |= clients[i].busy;
		}
		n = epoll_wait(epoll_fd, events, 256, opt.rate > 0 ? 1 : 10);
		for (int i = 0; i < n; i++)
			on_event(events[i].data.ptr, events[i].events);
		if (now_ms() - synced_ms > 50)
			ledger_sync();
	}
	ledger_sync();
	free(clients);
	printf("sent %llu acked %llu refused %llu (503: %llu) failed %llu max_ms %lld", (unsigned long long)total.sent,
	    (unsigned long long)total.acked, (unsigned long long)total.refused, (unsigned long long)total.busy,
	    (unsigned long long)total.failed, (long long)(total.max_us / 1000));
	printf(" p50_us %lld p99_us %lld\n", (long long)took_within(500), (long long)took_within(990));
	return 0;
}
