/* The file: 64 bytes of heading, then sets of eight slots, a cache line each. A fingerprint's low bits choose its set; the
 * slot holds its upper 48 bits and the hour, modulo 65536, in which it was acknowledged. 0 is an empty slot. */
#include "room/collect/recent.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOTS 8
/* Not longer than the drain looks back: what is called a duplicate must not count twice. */
#define HOURS 23

struct set {
	_Atomic uint64_t slots[SLOTS];
};

struct file {
	char       magic[64];
	struct set sets[];
};

struct ff_recent {
	struct file *file;
	uint64_t     sets; /* a power of two */
};

static const char magic[64] = "FFRECENT 1\n";

static size_t
size_of(uint64_t sets)
{
	return sizeof(struct file) + sets * sizeof(struct set);
}

static bool
is_ours(int fd, size_t size)
{
	char        found[sizeof(magic)];
	struct stat st;

	return fstat(fd, &st) == 0 && (size_t)st.st_size == size && pread(fd, found, sizeof(found), 0) == sizeof(found) &&
	    memcmp(found, magic, sizeof(magic)) == 0;
}

/* Whole before it has its name. Blocks are allocated now, because a full disk behind a mapping is a SIGBUS. */
static int
file_make(const char *path, size_t size)
{
	char fresh[PATH_MAX];
	int  fd, rc;

	if (snprintf(fresh, sizeof(fresh), "%s.%ld", path, (long)getpid()) >= (int)sizeof(fresh))
		return -1;
	fd = open(fresh, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd < 0)
		return -1;
	rc = posix_fallocate(fd, 0, (off_t)size);
	if (rc == 0 && (fchmod(fd, 0660) != 0 || pwrite(fd, magic, sizeof(magic), 0) != sizeof(magic) || rename(fresh, path) != 0))
		rc = errno;
	if (rc == 0)
		return fd;
	unlink(fresh);
	close(fd);
	errno = rc;
	return -1;
}

struct ff_recent *
ff_recent_open(const char *path, uint64_t ids)
{
	struct ff_recent *recent;
	uint64_t          sets = 1;
	void             *p = MAP_FAILED;
	int               fd;

	if (ids == 0)
		return NULL;
	while (sets * SLOTS < ids)
		sets *= 2;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && !is_ours(fd, size_of(sets))) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		fd = file_make(path, size_of(sets));
	if (fd >= 0)
		p = mmap(NULL, size_of(sets), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		ff_warn("collect", "%s: %s: repeated events will not be called so in replies", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return NULL;
	recent = ff_xmalloc(sizeof(*recent));
	*recent = (struct ff_recent){ p, sets };
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
