/* utf8.h - what PostgreSQL accepts as text: valid UTF-8 (RFC 3629) without U+0000. */
#ifndef FF_BASE_UTF8_H
#define FF_BASE_UTF8_H

#include "base/str.h"

bool ff_utf8_valid(struct ff_str s);                       /* U+0000 is refused too */
struct ff_str ff_utf8_cut(struct ff_str s, size_t max);    /* at most max bytes, whole characters */
size_t        ff_utf8_characters(struct ff_str s);
struct ff_str ff_utf8_first(struct ff_str s, size_t n); /* at most n characters */
/* A valid copy: each bad byte becomes U+FFFD, each NUL and control character a space. */
struct ff_str ff_utf8_clean(struct ff_arena *arena, struct ff_str s);
/* Writes code point c, returns the bytes written (1-4), 0 for surrogates and beyond U+10FFFF. */
size_t ff_utf8_encode(uint32_t c, char out[4]);

#endif
