/* The file: 64 bytes of heading, the last eight of them `received`, then 64-bit counters in the machine's byte order:
 * robots, then one for each reason by its code. It is one page for ever, so new reasons need no new layout. Version 1 did
 * not count what is received by itself: there it is the sum of the reasons. */
#include "fact/ledger.h"

#include "base/arena.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEDGER_SIZE 4096
#define LEDGER_SLOTS ((LEDGER_SIZE - 64) / 8 - 1)

static const char magic[16] = "FFLEDGER 2\n", magic_1[16] = "FFLEDGER 1\n";

struct page {
	char             magic[16];
	char             unused[40];
	_Atomic uint64_t received;
	_Atomic uint64_t robots;
	_Atomic uint64_t reasons[LEDGER_SLOTS];
};

struct ff_ledger {
	struct page *page;
};

_Static_assert(sizeof(struct page) == LEDGER_SIZE, "the ledger is one page");
_Static_assert(FF_REASON_COUNT <= LEDGER_SLOTS, "every reason has its slot");

/* Under the file's lock. Blocks are allocated now, because a full disk behind a mapping is a SIGBUS. */
static enum ff_err
heading_make(int fd)
{
	static const char none[sizeof magic];
	char              found[sizeof magic] = { 0 };
	int               rc = posix_fallocate(fd, 0, LEDGER_SIZE);

	if (rc != 0) {
		errno = rc;
		return FF_STORAGE;
	}
	if (pread(fd, found, sizeof found, 0) != sizeof found)
		return FF_IO;
	if (memcmp(found, magic_1, sizeof magic_1) == 0)
		return FF_OK; /* page_map completes it */
	if (memcmp(found, none, sizeof none) == 0)
		return pwrite(fd, magic, sizeof magic, 0) == sizeof magic ? FF_OK : FF_IO;
	return memcmp(found, magic, sizeof magic) == 0 ? FF_OK : FF_CORRUPT;
}

static void
upgrade(struct page *page)
{
	if (memcmp(page->magic, magic_1, sizeof magic_1) != 0)
		return;
	for (int i = 0; i < FF_REASON_COUNT; i++)
		page->received += page->reasons[i];
	memcpy(page->magic, magic, sizeof magic);
}

/* Under the file's lock. */
static enum ff_err
map_locked(int fd, struct page **page)
{
	void *p;

	FF_TRY(heading_make(fd));
	p = mmap(NULL, LEDGER_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return FF_IO;
	*page = p;
	upgrade(*page);
	return FF_OK;
}

static enum ff_err
page_map(int fd, struct page **page)
{
	enum ff_err err;

	while (flock(fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return FF_IO;
	err = map_locked(fd, page);
	flock(fd, LOCK_UN);
	return err;
}

static int
ledger_file(const char *path, int create)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0 || errno != ENOENT || !create)
		return fd;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd >= 0 && fchmod(fd, 0660) != 0)
		ff_warn("ledger", "cannot open %s to its group: %s", path, strerror(errno));
	return fd;
}

enum ff_err
ff_ledger_open(struct ff_ledger **ledger, const char *path, int create)
{
	int          fd = ledger_file(path, create);
	struct page *page = NULL;
	enum ff_err  err;

	if (fd < 0 && errno == ENOENT && !create)
		return FF_NOT_FOUND;
	err = fd < 0 ? FF_IO : page_map(fd, &page);
	if (err != FF_OK)
		ff_error("ledger", "cannot use %s: %s", path, err == FF_CORRUPT ? "another file" : strerror(errno));
	if (fd >= 0)
		close(fd);
	FF_TRY(err);
	*ledger = ff_xmalloc(sizeof **ledger);
	(*ledger)->page = page;
	return FF_OK;
}

void
ff_ledger_close(struct ff_ledger *ledger)
{
	if (ledger == NULL)
		return;
	munmap(ledger->page, LEDGER_SIZE);
	free(ledger);
}

void
ff_ledger_receive(struct ff_ledger *ledger, uint64_t n)
{
	atomic_fetch_add_explicit(&ledger->page->received, n, memory_order_release);
}

void
ff_ledger_add(struct ff_ledger *ledger, enum ff_reason reason, uint64_t n)
{
	ff_ledger_receive(ledger, n);
	ff_ledger_settle(ledger, reason, n);
}

void
ff_ledger_settle(struct ff_ledger *ledger, enum ff_reason reason, uint64_t n)
{
	atomic_fetch_add_explicit(&ledger->page->reasons[reason], n, memory_order_release);
}

void
ff_ledger_robot(struct ff_ledger *ledger, uint64_t n)
{
	atomic_fetch_add_explicit(&ledger->page->robots, n, memory_order_relaxed);
}

void
ff_ledger_read(const struct ff_ledger *ledger, struct ff_ledger_counts *out)
{
	uint64_t settled = 0;

	for (int i = 0; i < FF_REASON_COUNT; i++) {
		out->by_reason[i] = atomic_load_explicit(&ledger->page->reasons[i], memory_order_acquire);
		settled += out->by_reason[i];
	}
	/* After the others, so that it is never less than their sum. */
	out->received = atomic_load_explicit(&ledger->page->received, memory_order_acquire);
	out->in_hand = out->received - settled;
	out->robots = atomic_load_explicit(&ledger->page->robots, memory_order_relaxed);
}
