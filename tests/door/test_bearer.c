/* Who may see what: host's tokens, share links, accounts of some sites, against a real database: run by bearer.t. */
#include "tests/lib/unit.h"

#include "base/day.h"
#include "base/log.h"
#include "door/answer.h"
#include "door/guard.h"
#include "door/narrow.h"
#include "fact/account.h"
#include "fact/grant.h"
#include "fact/share.h"
#include "fact/sites.h"
#include "safe/rand.h"
#include "store/db.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define PASSWORD "correct horse battery"
#define NOW_S    1800000000LL

struct world {
	struct ff_arena arena;
	struct ff_res   res;
	struct ff_app   app;
	struct ff_db   *db;
	struct ff_site  site, other;
};

static const struct ff_who *seen;

static enum ff_err
look(const struct ff_req *req, struct ff_res *res)
{
	seen = req->who;
	ff_buf_z(&res->body, "{}");
	return FF_OK;
}

static const struct ff_route routes[] = {
	{ .method = FF_GET, .pattern = "/stats", .fn = look, .guard = FF_GUARD_KEY, .scope = "stats:read" },
	{ .method = FF_POST, .pattern = "/stats", .fn = look, .guard = FF_GUARD_KEY, .scope = "stats:read", .body_max = 9 },
	{ .method = FF_GET, .pattern = "/items", .fn = look, .guard = FF_GUARD_KEY, .scope = "stats:read", .narrows = true },
	{ .method = FF_GET, .pattern = "/export", .fn = look, .guard = FF_GUARD_KEY, .scope = "export:read" },
	{ .method = FF_GET, .pattern = "/export-items", .fn = look, .guard = FF_GUARD_KEY, .scope = "export:read",
	  .narrows = true },
	{ .method = FF_GET, .pattern = "/content", .fn = look, .guard = FF_GUARD_KEY, .scope = "content:write" },
	{ .method = FF_GET, .pattern = "/sites", .fn = look, .guard = FF_GUARD_KEY, .scope = "sites:write" },
	{ .method = FF_GET, .pattern = "/page", .fn = look, .guard = FF_GUARD_SESSION, .scope = "viewer" },
	{ .method = FF_GET, .pattern = "/admin-page", .fn = look, .guard = FF_GUARD_SESSION, .scope = "admin" },
};

static struct ff_site
make_site(struct world *w, const char *domain)
{
	struct ff_site  site = { .domain = ff_str_from(domain) }, found;
	struct ff_fault fault;

	assert_ok(ff_sites_add(w->db, &w->arena, &site, &fault));
	assert_ok(ff_sites_find(w->db, &w->arena, site.domain, &found));
	return found;
}

static int
open_world(void **state)
{
	static struct ff_conf conf = { .address_header = "X-Forwarded-For", .trusted_proxies = "", .admin_path = "/admin",
		.session_idle = 3600, .session_max = 7200 };
	struct world         *w = ff_xcalloc(1, sizeof *w);

	ff_arena_init(&w->arena);
	ff_res_init(&w->res);
	ff_db_open(&w->db, getenv("FF_TEST_DB"), "test_bearer");
	w->app = (struct ff_app){ .conf = &conf, .db = w->db, .routes = routes, .n_routes = sizeof routes / sizeof *routes };
	assert_ok(ff_db_simple(w->db, "TRUNCATE account, login_failure, api_key, content, site RESTART IDENTITY CASCADE"));
	w->site = make_site(w, "example.org");
	w->other = make_site(w, "other.example");
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;

	ff_db_close(w->db);
	ff_arena_free(&w->arena);
	ff_res_free(&w->res);
	free(w);
	return 0;
}

/* ---- requests ---- */

static int
ask(struct world *w, const char *method, const char *uri, const char *bearer, const char *cookie)
{
	const char *env[] = {
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "REQUEST_METHOD=%s", method)),
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "REQUEST_URI=%s", uri)),
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "HTTP_COOKIE=footfall=%s", cookie)),
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "HTTP_AUTHORIZATION=%s%s", bearer[0] ? "Bearer " : "", bearer)),
		"REMOTE_ADDR=127.0.0.1", "HTTP_HOST=localhost", NULL };

	seen = NULL;
	ff_answer(&w->app, &w->arena, env, FF_STR(""), NOW_S * 1000000, &w->res);
	return w->res.status;
}

