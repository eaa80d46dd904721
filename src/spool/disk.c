#include "spool/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum ff_err
ff_disk_err(int errnum)
{
	switch (errnum) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case EACCES:
	case EPERM:
	case EROFS:
	case EAGAIN:
	case EEXIST:
	case ENOENT: return FF_STORAGE;
	default: return FF_IO;
	}
}

int
ff_disk_open_dir(const char *dir)
{
	int fd;

	do
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd;
}

bool
ff_disk_read(int fd, void *p, size_t len, off_t off, size_t *got)
{
	char *at = p;

	for (*got = 0; *got < len;) {
		ssize_t n = pread(fd, at + *got, len - *got, off + (off_t)*got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		*got += (size_t)n;
	}
	return true;
}

bool
ff_disk_write(int fd, const void *p, size_t len, off_t off)
{
	const char *at = p;

	while (len > 0) {
		ssize_t n = pwrite(fd, at, len, off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? ENOSPC : errno;
			return false;
		}
		at += n;
		off += n;
		len -= (size_t)n;
	}
	return true;
}

/* An interrupted sync reported nothing yet, so asking again is right; a failed one reported, and is final. */
bool
ff_disk_sync(int fd)
{
	int rc;

	do
		rc = fsync(fd);
	while (rc != 0 && errno == EINTR);
	return rc == 0;
}

bool
ff_disk_sync_data(int fd)
{
	int rc;

	do
		rc = fdatasync(fd);
	while (rc != 0 && errno == EINTR);
	return rc == 0;
}

bool
ff_disk_lock(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int          rc;

	do
		rc = fcntl(fd, F_OFD_SETLK, &lock);
	while (rc != 0 && errno == EINTR);
	return rc == 0;
}

/* File systems that cannot refuse by themselves are asked first: names of segments are never used twice. */
bool
ff_disk_rename(int dirfd, const char *from, const char *to)
{
	if (renameat2(dirfd, from, dirfd, to, RENAME_NOREPLACE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	if (faccessat(dirfd, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return false;
	}
	return errno == ENOENT && renameat(dirfd, from, dirfd, to) == 0;
}

bool
ff_disk_same(int dirfd, const char *name, int fd)
{
	struct stat by_name, by_fd;

	return fstatat(dirfd, name, &by_name, AT_SYMLINK_NOFOLLOW) == 0 && fstat(fd, &by_fd) == 0
	    && by_name.st_ino == by_fd.st_ino && by_name.st_dev == by_fd.st_dev;
}

bool
ff_disk_list(int dirfd, bool (*fn)(void *ctx, const char *file, const struct ff_segment_name *name), void *ctx)
{
	int            fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR           *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	int            err;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
		struct ff_segment_name name;

		ff_segment_name_parse(entry->d_name, &name);
		if (!fn(ctx, entry->d_name, &name)) {
			errno = 0;
			break;
		}
	}
	err = errno;
	closedir(dir);
	errno = err;
	return err == 0;
}

struct bytes_sum {
	int      dirfd;
	uint64_t bytes;
};

static bool
bytes_add(void *ctx, const char *file, const struct ff_segment_name *name)
{
	struct bytes_sum *sum = ctx;
	struct stat       st;

	if (name->kind != FF_SEGMENT_OTHER && name->kind != FF_SEGMENT_MARK
	    && fstatat(sum->dirfd, file, &st, AT_SYMLINK_NOFOLLOW) == 0)
		sum->bytes += (uint64_t)st.st_size;
	return true;
}

bool
ff_disk_bytes(int dirfd, uint64_t *bytes)
{
	struct bytes_sum sum = { dirfd, 0 };
	bool             listed = ff_disk_list(dirfd, bytes_add, &sum);

	*bytes = sum.bytes;
	return listed;
}
