#include "door/parcel.h"

#include "base/arena.h"

#include <stdlib.h>

/* What an ordinary beacon needs, and so what is kept for the next one. */
enum { KEEP_REPLY = 4 * 1024, KEEP_PAYLOAD = 16 * 1024, KEEP_RECORDS = 8 };

void
ff_parcel_init(struct ff_parcel *parcel)
{
	*parcel = (struct ff_parcel){ 0 };
	ff_buf_init(&parcel->reply, FF_PARCEL_REPLY_MAX);
	ff_buf_init(&parcel->payload, FF_PARCEL_PAYLOAD_MAX);
}

static void
buf_empty(struct ff_buf *buf, size_t keep)
{
	if (buf->cap > keep)
		ff_buf_free(buf);
	ff_buf_clear(buf);
}

void
ff_parcel_clear(struct ff_parcel *parcel)
{
	buf_empty(&parcel->reply, KEEP_REPLY);
	buf_empty(&parcel->payload, KEEP_PAYLOAD);
	if (parcel->cap > KEEP_RECORDS) {
		free(parcel->records);
		parcel->records = NULL;
		parcel->cap = 0;
	}
	parcel->n = parcel->robots = 0;
}

void
ff_parcel_free(struct ff_parcel *parcel)
{
	ff_buf_free(&parcel->reply);
	ff_buf_free(&parcel->payload);
	free(parcel->records);
	*parcel = (struct ff_parcel){ 0 };
}

/* Cutting back needs no more than the length: nobody reads behind it. */
static void
payload_cut(struct ff_parcel *parcel, size_t len)
{
	parcel->payload.len = len;
	parcel->payload.overflow = false;
}

static void
make_room(struct ff_parcel *parcel)
{
	if (parcel->n < parcel->cap)
		return;
	parcel->cap = parcel->cap > 0 ? parcel->cap * 4 : KEEP_RECORDS;
	parcel->records = ff_xrealloc(parcel->records, parcel->cap * sizeof(*parcel->records));
}

enum ff_err
ff_parcel_add(struct ff_parcel *parcel, const struct ff_uuid *event_id, size_t off, bool robot)
{
	if (parcel->n == FF_PARCEL_RECORDS) {
		payload_cut(parcel, off);
		return FF_TOO_LARGE;
	}
	make_room(parcel);
	parcel->records[parcel->n++] =
	    (struct ff_parcel_record){ *event_id, (uint32_t)off, (uint32_t)(parcel->payload.len - off), 0 };
	parcel->robots += robot;
	return FF_OK;
}

struct ff_parcel_mark
ff_parcel_mark(const struct ff_parcel *parcel)
{
	return (struct ff_parcel_mark){ parcel->n, parcel->robots, parcel->payload.len };
}

void
ff_parcel_rewind(struct ff_parcel *parcel, struct ff_parcel_mark mark)
{
	parcel->n = mark.n;
	parcel->robots = mark.robots;
	payload_cut(parcel, mark.len);
}
