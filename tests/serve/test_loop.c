/* The event loop with a room of our own, in a child process, spoken to in FastCGI over a unix socket. */
#include "tests/lib/unit.h"

#include "base/day.h"
#include "serve/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __has_feature /* gcc's word is __SANITIZE_ADDRESS__ */
#define __has_feature(feature) 0
#endif

static struct shared {
	_Atomic int commits, largest, committed;
	_Atomic int commit_ms, commit_err;
} *shared;

static char   path[64];
static pid_t  child;
static rlim_t open_files; /* of the child; 0 = as they are */
static size_t body_max = 1000;

/* "r..." asks for a record, "R..." for a megabyte of them; the reply says how the body came in. */
static void
answer(void *room, struct ff_parcel *parcel)
{
	(void)room;
	ff_buf_printf(&parcel->reply, "Status: 200 OK\r\n\r\n%s %zu", ff_err_name(parcel->body_err), parcel->body.len);
	if (parcel->body.len == 0 || (parcel->body.p[0] | 0x20) != 'r')
		return;
	parcel->n = 1;
	if (parcel->body.p[0] == 'R')
		memset(ff_buf_room(&parcel->payload, 1024 * 1024), 0, 1024 * 1024);
}

static enum ff_err
commit(void *room, struct ff_parcel *const *parcels, size_t n)
{
	(void)room;
	(void)parcels;
	usleep((useconds_t)shared->commit_ms * 1000);
	shared->commits++;
	shared->committed += (int)n;
	if ((int)n > shared->largest)
		shared->largest = (int)n;
	return (enum ff_err)shared->commit_err;
}

static void
start(unsigned requests_max)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int                fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memset(shared, 0, sizeof(*shared));
	unlink(path);
	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	assert_int_equal(listen(fd, 128), 0);
	child = fork();
	if (child == 0) {
		if (open_files > 0)
			setrlimit(RLIMIT_NOFILE, &(struct rlimit){ open_files, open_files });
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd, 0);
		close_range(3, ~0u, 0);
		_exit(ff_loop_run(&(struct ff_loop){
		    .requests_max = requests_max, .body_max = body_max, .answer = answer, .commit = commit }));
	}
	close(fd);
}

