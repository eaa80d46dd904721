/* preload.c - a library for LD_PRELOAD that makes system calls on one directory fail, or writes down what they do.
 *
 * FF_DIR=path            the directory; calls on it and on files opened in it are counted, call by call
 * FF_FAIL=call:n:how     the n-th such call fails: ENOSPC, EIO, EDQUOT, EINTR, EMFILE, or "short" (it takes half of
 *                        its bytes). "call:n+:how": the n-th and all that follow
 * FF_FAIL_HIT=path       is created when it happens, so that the caller knows when n is past the end
 * FF_TRACE=path          every change, in order (struct trace_op, then its name and bytes); writes to the file
 *                        FF_LEDGER are put down as acknowledgements */
#define _GNU_SOURCE
#include "tests/fault/trace.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { FDS = 4096, OTHER = 0, DIRECTORY, INSIDE, LEDGER };

static unsigned char kinds[FDS];
static const char   *dir, *fail_call, *fail_how, *hit_file, *ledger;
static char          fail_text[128];
static long          fail_n, count;
static bool          fail_on, ready;
static int           trace_fd = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void
begin(void)
{
	const char *fail = getenv("FF_FAIL"), *trace = getenv("FF_TRACE");
	char       *n, *how;

	dir = getenv("FF_DIR");
	ledger = getenv("FF_LEDGER");
	hit_file = getenv("FF_FAIL_HIT");
	if (dir != NULL && fail != NULL) {
		snprintf(fail_text, sizeof fail_text, "%s", fail);
		n = strchr(fail_text, ':');
		how = n != NULL ? strchr(n + 1, ':') : NULL;
		if (how == NULL)
			abort();
		*n++ = *how++ = '\0';
		fail_call = fail_text;
		fail_n = atol(n);
		fail_on = strchr(n, '+') != NULL;
		fail_how = how;
	}
	if (trace != NULL)
		trace_fd = REAL(open)(trace, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	ready = true;
}

static int
kind_of(int fd)
{
	return fd >= 0 && fd < FDS ? kinds[fd] : OTHER;
}

/* ---- failing ---- */

static int
errno_of(const char *how)
{
	static const struct {
		const char *name;
		int         value;
	} names[] = { { "ENOSPC", ENOSPC }, { "EIO", EIO }, { "EDQUOT", EDQUOT }, { "EINTR", EINTR }, { "EMFILE", EMFILE },
		{ "ENOMEM", ENOMEM }, { "ENOLCK", ENOLCK }, { "EACCES", EACCES } };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i].name, how) == 0)
			return names[i].value;
	return 0;
}

static bool
due(const char *call)
{
	int fd;

	if (!ready || fail_call == NULL || strcmp(call, fail_call) != 0)
		return false;
	count++;
	if (fail_on ? count < fail_n : count != fail_n)
		return false;
	if (hit_file != NULL) {
		fd = REAL(open)(hit_file, O_WRONLY | O_CREAT, 0600);
		close(fd);
		hit_file = NULL;
	}
	return true;
}

/* Sets errno; a short write is for the caller to do. */
static bool
fails(const char *call)
{
	if (!due(call) || errno_of(fail_how) == 0)
		return false;
	errno = errno_of(fail_how);
	return true;
}

/* ---- tracing ---- */

static void
put_trace(enum trace_kind kind, int fd, long off, const char *name, const char *to, const void *p, size_t len)
{
	struct trace_op op = { .kind = kind, .off = off, .len = (uint32_t)len };
	struct stat     st;
	int             kept = errno;

	if (trace_fd < 0)
		return;
	if (fd >= 0 && fstat(fd, &st) == 0)
		op.ino = st.st_ino;
	snprintf(op.name, sizeof op.name, "%s", name != NULL ? name : "");
	snprintf(op.to, sizeof op.to, "%s", to != NULL ? to : "");
	if (REAL(write)(trace_fd, &op, sizeof op) != sizeof op || (len > 0 && REAL(write)(trace_fd, p, len) != (ssize_t)len))
		abort();
	errno = kept;
}

/* ---- the calls ---- */

static int
opened(int fd, int dirfd, const char *path, int flags)
{
	size_t len = dir != NULL ? strlen(dir) : 0;

	if (fd < 0 || fd >= FDS || len == 0)
		return fd;
	kinds[fd] = OTHER;
	if (kind_of(dirfd) == DIRECTORY && strcmp(path, ".") != 0)
		kinds[fd] = (flags & O_DIRECTORY) != 0 ? OTHER : INSIDE;
	else if (kind_of(dirfd) == DIRECTORY || strcmp(path, dir) == 0)
		kinds[fd] = DIRECTORY;
	else if (ledger != NULL && strcmp(path, ledger) == 0)
		kinds[fd] = LEDGER;
	if (kinds[fd] == INSIDE)
		put_trace(TRACE_OPEN, fd, 0, path, NULL, NULL, 0);
	return fd;
}

static bool
about_dir(int dirfd, const char *path)
{
	return kind_of(dirfd) == DIRECTORY || (dir != NULL && path != NULL && strncmp(path, dir, strlen(dir)) == 0);
}

int
open(const char *path, int flags, ...)
{
	mode_t  mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & (O_CREAT | O_TMPFILE)) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if (about_dir(-1, path) && fails("open"))
		return -1;
	return opened(REAL(open)(path, flags, mode), -1, path, flags);
}

int
openat(int dirfd, const char *path, int flags, ...)
{
	mode_t  mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & (O_CREAT | O_TMPFILE)) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if (about_dir(dirfd, path) && fails("open"))
		return -1;
	return opened(REAL(openat)(dirfd, path, flags, mode), dirfd, path, flags);
}