static int
get(struct world *w, const char *uri, const char *bearer)
{
	return ask(w, "GET", uri, bearer, "");
}

static bool
says(struct world *w, const char *text)
{
	struct ff_str body = ff_buf_view(&w->res.body);

	return ff_str_find(body, ff_str_from(text)) < body.len;
}

/* ---- tokens, minted with libsodium alone ---- */

static struct ff_str
b64(struct world *w, const void *p, size_t len)
{
	size_t max = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char  *text = ff_alloc(&w->arena, max);

	sodium_bin2base64(text, max, p, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return ff_str_from(text);
}

static const char *
mint_as(struct world *w, const struct ff_site *site, const char *header, const char *claims)
{
	struct ff_str                    head = b64(w, header, strlen(header)), body = b64(w, claims, strlen(claims));
	struct ff_str                    text = ff_str_printf(&w->arena, "%.*s.%.*s", FF_STR_ARG(head), FF_STR_ARG(body));
	crypto_auth_hmacsha256_state     state;
	uint8_t                          mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, site->secret, sizeof site->secret);
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)text.p, text.len);
	crypto_auth_hmacsha256_final(&state, mac);
	return ff_str_z(&w->arena, ff_str_printf(&w->arena, "%.*s.%.*s", FF_STR_ARG(text), FF_STR_ARG(b64(w, mac, sizeof mac))));
}

static const char *
mint(struct world *w, const char *more)
{
	struct ff_str claims = ff_str_printf(&w->arena,
	    "{\"sub\":\"u-1\",\"aud\":\"example.org\",\"exp\":%lld%s}", NOW_S + 600, more);

	return mint_as(w, &w->site, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", ff_str_z(&w->arena, claims));
}

static void
token_reads_its_site_by_its_role(void **state)
{
	struct world *w = *state;

	assert_int_equal(get(w, "/stats", mint(w, ",\"role\":\"viewer\"")), 200);
	assert_true(seen->by_token);
	assert_true(ff_authorize(seen, w->site.site_id, "stats:read"));
	assert_false(ff_authorize(seen, w->other.site_id, "stats:read"));
	assert_false(ff_authorize(seen, 0, "stats:read"));
	assert_false(ff_narrowed(seen));
	assert_int_equal(ask(w, "POST", "/stats", mint(w, ",\"role\":\"viewer\""), ""), 200);
	assert_int_equal(get(w, "/export", mint(w, ",\"role\":\"viewer\"")), 403);
	assert_int_equal(get(w, "/export", mint(w, ",\"role\":\"moderator\"")), 200);
	assert_int_equal(get(w, "/content", mint(w, ",\"role\":\"moderator\"")), 403);
	assert_int_equal(get(w, "/sites", mint(w, ",\"role\":\"moderator\"")), 403);
	assert_int_equal(ask(w, "GET", "/page", mint(w, ",\"role\":\"moderator\""), ""), 401);
}

static void
token_without_a_role_for_reading_reads_nothing(void **state)
{
	struct world     *w = *state;
	const char *const others[] = { "", ",\"role\":\"author\"", ",\"role\":\"team\"", ",\"role\":\"admin\"",
		",\"role\":\"Viewer\"", ",\"role\":[\"viewer\"]", ",\"roles\":[\"viewer\"]", ",\"role\":null", ",\"role\":1" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_int_equal(get(w, "/stats", mint(w, others[i])), 401);
		assert_true(says(w, "no role that reads"));
	}
}

static void
owner_is_narrowed_to_what_is_theirs(void **state)
{
	struct world *w = *state;

	assert_int_equal(get(w, "/items", mint(w, ",\"role\":\"owner\"")), 200);
	assert_true(ff_narrowed(seen));
	assert_str(seen->owner, "u-1");
	assert_int_equal(get(w, "/stats", mint(w, ",\"role\":\"owner\"")), 403);
	assert_true(says(w, "all of them"));
	assert_int_equal(get(w, "/export-items", mint(w, ",\"role\":\"owner\"")), 403);
	assert_int_equal(get(w, "/items", mint(w, ",\"role\":\"viewer\",\"scope\":"
						  "{\"owner\":\"ada\",\"collection\":\"blog\",\"kind\":\"post\"}")), 200);
	assert_str(seen->owner, "ada");
	assert_str(seen->collection, "blog");
	assert_str(seen->kind, "post");
	assert_int_equal(get(w, "/stats", mint(w, ",\"role\":\"moderator\",\"scope\":{\"kind\":\"post\"}")), 403);
	assert_int_equal(get(w, "/export-items", mint(w, ",\"role\":\"moderator\",\"scope\":{\"kind\":\"post\"}")), 403);
	assert_int_equal(get(w, "/stats", mint(w, ",\"role\":\"viewer\",\"scope\":{}")), 200);
}

static void
narrowing_that_is_not_understood_opens_nothing(void **state)
{
	struct world     *w = *state;
	const char *const scopes[] = { "\"stats:read\"", "[]", "null", "1", "{\"group\":\"x\"}", "{\"owner\":\"\"}",
		"{\"owner\":1}", "{\"owner\":null}", "{\"owner\":[\"a\"]}", "{\"kind\":\"a\",\"Owner\":\"b\"}" };

	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
		struct ff_str more = ff_str_printf(&w->arena, ",\"role\":\"viewer\",\"scope\":%s", scopes[i]);

		assert_int_equal(get(w, "/items", mint(w, ff_str_z(&w->arena, more))), 401);
		assert_true(says(w, "claim scope"));
	}
}

