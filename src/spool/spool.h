/* spool.h - the durable queue: an acknowledged record is on disk before the acknowledgement.
 *
 * Bytes only: what a payload means is the caller's business (fact/tuple). Files: spool/<boot>-<pid>-<seq>.open,
 * sealed to .seg; layout, checksums, recovery and recycling are described in segment.h. Local file systems only.
 *
 * Writer: one thread of one process owns it. Reader: one drainer per spool directory (file lock). */
#ifndef FF_SPOOL_SPOOL_H
#define FF_SPOOL_SPOOL_H

#include "base/err.h"
#include "base/str.h"
#include "base/uuid.h"

struct ff_spool_writer;

struct ff_spool_options {
	const char *dir;
	uint32_t    segment_size;
	uint64_t    soft_limit, hard_limit; /* bytes of all segments together */
	unsigned    tuple_version;          /* named in each segment's header */
	bool        sync;                   /* false: durability = interval; ff_spool_sync is called by the owner */
};

struct ff_spool_record {
	struct ff_uuid event_id;
	int64_t        received_us;
	struct ff_str  payload; /* at most FF_RECORD_MAX less the header */
};

/* Makes the first segment (created, zero-filled, file and directory synced) before it returns. FF_STORAGE if it
 * cannot: disk full, read-only, over the hard limit. FF_INVALID: a segment size outside 32 KiB to 256 MiB. */
enum ff_err ff_spool_open(struct ff_spool_writer **writer, const struct ff_spool_options *options) ff_must_check;
/* Group commit: all n records are written and synced (one pwritev, one fdatasync, more only across a roll), then
 * FF_OK: they may be acknowledged. FF_STORAGE: none of them may be (the writer stays usable and tries again at
 * the next call; no drain will ever see them). FF_IO: a second failure, the process must exit. FF_INVALID: a
 * record is too large. */
enum ff_err ff_spool_append(struct ff_spool_writer *writer, const struct ff_spool_record *records, size_t n) ff_must_check;
enum ff_err ff_spool_sync(struct ff_spool_writer *writer) ff_must_check;  /* for durability = interval */
void        ff_spool_close(struct ff_spool_writer *writer); /* seals */

struct ff_spool_usage {
	uint64_t bytes;     /* of all segments, sealed, open and spare */
	uint64_t pending;   /* bytes of records not yet drained, as far as the directory shows */
	uint64_t records;   /* that these bytes hold */
	uint64_t segments;
	int64_t  oldest_us; /* receive time of the oldest record among the pending; 0 = none */
};
/* What of a segment was drained stands in the database: drained(ctx, segment) tells up to which offset, 0 = nothing of
 * it. NULL: every record that is still there counts as pending. */
enum ff_err ff_spool_usage(const char *dir, uint64_t (*drained)(void *ctx, const struct ff_uuid *segment), void *ctx,
    struct ff_spool_usage *out) ff_must_check;

/* ---- the drain's side ---- */

struct ff_spool_reader;

/* Where a record stands; the database keeps it. off = behind the record: the next one starts there. */
struct ff_spool_position {
	struct ff_uuid segment;
	uint64_t       off; /* 0 = the beginning */
};

struct ff_spool_segment {
	struct ff_uuid uuid;
	unsigned       tuple_version;
	bool           complete; /* no writer will add to it: sealed, or its writer is dead and the tail was repaired */
	uint64_t       end;      /* offset behind the last readable record, at the time of the look */
	char           name[96]; /* file name, for messages */
};

struct ff_spool_item {
	struct ff_uuid event_id;
	int64_t        received_us;
	struct ff_str  payload; /* valid until the segment is left */
	uint64_t       off;     /* of its header */
	uint64_t       next;    /* position behind it */
};

/* Takes the drain lock of the directory; FF_BUSY if another process drains it. */
enum ff_err ff_spool_reader_open(struct ff_spool_reader **reader, const char *dir) ff_must_check;
void        ff_spool_reader_close(struct ff_spool_reader *reader);
/* Looks at the directory anew: repairs segments of dead writers (bytes that are no record are copied to bad/
 * with a reason, never deleted), and lists all segments in order of writing. The array is valid until the next scan. */
enum ff_err ff_spool_scan(struct ff_spool_reader *reader, const struct ff_spool_segment **segments, size_t *n) ff_must_check;
/* Enters a segment at off; then _next gives FF_OK with a record, or FF_END at segment->end. */
enum ff_err ff_spool_seek(struct ff_spool_reader *reader, const struct ff_spool_segment *segment, uint64_t off) ff_must_check;
enum ff_err ff_spool_next(struct ff_spool_reader *reader, struct ff_spool_item *item) ff_must_check;
/* After the commit that finished a complete segment: unlink it, or hand it to the writers as a spare. */
enum ff_err ff_spool_retire(struct ff_spool_reader *reader, const struct ff_spool_segment *segment) ff_must_check;

#endif