static int
end(int sig)
{
	int status;

	kill(child, sig);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
dial(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct timeval     limit = { .tv_sec = 5 };
	int                fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

static size_t
record(uint8_t *out, uint8_t type, const void *content, size_t len)
{
	const uint8_t head[8] = { 1, type, 0, 1, (uint8_t)(len >> 8), (uint8_t)len };

	memcpy(out, head, 8);
	if (len > 0)
		memcpy(out + 8, content, len);
	return 8 + len;
}

/* A whole request; length: what CONTENT_LENGTH says. */
static size_t
compose(uint8_t *out, const char *body, size_t body_len, size_t length, bool keep)
{
	const uint8_t begin[8] = { 0, 1, keep };
	char          params[64];
	size_t        n = record(out, 1, begin, 8);
	int           digits = snprintf(params + 16, 16, "%zu", length);

	memcpy(params + 2, "CONTENT_LENGTH", 14);
	params[0] = 14;
	params[1] = (char)digits;
	n += record(out + n, 4, params, 16 + (size_t)digits);
	n += record(out + n, 4, NULL, 0);
	for (size_t off = 0; off < body_len; off += 60000)
		n += record(out + n, 5, body + off, body_len - off > 60000 ? 60000 : body_len - off);
	return n + record(out + n, 5, NULL, 0);
}

static void
ask(int fd, const char *body, bool keep)
{
	uint8_t out[4096];
	size_t  n = compose(out, body, strlen(body), strlen(body), keep);

	assert_int_equal(write(fd, out, n), n);
}

/* `make check-valgrind` says so: there everything is slow, and memory says nothing. */
static bool
is_valgrind(void)
{
	return getenv("FF_TEST_SHORT") != NULL;
}

/* Reads records until END_REQUEST; the text of STDOUT behind the head is left in out. False: the peer closed first. */
static bool
hear(int fd, char *out, size_t max)
{
	char   text[8192];
	size_t len = 0;

	for (;;) {
		uint8_t head[8], content[65536];
		size_t  want;

		if (recv(fd, head, 8, MSG_WAITALL) != 8)
			return false;
		want = (size_t)(head[4] << 8 | head[5]) + head[6];
		if (want > 0 && recv(fd, content, want, MSG_WAITALL) != (ssize_t)want)
			return false;
		if (head[1] == 6 && len + want < sizeof(text)) {
			memcpy(text + len, content, want - head[6]);
			len += want - head[6];
		}
		if (head[1] == 3)
			break;
	}
	text[len] = '\0';
	snprintf(out, max, "%s", strstr(text, "\r\n\r\n") ? strstr(text, "\r\n\r\n") + 4 : "");
	return true;
}

static bool
closed(int fd)
{
	char c;

	return recv(fd, &c, 1, 0) == 0;
}

static void
a_kept_connection_serves_many_requests_and_another_is_closed_by_us(void **state)
{
	char text[100];
	int  fd;

	(void)state;
	start(64);
	fd = dial();
	for (int i = 0; i < 100; i++) {
		ask(fd, i % 2 ? "record" : "none", true);
		assert_true(hear(fd, text, sizeof(text)));
		assert_string_equal(text, i % 2 ? "OK 6" : "OK 4");
	}
	ask(fd, "rec", false);
	assert_true(hear(fd, text, sizeof(text)));
	assert_true(closed(fd));
	assert_int_equal(shared->committed, 51);
	assert_int_equal(end(SIGTERM), 0);
}

static void
requests_that_come_during_a_commit_share_the_next_one(void **state)
{
	char text[100];
	int  fds[40];

	(void)state;
	start(64);
	shared->commit_ms = 100;
	for (int i = 0; i < 40; i++) {
		fds[i] = dial();
		ask(fds[i], "record", true);
	}
	for (int i = 0; i < 40; i++) {
		assert_true(hear(fds[i], text, sizeof(text)));
		close(fds[i]);
	}
	assert_int_equal(shared->committed, 40);
	assert_true(shared->commits <= 4);
	assert_true(shared->largest >= 10);
	assert_int_equal(end(SIGTERM), 0);
}

static void
half_a_request_delays_nobody_and_is_answered_when_it_is_whole(void **state)
{
	uint8_t out[4096];
	char    text[100];
	size_t  n = compose(out, "record", 6, 6, true);
	int     slow, fast;
	int64_t before;

	(void)state;
	start(64);
	slow = dial();
	assert_int_equal(write(slow, out, 30), 30);
	usleep(30000);
	fast = dial();
	before = ff_now();
	for (int i = 0; i < 200; i++) {
		ask(fast, "none", true);
		assert_true(hear(fast, text, sizeof(text)));
	}
	assert_true(ff_now() - before < 2 * FF_US_S); /* not a wait each */
	for (size_t off = 30; off < n; off++) {
		assert_int_equal(write(slow, out + off, 1), 1);
		usleep(1000);
	}
	assert_true(hear(slow, text, sizeof(text)));
	assert_string_equal(text, "OK 6");
	assert_int_equal(end(SIGTERM), 0);
}

static void
long_bodies_and_wrong_lengths_are_told_to_the_room(void **state)
{
	static uint8_t out[2000000];
	static char    body[1500000];
	const size_t   lens[] = { 1000, 1001, 30000, 200000, 1400000 };
	char           text[100];
	size_t         n;
	int            fd;

	(void)state;
	memset(body, 'x', sizeof(body));
	start(64);
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		fd = dial();
		n = compose(out, body, lens[i], lens[i], true);
		for (size_t off = 0; off < n;) {
			ssize_t sent = send(fd, out + off, n - off, MSG_NOSIGNAL);

			assert_true(sent > 0);
			off += (size_t)sent;
		}
		assert_true(hear(fd, text, sizeof(text)));
		assert_string_equal(text, lens[i] > 1000 ? "TOO_LARGE 0" : "OK 1000");
		/* A web server that was promised the connection may have another's request on it by now. */
		ask(fd, "record", true);
		assert_true(hear(fd, text, sizeof(text)));
		assert_string_equal(text, "OK 6");
		close(fd);
	}
	fd = dial();
	n = compose(out, body, 5, 6, true);
	assert_int_equal(write(fd, out, n), n);
	assert_true(hear(fd, text, sizeof(text)));
	assert_string_equal(text, "INVALID 0");
	assert_int_equal(end(SIGTERM), 0);
}

/* ---- large bodies ---- */

enum { MIB = 1024 * 1024 };

/* A sanitizer keeps freed memory, and more of it: then the figures say nothing. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer)
#define SANITIZED true
#else
#define SANITIZED false
#endif
#define MEMORY_FACTOR (SANITIZED || is_valgrind() ? 1000 : 1)

static uint8_t large[MIB + 4096];

static size_t
compose_large(size_t len)
{
	static char body[MIB + 1];

	memset(body, 'x', sizeof(body));
	return compose(large, body, len, len, true);
}

/* Up to so many bytes of it; fewer where the peer has hung up. */
static size_t
send_upto(int fd, size_t from, size_t to)
{
	while (from < to) {
		ssize_t sent = send(fd, large + from, to - from, MSG_NOSIGNAL);

		if (sent <= 0)
			break;
		from += (size_t)sent;
	}
	return from;
}

static long
child_kb(const char *what)
{
	char  name[64], line[256];
	long  kb = 0;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)child);
	file = fopen(name, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, what, strlen(what)) == 0)
			kb = strtol(line + strlen(what) + 1, NULL, 10);
	fclose(file);
	return kb;
}

