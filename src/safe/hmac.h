/* hmac.h - HMAC-SHA256, as webhooks everywhere are signed. */
#ifndef FF_SAFE_HMAC_H
#define FF_SAFE_HMAC_H

#include "base/str.h"

/* Of the parts one after the other, without separators: the caller puts in what keeps them apart. Any length of key. */
void ff_hmac_sha256(uint8_t out[32], struct ff_str key, const struct ff_str *parts, size_t n);

#endif
