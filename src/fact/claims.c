#include "fact/claims.h"

#include "safe/jwt.h"
#include "wire/json.h"

#define SUB_MAX  200
#define LEEWAY_S 60

static const struct {
	const char *word, *sentence;
} faults[] = {
#define FAULT_ROW(name, word, sentence) { word, sentence },
	FF_TOKEN_FAULTS(FAULT_ROW)
#undef FAULT_ROW
};

const char *
ff_token_fault_word(enum ff_token_fault fault)
{
	return faults[fault].word;
}

const char *
ff_token_fault_sentence(enum ff_token_fault fault)
{
	return faults[fault].sentence;
}

/* alg is compared, never followed: "none", another hash or a public key's algorithm are all the same refusal. "crit"
 * names extensions that must be understood: none is. */
static enum ff_token_fault
judge_header(struct ff_arena *arena, const struct ff_jwt *jwt)
{
	const struct ff_json *header;

	if (ff_json_parse(arena, jwt->header, &header, NULL) != FF_OK || ff_json_type(header) != FF_JSON_OBJECT)
		return FF_TOKEN_MALFORMED;
	if (!ff_str_eqz(ff_json_str(ff_json_get(header, "alg")), "HS256") || ff_json_get(header, "crit") != NULL)
		return FF_TOKEN_ALGORITHM;
	return FF_TOKEN_NONE;
}

/* claim: a text, or a list that holds it. */
bool
ff_claim_says(const struct ff_json *claim, struct ff_str text)
{
	if (ff_json_type(claim) != FF_JSON_ARRAY)
		return ff_json_type(claim) == FF_JSON_STRING && ff_str_eq(ff_json_str(claim), text);
	for (claim = ff_json_first(claim); claim != NULL; claim = ff_json_next(claim))
		if (ff_json_type(claim) == FF_JSON_STRING && ff_str_eq(ff_json_str(claim), text))
			return true;
	return false;
}

static bool
is_number_if_there(const struct ff_json *claim)
{
	return claim == NULL || ff_json_type(claim) == FF_JSON_NUMBER;
}

static enum ff_token_fault
judge_times(const struct ff_json *claims, int64_t now_us)
{
	const struct ff_json *exp = ff_json_get(claims, "exp"), *nbf = ff_json_get(claims, "nbf"),
			     *iat = ff_json_get(claims, "iat");
	double now = (double)now_us / 1e6;

	if (exp == NULL || !is_number_if_there(exp) || !is_number_if_there(nbf) || !is_number_if_there(iat))
		return FF_TOKEN_CLAIMS;
	if (now >= ff_json_double(exp) + LEEWAY_S)
		return FF_TOKEN_EXPIRED;
	if ((nbf != NULL && now < ff_json_double(nbf) - LEEWAY_S) || (iat != NULL && now < ff_json_double(iat) - LEEWAY_S))
		return FF_TOKEN_EARLY;
	return FF_TOKEN_NONE;
}

static enum ff_token_fault
judge_payload(struct ff_arena *arena, const struct ff_site *site, struct ff_str payload, int64_t now_us,
    const struct ff_json **out)
{
	const struct ff_json *claims;
	struct ff_str         sub;

	if (ff_json_parse(arena, payload, &claims, NULL) != FF_OK || ff_json_type(claims) != FF_JSON_OBJECT)
		return FF_TOKEN_MALFORMED;
	sub = ff_json_str(ff_json_get(claims, "sub"));
	if (sub.len == 0 || sub.len > SUB_MAX || ff_json_get(claims, "aud") == NULL)
		return FF_TOKEN_CLAIMS;
	if (!ff_claim_says(ff_json_get(claims, "aud"), site->domain))
		return FF_TOKEN_AUDIENCE;
	*out = claims;
	return judge_times(claims, now_us);
}

enum ff_token_fault
ff_claims_judge(struct ff_arena *arena, const struct ff_site *site, struct ff_str token, int64_t now_us,
    const struct ff_json **claims)
{
	struct ff_jwt       jwt;
	enum ff_token_fault fault;

	*claims = NULL;
	if (ff_jwt_split(arena, token, &jwt) != FF_OK)
		return FF_TOKEN_MALFORMED;
	fault = judge_header(arena, &jwt);
	if (fault != FF_TOKEN_NONE)
		return fault;
	if (!ff_jwt_verify(&jwt, ff_str_of((const char *)site->secret, sizeof site->secret)))
		return FF_TOKEN_SIGNATURE;
	return judge_payload(arena, site, jwt.payload, now_us, claims);
}

size_t
ff_claims_audience(struct ff_arena *arena, struct ff_str token, struct ff_str *v, size_t max)
{
	const struct ff_json *claims, *aud;
	struct ff_jwt         jwt;
	size_t                n = 0;

	if (max == 0 || ff_jwt_split(arena, token, &jwt) != FF_OK ||
	    ff_json_parse(arena, jwt.payload, &claims, NULL) != FF_OK || ff_json_type(claims) != FF_JSON_OBJECT)
		return 0;
	aud = ff_json_get(claims, "aud");
	if (ff_json_type(aud) == FF_JSON_STRING) {
		v[0] = ff_json_str(aud);
		return 1;
	}
	for (aud = ff_json_first(aud); aud != NULL && n < max; aud = ff_json_next(aud))
		if (ff_json_type(aud) == FF_JSON_STRING)
			v[n++] = ff_json_str(aud);
	return n;
}
