#include "tests/lib/unit.h"

#include "base/utf8.h"
#include "wire/csv.h"
#include "wire/html.h"
#include "wire/query.h"
#include "wire/status.h"
#include "wire/url.h"

#include <stdlib.h>

static struct ff_arena arena;
static struct ff_url   url;
static struct ff_buf   buf;

static int
setup(void **state)
{
	(void)state;
	ff_arena_init(&arena);
	ff_buf_init(&buf, 10000);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ff_arena_free(&arena);
	ff_buf_free(&buf);
	return 0;
}

#define assert_url(text) assert_ok(ff_url_parse(&arena, ff_str_from(text), &url))
#define assert_no_url(text) assert_err(FF_INVALID, ff_url_parse(&arena, ff_str_from(text), &url))

static void
url_has_six_parts(void **state)
{
	(void)state;
	assert_url("HTTPS://Www.Example.COM:8443/a%20b/?q=1?2#f#g");
	assert_str(url.scheme, "https");
	assert_str(url.host, "www.example.com");
	assert_str(url.port, "8443");
	assert_str(url.path, "/a%20b/");
	assert_str(url.query, "q=1?2");
	assert_str(url.fragment, "f#g");
}

static void
url_parts_may_be_absent_or_empty(void **state)
{
	(void)state;
	assert_url("http://h");
	assert_int_equal(url.path.len, 0);
	assert_null(url.query.p);
	assert_null(url.fragment.p);
	assert_url("http://h?#");
	assert_int_equal(url.path.len, 0);
	assert_true(url.query.p != NULL && url.query.len == 0);
	assert_true(url.fragment.p != NULL && url.fragment.len == 0);
	assert_url("http://h:/p");
	assert_int_equal(url.port.len, 0);
	assert_str(url.path, "/p");
	assert_url("http://h#/no?query");
	assert_null(url.query.p);
	assert_str(url.fragment, "/no?query");
	assert_url("android-app://com.google.Android.gm/");
	assert_str(url.scheme, "android-app");
	assert_str(url.host, "com.google.android.gm");
	assert_url("file:///etc/motd");
	assert_int_equal(url.host.len, 0);
	assert_str(url.path, "/etc/motd");
}

static void
url_may_be_a_path_only(void **state)
{
	(void)state;
	assert_url("/a/b?c=d#e");
	assert_int_equal(url.scheme.len, 0);
	assert_int_equal(url.host.len, 0);
	assert_str(url.path, "/a/b");
	assert_str(url.query, "c=d");
	assert_url("//xmlrpc.php?x");
	assert_int_equal(url.host.len, 0);
	assert_str(url.path, "//xmlrpc.php");
	assert_url("/redirect?to=http://other/");
	assert_int_equal(url.host.len, 0);
	assert_no_url("a/b");
	assert_no_url("?a=b");
	assert_no_url("#a");
	assert_no_url("example.com/a");
}

static void
url_userinfo_is_dropped(void **state)
{
	(void)state;
	assert_url("http://user:pass@h:81/");
	assert_str(url.host, "h");
	assert_str(url.port, "81");
	assert_url("http://good.example@evil.example/");
	assert_str(url.host, "evil.example");
	assert_url("http://a@b@c/");
	assert_str(url.host, "c");
	assert_url("http://h/@x");
	assert_str(url.host, "h");
	assert_no_url("http://evil.example\\@good.example/");
	assert_no_url("http://user@/");
}

static void
url_ipv6_host_keeps_its_brackets(void **state)
{
	(void)state;
	assert_url("http://[2001:DB8::1]:8080/p");
	assert_str(url.host, "[2001:db8::1]");
	assert_str(url.port, "8080");
	assert_url("http://[::]");
	assert_url("http://[::ffff:192.0.2.1]/");
	assert_no_url("http://[::1/");
	assert_no_url("http://[::1]x/");
	assert_no_url("http://[]/");
	assert_no_url("http://[fe80::1%25eth0]/");
	assert_no_url("http://[example.com]/");
	assert_no_url("http://[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]/");
	assert_no_url("http://::1/");
}

