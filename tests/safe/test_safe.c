#include "tests/lib/unit.h"

#include "base/err.h"
#include "safe/hash.h"
#include "safe/password.h"
#include "safe/rand.h"
#include "safe/token.h"

#include <time.h>

static int
setup(void **state)
{
	(void)state;
	ff_safe_init();
	ff_safe_init();
	return 0;
}

static void
random_bytes_differ(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };
	bool    seen[6] = { false };

	(void)state;
	ff_random(a, sizeof a);
	ff_random(b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	for (int i = 0; i < 1000; i++) {
		uint32_t n = ff_random_below(6);

		assert_true(n < 6);
		seen[n] = true;
	}
	for (int i = 0; i < 6; i++)
		assert_true(seen[i]);
	ff_wipe(a, sizeof a);
	for (size_t i = 0; i < sizeof a; i++)
		assert_int_equal(a[i], 0);
}

static void
dice_are_reproducible(void **state)
{
	struct ff_dice one = { .state = 1234567 }, two = { .state = 1234567 };
	double         sum = 0;

	(void)state;
	/* The published test vector of SplitMix64. */
	assert_true(ff_dice_next(&one) == UINT64_C(6457827717110365317));
	assert_true(ff_dice_next(&one) == UINT64_C(3203168211198807973));
	ff_dice_next(&two);
	ff_dice_next(&two);
	for (int i = 0; i < 10000; i++) {
		double u = ff_dice_unit(&one);

		assert_true(u == ff_dice_unit(&two) && u >= 0 && u < 1);
		sum += u;
	}
	assert_true(sum > 4800 && sum < 5200);
	for (int i = 0; i < 1000; i++)
		assert_true(ff_dice_below(&one, 7) < 7);
	assert_int_equal(ff_dice_below(&one, 0), 0);
}

static void
hash_is_blake2b_of_lengths_and_parts(void **state)
{
	const struct ff_str part = FF_STR("abc");
	uint8_t             out[32];
	char                hex[65];

	(void)state;
	/* By Python: blake2b(b"\x20" + (3).to_bytes(8, "little") + b"abc", digest_size=32) */
	ff_hash(out, 32, NULL, &part, 1);
	ff_hex(out, 32, hex);
	assert_string_equal(hex, "0ff692a6a438b117b3de5b659142863efb78e49d7fc3908ca2388de576702115");
	ff_hash(out, 16, (const uint8_t *)"0123456789abcdef0123456789abcdef", &part, 1);
	ff_hex(out, 16, hex);
	assert_string_equal(hex, "6865fda80a3a9c277b4605f535a6c7cc");
	ff_hash(out, 8, NULL, NULL, 0);
	ff_hex(out, 8, hex);
	assert_string_equal(hex, "686918bbd7672f37");
}

static void
hash_keeps_parts_keys_and_lengths_apart(void **state)
{
	const struct ff_str one[] = { FF_STR_INIT("ab"), FF_STR_INIT("c") };
	const struct ff_str two[] = { FF_STR_INIT("a"), FF_STR_INIT("bc") };
	const struct ff_str with_empty[] = { FF_STR_INIT("ab"), FF_STR_INIT("c"), { NULL, 0 } };
	uint8_t             key[32] = { 1 }, a[32], b[32];

	(void)state;
	ff_hash(a, 32, NULL, one, 2);
	ff_hash(b, 32, NULL, two, 2);
	assert_memory_not_equal(a, b, 32);
	ff_hash(b, 32, NULL, with_empty, 3);
	assert_memory_not_equal(a, b, 32);
	ff_hash(b, 32, key, one, 2);
	assert_memory_not_equal(a, b, 32);
	ff_hash(b, 32, NULL, one, 2);
	assert_memory_equal(a, b, 32);
	ff_hash(b, 16, NULL, one, 2);
	assert_memory_not_equal(a, b, 16);
	ff_hash(a, 8, NULL, one, 2);
	assert_memory_not_equal(a, b, 8);
}

