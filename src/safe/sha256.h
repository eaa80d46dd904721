/* sha256.h - SHA-256 of what comes in pieces: for files that others check with their own tools. */
#ifndef FF_SAFE_SHA256_H
#define FF_SAFE_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct ff_sha256 {
	uint64_t state[16]; /* libsodium's */
};

void ff_sha256_init(struct ff_sha256 *sha);
void ff_sha256_add(struct ff_sha256 *sha, const void *p, size_t len);
void ff_sha256_end(struct ff_sha256 *sha, char hex[65]);

#endif
