#include "tests/lib/unit.h"

#include "base/buf.h"
#include "safe/jwt.h"

#include <stdlib.h>

static struct ff_arena arena;

/* RFC 7515, appendix A.1: 64 bytes of key. */
#define A1_HEADER  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
#define A1_PAYLOAD "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define A1_MAC     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define A1         A1_HEADER "." A1_PAYLOAD "." A1_MAC
static const uint8_t a1_key[64] = {
	0x03, 0x23, 0x35, 0x4b, 0x2b, 0x0f, 0xa5, 0xbc, 0x83, 0x7e, 0x06, 0x65, 0x77, 0x7b, 0xa6, 0x8f,
	0x5a, 0xb3, 0x28, 0xe6, 0xf0, 0x54, 0xc9, 0x28, 0xa9, 0x0f, 0x84, 0xb2, 0xd2, 0x50, 0x2e, 0xbf,
	0xd3, 0xfb, 0x5a, 0x92, 0xd2, 0x06, 0x47, 0xef, 0x96, 0x8a, 0xb4, 0xc3, 0x77, 0x62, 0x3d, 0x22,
	0x3d, 0x2e, 0x21, 0x72, 0x05, 0x2e, 0x4f, 0x08, 0xc0, 0xcd, 0x9a, 0xf5, 0x67, 0xd0, 0x80, 0xa3,
};

/* RFC 7520, section 4.4: 32 bytes of key, text that is no JSON. */
#define COOK                                                                                                    \
	"eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9."                   \
	"SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZ" \
	"CwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB" \
	"0IG9mZiB0by4.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0"
static const uint8_t cook_key[32] = {
	0x84, 0x9b, 0x57, 0x21, 0x9d, 0xae, 0x48, 0xde, 0x64, 0x6d, 0x07, 0xdb, 0xb5, 0x33, 0x56, 0x6e,
	0x97, 0x66, 0x86, 0x45, 0x7c, 0x14, 0x91, 0xbe, 0x3a, 0x76, 0xdc, 0xea, 0x6c, 0x42, 0x71, 0x88,
};

static struct ff_str
key_of(const uint8_t *p, size_t len)
{
	return ff_str_of((const char *)p, len);
}

static void
examples_of_the_standards_verify(void **state)
{
	struct ff_jwt jwt;

	(void)state;
	assert_ok(ff_jwt_split(&arena, FF_STR(A1), &jwt));
	assert_str(jwt.header, "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
	assert_str(jwt.payload, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
	assert_true(ff_jwt_verify(&jwt, key_of(a1_key, 64)));
	assert_ok(ff_jwt_split(&arena, FF_STR(COOK), &jwt));
	assert_true(ff_jwt_verify(&jwt, key_of(cook_key, 32)));
}

static void
another_key_does_not_verify(void **state)
{
	uint8_t       key[64];
	struct ff_jwt jwt;

	(void)state;
	assert_ok(ff_jwt_split(&arena, FF_STR(A1), &jwt));
	for (size_t i = 0; i < 64; i++) {
		memcpy(key, a1_key, sizeof key);
		key[i] ^= 1;
		assert_false(ff_jwt_verify(&jwt, key_of(key, 64)));
		assert_false(ff_jwt_verify(&jwt, key_of(a1_key, i)));
	}
	assert_false(ff_jwt_verify(&jwt, FF_STR_NONE));
}

/* Every single character changed to every other one: refused, or a token that does not verify. */
static void
no_changed_character_verifies(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n";
	char              token[sizeof A1];
	struct ff_jwt     jwt;

	(void)state;
	for (size_t i = 0; i < sizeof A1 - 1; i++)
		for (const char *c = alphabet; *c; c++) {
			memcpy(token, A1, sizeof A1);
			if (token[i] == *c)
				continue;
			token[i] = *c;
			assert_false(ff_jwt_split(&arena, ff_str_from(token), &jwt) == FF_OK && ff_jwt_verify(&jwt, key_of(a1_key, 64)));
			ff_arena_reset(&arena);
		}
}

static void
only_the_strict_form_is_a_token(void **state)
{
	static const char *const refused[] = {
		"", ".", "..", "...", "a.b", A1_HEADER, A1_HEADER "." A1_PAYLOAD, A1_HEADER "." A1_PAYLOAD ".",
		"." A1_PAYLOAD "." A1_MAC, A1_HEADER ".." A1_MAC, A1 ".", A1 "." A1_MAC, A1 "=", A1 " ", " " A1, A1 "\n",
		A1_HEADER "=." A1_PAYLOAD "." A1_MAC, A1_HEADER "." A1_PAYLOAD "=." A1_MAC,
		A1_HEADER "." A1_PAYLOAD "." A1_MAC "A",
		A1_HEADER "." A1_PAYLOAD ".dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk",  /* the other alphabet */
		A1_HEADER "." A1_PAYLOAD ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", /* stray bits at the end */
		A1_HEADER "." A1_PAYLOAD ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX",  /* 31 bytes */
		A1_HEADER "." A1_PAYLOAD ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXkA",
		"e." A1_PAYLOAD "." A1_MAC, /* one character says no byte */
	};
	struct ff_jwt jwt;

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (ff_jwt_split(&arena, ff_str_from(refused[i]), &jwt) == FF_OK)
			fail_msg("taken: %s", refused[i]);
	assert_err(FF_INVALID, ff_jwt_split(&arena, FF_STR_NONE, &jwt));
}

static void
long_ones_are_refused_unread(void **state)
{
	size_t        len = FF_JWT_MAX + 1;
	char         *token = malloc(len);
	struct ff_jwt jwt;

	(void)state;
	memset(token, 'A', len);
	memcpy(token, A1_HEADER ".", sizeof A1_HEADER);
	memcpy(token + len - sizeof A1_MAC, "." A1_MAC, sizeof A1_MAC);
	assert_err(FF_INVALID, ff_jwt_split(&arena, ff_str_of(token, len), &jwt));
	memmove(token + 100, token + 104, len - 104); /* payload: a whole number of four */
	for (len -= 4; ff_jwt_split(&arena, ff_str_of(token, len), &jwt) != FF_OK && len > FF_JWT_MAX - 8; len--)
		memmove(token + 100, token + 101, len - 101);
	assert_true(len > FF_JWT_MAX - 8);
	free(token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_of_the_standards_verify),
		cmocka_unit_test(another_key_does_not_verify),
		cmocka_unit_test(no_changed_character_verifies),
		cmocka_unit_test(only_the_strict_form_is_a_token),
		cmocka_unit_test(long_ones_are_refused_unread),
	};
	int rc;

	ff_arena_init(&arena);
	rc = cmocka_run_group_tests_name("jwt", tests, NULL, NULL);
	ff_arena_free(&arena);
	return rc;
}
