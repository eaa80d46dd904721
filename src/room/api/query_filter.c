/* query_filter.c - filters: ["is", dimension, [values], {"case_sensitive": false}?], trees of them, segments. */
#include "base/utf8.h"
#include "fact/country.h"
#include "room/api/query.h"

enum family { FAMILY_NONE, FAMILY_LEAF, FAMILY_PATTERN, FAMILY_LIST, FAMILY_ONE };

static enum family
op_parse(struct ff_str name, enum ff_filter_op *out)
{
	static const struct {
		const char       *name;
		enum ff_filter_op op;
		enum family       family;
	} ops[] = {
		{ "is", FF_IS, FAMILY_LEAF },
		{ "is_not", FF_IS_NOT, FAMILY_LEAF },
		{ "contains", FF_CONTAINS, FAMILY_LEAF },
		{ "contains_not", FF_CONTAINS_NOT, FAMILY_LEAF },
		{ "matches", FF_MATCHES, FAMILY_PATTERN },
		{ "matches_not", FF_MATCHES_NOT, FAMILY_PATTERN },
		{ "and", FF_AND, FAMILY_LIST },
		{ "or", FF_OR, FAMILY_LIST },
		{ "not", FF_NOT, FAMILY_ONE },
		{ "has_done", FF_HAS_DONE, FAMILY_ONE },
		{ "has_not_done", FF_HAS_NOT_DONE, FAMILY_ONE },
	};

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (ff_str_eqz(name, ops[i].name)) {
			*out = ops[i].op;
			return ops[i].family;
		}
	return FAMILY_NONE;
}

bool
ff_api_dim_parse(struct ff_str name, struct ff_api_dim *out)
{
	static const struct {
		const char *name, *means;
	} other[] = { { "visit:country_name", "visit:country" }, { "visit:region_name", "visit:region" },
		{ "visit:city_name", "visit:city" } };
	struct ff_str means = name;

	*out = (struct ff_api_dim){ .name = name, .country_name = ff_str_eqz(name, "visit:country_name") };
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (ff_str_eqz(name, other[i].name))
			means = ff_str_from(other[i].means);
	return ff_asked_dim_parse(means, &out->dim) == FF_OK && out->dim.grain == FF_GRAIN_NONE;
}

/* ---- shape ---- */

static bool
all_whole(const struct ff_json *values)
{
	int64_t whole;

	for (const struct ff_json *v = ff_json_first(values); v != NULL; v = ff_json_next(v))
		if (!ff_json_i64(v, &whole))
			return false;
	return true;
}

static bool
values_shape(const struct ff_json *values)
{
	int64_t whole;

	for (const struct ff_json *v = ff_json_first(values); v != NULL; v = ff_json_next(v))
		if (ff_json_type(v) != FF_JSON_STRING && !ff_json_i64(v, &whole))
			return false;
	return ff_json_type(values) == FF_JSON_ARRAY;
}

static bool
modifiers_shape(const struct ff_json *modifiers)
{
	const struct ff_json *sensitive = ff_json_get(modifiers, "case_sensitive");

	return ff_json_type(modifiers) == FF_JSON_OBJECT && ff_json_count(modifiers) == (sensitive != NULL) &&
	       (sensitive == NULL || ff_json_type(sensitive) == FF_JSON_BOOL);
}

static bool
segment_shape(struct ff_api_query *query, enum ff_filter_op op, const struct ff_json *values)
{
	if (op != FF_IS || ff_json_type(values) != FF_JSON_ARRAY || ff_json_next(values) != NULL || !all_whole(values))
		return false;
	for (const struct ff_json *v = ff_json_first(values); v != NULL; v = ff_json_next(v)) {
		int64_t id = -1;
		bool    room = ff_json_i64(v, &id) && query->n_segment_ids < FF_API_SEGMENTS_MAX;

		if (room)
			query->segment_ids[query->n_segment_ids++] = id;
		query->too_many_segments = query->too_many_segments || !room;
	}
	return ff_json_first(values) != NULL;
}

static bool
leaf_shape(struct ff_api_query *query, enum ff_filter_op op, enum family family, const struct ff_json *node, bool in_segment)
{
	const struct ff_json *dim = ff_json_next(ff_json_first(node)), *values = ff_json_next(dim);
	const struct ff_json *modifiers = ff_json_next(values);
	struct ff_api_dim     asked;

	if (ff_str_eqz(ff_json_str(dim), "segment"))
		return !in_segment && segment_shape(query, op, values);
	if (!ff_api_dim_parse(ff_json_str(dim), &asked) || !values_shape(values))
		return false;
	if (asked.dim.goal && op != FF_IS && op != FF_CONTAINS)
		return false;
	query->uses_goals = query->uses_goals || asked.dim.goal;
	return modifiers == NULL ||
	       (family == FAMILY_LEAF && modifiers_shape(modifiers) && ff_json_next(modifiers) == NULL);
}

