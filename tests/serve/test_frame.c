#include "tests/lib/unit.h"

#include "serve/frame.h"

/* BEGIN_REQUEST (responder, keep), one PARAMS record of 5 bytes padded to 8, its end, STDIN "ab", its end. */
static const uint8_t whole[] = {
	1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
	1, 4, 0, 1, 0, 5, 3, 0, 1, 2, 'A', 'x', 'y', 0, 0, 0,
	1, 4, 0, 1, 0, 0, 0, 0,
	1, 5, 0, 1, 0, 2, 0, 0, 'a', 'b',
	1, 5, 0, 1, 0, 0, 0, 0,
};

static void
a_whole_request_is_seen_at_its_last_byte_and_not_before(void **state)
{
	struct ff_frame_look look;

	(void)state;
	for (size_t len = 0; len < sizeof(whole); len++)
		assert_int_equal(ff_frame_look(whole, len, &look), FF_FRAME_PART);
	assert_int_equal(ff_frame_look(whole, sizeof(whole), &look), FF_FRAME_WHOLE);
	assert_int_equal(look.len, sizeof(whole));
}

static void
parameters_are_complete_before_the_body_is(void **state)
{
	struct ff_frame_look look;

	(void)state;
	assert_int_equal(ff_frame_look(whole, 39, &look), FF_FRAME_PART);
	assert_int_equal(look.params, 0);
	assert_int_equal(ff_frame_look(whole, 40, &look), FF_FRAME_PART);
	assert_int_equal(look.params, 40);
}

static void
what_is_no_fastcgi_is_refused_at_once(void **state)
{
	struct ff_frame_look look;
	uint8_t              bytes[sizeof(whole)];

	(void)state;
	assert_int_equal(ff_frame_look((const uint8_t *)"GET / HTTP/1.1\r\n", 16, &look), FF_FRAME_BAD);
	memcpy(bytes, whole, sizeof(whole));
	bytes[1] = 4; /* parameters of no request */
	assert_int_equal(ff_frame_look(bytes, sizeof(bytes), &look), FF_FRAME_BAD);
	memcpy(bytes, whole, sizeof(whole));
	bytes[17] = 2; /* aborted */
	assert_int_equal(ff_frame_look(bytes, sizeof(bytes), &look), FF_FRAME_BAD);
	memcpy(bytes, whole, sizeof(whole));
	bytes[33] = 5; /* a body's end before the parameters' */
	assert_int_equal(ff_frame_look(bytes, sizeof(bytes), &look), FF_FRAME_BAD);
}

static void
a_body_is_skipped_to_its_end_in_pieces_of_any_size(void **state)
{
	const uint8_t *body = whole + 40;
	const size_t   len = sizeof(whole) - 40;

	(void)state;
	for (size_t piece = 1; piece <= len; piece++) {
		struct ff_frame_skip skip = { 0 };
		enum ff_frame        got = FF_FRAME_PART;

		for (size_t off = 0; off < len; off += piece) {
			assert_int_equal(got, FF_FRAME_PART);
			got = ff_frame_skip(&skip, body + off, len - off < piece ? len - off : piece);
		}
		assert_int_equal(got, FF_FRAME_WHOLE);
	}
}

static void
what_is_no_body_or_more_than_it_is_not_skipped(void **state)
{
	struct ff_frame_skip skip = { 0 };
	uint8_t              bytes[sizeof(whole) + 1];

	(void)state;
	assert_int_equal(ff_frame_skip(&skip, whole, 16), FF_FRAME_BAD);
	memcpy(bytes, whole, sizeof(whole));
	bytes[sizeof(whole)] = 1;
	skip = (struct ff_frame_skip){ 0 };
	assert_int_equal(ff_frame_skip(&skip, bytes + 40, sizeof(whole) + 1 - 40), FF_FRAME_BAD);
	skip = (struct ff_frame_skip){ 0 };
	ff_frame_end(whole, bytes);
	assert_int_equal(ff_frame_skip(&skip, bytes, FF_FRAME_HEADER), FF_FRAME_WHOLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_request_is_seen_at_its_last_byte_and_not_before),
		cmocka_unit_test(parameters_are_complete_before_the_body_is),
		cmocka_unit_test(what_is_no_fastcgi_is_refused_at_once),
		cmocka_unit_test(a_body_is_skipped_to_its_end_in_pieces_of_any_size),
		cmocka_unit_test(what_is_no_body_or_more_than_it_is_not_skipped),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
