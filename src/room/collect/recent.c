/* The file: 64 bytes of heading, then sets of eight slots, a cache line each. A fingerprint's low bits choose its set; the
 * slot holds its upper 48 bits and the hour, modulo 65536, in which it was acknowledged. 0 is an empty slot. */
#include "room/collect/recent.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/log.h"
#include "base/mapped.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SLOTS 8
/* Not longer than the drain looks back: what is called a duplicate must not count twice. */
#define HOURS 23

struct set {
	_Atomic uint64_t slots[SLOTS];
};

struct file {
	char       magic[FF_MAPPED_MAGIC];
	char       unused[48];
	struct set sets[];
};

struct ff_recent {
	struct file *file;
	uint64_t     sets; /* a power of two */
};

static const char magic[FF_MAPPED_MAGIC] = "FFRECENT 1\n";

static size_t
size_of(uint64_t sets)
{
	return sizeof(struct file) + sets * sizeof(struct set);
}

struct ff_recent *
ff_recent_open(const char *path, uint64_t ids)
{
	struct ff_recent *recent;
	uint64_t          sets = 1;
	void             *file;

	if (ids == 0)
		return NULL;
	while (sets * SLOTS < ids)
		sets *= 2;
	if (ff_mapped_open(path, magic, size_of(sets), 0660, &file) != FF_OK) {
		ff_warn("collect", "%s: %s: repeated events will not be called so in replies", path, strerror(errno));
		return NULL;
	}
	recent = ff_xmalloc(sizeof(*recent));
	*recent = (struct ff_recent){ file, sets };
	return recent;
}

void
ff_recent_close(struct ff_recent *recent)
{
	if (!recent)
		return;
	munmap(recent->file, size_of(recent->sets));
	free(recent);
}

uint64_t
ff_recent_print(int32_t site_id, const struct ff_uuid *event_id)
{
	char     key[4 + sizeof(event_id->b)];
	uint64_t print;

	memcpy(key, &site_id, 4);
	memcpy(key + 4, event_id->b, sizeof(event_id->b));
	print = ff_str_hash(ff_str_of(key, sizeof(key)));
	return print != 0 ? print : 1;
}

static uint64_t
slot_of(uint64_t print, uint16_t hour)
{
	return (print >> 16 << 16) | hour;
}

static uint16_t
hour_of(int64_t us)
{
	return (uint16_t)(us / FF_US_HOUR);
}

/* Hours since then; more than HOURS: forgotten. A clock that went back makes it forgotten too. */
static unsigned
age(uint64_t slot, uint16_t now)
{
	return slot == 0 ? UINT16_MAX : (uint16_t)(now - (uint16_t)slot);
}

bool
ff_recent_has(const struct ff_recent *recent, uint64_t print, int64_t now_us)
{
	uint16_t          now = hour_of(now_us);
	const struct set *set;

	if (!recent)
		return false;
	set = &recent->file->sets[print & (recent->sets - 1)];
	for (int i = 0; i < SLOTS; i++) {
		uint64_t slot = atomic_load_explicit(&set->slots[i], memory_order_relaxed);

		if (age(slot, now) <= HOURS && slot_of(slot, 0) == slot_of(print, 0))
			return true;
	}
	return false;
}

/* In the place of its like, else of the oldest; among equals chance (the fingerprint's own bits) decides. */
void
ff_recent_add(struct ff_recent *recent, uint64_t print, int64_t now_us)
{
	uint16_t    now = hour_of(now_us);
	struct set *set;
	int         best = (int)(print >> 60) % SLOTS;

	if (!recent)
		return;
	set = &recent->file->sets[print & (recent->sets - 1)];
	for (int i = 0; i < SLOTS; i++) {
		uint64_t slot = atomic_load_explicit(&set->slots[i], memory_order_relaxed);

		if (age(slot, now) <= HOURS && slot_of(slot, 0) == slot_of(print, 0))
			return;
		if (age(slot, now) > age(atomic_load_explicit(&set->slots[best], memory_order_relaxed), now))
			best = i;
	}
	atomic_store_explicit(&set->slots[best], slot_of(print, now), memory_order_relaxed);
}
