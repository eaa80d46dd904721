/* domain.h - how a host name is cut, by the public suffix list that libpsl carries.
 *
 * Hosts are lower case without port. ff_domain_registered (in referrer.h) counts private suffixes (github.io) as
 * suffixes, because their sites belong to different people. */
#ifndef FF_FACT_DOMAIN_H
#define FF_FACT_DOMAIN_H

#include "base/str.h"

/* The part of host that a registry gives out ("com", "co.uk"), private suffixes aside, as a slice of host. Empty
 * for addresses, for a suffix alone and for names without a dot. */
struct ff_str ff_domain_suffix(struct ff_arena *arena, struct ff_str host);
bool          ff_host_is_address(struct ff_str host); /* IPv4, or IPv6 in brackets */

#endif
