#include "door/path.h"

#include "base/utf8.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at raw[i] stands for, or -1. */
static int
escaped(struct ff_str raw, size_t i)
{
	int high, low;

	if (raw.len - i < 3)
		return -1;
	high = hex_digit(raw.p[i + 1]);
	low = hex_digit(raw.p[i + 2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool
ff_path_decode(struct ff_arena *arena, struct ff_str raw, struct ff_str *out)
{
	char  *p = ff_alloc(arena, raw.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.len; i++) {
		int c = (unsigned char)raw.p[i];

		if (c == '%') {
			c = escaped(raw, i);
			i += 2;
		}
		if (c < 0x20 || c == 0x7f)
			return false;
		p[n++] = (char)c;
	}
	p[n] = '\0';
	*out = ff_str_of(p, n);
	return ff_utf8_valid(*out);
}
