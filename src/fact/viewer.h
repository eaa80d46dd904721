/* viewer.h - a signed-in viewer: the token that the host's backend minted -> a keyed pseudonym and a part.
 *
 * The token is a JWT (RFC 7519, RFC 7515): HS256 and nothing else, signed with the site's secret; claims: sub (the host's
 * name for the viewer, required), aud (the site's domain, or a list with it, required), exp (required, with a minute's
 * leeway), nbf and iat if given; role: "author" and "team" (or a list with one of them in roles) are not the audience.
 * Neither token nor sub are stored: id = BLAKE2b-128(key = the site's secret, sub), the same every day, so that one
 * viewer's facts can be exported and erased by whoever knows sub and the secret. */
#ifndef FF_FACT_VIEWER_H
#define FF_FACT_VIEWER_H

#include "base/err.h"
#include "base/str.h"
#include "base/uuid.h"
#include "fact/site.h"

struct ff_viewer {
	struct ff_uuid id;   /* never nil */
	bool           team; /* role author or team */
};

/* What is wrong with a token: a word for machines, a sentence for people. */
#define FF_TOKEN_FAULTS(X)                                                                   \
	X(NONE,      "ok",        "is good")                                                 \
	X(MALFORMED, "malformed", "is no JSON Web Token")                                    \
	X(ALGORITHM, "algorithm", "is not signed with HS256")                                \
	X(SIGNATURE, "signature", "is not signed with this site's secret")                   \
	X(CLAIMS,    "claims",    "lacks sub, aud or exp, or a claim is of the wrong type")  \
	X(AUDIENCE,  "audience",  "is for another audience")                                 \
	X(EXPIRED,   "expired",   "is expired")                                              \
	X(EARLY,     "early",     "is not valid yet")

enum ff_token_fault {
#define FF_TOKEN_FAULT_ENUM(name, word, sentence) FF_TOKEN_##name,
	FF_TOKEN_FAULTS(FF_TOKEN_FAULT_ENUM)
#undef FF_TOKEN_FAULT_ENUM
	FF_TOKEN_FAULT_COUNT
};

const char *ff_token_fault_word(enum ff_token_fault fault); /* "expired" */

/* The same judgement as ff_viewer_read, as a code. */
enum ff_token_fault ff_viewer_judge(struct ff_arena *arena, const struct ff_site *site, struct ff_str token,
    int64_t now_us, struct ff_viewer *out) ff_must_check;
/* FF_UNAUTHORIZED with field "token" and why ("is expired", "is for another audience", ...). */
enum ff_err ff_viewer_read(struct ff_arena *arena, const struct ff_site *site, struct ff_str token, int64_t now_us,
    struct ff_viewer *out, struct ff_fault *fault) ff_must_check;
/* Of a name that the host uses: for `footfall user-data`, and for the owner of an item. */
void ff_viewer_id(const uint8_t secret[32], struct ff_str sub, struct ff_uuid *out);
/* The visitor's identity of a viewer: positive, never 0. */
uint64_t ff_viewer_visitor(const struct ff_uuid *id);

#endif
