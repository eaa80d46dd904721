/* rows.h - rows of a binary COPY on their way out, in pieces of a bounded size. */
#ifndef FF_DRAIN_ROWS_H
#define FF_DRAIN_ROWS_H

#include "base/limits.h"
#include "drain/inside.h"

#include <endian.h>
#include <string.h>

/* Sent when that much is there. A row is at most what one spooled record holds, and its fixed columns. */
#define FF_ROWS_PIECE (64 * 1024)
#define FF_ROWS_ROOM (FF_ROWS_PIECE + FF_RECORD_MAX + 1024)

/* The COPY begins with its first row: without rows nothing is sent. */
struct ff_rows_out {
	char         *buf; /* FF_ROWS_ROOM bytes of the drain's scratch */
	size_t        len;
	struct ff_db *db;
	enum ff_stmt  stmt;
	int64_t       n;
	bool          begun;
};

void        ff_rows_begin(struct ff_rows_out *out, struct ff_drain *drain, enum ff_stmt stmt);
enum ff_err ff_rows_send(struct ff_rows_out *out) ff_must_check;
/* FF_INTERNAL if the server took another number of rows. */
enum ff_err ff_rows_end(struct ff_rows_out *out) ff_must_check;

/* A row is written from ff_rows_place on and handed over with the place behind it. */
static inline char *
ff_rows_place(const struct ff_rows_out *out)
{
	return out->buf + out->len;
}

ff_must_check static inline enum ff_err
ff_rows_next(struct ff_rows_out *out, const char *behind)
{
	out->len = (size_t)(behind - out->buf);
	out->n++;
	return out->len < FF_ROWS_PIECE ? FF_OK : ff_rows_send(out);
}

/* Fields: length, then the bytes, big-endian. Each returns the place behind it. */
static inline char *
ff_put_columns(char *p, uint16_t n)
{
	n = htobe16(n);
	memcpy(p, &n, 2);
	return p + 2;
}

static inline char *
ff_put_len(char *p, uint32_t len)
{
	len = htobe32(len);
	memcpy(p, &len, 4);
	return p + 4;
}

static inline char *
ff_put_i64(char *p, int64_t value)
{
	uint64_t v = htobe64((uint64_t)value);

	memcpy(ff_put_len(p, 8), &v, 8);
	return p + 12;
}

static inline char *
ff_put_i32(char *p, int64_t value)
{
	ff_put_len(ff_put_len(p, 4), (uint32_t)value);
	return p + 8;
}

static inline char *
ff_put_i16(char *p, int64_t value)
{
	return ff_put_columns(ff_put_len(p, 2), (uint16_t)value);
}

static inline char *
ff_put_bool(char *p, bool value)
{
	p = ff_put_len(p, 1);
	*p = value;
	return p + 1;
}

static inline char *
ff_put_bytes(char *p, const void *bytes, size_t len)
{
	memcpy(ff_put_len(p, (uint32_t)len), bytes, len);
	return p + 4 + len;
}

static inline char *
ff_put_null(char *p)
{
	return ff_put_len(p, UINT32_MAX);
}

#endif
