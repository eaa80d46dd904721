#include "door/req.h"

#include "base/limits.h"
#include "base/num.h"
#include "door/app.h"
#include "door/path.h"
#include "fact/net.h"
#include "safe/hash.h"
#include "safe/rand.h"

#include <stdio.h>
#include <string.h>

/* The variables that every request may need; the rest is looked up where it is wanted. */
struct var {
	struct ff_str name;
	size_t        at;
	bool          once; /* two different values make the request invalid */
};

#define VAR(name, field, once) { FF_STR_INIT(name), offsetof(struct ff_req, field), once }

static const struct var vars[] = {
	VAR("QUERY_STRING", query, true),
	VAR("CONTENT_TYPE", content_type, true),
	VAR("HTTP_CONTENT_ENCODING", content_encoding, true),
	VAR("REMOTE_ADDR", peer, true),
	VAR("HTTP_HOST", host, true),
	VAR("HTTP_ORIGIN", origin, true),
	VAR("HTTP_COOKIE", cookie, true),
	VAR("HTTP_AUTHORIZATION", authorization, true),
	VAR("HTTP_REFERER", referer, false),
	VAR("HTTP_USER_AGENT", user_agent, false),
	VAR("HTTP_ACCEPT_LANGUAGE", accept_language, false),
	VAR("HTTP_IF_NONE_MATCH", if_none_match, false),
	VAR("HTTP_SEC_FETCH_SITE", sec_fetch_site, true),
	VAR("HTTP_SEC_PURPOSE", sec_purpose, false),
	VAR("HTTP_PURPOSE", purpose, false),
	VAR("HTTP_SEC_CH_UA", brands, false),
};

/* What the variables say before it is understood. */
struct raw {
	struct ff_str uri, script, info, method, length, https, scheme, proto, dnt, gpc;
};

#define RAW(name, field) { FF_STR_INIT(name), offsetof(struct raw, field), true }

static const struct var raws[] = {
	RAW("REQUEST_URI", uri),     RAW("SCRIPT_NAME", script),    RAW("PATH_INFO", info),
	RAW("REQUEST_METHOD", method), RAW("CONTENT_LENGTH", length), RAW("HTTPS", https),
	RAW("REQUEST_SCHEME", scheme), RAW("HTTP_X_FORWARDED_PROTO", proto), RAW("HTTP_DNT", dnt),
	RAW("HTTP_SEC_GPC", gpc),
};

static const struct var *
var_find(const struct var *table, size_t n, struct ff_str name)
{
	for (size_t i = 0; i < n; i++)
		if (ff_str_eq(name, table[i].name))
			return &table[i];
	return NULL;
}

static bool
var_set(const struct var *var, void *base, struct ff_str value)
{
	struct ff_str *field = (struct ff_str *)(void *)((char *)base + var->at);

	if (field->p == NULL)
		*field = value;
	return !var->once || ff_str_eq(*field, value);
}

/* "X-Real-IP" -> "HTTP_X_REAL_IP", as CGI names it. */
static struct ff_str
header_variable(struct ff_arena *arena, const char *header)
{
	size_t len = strlen(header);
	char  *name = ff_alloc(arena, len + 6);

	memcpy(name, "HTTP_", 5);
	for (size_t i = 0; i < len; i++) {
		char c = header[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 0x20);
		name[5 + i] = c == '-' ? '_' : c;
	}
	return ff_str_of(name, len + 5);
}

/* One pass over the environment. */
static enum ff_err
env_read(struct ff_req *req, struct raw *raw)
{
	struct ff_str address = FF_STR_NONE;
	int           addresses = 0;
	size_t        total = 0;

	if (req->app->conf != NULL)
		address = header_variable(req->arena, req->app->conf->address_header);
	for (const char *const *e = req->env; *e != NULL; e++) {
		struct ff_str     value = ff_str_from(*e);
		struct ff_str     name = ff_str_split(&value, '=');
		const struct var *var;

		total += name.len + value.len;
		if (total > FF_ENV_MAX)
			return FF_TOO_LARGE;
		if (value.p == NULL)
			continue;
		if ((var = var_find(vars, sizeof vars / sizeof *vars, name)) != NULL) {
			if (!var_set(var, req, value))
				return FF_INVALID;
		} else if ((var = var_find(raws, sizeof raws / sizeof *raws, name)) != NULL && !var_set(var, raw, value))
			return FF_INVALID;
		if (address.len > 0 && ff_str_eq(name, address))
			req->forwarded = addresses++ == 0 ? value : FF_STR_NONE;
	}
	return FF_OK;
}

/* A client may send the absolute form, and some servers hand it on. */
static struct ff_str
without_authority(struct ff_str uri)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < 2; i++) {
		struct ff_str scheme = ff_str_from(schemes[i]);
		struct ff_str rest;
		size_t        end;

		if (!ff_str_starts_nocase(uri, scheme))
			continue;
		rest = ff_str_from_pos(uri, scheme.len);
		end = ff_str_find_char(rest, '/');
		return end < rest.len ? ff_str_from_pos(rest, end) : FF_STR("/");
	}
	return uri;
}