static void
url_blanks_and_control_bytes_are_refused(void **state)
{
	(void)state;
	assert_url(" \thttp://h/p\r\n");
	assert_str(url.path, "/p");
	assert_no_url("");
	assert_no_url("  ");
	assert_no_url("http://h/a b");
	assert_no_url("http://h/a\nb");
	assert_no_url("/a\x01");
	assert_no_url("ht tp://h/");
	assert_no_url("http://h h/");
	assert_err(FF_INVALID, ff_url_parse(&arena, FF_STR("/a\0b"), &url));
	assert_err(FF_INVALID, ff_url_parse(&arena, FF_STR_NONE, &url));
}

static void
url_bad_ports_and_hosts_are_refused(void **state)
{
	char long_host[300];

	(void)state;
	assert_url("http://h:65535/");
	assert_url("http://h:0/");
	assert_no_url("http://h:65536/");
	assert_no_url("http://h:-0/");
	assert_no_url("http://h:8a/");
	assert_no_url("http://h:80:80/");
	assert_no_url("http://:80/");
	assert_no_url("http:///p");
	assert_no_url("http://");
	assert_no_url("://h");
	assert_no_url("1http://h");
	assert_no_url("ht_tp://h");
	assert_no_url("http://a..b/");
	assert_no_url("http://.b/");
	assert_no_url("http://a%2eb/");
	assert_no_url("http://a<b/");
	assert_no_url("http://a\x7f/");
	assert_no_url("http://a\xff/");
	assert_url("http://b\xc3\xbc" "cher.example./");
	assert_str(url.host, "b\xc3\xbc" "cher.example.");
	assert_url("http://under_score.example/");
	memset(long_host, 'a', sizeof long_host);
	memcpy(long_host, "http://", 7);
	assert_ok(ff_url_parse(&arena, ff_str_of(long_host, 7 + 253), &url));
	assert_err(FF_INVALID, ff_url_parse(&arena, ff_str_of(long_host, 7 + 254), &url));
}

static void
url_opaque_schemes_are_refused(void **state)
{
	(void)state;
	assert_no_url("javascript:alert(1)");
	assert_no_url("javascript:alert('http://h/')");
	assert_no_url("data:text/html,x");
	assert_no_url("mailto:a@b");
	assert_no_url("about:blank");
	assert_no_url("http:/h");
}

static void
url_decode_gives_clean_text(void **state)
{
	(void)state;
	assert_str(ff_url_decode(&arena, FF_STR("/a%20b+c%2F%c3%a9")), "/a b+c/\xc3\xa9");
	assert_str(ff_url_decode(&arena, FF_STR("100%")), "100%");
	assert_str(ff_url_decode(&arena, FF_STR("%")), "%");
	assert_str(ff_url_decode(&arena, FF_STR("%4")), "%4");
	assert_str(ff_url_decode(&arena, FF_STR("%zz%4z%z4%%41")), "%zz%4z%z4%A");
	assert_str(ff_url_decode(&arena, FF_STR("%2541")), "%41");
	assert_str(ff_url_decode(&arena, FF_STR("a%00b%0ac%7F")), "a b c ");
	assert_str(ff_url_decode(&arena, FF_STR("%ff%c3x")), "\xef\xbf\xbd\xef\xbf\xbdx");
	assert_str(ff_url_decode(&arena, FF_STR("%f0%9f%98%80")), "\xf0\x9f\x98\x80");
	assert_str(ff_url_decode(&arena, FF_STR("")), "");
	assert_null(ff_url_decode(&arena, FF_STR_NONE).p);
}

static void
url_encode_leaves_unreserved_characters(void **state)
{
	(void)state;
	ff_buf_clear(&buf);
	ff_url_encode(&buf, FF_STR("aZ09-._~ /?&=+%\0\xc3\xa9"));
	assert_str(ff_buf_view(&buf), "aZ09-._~%20%2F%3F%26%3D%2B%25%00%C3%A9");
	ff_buf_clear(&buf);
	ff_url_encode(&buf, FF_STR_NONE);
	assert_int_equal(buf.len, 0);
}

