/* Against a real server: run by sites.t, which hands in FF_TEST_DB. */
#include "tests/lib/unit.h"

#include "base/log.h"
#include "fact/sites.h"
#include "safe/rand.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>

struct world {
	struct ff_arena arena;
	struct ff_db   *db;
};

static int
open_world(void **state)
{
	struct world *w = ff_xcalloc(1, sizeof *w);

	ff_arena_init(&w->arena);
	ff_db_open(&w->db, getenv("FF_TEST_DB"), "test_sites");
	assert_ok(ff_db_simple(w->db, "TRUNCATE site RESTART IDENTITY CASCADE"));
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;

	ff_db_close(w->db);
	ff_arena_free(&w->arena);
	free(w);
	return 0;
}

static struct ff_site
add(struct world *w, const char *domain)
{
	struct ff_site  site = { .domain = ff_str_from(domain) };
	struct ff_fault fault;

	assert_ok(ff_sites_add(w->db, &w->arena, &site, &fault));
	return site;
}

static void
added_site_has_defaults_an_id_and_a_secret(void **state)
{
	struct world   *w = *state;
	struct ff_site  site = add(w, "WWW.Example.ORG."), found;
	struct ff_rows  rows;

	assert_str(site.domain, "example.org");
	assert_true(site.site_id > 0 && !ff_uuid_is_nil(&site.public_id));
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("example.org"), &found));
	assert_int_equal(found.site_id, site.site_id);
	assert_memory_equal(&found.public_id, &site.public_id, sizeof found.public_id);
	assert_str(found.name, "example.org");
	assert_str(found.time_zone, "UTC");
	assert_str(found.default_kind, "item");
	assert_str(found.exclude, "");
	assert_false(found.strict);
	assert_int_equal(found.gpc, FF_PRIVACY_OFF); /* as the caller's struct said */
	add(w, "other.example");
	assert_ok(ff_db_query_text(w->db, &w->arena, "SELECT count(DISTINCT secret) FROM site", NULL, 0, &rows));
	assert_int_equal(ff_row_i64(&rows, 0, 0), 2);
}

static void
site_keeps_what_it_was_given(void **state)
{
	struct world   *w = *state;
	struct ff_site  site = { .domain = FF_STR("xn--bcher-kva.example"), .name = FF_STR("B\xc3\xbc" "cher"),
		 .time_zone = FF_STR("Asia/Kathmandu"), .default_kind = FF_STR("book"), .strict = true,
		 .gpc = FF_PRIVACY_DROP, .dnt = FF_PRIVACY_ANONYMOUS, .exclude = FF_STR(" 10.0.0.0/8, 2001:db8::/32 ") };
	struct ff_site  found;
	struct ff_site *all;
	struct ff_fault fault;
	size_t          n;

	assert_ok(ff_uuid_parse(FF_STR("00112233-4455-8677-8899-aabbccddeeff"), &site.public_id) ? FF_OK : FF_INVALID);
	assert_ok(ff_sites_add(w->db, &w->arena, &site, &fault));
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("00112233-4455-8677-8899-AABBCCDDEEFF"), &found));
	assert_str(found.name, "B\xc3\xbc" "cher");
	assert_str(found.time_zone, "Asia/Kathmandu");
	assert_str(found.default_kind, "book");
	assert_str(found.exclude, "10.0.0.0/8, 2001:db8::/32");
	assert_true(found.strict);
	assert_int_equal(found.gpc, FF_PRIVACY_DROP);
	assert_int_equal(found.dnt, FF_PRIVACY_ANONYMOUS);
	add(w, "a.example");
	assert_ok(ff_sites_list(w->db, &w->arena, &all, &n));
	assert_int_equal(n, 2);
	assert_str(all[0].domain, "a.example");
}

