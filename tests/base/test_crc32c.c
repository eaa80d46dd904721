#include "tests/lib/unit.h"

#include "base/crc32c.h"

/* RFC 3720, B.4, and the check value of the catalogue of CRCs. */
static void
known_vectors(void **state)
{
	uint8_t zero[32] = { 0 }, ones[32], up[32], down[32];

	(void)state;
	memset(ones, 0xff, sizeof ones);
	for (uint8_t i = 0; i < 32; i++) {
		up[i] = i;
		down[i] = (uint8_t)(31 - i);
	}
	assert_int_equal(ff_crc32c(0, "", 0), 0);
	assert_int_equal(ff_crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(ff_crc32c(0, zero, 32), 0x8a9136aa);
	assert_int_equal(ff_crc32c(0, ones, 32), 0x62a8ab43);
	assert_int_equal(ff_crc32c(0, up, 32), 0x46dd794e);
	assert_int_equal(ff_crc32c(0, down, 32), 0x113fdb5c);
	assert_int_equal(ff_crc32c_portable(0, "123456789", 9), 0xe3069283);
}

static void
both_ways_agree_at_every_length_and_cut(void **state)
{
	uint8_t bytes[257];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 167 + 13);
	for (size_t len = 0; len <= sizeof bytes; len++) {
		uint32_t whole = ff_crc32c(7, bytes, len);

		assert_int_equal(whole, ff_crc32c_portable(7, bytes, len));
		assert_int_equal(whole, ff_crc32c(ff_crc32c(7, bytes, len / 3), bytes + len / 3, len - len / 3));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_vectors),
		cmocka_unit_test(both_ways_agree_at_every_length_and_cut),
	};

	return cmocka_run_group_tests_name("crc32c", tests, NULL, NULL);
}
