#include "safe/hmac.h"

#include <sodium.h>

void
ff_hmac_sha256(uint8_t out[32], struct ff_str key, const struct ff_str *parts, size_t n)
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.len);
	for (size_t i = 0; i < n; i++)
		if (parts[i].len > 0)
			crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].p, parts[i].len);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof state);
}
