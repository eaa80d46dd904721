#include "spool/mark.h"

#include "base/crc32c.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(sizeof(struct ff_mark) == 32, "layout of the mark");

static uint32_t
mark_crc(const struct ff_mark *mark)
{
	return ff_crc32c(0x4d415246, mark, offsetof(struct ff_mark, crc));
}

int
ff_mark_create(int dirfd, const char *base)
{
	char name[FF_SEGMENT_NAME];
	int  fd;

	ff_segment_name_print(base, FF_SEGMENT_MARK, 0, name);
	do
		fd = openat(dirfd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
	while (fd < 0 && errno == EINTR);
	if (fd >= 0 && !ff_disk_lock(fd)) {
		int err = errno;

		unlinkat(dirfd, name, 0);
		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

void
ff_mark_remove(int dirfd, const char *base, int fd)
{
	char name[FF_SEGMENT_NAME];

	ff_segment_name_print(base, FF_SEGMENT_MARK, 0, name);
	unlinkat(dirfd, name, 0);
	close(fd);
}

bool
ff_mark_write(int fd, const struct ff_uuid *segment, uint32_t off)
{
	struct ff_mark mark = { .segment = *segment, .off = off };

	mark.crc = mark_crc(&mark);
	return ff_disk_write(fd, &mark, sizeof mark, 0);
}

/* A mark that is just being written over is whole a moment later. */
bool
ff_mark_read(int dirfd, const char *file, struct ff_mark *out)
{
	int  fd = openat(dirfd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool whole = false;

	if (fd < 0)
		return false;
	for (int tries = 0; tries < 3 && !whole; tries++) {
		size_t got = 0;

		whole = ff_disk_read(fd, out, sizeof *out, 0, &got) && got == sizeof *out && out->crc == mark_crc(out);
	}
	close(fd);
	return whole;
}

struct collect {
	int              dirfd;
	struct ff_marks *marks;
};

static bool
mark_seen(void *ctx, const char *file, const struct ff_segment_name *name)
{
	struct collect *c = ctx;
	struct ff_mark  mark;

	if (name->kind != FF_SEGMENT_MARK || !ff_mark_read(c->dirfd, file, &mark))
		return true;
	c->marks->v = ff_xrealloc(c->marks->v, (c->marks->n + 1) * sizeof *c->marks->v);
	c->marks->v[c->marks->n++] = mark;
	return true;
}

bool
ff_marks_read(int dirfd, struct ff_marks *marks)
{
	struct collect c = { dirfd, marks };

	marks->n = 0;
	return ff_disk_list(dirfd, mark_seen, &c);
}

void
ff_marks_free(struct ff_marks *marks)
{
	free(marks->v);
	*marks = (struct ff_marks){ NULL, 0 };
}

uint32_t
ff_marks_find(const struct ff_marks *marks, const struct ff_uuid *segment)
{
	for (size_t i = 0; i < marks->n; i++)
		if (memcmp(&marks->v[i].segment, segment, sizeof *segment) == 0)
			return (uint32_t)marks->v[i].off;
	return FF_SEGMENT_HEADER;
}
