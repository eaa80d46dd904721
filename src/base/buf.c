#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
ff_buf_init(struct ff_buf *buf, size_t ceiling)
{
	*buf = (struct ff_buf){ .ceiling = ceiling };
}

void
ff_buf_free(struct ff_buf *buf)
{
	free(buf->p);
	*buf = (struct ff_buf){ .ceiling = buf->ceiling };
}

void
ff_buf_clear(struct ff_buf *buf)
{
	buf->len = 0;
	buf->overflow = false;
	if (buf->p != NULL)
		buf->p[0] = '\0';
}

/* Makes room for n more bytes and the NUL, or marks the overflow. */
static bool
reserve(struct ff_buf *buf, size_t n)
{
	size_t cap = buf->cap ? buf->cap : 256;

	if (buf->overflow || n > buf->ceiling - buf->len) {
		buf->overflow = true;
		return false;
	}
	if (buf->p != NULL && n < buf->cap - buf->len)
		return true;
	while (cap - buf->len <= n)
		cap *= 2;
	buf->p = ff_xrealloc(buf->p, cap);
	buf->cap = cap;
	return true;
}

char *
ff_buf_room(struct ff_buf *buf, size_t n)
{
	char *p;

	if (!reserve(buf, n))
		return NULL;
	p = buf->p + buf->len;
	buf->len += n;
	p[n] = '\0';
	return p;
}

void
ff_buf_put(struct ff_buf *buf, const void *p, size_t len)
{
	if (!reserve(buf, len))
		return;
	if (len > 0)
		memcpy(buf->p + buf->len, p, len);
	buf->len += len;
	buf->p[buf->len] = '\0';
}

void
ff_buf_str(struct ff_buf *buf, struct ff_str s)
{
	ff_buf_put(buf, s.p, s.len);
}

void
ff_buf_z(struct ff_buf *buf, const char *z)
{
	ff_buf_put(buf, z, strlen(z));
}

void
ff_buf_char(struct ff_buf *buf, char c)
{
	ff_buf_put(buf, &c, 1);
}

void
ff_buf_i64(struct ff_buf *buf, int64_t n)
{
	if (n < 0)
		ff_buf_char(buf, '-');
	ff_buf_u64(buf, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void
ff_buf_u64(struct ff_buf *buf, uint64_t n)
{
	char  digits[20];
	char *p = digits + sizeof digits;

	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	ff_buf_put(buf, p, (size_t)(digits + sizeof digits - p));
}

void
ff_buf_printf(struct ff_buf *buf, const char *fmt, ...)
{
	va_list ap, again;
	int     n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		ff_panic("bad format");
	if (reserve(buf, (size_t)n)) {
		vsnprintf(buf->p + buf->len, (size_t)n + 1, fmt, again);
		buf->len += (size_t)n;
	}
	va_end(again);
}

void
ff_buf_be16(struct ff_buf *buf, uint16_t n)
{
	unsigned char b[2] = { (unsigned char)(n >> 8), (unsigned char)n };

	ff_buf_put(buf, b, sizeof b);
}

void
ff_buf_be32(struct ff_buf *buf, uint32_t n)
{
	ff_buf_be16(buf, (uint16_t)(n >> 16));
	ff_buf_be16(buf, (uint16_t)n);
}

void
ff_buf_be64(struct ff_buf *buf, uint64_t n)
{
	ff_buf_be32(buf, (uint32_t)(n >> 32));
	ff_buf_be32(buf, (uint32_t)n);
}

struct ff_str
ff_buf_view(const struct ff_buf *buf)
{
	return (struct ff_str){ buf->p == NULL ? "" : buf->p, buf->len };
}