static void
forged_and_stale_tokens_are_refused(void **state)
{
	struct world     *w = *state;
	static const char good_header[] = "{\"alg\":\"HS256\"}";
	static const char claims[] = "{\"sub\":\"u\",\"aud\":\"example.org\",\"exp\":1800000600,\"role\":\"moderator\"}";
	const char       *good = mint_as(w, &w->site, good_header, claims);
	const struct {
		const char *header, *claims, *why;
	} bad[] = {
		{ "{\"alg\":\"none\"}", claims, "HS256" },
		{ "{\"alg\":\"HS512\"}", claims, "HS256" },
		{ "{\"alg\":\"hs256\"}", claims, "HS256" },
		{ "{\"alg\":\"HS256\",\"crit\":[\"b64\"]}", claims, "HS256" },
		{ "[]", claims, "HS256" },
		{ good_header, "{\"sub\":\"u\",\"aud\":\"other.example\",\"exp\":1800000600,\"role\":\"viewer\"}",
		  "secret of the site" },
		{ good_header, "{\"sub\":\"u\",\"aud\":\"nowhere.example\",\"exp\":1800000600,\"role\":\"viewer\"}",
		  "secret of the site" },
		{ good_header, "{\"sub\":\"u\",\"aud\":\"1\",\"exp\":1800000600,\"role\":\"viewer\"}",
		  "secret of the site" },
		{ good_header, "{\"sub\":\"u\",\"exp\":1800000600,\"role\":\"viewer\"}",
		  "secret of the site" },
		{ good_header, "{\"sub\":\"u\",\"aud\":\"example.org\",\"role\":\"viewer\"}", "lacks sub" },
		{ good_header, "{\"sub\":\"u\",\"aud\":\"example.org\",\"exp\":\"1800000600\",\"role\":\"viewer\"}", "lacks sub" },
		{ good_header, "{\"aud\":\"example.org\",\"exp\":1800000600,\"role\":\"viewer\"}", "lacks sub" },
		{ good_header, "{\"sub\":\"u\",\"aud\":\"example.org\",\"exp\":1799999900,\"role\":\"viewer\"}", "expired" },
		{ good_header, "{\"sub\":\"u\",\"aud\":\"example.org\",\"exp\":1800000600,\"nbf\":1800000100,\"role\":\"viewer\"}",
		  "not valid yet" },
	};
	char *huge = ff_alloc(&w->arena, 60001);

	assert_int_equal(get(w, "/stats", good), 200);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(get(w, "/stats", mint_as(w, &w->site, bad[i].header, bad[i].claims)), 401);
		assert_true(says(w, bad[i].why));
	}
	assert_int_equal(get(w, "/stats", mint_as(w, &w->other, good_header, claims)), 401);
	memset(huge, 'a', 60000);
	huge[60000] = '\0';
	huge[20] = huge[40000] = '.';
	assert_int_equal(get(w, "/stats", huge), 401);
	assert_int_equal(get(w, "/stats", "."), 401);
	assert_int_equal(get(w, "/stats", "a..b"), 401);
	assert_int_equal(get(w, "/stats", ff_str_z(&w->arena, ff_str_of(good, strlen(good) - 1))), 401);
	assert_int_equal(get(w, ff_str_z(&w->arena, ff_str_printf(&w->arena, "/stats?auth=%s", good)), ""), 401);
	assert_ok(ff_sites_secret_new(w->db, &w->arena, &w->site));
	assert_int_equal(get(w, "/stats", good), 401);
}