static void
hex_reads_back(void **state)
{
	uint8_t out[3];
	char    text[7];

	(void)state;
	ff_hex("\x00\xfe\x1a", 3, text);
	assert_string_equal(text, "00fe1a");
	assert_true(ff_unhex(FF_STR("00fE1A"), out, 3));
	assert_memory_equal(out, "\x00\xfe\x1a", 3);
	assert_false(ff_unhex(FF_STR("00fe1"), out, 3));
	assert_false(ff_unhex(FF_STR("00fe1a00"), out, 3));
	assert_false(ff_unhex(FF_STR("00fe1g"), out, 3));
	assert_false(ff_unhex(FF_STR("00 e1a"), out, 3));
	assert_false(ff_unhex(FF_STR_NONE, out, 3));
	assert_true(ff_equal_ct("abc", "abc", 3));
	assert_false(ff_equal_ct("abc", "abd", 3));
}

static void
weak_passwords_are_refused(void **state)
{
	static const char *const weak[] = { "password", "PassWord123", "footfall", "aaaaaaaa", "12345678", "1234567890",
		"12345678901234", "abcdefgh", "hgfedcba", "87654321", "QWERTYUIOP" };
	struct ff_fault fault;
	char            text[130];

	(void)state;
	for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
		assert_err(FF_INVALID, ff_password_check(ff_str_from(weak[i]), &fault));
		assert_string_equal(fault.field, "password");
		assert_string_equal(fault.why, "is one of the first that attackers try");
	}
	assert_err(FF_INVALID, ff_password_check(FF_STR("short7!"), &fault));
	assert_string_equal(fault.why, "is shorter than 8 bytes");
	assert_err(FF_INVALID, ff_password_check(FF_STR_NONE, &fault));
	memset(text, 'x', sizeof text);
	text[0] = 'y';
	assert_ok(ff_password_check(ff_str_of(text, 128), &fault));
	assert_err(FF_INVALID, ff_password_check(ff_str_of(text, 129), &fault));
	assert_string_equal(fault.why, "is longer than 128 bytes");
	assert_err(FF_INVALID, ff_password_check(FF_STR("good\0pass"), &fault));
	assert_err(FF_INVALID, ff_password_check(FF_STR("goodpass\xff"), NULL));
	assert_ok(ff_password_check(FF_STR("tr\xc3\xa4umerisch"), &fault));
	assert_ok(ff_password_check(FF_STR("correct horse"), NULL));
}

static void
passwords_verify_against_their_hash(void **state)
{
	char one[FF_PASSWORD_HASH_MAX], two[FF_PASSWORD_HASH_MAX];
	bool rehash = true;

	(void)state;
	assert_ok(ff_password_hash(FF_STR("correct horse"), one));
	assert_ok(ff_password_hash(FF_STR("correct horse"), two));
	assert_string_not_equal(one, two);
	assert_memory_equal(one, "$argon2id$", 10);
	assert_true(ff_password_verify(one, FF_STR("correct horse"), &rehash));
	assert_false(rehash);
	assert_true(ff_password_verify(two, FF_STR("correct horse"), NULL));
	rehash = true;
	assert_false(ff_password_verify(one, FF_STR("correct horsf"), &rehash));
	assert_false(rehash);
	assert_false(ff_password_verify(one, FF_STR_NONE, NULL));
}

static void
old_parameters_ask_for_a_new_hash(void **state)
{
	/* By libsodium: "correct horse" with one pass over 8 MiB. */
	static const char old[] = "$argon2id$v=19$m=8192,t=1,p=1$"
	                          "XhAaqrb6FnN+DYpUrxkllw$aCVrvuLDYTKCQJ2+OKYGC3IftliMt0ubCrfvxQmaRTU";
	bool              rehash = false;

	(void)state;
	assert_true(ff_password_verify(old, FF_STR("correct horse"), &rehash));
	assert_true(rehash);
}

static void
broken_hashes_verify_nothing(void **state)
{
	char long_hash[300];

	(void)state;
	assert_false(ff_password_verify("", FF_STR("correct horse"), NULL));
	assert_false(ff_password_verify("correct horse", FF_STR("correct horse"), NULL));
	assert_false(ff_password_verify("$argon2id$v=19$m=65536,t=2,p=1$", FF_STR("correct horse"), NULL));
	memset(long_hash, 'a', sizeof long_hash);
	long_hash[sizeof long_hash - 1] = '\0';
	assert_false(ff_password_verify(long_hash, FF_STR("correct horse"), NULL));
}

