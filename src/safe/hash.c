#include "safe/hash.h"
#include "base/err.h"

#include <endian.h>
#include <sodium.h>
#include <string.h>

static void
add(crypto_generichash_state *state, const void *p, size_t len)
{
	if (len > 0)
		crypto_generichash_update(state, p, len);
}

/* BLAKE2b begins at 16 bytes; the length asked for is hashed first, so that 8 bytes are no prefix of 16. */
void
ff_hash(void *out, size_t out_len, const uint8_t *key, const struct ff_str *parts, size_t n)
{
	size_t                   len = out_len < 16 ? 16 : out_len;
	crypto_generichash_state state;
	uint8_t                  asked = (uint8_t)out_len, full[32];

	if (out_len != 8 && out_len != 16 && out_len != 32)
		ff_panic("hash: odd length");
	if (crypto_generichash_init(&state, key, key == NULL ? 0 : 32, len) != 0)
		ff_panic("hash: libsodium refused");
	add(&state, &asked, 1);
	for (size_t i = 0; i < n; i++) {
		uint64_t part_len = htole64(parts[i].len);

		add(&state, &part_len, sizeof part_len);
		add(&state, parts[i].p, parts[i].len);
	}
	crypto_generichash_final(&state, full, len);
	memcpy(out, full, out_len);
	sodium_memzero(&state, sizeof state); /* the key is in it */
}

uint64_t
ff_hash_short(const uint8_t *key, struct ff_str text)
{
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)text.p, text.len, key);
	return hash;
}

bool
ff_equal_ct(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void
ff_hex(const void *p, size_t len, char *out)
{
	sodium_bin2hex(out, 2 * len + 1, p, len);
}

bool
ff_unhex(struct ff_str hex, void *out, size_t len)
{
	size_t got;

	return hex.len == 2 * len && sodium_hex2bin(out, len, hex.p, hex.len, NULL, &got, NULL) == 0 && got == len;
}
