#include "fact/domain.h"

#include "base/limits.h"
#include "fact/net.h"
#include "fact/referrer.h"

#include <libpsl.h>
#include <string.h>

bool
ff_host_is_address(struct ff_str host)
{
	struct ff_addr addr;

	return ff_addr_parse(host, &addr);
}

struct ff_str
ff_domain_suffix(struct ff_arena *arena, struct ff_str host)
{
	const char *name = ff_str_z(arena, host);
	size_t      dot = ff_str_find_char(host, '.');

	if (host.len > FF_HOST_MAX || ff_host_is_address(host))
		return FF_STR("");
	/* From the left, so that the longest suffix is found first. */
	for (; dot < host.len; dot += 1 + ff_str_find_char(ff_str_from_pos(host, dot + 1), '.'))
		if (psl_is_public_suffix2(psl_builtin(), name + dot + 1, PSL_TYPE_ICANN))
			return ff_str_from_pos(host, dot + 1);
	return FF_STR("");
}

struct ff_str
ff_domain_registered(struct ff_arena *arena, struct ff_str host)
{
	const char *domain = NULL;

	if (host.len <= FF_HOST_MAX && !ff_host_is_address(host))
		domain = psl_registrable_domain(psl_builtin(), ff_str_z(arena, host));
	return domain == NULL ? host : ff_str_from(domain);
}
