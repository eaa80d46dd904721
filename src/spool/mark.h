/* mark.h - a writer's watermark: up to where its open segment is synced, and may be read while it lives.
 *
 * 32 bytes in BASE.mark (BASE of the writer's first segment), written over after each sync and never synced:
 * after a crash of the machine no writer lives, and the segment itself tells what it holds. Its own CRC tells a
 * half-written one. pwrite and not a mapping, because a full disk behind a mapping is a SIGBUS. */
#ifndef FF_SPOOL_MARK_H
#define FF_SPOOL_MARK_H

#include "spool/disk.h"

struct ff_mark {
	struct ff_uuid segment;
	uint64_t       off;
	uint32_t       unused;
	uint32_t       crc;
};

/* Creates and locks the file: descriptor or -1. */
int  ff_mark_create(int dirfd, const char *base);
void ff_mark_remove(int dirfd, const char *base, int fd);
bool ff_mark_write(int fd, const struct ff_uuid *segment, uint32_t off);
/* false: none, or just being written. */
bool ff_mark_read(int dirfd, const char *file, struct ff_mark *out);

/* The marks of all writers of a directory. */
struct ff_marks {
	struct ff_mark *v;
	size_t          n;
};

bool ff_marks_read(int dirfd, struct ff_marks *marks); /* what *marks held is replaced */
void ff_marks_free(struct ff_marks *marks);
/* Behind the last synced record, or FF_SEGMENT_HEADER where no mark names the segment. */
uint32_t ff_marks_find(const struct ff_marks *marks, const struct ff_uuid *segment);

#endif
