#include "spool/look.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tally {
	int                    dirfd;
	struct ff_marks        marks;
	struct ff_spool_usage *out;
	uint64_t (*drained)(void *ctx, const struct ff_uuid *segment);
	void *ctx;
};

/* As far as it can be told without reading the records. *count: of the whole segment; 0 = not known. */
static uint32_t
end_of(struct tally *t, int fd, const struct ff_segment_name *name, const struct ff_segment_header *header,
    uint32_t *count)
{
	struct ff_segment_footer footer;
	size_t                   got;

	*count = 0;
	if (name->kind == FF_SEGMENT_CUT)
		return name->cut_end;
	if (ff_disk_read(fd, &footer, sizeof footer, (off_t)header->size - FF_SEGMENT_FOOTER, &got) && got == sizeof footer
	    && ff_segment_footer_valid(&footer, header->size, &header->uuid)) {
		*count = footer.count;
		return footer.end;
	}
	return ff_marks_find(&t->marks, &header->uuid);
}

/* Of a segment that is drained in part, or still written to: there are few of these. */
static uint64_t
count_records(int fd, const char *file, const struct ff_segment_header *header, uint32_t from, uint32_t end)
{
	uint32_t seed = ff_segment_seed(&header->uuid);
	uint64_t n = 0;
	size_t   got;
	char    *map = ff_segment_load(fd, file, 0, end, &got);

	if (map == NULL)
		return 0;
	for (uint32_t at = from; at < got && (at = ff_record_search(map, at, (uint32_t)got, seed)) < got; n++) {
		struct ff_record_header record;

		memcpy(&record, map + at, sizeof record);
		at += (uint32_t)ff_record_size(record.len);
	}
	free(map);
	return n;
}

static void
count_segment(struct tally *t, int fd, const char *file, const struct ff_segment_name *name)
{
	struct ff_segment_header header;
	struct ff_record_header  record;
	uint64_t                 from = FF_SEGMENT_HEADER, end, off;
	uint32_t                 count;
	size_t                   got;

	t->out->segments++;
	if (!ff_disk_read(fd, &header, sizeof header, 0, &got) || got != sizeof header || !ff_segment_header_valid(&header))
		return;
	end = end_of(t, fd, name, &header, &count);
	if (end > header.size) /* a name of somebody else's making, a damaged watermark */
		return;
	if (t->drained != NULL && (off = t->drained(t->ctx, &header.uuid)) > from)
		from = off;
	if (from >= end)
		return;
	t->out->pending += end - from;
	t->out->records += from == FF_SEGMENT_HEADER && count > 0 ? count :
	    count_records(fd, file, &header, (uint32_t)from, (uint32_t)end);
	if (!ff_disk_read(fd, &record, sizeof record, (off_t)from, &got)
	    || !ff_record_header_valid((const char *)&record, got, ff_segment_seed(&header.uuid), (uint32_t)from, &record))
		return;
	if (t->out->oldest_us == 0 || record.received_us < t->out->oldest_us)
		t->out->oldest_us = record.received_us;
}

static bool
file_seen(void *ctx, const char *file, const struct ff_segment_name *name)
{
	struct tally *t = ctx;
	int           fd;

	if (name->kind != FF_SEGMENT_OPEN && name->kind != FF_SEGMENT_SEALED && name->kind != FF_SEGMENT_CUT)
		return true;
	fd = openat(t->dirfd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return true;
	count_segment(t, fd, file, name);
	close(fd);
	return true;
}

enum ff_err
ff_spool_usage(const char *dir, uint64_t (*drained)(void *ctx, const struct ff_uuid *segment), void *ctx,
    struct ff_spool_usage *out)
{
	int          dirfd = ff_disk_open_dir(dir);
	struct tally t = { .dirfd = dirfd, .out = out, .drained = drained, .ctx = ctx };
	bool         listed;

	memset(out, 0, sizeof *out);
	if (dirfd < 0)
		return FF_IO;
	listed = ff_disk_bytes(dirfd, &out->bytes) && ff_marks_read(dirfd, &t.marks) && ff_disk_list(dirfd, file_seen, &t);
	ff_marks_free(&t.marks);
	close(dirfd);
	return listed ? FF_OK : FF_IO;
}