int __open_2(const char *path, int flags); /* what a fortified open becomes */
int __openat_2(int dirfd, const char *path, int flags);

int
__open_2(const char *path, int flags)
{
	return open(path, flags, 0);
}

int
__openat_2(int dirfd, const char *path, int flags)
{
	return openat(dirfd, path, flags, 0);
}

int
close(int fd)
{
	if (fd >= 0 && fd < FDS)
		kinds[fd] = OTHER;
	return REAL(close)(fd);
}

static ssize_t
write_at(int fd, const void *p, size_t len, off_t off)
{
	ssize_t n;

	if (kind_of(fd) == INSIDE && due("pwrite")) {
		if (errno_of(fail_how) != 0) {
			errno = errno_of(fail_how);
			return -1;
		}
		len = len > 1 ? len / 2 : len;
	}
	n = REAL(pwrite)(fd, p, len, off);
	if (n > 0 && kind_of(fd) == INSIDE)
		put_trace(TRACE_WRITE, fd, off, NULL, NULL, p, (size_t)n);
	return n;
}

ssize_t
pwrite(int fd, const void *p, size_t len, off_t off)
{
	return write_at(fd, p, len, off);
}

ssize_t
pwrite64(int fd, const void *p, size_t len, off64_t off)
{
	return write_at(fd, p, len, off);
}

ssize_t
write(int fd, const void *p, size_t len)
{
	ssize_t n = REAL(write)(fd, p, len);

	if (n > 0 && kind_of(fd) == LEDGER)
		put_trace(TRACE_ACK, -1, 0, NULL, NULL, p, (size_t)n);
	return n;
}

static ssize_t
read_at(int fd, void *p, size_t len, off_t off)
{
	if (kind_of(fd) == INSIDE && due("pread")) {
		if (errno_of(fail_how) != 0) {
			errno = errno_of(fail_how);
			return -1;
		}
		len = len > 1 ? len / 2 : len;
	}
	return REAL(pread)(fd, p, len, off);
}

ssize_t
pread(int fd, void *p, size_t len, off_t off)
{
	return read_at(fd, p, len, off);
}

ssize_t
pread64(int fd, void *p, size_t len, off64_t off)
{
	return read_at(fd, p, len, off);
}

ssize_t __pread_chk(int fd, void *p, size_t len, off_t off, size_t room);
ssize_t __pread64_chk(int fd, void *p, size_t len, off64_t off, size_t room);

ssize_t
__pread_chk(int fd, void *p, size_t len, off_t off, size_t room)
{
	if (len > room)
		abort();
	return read_at(fd, p, len, off);
}

ssize_t
__pread64_chk(int fd, void *p, size_t len, off64_t off, size_t room)
{
	return __pread_chk(fd, p, len, off, room);
}

static int
sync_with(int fd, const char *call, int (*real)(int))
{
	int rc;

	if (kind_of(fd) != INSIDE && kind_of(fd) != DIRECTORY)
		return real(fd);
	if (fails(call))
		return -1;
	rc = real(fd);
	if (rc == 0)
		put_trace(kind_of(fd) == DIRECTORY ? TRACE_SYNC_DIR : TRACE_SYNC, fd, 0, NULL, NULL, NULL, 0);
	return rc;
}

int
fsync(int fd)
{
	return sync_with(fd, "fsync", REAL(fsync));
}

int
fdatasync(int fd)
{
	return sync_with(fd, "fdatasync", REAL(fdatasync));
}

int
renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags)
{
	int rc;

	if (kind_of(fromfd) == DIRECTORY && fails("rename"))
		return -1;
	rc = REAL(renameat2)(fromfd, from, tofd, to, flags);
	if (rc == 0 && kind_of(fromfd) == DIRECTORY)
		put_trace(TRACE_RENAME, -1, 0, from, to, NULL, 0);
	return rc;
}

int
unlinkat(int dirfd, const char *name, int flags)
{
	int rc;

	if (kind_of(dirfd) == DIRECTORY && fails("unlink"))
		return -1;
	rc = REAL(unlinkat)(dirfd, name, flags);
	if (rc == 0 && kind_of(dirfd) == DIRECTORY)
		put_trace(TRACE_UNLINK, -1, 0, name, NULL, NULL, 0);
	return rc;
}

static int
lock_with(int fd, int cmd, void *arg, int (*real)(int, int, ...))
{
	if (kind_of(fd) == INSIDE && cmd == F_OFD_SETLK && fails("fcntl"))
		return -1;
	return real(fd, cmd, arg);
}

int
fcntl(int fd, int cmd, ...)
{
	va_list ap;
	void   *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	return lock_with(fd, cmd, arg, REAL(fcntl));
}

int
fcntl64(int fd, int cmd, ...)
{
	va_list ap;
	void   *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	return lock_with(fd, cmd, arg, REAL(fcntl64));
}

struct dirent *
readdir(DIR *d)
{
	return kind_of(dirfd(d)) == DIRECTORY && fails("readdir") ? NULL : REAL(readdir)(d);
}

int
fstatvfs(int fd, struct statvfs *out)
{
	return kind_of(fd) == DIRECTORY && fails("statvfs") ? -1 : REAL(fstatvfs)(fd, out);
}

#ifndef FOREIGN_MALLOC /* a sanitizer's, which cannot be called this early */
void *__libc_malloc(size_t size);

void *
malloc(size_t size)
{
	if (ready && fails("malloc"))
		return NULL;
	return __libc_malloc(size);
}
#endif
