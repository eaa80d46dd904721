#include "wire/percent.h"

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of the escape at the head of s, or -1. */
static int
escape_value(struct ff_str s)
{
	int high, low;

	if (s.len < 3 || s.p[0] != '%')
		return -1;
	high = hex_value(s.p[1]);
	low = hex_value(s.p[2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

struct ff_str
ff_percent_decode(struct ff_arena *arena, struct ff_str text, bool plus)
{
	char  *out = ff_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		int byte = escape_value(ff_str_from_pos(text, i));

		if (byte >= 0) {
			out[len++] = (char)byte;
			i += 2;
		} else {
			out[len++] = plus && text.p[i] == '+' ? ' ' : text.p[i];
		}
	}
	out[len] = '\0';
	return ff_str_of(out, len);
}