static void
a_batch_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(void **state)
{
	char   text[100];
	size_t n;
	int    fd;

	(void)state;
	body_max = MIB;
	start(64);
	fd = dial();
	for (int i = 0; i < 6; i++) {
		n = compose_large((size_t)MIB + i % 2);
		assert_int_equal(send_upto(fd, 0, n), n);
		assert_true(hear(fd, text, sizeof(text)));
		assert_string_equal(text, i % 2 ? "TOO_LARGE 0" : "OK 1048576");
	}
	assert_int_equal(end(SIGTERM), 0);
}

static void
a_body_that_drips_delays_nobody(void **state)
{
	char    text[100];
	int64_t before;
	size_t  n = compose_large(MIB), off = 0;
	int     slow, fast;

	(void)state;
	start(64);
	slow = dial();
	fast = dial();
	before = ff_now();
	for (int i = 0; i < 200; i++) {
		off = send_upto(slow, off, off + 5000);
		ask(fast, "none", true);
		assert_true(hear(fast, text, sizeof(text)));
	}
	assert_true(ff_now() - before < 2 * FF_US_S);
	assert_int_equal(send_upto(slow, off, n), n);
	assert_true(hear(slow, text, sizeof(text)));
	assert_string_equal(text, "OK 1048576");
	assert_int_equal(end(SIGTERM), 0);
}

