/* net.h - client addresses: parse, CIDR lists, the trusted-proxy rule, the prefix that identifies. */
#ifndef FF_FACT_NET_H
#define FF_FACT_NET_H

#include "base/err.h"
#include "base/str.h"

struct ff_addr {
	uint8_t b[16]; /* IPv4 as ::ffff:a.b.c.d */
};

struct ff_cidr {
	struct ff_addr addr;
	uint8_t        bits; /* of 128 */
};

struct ff_cidrs {
	struct ff_cidr *v;
	size_t          n;
	bool            unix_peer; /* the list says "unix": peers on a unix socket ("unix:", "") match */
};

bool ff_addr_parse(struct ff_str s, struct ff_addr *out); /* v4, v6, [v6], v4:port, [v6]:port; zone id refused */
bool ff_addr_is_v4(const struct ff_addr *addr);
void ff_addr_print(const struct ff_addr *addr, char out[46]);
/* What identifies: an IPv4 address whole, an IPv6 /64 (host bits cleared). */
struct ff_addr ff_addr_identity(const struct ff_addr *addr);
/* "10.0.0.0/8, ::1 192.0.2.7": commas or spaces; "unix" is no block but sets unix_peer. Host bits behind the
 * prefix are cleared. Names the bad part in *fault. */
enum ff_err ff_cidrs_parse(struct ff_arena *arena, struct ff_str list, struct ff_cidrs *out, struct ff_fault *fault)
	ff_must_check;
bool ff_cidrs_match(const struct ff_cidrs *cidrs, const struct ff_addr *addr);
/* The visitor's address: peer, unless the peer is trusted and the header (X-Forwarded-For style, comma list)
 * is there: then the last entry that is not itself trusted, or the first one if all are. What stands left of
 * that entry was written by the visitor and is not looked at. A malformed entry on the way leaves the peer.
 * False: the peer is no address (a unix socket) and no header replaces it; *out is then all zero. */
bool ff_client_addr(struct ff_str peer, struct ff_str header, const struct ff_cidrs *trusted, struct ff_addr *out);

#endif
