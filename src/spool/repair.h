/* repair.h - what a segment's bytes still tell when no footer does, and where bytes go that are no record. */
#ifndef FF_SPOOL_REPAIR_H
#define FF_SPOOL_REPAIR_H

#include "spool/disk.h"

struct ff_walk {
	uint32_t end;   /* behind the last valid record */
	uint32_t count; /* of valid records */
	uint32_t gaps;  /* stretches between valid records that are none */
	uint32_t first_seq, last_seq;
	uint64_t bytes;
};

/* Walks all records of map[0..size), a segment's bytes up to its footer. gap (may be NULL) is called for each
 * stretch [from, to) that is no record though something of this segment was written there: between records,
 * and a torn tail. Total: any bytes are fine. */
void ff_segment_walk(const char *map, uint32_t size, const struct ff_segment_header *header,
    void (*gap)(void *ctx, uint32_t from, uint32_t to), void *ctx, struct ff_walk *out);

/* Copies bytes to bad/<uuid>-<offset>.bad, behind one line that says what and why, synced; once: where the file
 * is already there nothing happens. false: could not (logged). */
bool ff_bad_copy(int dirfd, const struct ff_uuid *uuid, uint32_t off, const char *p, size_t len, const char *why);
/* Moves a whole file to bad/, whatever it is. */
bool ff_bad_move(int dirfd, const char *file, const char *why);

#endif
