#include "wire/query.h"
#include "base/utf8.h"
#include "wire/percent.h"

#include <string.h>

static size_t
count_parts(struct ff_str rest)
{
	size_t n = 0;

	while (rest.p != NULL)
		if (ff_str_split(&rest, '&').len > 0)
			n++;
	return n;
}

/* The fault's field holds 63 bytes: cut between characters, so that the answer stays valid UTF-8. */
static enum ff_err
refuse(struct ff_arena *arena, struct ff_str name, struct ff_fault *fault)
{
	if (!ff_utf8_valid(name) || name.len == 0)
		name = FF_STR("request");
	name = ff_utf8_cut(name, sizeof fault->field - 1);
	return ff_fault_set(fault, FF_INVALID, ff_str_z(arena, name), "is not valid UTF-8 or holds a NUL");
}

static enum ff_err
parse_pair(struct ff_arena *arena, struct ff_str part, struct ff_pair *out, struct ff_fault *fault)
{
	size_t at = ff_str_find_char(part, '=');

	out->name = ff_percent_decode(arena, ff_str_sub(part, 0, at), true);
	out->value = ff_percent_decode(arena, ff_str_from_pos(part, at + 1), true);
	return ff_utf8_valid(out->name) && ff_utf8_valid(out->value) ? FF_OK : refuse(arena, out->name, fault);
}

enum ff_err
ff_query_parse(struct ff_arena *arena, struct ff_str text, size_t max, struct ff_pairs *out, struct ff_fault *fault)
{
	size_t n = count_parts(text);

	*out = (struct ff_pairs){ 0 };
	if (n > max)
		return ff_fault_set(fault, FF_TOO_LARGE, "request", "has more than %zu parameters", max);
	out->v = FF_NEW_N(arena, n, struct ff_pair);
	while (text.p != NULL) {
		struct ff_str part = ff_str_split(&text, '&');

		if (part.len > 0)
			FF_TRY(parse_pair(arena, part, &out->v[out->n++], fault));
	}
	return FF_OK;
}

struct ff_str
ff_pairs_find(const struct ff_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->n; i++)
		if (ff_str_eqz(pairs->v[i].name, name))
			return pairs->v[i].value;
	return FF_STR_NONE;
}

struct ff_str
ff_cookie_find(struct ff_str header, const char *name)
{
	while (header.p != NULL) {
		struct ff_str value = ff_str_split(&header, ';');
		struct ff_str key = ff_str_split(&value, '=');

		if (value.p != NULL && ff_str_eqz(ff_str_trim(key), name))
			return ff_str_trim(value);
	}
	return FF_STR_NONE;
}
