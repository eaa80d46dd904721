/* Accounts, sessions, keys and the guard against a real database: run by guard.t, which hands in FF_TEST_DB. */
#include "tests/lib/unit.h"

#include "base/log.h"
#include "door/answer.h"
#include "door/guard.h"
#include "fact/account.h"
#include "safe/rand.h"
#include "store/db.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDLE 3600
#define LONGEST 7200
#define PASSWORD "correct horse battery"
#define WEAK_HASH "$argon2id$v=19$m=32,t=1,p=1$1hdhJA+jZCKENGtaWC79YQ$RUrVZPWjHNQcQWXus3f7jRDaH+BpJakTVVI72gqIzfo"

struct world {
	struct ff_arena arena;
	struct ff_res   res;
	struct ff_app   app;
	struct ff_db   *db;
	PGconn         *sql; /* the test's own hand in the tables */
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
	{ FF_GET, "/key", look, FF_GUARD_KEY, "stats:read" },
	{ FF_POST, "/key", look, FF_GUARD_KEY, "events:write", .body_max = 100 },
	{ FF_GET, "/viewer", look, FF_GUARD_SESSION, "viewer" },
	{ FF_GET, "/any", look, FF_GUARD_SESSION },
	{ FF_GET, "/admin-only", look, FF_GUARD_SESSION, "admin" },
	{ FF_GET, "/misspelt", look, FF_GUARD_SESSION, "amdin" },
	{ FF_POST, "/viewer", look, FF_GUARD_SESSION, "viewer", .body_max = 1000 },
	{ FF_DELETE, "/viewer", look, FF_GUARD_SESSION, "viewer", .body_max = 1000 },
};

static void
tell(struct world *w, const char *sql)
{
	PGresult *result = PQexec(w->sql, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(w->sql));
	PQclear(result);
}

static int64_t
count(struct world *w, const char *sql)
{
	PGresult *result = PQexec(w->sql, sql);
	int64_t   n = strtoll(PQgetvalue(result, 0, 0), NULL, 10);

	PQclear(result);
	return n;
}

static int
open_world(void **state)
{
	static struct ff_conf conf = { .address_header = "X-Forwarded-For", .trusted_proxies = "", .admin_path = "/admin",
		.session_idle = IDLE, .session_max = LONGEST };
	struct world         *w = ff_xcalloc(1, sizeof *w);

	ff_safe_init();
	ff_arena_init(&w->arena);
	ff_res_init(&w->res);
	ff_db_open(&w->db, getenv("FF_TEST_DB"), "test_guard");
	w->sql = PQconnectdb(getenv("FF_TEST_DB"));
	w->app = (struct ff_app){ .conf = &conf, .db = w->db, .routes = routes, .n_routes = sizeof routes / sizeof *routes };
	tell(w, "TRUNCATE account, admin_session, login_failure, api_key, site CASCADE");
	tell(w, "INSERT INTO site (domain, name, secret) OVERRIDING SYSTEM VALUE VALUES ('example.org', 'x', decode(repeat('00', 32), 'hex'))");
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;

	PQfinish(w->sql);
	ff_db_close(w->db);
	ff_arena_free(&w->arena);
	ff_res_free(&w->res);
	free(w);
	return 0;
}

static void
add(struct world *w, const char *login, const char *role)
{
	assert_ok(ff_account_add(w->db, &w->arena, ff_str_from(login), FF_STR(PASSWORD), ff_str_from(role), NULL));
}

static enum ff_err
sign_in(struct world *w, const char *login, const char *password, const char *peer, struct ff_login *out)
{
	return ff_account_login(w->db, &w->arena, ff_str_from(login), ff_str_from(password), ff_str_from(peer), IDLE,
	    LONGEST, out);
}

/* A signed-in visitor's request from this machine; form goes as the body of what is not GET. */
static const char *peer = "REMOTE_ADDR=127.0.0.1", *scheme = "HTTPS=", *origin = "HTTP_ORIGIN=";