static void
site_is_found_by_domain_id_and_number(void **state)
{
	struct world  *w = *state;
	struct ff_site site = add(w, "localhost"), found;
	char           uuid[37];

	ff_uuid_print(&site.public_id, uuid);
	assert_ok(ff_sites_find(w->db, &w->arena, ff_str_from(uuid), &found));
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("LocalHost"), &found));
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("1"), &found));
	assert_int_equal(found.site_id, site.site_id);
	assert_err(FF_NOT_FOUND, ff_sites_find(w->db, &w->arena, FF_STR("2"), &found));
	assert_err(FF_NOT_FOUND, ff_sites_find(w->db, &w->arena, FF_STR("99999999999999999999"), &found));
	assert_err(FF_NOT_FOUND, ff_sites_find(w->db, &w->arena, FF_STR("nowhere.example"), &found));
	assert_err(FF_NOT_FOUND, ff_sites_find(w->db, &w->arena, FF_STR("\xff"), &found));
	assert_err(FF_NOT_FOUND, ff_sites_find(w->db, &w->arena, FF_STR(""), &found));
	assert_err(FF_NOT_FOUND, ff_sites_find(w->db, &w->arena, FF_STR("' OR true --"), &found));
}

static void
bad_domains_are_refused(void **state)
{
	static const char *const bad[] = { "", "  ", "a b", "exa_mple.org", "-a.org", "a-.org", "a..org", ".org", "http://a.org",
		"a.org/path", "b\303\274cher.example", "12345", "a.org;DROP", "\xff.org",
		"a123456789012345678901234567890123456789012345678901234567890123.org" };
	struct world            *w = *state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct ff_site  site = { .domain = ff_str_from(bad[i]) };
		struct ff_fault fault = { 0 };

		assert_err(FF_INVALID, ff_sites_add(w->db, &w->arena, &site, &fault));
		assert_string_equal(fault.field, "domain");
		assert_true(fault.why[0] != '\0');
	}
}

static void
same_domain_twice_is_a_conflict(void **state)
{
	struct world   *w = *state;
	struct ff_site  twin = { .domain = FF_STR("www.example.org") };
	struct ff_fault fault;

	add(w, "example.org");
	assert_err(FF_CONFLICT, ff_sites_add(w->db, &w->arena, &twin, &fault));
	assert_string_equal(fault.field, "domain");
}

