/* res.h - a response, built whole: status, headers, body; one buffer with a ceiling, checked once by answer.
 * Only a stream may follow the body: exports. */
#ifndef FF_DOOR_RES_H
#define FF_DOOR_RES_H

#include "base/buf.h"

/* A body that is made while it is sent, of any length. Whoever makes one puts its first piece into res->body himself, so
 * that what fails at once can still become a status; and where that is all of it, an ordinary answer. */
struct ff_stream {
	/* Puts the next piece into out, some 64 KiB. FF_END: nothing more, the body is whole. Anything else: it is broken off,
	 * which the reader must see: the connection is closed without the end that HTTP and FastCGI know. */
	enum ff_err (*next)(struct ff_stream *stream, struct ff_buf *out);
	void (*close)(struct ff_stream *stream); /* once, however it ended */
};

struct ff_res {
	int           status; /* 200 until somebody says otherwise */
	const char   *content_type;
	struct ff_buf head; /* further header lines, each ended by CRLF; values are checked by ff_res_header */
	struct ff_buf body;
	bool          etag;    /* answer makes an ETag of the body and honours If-None-Match */
	int           max_age; /* seconds; 0 = ask again each time; -1 = no-store */
	int           fresh;   /* as in the route, which sets it; a handler may know better */
	int           retry_after; /* seconds, of an error 429 or 503; 0 = the usual */
	const char   *csp;     /* Content-Security-Policy; NULL = by the kind of answer (FF_CSP_DATA, FF_CSP_HTML) */
	bool          broken;  /* a header was refused: the answer becomes a 500 */
	char          tag[36]; /* the ETag with its quotes, set by answer; "" = none */
	struct ff_stream *stream; /* what comes behind body; NULL: nothing. Lives in the request's arena */
	struct ff_fault fault; /* what is wrong with the input, when the handler returns FF_INVALID & co. */
};

/* JSON, images, text: nothing in them may load or run anything. */
#define FF_CSP_DATA "default-src 'none'; frame-ancestors 'none'"
/* Pages: styles, scripts, images and requests from our own host only, nothing inline. */
#define FF_CSP_HTML                                                                                     \
	"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

void ff_res_init(struct ff_res *res);
void ff_res_reset(struct ff_res *res); /* for the next request; memory kept */
void ff_res_free(struct ff_res *res);
void ff_res_stream_end(struct ff_res *res); /* closes the stream, if there is one */
/* A control character in the value (header injection) makes the response a 500 and is logged. */
void ff_res_header(struct ff_res *res, const char *name, struct ff_str value);
/* A path of our own host: "/x", not "//x" or "/\\x", no control characters or spaces. */
bool ff_res_own_path(struct ff_str location);
/* 303 to a path of our own; anything else makes the response a 500 and is logged. */
void ff_res_redirect(struct ff_res *res, struct ff_str location);

#endif
