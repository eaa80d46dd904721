#include "base/log.h"
#include "serve/serve.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096

/* Bound without a moment in which the mode is wider than it should be. */
static int
bind_private(int fd, const struct sockaddr_un *addr)
{
	mode_t mask = umask(0117);
	int    rc = bind(fd, (const struct sockaddr *)(const void *)addr, sizeof *addr);

	umask(mask);
	return rc;
}

/* A socket that nobody listens on any more. Another kind of file refuses connections too, but is none of ours. */
static bool
is_stale(const struct sockaddr_un *addr)
{
	int         fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), rc, why;
	struct stat st;

	if (fd < 0)
		return false;
	rc = connect(fd, (const struct sockaddr *)(const void *)addr, sizeof *addr);
	why = errno;
	close(fd);
	return rc != 0 && why == ECONNREFUSED && lstat(addr->sun_path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static enum ff_err
bind_or_replace(int fd, const struct sockaddr_un *addr)
{
	bool taken;

	if (bind_private(fd, addr) == 0)
		return FF_OK;
	taken = errno == EADDRINUSE;
	if (taken && !is_stale(addr)) {
		ff_error("serve", "%s is in use", addr->sun_path);
		return FF_CONFLICT;
	}
	if (taken && unlink(addr->sun_path) == 0 && bind_private(fd, addr) == 0)
		return FF_OK;
	ff_error("serve", "cannot bind %s: %s", addr->sun_path, strerror(errno));
	return FF_IO;
}

enum ff_err
ff_listen_unix(const char *path, int *out)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	enum ff_err        err;
	int                fd;

	if (strlen(path) >= sizeof addr.sun_path) {
		ff_error("serve", "%s: a socket's path has at most %zu bytes", path, sizeof addr.sun_path - 1);
		return FF_INVALID;
	}
	memcpy(addr.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		ff_error("serve", "no socket: %s", strerror(errno));
		return FF_IO;
	}
	err = bind_or_replace(fd, &addr);
	if (err == FF_OK && (chmod(path, 0660) != 0 || listen(fd, BACKLOG) != 0)) {
		ff_error("serve", "cannot listen on %s: %s", path, strerror(errno));
		err = FF_IO;
	}
	if (err != FF_OK)
		close(fd);
	else
		*out = fd;
	return err;
}
