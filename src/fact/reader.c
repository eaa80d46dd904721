#include "fact/reader.h"

#include "base/limits.h"
#include "fact/claims.h"
#include "fact/sites.h"
#include "wire/json.h"

#define AUDIENCES_MAX 4

static const char unsigned_sentence[] = "is not signed with HS256 and the secret of the site in aud";

static enum ff_err
refuse(struct ff_fault *fault, const char *why)
{
	return ff_fault_set(fault, FF_UNAUTHORIZED, "Authorization", "%s", why);
}

/* What figures call items that have no owner or collection; nobody's name. */
static bool
is_nobody(struct ff_str text)
{
	return text.len == 0 || ff_str_eqz(text, "(not set)") || ff_str_eqz(text, "(none)");
}

static enum ff_err
read_narrowing(const struct ff_json *scope, struct ff_reader *out, struct ff_fault *fault)
{
	const struct {
		const char    *name;
		struct ff_str *to;
	} members[] = { { "owner", &out->owner }, { "collection", &out->collection }, { "kind", &out->kind } };

	if (scope == NULL)
		return FF_OK;
	if (ff_json_type(scope) != FF_JSON_OBJECT)
		return refuse(fault, "has a claim scope that is no object of owner, collection, kind");
	for (scope = ff_json_first(scope); scope != NULL; scope = ff_json_next(scope)) {
		struct ff_str value = ff_json_str(scope);
		size_t        i = 0;

		while (i < sizeof members / sizeof *members && !ff_str_eqz(ff_json_key(scope), members[i].name))
			i++;
		if (i == sizeof members / sizeof *members || is_nobody(value) || value.len > FF_ITEM_OWNER_MAX)
			return refuse(fault, "has a claim scope that is no object of owner, collection, kind");
		*members[i].to = value;
	}
	return FF_OK;
}

static enum ff_err
read_claims(const struct ff_json *claims, struct ff_reader *out, struct ff_fault *fault)
{
	struct ff_str role = ff_json_str(ff_json_get(claims, "role"));

	FF_TRY(read_narrowing(ff_json_get(claims, "scope"), out, fault));
	out->moderator = ff_str_eqz(role, "moderator");
	if (ff_str_eqz(role, "owner") && out->owner.len == 0)
		out->owner = ff_json_str(ff_json_get(claims, "sub"));
	if (out->owner.len > 0 && is_nobody(out->owner))
		return refuse(fault, "is for an owner that is nobody's name");
	if (!out->moderator && !ff_str_eqz(role, "viewer") && !ff_str_eqz(role, "owner"))
		return refuse(fault, "has no role that reads figures: viewer, moderator or owner");
	return FF_OK;
}

/* What is wrong before the signature is known to be good is told as one thing. */
static enum ff_err
refuse_token(enum ff_token_fault why, struct ff_fault *fault)
{
	bool known = why == FF_TOKEN_CLAIMS || why == FF_TOKEN_EXPIRED || why == FF_TOKEN_EARLY;

	return refuse(fault, known ? ff_token_fault_sentence(why) : unsigned_sentence);
}

enum ff_err
ff_reader_read(struct ff_db *db, struct ff_arena *arena, struct ff_str token, int64_t now_us, struct ff_reader *out,
    struct ff_fault *fault)
{
	struct ff_str audiences[AUDIENCES_MAX];
	size_t        n = ff_claims_audience(arena, token, audiences, AUDIENCES_MAX);

	*out = (struct ff_reader){ 0 };
	for (size_t i = 0; i < n; i++) {
		const struct ff_json *claims;
		struct ff_site        site;
		enum ff_token_fault   why;
		enum ff_err           err = ff_sites_find(db, arena, audiences[i], &site);

		if (err == FF_NOT_FOUND || (err == FF_OK && !ff_str_eq(site.domain, audiences[i])))
			continue;
		FF_TRY(err);
		why = ff_claims_judge(arena, &site, token, now_us, &claims);
		if (why == FF_TOKEN_SIGNATURE && i + 1 < n)
			continue; /* of another one of its audiences, perhaps */
		if (why != FF_TOKEN_NONE)
			return refuse_token(why, fault);
		out->site_id = site.site_id;
		return read_claims(claims, out, fault);
	}
	return refuse(fault, unsigned_sentence);
}