static bool
is_program_name(struct ff_str script)
{
	return ff_str_ends(script, FF_STR(".fcgi")) || ff_str_ends(script, FF_STR(".cgi"));
}

/* path without prefix, where prefix ends at a segment. */
static bool
prefix_take(struct ff_str *path, struct ff_str prefix)
{
	struct ff_str rest;

	while (prefix.len > 0 && prefix.p[prefix.len - 1] == '/')
		prefix.len--;
	if (!ff_str_starts(*path, prefix))
		return false;
	rest = ff_str_from_pos(*path, prefix.len);
	if (rest.len > 0 && rest.p[0] != '/')
		return false;
	*path = rest.len > 0 ? rest : FF_STR("/");
	return true;
}

/* PATH_INFO comes decoded, so its percent signs are plain ones. */
static struct ff_str
target_without_uri(struct ff_arena *arena, const struct raw *raw)
{
	struct ff_buf  out;
	struct ff_str  text, joined = raw->info;

	if (!is_program_name(raw->script))
		joined = ff_str_printf(arena, "%.*s%.*s", FF_STR_ARG(raw->script), FF_STR_ARG(raw->info));
	ff_buf_init(&out, FF_ENV_MAX * 3);
	for (size_t i = 0; i < joined.len; i++)
		if (joined.p[i] == '%')
			ff_buf_z(&out, "%25");
		else
			ff_buf_char(&out, joined.p[i]);
	text = ff_str_dup(arena, ff_buf_view(&out));
	ff_buf_free(&out);
	return text.len > 0 ? text : FF_STR("/");
}

static enum ff_err
target_read(struct ff_req *req, const struct raw *raw)
{
	struct ff_str target = without_authority(raw->uri);

	if (raw->uri.len == 0) {
		target = target_without_uri(req->arena, raw);
	} else {
		struct ff_str behind = target;

		target = ff_str_split(&behind, '?');
		if (req->query.p == NULL)
			req->query = behind;
		if (is_program_name(raw->script))
			prefix_take(&target, raw->script);
	}
	req->raw_path = target;
	if (target.len == 0 || target.p[0] != '/' || !ff_path_decode(req->arena, target, &req->path))
		return FF_INVALID;
	if (req->app->mount == NULL)
		return FF_OK;
	if (!prefix_take(&req->raw_path, ff_str_from(req->app->mount)))
		return FF_NOT_FOUND;
	return ff_path_decode(req->arena, req->raw_path, &req->path) ? FF_OK : FF_INVALID;
}

static bool
peer_is_trusted(const struct ff_req *req)
{
	struct ff_cidrs trusted;
	struct ff_addr  peer;

	return req->app->conf != NULL && ff_addr_parse(req->peer, &peer)
	    && ff_cidrs_parse(req->arena, ff_str_from(req->app->conf->trusted_proxies), &trusted, NULL) == FF_OK
	    && ff_cidrs_match(&trusted, &peer);
}

/* The server's own word; X-Forwarded-Proto is believed of a trusted proxy only. */
static bool
is_https(const struct ff_req *req, const struct raw *raw)
{
	if (ff_str_eq_nocase(raw->https, FF_STR("on")) || ff_str_eqz(raw->https, "1")
	    || ff_str_eqz(raw->scheme, "https"))
		return true;
	return ff_str_eqz(raw->proto, "https") && peer_is_trusted(req);
}

static enum ff_err
length_read(struct ff_req *req, struct ff_str text)
{
	req->content_length = -1;
	if (text.len == 0)
		return FF_OK;
	return ff_num_range(text, 0, INT64_MAX, &req->content_length) ? FF_OK : FF_INVALID;
}

/* Random bytes are drawn for many ids at once: they name requests in logs, they are no secret. */
static void
id_make(char out[17])
{
	static _Thread_local uint8_t pool[512];
	static _Thread_local size_t  left;

	if (left < 8) {
		ff_random(pool, sizeof pool);
		left = sizeof pool;
	}
	left -= 8;
	ff_hex(pool + left, 8, out);
}

enum ff_err
ff_req_read(struct ff_req *req, struct ff_arena *arena, struct ff_app *app, const char *const *env,
    struct ff_str body, int64_t now_us)
{
	struct raw raw = { 0 };

	*req = (struct ff_req){ .arena = arena, .app = app, .env = env, .body = body, .now_us = now_us,
		.content_length = -1 };
	id_make(req->id);
	FF_TRY(env_read(req, &raw));
	req->method = ff_method_parse(raw.method);
	req->https = is_https(req, &raw);
	req->dnt = ff_str_eqz(raw.dnt, "1");
	req->gpc = ff_str_eqz(raw.gpc, "1");
	FF_TRY(length_read(req, raw.length));
	return target_read(req, &raw);
}

struct ff_str
ff_req_env(const struct ff_req *req, const char *name)
{
	size_t len = strlen(name);

	for (const char *const *e = req->env; *e != NULL; e++)
		if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
			return ff_str_from(*e + len + 1);
	return FF_STR_NONE;
}
