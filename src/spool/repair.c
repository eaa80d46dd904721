#include "spool/repair.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- walking ---- */

static uint32_t
zeros_from(const char *map, uint32_t from, uint32_t size)
{
	while (size > from && map[size - 1] == '\0')
		size--;
	return size;
}

/* Behind the last record: in a segment of its first life everything that is not zero was once written to it; in
 * later lives only what bears a valid header under this uuid is known to be ours. */
static uint32_t
torn_tail(const char *map, uint32_t end, uint32_t size, const struct ff_segment_header *header)
{
	struct ff_record_header h;
	uint32_t                seed = ff_segment_seed(&header->uuid);
	size_t                  record;

	if ((header->flags & FF_SEGMENT_RECYCLED) == 0)
		return zeros_from(map, end, size);
	if (!ff_record_header_valid(map + end, size - end, seed, end, &h))
		return end;
	record = ff_record_size(h.len);
	return record < size - end ? end + (uint32_t)record : size;
}

static void
walk_count(struct ff_walk *out, const char *p)
{
	struct ff_record_header h;

	memcpy(&h, p, sizeof h);
	if (out->count++ == 0)
		out->first_seq = h.seq;
	out->last_seq = h.seq;
	out->bytes += h.len;
}

void
ff_segment_walk(const char *map, uint32_t size, const struct ff_segment_header *header,
    void (*gap)(void *ctx, uint32_t from, uint32_t to), void *ctx, struct ff_walk *out)
{
	uint32_t                seed = ff_segment_seed(&header->uuid), at = FF_SEGMENT_HEADER;
	struct ff_record_header h;

	*out = (struct ff_walk){ .end = FF_SEGMENT_HEADER, .first_seq = header->first_seq };
	for (;;) {
		uint32_t from = at;

		at = ff_record_search(map, from, size, seed);
		if (at >= size)
			break;
		if (at > from) {
			out->gaps++;
			if (gap != NULL)
				gap(ctx, from, at);
		}
		walk_count(out, map + at);
		memcpy(&h, map + at, sizeof h);
		out->end = at += (uint32_t)ff_record_size(h.len);
	}
	if (gap != NULL && out->end < size && torn_tail(map, out->end, size, header) > out->end)
		gap(ctx, out->end, torn_tail(map, out->end, size, header));
}

/* ---- bad/ ---- */

static int
bad_dir(int dirfd)
{
	if (mkdirat(dirfd, "bad", 0770) != 0 && errno != EEXIST)
		return -1;
	return openat(dirfd, "bad", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool
bad_write(int fd, const char *head, const char *p, size_t len)
{
	size_t head_len = strlen(head);

	return ff_disk_write(fd, head, head_len, 0) && ff_disk_write(fd, p, len, (off_t)head_len) && ff_disk_sync(fd);
}

/* Written under a name that is not final, so that a name that is final means a whole copy. */
static bool
bad_put(int bad, const char *name, const char *head, const char *p, size_t len)
{
	char part[FF_SEGMENT_NAME + 8];
	int  fd;
	bool ok;

	snprintf(part, sizeof part, "%s.part", name);
	fd = openat(bad, part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return false;
	ok = bad_write(fd, head, p, len);
	close(fd);
	return ok && renameat(bad, part, bad, name) == 0 && ff_disk_sync(bad);
}

bool
ff_bad_copy(int dirfd, const struct ff_uuid *uuid, uint32_t off, const char *p, size_t len, const char *why)
{
	char id[37], name[FF_SEGMENT_NAME], head[256];
	int  bad = bad_dir(dirfd);
	bool ok;

	ff_uuid_print(uuid, id);
	snprintf(name, sizeof name, "%s-%08" PRIx32 ".bad", id, off);
	snprintf(head, sizeof head, "footfall: %zu bytes at offset %" PRIu32 " of segment %s: %s\n", len, off, id, why);
	if (bad >= 0 && faccessat(bad, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		close(bad);
		return true;
	}
	ok = bad >= 0 && bad_put(bad, name, head, p, len);
	if (ok)
		ff_warn("spool", "%zu bytes at offset %" PRIu32 " of segment %s went to bad/: %s", len, off, id, why);
	else
		ff_error("spool", "cannot copy to bad/%s: %s", name, strerror(errno));
	if (bad >= 0)
		close(bad);
	return ok;
}

bool
ff_bad_move(int dirfd, const char *file, const char *why)
{
	int  bad = bad_dir(dirfd);
	bool ok = bad >= 0 && renameat2(dirfd, file, bad, file, RENAME_NOREPLACE) == 0 && ff_disk_sync(bad);

	if (ok)
		ff_error("spool", "%s went to bad/: %s", file, why);
	else
		ff_error("spool", "cannot move %s to bad/: %s", file, strerror(errno));
	if (bad >= 0)
		close(bad);
	return ok;
}
