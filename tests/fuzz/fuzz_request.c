/* Any bytes as a CGI environment and body: one variable a line, then an empty line, then the body. Whatever comes is
 * answered, with a head that holds whole lines and nothing the guest has put between them, and never with a 500. */
#include "base/log.h"
#include "door/answer.h"
#include "door/guard.h"
#include "safe/rand.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#define VARS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of door/answer.h is broken");
}

static enum ff_err
show(const struct ff_req *req, struct ff_res *res)
{
	res->etag = true;
	ff_buf_str(&res->body, req->path);
	ff_buf_str(&res->body, req->segments[0]);
	ff_buf_str(&res->body, ff_guard_client(req));
	ff_buf_i64(&res->body, ff_guard_plain_ok(req));
	return FF_OK;
}

static enum ff_err
sign_in(const struct ff_req *req, struct ff_res *res)
{
	struct ff_str next = req->values[0].text;

	ff_guard_cookie_set(req, res, FF_STR("ffs_x"));
	ff_res_redirect(res, ff_res_own_path(next) ? next : FF_STR("/"));
	return FF_OK;
}

static const struct ff_param params[] = {
	{ "next", FF_PARAM_TEXT, false, 0, 500, NULL, "" }, { "n", FF_PARAM_INT, false, 0, 9, NULL, "" },
	{ "day", FF_PARAM_DAY, false, 0, 0, NULL, "" },     { "kind", FF_PARAM_ENUM, false, 0, 0, "a|b", "" },
	{ "id", FF_PARAM_UUID, false, 0, 0, NULL, "" },     { "on", FF_PARAM_FLAG, false, 0, 0, NULL, "" },
	{ 0 },
};

static const struct ff_route routes[] = {
	{ FF_GET, "/", show },
	{ FF_GET, "/a/{x}", show, .params = params, .max_age = 60 },
	{ FF_GET, "/a/{x}/{rest*}", show },
	{ FF_POST, "/a/{x}", show, .body_max = 200, .csrf_exempt = true },
	{ FF_POST, "/login", sign_in, .params = params, .body_max = 200 },
	{ FF_GET, "/key", show, FF_GUARD_KEY, "stats:read" },
	{ FF_GET, "/room", show, FF_GUARD_SESSION, "viewer" },
	{ FF_POST, "/room", show, FF_GUARD_SESSION, "admin", .body_max = 200 },
};

/* Lines end with CRLF, an empty one ends the head, no other control character is in it. */
static void
head_check(const struct ff_buf *head)
{
	must(!head->overflow && head->len > 4 && memcmp(head->p, "Status: ", 8) == 0);
	for (size_t i = 0; i < head->len; i++) {
		unsigned char c = (unsigned char)head->p[i];

		must(c >= 0x20 || c == '\r' || c == '\n');
		must((c == '\r') == (head->p[i + 1] == '\n'));
	}
	must(strstr(head->p, "\r\n\r\n") == head->p + head->len - 4);
}

static void
answer(struct ff_app *app, struct ff_str text)
{
	const char          *env[VARS_MAX + 1] = { NULL };
	const struct ff_req *req;
	struct ff_arena      arena;
	struct ff_res        res;
	struct ff_buf        head;

	ff_arena_init(&arena);
	ff_res_init(&res);
	ff_buf_init(&head, 1 << 20);
	for (size_t n = 0; text.p != NULL && n < VARS_MAX; n++) {
		struct ff_str line = ff_str_split(&text, '\n');

		if (line.len == 0)
			break;
		env[n] = ff_str_z(&arena, line);
	}
	req = ff_answer(app, &arena, env, text, 0, &res);
	ff_answer_head(req, &res, &head);
	must(res.status >= 200 && res.status != 500 && res.status <= 503);
	must(strlen(req->id) == 16);
	head_check(&head);
	ff_buf_free(&head);
	ff_res_free(&res);
	ff_arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ff_conf conf = { .address_header = "X-Forwarded-For", .trusted_proxies = "127.0.0.0/8 10.0.0.0/8",
		.admin_path = "/admin", .session_idle = 60, .session_max = 60 };
	static struct ff_db        *db;
	struct ff_app               app = { .conf = &conf, .routes = routes, .n_routes = sizeof routes / sizeof *routes };

	if (db == NULL) {
		ff_safe_init();
		ff_log_setup("fuzz", FF_LOG_ERROR);
		ff_db_open(&db, "host=/nonexistent dbname=none", "fuzz");
	}
	app.db = db;
	app.mount = size > 0 && (data[0] & 1) != 0 ? "/a" : NULL;
	answer(&app, ff_str_of((const char *)data, size));
	return 0;
}
