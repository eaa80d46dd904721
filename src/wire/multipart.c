#include "wire/multipart.h"

#include "base/utf8.h"

#define BOUNDARY_MAX 70 /* RFC 2046 */

bool
ff_multipart_is(struct ff_str content_type)
{
	struct ff_str type = ff_str_trim(ff_str_split(&content_type, ';'));

	return ff_str_eq_nocase(type, FF_STR("multipart/form-data"));
}

/* The value of one parameter: "x" of `name="x"` or `name=x`. */
static struct ff_str
parameter(struct ff_str header, struct ff_str name)
{
	ff_str_split(&header, ';');
	while (header.p != NULL) {
		struct ff_str value = ff_str_trim(ff_str_split(&header, ';'));
		struct ff_str key = ff_str_trim(ff_str_split(&value, '='));

		if (value.p == NULL || !ff_str_eq_nocase(key, name))
			continue;
		value = ff_str_trim(value);
		if (value.len >= 2 && value.p[0] == '"' && value.p[value.len - 1] == '"')
			value = ff_str_sub(value, 1, value.len - 2);
		return value;
	}
	return FF_STR_NONE;
}

/* The line up to CRLF; *rest goes behind it. */
static struct ff_str
take_line(struct ff_str *rest)
{
	size_t        at = ff_str_find(*rest, FF_STR("\r\n"));
	struct ff_str line = ff_str_sub(*rest, 0, at);

	*rest = ff_str_from_pos(*rest, at + 2);
	return line;
}

static enum ff_err
broken(struct ff_fault *fault)
{
	return ff_fault_set(fault, FF_INVALID, "request", "is no whole multipart/form-data");
}

/* Headers of a part up to the empty line; the name that its Content-Disposition gives. */
static enum ff_err
take_headers(struct ff_str *rest, struct ff_str *name, struct ff_fault *fault)
{
	*name = FF_STR_NONE;
	for (;;) {
		struct ff_str line, key;

		if (ff_str_find(*rest, FF_STR("\r\n")) >= rest->len)
			return broken(fault);
		line = take_line(rest);
		if (line.len == 0)
			return name->len > 0 && ff_utf8_valid(*name) ? FF_OK : broken(fault);
		key = ff_str_trim(ff_str_split(&line, ':'));
		if (line.p != NULL && ff_str_eq_nocase(key, FF_STR("Content-Disposition")))
			*name = parameter(line, FF_STR("name"));
	}
}

static enum ff_err
take_part(struct ff_arena *arena, struct ff_str *rest, struct ff_str mark, struct ff_pair *out, struct ff_fault *fault)
{
	size_t at;

	FF_TRY(take_headers(rest, &out->name, fault));
	at = ff_str_find(*rest, mark);
	if (at >= rest->len)
		return broken(fault);
	out->value = ff_str_sub(*rest, 0, at);
	*rest = ff_str_from_pos(*rest, at + mark.len);
	if (ff_utf8_valid(out->value))
		return FF_OK;
	return ff_fault_set(fault, FF_INVALID, ff_str_z(arena, ff_utf8_cut(out->name, sizeof fault->field - 1)),
	    "is not valid UTF-8 or holds a NUL");
}

enum ff_err
ff_multipart_parse(struct ff_arena *arena, struct ff_str content_type, struct ff_str body, size_t max,
    struct ff_pairs *out, struct ff_fault *fault)
{
	struct ff_str boundary = parameter(content_type, FF_STR("boundary"));
	struct ff_str mark = ff_str_printf(arena, "\r\n--%.*s", FF_STR_ARG(boundary));
	struct ff_str first = ff_str_from_pos(mark, 2);

	*out = (struct ff_pairs){ .v = FF_NEW_N(arena, max, struct ff_pair) };
	if (boundary.len == 0 || boundary.len > BOUNDARY_MAX || !ff_str_starts(body, first))
		return broken(fault);
	body = ff_str_from_pos(body, first.len);
	while (!ff_str_starts(body, FF_STR("--"))) {
		if (ff_str_trim(take_line(&body)).len > 0 || body.len == 0)
			return broken(fault);
		if (out->n == max)
			return ff_fault_set(fault, FF_TOO_LARGE, "request", "has more than %zu fields", max);
		FF_TRY(take_part(arena, &body, mark, &out->v[out->n], fault));
		out->n++;
	}
	return FF_OK;
}
