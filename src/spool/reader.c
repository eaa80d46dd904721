/* The reader: lists the segments, reads one at a time whole into memory (a mapping would turn a bad sector into
 * a SIGBUS), and takes away what is finished. */
#include "base/fault.h"
#include "base/log.h"
#include "spool/look.h"
#include "spool/repair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SPARES_MAX 4     /* of one size */
#define ORPHAN_AGE_S 60  /* a new file or mark may be unlocked for a moment before its writer locks it */
#define SPARE_AGE_S 86400 /* nobody wants it: the segment size was changed, or the load is gone */

struct seen_list {
	struct ff_seen *v;
	size_t          n, cap;
};

struct ff_spool_reader {
	int                      dirfd, lock;
	struct seen_list         seen;     /* of the last scan */
	struct ff_spool_segment *segments; /* what the caller sees of it */
	struct ff_marks          marks;
	struct ff_uuid          *kept; /* segments with bytes that could not be copied to bad/: never deleted */
	size_t                   n_kept;

	/* the segment entered */
	struct ff_seen *in;
	uint32_t        seed;
	char           *bytes; /* [base, base + len) of it */
	uint64_t        base, len;
	uint64_t        at;
};

enum ff_err
ff_spool_reader_open(struct ff_spool_reader **reader, const char *dir)
{
	int                     dirfd = ff_disk_open_dir(dir);
	int                     lock = dirfd < 0 ? -1 : openat(dirfd, "drain.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	struct ff_spool_reader *r;

	if (lock < 0 || !ff_disk_lock(lock)) {
		enum ff_err err = lock >= 0 && (errno == EAGAIN || errno == EACCES) ? FF_BUSY : FF_IO;

		if (dirfd < 0 && errno == ENOENT)
			err = FF_NOT_FOUND;
		else if (err == FF_IO)
			ff_error("spool", "cannot read %s: %s", dir, strerror(errno));
		if (lock >= 0)
			close(lock);
		if (dirfd >= 0)
			close(dirfd);
		return err;
	}
	r = ff_xcalloc(1, sizeof *r);
	r->dirfd = dirfd;
	r->lock = lock;
	*reader = r;
	return FF_OK;
}

static void
leave(struct ff_spool_reader *r)
{
	free(r->bytes);
	r->bytes = NULL;
	r->in = NULL;
	r->base = r->len = r->at = 0;
}

void
ff_spool_reader_close(struct ff_spool_reader *reader)
{
	if (reader == NULL)
		return;
	leave(reader);
	free(reader->seen.v);
	free(reader->segments);
	free(reader->kept);
	ff_marks_free(&reader->marks);
	close(reader->lock);
	close(reader->dirfd);
	free(reader);
}

static bool
is_kept(const struct ff_spool_reader *r, const struct ff_uuid *segment)
{
	for (size_t i = 0; i < r->n_kept; i++)
		if (memcmp(&r->kept[i], segment, sizeof *segment) == 0)
			return true;
	return false;
}

static void
keep(struct ff_spool_reader *r, const struct ff_uuid *segment)
{
	if (is_kept(r, segment))
		return;
	r->kept = ff_xrealloc(r->kept, (r->n_kept + 1) * sizeof *r->kept);
	r->kept[r->n_kept++] = *segment;
}

/* ---- looking ---- */

/* What nobody uses and holds no record. */
static void
orphan_remove(struct ff_spool_reader *r, const char *file, int age)
{
	int         fd = openat(r->dirfd, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && time(NULL) - st.st_mtim.tv_sec > age && ff_disk_lock(fd)
	    && ff_disk_same(r->dirfd, file, fd))
		unlinkat(r->dirfd, file, 0);
	close(fd);
}

static bool
segment_seen(void *ctx, const char *file, const struct ff_segment_name *name)
{
	struct ff_spool_reader *r = ctx;
	struct ff_seen          fresh;

	if (name->kind == FF_SEGMENT_NEW || name->kind == FF_SEGMENT_MARK)
		orphan_remove(r, file, ORPHAN_AGE_S);
	if (name->kind == FF_SEGMENT_SPARE)
		orphan_remove(r, file, SPARE_AGE_S);
	if (name->kind != FF_SEGMENT_OPEN && name->kind != FF_SEGMENT_SEALED && name->kind != FF_SEGMENT_CUT)
		return true;
	if (!ff_segment_look(r->dirfd, file, name, &r->marks, &fresh))
		return true;
	if (fresh.keep)
		keep(r, &fresh.public.uuid);
	if (r->seen.n == r->seen.cap) {
		r->seen.cap = r->seen.cap ? r->seen.cap * 2 : 64;
		r->seen.v = ff_xrealloc(r->seen.v, r->seen.cap * sizeof *r->seen.v);
	}
	r->seen.v[r->seen.n++] = fresh;
	return true;
}

/* What was seen of one segment by two names: the less complete first. */
static int
by_creation(const void *a, const void *b)
{
	const struct ff_seen *x = a, *y = b;
	int                   same;

	if (x->header.created_us != y->header.created_us)
		return x->header.created_us < y->header.created_us ? -1 : 1;
	same = memcmp(&x->public.uuid, &y->public.uuid, sizeof x->public.uuid);
	if (same != 0)
		return same;
	return x->public.complete - y->public.complete;
}

/* A segment that is renamed while a large directory is listed, by its writer or by us, may be listed by both its names:
 * it is read once. */
static void
drop_doubles(struct ff_spool_reader *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->seen.n; i++)
		if (i + 1 == r->seen.n ||
		    memcmp(&r->seen.v[i].public.uuid, &r->seen.v[i + 1].public.uuid, sizeof r->seen.v[i].public.uuid) != 0)
			r->seen.v[n++] = r->seen.v[i];
	r->seen.n = n;
}

