#include "base/io.h"
#include "base/log.h"
#include "base/num.h"
#include "serve/parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Content-Length bytes, or up to one more than is taken; what is missing shows in the length. */
static enum ff_err
body_read(struct ff_buf *body)
{
	struct ff_str text = ff_str_from(getenv("CONTENT_LENGTH"));
	uint64_t      left;
	char          chunk[8192];

	if (!ff_num_u64(text, &left))
		return FF_OK; /* none, or one that ff_req_read refuses */
	while (left > 0 && body->len < body->ceiling) {
		size_t  room = body->ceiling - body->len;
		size_t  want = left < sizeof chunk ? (size_t)left : sizeof chunk;
		ssize_t n = read(STDIN_FILENO, chunk, want < room ? want : room);

		if (n == 0)
			break;
		if (n < 0 && errno != EINTR) {
			ff_error("serve", "cannot read the body: %s", strerror(errno));
			return FF_IO;
		}
		if (n > 0) {
			ff_buf_put(body, chunk, (size_t)n);
			left -= (uint64_t)n;
		}
	}
	return FF_OK;
}

static enum ff_err
answer_one(struct ff_desk *desk)
{
	enum ff_err err;

	FF_TRY(body_read(&desk->body));
	ff_desk_answer(desk, (const char *const *)(void *)environ);
	do {
		FF_TRY(ff_io_write_all(STDOUT_FILENO, desk->out.p, desk->out.len));
		err = ff_desk_more(desk);
	} while (err == FF_OK);
	return err == FF_END ? FF_OK : err;
}

int
ff_cgi_run(const struct ff_serve *serve, struct ff_app *app)
{
	struct ff_desk desk;
	enum ff_err    err;

	if (getenv("REQUEST_METHOD") == NULL) {
		fprintf(stderr, "%s: standard input is no listening socket and the environment holds no CGI request.\n"
		    "Give --listen PATH, or let a web server, spawn-fcgi or systemd hand over a socket as descriptor 0.\n",
		    serve->program);
		return 2;
	}
	if (serve->start != NULL && serve->start(app) != FF_OK)
		return 1;
	ff_desk_open(&desk, serve, app);
	err = answer_one(&desk);
	ff_desk_close(&desk);
	if (serve->stop != NULL)
		serve->stop(app);
	return err == FF_OK ? 0 : 1;
}
