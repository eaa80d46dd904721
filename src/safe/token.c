#include "safe/token.h"
#include "safe/hash.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SECRET_BYTES 32
#define SECRET_TEXT  43 /* base64url of 32 bytes, without padding */

/* The whole text with its prefix, so that a session token is no API key under another name. */
static void
hash_text(struct ff_str text, uint8_t hash[32])
{
	ff_hash(hash, 32, NULL, &text, 1);
}

void
ff_token_of(const char *prefix, const uint8_t secret[SECRET_BYTES], struct ff_token *out)
{
	char text[SECRET_TEXT + 1];
	int  n;

	sodium_bin2base64(text, sizeof text, secret, SECRET_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	n = snprintf(out->text, sizeof out->text, "%s%s", prefix, text);
	if (n >= (int)sizeof out->text)
		ff_panic("token: long prefix");
	hash_text(ff_str_from(out->text), out->hash);
	sodium_memzero(text, sizeof text);
}

void
ff_token_make(const char *prefix, struct ff_token *out)
{
	uint8_t secret[SECRET_BYTES];

	randombytes_buf(secret, sizeof secret);
	ff_token_of(prefix, secret, out);
	sodium_memzero(secret, sizeof secret);
}

enum ff_err
ff_token_hash(struct ff_str text, const char *prefix, uint8_t hash[32])
{
	struct ff_str head = ff_str_from(prefix), body = ff_str_from_pos(text, head.len);
	uint8_t       secret[SECRET_BYTES];
	size_t        len;
	int           rc;

	if (!ff_str_starts(text, head) || body.len != SECRET_TEXT)
		return FF_UNAUTHORIZED;
	rc = sodium_base642bin(secret, sizeof secret, body.p, body.len, NULL, &len, NULL,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(secret, sizeof secret);
	if (rc != 0 || len != SECRET_BYTES)
		return FF_UNAUTHORIZED;
	hash_text(text, hash);
	return FF_OK;
}