static double
seconds_of(const char *hash)
{
	double best = 1e9;

	for (int i = 0; i < 3; i++) {
		struct timespec from, to;
		double          took;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		assert_false(ff_password_verify(hash, FF_STR("wrong horse"), NULL));
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		took = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		best = took < best ? took : best;
	}
	return best;
}

static void
unknown_users_cost_the_same_work(void **state)
{
	char   hash[FF_PASSWORD_HASH_MAX];
	double known, unknown;

	(void)state;
	assert_ok(ff_password_hash(FF_STR("correct horse"), hash));
	known = seconds_of(hash);
	unknown = seconds_of(NULL);
	print_message("# known %.4f s, unknown %.4f s\n", known, unknown);
	assert_true(unknown > known / 1.5 && unknown < known * 1.5);
}

static void
tokens_are_found_by_their_hash(void **state)
{
	struct ff_token one, two;
	uint8_t         hash[32];

	(void)state;
	ff_token_make("ffk_", &one);
	ff_token_make("ffk_", &two);
	assert_int_equal(strlen(one.text), 47);
	assert_memory_equal(one.text, "ffk_", 4);
	assert_string_not_equal(one.text, two.text);
	assert_memory_not_equal(one.hash, two.hash, 32);
	assert_ok(ff_token_hash(ff_str_from(one.text), "ffk_", hash));
	assert_memory_equal(hash, one.hash, 32);
}

static void
tokens_of_another_form_are_refused(void **state)
{
	struct ff_token token;
	struct ff_str   text;
	uint8_t         hash[32];

	(void)state;
	ff_token_make("ffs_", &token);
	text = ff_str_from(token.text);
	assert_err(FF_UNAUTHORIZED, ff_token_hash(text, "ffk_", hash));
	assert_err(FF_UNAUTHORIZED, ff_token_hash(ff_str_sub(text, 0, 46), "ffs_", hash));
	assert_err(FF_UNAUTHORIZED, ff_token_hash(FF_STR("ffs_"), "ffs_", hash));
	assert_err(FF_UNAUTHORIZED, ff_token_hash(FF_STR("ff"), "ffs_", hash));
	assert_err(FF_UNAUTHORIZED, ff_token_hash(FF_STR_NONE, "ffs_", hash));
	assert_err(FF_UNAUTHORIZED, ff_token_hash(ff_str_of(token.text, 48), "ffs_", hash));
	token.text[20] = '+';
	assert_err(FF_UNAUTHORIZED, ff_token_hash(text, "ffs_", hash));
	token.text[20] = '=';
	assert_err(FF_UNAUTHORIZED, ff_token_hash(text, "ffs_", hash));
	/* Unused bits of the last character: another text of the same bytes would be a second key. */
	token.text[20] = 'A';
	token.text[46] = 'B';
	assert_err(FF_UNAUTHORIZED, ff_token_hash(text, "ffs_", hash));
	token.text[46] = 'A';
	assert_ok(ff_token_hash(text, "ffs_", hash));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(dice_are_reproducible),
		cmocka_unit_test(hash_is_blake2b_of_lengths_and_parts),
		cmocka_unit_test(hash_keeps_parts_keys_and_lengths_apart),
		cmocka_unit_test(hex_reads_back),
		cmocka_unit_test(weak_passwords_are_refused),
		cmocka_unit_test(passwords_verify_against_their_hash),
		cmocka_unit_test(old_parameters_ask_for_a_new_hash),
		cmocka_unit_test(broken_hashes_verify_nothing),
		cmocka_unit_test(unknown_users_cost_the_same_work),
		cmocka_unit_test(tokens_are_found_by_their_hash),
		cmocka_unit_test(tokens_of_another_form_are_refused),
	};

	return cmocka_run_group_tests_name("safe", tests, setup, NULL);
}
