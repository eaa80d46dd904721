#include "tests/lib/unit.h"

#include "base/io.h"
#include "fact/agent.h"
#include "fact/robot_lists.h"
#include "fact/text_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct ff_arena arena;
static char            dir[] = "/tmp/ff-robots-XXXXXX", networks[64], referrers[64];

static int
set_up(void **state)
{
	(void)state;
	ff_arena_init(&arena);
	assert_non_null(mkdtemp(dir));
	(void)snprintf(networks, sizeof(networks), "%s/networks", dir);
	(void)snprintf(referrers, sizeof(referrers), "%s/referrers", dir);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(networks);
	(void)unlink(referrers);
	(void)rmdir(dir);
	ff_arena_free(&arena);
	return 0;
}

static void
write_file(const char *path, const char *text)
{
	assert_ok(ff_io_replace_file(path, ff_str_from(text), 0644));
}

static bool
in_ranges(const struct ff_ranges *ranges, const char *text)
{
	struct ff_addr addr;

	assert_true(ff_addr_parse(ff_str_from(text), &addr));
	return ff_ranges_match(ranges, &addr);
}

static void
networks_hold_what_their_blocks_hold(void **state)
{
	static const char text[] = "\xef\xbb\xbf# data centres\r\n"
				   "192.0.2.0/24 # one\r\n"
				   "\n"
				   "  198.51.100.7\n"
				   "192.0.2.128/25\n"
				   "192.0.3.0/24\n"
				   "2001:db8::/32\n"
				   "2001:db8:5::/48\n"
				   "203.0.113.255/31";
	static const struct {
		const char *addr;
		bool        in;
	} cases[] = {
		{ "192.0.2.0", true }, { "192.0.2.255", true }, { "192.0.3.255", true }, { "192.0.4.0", false },
		{ "192.0.1.255", false }, { "198.51.100.7", true }, { "198.51.100.6", false }, { "198.51.100.8", false },
		{ "2001:db8::", true }, { "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true }, { "2001:db9::", false },
		{ "2001:db7:ffff::", false }, { "203.0.113.254", true }, { "203.0.113.253", false }, { "0.0.0.0", false },
		{ "255.255.255.255", false }, { "::", false }, { "::ffff:192.0.2.9", true },
	};
	struct ff_ranges ranges;

	(void)state;
	assert_ok(ff_ranges_parse(&arena, "networks", ff_str_from(text), &ranges));
	assert_int_equal(ranges.n, 5); /* what lies in another block is gone */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (in_ranges(&ranges, cases[i].addr) != cases[i].in)
			fail_msg("%s", cases[i].addr);
	assert_ok(ff_ranges_parse(&arena, "networks", FF_STR("# nothing\n\n"), &ranges));
	assert_false(in_ranges(&ranges, "192.0.2.1"));
	assert_ok(ff_ranges_parse(&arena, "networks", FF_STR("::/0"), &ranges));
	assert_true(in_ranges(&ranges, "192.0.2.1"));
	assert_true(in_ranges(&ranges, "::"));
}

static void
bad_lines_are_refused(void **state)
{
	static const char *const bad_networks[] = { "192.0.2.0/33", "192.0.2", "unix", "192.0.2.1 192.0.2.2",
		"example.com", "2001:db8::/129", "192.0.2.1/", "192.0.2.1/-1", "fe80::1%eth0", "192.0.2.1\n*\n" };
	static const char *const bad_hosts[] = { "com", "http://spam.example/", "spam.example/path", "*.spam.example", ".spam.example",
		"spam..example", "sp\xc3\xa4m.example", "spam.example:80", "spam example.com", "ok.example\n-\n" };
	struct ff_ranges ranges;
	struct ff_hosts  hosts;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_networks) / sizeof(bad_networks[0]); i++)
		assert_err(FF_INVALID, ff_ranges_parse(&arena, "networks", ff_str_from(bad_networks[i]), &ranges));
	for (size_t i = 0; i < sizeof(bad_hosts) / sizeof(bad_hosts[0]); i++)
		assert_err(FF_INVALID, ff_hosts_parse(&arena, "referrers", ff_str_from(bad_hosts[i]), &hosts));
}

