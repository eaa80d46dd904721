#include "safe/jwt.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof((struct ff_jwt *)0)->mac == crypto_auth_hmacsha256_BYTES, "HMAC-SHA256 has 32 bytes");

static bool
decode(struct ff_arena *arena, struct ff_str text, struct ff_str *out)
{
	size_t max = text.len / 4 * 3 + 3, len;
	char  *bytes = ff_alloc(arena, max);

	if (sodium_base642bin((unsigned char *)bytes, max, text.p, text.len, NULL, &len, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return false;
	*out = ff_str_of(bytes, len);
	return true;
}

enum ff_err
ff_jwt_split(struct ff_arena *arena, struct ff_str token, struct ff_jwt *out)
{
	struct ff_str rest = token, header, payload, mac;

	if (token.len > FF_JWT_MAX)
		return FF_INVALID;
	header = ff_str_split(&rest, '.');
	payload = ff_str_split(&rest, '.');
	if (rest.p == NULL || header.len == 0 || payload.len == 0)
		return FF_INVALID;
	out->signed_part = ff_str_sub(token, 0, header.len + 1 + payload.len);
	if (!decode(arena, header, &out->header) || !decode(arena, payload, &out->payload) || !decode(arena, rest, &mac)
	    || mac.len != sizeof out->mac)
		return FF_INVALID;
	memcpy(out->mac, mac.p, sizeof out->mac);
	return FF_OK;
}

bool
ff_jwt_verify(const struct ff_jwt *jwt, struct ff_str key)
{
	crypto_auth_hmacsha256_state state;
	uint8_t                      mac[crypto_auth_hmacsha256_BYTES];
	bool                         same;

	if (key.len == 0)
		return false;
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)jwt->signed_part.p, jwt->signed_part.len);
	crypto_auth_hmacsha256_final(&state, mac);
	same = sodium_memcmp(mac, jwt->mac, sizeof mac) == 0;
	sodium_memzero(&state, sizeof state);
	sodium_memzero(mac, sizeof mac);
	return same;
}
