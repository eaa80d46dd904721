#include "tests/lib/unit.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "wire/json.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static struct ff_arena       arena;
static const struct ff_json *root;
static struct ff_fault       fault;

static int
setup(void **state)
{
	(void)state;
	ff_arena_init(&arena);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ff_arena_free(&arena);
	return 0;
}

static enum ff_err
parse(struct ff_str text)
{
	return ff_json_parse(&arena, text, &root, &fault);
}

#define parse_z(text) parse(ff_str_from(text))

#define assert_refused(text, reason)                           \
	do {                                                   \
		assert_err(FF_INVALID, parse(text));           \
		assert_string_equal(fault.field, "request");   \
		assert_string_equal(fault.why, reason);        \
		assert_null(root);                             \
	} while (0)

static void
reads_every_type(void **state)
{
	int64_t i;

	(void)state;
	assert_ok(parse_z(" {\"s\":\"a\\u00e9\\ud83d\\ude00\\n\",\"n\":-1.5e2,\"t\":true,\"f\":false,\"z\":null,"
	                  "\"a\":[1,2,3],\"o\":{}} \r\n"));
	assert_int_equal(ff_json_type(root), FF_JSON_OBJECT);
	assert_int_equal(ff_json_count(root), 7);
	assert_str(ff_json_str(ff_json_get(root, "s")), "a\xc3\xa9\xf0\x9f\x98\x80\n");
	assert_true(ff_json_double(ff_json_get(root, "n")) == -150.0);
	assert_true(ff_json_i64(ff_json_get(root, "n"), &i) && i == -150);
	assert_true(ff_json_bool(ff_json_get(root, "t")));
	assert_false(ff_json_bool(ff_json_get(root, "f")));
	assert_int_equal(ff_json_type(ff_json_get(root, "f")), FF_JSON_BOOL);
	assert_int_equal(ff_json_type(ff_json_get(root, "z")), FF_JSON_NULL);
	assert_non_null(ff_json_get(root, "z"));
	assert_int_equal(ff_json_type(ff_json_get(root, "a")), FF_JSON_ARRAY);
	assert_int_equal(ff_json_count(ff_json_get(root, "a")), 3);
	assert_int_equal(ff_json_count(ff_json_get(root, "o")), 0);
}

static void
walks_members_in_order(void **state)
{
	const struct ff_json *member;

	(void)state;
	assert_ok(parse_z("{\"b\":1,\"a\":[true]}"));
	member = ff_json_first(root);
	assert_str(ff_json_key(member), "b");
	member = ff_json_next(member);
	assert_str(ff_json_key(member), "a");
	assert_null(ff_json_key(ff_json_first(member)).p);
	assert_null(ff_json_next(member));
}

static void
absent_nodes_are_harmless(void **state)
{
	int64_t i;

	(void)state;
	assert_int_equal(ff_json_type(NULL), FF_JSON_NULL);
	assert_null(ff_json_get(NULL, "a"));
	assert_null(ff_json_str(NULL).p);
	assert_false(ff_json_bool(NULL));
	assert_false(ff_json_i64(NULL, &i));
	assert_true(ff_json_double(NULL) == 0);
	assert_int_equal(ff_json_count(NULL), 0);
	assert_null(ff_json_first(NULL));
	assert_null(ff_json_next(NULL));
	assert_null(ff_json_key(NULL).p);
	assert_ok(parse_z("[1]"));
	assert_null(ff_json_get(root, "a"));
	assert_null(ff_json_str(root).p);
}

static void
keys_are_case_sensitive_and_the_first_wins(void **state)
{
	int64_t i;

	(void)state;
	assert_ok(parse_z("{\"A\":1,\"a\":2,\"a\":3,\"\\u0061\":4}"));
	assert_true(ff_json_i64(ff_json_get(root, "a"), &i) && i == 2);
	assert_true(ff_json_i64(ff_json_get(root, "A"), &i) && i == 1);
	assert_int_equal(ff_json_count(root), 4);
}

static void
scalars_are_values_too(void **state)
{
	(void)state;
	assert_ok(parse_z("\"\""));
	assert_int_equal(ff_json_str(root).len, 0);
	assert_non_null(ff_json_str(root).p);
	assert_ok(parse_z("0"));
	assert_ok(parse_z("null"));
	assert_int_equal(ff_json_type(root), FF_JSON_NULL);
}