bool
ff_api_filter_shape(struct ff_api_query *query, const struct ff_json *node, bool in_segment)
{
	const struct ff_json *op = ff_json_first(node), *inner = ff_json_next(op);
	enum ff_filter_op     code;
	enum family           family = op_parse(ff_json_str(op), &code);

	if (ff_json_type(node) != FF_JSON_ARRAY || family == FAMILY_NONE || inner == NULL)
		return false;
	if (family == FAMILY_LEAF || family == FAMILY_PATTERN)
		return leaf_shape(query, code, family, node, in_segment);
	if (ff_json_next(inner) != NULL)
		return false;
	if (family == FAMILY_ONE)
		return ff_api_filter_shape(query, inner, in_segment);
	if (ff_json_type(inner) != FF_JSON_ARRAY || ff_json_first(inner) == NULL)
		return false;
	for (const struct ff_json *kid = ff_json_first(inner); kid != NULL; kid = ff_json_next(kid))
		if (!ff_api_filter_shape(query, kid, in_segment))
			return false;
	return true;
}

/* ---- meaning ---- */

static enum ff_err
refuse(struct ff_arena *arena, const struct ff_json *node, struct ff_fault *fault)
{
	return FF_REFUSE(fault, "Invalid filter '%.*s'.", FF_STR_ARG(ff_api_inspect(arena, node)));
}

/* Cities are asked for by number where the numbers are GeoNames'; ours are names, so that numbers find nothing. */
static enum ff_err
build_values(struct ff_arena *arena, const struct ff_json *node, const struct ff_json *values, struct ff_filter *out,
    struct ff_fault *fault)
{
	bool numbers = !out->dim.goal && out->dim.dim == FF_DIM_CITY && all_whole(values);
	bool codes = (out->op == FF_IS || out->op == FF_IS_NOT) && out->dim.dim == FF_DIM_COUNTRY;

	out->values = FF_NEW_N(arena, ff_json_count(values) + 1, struct ff_str);
	for (const struct ff_json *v = ff_json_first(values); v != NULL; v = ff_json_next(v)) {
		if (ff_json_type(v) != FF_JSON_STRING && !numbers)
			return refuse(arena, node, fault);
		out->values[out->n++] = numbers ? ff_json_text(arena, v) : ff_json_str(v);
	}
	for (size_t i = 0; codes && i < out->n; i++)
		if (ff_utf8_characters(out->values[i]) != 2 && !ff_str_eqz(out->values[i], "(not set)"))
			return FF_REFUSE(fault,
			    "Invalid visit:country filter, visit:country needs to be a valid 2-letter country code.");
	return FF_OK;
}

static bool
name_fits(struct ff_arena *arena, const struct ff_filter *f, struct ff_str name)
{
	bool part = f->op == FF_CONTAINS || f->op == FF_CONTAINS_NOT;

	for (size_t i = 0; i < f->n; i++) {
		struct ff_str value = f->case_insensitive ? ff_str_lower(arena, f->values[i]) : f->values[i];
		struct ff_str text = f->case_insensitive ? ff_str_lower(arena, name) : name;

		if (ff_str_eq(text, value) || (part && ff_str_find(text, value) < text.len))
			return true;
	}
	return false;
}

/* Countries are kept by code: a name stands for the codes it fits. */
static void
build_countries(struct ff_arena *arena, struct ff_filter *f)
{
	size_t                   n, found = 0;
	const struct ff_country *all = ff_countries(&n);
	struct ff_str           *codes = FF_NEW_N(arena, n + 1, struct ff_str), unknown = FF_STR("(not set)");
	bool                     negate = f->op == FF_IS_NOT || f->op == FF_CONTAINS_NOT;

	for (size_t i = 0; i < n; i++)
		if (name_fits(arena, f, ff_str_from(all[i].name)))
			codes[found++] = ff_str_from(all[i].code);
	if ((f->op == FF_IS || f->op == FF_IS_NOT) && name_fits(arena, f, unknown))
		codes[found++] = unknown;
	*f = (struct ff_filter){ .op = negate ? FF_IS_NOT : FF_IS, .dim = f->dim, .values = codes, .n = found };
}

/* The engine wants values. No text that is kept holds this one. */
static void
fill_empty(struct ff_arena *arena, struct ff_filter *f)
{
	bool negate = f->op == FF_IS_NOT || f->op == FF_CONTAINS_NOT || f->op == FF_MATCHES_NOT;

	if (f->n > 0)
		return;
	f->op = negate ? FF_IS_NOT : FF_IS;
	f->values = FF_NEW(arena, struct ff_str);
	f->values[0] = FF_STR("\001");
	f->n = 1;
}

