#include "tests/lib/unit.h"

#include "base/day.h"
#include "fact/logline.h"

#include <stdio.h>

#define STAMP "[17/May/2015:10:05:03 +0000]"

static struct ff_arena arena;

static void
combined_line_gives_all_fields(void **state)
{
	struct ff_logline line;
	char              at[32];

	(void)state;
	assert_ok(ff_logline_parse(&arena, FF_STR("192.0.2.7 - bob [21/Nov/2026:00:12:42 +0130] \"GET /a?b=c HTTP/1.1\" "
	                                          "200 203023 \"https://example.com/\" \"Mozilla/5.0 (X11)\" trailing\n"),
	    &line));
	assert_str(line.host, "192.0.2.7");
	ff_time_print(line.ts_us, at);
	assert_string_equal(at, "2026-11-20T22:42:42Z");
	assert_str(line.method, "GET");
	assert_str(line.target, "/a?b=c");
	assert_str(line.protocol, "HTTP/1.1");
	assert_int_equal(line.status, 200);
	assert_str(line.referrer, "https://example.com/");
	assert_str(line.user_agent, "Mozilla/5.0 (X11)");
}

static void
common_line_and_dashes_have_empty_text(void **state)
{
	struct ff_logline line;

	(void)state;
	assert_ok(ff_logline_parse(&arena, FF_STR("h - - " STAMP " \"GET / HTTP/1.0\" 304 -\r\n"), &line));
	assert_int_equal(line.user_agent.len + line.referrer.len, 0);
	assert_ok(ff_logline_parse(&arena, FF_STR("h - - " STAMP " \"GET /\" 200 0 \"-\" \"-\""), &line));
	assert_int_equal(line.user_agent.len + line.referrer.len + line.protocol.len, 0);
	assert_str(line.target, "/");
	assert_ok(ff_logline_parse(&arena, FF_STR("h - J. Doe " STAMP " \"GET / HTTP/1.0\" 200 7"), &line));
	assert_str(line.host, "h");
}

static void
escapes_are_decoded(void **state)
{
	struct ff_logline line;

	(void)state;
	assert_ok(ff_logline_parse(&arena, FF_STR("h - - " STAMP " \"GET /\\\"q\\\" HTTP/1.1\" 200 1 \"\\xC3\\xa4\\\\\""
	                                          " \"a\\tb\\q\\x4\\\""
	                                          "\""),
	    &line));
	assert_str(line.target, "/\"q\"");
	assert_str(line.referrer, "\xc3\xa4\\");
	assert_str(line.user_agent, "a\tb\\q\\x4\"");
}

static void
odd_requests_are_lines_but_no_get(void **state)
{
	struct ff_logline line;

	(void)state;
	assert_ok(ff_logline_parse(&arena, FF_STR("h - - " STAMP " \"-\" 408 0 \"-\" \"-\""), &line));
	assert_int_equal(line.method.len, 0);
	assert_int_equal(ff_logline_class(&line), FF_LINE_METHOD);
	assert_ok(ff_logline_parse(&arena, FF_STR("h - - " STAMP " \"\\x16\\x03\\x01\" 400 226 \"-\" \"-\""), &line));
	assert_int_equal(ff_logline_class(&line), FF_LINE_METHOD);
	assert_ok(ff_logline_parse(&arena, FF_STR("h - - " STAMP " \"GET /a b.css c HTTP/1.1\" 200 9"), &line));
	assert_str(line.target, "/a b.css c");
	assert_ok(ff_logline_parse(&arena, FF_STR("h - - " STAMP " \"\" 400 0"), &line));
	assert_int_equal(line.target.len, 0);
}

static void
a_cut_user_agent_is_taken_as_it_stands(void **state)
{
	struct ff_logline line;

	(void)state;
	assert_ok(ff_logline_parse(&arena, FF_STR("h - - " STAMP " \"GET / HTTP/1.1\" 200 1 \"-\" \"Mozilla (\\x41\\"),
	    &line));
	assert_str(line.user_agent, "Mozilla (A\\");
}

