#include "serve/frame.h"

#include "base/arena.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

/* Record types and the role that we play: FastCGI 1.0, section 8. */
enum { BEGIN_REQUEST = 1, ABORT_REQUEST = 2, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };
enum { RESPONDER = 1, KEEP_CONN = 1 };

/* What record may come next. */
enum stage { BEGINNING, BEGUN, PARAMS_DONE, DONE };

/* Some room above FF_ENV_MAX, so that who exceeds it a little gets an answer that says so. */
#define PARAMS_MAX (FF_ENV_MAX + 16 * 1024)
/* What an ordinary beacon needs, and so what is kept for the next one. */
enum { KEEP_PARAMS = 4 * 1024, KEEP_BODY = 16 * 1024 };

void
ff_frame_init(struct ff_frame_reader *reader, size_t body_max)
{
	*reader = (struct ff_frame_reader){ 0 };
	ff_buf_init(&reader->params, PARAMS_MAX);
	ff_buf_init(&reader->body, body_max);
}

void
ff_frame_free(struct ff_frame_reader *reader)
{
	ff_buf_free(&reader->params);
	ff_buf_free(&reader->body);
}

static void
buf_empty(struct ff_buf *buf, size_t keep)
{
	if (buf->cap > keep)
		ff_buf_free(buf);
	ff_buf_clear(buf);
}

void
ff_frame_clear(struct ff_frame_reader *reader)
{
	buf_empty(&reader->params, KEEP_PARAMS);
	buf_empty(&reader->body, KEEP_BODY);
	reader->lost = FF_OK;
	reader->stage = BEGINNING;
	reader->have = reader->content = reader->padding = 0;
}

static void
body_lose(struct ff_frame_reader *reader, enum ff_err why)
{
	ff_buf_free(&reader->body);
	reader->lost = why;
}

void
ff_frame_shed(struct ff_frame_reader *reader)
{
	if (reader->lost == FF_OK)
		body_lose(reader, FF_BUSY);
}

bool
ff_frame_begun(const struct ff_frame_reader *reader)
{
	return reader->stage != BEGINNING || reader->have > 0;
}

/* A header has come whole: may this record stand here? */
static bool
record_begin(struct ff_frame_reader *reader)
{
	const uint8_t *header = reader->header;
	uint8_t        type = header[1];

	reader->content = (size_t)(header[4] << 8 | header[5]);
	reader->padding = header[6];
	if (header[0] != 1)
		return false;
	/* lighttpd 1.4.69 sends a request's head twice when its connect had to wait; the second one holds. */
	if (reader->stage == PARAMS_DONE && reader->body.len == 0 && type == BEGIN_REQUEST) {
		ff_buf_clear(&reader->params);
		reader->stage = BEGINNING;
	}
	if (reader->stage == BEGINNING) {
		memcpy(reader->id, header + 2, 2);
		return type == BEGIN_REQUEST && reader->content == 8;
	}
	if (memcmp(reader->id, header + 2, 2) != 0)
		return false;
	return reader->stage == BEGUN ? type == PARAMS : type == STDIN;
}

static bool
content_take(struct ff_frame_reader *reader, const uint8_t *p, size_t len)
{
	switch (reader->stage) {
	case BEGINNING: /* of its 8 bytes, the role is in the first two, the flags are in the third */
		for (size_t i = 0, at = 8 - reader->content; i < len; i++, at++) {
			if (at < 2 && p[i] != (at == 0 ? 0 : RESPONDER))
				return false;
			if (at == 2)
				reader->keep = p[i] & KEEP_CONN;
		}
		return true;
	case BEGUN:
		ff_buf_put(&reader->params, p, len);
		return !reader->params.overflow;
	default:
		if (reader->lost != FF_OK)
			return true;
		ff_buf_put(&reader->body, p, len);
		if (reader->body.overflow)
			body_lose(reader, FF_TOO_LARGE);
		return true;
	}
}

