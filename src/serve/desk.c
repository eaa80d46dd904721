#include "base/day.h"
#include "base/limits.h"
#include "base/log.h"
#include "door/answer.h"
#include "serve/parts.h"

void
ff_desk_open(struct ff_desk *desk, const struct ff_serve *serve, struct ff_app *app)
{
	*desk = (struct ff_desk){ .serve = serve, .app = app };
	ff_arena_init(&desk->arena);
	ff_res_init(&desk->res);
	ff_buf_init(&desk->body, serve->body_max + 1); /* one byte more shows that it is too large */
	ff_buf_init(&desk->out, FF_RESPONSE_MAX + FF_ENV_MAX);
}

void
ff_desk_close(struct ff_desk *desk)
{
	ff_res_stream_end(&desk->res);
	ff_arena_free(&desk->arena);
	ff_res_free(&desk->res);
	ff_buf_free(&desk->body);
	ff_buf_free(&desk->out);
}

void
ff_desk_answer(struct ff_desk *desk, const char *const *env)
{
	const struct ff_req *req = ff_answer(desk->app, &desk->arena, env, ff_buf_view(&desk->body), ff_now(), &desk->res);

	ff_answer_head(req, &desk->res, &desk->out);
	if (!ff_answer_has_body(req, &desk->res))
		ff_res_stream_end(&desk->res);
	else
		ff_buf_str(&desk->out, ff_buf_view(&desk->res.body));
}

enum ff_err
ff_desk_more(struct ff_desk *desk)
{
	struct ff_stream *stream = desk->res.stream;
	enum ff_err       err;

	if (stream == NULL)
		return FF_END;
	ff_buf_clear(&desk->out);
	err = stream->next(stream, &desk->out);
	if (err == FF_OK && desk->out.overflow)
		err = FF_INTERNAL;
	if (err != FF_OK && err != FF_END)
		ff_error("serve", "an answer was broken off: %s", ff_err_sentence(err));
	return err;
}

/* What a large request or answer has stretched is given back, so that workers stay small. */
static void
buf_recycle(struct ff_buf *buf)
{
	if (buf->cap > 256 * 1024)
		ff_buf_free(buf);
	else
		ff_buf_clear(buf);
}

void
ff_desk_clear(struct ff_desk *desk)
{
	ff_log_request(NULL);
	ff_res_stream_end(&desk->res); /* it lives in the arena */
	ff_arena_reset(&desk->arena);
	ff_res_reset(&desk->res);
	buf_recycle(&desk->body);
	buf_recycle(&desk->out);
}
