#include "tests/lib/unit.h"

#include "fact/site.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64], path[96];

static int
make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/ff-snapshot-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/sites.snapshot", dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void
write_sites(size_t n)
{
	struct ff_site      *sites = calloc(n + 1, sizeof *sites);
	struct ff_site_item *items = calloc(n + 1, sizeof *items);
	struct ff_site_key  *keys = calloc(n + 1, sizeof *keys);
	char (*names)[32] = calloc(n + 1, sizeof *names);

	for (size_t i = 0; i < n; i++) {
		int len = snprintf(names[i], sizeof names[i], "site%zu.example", i);

		sites[i] = (struct ff_site){ .site_id = (int32_t)i + 1, .domain = ff_str_of(names[i], (size_t)len),
			.name = FF_STR("Näme"), .time_zone = FF_STR("Europe/Berlin"), .default_kind = FF_STR("photo"),
			.strict = i % 2, .gpc = FF_PRIVACY_DROP, .dnt = FF_PRIVACY_ANONYMOUS, .exclude = FF_STR("10.0.0.0/8") };
		memcpy(sites[i].public_id.b, &i, sizeof i);
		sites[i].public_id.b[15] = 9;
		items[i] = (struct ff_site_item){ (int32_t)i + 1, FF_STR("photo"), ff_str_of(names[i] + 4, (size_t)len - 12) };
	}
	for (size_t i = 0; i < n; i++) {
		memset(sites[i].secret, (int)(i + 1), sizeof sites[i].secret);
		sites[i].exclude_paths = FF_STR("/admin/*");
		sites[i].exclude_hosts = FF_STR("*.test");
		sites[i].exclude_countries = FF_STR("DE,AT");
		sites[i].unique_windows = FF_STR("30m");
		sites[i].qualified = FF_STR("10s,50%");
		sites[i].items_max = (int32_t)i;
		sites[i].paths_max = INT32_MAX;
		keys[i] = (struct ff_site_key){ .key_id = (int64_t)i + 7, .site_id = (int32_t)i, .expires_us = (int64_t)i * 1000,
			.scopes = FF_STR("stats:read events:write") };
		memcpy(keys[i].hash + 4, &i, sizeof i); /* all in one row of slots */
	}
	assert_ok(ff_snapshot_write(path, &(struct ff_snapshot_content){ sites, n, items, n, keys, n }));
	free(keys);
	free(sites);
	free(items);
	free(names);
}

static void
www_before_a_lone_suffix_belongs_to_the_name(void **state)
{
	struct ff_site      site = { .site_id = 7, .domain = FF_STR("www.com") };
	struct ff_snapshot *s;

	(void)state;
	assert_ok(ff_snapshot_write(path, &(struct ff_snapshot_content){ .sites = &site, .n_sites = 1 }));
	assert_ok(ff_snapshot_open(&s, path));
	assert_non_null(ff_snapshot_by_domain(s, FF_STR("www.com")));
	assert_non_null(ff_snapshot_by_domain(s, FF_STR("www.www.com.")));
	assert_null(ff_snapshot_by_domain(s, FF_STR("com")));
	ff_snapshot_close(s);
}

static void
sites_are_found_by_domain_and_id(void **state)
{
	struct ff_snapshot *s;
	struct ff_uuid      id = { { 0 } };
	size_t              no = 321;

	(void)state;
	write_sites(1000);
	assert_ok(ff_snapshot_open(&s, path));
	assert_int_equal(ff_snapshot_count(s), 1000);
	assert_int_equal(ff_snapshot_by_domain(s, FF_STR("site999.example"))->site_id, 1000);
	assert_int_equal(ff_snapshot_by_domain(s, FF_STR("WWW.Site0.Example."))->site_id, 1);
	assert_null(ff_snapshot_by_domain(s, FF_STR("site1000.example")));
	assert_null(ff_snapshot_by_domain(s, FF_STR_NONE));
	memcpy(id.b, &no, sizeof no);
	assert_null(ff_snapshot_by_id(s, &id));
	id.b[15] = 9;
	assert_int_equal(ff_snapshot_by_id(s, &id)->site_id, 322);
	assert_str(ff_snapshot_at(s, 5)->time_zone, "Europe/Berlin");
	assert_str(ff_snapshot_at(s, 5)->exclude, "10.0.0.0/8");
	assert_true(ff_snapshot_at(s, 5)->strict);
	assert_int_equal(ff_snapshot_at(s, 5)->gpc, FF_PRIVACY_DROP);
	assert_null(ff_snapshot_at(s, 1000));
	assert_int_equal(ff_snapshot_index(s, ff_snapshot_by_domain(s, FF_STR("site999.example"))), 999);
	ff_snapshot_close(s);
}

static void
settings_of_sites_come_over(void **state)
{
	const struct ff_site *site;
	struct ff_snapshot   *s;

	(void)state;
	write_sites(3);
	assert_ok(ff_snapshot_open(&s, path));
	site = ff_snapshot_at(s, 2);
	assert_int_equal(site->secret[0], 3);
	assert_int_equal(site->secret[31], 3);
	assert_str(site->exclude_paths, "/admin/*");
	assert_str(site->exclude_hosts, "*.test");
	assert_str(site->exclude_countries, "DE,AT");
	assert_str(site->unique_windows, "30m");
	assert_str(site->qualified, "10s,50%");
	assert_int_equal(site->items_max, 2);
	assert_int_equal(site->paths_max, INT32_MAX);
	ff_snapshot_close(s);
}

