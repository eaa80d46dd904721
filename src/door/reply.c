/* The second half of answer.h: errors and the head. Apart from the order of work, because the collector answers in
 * its own order and must not be linked with what the guard needs. */
#include "base/log.h"
#include "door/answer.h"
#include "safe/hash.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

static bool
is_html(const struct ff_res *res)
{
	return res->content_type != NULL && ff_str_starts(ff_str_from(res->content_type), FF_STR("text/html"));
}

/* The sentence, or what exactly is wrong: "url is required". Faults of our own are not explained to strangers. */
static void
error_json(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	const struct ff_fault *fault = &res->fault;
	bool                   explained = fault->why[0] != '\0' && ff_err_status(err) < 500;
	struct ff_json_out     out;

	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "error");
	if (explained)
		ff_json_put_str(&out, ff_str_printf(req->arena, "%s%s%s", fault->field, fault->field[0] ? " " : "", fault->why));
	else
		ff_json_put_z(&out, ff_err_sentence(err));
	ff_json_put_key(&out, "code");
	ff_json_put_z(&out, ff_err_name(err));
	if (explained && fault->field[0] != '\0') {
		ff_json_put_key(&out, "field");
		ff_json_put_z(&out, fault->field);
	}
	ff_json_put_key(&out, "request_id");
	ff_json_put_z(&out, req->id);
	ff_json_object_end(&out);
	ff_buf_char(&res->body, '\n');
}

void
ff_answer_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	int status = ff_err_status(err);

	ff_res_stream_end(res);
	ff_buf_clear(&res->head);
	ff_buf_clear(&res->body);
	res->broken = false;
	res->status = status;
	res->content_type = "application/json";
	res->csp = NULL;
	res->etag = false;
	res->max_age = -1;
	if (req->app->error_page != NULL)
		req->app->error_page(req, res, err);
	else
		error_json(req, res, err);
	res->status = status;
	if (status == 401 && req->route != NULL && req->route->guard == FF_GUARD_KEY)
		ff_res_header(res, "WWW-Authenticate", FF_STR("Bearer"));
	if (status == 503 || status == 429)
		ff_res_header(res, "Retry-After", ff_str_printf(req->arena, "%d",
		    res->retry_after > 0 ? res->retry_after : status == 503 ? 10 : 60));
}

/* Nothing half-built leaves the house. */
static void
refuse_broken(const struct ff_req *req, struct ff_res *res)
{
	if (!res->broken && !res->body.overflow && !res->head.overflow)
		return;
	if (!res->broken)
		ff_error("door", "the answer is larger than its buffer: %s", res->body.overflow ? "body" : "head");
	ff_answer_error(req, res, FF_INTERNAL);
	if (!res->broken && !res->body.overflow && !res->head.overflow)
		return;
	ff_buf_clear(&res->head);
	ff_buf_clear(&res->body);
	res->broken = false;
	error_json(req, res, FF_INTERNAL);
	res->content_type = "application/json";
}

static void
tag_make(const struct ff_req *req, struct ff_res *res)
{
	struct ff_str body = ff_buf_view(&res->body);
	uint8_t       hash[16];
	char          hex[33];

	if (!res->etag || res->stream != NULL || res->status != 200 || (req->method != FF_GET && req->method != FF_HEAD))
		return;
	ff_hash(hash, sizeof hash, NULL, &body, 1);
	ff_hex(hash, sizeof hash, hex);
	snprintf(res->tag, sizeof res->tag, "\"%s\"", hex);
	if (req->if_none_match.len > 0 && ff_etag_match(req->if_none_match, ff_str_from(res->tag)))
		res->status = 304;
}

void
ff_answer_settle(const struct ff_req *req, struct ff_res *res)
{
	refuse_broken(req, res);
	if (res->tag[0] == '\0')
		tag_make(req, res);
}

/* Without printf: heads are written once a request, and the collector answers thousands a second. */
static void
put_line(struct ff_buf *out, const char *before, const char *value)
{
	ff_buf_z(out, before);
	ff_buf_z(out, value);
	ff_buf_z(out, "\r\n");
}

/* Answers to somebody in particular stay out of shared caches, and out of all of them unless the route says more. */
static void
put_cache(const struct ff_req *req, const struct ff_res *res, struct ff_buf *out)
{
	bool open = req->route == NULL || req->route->guard == FF_GUARD_OPEN;
	bool good = res->status == 200 || res->status == 304;

	if (!good || res->max_age < 0 || (!open && res->max_age == 0))
		ff_buf_z(out, "Cache-Control: no-store\r\n");
	else if (res->max_age == 0)
		ff_buf_z(out, "Cache-Control: no-cache\r\n");
	else {
		ff_buf_z(out, open ? "Cache-Control: public, max-age=" : "Cache-Control: private, max-age=");
		ff_buf_i64(out, res->max_age);
		ff_buf_z(out, "\r\n");
	}
}

/* Pages send their address to our own host alone ("same-origin"): with "no-referrer" browsers would send
 * "Origin: null" with our own forms, and the check for foreign ones would have nothing to hold. */
static void
put_security(const struct ff_req *req, const struct ff_res *res, struct ff_buf *out)
{
	bool        html = is_html(res);
	const char *csp = res->csp != NULL ? res->csp : html ? FF_CSP_HTML : FF_CSP_DATA;

	ff_buf_z(out, "X-Content-Type-Options: nosniff\r\n");
	put_line(out, "Content-Security-Policy: ", csp);
	put_line(out, "Referrer-Policy: ", html ? "same-origin" : "no-referrer");
	if (!html || strstr(csp, "frame-ancestors 'none'") == NULL) /* others may show it */
		return;
	ff_buf_z(out, "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n"
	              "X-Frame-Options: DENY\r\n");
	if (req->https)
		ff_buf_z(out, "Strict-Transport-Security: max-age=31536000\r\n");
}

bool
ff_answer_has_body(const struct ff_req *req, const struct ff_res *res)
{
	return req->method != FF_HEAD && res->status != 204 && res->status != 304;
}

void
ff_answer_head(const struct ff_req *req, struct ff_res *res, struct ff_buf *out)
{
	ff_answer_settle(req, res);
	ff_buf_z(out, "Status: ");
	ff_buf_i64(out, res->status);
	put_line(out, " ", ff_status_phrase(res->status));
	if (res->status != 204 && res->status != 304) {
		if (res->body.len > 0 && res->content_type != NULL)
			put_line(out, "Content-Type: ", res->content_type);
		if (res->stream == NULL) { /* else nobody knows it yet */
			ff_buf_z(out, "Content-Length: ");
			ff_buf_u64(out, res->body.len);
			ff_buf_z(out, "\r\n");
		}
	}
	if (res->tag[0] != '\0')
		put_line(out, "ETag: ", res->tag);
	put_cache(req, res, out);
	put_security(req, res, out);
	ff_buf_str(out, ff_buf_view(&res->head));
	ff_buf_z(out, "\r\n");
}
