#include "tests/lib/unit.h"

#include "fact/net.h"

static const struct {
	const char *text, *printed; /* printed NULL: refused */
} addresses[] = {
	{ "192.0.2.7", "192.0.2.7" },
	{ "192.0.2.7:8080", "192.0.2.7" },
	{ "::ffff:192.0.2.7", "192.0.2.7" },
	{ "2001:DB8::1", "2001:db8::1" },
	{ "[2001:db8::1]", "2001:db8::1" },
	{ "[2001:db8::1]:443", "2001:db8::1" },
	{ "::", "::" },
	{ "", NULL },
	{ "unknown", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.256", NULL },
	{ "192.0.2.07", NULL },
	{ "192.0.2.7:", NULL },
	{ "192.0.2.7:65536", NULL },
	{ "192.0.2.7:-1", NULL },
	{ "[192.0.2.7]", NULL },
	{ "[2001:db8::1", NULL },
	{ "[2001:db8::1]x", NULL },
	{ "[]", NULL },
	{ "fe80::1%eth0", NULL },
	{ " 192.0.2.7", NULL },
	{ "2001:db8:0:0:0:0:0:0:1", NULL },
};

static void
addresses_parse_strictly_and_print_back(void **state)
{
	struct ff_addr addr;
	char           out[46];

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		bool ok = ff_addr_parse(ff_str_from(addresses[i].text), &addr);

		if (ok != (addresses[i].printed != NULL))
			fail_msg("\"%s\"", addresses[i].text);
		if (!ok)
			continue;
		ff_addr_print(&addr, out);
		assert_string_equal(out, addresses[i].printed);
	}
	assert_false(ff_addr_parse(ff_str_of("1.2.3.4\0", 8), &addr));
}

static void
identity_is_v4_whole_and_v6_network(void **state)
{
	struct ff_addr addr;
	char           out[46];

	(void)state;
	assert_true(ff_addr_parse(FF_STR("192.0.2.7"), &addr));
	assert_true(ff_addr_is_v4(&addr));
	addr = ff_addr_identity(&addr);
	ff_addr_print(&addr, out);
	assert_string_equal(out, "192.0.2.7");
	assert_true(ff_addr_parse(FF_STR("2001:db8:1:2:3:4:5:6"), &addr));
	assert_false(ff_addr_is_v4(&addr));
	addr = ff_addr_identity(&addr);
	ff_addr_print(&addr, out);
	assert_string_equal(out, "2001:db8:1:2::");
}

static bool
in_list(struct ff_arena *arena, const char *list, const char *text)
{
	struct ff_cidrs cidrs;
	struct ff_addr  addr;

	assert_ok(ff_cidrs_parse(arena, ff_str_from(list), &cidrs, NULL));
	assert_true(ff_addr_parse(ff_str_from(text), &addr));
	return ff_cidrs_match(&cidrs, &addr);
}

