#include "tests/lib/unit.h"

#include "serve/frame.h"

#include <stdio.h>
#include <stdlib.h>

/* BEGIN_REQUEST (responder, keep), one PARAMS record of 5 bytes padded to 8, its end, STDIN "ab", its end. */
static const uint8_t whole[] = {
	1, 1, 0, 7, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
	1, 4, 0, 7, 0, 5, 3, 0, 1, 2, 'A', 'x', 'y', 0, 0, 0,
	1, 4, 0, 7, 0, 0, 0, 0,
	1, 5, 0, 7, 0, 2, 1, 0, 'a', 'b', 0,
	1, 5, 0, 7, 0, 0, 0, 0,
};

static void
a_request_is_whole_at_its_last_byte_whatever_the_pieces(void **state)
{
	struct ff_frame_reader reader;
	const char           **env = NULL;
	size_t                 cap = 0;

	(void)state;
	ff_frame_init(&reader, 100);
	for (size_t piece = 1; piece <= sizeof(whole); piece++) {
		enum ff_frame got = FF_FRAME_PART;

		ff_frame_clear(&reader);
		assert_false(ff_frame_begun(&reader));
		for (size_t off = 0; off < sizeof(whole); off += piece) {
			size_t n = sizeof(whole) - off < piece ? sizeof(whole) - off : piece;

			assert_int_equal(got, FF_FRAME_PART);
			got = ff_frame_read(&reader, whole + off, n);
			assert_true(ff_frame_begun(&reader));
		}
		assert_int_equal(got, FF_FRAME_WHOLE);
		assert_true(reader.keep);
		assert_str(ff_buf_view(&reader.body), "ab");
		assert_true(ff_frame_env(&reader, &env, &cap));
		assert_string_equal(env[0], "A=xy");
		assert_null(env[1]);
	}
	free(env);
	ff_frame_free(&reader);
}

static enum ff_frame
read_changed(size_t at, uint8_t byte)
{
	struct ff_frame_reader reader;
	uint8_t                bytes[sizeof(whole)];
	enum ff_frame          got;

	memcpy(bytes, whole, sizeof(whole));
	bytes[at] = byte;
	ff_frame_init(&reader, 100);
	got = ff_frame_read(&reader, bytes, sizeof(bytes));
	ff_frame_free(&reader);
	return got;
}

static void
what_is_no_fastcgi_is_refused(void **state)
{
	struct ff_frame_reader reader;

	(void)state;
	ff_frame_init(&reader, 100);
	assert_int_equal(ff_frame_read(&reader, (const uint8_t *)"GET / HTTP/1.1\r\n", 16), FF_FRAME_BAD);
	ff_frame_free(&reader);
	assert_int_equal(read_changed(16, 2), FF_FRAME_BAD);  /* another version */
	assert_int_equal(read_changed(1, 4), FF_FRAME_BAD);   /* parameters of no request */
	assert_int_equal(read_changed(9, 2), FF_FRAME_BAD);   /* another role */
	assert_int_equal(read_changed(17, 2), FF_FRAME_BAD);  /* aborted */
	assert_int_equal(read_changed(19, 8), FF_FRAME_BAD);  /* another request */
	assert_int_equal(read_changed(33, 5), FF_FRAME_BAD);  /* a body before the parameters' end */
	assert_int_equal(read_changed(41, 4), FF_FRAME_BAD);  /* parameters behind it */
	assert_int_equal(read_changed(10, 0), FF_FRAME_WHOLE); /* not kept */
}

static void
a_head_that_is_sent_twice_counts_once(void **state)
{
	struct ff_frame_reader reader;
	const char           **env = NULL;
	size_t                 cap = 0;

	(void)state;
	ff_frame_init(&reader, 100);
	assert_int_equal(ff_frame_read(&reader, whole, 40), FF_FRAME_PART);
	assert_int_equal(ff_frame_read(&reader, whole, sizeof(whole)), FF_FRAME_WHOLE);
	assert_true(ff_frame_env(&reader, &env, &cap));
	assert_string_equal(env[0], "A=xy");
	assert_null(env[1]);
	assert_str(ff_buf_view(&reader.body), "ab");
	ff_frame_clear(&reader);
	assert_int_equal(ff_frame_read(&reader, whole, 51), FF_FRAME_PART);
	assert_int_equal(ff_frame_read(&reader, whole, 8), FF_FRAME_BAD); /* not behind some of the body */
	free(env);
	ff_frame_free(&reader);
}

static void
bytes_behind_a_request_are_refused(void **state)
{
	struct ff_frame_reader reader;
	uint8_t                bytes[sizeof(whole) + 1] = { 0 };

	(void)state;
	memcpy(bytes, whole, sizeof(whole));
	ff_frame_init(&reader, 100);
	assert_int_equal(ff_frame_read(&reader, bytes, sizeof(bytes)), FF_FRAME_BAD);
	ff_frame_free(&reader);
}