enum ff_err
ff_spool_scan(struct ff_spool_reader *reader, const struct ff_spool_segment **segments, size_t *n)
{
	struct ff_spool_reader *r = reader;

	leave(r);
	r->seen.n = 0;
	if (!ff_marks_read(r->dirfd, &r->marks) || !ff_disk_list(r->dirfd, segment_seen, r)) {
		ff_error("spool", "cannot list the spool: %s", strerror(errno));
		return FF_IO;
	}
	if (r->seen.n > 0)
		qsort(r->seen.v, r->seen.n, sizeof *r->seen.v, by_creation);
	drop_doubles(r);
	r->segments = ff_xrealloc(r->segments, (r->seen.n + 1) * sizeof *r->segments);
	for (size_t i = 0; i < r->seen.n; i++)
		r->segments[i] = r->seen.v[i].public;
	*segments = r->segments;
	*n = r->seen.n;
	return FF_OK;
}

/* ---- reading ---- */

static struct ff_seen *
seen_find(struct ff_spool_reader *r, const struct ff_spool_segment *segment)
{
	for (size_t i = 0; i < r->seen.n; i++)
		if (memcmp(&r->seen.v[i].public.uuid, &segment->uuid, sizeof segment->uuid) == 0)
			return &r->seen.v[i];
	return NULL;
}

enum ff_err
ff_spool_seek(struct ff_spool_reader *reader, const struct ff_spool_segment *segment, uint64_t off)
{
	struct ff_spool_reader *r = reader;
	struct ff_seen         *seen = seen_find(r, segment);
	uint64_t                from = off < FF_SEGMENT_HEADER ? FF_SEGMENT_HEADER : (off + 7) & ~UINT64_C(7);
	size_t                  got = 0;
	int                     fd;

	leave(r);
	if (seen == NULL)
		return FF_NOT_FOUND;
	r->in = seen;
	r->seed = ff_segment_seed(&seen->public.uuid);
	r->base = r->at = from;
	if (from >= seen->public.end)
		return FF_OK;
	fd = ff_segment_reopen(r->dirfd, seen);
	if (fd < 0) {
		ff_error("spool", "cannot open %s: %s", seen->public.name, strerror(errno));
		return FF_IO;
	}
	r->bytes = ff_segment_load(fd, seen->public.name, (uint32_t)from, (uint32_t)seen->public.end, &got);
	r->len = got;
	close(fd);
	return r->bytes != NULL ? FF_OK : FF_IO;
}