static void
other_lines_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"\n",
		"h",
		"h - -",
		" - - " STAMP " \"GET / HTTP/1.1\" 200 1",
		"h - - " STAMP,
		"h - - " STAMP " ",
		"h - - " STAMP " GET / 200 1",
		"h - - " STAMP " \"GET / HTTP/1.1 200 1",
		"h - - " STAMP " \"GET / HTTP/1.1\\",
		"h - - " STAMP " \"GET / HTTP/1.1\"",
		"h - - " STAMP " \"GET / HTTP/1.1\" 20 1",
		"h - - " STAMP " \"GET / HTTP/1.1\" 2000 1",
		"h - - " STAMP " \"GET / HTTP/1.1\" 099 1",
		"h - - " STAMP " \"GET / HTTP/1.1\" 200",
		"h - - " STAMP " \"GET / HTTP/1.1\" 200 x",
		"h - - " STAMP " \"GET / HTTP/1.1\" 200 1 \"-\"",
		"h - - " STAMP " \"GET / HTTP/1.1\" 200 1 \"-\" cut",
		"h - - " STAMP " \"GET / HTTP/1.1\" 200 1 \"-",
		"h - - [31/Feb/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
		"h - - [00/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
		"h - - [17/may/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
		"h - - [17/May/2015:24:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
		"h - - [17/May/2015:10:60:03 +0000] \"GET / HTTP/1.1\" 200 1",
		"h - - [17/May/2015:10:05:61 +0000] \"GET / HTTP/1.1\" 200 1",
		"h - - [17/May/2015:10:05:03 00000] \"GET / HTTP/1.1\" 200 1",
		"h - - [17/May/2015:10:05:03 +0060] \"GET / HTTP/1.1\" 200 1",
		"h - - [17/May/2015:10:05:03 +0000 \"GET / HTTP/1.1\" 200 1",
		"h - - [17/May/201x:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
	};
	struct ff_logline line;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ff_logline_parse(&arena, ff_str_from(bad[i]), &line) != FF_INVALID)
			fail_msg("accepted: %s", bad[i]);
}

static const struct {
	const char        *method;
	int                status;
	const char        *target;
	enum ff_line_class want;
} classes[] = {
	{ "GET", 200, "/", FF_LINE_PAGE },
	{ "GET", 206, "/blog/geekery/a.b.c.html", FF_LINE_PAGE },
	{ "GET", 304, "/index.php?style=x.css", FF_LINE_PAGE },
	{ "GET", 200, "/page#a.css", FF_LINE_PAGE },
	{ "GET", 200, "/v1.0/guide", FF_LINE_PAGE },
	{ "GET", 200, "/style.css/", FF_LINE_PAGE },
	{ "GET", 200, "/dot.", FF_LINE_PAGE },
	{ "GET", 200, "/", FF_LINE_PAGE },
	{ "HEAD", 200, "/", FF_LINE_METHOD },
	{ "get", 200, "/", FF_LINE_METHOD },
	{ "POST", 404, "/a.css", FF_LINE_METHOD },
	{ "GET", 404, "/a.css", FF_LINE_STATUS },
	{ "GET", 199, "/", FF_LINE_STATUS },
	{ "GET", 301, "/", FF_LINE_STATUS },
	{ "GET", 500, "/", FF_LINE_STATUS },
	{ "GET", 200, "/a.css", FF_LINE_ASSET },
	{ "GET", 200, "/A.PNG?v=1", FF_LINE_ASSET },
	{ "GET", 304, "/robots.txt", FF_LINE_ASSET },
	{ "GET", 200, "http://example.com/x/site.webmanifest#x", FF_LINE_ASSET },
};

static void
classes_follow_the_documented_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		struct ff_logline line = { .method = ff_str_from(classes[i].method),
			.target = ff_str_from(classes[i].target),
			.status = classes[i].status };

		if (ff_logline_class(&line) != classes[i].want)
			fail_msg("%s %d %s", classes[i].method, classes[i].status, classes[i].target);
	}
	assert_string_equal(ff_line_class_name(FF_LINE_ASSET), "asset");
}

static void
asset_list_is_sorted_and_lower_case(void **state)
{
	size_t             n;
	const char *const *list = ff_asset_extensions(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct ff_str     target = ff_str_printf(&arena, "/x.%s", list[i]);
		struct ff_logline line = { .method = FF_STR("GET"), .target = target, .status = 200 };

		assert_true(i == 0 || strcmp(list[i - 1], list[i]) < 0);
		assert_int_equal(ff_logline_class(&line), FF_LINE_ASSET);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(combined_line_gives_all_fields),
		cmocka_unit_test(common_line_and_dashes_have_empty_text),
		cmocka_unit_test(escapes_are_decoded),
		cmocka_unit_test(odd_requests_are_lines_but_no_get),
		cmocka_unit_test(a_cut_user_agent_is_taken_as_it_stands),
		cmocka_unit_test(other_lines_are_refused),
		cmocka_unit_test(classes_follow_the_documented_rules),
		cmocka_unit_test(asset_list_is_sorted_and_lower_case),
	};
	int failed;

	ff_arena_init(&arena);
	failed = cmocka_run_group_tests_name("logline", tests, NULL, NULL);
	ff_arena_free(&arena);
	return failed;
}
