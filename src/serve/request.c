#include "serve/request.h"

#include "base/arena.h"
#include "base/num.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { KEEP_ENV = 64 };

struct ff_request *
ff_request_make(size_t body_max)
{
	struct ff_request *request = ff_xcalloc(1, sizeof(*request));

	ff_frame_init(&request->in, body_max);
	ff_parcel_init(&request->parcel);
	return request;
}

void
ff_request_free(struct ff_request *request)
{
	ff_frame_free(&request->in);
	ff_parcel_free(&request->parcel);
	free(request->env);
	free(request);
}

void
ff_request_clear(struct ff_request *request)
{
	ff_frame_clear(&request->in);
	ff_parcel_clear(&request->parcel);
	if (request->env_cap > KEEP_ENV) {
		free(request->env);
		request->env = NULL;
		request->env_cap = 0;
	}
}

size_t
ff_request_size(const struct ff_request *request)
{
	return request->in.params.cap + request->in.body.cap + request->parcel.payload.cap + request->parcel.reply.cap +
	    request->parcel.cap * sizeof(*request->parcel.records) + request->env_cap * sizeof(*request->env);
}

static const char *
env_find(const char *const *env, const char *name)
{
	size_t len = strlen(name);

	for (; *env; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

void
ff_parcel_body(struct ff_parcel *parcel, struct ff_str body, enum ff_err lost)
{
	const char *said = env_find(parcel->env, "CONTENT_LENGTH");
	uint64_t    length;

	parcel->body_err = lost;
	parcel->body = body;
	if (lost == FF_OK && said && *said && (!ff_num_u64(ff_str_from(said), &length) || length != body.len))
		parcel->body_err = FF_INVALID;
	if (parcel->body_err != FF_OK)
		parcel->body = FF_STR_NONE;
}

bool
ff_request_open(struct ff_request *request)
{
	if (!ff_frame_env(&request->in, &request->env, &request->env_cap))
		return false;
	request->parcel.env = request->env;
	ff_parcel_body(&request->parcel, ff_buf_view(&request->in.body), request->in.lost);
	return true;
}

void
ff_request_close(struct ff_request *request)
{
	request->parcel.env = NULL;
	request->parcel.body = FF_STR_NONE;
	ff_frame_clear(&request->in);
}

void
ff_request_slim(struct ff_request *request)
{
	ff_frame_free(&request->in);
	free(request->env);
	request->env = NULL;
	request->env_cap = 0;
}

/* Moves on behind n sent bytes; returns what is left to be sent. */
static size_t
advance(struct msghdr *message, size_t n)
{
	size_t left = 0;

	while (message->msg_iovlen > 0 && n >= message->msg_iov->iov_len) {
		n -= message->msg_iov->iov_len;
		message->msg_iov++;
		message->msg_iovlen--;
	}
	if (message->msg_iovlen > 0) {
		message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + n;
		message->msg_iov->iov_len -= n;
	}
	for (size_t i = 0; i < message->msg_iovlen; i++)
		left += message->msg_iov[i].iov_len;
	return left;
}

bool
ff_request_reply(const struct ff_request *request, int fd)
{
	struct ff_frame_reply out;
	struct msghdr         message = { .msg_iov = out.iov };
	ssize_t               n;

	ff_frame_reply(&request->in, &request->parcel.reply, &out);
	message.msg_iovlen = out.n;
	do {
		n = sendmsg(fd, &message, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return false;
	} while (advance(&message, n > 0 ? (size_t)n : 0) > 0);
	return true;
}