static void
a_refused_line_is_named_by_file_and_number(void **state)
{
	char          log[4096] = "", path[80];
	FILE         *file;
	size_t        n;
	int           saved = dup(STDERR_FILENO);
	struct ff_hosts hosts;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/log", dir);
	assert_non_null(freopen(path, "we", stderr));
	(void)!ff_hosts_parse(&arena, "/etc/list", FF_STR("a.example\n# x\n\nno\nb.example\nnor that\n"), &hosts);
	(void)fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	file = fopen(path, "re");
	assert_non_null(file);
	n = fread(log, 1, sizeof(log) - 1, file);
	log[n] = '\0';
	(void)fclose(file);
	(void)unlink(path);
	assert_non_null(strstr(log, "/etc/list:4: is no host name"));
	assert_non_null(strstr(log, ": no\n"));
	assert_non_null(strstr(log, "/etc/list:6: is no host name"));
	assert_non_null(strstr(log, "2 lines refused"));
}

static void
domains_stand_for_their_subdomains(void **state)
{
	struct ff_hosts hosts;

	(void)state;
	assert_ok(ff_hosts_parse(&arena, "referrers",
	    FF_STR("Spam.Example\nwww.other.example # both\n\nxn--mnchen-3ya.example\na.b.example"), &hosts));
	assert_true(ff_hosts_match(&hosts, FF_STR("spam.example")));
	assert_true(ff_hosts_match(&hosts, FF_STR("x.y.spam.example")));
	assert_true(ff_hosts_match(&hosts, FF_STR("other.example")));
	assert_true(ff_hosts_match(&hosts, FF_STR("xn--mnchen-3ya.example")));
	assert_false(ff_hosts_match(&hosts, FF_STR("nospam.example")));
	assert_false(ff_hosts_match(&hosts, FF_STR("spam.example.org")));
	assert_false(ff_hosts_match(&hosts, FF_STR("b.example")));
	assert_false(ff_hosts_match(&hosts, FF_STR("")));
	assert_false(ff_hosts_match(&hosts, FF_STR(".")));
}

static void
the_own_list_is_sorted_and_fit(void **state)
{
	static const char *const rows[] = {
#define SPAM(host) host,
#include "fact/spam.inc"
#undef SPAM
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_hosts one;

		assert_true(i == 0 || strcmp(rows[i - 1], rows[i]) < 0);
		assert_ok(ff_hosts_parse(&arena, "spam.inc", ff_str_from(rows[i]), &one));
		assert_int_equal(one.n, 1);
		assert_true(ff_str_eqz(one.v[0], rows[i]));
		assert_true(ff_host_is_spam(ff_str_from(rows[i])));
	}
	assert_true(ff_host_is_spam(FF_STR("site7.semalt.com")));
	assert_false(ff_host_is_spam(FF_STR("google.com")));
	assert_false(ff_host_is_spam(FF_STR("")));
}

static bool
listed(const struct ff_robot_lists *lists, const char *text)
{
	struct ff_addr addr;

	assert_true(ff_addr_parse(ff_str_from(text), &addr));
	return ff_robot_lists_network(lists, &addr);
}

static void
a_replaced_file_is_read_again_and_a_bad_one_is_not(void **state)
{
	struct ff_robot_lists *lists;

	(void)state;
	write_file(networks, "192.0.2.0/24\n");
	write_file(referrers, "one.example\n");
	assert_ok(ff_robot_lists_open(&lists, networks, referrers));
	assert_true(listed(lists, "192.0.2.1"));
	assert_int_equal(ff_robot_lists_size(lists).networks, 1);
	assert_int_equal(ff_robot_lists_size(lists).referrers, 1);
	assert_true(ff_robot_lists_referrer(lists, FF_STR("a.one.example")));
	assert_true(ff_robot_lists_referrer(lists, FF_STR("semalt.com")));
	write_file(networks, "198.51.100.0/24\n");
	write_file(referrers, "two.example\n");
	ff_robot_lists_refresh(lists);
	assert_false(listed(lists, "192.0.2.1"));
	assert_true(listed(lists, "198.51.100.1"));
	assert_false(ff_robot_lists_referrer(lists, FF_STR("one.example")));
	assert_true(ff_robot_lists_referrer(lists, FF_STR("two.example")));
	write_file(networks, "198.51.100.0/24\nnonsense\n");
	ff_robot_lists_refresh(lists);
	assert_true(listed(lists, "198.51.100.1"));
	assert_int_equal(unlink(networks), 0);
	ff_robot_lists_refresh(lists);
	assert_true(listed(lists, "198.51.100.1"));
	write_file(networks, "");
	ff_robot_lists_refresh(lists);
	assert_false(listed(lists, "198.51.100.1"));
	ff_robot_lists_free(lists);
}

