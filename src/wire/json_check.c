#include "wire/json_check.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

struct scan {
	struct ff_str    text;
	size_t           at;
	int              depth_max;
	struct ff_fault *fault;
};

static enum ff_err check_value(struct scan *s, int depth);

static enum ff_err
refuse(struct scan *s, const char *why)
{
	return ff_fault_set(s->fault, FF_INVALID, "request", "%s", why);
}

static enum ff_err
no_json(struct scan *s)
{
	return ff_fault_set(s->fault, FF_INVALID, "request", "is not valid JSON at byte %zu", s->at);
}

/* The byte at hand; NUL at the end, which the UTF-8 check keeps out of the text itself. */
static char
peek(const struct scan *s)
{
	return s->at < s->text.len ? s->text.p[s->at] : '\0';
}

static bool
take(struct scan *s, char c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static void
skip_space(struct scan *s)
{
	while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
		s->at++;
}

static bool
skip_digits(struct scan *s)
{
	size_t from = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at > from;
}

static enum ff_err
check_number(struct scan *s)
{
	size_t from = s->at;

	take(s, '-');
	if (!take(s, '0') && !skip_digits(s))
		return no_json(s);
	if (take(s, '.') && !skip_digits(s))
		return no_json(s);
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		if (!skip_digits(s))
			return no_json(s);
	}
	return s->at - from > FF_JSON_NUMBER_MAX ? refuse(s, "holds a number of more than 63 characters") : FF_OK;
}

static enum ff_err
check_word(struct scan *s, struct ff_str word)
{
	if (!ff_str_starts(ff_str_from_pos(s->text, s->at), word))
		return no_json(s);
	s->at += word.len;
	return FF_OK;
}

/* Four hex digits; -1 if there are none. */
static int
take_hex4(struct scan *s)
{
	int unit = 0;

	for (int i = 0; i < 4; i++, s->at++) {
		char c = peek(s);

		if (c >= '0' && c <= '9')
			unit = unit << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			unit = unit << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return unit;
}

/* Behind "\u". A high surrogate must be followed by a low one, which stands nowhere else. */
static enum ff_err
check_unicode_escape(struct scan *s)
{
	int unit = take_hex4(s), low;

	if (unit < 0)
		return no_json(s);
	if (unit == 0)
		return refuse(s, "holds \\u0000");
	if (unit < 0xd800 || unit > 0xdfff)
		return FF_OK;
	if (unit > 0xdbff || !take(s, '\\') || !take(s, 'u'))
		return refuse(s, "holds half a surrogate pair");
	low = take_hex4(s);
	return low >= 0xdc00 && low <= 0xdfff ? FF_OK : refuse(s, "holds half a surrogate pair");
}

static enum ff_err
check_string(struct scan *s)
{
	if (!take(s, '"'))
		return no_json(s);
	while (!take(s, '"')) {
		char c = peek(s);

		if ((unsigned char)c < 0x20) /* the end of the text, too */
			return no_json(s);
		s->at++;
		if (c != '\\')
			continue;
		if (take(s, 'u'))
			FF_TRY(check_unicode_escape(s));
		else if (peek(s) != '\0' && strchr("\"\\/bfnrt", peek(s)) != NULL)
			s->at++;
		else
			return no_json(s);
	}
	return FF_OK;
}

static enum ff_err
check_member(struct scan *s, int depth)
{
	skip_space(s);
	FF_TRY(check_string(s));
	skip_space(s);
	if (!take(s, ':'))
		return no_json(s);
	return check_value(s, depth);
}

/* Behind the opening bracket: what `check_one` reads, between commas, up to `close`. */
static enum ff_err
check_list(struct scan *s, int depth, char close, size_t max, enum ff_err (*check_one)(struct scan *, int))
{
	skip_space(s);
	if (take(s, close))
		return FF_OK;
	for (size_t n = 1; n <= max; n++) {
		FF_TRY(check_one(s, depth));
		skip_space(s);
		if (take(s, close))
			return FF_OK;
		if (!take(s, ','))
			return no_json(s);
	}
	return ff_fault_set(s->fault, FF_INVALID, "request", "has more than %zu members in one object", max);
}

static enum ff_err
check_nested(struct scan *s, int depth)
{
	if (depth == s->depth_max)
		return ff_fault_set(s->fault, FF_INVALID, "request", "is nested deeper than %d", s->depth_max);
	if (take(s, '{'))
		return check_list(s, depth + 1, '}', FF_JSON_KEYS_MAX, check_member);
	s->at++;
	return check_list(s, depth + 1, ']', FF_BATCH_MAX, check_value);
}

static enum ff_err
check_value(struct scan *s, int depth)
{
	skip_space(s);
	switch (peek(s)) {
	case '{':
	case '[':
		return check_nested(s, depth);
	case '"':
		return check_string(s);
	case 't':
		return check_word(s, FF_STR("true"));
	case 'f':
		return check_word(s, FF_STR("false"));
	case 'n':
		return check_word(s, FF_STR("null"));
	default:
		return check_number(s);
	}
}

enum ff_err
ff_json_check(struct ff_str text, int depth_max, struct ff_fault *fault)
{
	struct scan s = { .text = text, .depth_max = depth_max, .fault = fault };

	if (text.len > FF_BATCH_MAX)
		return ff_fault_set(fault, FF_TOO_LARGE, "request", "is larger than %d bytes", FF_BATCH_MAX);
	if (!ff_utf8_valid(text))
		return refuse(&s, "is not valid UTF-8");
	skip_space(&s);
	if (s.at == text.len)
		return refuse(&s, "is empty");
	FF_TRY(check_value(&s, 0));
	skip_space(&s);
	if (s.at < text.len)
		return ff_fault_set(fault, FF_INVALID, "request", "has bytes behind the JSON value at byte %zu", s.at);
	return FF_OK;
}
