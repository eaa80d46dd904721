#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum ff_err
read_all(struct ff_arena *arena, int fd, size_t max, struct ff_str *out)
{
	struct stat st;
	size_t      cap, len = 0;
	char       *p;

	if (fstat(fd, &st) != 0)
		return FF_IO;
	if (st.st_size > 0 && (size_t)st.st_size > max)
		return FF_TOO_LARGE;
	cap = st.st_size > 0 ? (size_t)st.st_size + 1 : 4096; /* pipes and /proc say 0 */
	p = ff_alloc(arena, cap + 1);
	for (;;) {
		ssize_t n = read(fd, p + len, cap - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FF_IO;
		len += (size_t)n;
		if (n == 0)
			break;
		if (len > max)
			return FF_TOO_LARGE;
		if (len == cap) {
			char *bigger = ff_alloc(arena, cap * 2 + 1);

			p = memcpy(bigger, p, len);
			cap *= 2;
		}
	}
	p[len] = '\0';
	*out = (struct ff_str){ p, len };
	return FF_OK;
}

enum ff_err
ff_io_read_file(struct ff_arena *arena, const char *path, size_t max, struct ff_str *out)
{
	int         fd = open(path, O_RDONLY | O_CLOEXEC);
	enum ff_err err;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? FF_NOT_FOUND : FF_IO;
	err = read_all(arena, fd, max, out);
	close(fd);
	return err;
}

enum ff_err
ff_io_write_all(int fd, const void *p, size_t len)
{
	const char *at = p;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FF_IO;
		at += n;
		len -= (size_t)n;
	}
	return FF_OK;
}

static enum ff_err
write_synced(const char *path, struct ff_str content, int mode)
{
	int         fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	enum ff_err err;

	if (fd < 0)
		return FF_IO;
	/* The mode first: a file that an earlier process left may be open to more eyes than the content is for. */
	err = fchmod(fd, (mode_t)mode) == 0 ? ff_io_write_all(fd, content.p, content.len) : FF_IO;
	if (err == FF_OK && fsync(fd) != 0)
		err = FF_IO;
	if (close(fd) != 0 && err == FF_OK)
		err = FF_IO;
	return err;
}

enum ff_err
ff_io_replace_file(const char *path, struct ff_str content, int mode)
{
	char        temporary[PATH_MAX], dir[PATH_MAX];
	enum ff_err err;

	if (snprintf(temporary, sizeof temporary, "%s.%d.tmp", path, (int)getpid()) >= (int)sizeof temporary)
		return FF_IO;
	snprintf(dir, sizeof dir, "%s", path);
	err = write_synced(temporary, content, mode);
	if (err == FF_OK && rename(temporary, path) != 0)
		err = FF_IO;
	if (err != FF_OK) {
		int kept = errno;

		unlink(temporary);
		errno = kept;
		return err;
	}
	return ff_io_sync_dir(dirname(dir));
}

enum ff_err
ff_io_sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return FF_IO;
	rc = fsync(fd);
	close(fd);
	return rc == 0 ? FF_OK : FF_IO;
}

enum ff_err
ff_io_make_dir(const char *path, int mode)
{
	char   partial[PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof partial)
		return FF_IO;
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(partial, path, i);
		partial[i] = '\0';
		if (mkdir(partial, (mode_t)mode) != 0 && errno != EEXIST)
			return FF_IO;
	}
	return FF_OK;
}