static void
bare_hosts_compare(void **state)
{
	(void)state;
	assert_str(ff_url_host_bare(&arena, FF_STR("WWW.Example.com.")), "example.com");
	assert_str(ff_url_host_bare(&arena, FF_STR("www.example.com:8080")), "example.com");
	assert_str(ff_url_host_bare(&arena, FF_STR("wwwexample.com")), "wwwexample.com");
	assert_str(ff_url_host_bare(&arena, FF_STR("www.www.example.com")), "www.example.com");
	assert_str(ff_url_host_bare(&arena, FF_STR("www.com")), "www.com");
	assert_str(ff_url_host_bare(&arena, FF_STR("[2001:DB8::1]:443")), "[2001:db8::1]");
	assert_str(ff_url_host_bare(&arena, FF_STR("2001:db8::1")), "2001:db8::1");
	assert_str(ff_url_host_bare(&arena, FF_STR("localhost:1")), "localhost");
	assert_int_equal(ff_url_host_bare(&arena, FF_STR(".")).len, 0);
	assert_int_equal(ff_url_host_bare(&arena, FF_STR_NONE).len, 0);
}

static void
query_is_decoded(void **state)
{
	struct ff_pairs pairs;

	(void)state;
	assert_ok(ff_query_parse(&arena, FF_STR("a=1&b=x+y%2Bz&&c&d=&=e&a=2&n%20m=%3D=&"), 10, &pairs, NULL));
	assert_int_equal(pairs.n, 7);
	assert_str(ff_pairs_find(&pairs, "a"), "1");
	assert_str(ff_pairs_find(&pairs, "b"), "x y+z");
	assert_str(ff_pairs_find(&pairs, "n m"), "==");
	assert_str(ff_pairs_find(&pairs, ""), "e");
	assert_non_null(ff_pairs_find(&pairs, "c").p);
	assert_int_equal(ff_pairs_find(&pairs, "c").len, 0);
	assert_non_null(ff_pairs_find(&pairs, "d").p);
	assert_null(ff_pairs_find(&pairs, "A").p);
	assert_str(pairs.v[5].value, "2");
}

static void
query_may_be_empty(void **state)
{
	struct ff_pairs pairs;

	(void)state;
	assert_ok(ff_query_parse(&arena, FF_STR_NONE, 0, &pairs, NULL));
	assert_int_equal(pairs.n, 0);
	assert_ok(ff_query_parse(&arena, FF_STR("&&"), 0, &pairs, NULL));
	assert_null(ff_pairs_find(&pairs, "a").p);
}

static void
query_bounds_the_pairs(void **state)
{
	struct ff_pairs pairs;
	struct ff_fault fault;

	(void)state;
	assert_ok(ff_query_parse(&arena, FF_STR("a&b&"), 2, &pairs, &fault));
	assert_err(FF_TOO_LARGE, ff_query_parse(&arena, FF_STR("a&b&c"), 2, &pairs, &fault));
	assert_string_equal(fault.why, "has more than 2 parameters");
	assert_int_equal(pairs.n, 0);
}

static void
query_names_the_field_that_is_no_text(void **state)
{
	struct ff_pairs pairs;
	struct ff_fault fault;
	char            text[300] = { 0 };

	(void)state;
	assert_err(FF_INVALID, ff_query_parse(&arena, FF_STR("a=1&b=%ff"), 9, &pairs, &fault));
	assert_string_equal(fault.field, "b");
	assert_string_equal(fault.why, "is not valid UTF-8 or holds a NUL");
	assert_err(FF_INVALID, ff_query_parse(&arena, FF_STR("b=a%00"), 9, &pairs, &fault));
	assert_err(FF_INVALID, ff_query_parse(&arena, FF_STR("b=\xc3"), 9, &pairs, &fault));
	assert_err(FF_INVALID, ff_query_parse(&arena, FF_STR("b=%ed%a0%80"), 9, &pairs, &fault));
	assert_err(FF_INVALID, ff_query_parse(&arena, FF_STR("%ff=1"), 9, &pairs, &fault));
	assert_string_equal(fault.field, "request");
	for (int i = 0; i < 50; i++)
		memcpy(text + 2 * i, "\xc3\xa9", 2);
	memcpy(text + 100, "=%00", 4);
	assert_err(FF_INVALID, ff_query_parse(&arena, ff_str_from(text), 9, &pairs, &fault));
	assert_int_equal(strlen(fault.field), 62);
	assert_true(ff_utf8_valid(ff_str_from(fault.field)));
	assert_err(FF_INVALID, ff_query_parse(&arena, FF_STR("a=%00"), 9, &pairs, NULL));
}

