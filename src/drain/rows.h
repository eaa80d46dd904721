/* rows.h - rows of a binary COPY on their way out, in pieces of a bounded size. */
#ifndef FF_DRAIN_ROWS_H
#define FF_DRAIN_ROWS_H

#include "drain/inside.h"

/* The COPY begins with its first row: without rows nothing is sent. */
struct ff_rows_out {
	struct ff_buf  buf; /* a row is put here, then ff_rows_next */
	struct ff_db  *db;
	enum ff_stmt   stmt;
	int64_t        n;
	bool           begun;
};

void        ff_rows_begin(struct ff_rows_out *out, struct ff_drain *drain, enum ff_stmt stmt);
enum ff_err ff_rows_next(struct ff_rows_out *out) ff_must_check;
/* FF_INTERNAL if the server took another number of rows. */
enum ff_err ff_rows_end(struct ff_rows_out *out) ff_must_check;

/* Fields: length, then the bytes. */
static inline void
ff_put_i64(struct ff_buf *out, int64_t value)
{
	ff_buf_be32(out, 8);
	ff_buf_be64(out, (uint64_t)value);
}

static inline void
ff_put_i32(struct ff_buf *out, int64_t value)
{
	ff_buf_be32(out, 4);
	ff_buf_be32(out, (uint32_t)value);
}

static inline void
ff_put_i16(struct ff_buf *out, int64_t value)
{
	ff_buf_be32(out, 2);
	ff_buf_be16(out, (uint16_t)value);
}

static inline void
ff_put_bool(struct ff_buf *out, bool value)
{
	ff_buf_be32(out, 1);
	ff_buf_char(out, value);
}

static inline void
ff_put_str(struct ff_buf *out, struct ff_str s)
{
	ff_buf_be32(out, (uint32_t)s.len);
	ff_buf_str(out, s);
}

static inline void
ff_put_null(struct ff_buf *out)
{
	ff_buf_be32(out, UINT32_MAX);
}

#endif
