#include "tests/lib/unit.h"

#include "base/buf.h"
#include "base/io.h"
#include "base/mapped.h"
#include "base/num.h"
#include "base/table.h"
#include "base/utf8.h"
#include "base/uuid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int deferred;

static void
count_defer(void *ptr)
{
	deferred = deferred * 10 + *(int *)ptr;
}

static void
arena_defers_run_in_reverse_and_memory_is_aligned(void **state)
{
	struct ff_arena a;
	int             one = 1, two = 2;

	(void)state;
	ff_arena_init(&a);
	for (size_t size = 1; size < 100000; size = size * 3 + 1)
		assert_int_equal((uintptr_t)ff_alloc(&a, size) % 16, 0);
	ff_arena_defer(&a, count_defer, &one);
	ff_arena_defer(&a, count_defer, &two);
	ff_arena_reset(&a);
	assert_int_equal(deferred, 21);
	assert_int_equal(a.total, 0);
	ff_arena_free(&a);
}

static void
str_slices(void **state)
{
	struct ff_str rest = FF_STR("a,,b"), part;

	(void)state;
	part = ff_str_split(&rest, ',');
	assert_str(part, "a");
	part = ff_str_split(&rest, ',');
	assert_int_equal(part.len, 0);
	part = ff_str_split(&rest, ',');
	assert_str(part, "b");
	assert_null(rest.p);
	assert_true(ff_str_starts_nocase(FF_STR("HTTPS://x"), FF_STR("https:")));
	assert_true(ff_str_ends(FF_STR("a.html"), FF_STR(".html")));
	assert_true(ff_str_contains_nocase(FF_STR("GoogleBot"), FF_STR("bot")));
	assert_int_equal(ff_str_find(FF_STR("abc"), FF_STR("x")), 3);
	assert_str(ff_str_trim(FF_STR(" \ta b\r\n")), "a b");
	assert_int_equal(ff_str_sub(FF_STR("abc"), 2, 99).len, 1);
	assert_true(ff_str_cmp(FF_STR("ab"), FF_STR("abc")) < 0);
}

static void
codes_are_letters_and_nothing_else(void **state)
{
	char out[3];

	(void)state;
	assert_true(ff_str_letters(FF_STR("eUr"), out, 3));
	assert_memory_equal(out, "EUR", 3);
	assert_false(ff_str_letters(FF_STR("EU"), out, 3));
	assert_false(ff_str_letters(FF_STR("EURO"), out, 3));
	assert_false(ff_str_letters(FF_STR("E1R"), out, 3));
	assert_false(ff_str_letters(FF_STR("E[R"), out, 3));
	assert_false(ff_str_letters(FF_STR("E\xc3\xa9"), out, 3));
	assert_false(ff_str_letters(FF_STR_NONE, out, 3));
}

static void
buf_overflow_is_sticky(void **state)
{
	struct ff_buf b;

	(void)state;
	ff_buf_init(&b, 10);
	ff_buf_z(&b, "12345");
	ff_buf_i64(&b, -42);
	assert_str(ff_buf_view(&b), "12345-42");
	ff_buf_z(&b, "abc");
	assert_true(b.overflow);
	ff_buf_char(&b, 'x');
	assert_int_equal(b.len, 8);
	ff_buf_clear(&b);
	ff_buf_be32(&b, 0x01020304);
	assert_memory_equal(b.p, "\1\2\3\4", 4);
	ff_buf_clear(&b);
	ff_buf_printf(&b, "%s", "1234567890");
	assert_false(b.overflow);
	ff_buf_printf(&b, "%d", 1);
	assert_true(b.overflow);
	ff_buf_free(&b);
}

static void
num_is_strict(void **state)
{
	uint64_t u;
	int64_t  i;

	(void)state;
	assert_true(ff_num_u64(FF_STR("18446744073709551615"), &u) && u == UINT64_MAX);
	assert_false(ff_num_u64(FF_STR("18446744073709551616"), &u));
	assert_true(ff_num_i64(FF_STR("-9223372036854775808"), &i) && i == INT64_MIN);
	assert_false(ff_num_i64(FF_STR("9223372036854775808"), &i));
	assert_false(ff_num_i64(FF_STR(""), &i));
	assert_false(ff_num_i64(FF_STR("-"), &i));
	assert_false(ff_num_i64(FF_STR("+1"), &i));
	assert_false(ff_num_i64(FF_STR("1 "), &i));
	assert_true(ff_num_range(FF_STR("-1"), -1, 1, &i) && i == -1);
	assert_false(ff_num_range(FF_STR("-0"), 0, 1, &i));
	assert_true(ff_num_size(FF_STR("16M"), &u) && u == 16 << 20);
	assert_true(ff_num_duration(FF_STR("30m"), &i) && i == 1800);
	assert_false(ff_num_duration(FF_STR("m"), &i));
	assert_false(ff_num_duration(FF_STR("9223372036854775807w"), &i));
}

