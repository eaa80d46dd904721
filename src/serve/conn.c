#include "serve/conn.h"

#include "base/limits.h"
#include "base/num.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Parameters and body of the longest request that is taken, with room for padding and record headers. */
#define PEEK_MAX (FF_ENV_MAX + FF_BEACON_MAX + 8 * 1024)
/* So many of them are thrown away of a longer body before others have their turn. */
#define SKIPS 16

void
ff_conn_start(void)
{
	/* libfcgi waits this long for a peer to close after an error; its default of 2 s would stop the loop. */
	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "1", 1);
	if (FCGX_Init() != 0)
		ff_panic("libfcgi does not start");
}

void
ff_conn_open(struct ff_conn *conn, int fd)
{
	/* Only whole requests are read, so these never strike; if they did, the loop would lose this much. */
	const struct timeval limit = { .tv_usec = 200000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	FCGX_InitRequest(&conn->fcgi, -1, 0);
	conn->fd = fd;
	conn->keep = true;
	if (conn->parcel.reply.ceiling == 0)
		ff_parcel_init(&conn->parcel);
}

/* Takes what stands before the body out of the socket, where len bytes are known to be. */
static enum ff_conn_look
head_take(struct ff_conn *conn, size_t len)
{
	conn->head = ff_xmalloc(len + FF_FRAME_HEADER);
	conn->head_len = len + FF_FRAME_HEADER;
	conn->skip = (struct ff_frame_skip){ 0 };
	if (recv(conn->fd, conn->head, len, MSG_DONTWAIT) != (ssize_t)len)
		return FF_CONN_GONE;
	ff_frame_end(conn->head, conn->head + len);
	return FF_CONN_WAIT;
}

static void
head_free(struct ff_conn *conn)
{
	free(conn->head);
	conn->head = NULL;
}

/* Throws the body away as far as it has come. */
static enum ff_conn_look
body_skip(struct ff_conn *conn, uint8_t *buf, size_t size)
{
	for (int i = 0; i < SKIPS; i++) {
		ssize_t n = recv(conn->fd, buf, size, MSG_DONTWAIT);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? FF_CONN_WAIT : FF_CONN_GONE;
		if (n == 0)
			return FF_CONN_GONE;
		switch (ff_frame_skip(&conn->skip, buf, (size_t)n)) {
		case FF_FRAME_WHOLE:
			return FF_CONN_CUT;
		case FF_FRAME_PART:
			break;
		case FF_FRAME_BAD:
			return FF_CONN_GONE;
		}
	}
	return FF_CONN_WAIT;
}

enum ff_conn_look
ff_conn_peek(struct ff_conn *conn)
{
	static uint8_t       buf[PEEK_MAX]; /* loop thread only */
	struct ff_frame_look look;
	ssize_t              n;

	if (conn->head != NULL)
		return body_skip(conn, buf, sizeof(buf));
	n = recv(conn->fd, buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? FF_CONN_WAIT : FF_CONN_GONE;
	if (n == 0)
		return FF_CONN_GONE;
	switch (ff_frame_look(buf, (size_t)n, &look)) {
	case FF_FRAME_WHOLE:
		/* Nobody pipelines on FastCGI; bytes behind the request would be lost in libfcgi's buffer. */
		return look.len == (size_t)n ? FF_CONN_READY : FF_CONN_GONE;
	case FF_FRAME_PART:
		if ((size_t)n < sizeof(buf))
			return FF_CONN_WAIT;
		if (look.params == 0 || head_take(conn, look.params) == FF_CONN_GONE)
			return FF_CONN_GONE;
		return body_skip(conn, buf, sizeof(buf));
	case FF_FRAME_BAD:
		break;
	}
	return FF_CONN_GONE;
}

static const char *
env_find(const char *const *env, const char *name)
{
	size_t len = strlen(name);

	for (; *env; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

void
ff_parcel_body(struct ff_parcel *parcel, const char *body, size_t len, size_t body_max)
{
	const char *said = env_find(parcel->env, "CONTENT_LENGTH");
	uint64_t    length;

	parcel->body_err = FF_OK;
	parcel->body = ff_str_of(body, len);
	if (len > body_max)
		parcel->body_err = FF_TOO_LARGE;
	else if (said && *said && (!ff_num_u64(ff_str_from(said), &length) || length != len))
		parcel->body_err = FF_INVALID;
	if (parcel->body_err != FF_OK)
		parcel->body = FF_STR_NONE;
}

/* The whole body is read even where it is too long: what stays behind would poison a kept connection. */
static size_t
read_body(struct ff_conn *conn, char *body, size_t body_max)
{
	char   rest[4096];
	size_t len = (size_t)FCGX_GetStr(body, (int)body_max + 1, conn->fcgi.in);

	if (len > body_max)
		while (FCGX_GetStr(rest, sizeof(rest), conn->fcgi.in) > 0)
			;
	return len;
}

/* libfcgi reads from descriptors only: the parameters of a request whose body is gone come through a pair of sockets. */
static int
head_pipe(struct ff_conn *conn)
{
	int  pair[2];
	bool sent;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	sent = send(pair[0], conn->head, conn->head_len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)conn->head_len;
	close(pair[0]);
	if (sent)
		return pair[1];
	close(pair[1]);
	return -1;
}

/* False: nothing is left open but the connection. */
static bool
accept_head(struct ff_conn *conn)
{
	int fd = head_pipe(conn);

	head_free(conn);
	if (fd < 0)
		return false;
	conn->fcgi.ipcFd = fd;
	conn->fcgi.keepConnection = 1;
	if (FCGX_Accept_r(&conn->fcgi) < 0) /* which has closed it */
		return false;
	close(fd);
	conn->fcgi.ipcFd = conn->fd;
	return true;
}

static bool
accept_whole(struct ff_conn *conn)
{
	conn->fcgi.ipcFd = conn->fd;
	conn->fcgi.keepConnection = 1;
	if (FCGX_Accept_r(&conn->fcgi) >= 0)
		return true;
	conn->fd = -1; /* libfcgi has closed it */
	return false;
}

bool
ff_conn_read(struct ff_conn *conn, enum ff_conn_look look, char *body, size_t body_max)
{
	struct ff_parcel *parcel = &conn->parcel;
	size_t            len = body_max + 1;

	if (look == FF_CONN_CUT ? !accept_head(conn) : !accept_whole(conn))
		return false;
	conn->keep = conn->fcgi.keepConnection;
	conn->fcgi.keepConnection = 1;
	parcel->env = (const char *const *)conn->fcgi.envp;
	if (look == FF_CONN_READY)
		len = read_body(conn, body, body_max);
	ff_parcel_body(parcel, body, len, body_max);
	ff_parcel_clear(parcel);
	return true;
}

bool
ff_conn_reply(struct ff_conn *conn)
{
	const struct ff_buf *reply = &conn->parcel.reply;

	FCGX_PutStr(reply->p, (int)reply->len, conn->fcgi.out);
	FCGX_Finish_r(&conn->fcgi);
	if (conn->fcgi.ipcFd < 0) { /* the write failed, and libfcgi has closed it */
		conn->fd = -1;
		return false;
	}
	/* Closing is ours: libfcgi's own way waits for the peer. */
	conn->fcgi.ipcFd = -1;
	return conn->keep;
}

void
ff_conn_close(struct ff_conn *conn)
{
	head_free(conn);
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
}
