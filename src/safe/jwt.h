/* jwt.h - signed tokens, compact form (RFC 7515): split, decode, verify HMAC-SHA256. Nothing here reads JSON: the caller
 * looks at the header first (alg must be "HS256" exactly), then verifies, and reads the payload only after that. */
#ifndef FF_SAFE_JWT_H
#define FF_SAFE_JWT_H

#include "base/buf.h"

/* A viewer's token has some hundred bytes; it comes with every beacon. */
#define FF_JWT_MAX 4096

struct ff_jwt {
	struct ff_str signed_part;     /* header.payload, as it came */
	struct ff_str header, payload; /* decoded bytes, not checked further */
	uint8_t       mac[32];
};

/* Three parts of base64url without padding, without white space, without stray bits in the last character; the third
 * one 32 bytes. FF_INVALID for anything else, also longer than FF_JWT_MAX. Slices live in token and arena. */
enum ff_err ff_jwt_split(struct ff_arena *arena, struct ff_str token, struct ff_jwt *out) ff_must_check;
/* key: of any length; with an empty one nothing verifies. The comparison takes the same time wherever the two differ. */
bool ff_jwt_verify(const struct ff_jwt *jwt, struct ff_str key);

#endif
