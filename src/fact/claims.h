/* claims.h - a JSON Web Token that a site's host minted (RFC 7519, RFC 7515): HS256 and nothing else, signed with the
 * site's secret; sub, aud (the site's domain, or a list with it) and exp (a minute's leeway) are required, nbf and iat are
 * held where they are given. What the other claims mean: viewer.h (who looks at a page), reader.h (who reads figures). */
#ifndef FF_FACT_CLAIMS_H
#define FF_FACT_CLAIMS_H

#include "base/err.h"
#include "base/str.h"
#include "fact/site.h"

struct ff_json;

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

const char *ff_token_fault_word(enum ff_token_fault fault);     /* "expired" */
const char *ff_token_fault_sentence(enum ff_token_fault fault); /* "is expired" */

/* Everything that must hold of any token; *claims only with FF_TOKEN_NONE. */
enum ff_token_fault ff_claims_judge(struct ff_arena *arena, const struct ff_site *site, struct ff_str token,
    int64_t now_us, const struct ff_json **claims) ff_must_check;
/* Whom the token says it is for, before anything of it is believed: up to max texts, to look sites up by. */
size_t ff_claims_audience(struct ff_arena *arena, struct ff_str token, struct ff_str *v, size_t max);
/* claim: a text, or a list that holds it. */
bool ff_claim_says(const struct ff_json *claim, struct ff_str text);

#endif
