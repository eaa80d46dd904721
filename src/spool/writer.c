/* The writer. A group of records is written into the open segment, synced, published in the mark, and only
 * then reported as stored. Whatever fails before that leads to one and the same way back: each segment that
 * this group touched is cut at its last good offset (renamed to BASE.END.cut, so that no reader ever looks
 * behind it), and the group goes whole into a fresh segment, or is refused whole. So a record is never in the
 * readable part of two segments, and no byte of a segment is ever written twice. */
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "spool/mark.h"
#include "spool/pending.h"
#include "spool/supply.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREPARE_STEP (512 * 1024)
#define PENDING_MAX (1024 * 1024) /* bytes not yet synced under durability = interval */
#define FAILURES_MAX 2
#define BUF_KEEP (256 * 1024) /* a larger group's buffer does not outlast the next group */
#define FAULT(name) (FF_FAULT(name) && (errno = EIO) != 0)

struct segment {
	int                      fd;
	char                     base[FF_SEGMENT_NAME];
	struct ff_segment_header header;
	uint32_t                 seed;
	uint32_t                 off, good; /* where the next record goes; behind the last one synced */
	uint32_t                 count;     /* records up to off */
	uint64_t                 bytes;     /* of their payloads */
	bool                     touched;   /* written to since good */
};

struct segments {
	struct segment *v;
	size_t          n;
};

struct ff_spool_writer {
	struct ff_spool_options options;
	char                   *dir;
	int                     dirfd, mark;
	char                    mark_base[FF_SEGMENT_NAME];
	struct ff_supply        supply;
	struct segment          cur; /* fd -1: none */
	struct segments         left; /* filled by the group in hand, to be sealed when it is safe */
	struct segments         cuts; /* abandoned, still bearing their open name */
	bool                    renamed;  /* some of them bear their new name, but the directory is not yet synced */
	struct ff_uuid          prev;
	uint32_t                prev_end;
	uint32_t                seq, good_seq; /* of the next record; as of the last success */
	char                   *buf;           /* encoded records on their way to the segment */
	size_t                  buf_len, buf_cap;
	struct ff_pending       pending;
	int                     failures; /* of the device, since the last success */
	bool                    complained, mark_complained;
};

/* ---- small parts ---- */

static void
segments_push(struct segments *list, const struct segment *segment)
{
	list->v = ff_xrealloc(list->v, (list->n + 1) * sizeof *list->v);
	list->v[list->n++] = *segment;
}

static uint32_t
room(const struct segment *segment)
{
	return segment->header.size - FF_SEGMENT_FOOTER - segment->off;
}

static bool
rename_as(struct ff_spool_writer *w, const struct segment *segment, enum ff_segment_kind kind)
{
	char from[FF_SEGMENT_NAME], to[FF_SEGMENT_NAME];

	ff_segment_name_print(segment->base, FF_SEGMENT_OPEN, 0, from);
	ff_segment_name_print(segment->base, kind, segment->good, to);
	return ff_disk_rename(w->dirfd, from, to);
}

/* The footer is not synced: where it got lost, the reader finds the end by reading. */
static void
seal(struct ff_spool_writer *w, struct segment *s)
{
	struct ff_segment_footer footer = {
		.count = s->count, .uuid = s->header.uuid, .end = s->good, .first_seq = s->header.first_seq,
		.last_seq = s->header.first_seq + s->count - 1, .tuple_version = s->header.tuple_version,
		.bytes = s->bytes, .created_us = s->header.created_us,
	};

	ff_segment_footer_seal(&footer, s->header.size);
	if (!ff_disk_write(s->fd, &footer, sizeof footer, s->header.size - FF_SEGMENT_FOOTER)
	    || !rename_as(w, s, FF_SEGMENT_SEALED))
		ff_warn("spool", "%s/%s.open stays unsealed: %s", w->dir, s->base, strerror(errno));
	(void)FF_FAULT("spool.sealed");
	close(s->fd);
}

/* Nobody may write elsewhere what stands behind good here before this is done. */
static enum ff_err
cuts_finish(struct ff_spool_writer *w)
{
	while (w->cuts.n > 0) {
		struct segment *s = &w->cuts.v[w->cuts.n - 1];

		if (!rename_as(w, s, FF_SEGMENT_CUT))
			return ff_disk_err(errno);
		ff_warn("spool", "%s/%s is abandoned at offset %u", w->dir, s->base, (unsigned)s->good);
		close(s->fd);
		w->cuts.n--;
		w->renamed = true;
	}
	if (w->renamed && !ff_disk_sync(w->dirfd))
		return ff_disk_err(errno);
	w->renamed = false;
	return FF_OK;
}