static void
keys_are_found_by_hash(void **state)
{
	const struct ff_site_key *key;
	struct ff_snapshot       *s;
	uint8_t                   hash[32] = { 0 };
	size_t                    i = 70;

	(void)state;
	write_sites(100);
	assert_ok(ff_snapshot_open(&s, path));
	memcpy(hash + 4, &i, sizeof i);
	key = ff_snapshot_key(s, hash);
	assert_non_null(key);
	assert_int_equal(key->key_id, 77);
	assert_int_equal(key->site_id, 70);
	assert_int_equal(key->expires_us, 70000);
	assert_str(key->scopes, "stats:read events:write");
	hash[31] = 1;
	assert_null(ff_snapshot_key(s, hash));
	ff_snapshot_close(s);
}

static void
nobody_else_may_read_its_secrets(void **state)
{
	struct ff_snapshot *s;
	struct stat         st;

	(void)state;
	write_sites(2);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(chmod(path, 0644), 0);
	assert_err(FF_FORBIDDEN, ff_snapshot_open(&s, path));
	assert_int_equal(chmod(path, 0640), 0); /* a group is the operator's choice */
	assert_ok(ff_snapshot_open(&s, path));
	ff_snapshot_close(s);
}

static void
another_version_is_waited_for_not_damage(void **state)
{
	struct ff_snapshot *s;
	int                 fd;

	(void)state;
	write_sites(2);
	fd = open(path, O_RDWR);
	assert_int_equal(pwrite(fd, "FFSITES1", 8, 0), 8);
	assert_err(FF_NOT_FOUND, ff_snapshot_open(&s, path));
	assert_int_equal(pwrite(fd, "FFSITES3", 8, 0), 8);
	assert_err(FF_NOT_FOUND, ff_snapshot_open(&s, path));
	close(fd);
}

static void
items_are_found_by_site_kind_and_key(void **state)
{
	struct ff_snapshot *s;

	(void)state;
	write_sites(300);
	assert_ok(ff_snapshot_open(&s, path));
	assert_true(ff_snapshot_has_item(s, 18, FF_STR("photo"), FF_STR("17")));
	assert_false(ff_snapshot_has_item(s, 17, FF_STR("photo"), FF_STR("17")));
	assert_false(ff_snapshot_has_item(s, 18, FF_STR("phot"), FF_STR("o17")));
	assert_false(ff_snapshot_has_item(s, 18, FF_STR_NONE, FF_STR_NONE));
	ff_snapshot_close(s);
}

static void
an_empty_snapshot_knows_nobody(void **state)
{
	struct ff_snapshot *s;

	(void)state;
	write_sites(0);
	assert_ok(ff_snapshot_open(&s, path));
	assert_int_equal(ff_snapshot_count(s), 0);
	assert_null(ff_snapshot_by_domain(s, FF_STR("site0.example")));
	assert_false(ff_snapshot_has_item(s, 1, FF_STR("photo"), FF_STR("1")));
	ff_snapshot_close(s);
}

static void
a_replaced_file_makes_it_stale_and_the_old_one_stays_readable(void **state)
{
	struct ff_snapshot *s;

	(void)state;
	write_sites(3);
	assert_ok(ff_snapshot_open(&s, path));
	assert_false(ff_snapshot_stale(s));
	write_sites(4);
	assert_true(ff_snapshot_stale(s));
	assert_int_equal(ff_snapshot_count(s), 3);
	assert_non_null(ff_snapshot_by_domain(s, FF_STR("site2.example")));
	unlink(path);
	assert_false(ff_snapshot_stale(s));
	ff_snapshot_close(s);
}

static void
damaged_files_are_refused(void **state)
{
	struct ff_snapshot *s;
	char                byte;
	off_t               size;
	int                 fd;

	(void)state;
	assert_err(FF_NOT_FOUND, ff_snapshot_open(&s, "/nowhere/sites.snapshot"));
	write_sites(2);
	fd = open(path, O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	for (off_t at = 0; at < size; at += at < 44 ? 1 : 7) { /* every byte of the heading's used part */
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte = (char)(byte ^ 0x40);
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		if (at < 44 || at >= 64)
			assert_err(FF_CORRUPT, ff_snapshot_open(&s, path));
		byte = (char)(byte ^ 0x40);
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	for (; size > 0; size -= 5) {
		assert_int_equal(ftruncate(fd, size - 1), 0);
		assert_err(FF_CORRUPT, ff_snapshot_open(&s, path));
	}
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sites_are_found_by_domain_and_id, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(www_before_a_lone_suffix_belongs_to_the_name, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(items_are_found_by_site_kind_and_key, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(settings_of_sites_come_over, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(keys_are_found_by_hash, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(nobody_else_may_read_its_secrets, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(another_version_is_waited_for_not_damage, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(an_empty_snapshot_knows_nobody, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(a_replaced_file_makes_it_stale_and_the_old_one_stays_readable, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(damaged_files_are_refused, make_dir, drop_dir),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