static void
each_setting_is_checked_and_changed_alone(void **state)
{
	static const struct {
		const char *key, *value;
		enum ff_err err;
	} cases[] = {
		{ "name", "New name", FF_OK },
		{ "name", " ", FF_INVALID },
		{ "name", "two\nlines", FF_INVALID },
		{ "time_zone", "Europe/Berlin", FF_OK },
		{ "time_zone", "Europe/Atlantis", FF_INVALID },
		{ "time_zone", "../../etc/passwd", FF_INVALID },
		{ "time_zone", "UTC'; SELECT 1", FF_INVALID },
		{ "time_zone", "", FF_INVALID },
		{ "strict", "on", FF_OK },
		{ "strict", "maybe", FF_INVALID },
		{ "default_kind", "article", FF_OK },
		{ "default_kind", "Article!", FF_INVALID },
		{ "default_kind", "", FF_INVALID },
		{ "gpc", "drop", FF_OK },
		{ "gpc", "sometimes", FF_INVALID },
		{ "dnt", "off", FF_OK },
		{ "dnt", "", FF_INVALID },
		{ "exclude", "192.0.2.0/24 2001:db8::1", FF_OK },
		{ "exclude", "192.0.2.0/33", FF_INVALID },
		{ "exclude_paths", " /admin/* , */preview,, ", FF_OK },
		{ "exclude_paths", "admin", FF_INVALID },
		{ "exclude_paths", "/two\nlines", FF_INVALID },
		{ "exclude_hosts", "WWW.Staging.Example.org, *.test", FF_OK },
		{ "exclude_hosts", "https://staging.example.org/", FF_INVALID },
		{ "exclude_hosts", "staging.example.org..", FF_INVALID },
		{ "exclude_countries", "de, At", FF_OK },
		{ "exclude_countries", "Germany", FF_INVALID },
		{ "exclude_countries", "D1", FF_INVALID },
		{ "unique_windows", "1h video=24h", FF_OK },
		{ "unique_windows", "1h\tvideo=24h", FF_INVALID },
		{ "unique_windows", "2d", FF_INVALID },
		{ "qualified", "5s,25%", FF_OK },
		{ "qualified", "often", FF_INVALID },
		{ "items_max", "0", FF_OK },
		{ "items_max", "-1", FF_INVALID },
		{ "paths_max", "100000000", FF_OK },
		{ "paths_max", "100000001", FF_INVALID },
		{ "paths_max", "many", FF_INVALID },
		{ "values_max", "20", FF_OK },
		{ "values_max", "0", FF_INVALID },
		{ "retention_raw", "30d", FF_OK },
		{ "retention_raw", "0d", FF_INVALID },
		{ "retention_hours", "0d", FF_OK },
		{ "retention_hours", "36h", FF_INVALID },
		{ "retention_days", "3000d", FF_OK },
		{ "retention_days", "default", FF_OK },
		{ "archive", "on", FF_OK },
		{ "archive", "yes", FF_INVALID },
		{ "public_counters", "on", FF_OK },
		{ "public_counters", "", FF_INVALID },
	};
	struct world   *w = *state;
	struct ff_site  site = add(w, "example.org"), found;
	struct ff_fault fault;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		memset(&fault, 0, sizeof fault);
		assert_err(cases[i].err, ff_sites_set(w->db, &w->arena, site.site_id, ff_str_from(cases[i].key),
		    ff_str_from(cases[i].value), &fault));
		assert_string_equal(fault.field, cases[i].err == FF_OK ? "" : cases[i].key);
	}
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("example.org"), &found));
	assert_str(found.name, "New name");
	assert_str(found.time_zone, "Europe/Berlin");
	assert_true(found.strict);
	assert_str(found.default_kind, "article");
	assert_int_equal(found.gpc, FF_PRIVACY_DROP);
	assert_int_equal(found.dnt, FF_PRIVACY_OFF);
	assert_str(found.exclude, "192.0.2.0/24 2001:db8::1");
	assert_str(found.exclude_paths, "/admin/*,*/preview");
	assert_str(found.exclude_hosts, "staging.example.org,*.test");
	assert_str(found.exclude_countries, "DE,AT");
	assert_str(found.unique_windows, "1h video=24h");
	assert_str(found.qualified, "5s,25%");
	assert_int_equal(found.items_max, 0);
	assert_int_equal(found.paths_max, 100000000);
	assert_int_equal(found.values_max, 20);
	assert_int_equal(found.retention_raw, 30);
	assert_int_equal(found.retention_hours, 0);
	assert_int_equal(found.retention_days, -1);
	assert_true(found.archive);
	assert_true(found.public_counters);
	assert_ok(ff_sites_set(w->db, &w->arena, site.site_id, FF_STR("exclude"), FF_STR(""), &fault));
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("example.org"), &found));
	assert_str(found.exclude, "");
	assert_err(FF_INVALID, ff_sites_set(w->db, &w->arena, site.site_id, FF_STR("secret"), FF_STR("x"), &fault));
	assert_string_equal(fault.field, "key");
	assert_err(FF_NOT_FOUND, ff_sites_set(w->db, &w->arena, 4711, FF_STR("name"), FF_STR("x"), &fault));
}

static void
a_secret_is_made_with_the_site_and_can_be_renewed(void **state)
{
	static const uint8_t none[32];
	struct world        *w = *state;
	struct ff_site       site, other, again;

	add(w, "one.example");
	add(w, "two.example");
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("one.example"), &site));
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("two.example"), &other));
	assert_memory_not_equal(site.secret, none, 32);
	assert_memory_not_equal(site.secret, other.secret, 32);
	again = site;
	assert_ok(ff_sites_secret_new(w->db, &w->arena, &site));
	assert_memory_not_equal(site.secret, again.secret, 32);
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("one.example"), &again));
	assert_memory_equal(site.secret, again.secret, 32);
	assert_ok(ff_sites_find(w->db, &w->arena, FF_STR("two.example"), &again));
	assert_memory_equal(other.secret, again.secret, 32);
}