static void
token_of_several_audiences_reads_the_site_that_signed_it(void **state)
{
	struct world     *w = *state;
	static const char claims[] =
	    "{\"sub\":\"u\",\"aud\":[\"nowhere.example\",\"example.org\",\"other.example\"],"
	    "\"exp\":1800000600,\"role\":\"viewer\"}";

	assert_int_equal(get(w, "/stats", mint_as(w, &w->other, "{\"alg\":\"HS256\"}", claims)), 200);
	assert_int_equal(seen->site_id, w->other.site_id);
	assert_int_equal(get(w, "/stats", mint_as(w, &w->site, "{\"alg\":\"HS256\"}", claims)), 200);
	assert_int_equal(seen->site_id, w->site.site_id);
}

/* ---- items ---- */

static void
items_are_seen_within_the_narrowing(void **state)
{
	struct world       *w = *state;
	struct ff_who       who = { .by_token = true, .site_id = w->site.site_id, .owner = FF_STR("ada") };
	struct ff_req       req = { .arena = &w->arena, .app = &w->app, .who = &who };
	struct ff_site_item items[] = {
		{ .kind = FF_STR("post"), .key = FF_STR("a") }, { .kind = FF_STR("post"), .key = FF_STR("b") },
		{ .kind = FF_STR("video"), .key = FF_STR("a") }, { .kind = FF_STR("post"), .key = FF_STR("unknown") } };
	bool                yes[4];

	assert_ok(ff_db_simple(w->db, "INSERT INTO content (site_id, kind, key, owner, collection) VALUES "
				      "(1, 'post', 'a', 'ada', 'blog'), (1, 'post', 'b', 'bob', 'blog'), "
				      "(1, 'video', 'a', 'ada', ''), (2, 'post', 'unknown', 'ada', '')"));
	assert_ok(ff_narrow_items(&req, w->site.site_id, items, 4, yes));
	assert_true(yes[0] && !yes[1] && yes[2] && !yes[3]);
	assert_err(FF_NOT_FOUND, ff_narrow_item(&req, w->site.site_id, FF_STR("post"), FF_STR("b")));
	assert_ok(ff_narrow_item(&req, w->site.site_id, FF_STR("post"), FF_STR("a")));
	who = (struct ff_who){ .by_token = true, .site_id = w->site.site_id, .collection = FF_STR("blog") };
	assert_ok(ff_narrow_items(&req, w->site.site_id, items, 4, yes));
	assert_true(yes[0] && yes[1] && !yes[2] && !yes[3]);
	who = (struct ff_who){ .by_token = true, .site_id = w->site.site_id, .kind = FF_STR("video"), .owner = FF_STR("ada") };
	assert_ok(ff_narrow_items(&req, w->site.site_id, items, 4, yes));
	assert_true(!yes[0] && !yes[1] && yes[2] && !yes[3]);
	who = (struct ff_who){ .by_token = true, .site_id = w->site.site_id };
	assert_ok(ff_narrow_items(&req, w->site.site_id, items, 4, yes));
	assert_true(yes[0] && yes[1] && yes[2] && yes[3]);
}