static void
scalars_become_text(void **state)
{
	(void)state;
	assert_ok(parse_z("{\"s\":\"a \",\"i\":-7,\"w\":12.0,\"d\":0.1,\"b\":true,\"n\":null,\"a\":[1],\"o\":{}}"));
	assert_str(ff_json_text(&arena, ff_json_get(root, "s")), "a ");
	assert_str(ff_json_text(&arena, ff_json_get(root, "i")), "-7");
	assert_str(ff_json_text(&arena, ff_json_get(root, "w")), "12");
	assert_str(ff_json_text(&arena, ff_json_get(root, "d")), "0.1");
	assert_str(ff_json_text(&arena, ff_json_get(root, "b")), "true");
	assert_null(ff_json_text(&arena, ff_json_get(root, "n")).p);
	assert_null(ff_json_text(&arena, ff_json_get(root, "a")).p);
	assert_null(ff_json_text(&arena, ff_json_get(root, "o")).p);
	assert_null(ff_json_text(&arena, NULL).p);
}

static void
whole_numbers_stop_at_two_to_the_53(void **state)
{
	int64_t i = 7;

	(void)state;
	assert_ok(parse_z("[9007199254740991,-9007199254740991,9007199254740992,1.5,1e300,1.0,-0]"));
	root = ff_json_first(root);
	assert_true(ff_json_i64(root, &i) && i == INT64_C(9007199254740991));
	root = ff_json_next(root);
	assert_true(ff_json_i64(root, &i) && i == -INT64_C(9007199254740991));
	root = ff_json_next(root);
	assert_false(ff_json_i64(root, &i));
	root = ff_json_next(root);
	assert_false(ff_json_i64(root, &i));
	root = ff_json_next(root);
	assert_false(ff_json_i64(root, &i));
	root = ff_json_next(root);
	assert_true(ff_json_i64(root, &i) && i == 1);
	root = ff_json_next(root);
	assert_true(ff_json_i64(root, &i) && i == 0);
}

static void
empty_texts_are_refused(void **state)
{
	(void)state;
	assert_refused(FF_STR_NONE, "is empty");
	assert_refused(FF_STR(""), "is empty");
	assert_refused(FF_STR(" \n\t\r"), "is empty");
}

static void
bytes_postgresql_refuses_are_refused(void **state)
{
	(void)state;
	assert_refused(FF_STR("\"\xff\""), "is not valid UTF-8");
	assert_refused(FF_STR("\"\xed\xa0\x80\""), "is not valid UTF-8");
	assert_refused(FF_STR("\"a\0b\""), "is not valid UTF-8");
	assert_refused(FF_STR("{}\0"), "is not valid UTF-8");
	assert_refused(FF_STR("\"a\\u0000b\""), "holds \\u0000");
	assert_refused(FF_STR("{\"\\u0000\":1}"), "holds \\u0000");
	assert_ok(parse_z("\"\\\\u0000\""));
	assert_str(ff_json_str(root), "\\u0000");
}