static void
a_start_without_its_files_fails(void **state)
{
	struct ff_robot_lists *lists;

	(void)state;
	assert_err(FF_NOT_FOUND, ff_robot_lists_open(&lists, "/nonexistent/networks", ""));
	assert_null(lists);
	write_file(referrers, "no host\n");
	assert_err(FF_INVALID, ff_robot_lists_open(&lists, NULL, referrers));
	assert_null(lists);
	assert_ok(ff_robot_lists_open(&lists, "", NULL));
	assert_false(listed(lists, "192.0.2.1"));
	assert_false(ff_robot_lists_referrer(lists, FF_STR("example.org")));
	ff_robot_lists_free(lists);
}

/* A hundred thousand blocks, each address looked up against a plain walk over the list. */
static void
a_long_list_is_searched_not_walked(void **state)
{
	size_t           n = getenv("FF_TEST_SHORT") ? 5000 : 100000, hits = 0, looked = 10 * n;
	char            *text = ff_alloc(&arena, n * 20 + 1), *at = text;
	unsigned         seed = 12345;
	struct ff_cidrs  plain;
	struct ff_ranges ranges;
	struct ff_addr   addr = { { 0 } };
	struct timespec  from, to;

	(void)state;
	for (size_t i = 0; i < n; i++, seed = seed * 1664525 + 1013904223)
		at += snprintf(at, 21, "%u.%u.%u.0/%u\n", seed >> 24, seed >> 16 & 255, seed >> 8 & 255, 20 + seed % 9);
	assert_ok(ff_ranges_parse(&arena, "networks", ff_str_of(text, (size_t)(at - text)), &ranges));
	assert_ok(ff_cidrs_parse(&arena, ff_str_of(text, (size_t)(at - text)), &plain, NULL));
	assert_true(ff_addr_parse(FF_STR("0.0.0.0"), &addr));
	for (int i = 0; i < 2000; i++, seed = seed * 1664525 + 1013904223) {
		memcpy(addr.b + 12, i % 2 == 0 ? plain.v[seed % plain.n].addr.b + 12 : (const uint8_t *)&seed, 4);
		assert_int_equal(ff_ranges_match(&ranges, &addr), ff_cidrs_match(&plain, &addr));
		hits += ff_ranges_match(&ranges, &addr);
	}
	assert_true(hits >= 1000 && hits < 1990);
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	for (size_t i = 0; i < looked; i++, seed = seed * 1664525 + 1013904223) {
		memcpy(addr.b + 12, &seed, 4);
		hits += ff_ranges_match(&ranges, &addr);
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	print_message("# %zu blocks in %zu ranges: %.0f ns a look-up (%zu hits)\n", n, ranges.n,
	    ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / (double)looked, hits);
}

static void
brands_tell_an_automated_browser(void **state)
{
	(void)state;
	assert_int_equal(ff_robot_of_brands(FF_STR("\"HeadlessChrome\";v=\"142\", \"Chromium\";v=\"142\"")), FF_ROBOT_HEADLESS);
	assert_int_equal(ff_robot_of_brands(FF_STR("\"Google Chrome\";v=\"142\", \"Not=A?Brand\";v=\"99\"")), FF_ROBOT_NO);
	assert_int_equal(ff_robot_of_brands(FF_STR_NONE), FF_ROBOT_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_hold_what_their_blocks_hold),
		cmocka_unit_test(bad_lines_are_refused),
		cmocka_unit_test(a_refused_line_is_named_by_file_and_number),
		cmocka_unit_test(domains_stand_for_their_subdomains),
		cmocka_unit_test(the_own_list_is_sorted_and_fit),
		cmocka_unit_test(a_replaced_file_is_read_again_and_a_bad_one_is_not),
		cmocka_unit_test(a_start_without_its_files_fails),
		cmocka_unit_test(a_long_list_is_searched_not_walked),
		cmocka_unit_test(brands_tell_an_automated_browser),
	};

	return cmocka_run_group_tests_name("robot lists", tests, set_up, tear_down);
}
