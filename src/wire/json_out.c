#include "wire/json.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void
ff_json_out_init(struct ff_json_out *out, struct ff_buf *buf)
{
	*out = (struct ff_json_out){ .buf = buf };
}

/* Before each value or key: the comma it may need. Behind it the next one needs one. */
static void
begin(struct ff_json_out *out)
{
	if (out->need_comma)
		ff_buf_char(out->buf, ',');
	out->need_comma = true;
}

static void
open_with(struct ff_json_out *out, char bracket)
{
	begin(out);
	ff_buf_char(out->buf, bracket);
	out->need_comma = false;
}

static void
close_with(struct ff_json_out *out, char bracket)
{
	ff_buf_char(out->buf, bracket);
	out->need_comma = true;
}

void
ff_json_object(struct ff_json_out *out)
{
	open_with(out, '{');
}

void
ff_json_object_end(struct ff_json_out *out)
{
	close_with(out, '}');
}

void
ff_json_array(struct ff_json_out *out)
{
	open_with(out, '[');
}

void
ff_json_array_end(struct ff_json_out *out)
{
	close_with(out, ']');
}

/* How the ASCII character c is written, or NULL for as it is. */
static const char *
short_escape(char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	case '<':
		return "\\u003c";
	case '>':
		return "\\u003e";
	case '&':
		return "\\u0026";
	default:
		return NULL;
	}
}

/* Length of the valid multi-byte character at the head of s, 0 if there is none. */
static size_t
character(struct ff_str s)
{
	unsigned char lead = (unsigned char)s.p[0];
	size_t        n = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	return s.len >= n && ff_utf8_valid(ff_str_sub(s, 0, n)) ? n : 0;
}

/* Writes what stands at the head of s and returns how many bytes it was. */
static size_t
put_special(struct ff_buf *buf, struct ff_str s)
{
	const char *escape = short_escape(s.p[0]);
	size_t      n;

	if (escape != NULL) {
		ff_buf_z(buf, escape);
		return 1;
	}
	if ((unsigned char)s.p[0] < 0x80) {
		ff_buf_printf(buf, "\\u%04x", (unsigned)s.p[0]);
		return 1;
	}
	n = character(s);
	if (n == 0)
		ff_buf_z(buf, "\\ufffd");
	else if (ff_str_starts(s, FF_STR("\xe2\x80\xa8")) || ff_str_starts(s, FF_STR("\xe2\x80\xa9")))
		ff_buf_z(buf, s.p[2] == '\xa8' ? "\\u2028" : "\\u2029");
	else
		ff_buf_put(buf, s.p, n);
	return n > 0 ? n : 1;
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f && short_escape(c) == NULL;
}

static void
put_quoted(struct ff_buf *buf, struct ff_str s)
{
	size_t n;

	ff_buf_char(buf, '"');
	for (size_t i = 0; i < s.len; i += n) {
		for (n = 0; i + n < s.len && is_plain(s.p[i + n]); n++)
			;
		if (n > 0)
			ff_buf_put(buf, s.p + i, n);
		else
			n = put_special(buf, ff_str_from_pos(s, i));
	}
	ff_buf_char(buf, '"');
}

void
ff_json_put_key(struct ff_json_out *out, const char *key)
{
	ff_json_put_key_str(out, ff_str_from(key));
}

void
ff_json_put_key_str(struct ff_json_out *out, struct ff_str key)
{
	begin(out);
	put_quoted(out->buf, key);
	ff_buf_char(out->buf, ':');
	out->need_comma = false;
}

void
ff_json_put_str(struct ff_json_out *out, struct ff_str value)
{
	begin(out);
	put_quoted(out->buf, value);
}

void
ff_json_put_z(struct ff_json_out *out, const char *value)
{
	if (value == NULL)
		ff_json_put_null(out);
	else
		ff_json_put_str(out, ff_str_from(value));
}

void
ff_json_put_i64(struct ff_json_out *out, int64_t value)
{
	begin(out);
	ff_buf_i64(out->buf, value);
}

static void
put_fraction(struct ff_json_out *out, double value)
{
	char text[32];

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	begin(out);
	ff_buf_z(out->buf, text);
}

void
ff_json_put_double(struct ff_json_out *out, double value)
{
	if (!isfinite(value))
		ff_json_put_null(out);
	else if (fabs(value) < 0x1p53 && value == (double)(int64_t)value)
		ff_json_put_i64(out, (int64_t)value); /* %g would write 100 as 1e+02 */
	else
		put_fraction(out, value);
}

void
ff_json_put_bool(struct ff_json_out *out, bool value)
{
	begin(out);
	ff_buf_z(out->buf, value ? "true" : "false");
}

void
ff_json_put_null(struct ff_json_out *out)
{
	begin(out);
	ff_buf_z(out->buf, "null");
}

void
ff_json_put_raw(struct ff_json_out *out, struct ff_str json)
{
	begin(out);
	ff_buf_str(out->buf, json);
}
