#include "base/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static enum ff_err
fill(int fd, const char *magic, size_t size, int mode)
{
	int rc = posix_fallocate(fd, 0, (off_t)size);

	if (rc != 0) {
		errno = rc;
		return FF_STORAGE;
	}
	if (fchmod(fd, (mode_t)mode) != 0 || pwrite(fd, magic, FF_MAPPED_MAGIC, 0) != FF_MAPPED_MAGIC)
		return FF_IO;
	return FF_OK;
}

/* Where another process was faster its file holds. */
static enum ff_err
make(const char *path, const char *magic, size_t size, int mode)
{
	char        temporary[PATH_MAX];
	int         fd, why;
	enum ff_err err;

	if (snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid()) >= (int)sizeof temporary) {
		errno = ENAMETOOLONG;
		return FF_IO;
	}
	fd = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return FF_IO;
	err = fill(fd, magic, size, mode);
	if (err == FF_OK && link(temporary, path) != 0 && errno != EEXIST)
		err = FF_IO;
	why = errno;
	unlink(temporary);
	close(fd);
	errno = why;
	return err;
}

static bool
is_like(int fd, const char *magic, size_t size)
{
	char        found[FF_MAPPED_MAGIC];
	struct stat st;

	return fstat(fd, &st) == 0 && (size_t)st.st_size == size && pread(fd, found, sizeof found, 0) == sizeof found &&
	    memcmp(found, magic, sizeof found) == 0;
}

static enum ff_err
map_file(const char *path, const char *magic, size_t size, void **map)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return errno == ENOENT ? FF_NOT_FOUND : FF_IO;
	if (!is_like(fd, magic, size)) {
		close(fd);
		return FF_CORRUPT;
	}
	*map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return *map == MAP_FAILED ? FF_IO : FF_OK;
}

enum ff_err
ff_mapped_open(const char *path, const char magic[FF_MAPPED_MAGIC], size_t size, int mode, void **map)
{
	enum ff_err err = map_file(path, magic, size, map);

	if (err == FF_CORRUPT && unlink(path) == 0)
		err = FF_NOT_FOUND;
	if (err != FF_NOT_FOUND)
		return err;
	FF_TRY(make(path, magic, size, mode));
	return map_file(path, magic, size, map);
}