/* 60 clients have sent almost a megabyte each: more than all may hold. */
static void
half_batches_beyond_the_budget_are_told_to_come_again(void **state)
{
	char   text[100];
	size_t n = compose_large(MIB);
	int    fds[60], good = 0, busy = 0;
	long   small, held;

	(void)state;
	start(64);
	fds[0] = dial();
	ask(fds[0], "none", true);
	assert_true(hear(fds[0], text, sizeof(text)));
	small = child_kb("VmRSS");
	close(fds[0]);
	for (int i = 0; i < 60; i++) {
		fds[i] = dial();
		assert_int_equal(send_upto(fds[i], 0, n - 16), n - 16);
	}
	usleep(50000);
	held = child_kb("VmRSS");
	for (int i = 0; i < 60; i++) {
		assert_int_equal(send_upto(fds[i], n - 16, n), n);
		assert_true(hear(fds[i], text, sizeof(text)));
		good += strcmp(text, "OK 1048576") == 0;
		busy += strcmp(text, "BUSY 0") == 0;
	}
	assert_int_equal(good + busy, 60);
	assert_true(good >= 10);
	assert_true(busy >= 10);
	assert_true(held - small < 40 * 1024 * MEMORY_FACTOR);
	for (int i = 0; i < 60; i += 2) { /* half of them go away in the middle of the next one */
		send_upto(fds[i], 0, 700000);
		close(fds[i]);
	}
	usleep(100000);
	assert_int_equal(send_upto(fds[1], 0, n), n);
	assert_true(hear(fds[1], text, sizeof(text)));
	assert_string_equal(text, "OK 1048576");
	usleep(1300000);
	ask(fds[3], "none", true);
	assert_true(hear(fds[3], text, sizeof(text)));
	assert_true(child_kb("VmRSS") - small < 2048 * MEMORY_FACTOR); /* all of it has gone back to the system */
	assert_int_equal(end(SIGTERM), 0);
	body_max = 1000;
	for (int i = 1; i < 60; i += 2)
		close(fds[i]);
}

