#include "base/str.h"
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool
ff_str_eq_nocase(struct ff_str a, struct ff_str b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.p, b.p, a.len) == 0);
}

int
ff_str_cmp(struct ff_str a, struct ff_str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int    c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return c != 0 ? c : (a.len > b.len) - (a.len < b.len);
}

bool
ff_str_starts(struct ff_str s, struct ff_str prefix)
{
	return s.len >= prefix.len && ff_str_eq(ff_str_sub(s, 0, prefix.len), prefix);
}

bool
ff_str_starts_nocase(struct ff_str s, struct ff_str prefix)
{
	return s.len >= prefix.len && ff_str_eq_nocase(ff_str_sub(s, 0, prefix.len), prefix);
}

bool
ff_str_ends(struct ff_str s, struct ff_str suffix)
{
	return s.len >= suffix.len && ff_str_eq(ff_str_from_pos(s, s.len - suffix.len), suffix);
}

size_t
ff_str_find(struct ff_str s, struct ff_str needle)
{
	const char *hit;

	if (s.len == 0 || needle.len == 0)
		return needle.len == 0 ? 0 : s.len;
	hit = memmem(s.p, s.len, needle.p, needle.len);
	return hit == NULL ? s.len : (size_t)(hit - s.p);
}

size_t
ff_str_find_char(struct ff_str s, char c)
{
	const char *hit = s.len == 0 ? NULL : memchr(s.p, c, s.len);

	return hit == NULL ? s.len : (size_t)(hit - s.p);
}

size_t
ff_str_rfind_char(struct ff_str s, char c)
{
	const char *hit = s.len == 0 ? NULL : memrchr(s.p, c, s.len);

	return hit == NULL ? s.len : (size_t)(hit - s.p);
}

bool
ff_str_contains_nocase(struct ff_str s, struct ff_str needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (ff_str_eq_nocase(ff_str_of(s.p + i, needle.len), needle))
			return true;
	return false;
}

struct ff_str
ff_str_sub(struct ff_str s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return (struct ff_str){ s.p == NULL ? NULL : s.p + from, len };
}

struct ff_str
ff_str_from_pos(struct ff_str s, size_t from)
{
	return ff_str_sub(s, from, s.len);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct ff_str
ff_str_trim(struct ff_str s)
{
	while (s.len > 0 && is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

struct ff_str
ff_str_split(struct ff_str *rest, char c)
{
	size_t        at = ff_str_find_char(*rest, c);
	struct ff_str part = ff_str_sub(*rest, 0, at);

	*rest = at == rest->len ? FF_STR_NONE : ff_str_from_pos(*rest, at + 1);
	return part;
}

bool
ff_str_letters(struct ff_str s, char *out, size_t n)
{
	if (s.len != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		out[i] = (char)(s.p[i] & ~0x20);
		if (out[i] < 'A' || out[i] > 'Z')
			return false;
	}
	return true;
}

struct ff_str
ff_str_dup(struct ff_arena *arena, struct ff_str s)
{
	return (struct ff_str){ s.p == NULL ? NULL : ff_str_z(arena, s), s.len };
}

struct ff_str
ff_str_lower(struct ff_arena *arena, struct ff_str s)
{
	char *p = ff_str_z(arena, s);

	for (size_t i = 0; i < s.len; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + 32);
	return (struct ff_str){ s.p == NULL ? NULL : p, s.len };
}

char *
ff_str_z(struct ff_arena *arena, struct ff_str s)
{
	char *p = ff_alloc(arena, s.len + 1);

	if (s.len > 0)
		memcpy(p, s.p, s.len);
	p[s.len] = '\0';
	return p;
}

struct ff_str
ff_str_printf(struct ff_arena *arena, const char *fmt, ...)
{
	va_list ap, again;
	int     n;
	char   *p;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		ff_panic("bad format");
	p = ff_alloc(arena, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct ff_str){ p, (size_t)n };
}

uint64_t
ff_str_hash(struct ff_str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	return h ^ (h >> 32);
}
