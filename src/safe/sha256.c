#include "safe/sha256.h"
#include "safe/hash.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(struct ff_sha256) >= sizeof(crypto_hash_sha256_state), "libsodium's state has grown");

static crypto_hash_sha256_state *
state_of(struct ff_sha256 *sha)
{
	return (crypto_hash_sha256_state *)(void *)sha->state;
}

void
ff_sha256_init(struct ff_sha256 *sha)
{
	crypto_hash_sha256_init(state_of(sha));
}

void
ff_sha256_add(struct ff_sha256 *sha, const void *p, size_t len)
{
	crypto_hash_sha256_update(state_of(sha), p, len);
}

void
ff_sha256_end(struct ff_sha256 *sha, char hex[65])
{
	unsigned char sum[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_final(state_of(sha), sum);
	ff_hex(sum, sizeof sum, hex);
}
