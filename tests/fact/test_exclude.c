#include "tests/lib/unit.h"

#include "base/log.h"
#include "fact/exclude.h"

static struct ff_arena arena;

static void
globs_match_whole_texts(void **state)
{
	static const struct {
		const char *glob, *text;
		bool        match;
	} cases[] = {
		{ "/admin", "/admin", true },
		{ "/admin", "/admin/", false },
		{ "/admin", "/Admin", false },
		{ "/admin*", "/administration", true },
		{ "/admin/*", "/admin/", true },
		{ "/admin/*", "/admin", false },
		{ "*/preview", "/a/b/preview", true },
		{ "*/preview", "/a/preview/b", false },
		{ "/a*b*c", "/a-b-b-c", true },
		{ "/a*b*c", "/a-c-b", false },
		{ "*", "", true },
		{ "**", "/x", true },
		{ "", "", true },
		{ "", "/", false },
		{ "*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
		{ "/[a-z]?", "/[a-z]?", true },
		{ "/[a-z]?", "/bc", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (ff_glob_match(ff_str_from(cases[i].glob), ff_str_from(cases[i].text)) != cases[i].match)
			fail_msg("%s against %s", cases[i].glob, cases[i].text);
}

static void
a_site_without_lists_excludes_nobody(void **state)
{
	struct ff_site    site = { .site_id = 1 };
	struct ff_exclude exclude;
	struct ff_addr    addr;

	(void)state;
	ff_exclude_read(&arena, &site, &exclude);
	assert_true(ff_addr_parse(FF_STR("192.0.2.1"), &addr));
	assert_false(ff_exclude_addr(&exclude, &addr));
	assert_false(ff_exclude_page(&exclude, FF_STR("example.com"), FF_STR("/")));
	assert_false(ff_exclude_page(&exclude, FF_STR_NONE, FF_STR_NONE));
	assert_false(ff_exclude_country(&exclude, "DE"));
	assert_false(ff_exclude_country(&exclude, "\0\0"));
}

static void
each_list_excludes_its_own(void **state)
{
	struct ff_site site = { .site_id = 1, .exclude = FF_STR("192.0.2.0/24"), .exclude_paths = FF_STR("/admin/*,*/draft"),
		.exclude_hosts = FF_STR("staging.example.com,*.test"), .exclude_countries = FF_STR("DE,AT") };
	struct ff_exclude exclude;
	struct ff_addr    in, out;

	(void)state;
	ff_exclude_read(&arena, &site, &exclude);
	assert_true(ff_addr_parse(FF_STR("192.0.2.1"), &in));
	assert_true(ff_addr_parse(FF_STR("192.0.3.1"), &out));
	assert_true(ff_exclude_addr(&exclude, &in));
	assert_false(ff_exclude_addr(&exclude, &out));
	assert_true(ff_exclude_page(&exclude, FF_STR("example.com"), FF_STR("/posts/1/draft")));
	assert_true(ff_exclude_page(&exclude, FF_STR("a.test"), FF_STR("/")));
	assert_true(ff_exclude_page(&exclude, FF_STR("staging.example.com"), FF_STR_NONE));
	assert_false(ff_exclude_page(&exclude, FF_STR("example.com"), FF_STR("/admins")));
	assert_true(ff_exclude_country(&exclude, "DE"));
	assert_true(ff_exclude_country(&exclude, "AT"));
	assert_false(ff_exclude_country(&exclude, "EA"));
	assert_false(ff_exclude_country(&exclude, "CH"));
	assert_false(ff_exclude_country(&exclude, "\0\0"));
}

static void
a_damaged_list_excludes_nobody(void **state)
{
	struct ff_site    site = { .site_id = 1, .exclude = FF_STR("192.0.2.0/240"), .exclude_paths = FF_STR("/x") };
	struct ff_exclude exclude;
	struct ff_addr    addr;

	(void)state;
	ff_log_setup("test_exclude", (enum ff_log_level)-1);
	ff_exclude_read(&arena, &site, &exclude);
	assert_true(ff_addr_parse(FF_STR("192.0.2.1"), &addr));
	assert_false(ff_exclude_addr(&exclude, &addr));
	assert_true(ff_exclude_page(&exclude, FF_STR_NONE, FF_STR("/x")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs_match_whole_texts),
		cmocka_unit_test(a_site_without_lists_excludes_nobody),
		cmocka_unit_test(each_list_excludes_its_own),
		cmocka_unit_test(a_damaged_list_excludes_nobody),
	};
	int rc;

	ff_arena_init(&arena);
	rc = cmocka_run_group_tests_name("exclude", tests, NULL, NULL);
	ff_arena_free(&arena);
	return rc;
}
