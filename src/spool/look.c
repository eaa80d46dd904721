#include "spool/look.h"

#include "base/fault.h"
#include "base/log.h"
#include "spool/repair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct look {
	int                           dirfd, fd;
	const char                   *file;
	const struct ff_segment_name *name;
	uint32_t                      size; /* of the file */
	struct ff_seen               *out;
};

char *
ff_segment_load(int fd, const char *file, uint32_t from, uint32_t to, size_t *got)
{
	char *p = ff_xmalloc((size_t)(to - from) + 1);

	if (ff_disk_read(fd, p, to - from, from, got))
		return p;
	ff_error("spool", "cannot read %s: %s", file, strerror(errno));
	free(p);
	return NULL;
}

/* ---- identity ---- */

static bool
footer_read(struct look *l, const struct ff_uuid *uuid, struct ff_segment_footer *footer)
{
	size_t got;

	return l->size >= FF_SEGMENT_MIN
	    && ff_disk_read(l->fd, footer, sizeof *footer, (off_t)l->size - FF_SEGMENT_FOOTER, &got) && got == sizeof *footer
	    && ff_segment_footer_valid(footer, l->size, uuid);
}

/* Where the header is damaged, the footer says as much. */
static bool
header_read(struct look *l, struct ff_segment_header *header)
{
	struct ff_segment_footer footer;
	size_t                   got;

	if (!ff_disk_read(l->fd, header, sizeof *header, 0, &got)) {
		ff_error("spool", "cannot read %s: %s", l->file, strerror(errno));
		return false;
	}
	if (got == sizeof *header && ff_segment_header_valid(header))
		return true;
	if (footer_read(l, NULL, &footer)) {
		*header = (struct ff_segment_header){ .tuple_version = footer.tuple_version, .uuid = footer.uuid,
			.created_us = footer.created_us, .size = l->size, .first_seq = footer.first_seq };
		ff_segment_header_seal(header);
		return true;
	}
	ff_bad_move(l->dirfd, l->file, "no segment header");
	return false;
}

/* ---- the segment of a dead writer ---- */

struct gaps {
	struct look *look;
	const char  *map;
};

static void
gap_found(void *ctx, uint32_t from, uint32_t to)
{
	struct gaps *g = ctx;

	if (!ff_bad_copy(g->look->dirfd, &g->look->out->header.uuid, from, g->map + from, to - from,
	        "no record (torn or damaged)"))
		g->look->out->keep = true;
}

/* From now on the footer spares the next look the walk. Nothing depends on it: errors are only told. */
static void
seal_for_dead(struct look *l, const struct ff_walk *walk)
{
	const struct ff_segment_header *header = &l->out->header;
	struct ff_segment_footer        footer = {
		.count = walk->count, .uuid = header->uuid, .end = walk->end, .first_seq = walk->first_seq,
		.last_seq = walk->last_seq, .tuple_version = header->tuple_version, .bytes = walk->bytes,
		.created_us = header->created_us,
	};
	char sealed[FF_SEGMENT_NAME];

	ff_segment_footer_seal(&footer, header->size);
	ff_segment_name_print(l->name->base, FF_SEGMENT_SEALED, 0, sealed);
	if (l->size == header->size
	    && !ff_disk_write(l->fd, &footer, sizeof footer, (off_t)header->size - FF_SEGMENT_FOOTER))
		ff_warn("spool", "cannot write the footer of %s: %s", l->file, strerror(errno));
	if (l->name->kind != FF_SEGMENT_OPEN)
		return;
	if (ff_disk_rename(l->dirfd, l->file, sealed))
		snprintf(l->out->public.name, sizeof l->out->public.name, "%s", sealed);
	else
		ff_warn("spool", "cannot seal %s: %s", l->file, strerror(errno));
	(void)FF_FAULT("spool.repaired");
}

