#include "wire/csv.h"

#include <string.h>

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static size_t
skip_digits(struct ff_str s, size_t at)
{
	while (at < s.len && s.p[at] >= '0' && s.p[at] <= '9')
		at++;
	return at;
}

/* [+-]digits[.digits] */
static bool
is_number(struct ff_str s)
{
	size_t from = s.len > 0 && is_one_of(s.p[0], "+-"), at = skip_digits(s, from);

	if (at == from)
		return false;
	if (at < s.len && s.p[at] == '.') {
		from = at + 1;
		at = skip_digits(s, from);
	}
	return at == s.len && at > from;
}

/* Spreadsheets run such a field as a formula. */
static bool
is_formula(struct ff_str s)
{
	return s.len > 0 && is_one_of(s.p[0], "=+-@\t\r\n") && !is_number(s);
}

static bool
needs_quotes(struct ff_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_one_of(s.p[i], ",\"\r\n"))
			return true;
	return s.len > 0 && (s.p[0] == ' ' || s.p[s.len - 1] == ' ');
}

void
ff_csv_field(struct ff_buf *out, struct ff_str value, bool first)
{
	bool quotes = needs_quotes(value);

	if (!first)
		ff_buf_char(out, ',');
	if (quotes)
		ff_buf_char(out, '"');
	if (is_formula(value))
		ff_buf_char(out, '\'');
	for (size_t i = 0; i < value.len; i++) {
		if (value.p[i] == '"')
			ff_buf_char(out, '"');
		ff_buf_char(out, value.p[i]);
	}
	if (quotes)
		ff_buf_char(out, '"');
}

void
ff_csv_end(struct ff_buf *out)
{
	ff_buf_z(out, "\r\n");
}
