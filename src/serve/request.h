/* request.h - a request in hand: its bytes on the way in, the parcel, the reply on the way out. A connection has one
 * only while there is something of a request; idle connections cost next to nothing. */
#ifndef FF_SERVE_REQUEST_H
#define FF_SERVE_REQUEST_H

#include "serve/frame.h"

struct ff_request {
	struct ff_frame_reader in;
	const char           **env;
	size_t                 env_cap;
	size_t                 held; /* bytes that the budget of conns.c knows of */
	struct ff_parcel       parcel;
	struct ff_request     *next; /* in the pool */
};

struct ff_request *ff_request_make(size_t body_max);
void               ff_request_free(struct ff_request *request);
void               ff_request_clear(struct ff_request *request); /* for the next one */
size_t             ff_request_size(const struct ff_request *request); /* bytes that its buffers take */
/* The request has come whole: fills the upper half of its parcel. False: its parameters cannot be read. */
bool ff_request_open(struct ff_request *request);
/* The room is done with it. */
void ff_request_close(struct ff_request *request);
/* What came in is given back, too: only parcel and reply are left. */
void ff_request_slim(struct ff_request *request);
/* False: the peer does not take it. Waits at most as long as the socket's time limit says. */
bool ff_request_reply(const struct ff_request *request, int fd);

/* CONTENT_LENGTH against what was read: sets parcel->body and body_err. lost: why there is no body, or FF_OK. */
void ff_parcel_body(struct ff_parcel *parcel, struct ff_str body, enum ff_err lost);

#endif