static void
publish(struct ff_spool_writer *w)
{
	if (ff_mark_write(w->mark, &w->cur.header.uuid, w->cur.good))
		w->mark_complained = false;
	else if (!w->mark_complained) {
		w->mark_complained = true;
		ff_warn("spool", "%s: cannot write the watermark, the drain will lag: %s", w->dir, strerror(errno));
	}
}

/* ---- segments come and go ---- */

static enum ff_err
segment_begin(struct ff_spool_writer *w)
{
	struct segment *s = &w->cur;

	*s = (struct segment){ .fd = -1, .off = FF_SEGMENT_HEADER, .good = FF_SEGMENT_HEADER };
	s->header.tuple_version = (uint16_t)w->options.tuple_version;
	s->header.prev = w->prev;
	s->header.prev_end = w->prev_end;
	s->header.first_seq = w->seq;
	FF_TRY(ff_supply_take(&w->supply, &s->header, &s->fd, s->base));
	s->seed = ff_segment_seed(&s->header.uuid);
	return FF_OK;
}

static void
segment_leave(struct ff_spool_writer *w, struct segments *list)
{
	segments_push(list, &w->cur);
	w->prev = w->cur.header.uuid;
	w->prev_end = w->cur.off;
	w->cur.fd = -1;
}

/* The way back. A full segment that the group did not touch is taken up again where no other is open. */
static void
roll_back(struct ff_spool_writer *w)
{
	if (w->cur.fd >= 0 && w->cur.touched)
		segment_leave(w, &w->cuts);
	for (size_t i = 0; i < w->left.n; i++) {
		if (w->left.v[i].touched)
			segments_push(&w->cuts, &w->left.v[i]);
		else /* only the first can be, and then no other is open */
			w->cur = w->left.v[i];
	}
	w->left.n = 0;
	w->seq = w->good_seq;
	for (size_t i = 0; i < w->cuts.n; i++) {
		struct segment *s = &w->cuts.v[i];

		if (memcmp(&w->prev, &s->header.uuid, sizeof w->prev) == 0)
			w->prev_end = s->good;
	}
}

/* The group is safe in whole. Full segments are sealed before the mark leaves them, so that a drain never finds
 * one that is still open and yet unmarked. */
static void
settle(struct ff_spool_writer *w)
{
	w->failures = 0;
	w->complained = false;
	for (size_t i = 0; i < w->left.n; i++) {
		w->left.v[i].good = w->left.v[i].off;
		seal(w, &w->left.v[i]);
	}
	w->left.n = 0;
	w->good_seq = w->seq;
	w->cur.good = w->cur.off;
	w->cur.touched = false;
	publish(w);
}

/* ---- writing ---- */

static void
buf_reserve(struct ff_spool_writer *w, size_t size)
{
	w->buf_len = 0;
	if (size <= w->buf_cap && w->buf_cap <= BUF_KEEP)
		return;
	w->buf = ff_xrealloc(w->buf, size);
	w->buf_cap = size;
}

/* Encodes into w->buf what goes into the open segment: the whole group or nothing, unless no segment could hold
 * it whole. Returns how many records; count and sequence are moved on by write_chunk. */
static size_t
encode(struct ff_spool_writer *w, const struct ff_spool_record *records, size_t n)
{
	struct segment *s = &w->cur;
	size_t          size = ff_records_size(records, n), done = 0;
	size_t          whole = s->header.size - FF_SEGMENT_HEADER - FF_SEGMENT_FOOTER;

	if (size > room(s) && size <= whole)
		return 0;
	buf_reserve(w, size < room(s) ? size : room(s));
	for (; done < n; done++) {
		size_t at = w->buf_len, need = ff_record_size(records[done].payload.len);

		if (at + need > room(s))
			break;
		w->buf_len += need;
		ff_record_put(w->buf + at, &records[done], s->seed, s->off + (uint32_t)at, w->seq + (uint32_t)done);
	}
	return done;
}

