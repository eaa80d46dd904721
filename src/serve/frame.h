/* frame.h - a request out of FastCGI records, and records around a reply. Pure: bytes in, bytes out.
 *
 * The bytes of a request are taken as they come, in pieces of any size; parameters and body are gathered without the
 * records around them, so what a request costs is bounded by what it says. One request at a time on a connection.
 * (FastCGI 1.0, sections 3.3, 3.4, 5 and 8.) */
#ifndef FF_SERVE_FRAME_H
#define FF_SERVE_FRAME_H

#include "base/buf.h"
#include "door/parcel.h"

#include <sys/uio.h>

enum ff_frame {
	FF_FRAME_PART,  /* more must come */
	FF_FRAME_WHOLE, /* up to the empty STDIN record, and nothing behind it */
	FF_FRAME_BAD,   /* no FastCGI, aborted, two requests at once, or parameters beyond any measure */
};

#define FF_FRAME_HEADER 8

struct ff_frame_reader {
	struct ff_buf params; /* name-value pairs; ff_frame_env makes strings of them */
	struct ff_buf body;   /* up to its ceiling */
	enum ff_err   lost;   /* FF_OK; FF_TOO_LARGE: the body is longer than that; FF_BUSY: ff_frame_shed. It is read to its
	                       * end all the same: a web server may send the next request when it has the reply. */
	bool          keep;   /* the peer wants the connection for another request */

	/* The reader's own. */
	uint8_t header[FF_FRAME_HEADER];
	uint8_t id[2];
	uint8_t stage;
	size_t  have, content, padding; /* bytes of the header; to come of the record */
};

void ff_frame_init(struct ff_frame_reader *reader, size_t body_max);
void ff_frame_free(struct ff_frame_reader *reader);
/* For the next request; the memory of a small one is kept, that of a large one given back. */
void          ff_frame_clear(struct ff_frame_reader *reader);
enum ff_frame ff_frame_read(struct ff_frame_reader *reader, const uint8_t *p, size_t len);
/* Something of a request has come. */
bool ff_frame_begun(const struct ff_frame_reader *reader);
/* There is no room for this body: what came is given back, the rest will be thrown away. */
void ff_frame_shed(struct ff_frame_reader *reader);
/* Of a whole request: "NAME=value" strings, which lie in params, into *env (grown as needed, *cap entries, ended by
 * NULL). False: the pairs are no pairs. */
bool ff_frame_env(struct ff_frame_reader *reader, const char ***env, size_t *cap);

/* A reply with the records around it. */
#define FF_FRAME_CONTENT 65528 /* of one record, a multiple of 8 */
#define FF_FRAME_RECORDS ((FF_PARCEL_REPLY_MAX + FF_FRAME_CONTENT - 1) / FF_FRAME_CONTENT)

struct ff_frame_reply {
	uint8_t      heads[FF_FRAME_RECORDS][FF_FRAME_HEADER];
	uint8_t      end[3 * FF_FRAME_HEADER]; /* of the stream, and END_REQUEST */
	struct iovec iov[2 * FF_FRAME_RECORDS + 1];
	size_t       n;
};

/* reply: at most FF_PARCEL_REPLY_MAX; it is pointed to, not copied. */
void ff_frame_reply(const struct ff_frame_reader *reader, const struct ff_buf *reply, struct ff_frame_reply *out);

#endif
