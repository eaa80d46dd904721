/* hash.h - BLAKE2b (keyed and plain), SipHash, constant-time compare, hex. */
#ifndef FF_SAFE_HASH_H
#define FF_SAFE_HASH_H

#include "base/str.h"

/* Several parts are hashed with their lengths, so that ("ab","c") and ("a","bc") differ.
 * key: 32 bytes or NULL. out_len: 8, 16 or 32 (8 is the first half of a 16-byte hash of its own length domain).
 * Values are stored: BLAKE2b of the byte out_len, then of each part its length (64 bits, little-endian) and bytes. */
void ff_hash(void *out, size_t out_len, const uint8_t *key, const struct ff_str *parts, size_t n);
/* SipHash-2-4 under the first 16 bytes of key: for tables in memory that strangers fill; never stored for good. */
uint64_t ff_hash_short(const uint8_t *key, struct ff_str text);
bool ff_equal_ct(const void *a, const void *b, size_t len);
void ff_hex(const void *p, size_t len, char *out);                  /* 2 * len + 1 bytes */
bool ff_unhex(struct ff_str hex, void *out, size_t len);            /* exactly 2 * len digits */

#endif
