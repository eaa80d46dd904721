/* pending.h - records acknowledged but not yet synced, under durability = interval. All of them stand in the
 * open segment behind its last good offset; they are copied here so that they can be written again elsewhere. */
#ifndef FF_SPOOL_PENDING_H
#define FF_SPOOL_PENDING_H

#include "spool/segment.h"

struct ff_pending {
	struct ff_arena         arena;
	struct ff_spool_record *v;
	size_t                  n, cap;
	size_t                  bytes; /* in the segment */
};

size_t ff_records_size(const struct ff_spool_record *records, size_t n); /* in the segment */

void ff_pending_init(struct ff_pending *pending);
void ff_pending_free(struct ff_pending *pending);
void ff_pending_add(struct ff_pending *pending, const struct ff_spool_record *records, size_t n);
void ff_pending_clear(struct ff_pending *pending);

#endif
