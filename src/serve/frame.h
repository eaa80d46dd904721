/* frame.h - does a whole FastCGI request stand in these bytes? Pure; looks only at record headers.
 *
 * libfcgi reads with blocking calls and no deadline. It is asked to read only what is there already, so the
 * event loop peeks first and decides by this. (FastCGI 1.0, sections 3.3 and 5.) */
#ifndef FF_SERVE_FRAME_H
#define FF_SERVE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ff_frame {
	FF_FRAME_PART,  /* more must come */
	FF_FRAME_WHOLE, /* up to the empty STDIN record */
	FF_FRAME_BAD,   /* no FastCGI, aborted, or another version */
};

struct ff_frame_look {
	size_t len;    /* WHOLE: bytes of the request */
	size_t params; /* bytes up to the end of the parameters; 0 = not complete: libfcgi could not accept it yet */
};

enum ff_frame ff_frame_look(const uint8_t *p, size_t len, struct ff_frame_look *look);

#define FF_FRAME_HEADER 8

/* The way through a body that nobody wants; all zero = at the beginning of a record. */
struct ff_frame_skip {
	uint8_t header[FF_FRAME_HEADER];
	size_t  have; /* bytes of it */
	size_t  left; /* of the record's content and padding */
};

/* Takes the next bytes of it. WHOLE: they end with it. BAD: they are something else, or there are more of them. */
enum ff_frame ff_frame_skip(struct ff_frame_skip *skip, const uint8_t *p, size_t len);
/* The empty STDIN record that ends the request whose first record is begin. */
void ff_frame_end(const uint8_t *begin, uint8_t out[FF_FRAME_HEADER]);

#endif