static uint64_t
next_valid(const struct ff_spool_reader *r, uint64_t from)
{
	for (; from < r->base + r->len; from += 8)
		if (ff_record_valid(r->bytes + (from - r->base), r->base + r->len - from, r->seed, (uint32_t)from))
			return from;
	return r->base + r->len;
}

/* Bytes between records, or before the end of a sealed segment, that are no record: kept aside, told, passed. */
static void
pass_damage(struct ff_spool_reader *r)
{
	uint64_t to = next_valid(r, r->at + 8);

	if (!ff_bad_copy(r->dirfd, &r->in->public.uuid, (uint32_t)r->at, r->bytes + (r->at - r->base), to - r->at,
	        "no record (torn or damaged)"))
		keep(r, &r->in->public.uuid);
	r->at = to;
}

enum ff_err
ff_spool_next(struct ff_spool_reader *reader, struct ff_spool_item *item)
{
	struct ff_spool_reader *r = reader;
	struct ff_record_header h;
	const char             *p;

	while (r->at < r->base + r->len && next_valid(r, r->at) != r->at)
		pass_damage(r);
	if (r->at >= r->base + r->len)
		return FF_END;
	p = r->bytes + (r->at - r->base);
	memcpy(&h, p, sizeof h);
	item->event_id = h.event_id;
	item->received_us = h.received_us;
	item->payload = ff_str_of(p + sizeof h, h.len);
	item->off = r->at;
	item->next = r->at = r->at + ff_record_size(h.len);
	return FF_OK;
}

/* ---- taking away ---- */

struct spares {
	int      dirfd;
	off_t    size;
	unsigned n;
};

static bool
spare_seen(void *ctx, const char *file, const struct ff_segment_name *name)
{
	struct spares *spares = ctx;
	struct stat    st;

	if (name->kind == FF_SEGMENT_SPARE && fstatat(spares->dirfd, file, &st, AT_SYMLINK_NOFOLLOW) == 0)
		spares->n += st.st_size == spares->size;
	return true;
}

/* A sealed file that gave no trouble is worth another life. */
static bool
recycle(struct ff_spool_reader *r, const struct ff_seen *seen)
{
	struct spares          spares = { r->dirfd, seen->header.size, 0 };
	struct ff_segment_name name;
	char                   spare[FF_SEGMENT_NAME];

	ff_segment_name_parse(seen->public.name, &name);
	if (name.kind != FF_SEGMENT_SEALED || !ff_disk_list(r->dirfd, spare_seen, &spares) || spares.n >= SPARES_MAX)
		return false;
	ff_segment_name_print(name.base, FF_SEGMENT_SPARE, 0, spare);
	return ff_disk_rename(r->dirfd, seen->public.name, spare);
}

static bool
take_away(struct ff_spool_reader *r, struct ff_seen *seen)
{
	if (is_kept(r, &seen->public.uuid))
		return ff_bad_move(r->dirfd, seen->public.name, "some of its bytes could not be copied");
	return recycle(r, seen) || unlinkat(r->dirfd, seen->public.name, 0) == 0 || errno == ENOENT;
}

enum ff_err
ff_spool_retire(struct ff_spool_reader *reader, const struct ff_spool_segment *segment)
{
	struct ff_seen *seen = seen_find(reader, segment);

	if (seen == NULL)
		return FF_NOT_FOUND;
	if (!seen->public.complete)
		return FF_BUSY;
	if (reader->in == seen)
		leave(reader);
	if (FF_FAULT("spool.retiring") || !take_away(reader, seen) || !ff_disk_sync(reader->dirfd)) {
		ff_error("spool", "cannot take away %s: %s", seen->public.name, strerror(errno));
		return FF_IO;
	}
	(void)FF_FAULT("spool.retired");
	return FF_OK;
}
