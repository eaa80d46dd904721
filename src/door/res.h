/* res.h - a response, built whole: status, headers, body; one buffer with a ceiling, checked once by answer. */
#ifndef FF_DOOR_RES_H
#define FF_DOOR_RES_H

#include "base/buf.h"

struct ff_res {
	int           status; /* 200 until somebody says otherwise */
	const char   *content_type;
	struct ff_buf head; /* further header lines, each ended by CRLF; values are checked by ff_res_header */
	struct ff_buf body;
	bool          etag;    /* answer makes an ETag of the body and honours If-None-Match */
	int           max_age; /* seconds; -1 = no-store */
	struct ff_fault fault; /* what is wrong with the input, when the handler returns FF_INVALID & co. */
};

void ff_res_init(struct ff_res *res);
void ff_res_reset(struct ff_res *res); /* for the next request; memory kept */
void ff_res_free(struct ff_res *res);
/* A control character in the value (header injection) makes the response a 500 and is logged. */
void ff_res_header(struct ff_res *res, const char *name, struct ff_str value);
/* 303 to a path of our own. */
void ff_res_redirect(struct ff_res *res, struct ff_str location);

#endif