/* The record has come whole. An empty one ends its stream. */
static void
record_end(struct ff_frame_reader *reader)
{
	bool empty = reader->header[4] == 0 && reader->header[5] == 0;

	reader->have = 0;
	if (reader->stage == BEGINNING || empty)
		reader->stage++;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The next bytes of the record in hand; 0 = they cannot stand here. */
static size_t
record_take(struct ff_frame_reader *reader, const uint8_t *p, size_t len)
{
	size_t n;

	if (reader->have < FF_FRAME_HEADER) {
		n = least(FF_FRAME_HEADER - reader->have, len);
		memcpy(reader->header + reader->have, p, n);
		reader->have += n;
		if (reader->have == FF_FRAME_HEADER && !record_begin(reader))
			return 0;
	} else if (reader->content > 0) {
		n = least(reader->content, len);
		if (!content_take(reader, p, n))
			return 0;
		reader->content -= n;
	} else {
		n = least(reader->padding, len);
		reader->padding -= n;
	}
	return n;
}

enum ff_frame
ff_frame_read(struct ff_frame_reader *reader, const uint8_t *p, size_t len)
{
	while (len > 0) {
		size_t n = reader->stage == DONE ? 0 : record_take(reader, p, len);

		if (n == 0)
			return FF_FRAME_BAD;
		p += n;
		len -= n;
		if (reader->have == FF_FRAME_HEADER && reader->content == 0 && reader->padding == 0)
			record_end(reader);
	}
	return reader->stage == DONE ? FF_FRAME_WHOLE : FF_FRAME_PART;
}

/* ---- parameters ---- */

/* A length stands in one byte, or in four with the highest bit set. */
static bool
length_take(const uint8_t **p, const uint8_t *end, size_t *len)
{
	const uint8_t *at = *p;

	if (at == end)
		return false;
	if (at[0] < 0x80) {
		*len = at[0];
		*p = at + 1;
		return true;
	}
	if (end - at < 4)
		return false;
	*len = (size_t)(at[0] & 0x7f) << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
	*p = at + 4;
	return true;
}

/* "=" and the final zero take the place of the two lengths, so a pair is rewritten where it stands. */
static const char *
pair_take(const uint8_t **p, const uint8_t *end, char **to)
{
	size_t name, value;
	char  *text = *to;

	if (!length_take(p, end, &name) || !length_take(p, end, &value))
		return NULL;
	if (name > (size_t)(end - *p) || value > (size_t)(end - *p) - name)
		return NULL;
	memmove(text, *p, name);
	text[name] = '=';
	memmove(text + name + 1, *p + name, value);
	text[name + 1 + value] = '\0';
	*p += name + value;
	*to = text + name + value + 2;
	return text;
}

static void
env_put(const char ***env, size_t *cap, size_t at, const char *text)
{
	if (at == *cap) {
		*cap = *cap > 0 ? *cap * 2 : 32;
		*env = ff_xrealloc(*env, *cap * sizeof(**env));
	}
	(*env)[at] = text;
}

bool
ff_frame_env(struct ff_frame_reader *reader, const char ***env, size_t *cap)
{
	char          *to = ff_buf_room(&reader->params, 0); /* never NULL, even where nothing came */
	const uint8_t *end = (const uint8_t *)to, *p = end - reader->params.len;
	size_t         n = 0;

	to -= reader->params.len;
	while (p < end) {
		const char *text = pair_take(&p, end, &to);

		if (text == NULL)
			return false;
		env_put(env, cap, n++, text);
	}
	env_put(env, cap, n, NULL);
	return true;
}

/* ---- the way out ---- */

static void
head_put(uint8_t *out, const struct ff_frame_reader *reader, uint8_t type, size_t content)
{
	const uint8_t high = (uint8_t)(content >> 8), low = (uint8_t)content;

	memcpy(out, (const uint8_t[FF_FRAME_HEADER]){ 1, type, reader->id[0], reader->id[1], high, low }, FF_FRAME_HEADER);
}

void
ff_frame_reply(const struct ff_frame_reader *reader, const struct ff_buf *reply, struct ff_frame_reply *out)
{
	out->n = 0;
	for (size_t i = 0, off = 0; off < reply->len; i++, off += FF_FRAME_CONTENT) {
		size_t len = least(reply->len - off, FF_FRAME_CONTENT);

		head_put(out->heads[i], reader, STDOUT, len);
		out->iov[out->n++] = (struct iovec){ out->heads[i], FF_FRAME_HEADER };
		out->iov[out->n++] = (struct iovec){ reply->p + off, len };
	}
	head_put(out->end, reader, STDOUT, 0);
	head_put(out->end + FF_FRAME_HEADER, reader, END_REQUEST, FF_FRAME_HEADER);
	memset(out->end + 2 * FF_FRAME_HEADER, 0, FF_FRAME_HEADER); /* status 0, complete */
	out->iov[out->n++] = (struct iovec){ out->end, sizeof(out->end) };
}