/* ---- share links ---- */

static void
share(struct world *w, const char *name, const char *password, int64_t expires_us, char text[64])
{
	struct ff_share_new link = { .name = ff_str_from(name), .expires_us = expires_us };
	struct ff_fault     fault;

	if (password != NULL)
		link.password = ff_str_from(password);
	assert_ok(ff_share_add(w->db, &w->arena, &w->site, &link, text, &fault));
}

static const char *
in_address(struct world *w, const char *path, const char *text)
{
	return ff_str_z(&w->arena, ff_str_printf(&w->arena, "%s?x=1&auth=%s", path, text));
}

static void
link_reads_the_figures_of_its_site(void **state)
{
	struct world *w = *state;
	char          text[64];

	share(w, "for the board", NULL, 0, text);
	assert_int_equal(get(w, "/stats", text), 200);
	assert_true(ff_authorize(seen, w->site.site_id, "stats:read"));
	assert_false(ff_authorize(seen, w->other.site_id, "stats:read"));
	assert_false(ff_authorize(seen, w->site.site_id, "export:read"));
	assert_int_equal(get(w, in_address(w, "/stats", text), ""), 200);
	assert_int_equal(ask(w, "POST", "/stats", text, ""), 200);
	assert_int_equal(ask(w, "POST", in_address(w, "/stats", text), "", ""), 401);
	assert_int_equal(get(w, "/export", text), 403);
	assert_int_equal(get(w, in_address(w, "/export", text), ""), 401);
	assert_int_equal(get(w, "/content", text), 403);
	assert_int_equal(get(w, "/sites", text), 403);
	assert_int_equal(ask(w, "GET", "/page", "", text), 401);
	assert_int_equal(get(w, in_address(w, "/stats", "ffs_short"), ""), 401);
	assert_int_equal(get(w, in_address(w, "/stats", ""), ""), 401);
}

static void
link_ends_when_it_is_revoked_or_expires(void **state)
{
	struct world  *w = *state;
	struct ff_rows rows;
	struct ff_str  name;
	int32_t        site_id;
	char           text[64], again[64];

	share(w, "a", NULL, ff_now() + 60000000, text);
	assert_int_equal(get(w, "/stats", text), 200);
	assert_ok(ff_db_simple(w->db, "UPDATE share_link SET expires_at = now()"));
	assert_int_equal(get(w, "/stats", text), 401);
	share(w, "a", NULL, 0, again); /* the name is free again */
	assert_int_equal(get(w, "/stats", text), 401);
	assert_int_equal(get(w, "/stats", again), 200);
	assert_ok(ff_db_query_text(w->db, &w->arena, "SELECT max(share_id) FROM share_link", NULL, 0, &rows));
	assert_ok(ff_share_revoke(w->db, &w->arena, ff_row_i64(&rows, 0, 0), &site_id, &name));
	assert_int_equal(site_id, w->site.site_id);
	assert_err(FF_NOT_FOUND, ff_share_revoke(w->db, &w->arena, ff_row_i64(&rows, 0, 0), &site_id, &name));
	assert_int_equal(get(w, "/stats", again), 401);
}

static void
link_is_shown_again_and_stored_hashed(void **state)
{
	struct world       *w = *state;
	struct ff_share_new twice = { .name = FF_STR("a") };
	struct ff_fault     fault;
	struct ff_rows      rows;
	char                text[64], again[64];

	share(w, "a", NULL, 0, text);
	assert_ok(ff_share_named(w->db, &w->arena, &w->site, FF_STR("a"), again));
	assert_string_equal(text, again);
	assert_err(FF_NOT_FOUND, ff_share_named(w->db, &w->arena, &w->site, FF_STR("b"), again));
	assert_err(FF_NOT_FOUND, ff_share_named(w->db, &w->arena, &w->other, FF_STR("a"), again));
	assert_err(FF_CONFLICT, ff_share_add(w->db, &w->arena, &w->site, &twice, again, &fault));
	assert_ok(ff_db_query_text(w->db, &w->arena,
	    ff_str_z(&w->arena, ff_str_printf(&w->arena, "SELECT count(*) FROM share_link l WHERE l::text LIKE '%%%s%%'",
	        text + 4)),
	    NULL, 0, &rows));
	assert_int_equal(ff_row_i64(&rows, 0, 0), 0);
	assert_ok(ff_sites_secret_new(w->db, &w->arena, &w->site));
	assert_err(FF_NOT_FOUND, ff_share_named(w->db, &w->arena, &w->site, FF_STR("a"), again));
	assert_int_equal(get(w, "/stats", text), 200); /* whoever holds it keeps it: revoke it, if they should not */
}