static void
half_surrogate_pairs_are_refused(void **state)
{
	static const char *const texts[] = { "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\ud83d\"", "\"\\ud83dx\"",
		"\"\\ud83d\\n\"", "\"\\ud83d\\u00e9\"", "\"\\ude00\\ud83d\"" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_refused(ff_str_from(texts[i]), "holds half a surrogate pair");
}

static void
numbers_beyond_double_are_refused(void **state)
{
	char digits[66];

	(void)state;
	assert_refused(FF_STR("1e999"), "holds a number beyond the range of a double");
	assert_refused(FF_STR("{\"a\":[-1e999]}"), "holds a number beyond the range of a double");
	assert_ok(parse_z("1e-999"));
	memset(digits, '1', sizeof digits);
	assert_ok(parse(ff_str_of(digits, 63)));
	assert_refused(ff_str_of(digits, 64), "holds a number of more than 63 characters");
}

static void
grammar_is_strict(void **state)
{
	static const char *const bad[] = { "{", "[", "}", "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
		"\"\t\"", "\"\n\"", "tru", "nul", "True", "NaN", "Infinity", "-", "+1", ".5", "1.", "1e", "1e+", "-.5",
		"[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}",
		"\xef\xbb\xbf{}", "/**/1", "\v1", "\x7f", "[\"a\":1]", "[1}", "{\"a\":1]" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_err(FF_INVALID, parse_z(bad[i]));
		assert_memory_equal(fault.why, "is not valid JSON at byte ", 26);
	}
	assert_refused(FF_STR("[1,x]"), "is not valid JSON at byte 3");
}

static void
trailing_bytes_are_refused(void **state)
{
	(void)state;
	assert_refused(FF_STR("{} x"), "has bytes behind the JSON value at byte 3");
	assert_refused(FF_STR("0x1"), "has bytes behind the JSON value at byte 1");
	assert_refused(FF_STR("01"), "has bytes behind the JSON value at byte 1");
	assert_refused(FF_STR("{}{}"), "has bytes behind the JSON value at byte 2");
	assert_refused(FF_STR("nullx"), "has bytes behind the JSON value at byte 4");
}

static void
depth_is_bounded(void **state)
{
	(void)state;
	assert_ok(parse_z("[[[[[[[[1]]]]]]]]"));
	assert_ok(parse_z("{\"a\":[{\"a\":[{\"a\":[{\"a\":[]}]}]}]}"));
	assert_refused(FF_STR("[[[[[[[[[1]]]]]]]]]"), "is nested deeper than 8");
	assert_refused(FF_STR("[[[[[[[[{}]]]]]]]]"), "is nested deeper than 8");
	assert_refused(FF_STR("[[[[[[[[["), "is nested deeper than 8");
}

static void
members_of_one_object_are_bounded(void **state)
{
	struct ff_buf      text;
	struct ff_json_out out;

	(void)state;
	ff_buf_init(&text, FF_BATCH_MAX);
	for (int n = FF_JSON_KEYS_MAX; n <= FF_JSON_KEYS_MAX + 1; n++) {
		ff_buf_clear(&text);
		ff_json_out_init(&out, &text);
		ff_json_object(&out);
		for (int i = 0; i < n; i++) {
			ff_json_put_key(&out, "k");
			ff_json_put_i64(&out, i);
		}
		ff_json_object_end(&out);
		if (n == FF_JSON_KEYS_MAX)
			assert_ok(parse(ff_buf_view(&text)));
		else
			assert_refused(ff_buf_view(&text), "has more than 512 members in one object");
	}
	ff_buf_free(&text);
}

static void
size_is_bounded(void **state)
{
	char *text = malloc(FF_BATCH_MAX + 1);

	(void)state;
	memset(text, ' ', FF_BATCH_MAX + 1);
	text[0] = '1';
	assert_ok(parse(ff_str_of(text, FF_BATCH_MAX)));
	assert_err(FF_TOO_LARGE, parse(ff_str_of(text, FF_BATCH_MAX + 1)));
	assert_string_equal(fault.why, "is larger than 1048576 bytes");
	free(text);
}

static void
no_fault_wanted_is_fine(void **state)
{
	(void)state;
	assert_err(FF_INVALID, ff_json_parse(&arena, FF_STR("{"), &root, NULL));
}

static void *
parse_many(void *result)
{
	struct ff_arena       mine;
	const struct ff_json *node;
	bool                  ok = true;

	ff_arena_init(&mine);
	for (int i = 0; ok && i < 500; i++) {
		ok = ff_json_parse(&mine, FF_STR("{\"a\":[1,2,{\"b\":\"text\"}]}"), &node, NULL) == FF_OK &&
		     ff_json_count(ff_json_get(node, "a")) == 3;
		ff_arena_reset(&mine);
	}
	ff_arena_free(&mine);
	*(bool *)result = ok;
	return NULL;
}

static void
threads_parse_into_their_own_arenas(void **state)
{
	pthread_t threads[4];
	bool      ok[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, parse_many, &ok[i]), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_true(ok[0] && ok[1] && ok[2] && ok[3]);
}

static void
writer_minds_the_commas(void **state)
{
	struct ff_buf      buf;
	struct ff_json_out out;

	(void)state;
	ff_buf_init(&buf, 1000);
	ff_json_out_init(&out, &buf);
	ff_json_object(&out);
	ff_json_put_key(&out, "a");
	ff_json_array(&out);
	ff_json_array(&out);
	ff_json_array_end(&out);
	ff_json_put_i64(&out, INT64_MIN);
	ff_json_put_bool(&out, true);
	ff_json_object(&out);
	ff_json_object_end(&out);
	ff_json_array_end(&out);
	ff_json_put_key_str(&out, FF_STR("b\""));
	ff_json_put_null(&out);
	ff_json_put_key(&out, "c");
	ff_json_put_z(&out, NULL);
	ff_json_put_key(&out, "d");
	ff_json_put_z(&out, "z");
	ff_json_put_key(&out, "e");
	ff_json_put_raw(&out, FF_STR("[0]"));
	ff_json_put_key(&out, "f");
	ff_json_put_bool(&out, false);
	ff_json_object_end(&out);
	assert_str(ff_buf_view(&buf), "{\"a\":[[],-9223372036854775808,true,{}],\"b\\\"\":null,\"c\":null,\"d\":\"z\","
	                              "\"e\":[0],\"f\":false}");
	ff_buf_free(&buf);
}

static struct ff_str
written(struct ff_buf *buf, struct ff_str text)
{
	struct ff_json_out out;

	ff_buf_clear(buf);
	ff_json_out_init(&out, buf);
	ff_json_put_str(&out, text);
	return ff_buf_view(buf);
}

static void
writer_makes_text_safe_inside_html(void **state)
{
	struct ff_buf buf;

	(void)state;
	ff_buf_init(&buf, 1000);
	assert_str(written(&buf, FF_STR("</script>&'")), "\"\\u003c/script\\u003e\\u0026'\"");
	assert_str(written(&buf, FF_STR("\"\\\n\r\t\b\x1f\x7f")), "\"\\\"\\\\\\n\\r\\t\\u0008\\u001f\\u007f\"");
	assert_str(written(&buf, FF_STR("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xa6")), "\"\\u2028\\u2029\xe2\x80\xa6\"");
	assert_str(written(&buf, FF_STR("\xc3\xa9\xf0\x9f\x98\x80")), "\"\xc3\xa9\xf0\x9f\x98\x80\"");
	assert_str(written(&buf, FF_STR("a\xff\xc3")), "\"a\\ufffd\\ufffd\"");
	assert_str(written(&buf, FF_STR("a\0b")), "\"a\\u0000b\"");
	assert_str(written(&buf, FF_STR_NONE), "\"\"");
	ff_buf_free(&buf);
}

static void
what_is_written_reads_back(void **state)
{
	static const double numbers[] = { 0, 0.1, 1.0 / 3, 66.67, 100, 1e15, 1e20, 1.7976931348623157e308, 5e-324, -2.5,
		9007199254740991.0, 123456789.125, 1e-7 };
	struct ff_buf      buf;
	struct ff_json_out out;

	(void)state;
	ff_buf_init(&buf, 100);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		ff_buf_clear(&buf);
		ff_json_out_init(&out, &buf);
		ff_json_put_double(&out, numbers[i]);
		assert_ok(parse(ff_buf_view(&buf)));
		assert_true(ff_json_double(root) == numbers[i]);
	}
	ff_buf_clear(&buf);
	ff_json_out_init(&out, &buf);
	ff_json_put_double(&out, 0.1);
	ff_json_put_double(&out, 100);
	ff_json_put_double(&out, 5e-324);
	ff_json_put_double(&out, (double)NAN);
	ff_json_put_double(&out, (double)-INFINITY);
	assert_str(ff_buf_view(&buf), "0.1,100,5e-324,null,null");
	ff_buf_free(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_type),
		cmocka_unit_test(walks_members_in_order),
		cmocka_unit_test(absent_nodes_are_harmless),
		cmocka_unit_test(keys_are_case_sensitive_and_the_first_wins),
		cmocka_unit_test(scalars_are_values_too),
		cmocka_unit_test(scalars_become_text),
		cmocka_unit_test(whole_numbers_stop_at_two_to_the_53),
		cmocka_unit_test(empty_texts_are_refused),
		cmocka_unit_test(bytes_postgresql_refuses_are_refused),
		cmocka_unit_test(half_surrogate_pairs_are_refused),
		cmocka_unit_test(numbers_beyond_double_are_refused),
		cmocka_unit_test(grammar_is_strict),
		cmocka_unit_test(trailing_bytes_are_refused),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(members_of_one_object_are_bounded),
		cmocka_unit_test(size_is_bounded),
		cmocka_unit_test(no_fault_wanted_is_fine),
		cmocka_unit_test(threads_parse_into_their_own_arenas),
		cmocka_unit_test(writer_minds_the_commas),
		cmocka_unit_test(writer_makes_text_safe_inside_html),
		cmocka_unit_test(what_is_written_reads_back),
	};

	return cmocka_run_group_tests_name("json", tests, setup, teardown);
}