static bool
write_bytes(struct segment *s, const char *p, size_t len)
{
	size_t half = 0;

#ifdef FF_FAULTS
	half = len / 2;
	if (!ff_disk_write(s->fd, p, half, s->off) || FAULT("spool.mid_write"))
		return false;
#endif
	return ff_disk_write(s->fd, p + half, len - half, s->off + (off_t)half) && !FAULT("spool.written");
}

static enum ff_err
write_chunk(struct ff_spool_writer *w, const struct ff_spool_record *records, size_t n, bool sync)
{
	struct segment *s = &w->cur;

	s->touched = true;
	if (!write_bytes(s, w->buf, w->buf_len))
		return ff_disk_err(errno);
	if (sync && (!ff_disk_sync_data(s->fd) || FAULT("spool.synced")))
		return ff_disk_err(errno);
	for (size_t i = 0; i < n; i++)
		s->bytes += records[i].payload.len;
	s->count += (uint32_t)n;
	s->off += (uint32_t)w->buf_len;
	w->seq += (uint32_t)n;
	return FF_OK;
}

static enum ff_err
attempt(struct ff_spool_writer *w, const struct ff_spool_record *records, size_t n)
{
	FF_TRY(cuts_finish(w));
	for (size_t done = 0, k; done < n; done += k) {
		if (w->cur.fd < 0)
			FF_TRY(segment_begin(w));
		k = encode(w, records + done, n - done);
		if (k == 0)
			segment_leave(w, &w->left);
		else
			FF_TRY(write_chunk(w, records + done, k, true));
	}
	return FF_OK;
}

static void
complain(struct ff_spool_writer *w, enum ff_err err)
{
	if (!w->complained)
		ff_error("spool", "%s: cannot store records (%s): %s", w->dir, ff_err_name(err), strerror(errno));
	w->complained = true;
}

/* All records written and synced, or none of them readable. One failure of the device is forgiven: the group
 * goes into another segment. The open segment must be clean (nothing unsynced in it). */
static enum ff_err
commit(struct ff_spool_writer *w, const struct ff_spool_record *records, size_t n)
{
	for (;;) {
		enum ff_err err = attempt(w, records, n);

		if (err == FF_OK) {
			settle(w);
			return FF_OK;
		}
		complain(w, err);
		roll_back(w);
		if (err != FF_IO || ++w->failures >= FAILURES_MAX)
			return err;
	}
}

/* ---- durability = interval ---- */

/* Commits what is pending and the group behind it, elsewhere than where the pending records stand now. */
static enum ff_err
commit_again(struct ff_spool_writer *w, const struct ff_spool_record *records, size_t n)
{
	size_t                  all = w->pending.n + n;
	struct ff_spool_record *joined;
	enum ff_err             err;

	if (all == 0)
		return FF_OK;
	joined = ff_xcalloc(all, sizeof *joined);
	if (w->pending.n > 0)
		memcpy(joined, w->pending.v, w->pending.n * sizeof *joined);
	if (n > 0)
		memcpy(joined + w->pending.n, records, n * sizeof *joined);
	err = commit(w, joined, all);
	free(joined);
	if (err == FF_OK)
		ff_pending_clear(&w->pending);
	return err;
}

static enum ff_err
give_up_segment(struct ff_spool_writer *w)
{
	enum ff_err err = ff_disk_err(errno);

	complain(w, err);
	roll_back(w);
	return err == FF_IO && ++w->failures >= FAILURES_MAX ? FF_IO : FF_OK;
}

static enum ff_err
sync_pending(struct ff_spool_writer *w)
{
	if (w->pending.n == 0)
		return FF_OK;
	if (w->cur.fd >= 0 && w->cur.touched) {
		if (ff_disk_sync_data(w->cur.fd) && !FAULT("spool.synced")) {
			settle(w);
			ff_pending_clear(&w->pending);
			return FF_OK;
		}
		FF_TRY(give_up_segment(w));
	}
	return commit_again(w, NULL, 0);
}

static enum ff_err
append_unsynced(struct ff_spool_writer *w, const struct ff_spool_record *records, size_t n)
{
	size_t size = ff_records_size(records, n);

	if (w->pending.bytes + size > PENDING_MAX || w->cur.fd < 0 || size > room(&w->cur)) {
		FF_TRY(sync_pending(w));
		if (w->cur.fd < 0 || size > room(&w->cur))
			return commit(w, records, n);
	}
	encode(w, records, n);
	if (write_chunk(w, records, n, false) == FF_OK) {
		ff_pending_add(&w->pending, records, n);
		return FF_OK;
	}
	FF_TRY(give_up_segment(w));
	return commit_again(w, records, n);
}