/* The disk takes its time, and 60 clients have sent three kilobytes each that become a megabyte of records. */
static void
records_beyond_the_budget_are_told_to_come_again(void **state)
{
	char text[100], body[3001];
	int  fds[60], waiting, single, good = 0, busy = 0;
	long small, held;

	(void)state;
	body_max = MIB;
	start(80);
	memset(body, 'R', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	waiting = dial();
	ask(waiting, "none", true);
	assert_true(hear(waiting, text, sizeof(text)));
	small = child_kb("VmRSS");
	shared->commit_ms = 1500;
	ask(waiting, "r", true);
	usleep(100000);
	for (int i = 0; i < 60; i++) {
		fds[i] = dial();
		ask(fds[i], body, true);
	}
	single = dial();
	ask(single, "r", true);
	usleep(300000);
	held = child_kb("VmRSS");
	shared->commit_ms = 0;
	for (int i = 0; i < 60; i++) {
		assert_true(hear(fds[i], text, sizeof(text)));
		good += strcmp(text, "OK 3000") == 0;
		busy += strcmp(text, "BUSY 0") == 0;
		close(fds[i]);
	}
	assert_int_equal(good + busy, 60);
	assert_true(good >= 10);
	assert_true(busy >= 10);
	assert_true(held - small < 44 * 1024 * MEMORY_FACTOR);
	assert_true(hear(single, text, sizeof(text)));
	assert_string_equal(text, "OK 1");
	close(single);
	close(waiting);
	assert_int_equal(end(SIGTERM), 0);
	body_max = 1000;
}

/* Nobody may rely on it, but nobody shall hang for it. */
static void
what_comes_while_a_connection_is_parked_is_seen_afterwards(void **state)
{
	char text[100];
	int  fd, other;

	(void)state;
	start(64);
	shared->commit_ms = is_valgrind() ? 1000 : 100;
	fd = dial();
	other = dial();
	ask(fd, "record", true);
	ask(other, "record", true);
	usleep(is_valgrind() ? 500000 : 50000);
	ask(fd, "second", true);
	shutdown(other, SHUT_WR);
	assert_true(hear(fd, text, sizeof(text)));
	assert_true(hear(fd, text, sizeof(text)));
	assert_string_equal(text, "OK 6");
	assert_true(hear(other, text, sizeof(text)));
	assert_true(closed(other));
	assert_int_equal(end(SIGTERM), 0);
}

static void
what_is_no_fastcgi_is_hung_up_on(void **state)
{
	int fd;

	(void)state;
	start(64);
	fd = dial();
	assert_int_equal(write(fd, "GET / HTTP/1.1\r\n\r\n", 18), 18);
	assert_true(closed(fd) || errno == ECONNRESET);
	assert_int_equal(end(SIGTERM), 0);
}

static void
a_new_connection_takes_the_place_of_the_idlest_kept_one(void **state)
{
	char text[100];
	int  fds[16], late;

	(void)state;
	start(16);
	for (int i = 0; i < 16; i++) {
		fds[i] = dial();
		ask(fds[i], "none", true);
		assert_true(hear(fds[i], text, sizeof(text)));
	}
	usleep(1300000);
	late = dial();
	ask(late, "record", true);
	assert_true(hear(late, text, sizeof(text)));
	assert_true(closed(fds[0]));
	assert_int_equal(end(SIGTERM), 0);
}

static void
without_descriptors_connections_wait_and_are_served_when_there_are_some(void **state)
{
	char text[100];
	int  fds[60];

	(void)state;
	open_files = 30;
	start(1024);
	open_files = 0;
	for (int i = 0; i < 60; i++)
		fds[i] = dial();
	usleep(300000);
	for (int i = 0; i < 60; i++) {
		ask(fds[i], "record", false);
		assert_true(hear(fds[i], text, sizeof(text)));
		assert_true(closed(fds[i]));
		close(fds[i]);
	}
	assert_int_equal(shared->committed, 60);
	assert_int_equal(end(SIGTERM), 0);
}

static void
sigterm_answers_what_is_parked_and_what_has_been_sent(void **state)
{
	char text[100];
	int  fds[20];

	(void)state;
	start(64);
	shared->commit_ms = 100;
	for (int i = 0; i < 20; i++) {
		fds[i] = dial();
		ask(fds[i], "record", true);
	}
	usleep(20000);
	kill(child, SIGTERM);
	for (int i = 0; i < 20; i++) {
		assert_true(hear(fds[i], text, sizeof(text)));
		assert_string_equal(text, "OK 6");
		assert_true(closed(fds[i]));
	}
	assert_int_equal(end(0), 0);
}

static void
a_broken_disk_ends_the_process_after_the_replies(void **state)
{
	char text[100];
	int  fd;

	(void)state;
	start(64);
	shared->commit_err = FF_IO;
	fd = dial();
	ask(fd, "record", true);
	assert_true(hear(fd, text, sizeof(text)));
	assert_int_equal(end(0), 1);
}

static int
set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/ffloop.%d.sock", (int)getpid());
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return shared == MAP_FAILED;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return munmap(shared, sizeof(*shared));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kept_connection_serves_many_requests_and_another_is_closed_by_us),
		cmocka_unit_test(requests_that_come_during_a_commit_share_the_next_one),
		cmocka_unit_test(half_a_request_delays_nobody_and_is_answered_when_it_is_whole),
		cmocka_unit_test(long_bodies_and_wrong_lengths_are_told_to_the_room),
		cmocka_unit_test(a_batch_of_exactly_the_limit_is_taken_and_one_byte_more_is_not),
		cmocka_unit_test(a_body_that_drips_delays_nobody),
		cmocka_unit_test(half_batches_beyond_the_budget_are_told_to_come_again),
		cmocka_unit_test(records_beyond_the_budget_are_told_to_come_again),
		cmocka_unit_test(what_comes_while_a_connection_is_parked_is_seen_afterwards),
		cmocka_unit_test(what_is_no_fastcgi_is_hung_up_on),
		cmocka_unit_test(a_new_connection_takes_the_place_of_the_idlest_kept_one),
		cmocka_unit_test(without_descriptors_connections_wait_and_are_served_when_there_are_some),
		cmocka_unit_test(sigterm_answers_what_is_parked_and_what_has_been_sent),
		cmocka_unit_test(a_broken_disk_ends_the_process_after_the_replies),
	};

	return cmocka_run_group_tests_name("loop", tests, set_up, tear_down);
}
