/* buf.h - a growing byte buffer with a ceiling and a sticky overflow flag.
 *
 * Puts never fail where they stand: past the ceiling the buffer stops taking bytes and `overflow` stays
 * set; the owner checks it once at the end. Memory is malloc'ed; ff_buf_free gives it back, ff_buf_clear
 * keeps it for the next use. Always NUL-terminated behind `len`. */
#ifndef FF_BASE_BUF_H
#define FF_BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

struct ff_buf {
	char  *p;
	size_t len, cap, ceiling;
	bool   overflow;
};

void ff_buf_init(struct ff_buf *buf, size_t ceiling);
void ff_buf_free(struct ff_buf *buf);
void ff_buf_clear(struct ff_buf *buf); /* len = 0, overflow = false, memory kept */

/* n bytes behind the last one, for the caller to fill; NULL past the ceiling. */
char *ff_buf_room(struct ff_buf *buf, size_t n);
void ff_buf_put(struct ff_buf *buf, const void *p, size_t len);
void ff_buf_str(struct ff_buf *buf, struct ff_str s);
void ff_buf_z(struct ff_buf *buf, const char *z);
void ff_buf_char(struct ff_buf *buf, char c);
void ff_buf_i64(struct ff_buf *buf, int64_t n); /* decimal */
void ff_buf_u64(struct ff_buf *buf, uint64_t n);
void ff_buf_printf(struct ff_buf *buf, const char *fmt, ...) ff_printf(2, 3);
/* Big-endian, for PostgreSQL's binary formats. */
void ff_buf_be16(struct ff_buf *buf, uint16_t n);
void ff_buf_be32(struct ff_buf *buf, uint32_t n);
void ff_buf_be64(struct ff_buf *buf, uint64_t n);

struct ff_str ff_buf_view(const struct ff_buf *buf); /* valid until the next put */

#endif
