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

/* Where the registered domain begins in host; 0 = it is all of it, or has none. */
static size_t
registered_at(struct ff_arena *arena, struct ff_str host)
{
	const char *name = ff_str_z(arena, host);
	const char *domain = ff_host_is_address(host) ? NULL : psl_registrable_domain(psl_builtin(), name);

	return domain == NULL ? 0 : (size_t)(domain - name);
}

/* The same few hosts come again and again, and searching the list takes thousands of instructions. */
struct known {
	uint8_t len, at;
	char    host[62];
};

struct ff_str
ff_domain_registered(struct ff_arena *arena, struct ff_str host)
{
	static _Thread_local struct known known[256];
	struct known                     *k = &known[ff_str_hash(host) % 256];

	if (host.len > FF_HOST_MAX)
		return host;
	if (host.len == 0 || host.len > sizeof(k->host))
		return ff_str_from_pos(host, registered_at(arena, host));
	if (k->len != host.len || memcmp(k->host, host.p, host.len) != 0) {
		k->at = (uint8_t)registered_at(arena, host);
		k->len = (uint8_t)host.len;
		memcpy(k->host, host.p, host.len);
	}
	return ff_str_from_pos(host, k->at);
}
