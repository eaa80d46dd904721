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
	bool   params; /* the parameters are complete: libfcgi can accept it without waiting */
};

enum ff_frame ff_frame_look(const uint8_t *p, size_t len, struct ff_frame_look *look);

#endif