static bool
repair(struct look *l)
{
	uint32_t       limit = l->out->header.size - FF_SEGMENT_FOOTER;
	struct gaps    gaps = { l, NULL };
	struct ff_walk walk;
	size_t         got;
	char          *map = ff_segment_load(l->fd, l->file, 0, limit, &got);

	if (map == NULL)
		return false;
	gaps.map = map;
	ff_segment_walk(map, (uint32_t)got, &l->out->header, gap_found, &gaps, &walk);
	free(map);
	l->out->public.complete = true;
	l->out->public.end = walk.end;
	ff_info("spool", "%s was left open: %u records%s", l->file, (unsigned)walk.count, walk.gaps ? ", with gaps" : "");
	seal_for_dead(l, &walk);
	return true;
}

/* ---- by the name ---- */

/* A writer renames before it lets go of the lock: a file that is unlocked and still bears its open name has no
 * writer any more, and never will. */
static bool
look_open(struct look *l, const struct ff_marks *marks)
{
	if (ff_disk_lock(l->fd))
		return ff_disk_same(l->dirfd, l->file, l->fd) && repair(l);
	if (errno != EAGAIN && errno != EACCES) {
		ff_error("spool", "cannot try the lock of %s: %s", l->file, strerror(errno));
		return false;
	}
	l->out->public.end = ff_marks_find(marks, &l->out->header.uuid);
	return true;
}

static bool
look_sealed(struct look *l)
{
	struct ff_segment_footer footer;

	if (!footer_read(l, &l->out->header.uuid, &footer))
		return repair(l);
	l->out->public.complete = true;
	l->out->public.end = footer.end;
	return true;
}

static bool
look_cut(struct look *l)
{
	uint32_t limit = l->out->header.size - FF_SEGMENT_FOOTER;

	l->out->public.complete = true;
	l->out->public.end = l->name->cut_end < limit ? l->name->cut_end : limit;
	return true;
}

static bool
look_inside(struct look *l, const struct ff_marks *marks)
{
	struct stat st;

	if (fstat(l->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	l->size = st.st_size < FF_SEGMENT_MAX ? (uint32_t)st.st_size : FF_SEGMENT_MAX;
	if (!header_read(l, &l->out->header))
		return false;
	l->out->public.uuid = l->out->header.uuid;
	l->out->public.tuple_version = l->out->header.tuple_version;
	snprintf(l->out->public.name, sizeof l->out->public.name, "%s", l->file);
	if (l->name->kind == FF_SEGMENT_OPEN)
		return look_open(l, marks);
	return l->name->kind == FF_SEGMENT_SEALED ? look_sealed(l) : look_cut(l);
}

bool
ff_segment_look(int dirfd, const char *file, const struct ff_segment_name *name, const struct ff_marks *marks,
    struct ff_seen *out)
{
	struct look l = { dirfd, openat(dirfd, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW), file, name, 0, out };
	bool        listed;

	memset(out, 0, sizeof *out);
	if (l.fd < 0) {
		if (errno != ENOENT)
			ff_error("spool", "cannot open %s: %s", file, strerror(errno));
		return false;
	}
	listed = look_inside(&l, marks);
	close(l.fd);
	return listed;
}

/* ---- opening again ---- */

static int
open_checked(int dirfd, const char *file, const struct ff_seen *seen)
{
	int                      fd = openat(dirfd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct ff_segment_header header;
	size_t                   got;

	if (fd < 0)
		return -1;
	/* A damaged header was judged by the footer at the look; only a sound one can say that it is another's. */
	if (!ff_disk_read(fd, &header, sizeof header, 0, &got) || got != sizeof header
	    || !ff_segment_header_valid(&header) || memcmp(&header.uuid, &seen->public.uuid, sizeof header.uuid) == 0)
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

int
ff_segment_reopen(int dirfd, struct ff_seen *seen)
{
	struct ff_segment_name name;
	char                   sealed[FF_SEGMENT_NAME];
	int                    fd = open_checked(dirfd, seen->public.name, seen);

	ff_segment_name_parse(seen->public.name, &name);
	if (fd >= 0 || errno != ENOENT || name.kind != FF_SEGMENT_OPEN)
		return fd;
	ff_segment_name_print(name.base, FF_SEGMENT_SEALED, 0, sealed);
	fd = open_checked(dirfd, sealed, seen);
	if (fd >= 0)
		snprintf(seen->public.name, sizeof seen->public.name, "%s", sealed);
	return fd;
}
