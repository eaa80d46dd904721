#include "tests/fault/life.h"

#include "safe/rand.h"
#include "tests/spool/lab.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGE_GROUP 60 /* more than a segment holds */
#define SEGMENTS_MAX 4096

/* One entry of the ledger. 'A' acknowledged, 'R' refused, 'D' drained number; 'S' a life began with it; 'P' position in a segment, 'F' that
 * segment is finished. */
struct entry {
	char           tag;
	uint32_t       number, off;
	struct ff_uuid segment;
};

struct position {
	struct ff_uuid segment;
	uint32_t       off;
	bool           finished;
};

struct books {
	unsigned char   acked[LAB_MAX], refused[LAB_MAX], drained[LAB_MAX];
	uint32_t        next; /* behind the highest number named */
	struct position positions[SEGMENTS_MAX];
	size_t          n;
	unsigned        wrong;
};

/* ---- books ---- */

static struct position *
position_of(struct books *books, const struct ff_uuid *segment)
{
	for (size_t i = 0; i < books->n; i++)
		if (memcmp(&books->positions[i].segment, segment, sizeof *segment) == 0)
			return &books->positions[i];
	if (books->n == SEGMENTS_MAX)
		ff_panic("too many segments in one test");
	books->positions[books->n] = (struct position){ *segment, 0, false };
	return &books->positions[books->n++];
}

static void
book(struct books *books, const struct entry *e)
{
	if (e->tag == 'P' || e->tag == 'F') {
		struct position *position = position_of(books, &e->segment);

		position->off = e->off;
		position->finished = e->tag == 'F';
		return;
	}
	if (e->number >= LAB_MAX)
		ff_panic("too many records in one test");
	if (e->number >= books->next)
		books->next = e->number + 1;
	if (e->tag == 'A')
		books->acked[e->number] = 1;
	else if (e->tag == 'R')
		books->refused[e->number] = 1;
	else if (e->tag == 'D' && books->drained[e->number] < 255)
		books->drained[e->number]++;
}

static void
books_read(struct books *books, struct ff_str ledger)
{
	struct entry e;

	memset(books, 0, sizeof *books);
	for (; ledger.len >= sizeof e; ledger = ff_str_from_pos(ledger, sizeof e)) {
		memcpy(&e, ledger.p, sizeof e);
		book(books, &e);
	}
}

/* ---- draining ---- */

struct drain {
	struct books *books;
	struct entry *entries; /* of the segment in hand */
	size_t        n, cap;
};

static void
note(struct drain *d, struct entry e)
{
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 256;
		d->entries = realloc(d->entries, d->cap * sizeof *d->entries);
	}
	d->entries[d->n++] = e;
}

static void
note_item(struct drain *d, const struct ff_spool_item *item)
{
	struct ff_spool_record want;
	char                   payload[LAB_PAYLOAD];
	uint32_t               number;

	memcpy(&number, item->event_id.b, sizeof number);
	lab_record(number, &want, payload);
	if (number >= LAB_MAX || memcmp(&want.event_id, &item->event_id, sizeof want.event_id) != 0
	    || !ff_str_eq(want.payload, item->payload))
		d->books->wrong++;
	else
		note(d, (struct entry){ .tag = 'D', .number = number });
}

/* Reads on from the position; FF_OK: d->entries say what a database would commit. */
static enum ff_err
drain_segment(struct drain *d, struct ff_spool_reader *reader, const struct ff_spool_segment *segment)
{
	struct position     *position = position_of(d->books, &segment->uuid);
	uint64_t             off = position->off;
	struct ff_spool_item item;
	enum ff_err          err;

	d->n = 0;
	if (position->finished)
		return FF_OK;
	FF_TRY(ff_spool_seek(reader, segment, off));
	while ((err = ff_spool_next(reader, &item)) == FF_OK) {
		note_item(d, &item);
		off = item.next;
	}
	if (err != FF_END)
		return err;
	if (segment->complete || off != position->off)
		note(d, (struct entry){ .tag = segment->complete ? 'F' : 'P', .off = (uint32_t)off, .segment = segment->uuid });
	return FF_OK;
}

static void
commit(struct drain *d, int ledger)
{
	ssize_t len = (ssize_t)(d->n * sizeof *d->entries);

	if (ledger >= 0 && d->n > 0 && write(ledger, d->entries, (size_t)len) != len)
		ff_panic("the ledger cannot be written");
	for (size_t i = 0; i < d->n; i++)
		book(d->books, &d->entries[i]);
}

static enum ff_err
drain_all(struct drain *d, struct ff_spool_reader *reader, int ledger)
{
	const struct ff_spool_segment *segments;
	enum ff_err                    err = FF_OK, first = FF_OK;
	size_t                         n;

	FF_TRY(ff_spool_scan(reader, &segments, &n));
	for (size_t i = 0; i < n; i++) {
		err = drain_segment(d, reader, &segments[i]);
		if (err == FF_OK) {
			commit(d, ledger);
			if (position_of(d->books, &segments[i].uuid)->finished)
				err = ff_spool_retire(reader, &segments[i]);
		}
		first = first == FF_OK ? err : first;
	}
	return first;
}

static enum ff_err
drain(struct books *books, const char *dir, int ledger)
{
	struct drain            d = { .books = books };
	struct ff_spool_reader *reader;
	enum ff_err             err;

	FF_TRY(ff_spool_reader_open(&reader, dir));
	err = drain_all(&d, reader, ledger);
	ff_spool_reader_close(reader);
	free(d.entries);
	return err;
}

/* ---- a life ---- */

