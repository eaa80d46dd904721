#include "serve/conn.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Read at once; ordinary requests have two kilobytes. */
#define READ_MAX (64 * 1024)
/* So many of them of one connection before others have their turn. */
#define READS 16

void
ff_conn_open(struct ff_conn *conn, int fd)
{
	/* Replies fit the socket's buffer; if one does not and the peer does not read, its thread loses this much. */
	const struct timeval limit = { .tv_usec = 200000 };

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	conn->fd = fd;
	conn->again = false;
	conn->request = NULL;
}

enum ff_conn_look
ff_conn_read(struct ff_conn *conn)
{
	static uint8_t buf[READ_MAX]; /* loop thread only */

	for (int i = 0; i < READS; i++) {
		ssize_t n = recv(conn->fd, buf, sizeof(buf), MSG_DONTWAIT);

		if (n < 0)
			return errno == EAGAIN ? FF_CONN_WAIT : errno == EINTR ? FF_CONN_MORE : FF_CONN_GONE;
		if (n == 0)
			return FF_CONN_GONE;
		switch (ff_frame_read(&conn->request->in, buf, (size_t)n)) {
		case FF_FRAME_WHOLE:
			return FF_CONN_READY;
		case FF_FRAME_BAD:
			return FF_CONN_GONE;
		case FF_FRAME_PART: /* read until nothing is left: epoll tells only of what comes then */
			break;
		}
	}
	return FF_CONN_MORE;
}

bool
ff_conn_is_silent(const struct ff_conn *conn)
{
	char c;

	return recv(conn->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

void
ff_conn_close(struct ff_conn *conn)
{
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
}
