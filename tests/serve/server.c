/* server.c - a real server on ff_serve_run for the tests of serve/: a few routes that show what came in.
 *
 * usage: server [--listen PATH] [--workers N] [--name NAME]. With a name it only says its name, to each GET. With FF_CRASH_AT_START=1 each worker dies as soon as it starts. */
#include "base/log.h"
#include "safe/rand.h"
#include "serve/serve.h"
#include "wire/json.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ECHO_MAX 1000

static void
put_pair(struct ff_json_out *out, const char *key, struct ff_str value)
{
	ff_json_put_key(out, key);
	ff_json_put_str(out, value);
}

static enum ff_err
show_request(const struct ff_req *req, struct ff_res *res)
{
	struct ff_json_out out;

	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	put_pair(&out, "path", req->path);
	put_pair(&out, "first", req->segments[0]);
	put_pair(&out, "rest", req->segments[1]);
	put_pair(&out, "query", req->query);
	put_pair(&out, "peer", req->peer);
	put_pair(&out, "forwarded", req->forwarded);
	put_pair(&out, "cookie", req->cookie);
	ff_json_put_key(&out, "https");
	ff_json_put_bool(&out, req->https);
	ff_json_object_end(&out);
	return FF_OK;
}

static enum ff_err
hello(const struct ff_req *req, struct ff_res *res)
{
	(void)req;
	res->etag = true;
	ff_buf_z(&res->body, "{\"hello\":\"world\"}");
	return FF_OK;
}

static enum ff_err
echo(const struct ff_req *req, struct ff_res *res)
{
	res->content_type = "application/octet-stream";
	ff_buf_str(&res->body, req->body);
	return FF_OK;
}

static enum ff_err
pid(const struct ff_req *req, struct ff_res *res)
{
	(void)req;
	ff_buf_i64(&res->body, getpid());
	return FF_OK;
}

static enum ff_err
nap(const struct ff_req *req, struct ff_res *res)
{
	struct timespec ts = { req->values[0].i64 / 1000, req->values[0].i64 % 1000 * 1000000 };

	fputs("naps\n", stderr);
	nanosleep(&ts, NULL);
	ff_buf_i64(&res->body, getpid());
	return FF_OK;
}

static enum ff_err
crash(const struct ff_req *req, struct ff_res *res)
{
	(void)req;
	(void)res;
	kill(getpid(), SIGKILL);
	return FF_OK;
}

static enum ff_err
large(const struct ff_req *req, struct ff_res *res)
{
	res->content_type = "text/plain; charset=utf-8";
	for (int64_t i = 0; i < req->values[0].i64; i++)
		ff_buf_z(&res->body, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n");
	return FF_OK;
}

static enum ff_err
nothing(const struct ff_req *req, struct ff_res *res)
{
	(void)req;
	res->status = 204;
	return FF_OK;
}

static enum ff_err
forge(const struct ff_req *req, struct ff_res *res)
{
	ff_res_header(res, "X-Echo", req->values[0].text);
	ff_buf_z(&res->body, "{}");
	return FF_OK;
}

static const struct ff_param nap_params[] = {
	{ .name = "ms", .type = FF_PARAM_INT, .required = true, .min = 0, .max = 10000 }, { 0 } };
static const struct ff_param large_params[] = {
	{ .name = "lines", .type = FF_PARAM_INT, .required = true, .min = 0, .max = 200000 }, { 0 } };
static const struct ff_param forge_params[] = { { .name = "x", .type = FF_PARAM_TEXT, .max = 1000 }, { 0 } };

static const struct ff_route routes[] = {
	{ FF_GET, "/api/hello", hello, .max_age = 60 },
	{ FF_GET, "/api/show/{first}/{rest*}", show_request, .max_age = -1 },
	{ FF_POST, "/api/echo", echo, .body_max = ECHO_MAX, .csrf_exempt = true, .max_age = -1 },
	{ FF_POST, "/api/event", echo, .body_max = ECHO_MAX, .csrf_exempt = true, .max_age = -1 },
	{ FF_GET, "/api/event", pid, .max_age = -1 },
	{ FF_GET, "/api/pid", pid, .max_age = -1 },
	{ FF_GET, "/api/nap", nap, .params = nap_params, .max_age = -1 },
	{ FF_GET, "/api/crash", crash, .max_age = -1 },
	{ FF_GET, "/api/large", large, .params = large_params, .max_age = -1 },
	{ FF_GET, "/api/nothing", nothing, .max_age = -1 },
	{ FF_GET, "/api/forge", forge, .params = forge_params, .max_age = -1 },
	{ FF_GET, "/admin", hello, .max_age = -1 },
};

static enum ff_err
say_name(const struct ff_req *req, struct ff_res *res)
{
	ff_buf_z(&res->body, req->app->room);
	return FF_OK;
}

static const struct ff_route named[] = { { FF_GET, "/{rest*}", say_name, .max_age = -1 } };

static enum ff_err
start(struct ff_app *app)
{
	(void)app;
	if (getenv("FF_CRASH_AT_START") != NULL)
		abort();
	return FF_OK;
}

int
main(int argc, char **argv)
{
	static const struct ff_conf conf = { .address_header = "X-Forwarded-For", .trusted_proxies = "" };

	struct ff_app   app = { .conf = &conf, .routes = routes, .n_routes = sizeof routes / sizeof *routes };
	struct ff_serve serve = { .program = "server", .workers = 1, .body_max = ECHO_MAX, .start = start };

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--listen") == 0)
			serve.listen = argv[i + 1];
		else if (strcmp(argv[i], "--workers") == 0)
			serve.workers = (int)strtol(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--name") == 0) {
			app.room = argv[i + 1];
			app.routes = named;
			app.n_routes = 1;
		}
	}
	ff_log_setup("server", FF_LOG_INFO);
	ff_safe_init();
	return ff_serve_run(&serve, &app);
}