static void
cookies_are_found_by_exact_name(void **state)
{
	struct ff_str header = FF_STR("a=1; __Host-ff=x=y;b = \"q\" ;a=2; flag; ; empty=");

	(void)state;
	assert_str(ff_cookie_find(header, "a"), "1");
	assert_str(ff_cookie_find(header, "__Host-ff"), "x=y");
	assert_str(ff_cookie_find(header, "b"), "\"q\"");
	assert_null(ff_cookie_find(header, "flag").p);
	assert_null(ff_cookie_find(header, "A").p);
	assert_null(ff_cookie_find(header, "Host-ff").p);
	assert_true(ff_cookie_find(header, "empty").p != NULL && ff_cookie_find(header, "empty").len == 0);
	assert_null(ff_cookie_find(FF_STR_NONE, "a").p);
	assert_null(ff_cookie_find(FF_STR(""), "a").p);
}

static void
html_is_escaped(void **state)
{
	(void)state;
	ff_buf_clear(&buf);
	ff_html_escape(&buf, FF_STR("<a href=\"x\" b='y'>&amp;\n\t\x01\0\xc3\xa9"));
	assert_str(ff_buf_view(&buf), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;\n\t  \xc3\xa9");
	ff_buf_clear(&buf);
	ff_html_escape(&buf, FF_STR_NONE);
	assert_int_equal(buf.len, 0);
}

static void
only_web_links_are_links(void **state)
{
	(void)state;
	assert_true(ff_html_link_ok(FF_STR("http://h/")));
	assert_true(ff_html_link_ok(FF_STR("HTTPS://h")));
	assert_false(ff_html_link_ok(FF_STR("https://")));
	assert_false(ff_html_link_ok(FF_STR("http://")));
	assert_false(ff_html_link_ok(FF_STR("javascript:alert(1)//http://")));
	assert_false(ff_html_link_ok(FF_STR("http://h/\x7f")));
	assert_false(ff_html_link_ok(FF_STR(" http://h/")));
	assert_false(ff_html_link_ok(FF_STR("http://h/\n")));
	assert_false(ff_html_link_ok(FF_STR("//h/")));
	assert_false(ff_html_link_ok(FF_STR("data:text/html,x")));
	assert_false(ff_html_link_ok(FF_STR_NONE));
}

static struct ff_str
csv(struct ff_str value)
{
	ff_buf_clear(&buf);
	ff_csv_field(&buf, value, true);
	return ff_buf_view(&buf);
}

static void
csv_quotes_what_needs_quotes(void **state)
{
	(void)state;
	ff_buf_clear(&buf);
	ff_csv_field(&buf, FF_STR("a"), true);
	ff_csv_field(&buf, FF_STR("b,c"), false);
	ff_csv_field(&buf, FF_STR_NONE, false);
	ff_csv_end(&buf);
	assert_str(ff_buf_view(&buf), "a,\"b,c\",\r\n");
	assert_str(csv(FF_STR("say \"hi\"")), "\"say \"\"hi\"\"\"");
	assert_str(csv(FF_STR("a\nb")), "\"a\nb\"");
	assert_str(csv(FF_STR(" a")), "\" a\"");
}

static void
csv_disarms_formulas(void **state)
{
	(void)state;
	assert_str(csv(FF_STR("=1+1")), "'=1+1");
	assert_str(csv(FF_STR("+cmd")), "'+cmd");
	assert_str(csv(FF_STR("-cmd")), "'-cmd");
	assert_str(csv(FF_STR("@sum")), "'@sum");
	assert_str(csv(FF_STR("\tx")), "'\tx");
	assert_str(csv(FF_STR("\rx")), "\"'\rx\"");
	assert_str(csv(FF_STR("\nx")), "\"'\nx\"");
	assert_str(csv(FF_STR("=HYPERLINK(\"x\",\"y\")")), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
	assert_str(csv(FF_STR("-12.5")), "-12.5");
	assert_str(csv(FF_STR("+3")), "+3");
	assert_str(csv(FF_STR("-1+2")), "'-1+2");
	assert_str(csv(FF_STR("-")), "'-");
	assert_str(csv(FF_STR("-1.")), "'-1.");
	assert_str(csv(FF_STR("-.5")), "'-.5");
	assert_str(csv(FF_STR("a=1")), "a=1");
}

static void
statuses_and_methods_have_names(void **state)
{
	(void)state;
	assert_string_equal(ff_status_phrase(404), "Not Found");
	assert_string_equal(ff_status_phrase(204), "No Content");
	assert_non_null(ff_status_phrase(799));
	for (enum ff_err err = FF_OK; err < FF_ERR_COUNT; err++)
		assert_string_not_equal(ff_status_phrase(ff_err_status(err)), ff_status_phrase(799));
	for (enum ff_method m = FF_GET; m < FF_METHOD_OTHER; m++)
		assert_int_equal(ff_method_parse(ff_str_from(ff_method_name(m))), m);
	assert_int_equal(ff_method_parse(FF_STR("get")), FF_METHOD_OTHER);
	assert_int_equal(ff_method_parse(FF_STR("GETX")), FF_METHOD_OTHER);
	assert_int_equal(ff_method_parse(FF_STR_NONE), FF_METHOD_OTHER);
}

static void
etags_match_in_lists(void **state)
{
	struct ff_str tag = FF_STR("\"abc\"");

	(void)state;
	assert_true(ff_etag_match(FF_STR("\"abc\""), tag));
	assert_true(ff_etag_match(FF_STR("W/\"abc\""), tag));
	assert_true(ff_etag_match(FF_STR("\"x\", \"abc\""), tag));
	assert_true(ff_etag_match(FF_STR("\"x,y\",W/\"z\" ,\"abc\", "), tag));
	assert_true(ff_etag_match(FF_STR(" * "), tag));
	assert_false(ff_etag_match(FF_STR("abc"), tag));
	assert_false(ff_etag_match(FF_STR("\"abcd\""), tag));
	assert_false(ff_etag_match(FF_STR("\"x,\"abc\""), FF_STR("\"y\"")));
	assert_false(ff_etag_match(FF_STR("\"abc"), tag));
	assert_false(ff_etag_match(FF_STR("\""), tag));
	assert_false(ff_etag_match(FF_STR("W/"), tag));
	assert_false(ff_etag_match(FF_STR(""), tag));
	assert_false(ff_etag_match(FF_STR_NONE, tag));
	assert_false(ff_etag_match(FF_STR("*"), FF_STR_NONE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(url_has_six_parts),
		cmocka_unit_test(url_parts_may_be_absent_or_empty),
		cmocka_unit_test(url_may_be_a_path_only),
		cmocka_unit_test(url_userinfo_is_dropped),
		cmocka_unit_test(url_ipv6_host_keeps_its_brackets),
		cmocka_unit_test(url_blanks_and_control_bytes_are_refused),
		cmocka_unit_test(url_bad_ports_and_hosts_are_refused),
		cmocka_unit_test(url_opaque_schemes_are_refused),
		cmocka_unit_test(url_decode_gives_clean_text),
		cmocka_unit_test(url_encode_leaves_unreserved_characters),
		cmocka_unit_test(bare_hosts_compare),
		cmocka_unit_test(query_is_decoded),
		cmocka_unit_test(query_may_be_empty),
		cmocka_unit_test(query_bounds_the_pairs),
		cmocka_unit_test(query_names_the_field_that_is_no_text),
		cmocka_unit_test(cookies_are_found_by_exact_name),
		cmocka_unit_test(html_is_escaped),
		cmocka_unit_test(only_web_links_are_links),
		cmocka_unit_test(csv_quotes_what_needs_quotes),
		cmocka_unit_test(csv_disarms_formulas),
		cmocka_unit_test(statuses_and_methods_have_names),
		cmocka_unit_test(etags_match_in_lists),
	};

	return cmocka_run_group_tests_name("wire", tests, setup, teardown);
}
