#include "fact/props.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

struct scan {
	const char *p, *end;
};

static void
skip_space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool
take(struct scan *s, char c)
{
	skip_space(s);
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool
take_hex4(struct scan *s, uint32_t *out)
{
	uint32_t value = 0;

	if (s->end - s->p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = *s->p++;

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	*out = value;
	return true;
}

/* Behind "\u". jsonb refuses U+0000 and half pairs, so we do. */
static bool
take_unicode(struct scan *s)
{
	uint32_t high, low;

	if (!take_hex4(s, &high) || high == 0 || (high >= 0xdc00 && high <= 0xdfff))
		return false;
	if (high < 0xd800 || high > 0xdbff)
		return true;
	if (s->end - s->p < 2 || s->p[0] != '\\' || s->p[1] != 'u')
		return false;
	s->p += 2;
	return take_hex4(s, &low) && low >= 0xdc00 && low <= 0xdfff;
}

static bool
take_escape(struct scan *s)
{
	char c;

	if (s->p == s->end)
		return false;
	c = *s->p++;
	if (c == 'u')
		return take_unicode(s);
	return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
}

static bool
take_string(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	while (s->p < s->end) {
		char c = *s->p++;

		if (c == '"')
			return true;
		if ((unsigned char)c < 0x20 || (c == '\\' && !take_escape(s)))
			return false;
	}
	return false;
}

bool
ff_props_valid(struct ff_str props)
{
	struct scan s = { props.p, props.p + props.len };
	int         pairs = 0;

	if (props.len == 0 || !ff_utf8_valid(props) || !take(&s, '{'))
		return false;
	if (!take(&s, '}')) {
		do {
			if (++pairs > FF_PROPS_MAX || !take_string(&s) || !take(&s, ':') || !take_string(&s))
				return false;
		} while (take(&s, ','));
		if (!take(&s, '}'))
			return false;
	}
	skip_space(&s);
	return s.p == s.end;
}