static void
utf8_refuses_what_postgresql_refuses(void **state)
{
	static const char *const bad[] = { "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "a\x80",
		"\xe2\x82", "\xf0\x80\x80\x80" };
	struct ff_arena a;

	(void)state;
	ff_arena_init(&a);
	assert_true(ff_utf8_valid(FF_STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")));
	assert_false(ff_utf8_valid(FF_STR("a\0b")));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(ff_utf8_valid(ff_str_from(bad[i])));
		assert_true(ff_utf8_valid(ff_utf8_clean(&a, ff_str_from(bad[i]))));
	}
	assert_str(ff_utf8_cut(FF_STR("a\xe2\x82\xac"), 3), "a");
	assert_int_equal(ff_utf8_characters(FF_STR("a\xe2\x82\xac b")), 4);
	assert_str(ff_utf8_first(FF_STR("a\xe2\x82\xac b"), 2), "a\xe2\x82\xac");
	assert_str(ff_utf8_first(FF_STR("a\xe2\x82\xac b"), 9), "a\xe2\x82\xac b");
	ff_arena_free(&a);
}

static void
uuid_round_trip(void **state)
{
	struct ff_uuid u;
	char           text[37];
	uint8_t        random[10] = { 0xff, 1, 0xff, 3, 4, 5, 6, 7, 8, 9 };

	(void)state;
	assert_true(ff_uuid_parse(FF_STR("0190163D-8694-739b-aea5-966c26f8ad91"), &u));
	ff_uuid_print(&u, text);
	assert_string_equal(text, "0190163d-8694-739b-aea5-966c26f8ad91");
	assert_false(ff_uuid_parse(FF_STR("0190163d-8694-739b-aea5-966c26f8ad9"), &u));
	assert_false(ff_uuid_parse(FF_STR("0190163d08694-739b-aea5-966c26f8ad91"), &u));
	u = ff_uuid_v7(INT64_C(1645557742000000), random);
	ff_uuid_print(&u, text);
	assert_memory_equal(text, "017f22e2-79b0-7", 15);
	assert_int_equal(u.b[8] & 0xc0, 0x80);
}

static void
table_keeps_every_key_through_growth(void **state)
{
	struct ff_table t;
	char            key[16];
	bool            added;

	(void)state;
	ff_table_init(&t);
	assert_null(ff_table_find(&t, FF_STR("x")));
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "k%d", i);
		*ff_table_put(&t, ff_str_from(key), i, &added) += 1;
		assert_true(added);
	}
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "k%d", i);
		assert_int_equal(*ff_table_find(&t, ff_str_from(key)), i + 1);
	}
	ff_table_put(&t, FF_STR("k7"), 0, &added);
	assert_false(added);
	assert_int_equal(t.count, 5000);
	ff_table_clear(&t);
	assert_null(ff_table_find(&t, FF_STR("k7")));
	ff_table_free(&t);
}

static void
io_replaces_whole_files(void **state)
{
	char            dir[] = "/tmp/ff-io-XXXXXX", path[64], sub[64];
	struct ff_arena a;
	struct ff_str   got;

	(void)state;
	ff_arena_init(&a);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/file", dir);
	snprintf(sub, sizeof sub, "%s/a/b/c", dir);
	assert_err(FF_NOT_FOUND, ff_io_read_file(&a, path, 100, &got));
	assert_ok(ff_io_replace_file(path, FF_STR("one"), 0600));
	assert_ok(ff_io_replace_file(path, FF_STR("second"), 0600));
	assert_ok(ff_io_read_file(&a, path, 6, &got));
	assert_str(got, "second");
	assert_err(FF_TOO_LARGE, ff_io_read_file(&a, path, 5, &got));
	assert_ok(ff_io_read_file(&a, "/proc/self/status", 100000, &got)); /* says it has no size */
	assert_true(got.len > 100);
	assert_err(FF_TOO_LARGE, ff_io_read_file(&a, "/proc/self/status", 100, &got));
	assert_ok(ff_io_replace_file(path, FF_STR(""), 0600));
	assert_ok(ff_io_read_file(&a, path, 0, &got));
	assert_int_equal(got.len, 0);
	assert_err(FF_IO, ff_io_replace_file("/nonexistent/x", FF_STR("x"), 0600));
	assert_ok(ff_io_make_dir(sub, 0700));
	assert_ok(ff_io_make_dir(sub, 0700));
	for (size_t cut = strlen(sub); cut > strlen(dir); cut -= 2) {
		sub[cut] = '\0';
		rmdir(sub);
	}
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
	ff_arena_free(&a);
}

