/* collect_token.h - viewers' tokens for the sites of collect_room.h, signed by code that is not ours to test. */
#ifndef FF_TESTS_COLLECT_TOKEN_H
#define FF_TESTS_COLLECT_TOKEN_H

#include "tests/room/collect_room.h"

#include <sodium.h>

static void
b64(char *out, size_t max, const void *p, size_t len)
{
	sodium_bin2base64(out, max, p, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* For a viewer of a site of this room, by its secret's first byte; more: claims behind the required ones. */
static const char *
token_of(const char *sub, uint8_t first, const char *aud, int64_t exp, const char *more)
{
	static char                  text[4000];
	static const char            header[] = "{\"alg\":\"HS256\"}";
	char                         claims[1000];
	uint8_t                      secret[32] = { first }, mac[32];
	crypto_auth_hmacsha256_state hmac;

	snprintf(claims, sizeof claims, "{\"sub\":\"%s\",\"aud\":\"%s\",\"exp\":%lld%s}", sub, aud, (long long)exp, more);
	b64(text, sizeof text, header, sizeof header - 1);
	strcat(text, ".");
	b64(text + strlen(text), sizeof text - strlen(text), claims, strlen(claims));
	crypto_auth_hmacsha256_init(&hmac, secret, sizeof secret);
	crypto_auth_hmacsha256_update(&hmac, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_final(&hmac, mac);
	strcat(text, ".");
	b64(text + strlen(text), sizeof text - strlen(text), mac, sizeof mac);
	return text;
}

static __attribute__((unused)) const char *
token(uint8_t first, const char *aud, int64_t exp, const char *more)
{
	return token_of("u-1", first, aud, exp, more);
}

static int64_t
in(int64_t seconds)
{
	return ff_now() / 1000000 + seconds;
}

#endif
