/* tmpl.h - what compiled templates put out with: every value is escaped by its type. */
#ifndef FF_ROOM_ADMIN_TMPL_H
#define FF_ROOM_ADMIN_TMPL_H

#include "wire/html.h"

static inline void
ff_tmpl_put_str(struct ff_buf *out, struct ff_str s)
{
	ff_html_escape(out, s);
}

static inline void
ff_tmpl_put_z(struct ff_buf *out, const char *z)
{
	ff_html_escape(out, ff_str_from(z));
}

static inline void
ff_tmpl_put_i64(struct ff_buf *out, int64_t n)
{
	ff_buf_i64(out, n);
}

#define FF_TMPL_TEXT(out, literal) ff_buf_put((out), literal, sizeof(literal) - 1)
#define FF_TMPL_PUT(out, x)                  \
	_Generic((x),                        \
	    struct ff_str: ff_tmpl_put_str,  \
	    char *: ff_tmpl_put_z,           \
	    const char *: ff_tmpl_put_z,     \
	    default: ff_tmpl_put_i64)(out, x)

#endif