static void
cidr_lists_match_by_prefix(void **state)
{
	struct ff_arena arena;

	(void)state;
	ff_arena_init(&arena);
	assert_true(in_list(&arena, "10.0.0.0/8, ::1 192.0.2.7", "10.255.0.1"));
	assert_true(in_list(&arena, "10.0.0.0/8, ::1 192.0.2.7", "::1"));
	assert_true(in_list(&arena, "10.0.0.0/8, ::1 192.0.2.7", "192.0.2.7"));
	assert_false(in_list(&arena, "10.0.0.0/8, ::1 192.0.2.7", "192.0.2.8"));
	assert_false(in_list(&arena, "10.0.0.0/8", "11.0.0.0"));
	assert_true(in_list(&arena, "192.0.2.130/25", "192.0.2.255")); /* host bits are cleared */
	assert_false(in_list(&arena, "192.0.2.130/25", "192.0.2.127"));
	assert_true(in_list(&arena, "2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(in_list(&arena, "2001:db8::/33", "2001:db8:8000::1"));
	assert_true(in_list(&arena, "0.0.0.0/0", "203.0.113.1"));
	assert_false(in_list(&arena, "0.0.0.0/0", "2001:db8::1")); /* all of IPv4 is not all */
	assert_true(in_list(&arena, "::/0", "203.0.113.1"));
	assert_false(in_list(&arena, "", "203.0.113.1"));
	ff_arena_free(&arena);
}

static void
bad_cidr_is_named(void **state)
{
	static const char *const bad[] = { "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8",
		"localhost", "10.0.0.1:80", "[::1]" };
	struct ff_arena arena;
	struct ff_cidrs cidrs;
	struct ff_fault fault;

	(void)state;
	ff_arena_init(&arena);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ff_str list = ff_str_printf(&arena, "127.0.0.1, %s", bad[i]);

		assert_err(FF_INVALID, ff_cidrs_parse(&arena, list, &cidrs, &fault));
		assert_non_null(strstr(fault.why, bad[i]));
	}
	ff_arena_free(&arena);
}

static const struct {
	const char *peer, *header, *client; /* client NULL: none */
} clients[] = {
	/* an untrusted peer is the visitor, whatever it claims */
	{ "198.51.100.9", "203.0.113.1", "198.51.100.9" },
	{ "10.0.0.1", "", "10.0.0.1" },
	{ "10.0.0.1", "203.0.113.1", "203.0.113.1" },
	{ "10.0.0.1", "203.0.113.1:5555", "203.0.113.1" },
	/* the visitor forged the left part */
	{ "10.0.0.1", "192.0.2.66, 203.0.113.1", "203.0.113.1" },
	{ "10.0.0.1", "rubbish\", 203.0.113.1", "203.0.113.1" },
	/* a chain of our own proxies */
	{ "10.0.0.1", "192.0.2.66, 203.0.113.1 , 10.0.0.3,10.0.0.2", "203.0.113.1" },
	/* all trusted: the far end of the chain */
	{ "10.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9" },
	{ "10.0.0.1", "[2001:db8::5]:99", "2001:db8::5" },
	/* malformed on the way: the peer */
	{ "10.0.0.1", "203.0.113.1, unknown", "10.0.0.1" },
	{ "10.0.0.1", "203.0.113.1,", "10.0.0.1" },
	{ "10.0.0.1", ",", "10.0.0.1" },
	/* a web server in front on a unix socket */
	{ "unix:", "203.0.113.1", "203.0.113.1" },
	{ "", "203.0.113.1", "203.0.113.1" },
	{ "unix:", "", NULL },
	{ "unix:", "rubbish", NULL },
	{ "rubbish", "203.0.113.1", NULL },
};

static void
client_is_the_last_untrusted_hop(void **state)
{
	struct ff_arena arena;
	struct ff_cidrs trusted;
	struct ff_addr  addr;
	char            out[46];

	(void)state;
	ff_arena_init(&arena);
	assert_ok(ff_cidrs_parse(&arena, FF_STR("10.0.0.0/8, unix"), &trusted, NULL));
	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]); i++) {
		bool ok = ff_client_addr(ff_str_from(clients[i].peer), ff_str_from(clients[i].header), &trusted, &addr);

		assert_int_equal(ok, clients[i].client != NULL);
		ff_addr_print(&addr, out);
		assert_string_equal(out, ok ? clients[i].client : "::");
	}
	ff_arena_free(&arena);
}

static void
unix_peer_is_trusted_only_when_listed(void **state)
{
	struct ff_cidrs none = { NULL, 0, false };
	struct ff_addr  addr;

	(void)state;
	assert_false(ff_client_addr(FF_STR("unix:"), FF_STR("203.0.113.1"), &none, &addr));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_parse_strictly_and_print_back),
		cmocka_unit_test(identity_is_v4_whole_and_v6_network),
		cmocka_unit_test(cidr_lists_match_by_prefix),
		cmocka_unit_test(bad_cidr_is_named),
		cmocka_unit_test(client_is_the_last_untrusted_hop),
		cmocka_unit_test(unix_peer_is_trusted_only_when_listed),
	};

	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