/* ---- the contract ---- */

/* A directory that was just made must not vanish with the power. */
static enum ff_err
dir_make(const char *dir)
{
	char parent[4096];

	if (access(dir, F_OK) == 0)
		return FF_OK;
	snprintf(parent, sizeof parent, "%s", dir);
	FF_TRY(ff_io_make_dir(dir, 0770));
	return ff_io_sync_dir(dirname(parent));
}

static enum ff_err
writer_start(struct ff_spool_writer *w)
{
	FF_TRY(dir_make(w->dir));
	w->dirfd = ff_disk_open_dir(w->dir);
	if (w->dirfd < 0)
		return FF_STORAGE;
	ff_supply_init(&w->supply, &w->options, w->dirfd);
	FF_TRY(segment_begin(w));
	memcpy(w->mark_base, w->cur.base, sizeof w->mark_base);
	w->mark = ff_mark_create(w->dirfd, w->mark_base);
	if (w->mark < 0)
		return FF_STORAGE;
	publish(w);
	return FF_OK;
}

enum ff_err
ff_spool_open(struct ff_spool_writer **writer, const struct ff_spool_options *options)
{
	struct ff_spool_writer *w;

	if (options->segment_size < FF_SEGMENT_MIN || options->segment_size > FF_SEGMENT_MAX) {
		ff_error("spool", "segments must have %d to %d bytes", FF_SEGMENT_MIN, FF_SEGMENT_MAX);
		return FF_INVALID;
	}
	w = ff_xcalloc(1, sizeof *w);
	w->options = *options;
	w->options.dir = w->dir = ff_xstrdup(options->dir);
	w->dirfd = w->mark = w->cur.fd = w->supply.next = -1;
	ff_pending_init(&w->pending);
	if (writer_start(w) != FF_OK) {
		ff_error("spool", "%s: cannot make a segment: %s", w->dir, strerror(errno));
		ff_spool_close(w);
		return FF_STORAGE;
	}
	*writer = w;
	return FF_OK;
}

static bool
records_fit(const struct ff_spool_record *records, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (records[i].payload.len > FF_RECORD_MAX - FF_RECORD_HEADER)
			return false;
	return true;
}

enum ff_err
ff_spool_append(struct ff_spool_writer *writer, const struct ff_spool_record *records, size_t n)
{
	enum ff_err err;

	if (n == 0)
		return FF_OK;
	if (!records_fit(records, n))
		return FF_INVALID;
	err = writer->options.sync ? commit(writer, records, n) : append_unsynced(writer, records, n);
	if (err == FF_OK && writer->cur.off > writer->cur.header.size / 4)
		ff_supply_prepare(&writer->supply, PREPARE_STEP);
	return err;
}

enum ff_err
ff_spool_sync(struct ff_spool_writer *writer)
{
	return sync_pending(writer);
}

/* A segment without a record is no news: it becomes a spare. */
static void
last_segment_close(struct ff_spool_writer *w)
{
	if (w->cur.touched)
		close(w->cur.fd);
	else if (w->cur.count > 0)
		seal(w, &w->cur);
	else {
		if (!rename_as(w, &w->cur, FF_SEGMENT_SPARE))
			ff_warn("spool", "%s/%s.open stays: %s", w->dir, w->cur.base, strerror(errno));
		close(w->cur.fd);
	}
}

void
ff_spool_close(struct ff_spool_writer *writer)
{
	if (sync_pending(writer) != FF_OK)
		ff_error("spool", "%s: %zu records of the last second may be lost", writer->dir, writer->pending.n);
	if (cuts_finish(writer) != FF_OK)
		ff_error("spool", "%s: cannot mark an abandoned segment: %s", writer->dir, strerror(errno));
	if (writer->cur.fd >= 0)
		last_segment_close(writer);
	if (writer->mark >= 0)
		ff_mark_remove(writer->dirfd, writer->mark_base, writer->mark);
	ff_supply_free(&writer->supply);
	if (writer->dirfd >= 0)
		close(writer->dirfd);
	ff_pending_free(&writer->pending);
	free(writer->buf);
	free(writer->left.v);
	free(writer->cuts.v);
	free(writer->dir);
	free(writer);
}