struct life {
	const struct life_plan *plan;
	struct ff_dice          dice;
	struct books           *books;
	struct ff_spool_writer *writer;
	int                     ledger;
	uint32_t                unsynced; /* first number not yet acknowledged, under durability = interval */
	uint32_t                next;
};

static void
promise(struct life *l, char tag, uint32_t from, uint32_t to)
{
	struct entry entries[2 * LARGE_GROUP];

	while (from < to) {
		uint32_t n = 0;

		for (; n < 2 * LARGE_GROUP && from < to; n++, from++)
			entries[n] = (struct entry){ .tag = tag, .number = from };
		if (write(l->ledger, entries, n * sizeof entries[0]) != (ssize_t)(n * sizeof entries[0]))
			ff_panic("the ledger cannot be written");
	}
}

static enum ff_err
sync_interval(struct life *l)
{
	FF_TRY(ff_spool_sync(l->writer));
	promise(l, 'A', l->unsynced, l->next);
	l->unsynced = l->next;
	return FF_OK;
}

/* Under interval a refused group's numbers are skipped: what stands before them is acknowledged first, if it can. */
static void
refuse(struct life *l, uint32_t n)
{
	if (!l->plan->sync && sync_interval(l) != FF_OK)
		l->unsynced = l->next; /* they stay with the writer, which may still store them */
	promise(l, 'R', l->next, l->next + n);
	l->next += n;
	l->unsynced = l->next;
}

static enum ff_err
append_group(struct life *l, uint32_t n)
{
	enum ff_err err = lab_append(l->writer, l->next, n);

	if (err == FF_STORAGE) /* a client that tries again */
		err = lab_append(l->writer, l->next, n);
	if (err == FF_STORAGE) {
		refuse(l, n);
		return FF_OK;
	}
	FF_TRY(err);
	if (l->plan->sync)
		promise(l, 'A', l->next, l->next + n);
	l->next += n;
	return FF_OK;
}

static enum ff_err
live(struct life *l)
{
	for (unsigned g = 1; l->plan->groups == 0 || g <= l->plan->groups; g++) {
		uint32_t n = ff_dice_below(&l->dice, 25) == 0 ? LARGE_GROUP : 1 + ff_dice_below(&l->dice, 8);

		if (l->next + 2 * LARGE_GROUP >= LAB_MAX)
			return FF_OK;
		FF_TRY(append_group(l, n));
		if (!l->plan->sync && g % 3 == 0 && sync_interval(l) == FF_IO)
			return FF_IO;
		if (g % 10 == 0 && drain(l->books, l->plan->dir, l->ledger) == FF_BUSY)
			ff_panic("two drainers in one test");
	}
	return l->plan->sync || sync_interval(l) != FF_IO ? FF_OK : FF_IO;
}

static struct ff_str
file_bytes(const char *path)
{
	static char   bytes[LAB_MAX * 4 * sizeof(struct entry)];
	int           fd = open(path, O_RDONLY | O_CREAT, 0600);
	struct ff_str s = { bytes, 0 };
	ssize_t       n;

	while (fd >= 0 && (n = read(fd, bytes + s.len, sizeof bytes - s.len)) > 0)
		s.len += (size_t)n;
	if (fd >= 0)
		close(fd);
	return s;
}

enum ff_err
life_run(const struct life_plan *plan)
{
	static struct books     books;
	struct life             l = { .plan = plan, .dice = { plan->seed }, .books = &books };
	struct ff_spool_options options = lab_options(plan->dir);
	enum ff_err             err;

	options.sync = plan->sync;
	books_read(&books, file_bytes(plan->ledger));
	/* Numbers that may have been written before a kill, but were never promised, are not used again. */
	l.next = l.unsynced = books.next + 8 * LARGE_GROUP;
	l.ledger = open(plan->ledger, O_WRONLY | O_APPEND | (plan->synced_ledger ? O_DSYNC : 0));
	if (l.ledger < 0)
		ff_panic("the ledger cannot be opened");
	promise(&l, 'S', l.next, l.next + 1);
	if (ff_spool_open(&l.writer, &options) != FF_OK)
		FF_TRY(ff_spool_open(&l.writer, &options));
	err = live(&l);
	if (err == FF_OK)
		ff_spool_close(l.writer);
	close(l.ledger);
	return err;
}

enum ff_err
life_check(const char *dir, struct ff_str ledger, struct life_result *out)
{
	static struct books books;
	enum ff_err         err;

	books_read(&books, ledger.p != NULL ? ledger : FF_STR_NONE);
	err = drain(&books, dir, -1);
	if (err == FF_NOT_FOUND)
		err = FF_OK;
	memset(out, 0, sizeof *out);
	out->wrong = books.wrong;
	for (uint32_t i = 0; i < LAB_MAX; i++) {
		out->acked += books.acked[i];
		out->drained += books.drained[i] != 0;
		out->lost += books.acked[i] && books.drained[i] == 0;
		out->twice += books.drained[i] > 1;
		out->refused_read += books.refused[i] && books.drained[i] != 0;
		if ((books.acked[i] && books.drained[i] != 1) || books.drained[i] > 1)
			out->first_bad = i;
	}
	return err;
}

bool
life_sound(const struct life_result *r)
{
	if (r->lost + r->twice + r->wrong == 0)
		return true;
	fprintf(stderr, "# of %u acknowledged: %u lost, %u twice, %u wrong, %u refused but read; one of them: %u\n", r->acked,
	    r->lost, r->twice, r->wrong, r->refused_read, r->first_bad);
	return false;
}
