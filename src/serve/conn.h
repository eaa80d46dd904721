/* conn.h - one connection from the web server, and the request on it: the collector's only contact with libfcgi.
 *
 * States: IDLE (armed in epoll), PART (half a request has come: looked at again by time), PARKED (belongs to the
 * committer thread), FREE. */
#ifndef FF_SERVE_CONN_H
#define FF_SERVE_CONN_H

#include "door/parcel.h"
#include "serve/frame.h"

#include <fcgiapp.h>
#include <stdatomic.h>

enum ff_conn_state { FF_CONN_FREE, FF_CONN_IDLE, FF_CONN_PART, FF_CONN_PARKED };

struct ff_conn {
	int              fd;
	_Atomic int      state;
	bool             keep;     /* the peer wants the connection for another request */
	int64_t          since_ms; /* in this state, for PART and IDLE */
	FCGX_Request     fcgi;
	struct ff_parcel parcel;
	/* Of a request that is longer than anything we take: everything before its body, while that is thrown away.
	 * It is read to its end before the answer: a web server may use a connection again as soon as the answer is
	 * there, before it sees it closed, and would lose somebody else's request on it. */
	uint8_t             *head; /* NULL: of none */
	size_t               head_len;
	struct ff_frame_skip skip;
	struct ff_conn *next; /* in the free list or the committer's queue */
};

enum ff_conn_look {
	FF_CONN_READY,   /* a whole request: ff_conn_read will not wait */
	FF_CONN_CUT,     /* a request longer than anything we take; its parameters can be read, its body is gone */
	FF_CONN_WAIT,    /* not yet */
	FF_CONN_GONE,    /* closed, or no FastCGI: close it */
};

void ff_conn_start(void); /* once a process, before any thread */
void ff_conn_open(struct ff_conn *conn, int fd);
enum ff_conn_look ff_conn_peek(struct ff_conn *conn);
/* Reads the request into the parcel; body must hold body_max + 1 bytes. False: the connection is gone, close it. */
bool ff_conn_read(struct ff_conn *conn, enum ff_conn_look look, char *body, size_t body_max);
/* Sends parcel->reply and ends the request. False: close the connection. */
bool ff_conn_reply(struct ff_conn *conn);
void ff_conn_close(struct ff_conn *conn);
/* CONTENT_LENGTH against what was read: sets parcel->body and body_err. */
void ff_parcel_body(struct ff_parcel *parcel, const char *body, size_t len, size_t body_max);

#endif
