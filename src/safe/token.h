/* token.h - API keys and session tokens: prefix + 256 random bits in base64url, stored as BLAKE2b-256. */
#ifndef FF_SAFE_TOKEN_H
#define FF_SAFE_TOKEN_H

#include "base/err.h"
#include "base/str.h"

#define FF_TOKEN_TEXT_MAX 64

struct ff_token {
	char    text[FF_TOKEN_TEXT_MAX]; /* shown once to its owner */
	uint8_t hash[32];                /* what is stored */
};

void ff_token_make(const char *prefix, struct ff_token *out); /* "ffk_" API key, "ffs_" session, share link, "ffc_" CSRF */
/* The same text each time for the same secret. */
void ff_token_of(const char *prefix, const uint8_t secret[32], struct ff_token *out);
/* FF_UNAUTHORIZED if the text has another form. */
enum ff_err ff_token_hash(struct ff_str text, const char *prefix, uint8_t hash[32]) ff_must_check;

#endif