static int
ask(struct world *w, const char *method, const char *path, const char *token, const char *form)
{
	const char *env[] = {
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "REQUEST_METHOD=%s", method)),
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "REQUEST_URI=%s", path)),
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "HTTP_COOKIE=a=b; %s=%s",
		    scheme[6] != '\0' ? "__Host-footfall" : "footfall", token)),
		ff_str_z(&w->arena, ff_str_printf(&w->arena, "HTTP_AUTHORIZATION=Bearer %s", token)),
		peer, scheme, origin, "HTTP_HOST=localhost", "HTTP_SEC_FETCH_MODE=cors",
		"CONTENT_TYPE=application/x-www-form-urlencoded", NULL };

	seen = NULL;
	ff_answer(&w->app, &w->arena, env, ff_str_from(form), 0, &w->res);
	return w->res.status;
}

/* ---- accounts ---- */

static void
accounts_are_checked_before_they_are_made(void **state)
{
	struct world   *w = *state;
	struct ff_fault fault = { 0 };

	add(w, "Anna@Example.org", "admin");
	assert_int_equal(count(w, "SELECT count(*) FROM account WHERE login = 'anna@example.org'"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM account WHERE password_hash LIKE '$argon2id$%'"), 1);
#define ADD(login, password, role) \
	ff_account_add(w->db, &w->arena, FF_STR(login), FF_STR(password), FF_STR(role), &fault)
	assert_err(FF_CONFLICT, ADD("anna@example.org", PASSWORD, "viewer"));
	assert_string_equal(fault.field, "login");
	assert_err(FF_INVALID, ADD("", PASSWORD, "viewer"));
	assert_err(FF_INVALID, ADD("a b", PASSWORD, "viewer"));
	assert_err(FF_INVALID, ADD("b", PASSWORD, "root"));
	assert_string_equal(fault.field, "role");
	assert_err(FF_INVALID, ADD("b", "short", "viewer"));
	assert_int_equal(count(w, "SELECT count(*) FROM account"), 1);
}

static void
a_new_password_ends_all_sessions(void **state)
{
	struct world     *w = *state;
	struct ff_login   login;
	struct ff_session session;

	add(w, "anna", "admin");
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	assert_ok(ff_account_password(w->db, &w->arena, FF_STR("ANNA"), FF_STR("another good one"), NULL));
	assert_err(FF_UNAUTHORIZED, ff_session_find(w->db, &w->arena, ff_str_from(login.token), IDLE, &session));
	assert_err(FF_UNAUTHORIZED, sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	assert_ok(sign_in(w, "anna", "another good one", "192.0.2.1", &login));
	assert_err(FF_NOT_FOUND, ff_account_password(w->db, &w->arena, FF_STR("nobody"), FF_STR(PASSWORD), NULL));
}

static void
signing_in_gives_a_session_that_is_stored_hashed(void **state)
{
	struct world     *w = *state;
	struct ff_login   login, second;
	struct ff_session session;
	char              sql[256];

	add(w, "anna", "moderator");
	assert_ok(sign_in(w, "Anna", PASSWORD, "192.0.2.1", &login));
	assert_str(login.role, "moderator");
	assert_ok(ff_session_find(w->db, &w->arena, ff_str_from(login.token), IDLE, &session));
	assert_str(session.login, "anna");
	assert_int_equal(session.account_id, login.account_id);
	snprintf(sql, sizeof sql, "SELECT count(*) FROM admin_session WHERE admin_session::text LIKE '%%%s%%'", login.token + 4);
	assert_int_equal(count(w, sql), 0);
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &second));
	assert_string_not_equal(login.token, second.token);
	assert_ok(ff_session_end(w->db, ff_str_from(login.token)));
	assert_err(FF_UNAUTHORIZED, ff_session_find(w->db, &w->arena, ff_str_from(login.token), IDLE, &session));
	assert_ok(ff_session_find(w->db, &w->arena, ff_str_from(second.token), IDLE, &session));
	assert_err(FF_UNAUTHORIZED, ff_session_find(w->db, &w->arena, FF_STR("ffs_short"), IDLE, &session));
}

static void
sessions_end_idle_and_at_last(void **state)
{
	struct world     *w = *state;
	struct ff_login   login;
	struct ff_session session;
	struct ff_str     token;

	add(w, "anna", "admin");
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	token = ff_str_from(login.token);
	tell(w, "UPDATE admin_session SET seen_at = now() - interval '50 minutes'");
	assert_ok(ff_session_find(w->db, &w->arena, token, IDLE, &session));
	assert_int_equal(count(w, "SELECT count(*) FROM admin_session WHERE seen_at > now() - interval '1 minute'"), 1);
	tell(w, "UPDATE admin_session SET seen_at = now() - interval '30 seconds'");
	assert_ok(ff_session_find(w->db, &w->arena, token, IDLE, &session));
	assert_int_equal(count(w, "SELECT count(*) FROM admin_session WHERE seen_at > now() - interval '20 seconds'"), 0);
	tell(w, "UPDATE admin_session SET seen_at = now() - interval '61 minutes'");
	assert_err(FF_UNAUTHORIZED, ff_session_find(w->db, &w->arena, token, IDLE, &session));
	tell(w, "UPDATE admin_session SET seen_at = now(), expires_at = now()");
	assert_err(FF_UNAUTHORIZED, ff_session_find(w->db, &w->arena, token, IDLE, &session));
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	assert_int_equal(count(w, "SELECT count(*) FROM admin_session"), 1);
}

/* ---- the limiter ---- */

static void
failures_by_account_are_limited(void **state)
{
	struct world   *w = *state;
	struct ff_login login;

	add(w, "anna", "admin");
	add(w, "ben", "admin");
	for (int i = 0; i < 10; i++)
		assert_err(FF_UNAUTHORIZED, sign_in(w, "anna", "wrong password", "192.0.2.1", &login));
	assert_err(FF_TOO_MANY, sign_in(w, "anna", PASSWORD, "192.0.2.200", &login)); /* the same network */
	assert_ok(sign_in(w, "anna", PASSWORD, "198.51.100.1", &login)); /* nobody keeps her out from elsewhere */
	assert_ok(sign_in(w, "ben", PASSWORD, "192.0.2.1", &login));
	assert_err(FF_TOO_MANY, sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	tell(w, "UPDATE login_failure SET failed_at = failed_at - interval '15 minutes'");
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	assert_err(FF_UNAUTHORIZED, sign_in(w, "anna", "wrong password", "192.0.2.1", &login));
	assert_int_equal(count(w, "SELECT count(*) FROM login_failure"), 2);
}

static void
failures_by_address_prefix_are_limited(void **state)
{
	struct world   *w = *state;
	struct ff_login login;
	char            name[16];

	add(w, "anna", "admin");
	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof name, "guess%d", i);
		assert_err(FF_UNAUTHORIZED, sign_in(w, name, PASSWORD, i % 2 ? "2001:db8:1:2::1" : "2001:db8:1:3:9::", &login));
	}
	assert_err(FF_TOO_MANY, sign_in(w, "anna", PASSWORD, "2001:db8:1:ff::7", &login));
	assert_ok(sign_in(w, "anna", PASSWORD, "2001:db8:1:100::7", &login));
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
}