static void
mapped_files_are_shared_and_replaced_by_their_like(void **state)
{
	static const char magic[FF_MAPPED_MAGIC] = "FFTHING 1\n";
	char              dir[] = "/tmp/ff-mapped-XXXXXX", path[64];
	void             *one, *two, *larger;
	struct stat       st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/none/thing", dir);
	assert_err(FF_IO, ff_mapped_open(path, magic, 4096, 0660, &one));
	assert_int_equal(errno, ENOENT);
	snprintf(path, sizeof path, "%s/thing", dir);
	assert_ok(ff_mapped_open(path, magic, 4096, 0660, &one));
	assert_ok(ff_mapped_open(path, magic, 4096, 0660, &two));
	assert_memory_equal(two, magic, sizeof magic);
	((char *)one)[100] = 'x';
	assert_int_equal(((char *)two)[100], 'x');
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_true(st.st_blocks * 512 >= 4096);
	assert_ok(ff_mapped_open(path, magic, 8192, 0660, &larger)); /* another form: anew */
	assert_int_equal(((char *)larger)[100], 0);
	((char *)one)[101] = 'y'; /* who has the old one goes on with it */
	assert_int_equal(((char *)two)[101], 'y');
	munmap(one, 4096);
	munmap(two, 4096);
	munmap(larger, 8192);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0); /* nothing else was left there */
}

static void
files_without_a_size_are_read_to_their_end(void **state)
{
	struct ff_arena a;
	struct ff_str   got;
	char            path[32];
	int             fds[2];

	(void)state;
	ff_arena_init(&a);
	assert_ok(ff_io_read_file(&a, "/proc/self/comm", 64, &got));
	assert_true(got.len > 0);
	assert_int_equal(pipe(fds), 0);
	snprintf(path, sizeof path, "/dev/fd/%d", fds[0]);
	assert_int_equal(write(fds[1], "from a pipe", 11), 11);
	close(fds[1]);
	assert_ok(ff_io_read_file(&a, path, 11, &got));
	assert_str(got, "from a pipe");
	assert_err(FF_TOO_LARGE, ff_io_read_file(&a, "/dev/zero", 20000, &got));
	close(fds[0]);
	ff_arena_free(&a);
}

static void
fault_names_field_and_reason(void **state)
{
	struct ff_fault f;

	(void)state;
	assert_err(FF_INVALID, ff_fault_set(&f, FF_INVALID, "url", "is required"));
	assert_string_equal(f.field, "url");
	assert_err(FF_TOO_LARGE, ff_fault_set(NULL, FF_TOO_LARGE, "body", "over %d bytes", 10));
	assert_int_equal(ff_err_status(FF_STORAGE), 503);
	assert_string_equal(ff_err_name(FF_NOT_FOUND), "NOT_FOUND");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_defers_run_in_reverse_and_memory_is_aligned),
		cmocka_unit_test(str_slices),
		cmocka_unit_test(codes_are_letters_and_nothing_else),
		cmocka_unit_test(buf_overflow_is_sticky),
		cmocka_unit_test(num_is_strict),
		cmocka_unit_test(utf8_refuses_what_postgresql_refuses),
		cmocka_unit_test(uuid_round_trip),
		cmocka_unit_test(table_keeps_every_key_through_growth),
		cmocka_unit_test(io_replaces_whole_files),
		cmocka_unit_test(mapped_files_are_shared_and_replaced_by_their_like),
		cmocka_unit_test(files_without_a_size_are_read_to_their_end),
		cmocka_unit_test(fault_names_field_and_reason),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
