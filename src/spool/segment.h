/* segment.h - how records lie in a segment file, and what its names mean. Pure: bytes in, bytes out.
 *
 *   0          header, 64 bytes
 *   64         records: header of 40 bytes, payload, zeros up to the next multiple of 8
 *   size - 64  footer, 64 bytes, when the segment was sealed
 *
 * A segment is zero-filled once and used again and again: behind its last record stand zeros or records of an
 * earlier life. Every CRC is therefore seeded with the segment's uuid and the offset, so that bytes of another
 * life or another place do not validate. Numbers are in the machine's byte order: a spool does not travel.
 *
 * Names (BASE = <boot>-<pid>-<seq>, where seq is the time of creation in microseconds, in hex, so that names
 * never come back):
 *   BASE.open      its writer holds an OFD lock on it; a free lock means that the writer is dead or gone
 *   BASE.seg       sealed; the footer, where it is valid, tells its end
 *   BASE.END.cut   abandoned by its writer at offset END (8 hex digits): whatever stands behind END was never
 *                  acknowledged from here, but perhaps from a later segment, so nobody may read it
 *   BASE.spare     of no more use, or not yet; a writer that locks it may make it its next segment
 *   BASE.new       being zero-filled
 *   BASE.mark      a writer's watermark (mark.c)
 * A name says less than it promises only until the directory is synced: each rename is done before what
 * depends on it, and synced before an acknowledgement depends on it. */
#ifndef FF_SPOOL_SEGMENT_H
#define FF_SPOOL_SEGMENT_H

#include "base/limits.h"
#include "spool/spool.h"

#define FF_SEGMENT_HEADER 64
#define FF_SEGMENT_FOOTER 64
#define FF_SEGMENT_MIN (32 * 1024) /* any record fits an empty segment */
#define FF_SEGMENT_MAX (256 * 1024 * 1024)
#define FF_RECORD_HEADER 40

enum ff_segment_flag { FF_SEGMENT_RECYCLED = 1 }; /* behind the last record stands an earlier life, not zeros */

struct ff_segment_header {
	uint32_t       magic;
	uint8_t        version, flags;
	uint16_t       tuple_version;
	struct ff_uuid uuid;
	int64_t        created_us; /* grows with each segment of a writer, whatever the clock does */
	struct ff_uuid prev;       /* the writer's segment before this one (nil: none), and its last good offset */
	uint32_t       prev_end;
	uint32_t       size;
	uint32_t       first_seq;
	uint32_t       crc;
};

struct ff_record_header {
	uint8_t        magic, type;
	uint16_t       len; /* of the payload */
	uint32_t       seq; /* counts a writer's records over all its segments */
	uint32_t       crc; /* of this header, with 0 in this place */
	uint32_t       payload_crc;
	int64_t        received_us;
	struct ff_uuid event_id;
};

struct ff_segment_footer {
	uint32_t       magic;
	uint32_t       count; /* of records */
	struct ff_uuid uuid;
	uint32_t       end;   /* offset behind the last record */
	uint32_t       first_seq, last_seq;
	uint16_t       tuple_version, unused;
	uint64_t       bytes; /* of payloads */
	int64_t        created_us;
	uint32_t       unused2;
	uint32_t       crc;
};

uint32_t ff_segment_seed(const struct ff_uuid *uuid);
void     ff_segment_header_seal(struct ff_segment_header *header); /* fills magic, version, crc */
bool     ff_segment_header_valid(const struct ff_segment_header *header);
void     ff_segment_footer_seal(struct ff_segment_footer *footer, uint32_t size);
/* uuid NULL: any. */
bool ff_segment_footer_valid(const struct ff_segment_footer *footer, uint32_t size, const struct ff_uuid *uuid);

size_t ff_record_size(size_t payload); /* in the file */
/* Writes ff_record_size(record->payload.len) bytes. */
void ff_record_put(char *out, const struct ff_spool_record *record, uint32_t seed, uint32_t off, uint32_t seq);
/* A record stands whole and sound at p[0..avail), which is offset off of the segment. */
bool ff_record_valid(const char *p, size_t avail, uint32_t seed, uint32_t off);
/* At least its header does: the payload may be torn. */
bool ff_record_header_valid(const char *p, size_t avail, uint32_t seed, uint32_t off, struct ff_record_header *out);
/* First offset >= from and < end at which a record is valid, or end. map is the file from offset 0. */
uint32_t ff_record_search(const char *map, uint32_t from, uint32_t end, uint32_t seed);

enum ff_segment_kind {
	FF_SEGMENT_OTHER,
	FF_SEGMENT_OPEN,
	FF_SEGMENT_SEALED,
	FF_SEGMENT_CUT,
	FF_SEGMENT_SPARE,
	FF_SEGMENT_NEW,
	FF_SEGMENT_MARK,
};

#define FF_SEGMENT_NAME 96

struct ff_segment_name {
	enum ff_segment_kind kind;
	char                 base[FF_SEGMENT_NAME - 16];
	uint32_t             cut_end; /* of FF_SEGMENT_CUT */
};

void ff_segment_name_parse(const char *file, struct ff_segment_name *out);
void ff_segment_name_print(const char *base, enum ff_segment_kind kind, uint32_t cut_end, char out[FF_SEGMENT_NAME]);

#endif