static void
link_with_a_password_opens_for_who_knows_it(void **state)
{
	struct world *w = *state;
	char          text[64], plain[64], pass[64];

#define OPEN(text, password) \
	ff_share_open(w->db, &w->arena, ff_str_from(text), ff_str_from(password), FF_STR("192.0.2.1"), pass)
	share(w, "locked", "a long password", 0, text);
	share(w, "plain", NULL, 0, plain);
	assert_int_equal(get(w, "/stats", text), 401);
	assert_true(says(w, "password"));
	assert_err(FF_UNAUTHORIZED, OPEN(text, "another password"));
	assert_err(FF_UNAUTHORIZED, OPEN(plain, "a long password"));
	assert_err(FF_UNAUTHORIZED, OPEN("ffs_short", "a long password"));
	assert_ok(OPEN(text, "a long password"));
	assert_int_equal(get(w, "/stats", pass), 200);
	assert_int_equal(seen->site_id, w->site.site_id);
	assert_err(FF_UNAUTHORIZED, OPEN(pass, "a long password"));
	assert_ok(ff_db_simple(w->db, "UPDATE share_pass SET expires_at = now()"));
	assert_int_equal(get(w, "/stats", pass), 401);
	assert_ok(OPEN(text, "a long password"));
	assert_ok(ff_db_simple(w->db, "UPDATE share_link SET revoked_at = now() WHERE name = 'locked'"));
	assert_int_equal(get(w, "/stats", pass), 401);
	assert_err(FF_UNAUTHORIZED, OPEN(text, "a long password"));
}

static void
passwords_of_links_cannot_be_tried_for_ever(void **state)
{
	struct world *w = *state;
	char          text[64], pass[64];

	share(w, "locked", "a long password", 0, text);
	for (int i = 0; i < 10; i++)
		assert_err(FF_UNAUTHORIZED, OPEN(text, "wrong password"));
	assert_err(FF_TOO_MANY, OPEN(text, "a long password"));
	assert_ok(ff_share_open(w->db, &w->arena, ff_str_from(text), FF_STR("a long password"), FF_STR("198.51.100.7"), pass));
}

/* ---- accounts of some sites ---- */

static const char *
sign_in(struct world *w, const char *login)
{
	struct ff_login in;

	assert_ok(ff_account_login(w->db, &w->arena, ff_str_from(login), FF_STR(PASSWORD), FF_STR("127.0.0.1"), 3600, 7200, &in));
	return ff_str_z(&w->arena, ff_str_from(in.token));
}

static void
account_sees_every_site_until_it_is_limited(void **state)
{
	struct world *w = *state;
	const char   *session;
	bool          every;

	assert_ok(ff_account_add(w->db, &w->arena, FF_STR("anna"), FF_STR(PASSWORD), FF_STR("admin"), NULL));
	session = sign_in(w, "anna");
	assert_int_equal(ask(w, "GET", "/admin-page", "", session), 200);
	assert_true(ff_authorize(seen, w->site.site_id, "sites:write") && ff_authorize(seen, 0, "sites:write"));
	assert_ok(ff_grants_set(w->db, &w->arena, FF_STR("Anna"), w->site.site_id, FF_STR("viewer"), &every, NULL));
	assert_true(every);
	assert_int_equal(ask(w, "GET", "/admin-page", "", session), 200);
	assert_ok(ff_account_limit(w->db, &w->arena, FF_STR("anna"), false));
	assert_int_equal(ask(w, "GET", "/admin-page", "", session), 403);
	assert_int_equal(ask(w, "GET", "/page", "", session), 200);
	assert_true(ff_authorize(seen, w->site.site_id, "stats:read"));
	assert_false(ff_authorize(seen, w->site.site_id, "content:write"));
	assert_false(ff_authorize(seen, w->other.site_id, "stats:read"));
	assert_false(ff_authorize(seen, 0, "stats:read"));
}