static void
keys_for_the_snapshot_are_the_good_ones(void **state)
{
	struct world       *w = *state;
	struct ff_site_key *keys;
	size_t              n;

	add(w, "one.example");
	assert_ok(ff_db_simple(w->db,
	    "INSERT INTO api_key (token_hash, name, site_id, scopes, expires_at, revoked_at) VALUES"
	    " (decode(repeat('01', 32), 'hex'), 'a', NULL, 'stats:read events:write', NULL, NULL),"
	    " (decode(repeat('02', 32), 'hex'), 'b', 1, 'events:write', '2100-01-01', NULL),"
	    " (decode(repeat('03', 32), 'hex'), 'c', NULL, 'events:write', '2000-01-01', NULL),"
	    " (decode(repeat('04', 32), 'hex'), 'd', NULL, 'events:write', NULL, now())"));
	assert_ok(ff_sites_keys(w->db, &w->arena, &keys, &n));
	assert_int_equal(n, 2);
	assert_int_equal(keys[0].hash[31], 1);
	assert_int_equal(keys[0].site_id, 0);
	assert_int_equal(keys[0].expires_us, 0);
	assert_str(keys[0].scopes, "stats:read events:write");
	assert_int_equal(keys[1].site_id, 1);
	assert_int_equal(keys[1].expires_us, INT64_C(4102444800000000));
}

static void
items_are_those_of_strict_sites(void **state)
{
	struct world        *w = *state;
	struct ff_site_item *items;
	struct ff_fault      fault;
	size_t               n;

	add(w, "open.example");
	add(w, "strict.example");
	assert_ok(ff_sites_set(w->db, &w->arena, 2, FF_STR("strict"), FF_STR("true"), &fault));
	assert_ok(ff_db_simple(w->db, "INSERT INTO content (site_id, kind, key) VALUES (1, 'book', 'a'), (2, 'book', 'c'),"
	    " (2, 'book', 'b')"));
	assert_ok(ff_sites_items(w->db, &w->arena, &items, &n));
	assert_int_equal(n, 2);
	assert_int_equal(items[0].site_id, 2);
	assert_str(items[0].kind, "book");
	assert_str(items[0].key, "b");
	assert_str(items[1].key, "c");
}

static void
absent_database_is_said_so(void **state)
{
	struct ff_arena arena;
	struct ff_db   *db;
	struct ff_site  site = { .domain = FF_STR("example.org") };
	struct ff_fault fault;

	(void)state;
	ff_arena_init(&arena);
	ff_db_open(&db, "host=/nowhere", "test_sites");
	assert_err(FF_DATABASE, ff_sites_add(db, &arena, &site, &fault));
	assert_err(FF_DATABASE, ff_sites_find(db, &arena, FF_STR("example.org"), &site));
	ff_db_close(db);
	ff_arena_free(&arena);
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, open_world, close_world)
	const struct CMUnitTest tests[] = {
		TEST(added_site_has_defaults_an_id_and_a_secret),
		TEST(site_keeps_what_it_was_given),
		TEST(site_is_found_by_domain_id_and_number),
		TEST(bad_domains_are_refused),
		TEST(same_domain_twice_is_a_conflict),
		TEST(each_setting_is_checked_and_changed_alone),
		TEST(a_secret_is_made_with_the_site_and_can_be_renewed),
		TEST(keys_for_the_snapshot_are_the_good_ones),
		TEST(items_are_those_of_strict_sites),
		TEST(absent_database_is_said_so),
	};

	if (getenv("FF_TEST_DB") == NULL) {
		puts("1..0 # SKIP run it through tests/lib/pg.sh");
		return 0;
	}
	ff_safe_init();
	ff_log_setup("test_sites", FF_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
