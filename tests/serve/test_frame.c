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
	assert_false(look.params);
	assert_int_equal(ff_frame_look(whole, 40, &look), FF_FRAME_PART);
	assert_true(look.params);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_request_is_seen_at_its_last_byte_and_not_before),
		cmocka_unit_test(parameters_are_complete_before_the_body_is),
		cmocka_unit_test(what_is_no_fastcgi_is_refused_at_once),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
