#include "serve/loop_cgi.h"

#include "base/day.h"
#include "base/io.h"
#include "base/limits.h"
#include "serve/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* CGI gives no end of file: CONTENT_LENGTH bytes are there (RFC 3875, 4.2), none without it. */
static size_t
read_body(char *body, size_t want)
{
	size_t len = 0;

	while (len < want) {
		ssize_t n = read(STDIN_FILENO, body + len, want - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	return len;
}

static size_t
body_wanted(size_t body_max)
{
	const char   *said = getenv("CONTENT_LENGTH");
	unsigned long length = said ? strtoul(said, NULL, 10) : 0;

	return length > body_max ? body_max + 1 : length;
}

int
ff_loop_cgi(const struct ff_loop *loop)
{
	struct ff_parcel  parcel;
	struct ff_parcel *parcels[] = { &parcel };
	char             *body = ff_xmalloc(loop->body_max + 1);
	int               status = 0;
	size_t            len;

	ff_parcel_init(&parcel);
	parcel.env = (const char *const *)environ;
	parcel.now_us = ff_now();
	len = read_body(body, body_wanted(loop->body_max));
	ff_parcel_body(&parcel, ff_str_of(body, len), len > loop->body_max ? FF_TOO_LARGE : FF_OK);
	loop->answer(loop->room, &parcel);
	if (parcel.n > 0 && loop->commit(loop->room, parcels, 1) != FF_OK)
		status = 1;
	if (loop->flush && loop->flush(loop->room) != FF_OK)
		status = 1;
	if (ff_io_write_all(STDOUT_FILENO, parcel.reply.p, parcel.reply.len) != FF_OK)
		status = 1;
	ff_parcel_free(&parcel);
	free(body);
	return status;
}
