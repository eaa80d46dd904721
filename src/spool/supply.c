#include "spool/supply.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/fault.h"
#include "base/log.h"
#include "safe/rand.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FAULT(name) (FF_FAULT(name) && (errno = EIO) != 0)

#define FILL_STEP (256 * 1024)
#define PREPARE_PAUSE 256 /* groups, after preparing ahead failed */

static void
boot_id(char out[9])
{
	int    fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	size_t got = 0;

	memcpy(out, "00000000", 9);
	if (fd < 0)
		return;
	if (!ff_disk_read(fd, out, 8, 0, &got) || got != 8)
		memcpy(out, "00000000", 9);
	close(fd);
}

void
ff_supply_init(struct ff_supply *supply, const struct ff_spool_options *options, int dirfd)
{
	char boot[9];

	boot_id(boot);
	*supply = (struct ff_supply){
		.dir = options->dir, .dirfd = dirfd, .segment_size = options->segment_size,
		.soft_limit = options->soft_limit, .hard_limit = options->hard_limit, .next = -1,
	};
	snprintf(supply->writer, sizeof supply->writer, "%s-%d", boot, (int)getpid());
}

/* Names of one writer grow even where the clock steps back. */
static int64_t
name_next(struct ff_supply *supply, char base[FF_SEGMENT_NAME])
{
	int64_t now = ff_now();

	supply->last_us = now > supply->last_us ? now : supply->last_us + 1;
	snprintf(base, FF_SEGMENT_NAME, "%s-%016" PRIx64, supply->writer, (uint64_t)supply->last_us);
	return supply->last_us;
}

static void
next_forget(struct ff_supply *supply, bool unlink_it)
{
	if (supply->next < 0)
		return;
	if (unlink_it)
		unlinkat(supply->dirfd, supply->next_name, 0);
	close(supply->next);
	supply->next = -1;
	supply->ready = false;
}

/* ---- a spare ---- */

/* Ours once it is locked and still bears its name: whoever else wants it sees the lock or misses the name. */
static bool
spare_claim(struct ff_supply *supply, const char *file)
{
	int         fd = openat(supply->dirfd, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0)
		return false;
	if (!ff_disk_lock(fd) || !ff_disk_same(supply->dirfd, file, fd) || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)
	    || st.st_size != supply->segment_size) { /* another writer may want that size */
		close(fd);
		return false;
	}
	supply->next = fd;
	supply->ready = supply->recycled = true;
	snprintf(supply->next_name, sizeof supply->next_name, "%s", file);
	return true;
}

static bool
spare_seen(void *ctx, const char *file, const struct ff_segment_name *name)
{
	struct ff_supply *supply = ctx;

	return name->kind != FF_SEGMENT_SPARE || !spare_claim(supply, file);
}

/* ---- a new file ---- */

static void
limit_alarm(struct ff_supply *supply, uint64_t bytes)
{
	bool over = supply->soft_limit != 0 && bytes > supply->soft_limit;

	if (over && !supply->alarmed)
		ff_warn("spool", "%s holds %" PRIu64 " bytes, over the soft limit: is the drain running?", supply->dir, bytes);
	supply->alarmed = over;
}

/* Asked before any byte is written: a full disk is not made fuller, and refusing costs two system calls. */
static enum ff_err
room_check(struct ff_supply *supply)
{
	struct statvfs vfs;
	uint64_t       bytes;

	if (!ff_disk_bytes(supply->dirfd, &bytes) || fstatvfs(supply->dirfd, &vfs) != 0)
		return ff_disk_err(errno);
	limit_alarm(supply, bytes + supply->segment_size);
	if (supply->hard_limit != 0 && bytes + supply->segment_size > supply->hard_limit) {
		errno = EDQUOT;
		return FF_STORAGE;
	}
	if ((uint64_t)vfs.f_bavail * vfs.f_frsize < supply->segment_size) {
		errno = ENOSPC;
		return FF_STORAGE;
	}
	return FF_OK;
}

