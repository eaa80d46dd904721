#include "base/log.h"
#include "serve/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool
is_listener(int fd)
{
	int       yes = 0;
	socklen_t len = sizeof yes;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &len) == 0 && yes != 0;
}

/* Several processes wait on one listener: whoever comes too late must not sleep in accept. */
static bool
set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0)
		return true;
	ff_error("serve", "the listener cannot be made non-blocking: %s", strerror(errno));
	return false;
}

int
ff_serve_run(const struct ff_serve *serve, struct ff_app *app)
{
	int listener = STDIN_FILENO, code;

	if (serve->listen != NULL) {
		if (ff_listen_unix(serve->listen, &listener) != FF_OK)
			return 1;
	} else if (!is_listener(listener)) {
		return ff_cgi_run(serve, app);
	}
	if (!set_nonblocking(listener))
		return 1;
	code = serve->workers > 1 ? ff_fork_run(serve, app, listener) : ff_fcgi_run(serve, app, listener);
	if (serve->listen != NULL)
		unlink(serve->listen);
	return code;
}
