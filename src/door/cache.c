#include "door/cache.h"

#include "base/arena.h"
#include "base/crc32c.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Most answers have some kilobytes; on a tmpfs a slot takes only the pages that were written. */
#define SLOT ((int64_t)64 * 1024)
#define WAYS 4
#define SETS_MIN 4

/* Locks lie behind every slot. */
#define LOCKS ((off_t)1 << 60)

#define FORM 0x46464332u /* begins the checksum: slots of another form do not check */

struct slot {
	uint8_t  key[FF_CACHE_KEY];
	int64_t  made_us, fresh_us;
	uint32_t head_len, body_len;
	int32_t  max_age;
	uint8_t  etag, type_len, refused;
	char     type[61];
	uint32_t crc; /* of all before it, of head and body */
};

struct ff_cache {
	int      fd;
	uint64_t sets;
};

enum ff_err
ff_cache_open(struct ff_cache **out, const char *path, int64_t bytes)
{
	int64_t sets = bytes / (SLOT * WAYS);
	int     fd;

	*out = NULL;
	if (sets < SETS_MIN)
		return FF_OK;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		ff_warn("cache", "cannot use %s, so answers are not shared: %s", path, strerror(errno));
		return FF_IO;
	}
	*out = ff_xmalloc(sizeof **out);
	**out = (struct ff_cache){ .fd = fd, .sets = (uint64_t)sets };
	return FF_OK;
}

void
ff_cache_close(struct ff_cache *cache)
{
	if (cache == NULL)
		return;
	close(cache->fd);
	free(cache);
}

/* ---- slots ---- */

static uint64_t
number_of(const uint8_t key[FF_CACHE_KEY])
{
	uint64_t n;

	memcpy(&n, key, sizeof n);
	return n;
}

static off_t
place(const struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY], int way)
{
	return (off_t)((number_of(key) % cache->sets * WAYS + (uint64_t)way) * (uint64_t)SLOT);
}

static bool
slot_read(const struct ff_cache *cache, off_t at, struct slot *slot)
{
	return pread(cache->fd, slot, sizeof *slot, at) == (ssize_t)sizeof *slot;
}

static bool
is_of(const struct slot *slot, const uint8_t key[FF_CACHE_KEY])
{
	return slot->made_us != 0 && memcmp(slot->key, key, FF_CACHE_KEY) == 0;
}

static uint32_t
sum(const struct slot *slot, struct ff_str head, struct ff_str body)
{
	uint32_t crc = ff_crc32c(FORM, slot, offsetof(struct slot, crc));

	return ff_crc32c(ff_crc32c(crc, head.p, head.len), body.p, body.len);
}

static bool
texts_read(const struct ff_cache *cache, off_t at, const struct slot *slot, struct ff_arena *arena, struct ff_cached *out)
{
	size_t len = (size_t)slot->head_len + slot->body_len;
	char  *text;

	if (len > SLOT - sizeof *slot || slot->type_len > sizeof slot->type)
		return false;
	text = FF_NEW_N(arena, len + 1, char);
	if (pread(cache->fd, text, len, at + (off_t)sizeof *slot) != (ssize_t)len)
		return false;
	out->head = ff_str_of(text, slot->head_len);
	out->body = ff_str_of(text + slot->head_len, slot->body_len);
	return sum(slot, out->head, out->body) == slot->crc;
}

bool
ff_cache_get(const struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY], struct ff_arena *arena, struct ff_cached *out)
{
	struct slot slot;

	for (int way = 0; way < WAYS; way++) {
		off_t at = place(cache, key, way);

		if (!slot_read(cache, at, &slot) || !is_of(&slot, key) || !texts_read(cache, at, &slot, arena, out))
			continue;
		out->type = ff_str_dup(arena, ff_str_of(slot.type, slot.type_len));
		out->made_us = slot.made_us;
		out->fresh_us = slot.fresh_us;
		out->max_age = slot.max_age;
		out->etag = slot.etag != 0;
		out->refused = (enum ff_err)slot.refused;
		return true;
	}
	return false;
}

/* Its own slot, or a free one, or that of the oldest answer. */
static off_t
room_for(const struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY])
{
	off_t   best = place(cache, key, 0);
	int64_t oldest = INT64_MAX;

	for (int way = 0; way < WAYS; way++) {
		off_t       at = place(cache, key, way);
		struct slot slot = { .made_us = 0 };

		if (!slot_read(cache, at, &slot))
			slot.made_us = 0;
		if (is_of(&slot, key))
			return at;
		if (slot.made_us < oldest) {
			oldest = slot.made_us;
			best = at;
		}
	}
	return best;
}

void
ff_cache_put(struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY], const struct ff_cached *answer)
{
	struct slot  slot;
	struct iovec parts[] = { { &slot, sizeof slot }, { (void *)(uintptr_t)answer->head.p, answer->head.len },
		{ (void *)(uintptr_t)answer->body.p, answer->body.len } };
	size_t       len = sizeof slot + answer->head.len + answer->body.len;

	if (answer->head.len + answer->body.len > SLOT - sizeof slot || answer->type.len > sizeof slot.type)
		return;
	memset(&slot, 0, sizeof slot); /* padding is part of the sum */
	memcpy(slot.key, key, FF_CACHE_KEY);
	slot.made_us = answer->made_us;
	slot.fresh_us = answer->fresh_us;
	slot.head_len = (uint32_t)answer->head.len;
	slot.body_len = (uint32_t)answer->body.len;
	slot.max_age = answer->max_age;
	slot.etag = answer->etag;
	slot.refused = (uint8_t)answer->refused;
	slot.type_len = (uint8_t)answer->type.len;
	memcpy(slot.type, answer->type.p, answer->type.len);
	slot.crc = sum(&slot, answer->head, answer->body);
	if (pwritev(cache->fd, parts, 3, room_for(cache, key)) != (ssize_t)len)
		ff_debug("cache", "an answer was not kept: %s", strerror(errno));
}

/* ---- who computes ---- */

static bool
lock(const struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY], short type)
{
	struct flock range = { .l_type = type, .l_whence = SEEK_SET,
		.l_start = LOCKS + (off_t)(number_of(key) % ((uint64_t)1 << 48)), .l_len = 1 };

	return fcntl(cache->fd, F_OFD_SETLK, &range) == 0;
}

bool
ff_cache_claim(struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY])
{
	return lock(cache, key, F_WRLCK);
}

void
ff_cache_release(struct ff_cache *cache, const uint8_t key[FF_CACHE_KEY])
{
	if (!lock(cache, key, F_UNLCK))
		ff_warn("cache", "cannot release a claim: %s", strerror(errno));
}
