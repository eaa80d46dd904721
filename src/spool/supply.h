/* supply.h - where a writer's next segment comes from: a spare, or a new file, zero-filled ahead of time in
 * small steps, so that a roll costs one small write, one fsync of the file and one of the directory. */
#ifndef FF_SPOOL_SUPPLY_H
#define FF_SPOOL_SUPPLY_H

#include "spool/disk.h"

struct ff_supply {
	const char *dir;
	int         dirfd;
	uint32_t    segment_size;
	uint64_t    soft_limit, hard_limit;
	char        writer[24]; /* "<boot>-<pid>" */
	int64_t     last_us;    /* newest name given */
	bool        alarmed;    /* over the soft limit */
	int         pause;      /* calls of ff_supply_prepare to let pass after a failure */

	int      next; /* the coming segment, locked; -1 = none yet */
	uint32_t filled;
	bool     ready, recycled;
	char     next_name[FF_SEGMENT_NAME];
};

/* dirfd stays the caller's. */
void ff_supply_init(struct ff_supply *supply, const struct ff_spool_options *options, int dirfd);
/* Does a part of the work for the next segment, at most `bytes` of zeros. Errors are left for ff_supply_take. */
void ff_supply_prepare(struct ff_supply *supply, uint32_t bytes);
/* Finishes the next segment: header written, file synced, renamed to .open, directory synced, in this order.
 * Fills header->{uuid,created_us,size,flags} and completes it. FF_STORAGE or FF_IO, nothing is left then. */
enum ff_err ff_supply_take(struct ff_supply *supply, struct ff_segment_header *header, int *fd,
    char base[FF_SEGMENT_NAME]) ff_must_check;
void ff_supply_free(struct ff_supply *supply); /* what was prepared becomes a spare, or goes */

#endif