static void
account_has_a_role_on_each_site(void **state)
{
	struct world *w = *state;
	const char   *session;
	bool          every, added;

	assert_ok(ff_account_invite(w->db, &w->arena, FF_STR("Ben@Example.org"), &added, NULL));
	assert_true(added);
	assert_ok(ff_account_invite(w->db, &w->arena, FF_STR("ben@example.org"), &added, NULL));
	assert_false(added);
	assert_err(FF_UNAUTHORIZED, ff_account_login(w->db, &w->arena, FF_STR("ben@example.org"), FF_STR("!"), FF_STR("127.0.0.1"),
				     3600, 7200, &(struct ff_login){ 0 }));
	assert_ok(ff_account_password(w->db, &w->arena, FF_STR("ben@example.org"), FF_STR(PASSWORD), NULL));
	session = sign_in(w, "ben@example.org");
	assert_int_equal(ask(w, "GET", "/page", "", session), 403); /* of no site yet */
	assert_ok(ff_grants_set(w->db, &w->arena, FF_STR("ben@example.org"), w->site.site_id, FF_STR("moderator"), &every, NULL));
	assert_false(every);
	assert_ok(ff_grants_set(w->db, &w->arena, FF_STR("ben@example.org"), w->other.site_id, FF_STR("admin"), &every, NULL));
	assert_int_equal(ask(w, "GET", "/page", "", session), 200);
	assert_true(ff_authorize(seen, w->site.site_id, "content:write"));
	assert_false(ff_authorize(seen, w->site.site_id, "sites:write"));
	assert_true(ff_authorize(seen, w->other.site_id, "sites:write"));
	assert_ok(ff_grants_remove(w->db, &w->arena, FF_STR("ben@example.org"), w->other.site_id));
	assert_err(FF_NOT_FOUND, ff_grants_remove(w->db, &w->arena, FF_STR("ben@example.org"), w->other.site_id));
	assert_int_equal(ask(w, "GET", "/admin-page", "", session), 403);
	assert_ok(ff_db_simple(w->db, "DELETE FROM site WHERE site_id = 1")); /* the last one: not every site then, but none */
	assert_int_equal(ask(w, "GET", "/page", "", session), 403);
	assert_err(FF_NOT_FOUND,
	    ff_grants_set(w->db, &w->arena, FF_STR("nobody"), w->other.site_id, FF_STR("viewer"), &every, NULL));
	assert_err(FF_INVALID,
	    ff_grants_set(w->db, &w->arena, FF_STR("ben@example.org"), w->other.site_id, FF_STR("root"), &every, NULL));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(token_reads_its_site_by_its_role),
		TEST(token_without_a_role_for_reading_reads_nothing),
		TEST(owner_is_narrowed_to_what_is_theirs),
		TEST(narrowing_that_is_not_understood_opens_nothing),
		TEST(forged_and_stale_tokens_are_refused),
		TEST(token_of_several_audiences_reads_the_site_that_signed_it),
		TEST(items_are_seen_within_the_narrowing),
		TEST(link_reads_the_figures_of_its_site),
		TEST(link_ends_when_it_is_revoked_or_expires),
		TEST(link_is_shown_again_and_stored_hashed),
		TEST(link_with_a_password_opens_for_who_knows_it),
		TEST(passwords_of_links_cannot_be_tried_for_ever),
		TEST(account_sees_every_site_until_it_is_limited),
		TEST(account_has_a_role_on_each_site),
	};

	if (getenv("FF_TEST_DB") == NULL) {
		puts("1..0 # SKIP run it through tests/lib/pg.sh");
		return 0;
	}
	ff_safe_init();
	ff_log_setup("test_bearer", FF_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
