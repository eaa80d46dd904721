#include "fact/net.h"

#include "base/num.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t v4_prefix[12] = { [10] = 0xff, [11] = 0xff };

/* A bare address, no port, no brackets. */
static bool
parse_bare(struct ff_str s, struct ff_addr *out)
{
	char z[INET6_ADDRSTRLEN];

	if (s.len == 0 || s.len >= sizeof(z) || memchr(s.p, '\0', s.len) != NULL)
		return false;
	memcpy(z, s.p, s.len);
	z[s.len] = '\0';
	if (memchr(z, ':', s.len) != NULL)
		return inet_pton(AF_INET6, z, out->b) == 1;
	memcpy(out->b, v4_prefix, sizeof(v4_prefix));
	return inet_pton(AF_INET, z, out->b + 12) == 1;
}

static bool
is_port(struct ff_str s)
{
	int64_t port;

	return s.len <= 5 && ff_num_range(s, 0, 65535, &port);
}

/* "[v6]" or "[v6]:port" */
static bool
parse_bracketed(struct ff_str s, struct ff_addr *out)
{
	size_t        close = ff_str_find_char(s, ']');
	struct ff_str inner = ff_str_sub(s, 1, close - 1);
	struct ff_str rest = ff_str_from_pos(s, close + 1);

	if (close == s.len || ff_str_find_char(inner, ':') == inner.len)
		return false;
	if (rest.len > 0 && (rest.p[0] != ':' || !is_port(ff_str_from_pos(rest, 1))))
		return false;
	return parse_bare(inner, out);
}

bool
ff_addr_parse(struct ff_str s, struct ff_addr *out)
{
	size_t         colon = ff_str_find_char(s, ':');
	struct ff_addr addr;
	bool           ok;

	if (s.len > 0 && s.p[0] == '[')
		ok = parse_bracketed(s, &addr);
	else if (colon < s.len && ff_str_rfind_char(s, ':') == colon) /* one colon: no IPv6, so a port */
		ok = is_port(ff_str_from_pos(s, colon + 1)) && parse_bare(ff_str_sub(s, 0, colon), &addr);
	else
		ok = parse_bare(s, &addr);
	if (ok)
		*out = addr;
	return ok;
}

bool
ff_addr_is_v4(const struct ff_addr *addr)
{
	return memcmp(addr->b, v4_prefix, sizeof(v4_prefix)) == 0;
}

void
ff_addr_print(const struct ff_addr *addr, char out[46])
{
	bool v4 = ff_addr_is_v4(addr);

	if (inet_ntop(v4 ? AF_INET : AF_INET6, addr->b + (v4 ? 12 : 0), out, 46) == NULL)
		ff_panic("inet_ntop");
}

static struct ff_addr
addr_mask(struct ff_addr addr, unsigned bits)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = bits >= 8 * (i + 1) ? 8 : bits > 8 * i ? bits - 8 * i : 0;

		addr.b[i] = (uint8_t)(addr.b[i] & (0xff00U >> keep));
	}
	return addr;
}

struct ff_addr
ff_addr_identity(const struct ff_addr *addr)
{
	return ff_addr_is_v4(addr) ? *addr : addr_mask(*addr, 64);
}

static bool
cidr_parse(struct ff_str part, struct ff_cidr *out)
{
	size_t        slash = ff_str_find_char(part, '/');
	struct ff_str text = ff_str_sub(part, 0, slash);
	bool          v4 = ff_str_find_char(text, ':') == text.len;
	int64_t       bits = v4 ? 32 : 128;

	if (!parse_bare(text, &out->addr))
		return false;
	if (slash < part.len && !ff_num_range(ff_str_from_pos(part, slash + 1), 0, bits, &bits))
		return false;
	out->bits = (uint8_t)(v4 ? bits + 96 : bits);
	out->addr = addr_mask(out->addr, out->bits);
	return true;
}

static bool
is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next non-empty part of the list; FF_STR_NONE at its end. */
static struct ff_str
next_part(struct ff_str *rest)
{
	size_t        from = 0, to;
	struct ff_str part;

	while (from < rest->len && is_separator(rest->p[from]))
		from++;
	if (from == rest->len)
		return FF_STR_NONE;
	for (to = from; to < rest->len && !is_separator(rest->p[to]);)
		to++;
	part = ff_str_sub(*rest, from, to - from);
	*rest = ff_str_from_pos(*rest, to);
	return part;
}

enum ff_err
ff_cidrs_parse(struct ff_arena *arena, struct ff_str list, struct ff_cidrs *out, struct ff_fault *fault)
{
	struct ff_str part, rest = list;
	size_t        n = 0;

	while (next_part(&rest).len > 0)
		n++;
	*out = (struct ff_cidrs){ .v = FF_NEW_N(arena, n, struct ff_cidr) };
	for (rest = list; (part = next_part(&rest)).len > 0;) {
		if (ff_str_eqz(part, "unix"))
			out->unix_peer = true;
		else if (cidr_parse(part, &out->v[out->n]))
			out->n++;
		else
			return ff_fault_set(fault, FF_INVALID, "addresses", "\"%.*s\" is no address or CIDR block",
			    (int)(part.len < 80 ? part.len : 80), part.p);
	}
	return FF_OK;
}

bool
ff_cidrs_match(const struct ff_cidrs *cidrs, const struct ff_addr *addr)
{
	for (size_t i = 0; i < cidrs->n; i++) {
		struct ff_addr masked = addr_mask(*addr, cidrs->v[i].bits);

		if (memcmp(masked.b, cidrs->v[i].addr.b, sizeof(masked.b)) == 0)
			return true;
	}
	return false;
}

/* Walks the header from its end, as each proxy appended what it saw. False: a malformed entry came first. */
static bool
forwarded_addr(struct ff_str header, const struct ff_cidrs *trusted, struct ff_addr *out)
{
	for (;;) {
		size_t         comma = ff_str_rfind_char(header, ',');
		bool           first = comma == header.len;
		struct ff_addr addr;

		if (!ff_addr_parse(ff_str_trim(first ? header : ff_str_from_pos(header, comma + 1)), &addr))
			return false;
		if (first || !ff_cidrs_match(trusted, &addr)) {
			*out = addr;
			return true;
		}
		header = ff_str_sub(header, 0, comma);
	}
}

bool
ff_client_addr(struct ff_str peer, struct ff_str header, const struct ff_cidrs *trusted, struct ff_addr *out)
{
	bool known = ff_addr_parse(peer, out);
	bool trust = known ? ff_cidrs_match(trusted, out)
	                   : trusted->unix_peer && (peer.len == 0 || ff_str_starts(peer, FF_STR("unix:")));

	if (!known)
		*out = (struct ff_addr){ { 0 } };
	if (trust && header.len > 0 && forwarded_addr(header, trusted, out))
		return true;
	return known;
}
