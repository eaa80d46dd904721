#include "wire/url.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "wire/percent.h"

#include <arpa/inet.h>
#include <string.h>

static bool
is_alpha(char c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Cuts text at the first stop; *rest begins with that byte, or is absent. */
static struct ff_str
cut_at(struct ff_str text, char stop, struct ff_str *rest)
{
	size_t at = ff_str_find_char(text, stop);

	*rest = at < text.len ? ff_str_from_pos(text, at) : FF_STR_NONE;
	return ff_str_sub(text, 0, at);
}

static bool
has_blank(struct ff_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] < 0x21)
			return true;
	return false;
}

static bool
scheme_ok(struct ff_str scheme)
{
	if (scheme.len == 0 || !is_alpha(scheme.p[0]))
		return false;
	for (size_t i = 1; i < scheme.len; i++)
		if (!is_alpha(scheme.p[i]) && !is_digit(scheme.p[i]) && strchr("+-.", scheme.p[i]) == NULL)
			return false;
	return true;
}

/* "[...]" holding an IPv6 address, no zone. */
static bool
address_ok(struct ff_str host)
{
	char            text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (host.len < 4 || host.len - 2 >= sizeof text || host.p[host.len - 1] != ']')
		return false;
	memcpy(text, host.p + 1, host.len - 2);
	text[host.len - 2] = '\0';
	return inet_pton(AF_INET6, text, &address) == 1;
}

/* Labels of letters, digits, '-', '_' and, for names that were never turned into punycode, valid UTF-8. */
static bool
name_ok(struct ff_str host)
{
	if (host.len > FF_HOST_MAX || !ff_utf8_valid(host))
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.p[i];

		if (c == '.' && (i == 0 || host.p[i - 1] == '.'))
			return false;
		if (!is_alpha(c) && !is_digit(c) && strchr("-_.", c) == NULL && !((unsigned char)c & 0x80))
			return false;
	}
	return true;
}

/* host[:port] with userinfo before it. A backslash is refused before the userinfo is dropped: browsers end the
 * authority there, so "http://a\@b/" would be another host to them than to us. */
static enum ff_err
parse_authority(struct ff_arena *arena, struct ff_str text, struct ff_url *out)
{
	size_t        at = ff_str_rfind_char(text, '@');
	struct ff_str port;
	uint64_t      number;

	if (ff_str_find_char(text, '\\') < text.len)
		return FF_INVALID;
	if (at < text.len)
		text = ff_str_from_pos(text, at + 1);
	if (text.len > 0 && text.p[0] == '[') {
		size_t end = ff_str_find_char(text, ']');

		out->host = ff_str_sub(text, 0, end + 1);
		port = ff_str_from_pos(text, end + 1);
	} else {
		out->host = cut_at(text, ':', &port);
	}
	if (out->host.len > 0 && !(out->host.p[0] == '[' ? address_ok(out->host) : name_ok(out->host)))
		return FF_INVALID;
	if (port.len > 0 && port.p[0] != ':')
		return FF_INVALID;
	out->port = ff_str_from_pos(port, 1);
	if (out->port.len > 0 && (!ff_num_u64(out->port, &number) || number > 65535))
		return FF_INVALID;
	out->host = ff_str_lower(arena, out->host);
	return FF_OK;
}

static size_t
authority_end(struct ff_str text)
{
	size_t end = 0;

	while (end < text.len && text.p[end] != '/' && text.p[end] != '?' && text.p[end] != '#')
		end++;
	return end;
}

/* path[?query][#fragment] */
static void
parse_tail(struct ff_str text, struct ff_url *out)
{
	struct ff_str rest;

	text = cut_at(text, '#', &rest);
	out->fragment = ff_str_from_pos(rest, 1);
	out->path = cut_at(text, '?', &rest);
	out->query = ff_str_from_pos(rest, 1);
}

enum ff_err
ff_url_parse(struct ff_arena *arena, struct ff_str text, struct ff_url *out)
{
	struct ff_str rest, authority;
	size_t        colon, end;

	*out = (struct ff_url){ 0 };
	text = ff_str_trim(text);
	if (text.len == 0 || has_blank(text))
		return FF_INVALID;
	if (text.p[0] == '/') {
		parse_tail(text, out);
		return FF_OK;
	}
	colon = ff_str_find(text, FF_STR("://"));
	if (colon == text.len || !scheme_ok(ff_str_sub(text, 0, colon)))
		return FF_INVALID;
	out->scheme = ff_str_lower(arena, ff_str_sub(text, 0, colon));
	rest = ff_str_from_pos(text, colon + 3);
	end = authority_end(rest);
	authority = ff_str_sub(rest, 0, end);
	rest = end < rest.len ? ff_str_from_pos(rest, end) : FF_STR_NONE;
	FF_TRY(parse_authority(arena, authority, out));
	if (out->host.len == 0 && (ff_str_eqz(out->scheme, "http") || ff_str_eqz(out->scheme, "https")))
		return FF_INVALID;
	parse_tail(rest, out);
	return FF_OK;
}

struct ff_str
ff_url_decode(struct ff_arena *arena, struct ff_str text)
{
	return text.p == NULL ? text : ff_utf8_clean(arena, ff_percent_decode(arena, text, false));
}

void
ff_url_encode(struct ff_buf *out, struct ff_str text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];
		char          escape[3] = { '%', digits[c >> 4], digits[c & 15] };

		if (is_alpha((char)c) || is_digit((char)c) || (c != '\0' && strchr("-._~", c) != NULL))
			ff_buf_char(out, (char)c);
		else
			ff_buf_put(out, escape, sizeof escape);
	}
}

/* "host:80" and "[::1]:80" without the port; a bare IPv6 address has more than one colon and no port. */
static struct ff_str
without_port(struct ff_str host)
{
	size_t colon = ff_str_rfind_char(host, ':');

	if (host.len > 0 && host.p[0] == '[')
		return ff_str_sub(host, 0, ff_str_find_char(host, ']') + 1);
	return colon == ff_str_find_char(host, ':') ? ff_str_sub(host, 0, colon) : host;
}

struct ff_str
ff_url_host_bare(struct ff_arena *arena, struct ff_str host)
{
	struct ff_str tail;

	host = ff_str_lower(arena, without_port(ff_str_trim(host)));
	if (ff_str_ends(host, FF_STR(".")))
		host.len--;
	tail = ff_str_from_pos(host, 4);
	if (ff_str_starts(host, FF_STR("www.")) && ff_str_find_char(tail, '.') < tail.len)
		return tail;
	return host;
}
