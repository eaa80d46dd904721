/* look.h - one look at a segment file: whose it is, whether anybody still writes to it, where it ends.
 *
 * Repairs on the way: what a dead writer left open gets its footer and its sealed name. */
#ifndef FF_SPOOL_LOOK_H
#define FF_SPOOL_LOOK_H

#include "spool/mark.h"

struct ff_seen {
	struct ff_spool_segment  public;
	struct ff_segment_header header;
	bool                     keep; /* bytes of it could not be copied to bad/: it may not be deleted */
};

/* false: not to be listed now: gone meanwhile, no segment (moved to bad/), or not readable (logged). */
bool ff_segment_look(int dirfd, const char *file, const struct ff_segment_name *name, const struct ff_marks *marks,
    struct ff_seen *out);
/* Opens by the name it had or has since been given; checks that it is the same segment. -1: not found. */
int ff_segment_reopen(int dirfd, struct ff_seen *seen);
/* Reads [from, to) into a fresh allocation; less at the end of the file. NULL: FF_IO, logged. */
char *ff_segment_load(int fd, const char *file, uint32_t from, uint32_t to, size_t *got);

#endif