/* So many bytes of body behind the head of `whole`, and the end. */
static enum ff_frame
read_long(struct ff_frame_reader *reader, size_t len, size_t shed_at)
{
	static uint8_t content[8 + 50000] = { 1, 5, 0, 7 };
	const uint8_t  end[8] = { 1, 5, 0, 7 };

	ff_frame_clear(reader);
	ff_frame_read(reader, whole, 40);
	for (size_t off = 0; off < len; off += 50000) {
		size_t n = len - off < 50000 ? len - off : 50000;

		if (off <= shed_at && shed_at < off + n)
			ff_frame_shed(reader);
		content[4] = (uint8_t)(n >> 8);
		content[5] = (uint8_t)n;
		assert_int_equal(ff_frame_read(reader, content, 8 + n), FF_FRAME_PART);
	}
	return ff_frame_read(reader, end, 8);
}

static void
a_body_that_is_too_long_or_unwanted_is_read_to_its_end(void **state)
{
	struct ff_frame_reader reader;

	(void)state;
	ff_frame_init(&reader, 1000000);
	assert_int_equal(read_long(&reader, 1000000, SIZE_MAX), FF_FRAME_WHOLE);
	assert_int_equal(reader.lost, FF_OK);
	assert_int_equal(reader.body.len, 1000000);
	assert_int_equal(read_long(&reader, 1000001, SIZE_MAX), FF_FRAME_WHOLE);
	assert_int_equal(reader.lost, FF_TOO_LARGE);
	assert_int_equal(reader.body.cap, 0);
	assert_int_equal(read_long(&reader, 900000, 300000), FF_FRAME_WHOLE);
	assert_int_equal(reader.lost, FF_BUSY);
	assert_int_equal(reader.body.cap, 0);
	ff_frame_clear(&reader);
	assert_int_equal(ff_frame_read(&reader, whole, sizeof(whole)), FF_FRAME_WHOLE);
	assert_int_equal(reader.lost, FF_OK);
	ff_frame_free(&reader);
}

static bool
env_of(const void *pairs, size_t len, const char ***env)
{
	struct ff_frame_reader reader;
	static size_t          cap;
	static char            copy[1000];
	bool                   good;

	ff_frame_init(&reader, 100);
	ff_buf_put(&reader.params, pairs, len);
	good = ff_frame_env(&reader, env, &cap);
	if (good && (*env)[0])
		snprintf(copy, sizeof(copy), "%s", (*env)[0]);
	if (good && (*env)[0])
		(*env)[0] = copy;
	ff_frame_free(&reader);
	return good;
}

static void
long_lengths_are_read_and_wrong_ones_refused(void **state)
{
	const char **env = NULL;
	uint8_t      pairs[512] = { 1, 0x80, 0, 0, 200, 'N' };

	(void)state;
	memset(pairs + 6, 'v', 200);
	assert_true(env_of(pairs, 206, &env));
	assert_int_equal(strlen(env[0]), 202);
	assert_memory_equal(env[0], "N=v", 3);
	assert_true(env_of("", 0, &env));
	assert_null(env[0]);
	assert_true(env_of("\0\0", 2, &env));
	assert_string_equal(env[0], "=");
	for (size_t len = 1; len < 206; len++)
		assert_false(env_of(pairs, len, &env));
	assert_false(env_of("\xff\xff\xff\xff\xff\xff\xff\xff" "ab", 10, &env));
	free(env);
}

/* Takes the reply apart again. */
static void
check_reply(size_t len)
{
	static char            text[FF_PARCEL_REPLY_MAX], got[FF_PARCEL_REPLY_MAX + 1000], content[FF_PARCEL_REPLY_MAX];
	struct ff_frame_reader reader = { .id = { 1, 2 } };
	struct ff_frame_reply  reply;
	size_t                 size = 0, off = 0, n = 0;

	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + i % 26);
	ff_frame_reply(&reader, &(struct ff_buf){ .p = text, .len = len }, &reply);
	for (size_t i = 0; i < reply.n; i++) {
		memcpy(got + size, reply.iov[i].iov_base, reply.iov[i].iov_len);
		size += reply.iov[i].iov_len;
	}
	for (; got[off + 1] == 6; off += 8) {
		size_t part = (size_t)((uint8_t)got[off + 4] << 8 | (uint8_t)got[off + 5]);

		assert_memory_equal(got + off + 2, "\1\2", 2);
		memcpy(content + n, got + off + 8, part);
		n += part;
		off += part;
	}
	assert_int_equal(n, len);
	assert_memory_equal(content, text, len);
	assert_memory_equal(got + off, "\1\3\1\2\0\10\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(off + 16, size);
}

static void
a_reply_of_any_length_has_its_records(void **state)
{
	(void)state;
	check_reply(0);
	check_reply(1);
	check_reply(FF_FRAME_CONTENT);
	check_reply(FF_FRAME_CONTENT + 1);
	check_reply(FF_PARCEL_REPLY_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_whole_at_its_last_byte_whatever_the_pieces),
		cmocka_unit_test(what_is_no_fastcgi_is_refused),
		cmocka_unit_test(a_head_that_is_sent_twice_counts_once),
		cmocka_unit_test(bytes_behind_a_request_are_refused),
		cmocka_unit_test(a_body_that_is_too_long_or_unwanted_is_read_to_its_end),
		cmocka_unit_test(long_lengths_are_read_and_wrong_ones_refused),
		cmocka_unit_test(a_reply_of_any_length_has_its_records),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