static void
a_success_forgets_the_accounts_failures(void **state)
{
	struct world   *w = *state;
	struct ff_login login;

	add(w, "anna", "admin");
	for (int i = 0; i < 9; i++)
		assert_err(FF_UNAUTHORIZED, sign_in(w, "anna", "wrong password", "192.0.2.1", &login));
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	assert_err(FF_UNAUTHORIZED, sign_in(w, "anna", "wrong password", "192.0.2.1", &login));
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
}

static void
no_address_and_no_login_is_kept_in_the_limiter(void **state)
{
	struct world   *w = *state;
	struct ff_login login;

	assert_err(FF_UNAUTHORIZED, sign_in(w, "guess", PASSWORD, "192.0.2.77", &login));
	assert_int_equal(count(w, "SELECT count(*) FROM login_failure WHERE octet_length(subject) = 32"), 2);
	assert_int_equal(count(w, "SELECT count(*) FROM login_failure WHERE position('guess'::bytea IN subject) > 0"
				  " OR position('192.0'::bytea IN subject) > 0"), 0);
}

static void
two_passwords_are_checked_at_a_time(void **state)
{
	struct world   *w = *state;
	struct ff_login login;

	add(w, "anna", "admin");
	tell(w, "SELECT pg_advisory_lock(hashtext('footfall.login'), 0)");
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	tell(w, "SELECT pg_advisory_lock(hashtext('footfall.login'), 1)");
	assert_err(FF_BUSY, sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	tell(w, "SELECT pg_advisory_unlock_all()");
	assert_ok(sign_in(w, "anna", PASSWORD, "192.0.2.1", &login));
	assert_int_equal(count(w, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}

/* ---- keys and the guard ---- */

static int32_t
the_site(struct world *w)
{
	return (int32_t)count(w, "SELECT site_id FROM site");
}

static void
keys_are_checked_before_they_are_made(void **state)
{
	struct world   *w = *state;
	struct ff_fault fault = { 0 };
	char            text[64];

#define KEY(name, site, scopes) ff_key_add(w->db, &w->arena, FF_STR(name), site, FF_STR(scopes), 0, text, &fault)
	assert_ok(KEY("exporter", 0, "stats:read events:write"));
	assert_err(FF_INVALID, KEY("", 0, "stats:read"));
	assert_err(FF_INVALID, KEY("x", 0, ""));
	assert_err(FF_INVALID, KEY("x", 0, "stats:read  everything"));
	assert_string_equal(fault.field, "scopes");
	assert_err(FF_INVALID, KEY("x", 2000000, "stats:read"));
	assert_string_equal(fault.field, "site");
	assert_int_equal(count(w, "SELECT count(*) FROM api_key"), 1);
}

static void
keys_open_what_their_scope_says(void **state)
{
	struct world *w = *state;
	char          text[64];

	assert_ok(ff_key_add(w->db, &w->arena, FF_STR("x"), the_site(w), FF_STR("stats:read"), 0, text, NULL));
	assert_int_equal(ask(w, "GET", "/key", text, ""), 200);
	assert_int_equal(seen->site_id, the_site(w));
	assert_true(ff_authorize(seen, the_site(w), "stats:read"));
	assert_false(ff_authorize(seen, the_site(w) + 1, "stats:read"));
	assert_int_equal(ask(w, "POST", "/key", text, ""), 403);
	assert_int_equal(ask(w, "GET", "/viewer", text, ""), 401);
	text[10] = text[10] == 'a' ? 'b' : 'a';
	assert_int_equal(ask(w, "GET", "/key", text, ""), 401);
	text[10] = text[10] == 'a' ? 'b' : 'a';
	tell(w, "UPDATE api_key SET expires_at = now()");
	assert_int_equal(ask(w, "GET", "/key", text, ""), 401);
	tell(w, "UPDATE api_key SET expires_at = now() + interval '1 hour', revoked_at = now()");
	assert_int_equal(ask(w, "GET", "/key", text, ""), 401);
}

static void
sessions_open_what_their_role_says(void **state)
{
	struct world   *w = *state;
	struct ff_login login;

	add(w, "anna", "viewer");
	assert_ok(sign_in(w, "anna", PASSWORD, "127.0.0.1", &login));
	assert_int_equal(ask(w, "GET", "/viewer", login.token, ""), 200);
	assert_str(seen->login, "anna");
	assert_int_equal(seen->role, FF_ROLE_VIEWER);
	assert_int_equal(ask(w, "GET", "/any", login.token, ""), 200);
	assert_int_equal(ask(w, "HEAD", "/viewer", login.token, ""), 200);
	assert_int_equal(ask(w, "GET", "/admin-only", login.token, ""), 403);
	assert_int_equal(ask(w, "GET", "/key", login.token, ""), 401);
	tell(w, "UPDATE account SET role = 'admin'");
	assert_int_equal(ask(w, "GET", "/admin-only", login.token, ""), 200);
	assert_int_equal(ask(w, "GET", "/misspelt", login.token, ""), 500);
	tell(w, "DELETE FROM account");
	assert_int_equal(ask(w, "GET", "/viewer", login.token, ""), 401);
}

static void
changes_need_the_sessions_csrf_token(void **state)
{
	struct world     *w = *state;
	struct ff_login   mine, other;
	struct ff_session session;
	char              form[128];

	add(w, "anna", "admin");
	assert_ok(sign_in(w, "anna", PASSWORD, "127.0.0.1", &mine));
	assert_ok(sign_in(w, "anna", PASSWORD, "127.0.0.1", &other));
	assert_int_equal(ask(w, "POST", "/viewer", mine.token, ""), 403);
	assert_int_equal(ask(w, "POST", "/viewer", mine.token, "csrf="), 403);
	assert_int_equal(ask(w, "POST", "/viewer", mine.token, "csrf=x"), 403);
	assert_int_equal(ask(w, "DELETE", "/viewer", mine.token, ""), 403);
	assert_ok(ff_session_find(w->db, &w->arena, ff_str_from(mine.token), IDLE, &session));
	snprintf(form, sizeof form, "a=b&csrf=%.*s", FF_STR_ARG(session.csrf));
	assert_int_equal(ask(w, "POST", "/viewer", mine.token, form), 200);
	assert_int_equal(ask(w, "DELETE", "/viewer", mine.token, form), 200);
	assert_int_equal(ask(w, "POST", "/viewer", other.token, form), 403);
	assert_int_equal(ask(w, "POST", "/viewer?csrf=x", mine.token, "a=b"), 403);
}

static void
a_session_travels_over_plain_http_on_this_machine_only(void **state)
{
	struct world   *w = *state;
	struct ff_login login;

	add(w, "anna", "viewer");
	assert_ok(sign_in(w, "anna", PASSWORD, "127.0.0.1", &login));
	assert_int_equal(ask(w, "GET", "/viewer", login.token, ""), 200);
	peer = "REMOTE_ADDR=192.0.2.1";
	assert_int_equal(ask(w, "GET", "/viewer", login.token, ""), 401);
	scheme = "HTTPS=on";
	assert_int_equal(ask(w, "GET", "/viewer", login.token, ""), 200);
	peer = "REMOTE_ADDR=127.0.0.1";
	scheme = "HTTPS=";
}

static void
a_right_csrf_token_from_another_origin_is_refused(void **state)
{
	struct world     *w = *state;
	struct ff_login   login;
	struct ff_session session;
	char              form[128];

	add(w, "anna", "viewer");
	assert_ok(sign_in(w, "anna", PASSWORD, "127.0.0.1", &login));
	assert_ok(ff_session_find(w->db, &w->arena, ff_str_from(login.token), IDLE, &session));
	snprintf(form, sizeof form, "csrf=%.*s", FF_STR_ARG(session.csrf));
	origin = "HTTP_ORIGIN=http://evil.example";
	assert_int_equal(ask(w, "POST", "/viewer", login.token, form), 403);
	origin = "HTTP_ORIGIN=http://localhost";
	assert_int_equal(ask(w, "POST", "/viewer", login.token, form), 200);
	origin = "HTTP_ORIGIN=";
}

static void
an_older_hash_is_renewed_at_sign_in(void **state)
{
	struct world   *w = *state;
	struct ff_login login;

	add(w, "anna", "viewer");
	/* "correct horse battery" with libsodium's smallest parameters */
	tell(w, "UPDATE account SET password_hash = '" WEAK_HASH "'");
	assert_ok(sign_in(w, "anna", PASSWORD, "127.0.0.1", &login));
	assert_int_equal(count(w, "SELECT count(*) FROM account WHERE password_hash = '" WEAK_HASH "'"), 0);
	assert_ok(sign_in(w, "anna", PASSWORD, "127.0.0.1", &login));
}

static void
without_the_database_it_is_a_503(void **state)
{
	struct world   *w = *state;
	struct ff_login login;

	add(w, "anna", "viewer");
	assert_ok(sign_in(w, "anna", PASSWORD, "127.0.0.1", &login));
	ff_db_close(w->db);
	ff_db_open(&w->db, "host=/nonexistent dbname=none", "test_guard");
	w->app.db = w->db;
	assert_int_equal(ask(w, "GET", "/viewer", login.token, ""), 503);
	assert_err(FF_DATABASE, sign_in(w, "anna", PASSWORD, "127.0.0.1", &login));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
	const struct CMUnitTest tests[] = {
		T(accounts_are_checked_before_they_are_made),
		T(a_new_password_ends_all_sessions),
		T(signing_in_gives_a_session_that_is_stored_hashed),
		T(sessions_end_idle_and_at_last),
		T(failures_by_account_are_limited),
		T(failures_by_address_prefix_are_limited),
		T(a_success_forgets_the_accounts_failures),
		T(no_address_and_no_login_is_kept_in_the_limiter),
		T(two_passwords_are_checked_at_a_time),
		T(keys_are_checked_before_they_are_made),
		T(keys_open_what_their_scope_says),
		T(sessions_open_what_their_role_says),
		T(changes_need_the_sessions_csrf_token),
		T(a_session_travels_over_plain_http_on_this_machine_only),
		T(a_right_csrf_token_from_another_origin_is_refused),
		T(an_older_hash_is_renewed_at_sign_in),
		T(without_the_database_it_is_a_503),
	};

	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
