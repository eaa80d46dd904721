/* cache.h - answers that all workers of a program share: one file of slots on a tmpfs.
 *
 * A slot has a key (a hash of the question and of who asked), an answer and a checksum; a file lock on the key says who is
 * computing that answer now, and goes with its holder. No process maps the file, so a worker's memory does not grow with
 * it. It may be lost, cut or written by two at once: what does not check is not there. */
#ifndef FF_DOOR_CACHE_H
#define FF_DOOR_CACHE_H

#include "base/err.h"
#include "base/str.h"

#define FF_CACHE_KEY 32

struct ff_cache;

/* An answer as it was given: slices live in the arena of ff_cache_get. */
struct ff_cached {
	int64_t       made_us, fresh_us; /* fresh until */
	int32_t       max_age;
	bool          etag;
	enum ff_err   refused;           /* FF_OK: an answer. Else what the fault says: its field is in head, why in body */
	struct ff_str type, head, body;  /* Content-Type, further header lines */
};

/* bytes: of the whole file at most; below 1 MiB there is none and *out is NULL. FF_IO: it cannot be made, logged. */
enum ff_err ff_cache_open(struct ff_cache **out, const char *path, int64_t bytes) ff_must_check;
void        ff_cache_close(struct ff_cache *cache);

/* The newest answer under that key, fresh or not. */
bool ff_cache_get(const struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY], struct ff_arena *arena,
    struct ff_cached *out);
/* Makes room by the oldest of a few. An answer larger than a slot is not kept. */
void ff_cache_put(struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY], const struct ff_cached *answer);

/* True: the caller computes the answer under that key, until it releases it or ends. Who holds one claims no other. */
bool ff_cache_claim(struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY]);
void ff_cache_release(struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY]);

#endif
