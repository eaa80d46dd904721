#include "fact/viewer.h"

#include "safe/hash.h"
#include "wire/json.h"

#include <string.h>

void
ff_viewer_id(const uint8_t secret[32], struct ff_str sub, struct ff_uuid *out)
{
	ff_hash(out->b, sizeof out->b, secret, &sub, 1);
}

uint64_t
ff_viewer_visitor(const struct ff_uuid *id)
{
	uint64_t visitor = 0;

	for (int i = 0; i < 8; i++)
		visitor = visitor << 8 | id->b[i];
	visitor >>= 1; /* a plain bigint */
	return visitor == 0 ? 1 : visitor;
}

static bool
is_team(const struct ff_json *claims)
{
	const struct ff_json *role = ff_json_get(claims, "role"), *roles = ff_json_get(claims, "roles");

	return ff_claim_says(role, FF_STR("author")) || ff_claim_says(role, FF_STR("team")) ||
	    ff_claim_says(roles, FF_STR("author")) || ff_claim_says(roles, FF_STR("team"));
}

enum ff_token_fault
ff_viewer_judge(struct ff_arena *arena, const struct ff_site *site, struct ff_str token, int64_t now_us,
    struct ff_viewer *out)
{
	const struct ff_json *claims;
	enum ff_token_fault   fault = ff_claims_judge(arena, site, token, now_us, &claims);

	*out = (struct ff_viewer){ 0 };
	if (fault != FF_TOKEN_NONE)
		return fault;
	ff_viewer_id(site->secret, ff_json_str(ff_json_get(claims, "sub")), &out->id);
	out->team = is_team(claims);
	return FF_TOKEN_NONE;
}

enum ff_err
ff_viewer_read(struct ff_arena *arena, const struct ff_site *site, struct ff_str token, int64_t now_us,
    struct ff_viewer *out, struct ff_fault *fault)
{
	enum ff_token_fault why = ff_viewer_judge(arena, site, token, now_us, out);

	return why == FF_TOKEN_NONE ? FF_OK : ff_fault_set(fault, FF_UNAUTHORIZED, "token", "%s", ff_token_fault_sentence(why));
}
