#include "door/res.h"

#include "base/limits.h"
#include "base/log.h"

/* A buffer that one large answer has stretched is given back, so that workers stay small. */
#define RES_KEEP (256 * 1024)
#define RES_HEAD_MAX (16 * 1024)

static void
set_defaults(struct ff_res *res)
{
	res->status = 200;
	res->content_type = "application/json";
	res->etag = false;
	res->fresh = res->retry_after = 0;
	res->max_age = -1;
	res->csp = NULL;
	res->broken = false;
	res->tag[0] = '\0';
	res->fault = (struct ff_fault){ 0 };
}

void
ff_res_init(struct ff_res *res)
{
	*res = (struct ff_res){ 0 };
	ff_buf_init(&res->head, RES_HEAD_MAX);
	ff_buf_init(&res->body, FF_RESPONSE_MAX);
	set_defaults(res);
}

void
ff_res_stream_end(struct ff_res *res)
{
	struct ff_stream *stream = res->stream;

	res->stream = NULL;
	if (stream != NULL && stream->close != NULL)
		stream->close(stream);
}

void
ff_res_reset(struct ff_res *res)
{
	ff_res_stream_end(res);
	if (res->body.cap > RES_KEEP)
		ff_buf_free(&res->body);
	ff_buf_clear(&res->head);
	ff_buf_clear(&res->body);
	set_defaults(res);
}

void
ff_res_free(struct ff_res *res)
{
	ff_buf_free(&res->head);
	ff_buf_free(&res->body);
}

static bool
is_clean(struct ff_str value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f)
			return false;
	return true;
}

void
ff_res_header(struct ff_res *res, const char *name, struct ff_str value)
{
	if (!is_clean(value)) {
		ff_error("door", "refused to send header %s: its value holds a control character", name);
		res->broken = true;
		return;
	}
	ff_buf_z(&res->head, name);
	ff_buf_z(&res->head, ": ");
	ff_buf_str(&res->head, value);
	ff_buf_z(&res->head, "\r\n");
}

bool
ff_res_own_path(struct ff_str location)
{
	if (location.len == 0 || location.p[0] != '/')
		return false;
	if (location.len > 1 && (location.p[1] == '/' || location.p[1] == '\\'))
		return false;
	for (size_t i = 0; i < location.len; i++)
		if ((unsigned char)location.p[i] <= 0x20 || location.p[i] == 0x7f)
			return false;
	return true;
}

void
ff_res_redirect(struct ff_res *res, struct ff_str location)
{
	if (!ff_res_own_path(location)) {
		ff_error("door", "refused to redirect to a place that is not a path of our own");
		res->broken = true;
		return;
	}
	res->status = 303;
	ff_buf_clear(&res->body);
	ff_res_header(res, "Location", location);
}
