/* The worker, spoken to in raw FastCGI: kept, silent, broken and too many connections. FF_BUILDDIR says where
 * tests/serve/server is; each test has its own process on its own socket. */
#include "tests/lib/unit.h"

#include "base/buf.h"
#include "serve/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* gcc and clang say it in different words. */
#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };

struct world {
	char  dir[64], path[80];
	pid_t pid;
	int   listener;
};

/* ---- the server ---- */

static void
server_start(struct world *w, rlim_t files, const char *workers)
{
	const char *build = getenv("FF_BUILDDIR");
	char        program[1024];

	snprintf(program, sizeof program, "%s/tests/serve/server", build != NULL ? build : ".");
	assert_ok(ff_listen_unix(w->path, &w->listener));
	w->pid = fork();
	assert_true(w->pid >= 0);
	if (w->pid == 0) {
		struct rlimit limit = { files, files };

		if (files > 0)
			setrlimit(RLIMIT_NOFILE, &limit);
		dup2(w->listener, 0);
		execl(program, program, "--workers", workers, (char *)NULL);
		_exit(99);
	}
}

static int
open_world(void **state)
{
	struct world *w = ff_xcalloc(1, sizeof *w);

	snprintf(w->dir, sizeof w->dir, "/tmp/ffserve.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->path, sizeof w->path, "%s/s", w->dir);
	*state = w;
	return 0;
}

/* Every server must leave quietly when asked. */
static int
close_world(void **state)
{
	struct world *w = *state;
	int           status = 0;
	pid_t         gone = 0;

	if (w->pid > 0)
		kill(w->pid, SIGTERM);
	for (int i = 0; i < 500 && w->pid > 0 && gone == 0; i++) {
		gone = waitpid(w->pid, &status, WNOHANG);
		usleep(10000);
	}
	if (w->pid > 0 && gone == 0) {
		kill(w->pid, SIGKILL);
		status = -1;
	}
	close(w->listener);
	unlink(w->path);
	rmdir(w->dir);
	free(w);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* ---- a client ---- */

static int
dial(const struct world *w)
{
	struct sockaddr_un   addr = { .sun_family = AF_UNIX };
	const struct timeval limit = { .tv_sec = 5 };
	int                  fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(addr.sun_path, w->path, strlen(w->path));
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof addr), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	return fd;
}

static void
put_record(struct ff_buf *out, int type, const void *p, size_t len)
{
	ff_buf_char(out, 1);
	ff_buf_char(out, (char)type);
	ff_buf_be16(out, 1);
	ff_buf_be16(out, (uint16_t)len);
	ff_buf_be16(out, 0);
	ff_buf_put(out, p, len);
}

static void
put_param(struct ff_buf *out, const char *name, const char *value)
{
	ff_buf_char(out, (char)strlen(name));
	ff_buf_char(out, (char)strlen(value));
	ff_buf_z(out, name);
	ff_buf_z(out, value);
}

static void
put_request(struct ff_buf *out, const char *method, const char *uri, size_t body, bool keep)
{
	const char    begin[8] = { 0, 1, (char)keep };
	struct ff_buf params;
	char          length[24], chunk[4096];

	memset(chunk, 'x', sizeof chunk);
	snprintf(length, sizeof length, "%zu", body);
	ff_buf_init(&params, 65535);
	put_param(&params, "REQUEST_METHOD", method);
	put_param(&params, "REQUEST_URI", uri);
	put_param(&params, "CONTENT_LENGTH", length);
	put_record(out, BEGIN, begin, sizeof begin);
	put_record(out, PARAMS, params.p, params.len);
	put_record(out, PARAMS, NULL, 0);
	for (; body > 0; body -= body < sizeof chunk ? body : sizeof chunk)
		put_record(out, STDIN, chunk, body < sizeof chunk ? body : sizeof chunk);
	put_record(out, STDIN, NULL, 0);
	ff_buf_free(&params);
}

static bool
read_exactly(int fd, void *p, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = recv(fd, (char *)p + done, len - done, 0);

		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

/* The status of the next answer, 0 where the connection ended instead. */
static int
read_answer(int fd)
{
	unsigned char head[8];
	char          data[65536 + 256], first[64] = "";

	for (;;) {
		size_t len;

		if (!read_exactly(fd, head, sizeof head))
			return 0;
		len = (size_t)(head[4] << 8 | head[5]) + head[6];
		if (!read_exactly(fd, data, len))
			return 0;
		if (head[1] == STDOUT && first[0] == '\0' && len > 0)
			snprintf(first, sizeof first, "%.*s", (int)(len < 60 ? len : 60), data);
		if (head[1] == END)
			return strncmp(first, "Status: ", 8) == 0 ? (int)strtol(first + 8, NULL, 10) : -1;
	}
}

static int
ask(int fd, const char *method, const char *uri, size_t body, bool keep)
{
	struct ff_buf out;
	int           status;

	ff_buf_init(&out, 16 << 20);
	put_request(&out, method, uri, body, keep);
	for (size_t done = 0; done < out.len;) {
		ssize_t n = send(fd, out.p + done, out.len - done, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	ff_buf_free(&out);
	status = read_answer(fd);
	return status;
}

static int
ask_once(const struct world *w, const char *uri)
{
	int fd = dial(w), status = ask(fd, "GET", uri, 0, false);

	close(fd);
	return status;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Answered, and soon: nobody was waited for. */
static void
assert_prompt(const struct world *w, int64_t ms)
{
	int64_t before = now_ms();

	assert_int_equal(ask_once(w, "/api/hello"), 200);
	assert_in_range(now_ms() - before, 0, ms);
}

/* ---- behaviour ---- */

static void
one_connection_serves_many_requests(void **state)
{
	struct world *w = *state;
	int           fd;

	server_start(w, 0, "1");
	fd = dial(w);
	for (int i = 0; i < 200; i++)
		assert_int_equal(ask(fd, i % 2 ? "POST" : "GET", i % 2 ? "/api/echo" : "/api/hello", i % 2 ? 700 : 0, true), 200);
	close(fd);
	assert_prompt(w, 1000);
}

static void
a_connection_not_to_be_kept_is_closed(void **state)
{
	struct world *w = *state;
	int64_t       before;
	int           fd;
	char          c;

	server_start(w, 0, "1");
	fd = dial(w);
	assert_int_equal(ask(fd, "GET", "/api/hello", 0, false), 200);
	before = now_ms();
	assert_int_equal(recv(fd, &c, 1, 0), 0);
	assert_in_range(now_ms() - before, 0, 500);
	close(fd);
}

static void
kept_and_silent_connections_bind_nobody(void **state)
{
	struct world *w = *state;
	int           fds[40];

	server_start(w, 0, "1");
	for (int i = 0; i < 40; i++) {
		fds[i] = dial(w);
		if (i % 2 == 0)
			assert_int_equal(ask(fds[i], "GET", "/api/hello", 0, true), 200);
	}
	assert_prompt(w, 1500);
	for (int i = 0; i < 40; i++)
		assert_int_equal(ask(fds[i], "GET", "/api/hello", 0, true), 200);
	for (int i = 0; i < 40; i++)
		close(fds[i]);
}

static void
more_silent_connections_than_places_are_let_go(void **state)
{
	struct world *w = *state;
	int           fds[150];

	server_start(w, 0, "1");
	for (int i = 0; i < 150; i++)
		fds[i] = dial(w);
	assert_prompt(w, 5000);
	for (int i = 0; i < 150; i++)
		close(fds[i]);
	assert_prompt(w, 1000);
}

static void
nonsense_and_half_requests_leave_no_trace(void **state)
{
	struct world *w = *state;
	struct ff_buf out;
	char          junk[4096];
	int           fd;

	server_start(w, 0, "1");
	for (size_t i = 0; i < sizeof junk; i++)
		junk[i] = (char)(i * 7919 >> 3);
	fd = dial(w);
	send(fd, junk, sizeof junk, MSG_NOSIGNAL);
	close(fd);
	assert_prompt(w, 1000);
	ff_buf_init(&out, 1 << 20);
	put_request(&out, "POST", "/api/echo", 900, true);
	for (size_t cut = 1; cut < out.len; cut += 13) {
		fd = dial(w);
		send(fd, out.p, cut, MSG_NOSIGNAL);
		close(fd);
	}
	ff_buf_free(&out);
	assert_prompt(w, 1000);
}

static void
a_body_over_the_limit_does_not_poison_the_connection(void **state)
{
	struct world *w = *state;
	int           fd;

	server_start(w, 0, "1");
	fd = dial(w);
	assert_int_equal(ask(fd, "POST", "/api/echo", 1000, true), 200);
	assert_int_equal(ask(fd, "POST", "/api/echo", 1001, true), 413);
	assert_int_equal(ask(fd, "POST", "/api/echo", 3000000, true), 413);
	assert_int_equal(ask(fd, "POST", "/api/hello", 5000, true), 405);
	assert_int_equal(ask(fd, "POST", "/api/echo", 1000, true), 200);
	close(fd);
}

static void
without_descriptors_it_waits_and_recovers(void **state)
{
	struct world *w = *state;
	int           fds[60];

	server_start(w, 12, "1");
	for (int i = 0; i < 60; i++)
		fds[i] = dial(w);
	usleep(500000);
	for (int i = 0; i < 60; i++)
		close(fds[i]);
	assert_prompt(w, 3000);
}

static void
asked_to_stop_it_finishes_the_request_in_hand(void **state)
{
	struct world *w = *state;
	struct ff_buf out;
	int           fd, kept, status;
	int64_t       before;

	server_start(w, 0, "2");
	kept = dial(w);
	assert_int_equal(ask(kept, "GET", "/api/hello", 0, true), 200);
	fd = dial(w);
	ff_buf_init(&out, 65536);
	put_request(&out, "GET", "/api/nap?ms=600", 0, false);
	send(fd, out.p, out.len, MSG_NOSIGNAL);
	ff_buf_free(&out);
	usleep(100000);
	before = now_ms();
	kill(w->pid, SIGTERM);
	assert_int_equal(read_answer(fd), 200);
	assert_int_equal(ask(kept, "GET", "/api/hello", 0, true), 200);
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_in_range(now_ms() - before, 0, 4000);
	close(fd);
	close(kept);
	w->pid = 0;
}

static void
only_a_stale_socket_is_replaced(void **state)
{
	struct world *w = *state;
	struct stat   st;
	char          path[200];
	int           fd, second, file;

	assert_ok(ff_listen_unix(w->path, &fd));
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_err(FF_CONFLICT, ff_listen_unix(w->path, &second));
	close(fd);
	assert_ok(ff_listen_unix(w->path, &fd));
	close(fd);
	unlink(w->path);
	file = open(w->path, O_CREAT | O_WRONLY, 0600);
	assert_err(FF_CONFLICT, ff_listen_unix(w->path, &fd));
	assert_int_equal(stat(w->path, &st), 0);
	close(file);
	unlink(w->path);
	snprintf(path, sizeof path, "%s/nowhere/s", w->dir);
	assert_err(FF_IO, ff_listen_unix(path, &fd));
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_err(FF_INVALID, ff_listen_unix(path, &fd));
	w->listener = -1;
}

static void
workers_stay_small(void **state)
{
	struct world *w = *state;
	unsigned long pages = 0;
	char          path[64];
	FILE         *f;
	int           fd;

	server_start(w, 0, "1");
	fd = dial(w);
	for (int i = 0; i < 300; i++)
		ask(fd, "POST", "/api/echo", (size_t)i * 10, true);
	close(fd);
	for (int i = 0; i < 3; i++)
		assert_int_equal(ask_once(w, "/api/large?lines=100000"), 200);
	snprintf(path, sizeof path, "/proc/%d/statm", (int)w->pid);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%*u %lu", &pages), 1);
	fclose(f);
	print_message("# resident: %lu KiB\n", pages * (unsigned long)sysconf(_SC_PAGESIZE) / 1024);
#if !UNDER_ASAN
	assert_in_range(pages * (unsigned long)sysconf(_SC_PAGESIZE), 1, 12 << 20);
#endif
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
	const struct CMUnitTest tests[] = {
		T(one_connection_serves_many_requests),
		T(a_connection_not_to_be_kept_is_closed),
		T(kept_and_silent_connections_bind_nobody),
		T(more_silent_connections_than_places_are_let_go),
		T(nonsense_and_half_requests_leave_no_trace),
		T(a_body_over_the_limit_does_not_poison_the_connection),
		T(without_descriptors_it_waits_and_recovers),
		T(asked_to_stop_it_finishes_the_request_in_hand),
		T(only_a_stale_socket_is_replaced),
		T(workers_stay_small),
	};

	return cmocka_run_group_tests_name("fcgi", tests, NULL, NULL);
}