/* Goals are few and at hand: what is asked for becomes their exact names. */
static void
build_goals(struct ff_arena *arena, const struct ff_api_query *query, struct ff_filter *f)
{
	struct ff_str *names = FF_NEW_N(arena, query->n_goals + 1, struct ff_str);
	size_t         n = 0;

	for (size_t i = 0; i < query->n_goals; i++)
		if (name_fits(arena, f, query->goals[i].name))
			names[n++] = query->goals[i].name;
	*f = (struct ff_filter){ .op = FF_IS, .dim = f->dim, .values = names, .n = n };
}

/* Plausible lets "contains" find nothing, but "is" must name goals that there are; it says so after its other checks. */
static void
note_unknown_goal(struct ff_api_query *query, const struct ff_filter *f)
{
	for (size_t i = 0; f->op == FF_IS && !f->case_insensitive && i < f->n; i++) {
		size_t g = 0;

		while (g < query->n_goals && !ff_str_eq(query->goals[g].name, f->values[i]))
			g++;
		if (g == query->n_goals && query->unknown_goal.p == NULL)
			query->unknown_goal = f->values[i];
	}
}

static enum ff_err
build_leaf(struct ff_arena *arena, struct ff_api_query *query, const struct ff_json *node, struct ff_filter *out,
    struct ff_fault *fault)
{
	const struct ff_json *dim = ff_json_next(ff_json_first(node)), *values = ff_json_next(dim);
	const struct ff_json *sensitive = ff_json_get(ff_json_next(values), "case_sensitive");
	struct ff_api_dim     asked;

	if (!ff_api_dim_parse(ff_json_str(dim), &asked))
		return refuse(arena, node, fault);
	out->dim = asked.dim;
	out->case_insensitive = sensitive != NULL && !ff_json_bool(sensitive);
	if (!asked.country_name)
		FF_TRY(build_values(arena, node, values, out, fault));
	else if (out->op == FF_MATCHES || out->op == FF_MATCHES_NOT)
		return FF_REFUSE(fault, "Invalid filters. visit:country_name cannot be filtered by patterns, visit:country can.");
	else
		out->values = ff_api_strings(arena, values, &out->n);
	if (asked.country_name)
		build_countries(arena, out);
	if (asked.dim.goal) {
		note_unknown_goal(query, out);
		build_goals(arena, query, out);
	}
	fill_empty(arena, out);
	return FF_OK;
}

static enum ff_err
build_kids(struct ff_arena *arena, struct ff_api_query *query, const struct ff_json *list, struct ff_filter *out,
    struct ff_fault *fault)
{
	out->kids = FF_NEW_N(arena, ff_json_count(list) + 1, struct ff_filter);
	for (const struct ff_json *kid = ff_json_first(list); kid != NULL; kid = ff_json_next(kid))
		FF_TRY(ff_api_filter_build(arena, query, kid, &out->kids[out->n_kids++], fault));
	return FF_OK;
}

/* One segment is all of its filters, several are any of them. */
static enum ff_err
build_segments(struct ff_arena *arena, struct ff_api_query *query, const struct ff_json *ids, struct ff_filter *out,
    struct ff_fault *fault)
{
	out->op = FF_OR;
	out->kids = FF_NEW_N(arena, ff_json_count(ids) + 1, struct ff_filter);
	for (const struct ff_json *id = ff_json_first(ids); id != NULL; id = ff_json_next(id)) {
		struct ff_filter     *kid = &out->kids[out->n_kids++];
		const struct ff_json *filters = ff_api_segment_find(query, id);

		kid->op = FF_AND;
		FF_TRY(build_kids(arena, query, filters, kid, fault));
	}
	if (out->n_kids == 1)
		*out = out->kids[0];
	return FF_OK;
}

enum ff_err
ff_api_filter_build(struct ff_arena *arena, struct ff_api_query *query, const struct ff_json *node,
    struct ff_filter *out, struct ff_fault *fault)
{
	const struct ff_json *op = ff_json_first(node), *inner = ff_json_next(op);

	*out = (struct ff_filter){ .op = FF_IS };
	switch (op_parse(ff_json_str(op), &out->op)) {
	case FAMILY_NONE:
		return refuse(arena, node, fault);
	case FAMILY_LEAF:
	case FAMILY_PATTERN:
		if (ff_str_eqz(ff_json_str(inner), "segment"))
			return build_segments(arena, query, ff_json_next(inner), out, fault);
		return build_leaf(arena, query, node, out, fault);
	case FAMILY_LIST:
		return build_kids(arena, query, inner, out, fault);
	case FAMILY_ONE:
		out->kids = FF_NEW(arena, struct ff_filter);
		out->n_kids = 1;
		return ff_api_filter_build(arena, query, inner, out->kids, fault);
	}
	return FF_OK;
}