static enum ff_err
new_create(struct ff_supply *supply)
{
	char base[FF_SEGMENT_NAME];

	FF_TRY(room_check(supply));
	name_next(supply, base);
	ff_segment_name_print(base, FF_SEGMENT_NEW, 0, supply->next_name);
	do
		supply->next = openat(supply->dirfd, supply->next_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
	while (supply->next < 0 && errno == EINTR);
	if (supply->next < 0)
		return ff_disk_err(errno);
	supply->filled = 0;
	supply->ready = supply->recycled = false;
	if (!ff_disk_lock(supply->next)) {
		enum ff_err err = ff_disk_err(errno);

		next_forget(supply, true);
		return err;
	}
	return FF_OK;
}

static enum ff_err
next_begin(struct ff_supply *supply)
{
	if (!ff_disk_list(supply->dirfd, spare_seen, supply))
		return ff_disk_err(errno);
	return supply->next >= 0 ? FF_OK : new_create(supply);
}

/* Zeros are written, not only allocated: unwritten extents would cost a journal commit at each sync. Writing
 * them back begins at once, so that the fsync at the end finds little to do. */
static enum ff_err
next_fill(struct ff_supply *supply, uint32_t bytes)
{
	static const char zeros[FILL_STEP];

	while (bytes > 0 && supply->filled < supply->segment_size) {
		uint32_t left = supply->segment_size - supply->filled;
		uint32_t step = left < FILL_STEP ? left : FILL_STEP;

		if (!ff_disk_write(supply->next, zeros, step, supply->filled))
			return ff_disk_err(errno);
		sync_file_range(supply->next, supply->filled, step, SYNC_FILE_RANGE_WRITE);
		supply->filled += step;
		bytes -= bytes < step ? bytes : step;
	}
	if (supply->filled < supply->segment_size)
		return FF_OK;
	if (!ff_disk_sync(supply->next))
		return ff_disk_err(errno);
	supply->ready = true;
	return FF_OK;
}

static enum ff_err
next_work(struct ff_supply *supply, uint32_t bytes)
{
	enum ff_err err = FF_OK;
	int         kept;

	if (supply->next < 0)
		err = next_begin(supply);
	if (err == FF_OK && !supply->ready)
		err = next_fill(supply, bytes);
	if (err != FF_OK) {
		kept = errno;
		next_forget(supply, true);
		errno = kept;
	}
	return err;
}

void
ff_supply_prepare(struct ff_supply *supply, uint32_t bytes)
{
	if (supply->ready || supply->pause > 0)
		supply->pause -= supply->pause > 0;
	else if (next_work(supply, bytes) != FF_OK)
		supply->pause = PREPARE_PAUSE;
}

/* ---- taking it into use ---- */

static void
header_fill(struct ff_supply *supply, struct ff_segment_header *header, int64_t created_us)
{
	uint8_t random[10];

	ff_random(random, sizeof random);
	header->uuid = ff_uuid_v7(created_us, random);
	header->created_us = created_us;
	header->size = supply->segment_size;
	header->flags = supply->recycled ? FF_SEGMENT_RECYCLED : 0;
	ff_segment_header_seal(header);
}

/* The old footer goes too: were the new header damaged one day, the file would be taken for what it was before. */
static bool
identity_write(struct ff_supply *supply, const struct ff_segment_header *header)
{
	static const char no_footer[FF_SEGMENT_FOOTER];

	return ff_disk_write(supply->next, no_footer, sizeof no_footer, (off_t)header->size - FF_SEGMENT_FOOTER)
	    && ff_disk_write(supply->next, header, sizeof *header, 0) && ff_disk_sync(supply->next);
}

/* The header is on disk before the name says that there is one: a spare's old header is never seen as open. */
static enum ff_err
next_activate(struct ff_supply *supply, const struct ff_segment_header *header, const char *base)
{
	char name[FF_SEGMENT_NAME];

	ff_segment_name_print(base, FF_SEGMENT_OPEN, 0, name);
	if (!identity_write(supply, header))
		return ff_disk_err(errno);
	if (!ff_disk_rename(supply->dirfd, supply->next_name, name))
		return ff_disk_err(errno);
	memcpy(supply->next_name, name, sizeof name);
	if (FAULT("spool.created") || !ff_disk_sync(supply->dirfd) || FAULT("spool.dir_synced"))
		return ff_disk_err(errno);
	return FF_OK;
}

enum ff_err
ff_supply_take(struct ff_supply *supply, struct ff_segment_header *header, int *fd, char base[FF_SEGMENT_NAME])
{
	enum ff_err err;

	while (!supply->ready)
		FF_TRY(next_work(supply, supply->segment_size));
	header_fill(supply, header, name_next(supply, base));
	err = next_activate(supply, header, base);
	if (err != FF_OK) {
		int kept = errno;

		next_forget(supply, true);
		errno = kept;
		return err;
	}
	*fd = supply->next;
	supply->next = -1;
	supply->ready = false;
	return FF_OK;
}

void
ff_supply_free(struct ff_supply *supply)
{
	struct ff_segment_name parsed;
	char                   name[FF_SEGMENT_NAME];

	if (supply->next >= 0 && supply->ready && !supply->recycled) {
		ff_segment_name_parse(supply->next_name, &parsed);
		ff_segment_name_print(parsed.base, FF_SEGMENT_SPARE, 0, name);
		next_forget(supply, !ff_disk_rename(supply->dirfd, supply->next_name, name));
		return;
	}
	next_forget(supply, !supply->recycled);
}
