#include "base/utf8.h"

#include <string.h>

/* Length of the valid sequence at p (1-4), or 0. Source: Unicode 15, table 3-7. */
static size_t
sequence(const unsigned char *p, size_t left)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t        n;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (left < n)
		return 0;
	if (p[0] == 0xe0)
		lo = 0xa0;
	else if (p[0] == 0xed)
		hi = 0x9f;
	else if (p[0] == 0xf0)
		lo = 0x90;
	else if (p[0] == 0xf4)
		hi = 0x8f;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Eight bytes of ASCII stand there, none of them zero: most text is nothing else. */
static bool
plain_eight(const unsigned char *p, size_t left)
{
	uint64_t word;

	if (left < sizeof word)
		return false;
	memcpy(&word, p, sizeof word);
	/* A byte below 0x80 that is zero borrows from its neighbour. */
	return ((word | (word - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080)) == 0;
}

bool
ff_utf8_valid(struct ff_str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0, n; i < s.len; i += n) {
		n = plain_eight(p + i, s.len - i) ? 8 : sequence(p + i, s.len - i);
		if (n == 0 || p[i] == 0)
			return false;
	}
	return true;
}

static bool
begins_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

struct ff_str
ff_utf8_cut(struct ff_str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && !begins_character(s.p[max]))
		max--;
	return ff_str_sub(s, 0, max);
}

size_t
ff_utf8_characters(struct ff_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += begins_character(s.p[i]);
	return n;
}

struct ff_str
ff_utf8_first(struct ff_str s, size_t n)
{
	for (size_t i = 0; i < s.len; i++)
		if (begins_character(s.p[i]) && n-- == 0)
			return ff_str_sub(s, 0, i);
	return s;
}

static bool
is_printable(struct ff_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < 0x20 || s.p[i] >= 0x7f)
			return false;
	return true;
}

struct ff_str
ff_utf8_clean(struct ff_arena *arena, struct ff_str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	char                *out;
	size_t               len = 0;

	if (s.p == NULL)
		return s;
	if (is_printable(s))
		return ff_str_dup(arena, s);
	out = ff_alloc(arena, s.len * 3 + 1);
	for (size_t i = 0, n; i < s.len; i += n ? n : 1) {
		n = sequence(p + i, s.len - i);
		if (n == 0)
			len += ff_utf8_encode(0xfffd, out + len);
		else if (n == 1 && (p[i] < 0x20 || p[i] == 0x7f))
			out[len++] = ' ';
		else
			for (size_t k = 0; k < n; k++)
				out[len++] = (char)p[i + k];
	}
	out[len] = '\0';
	return (struct ff_str){ out, len };
}

size_t
ff_utf8_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}
