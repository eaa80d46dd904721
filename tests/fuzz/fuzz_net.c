/* Any three lines as a trusted list, a peer and a forwarding header: addresses print and read back as the same, and
 * an untrusted peer is the client whatever the header says. */
#include "fact/net.h"

#include <stddef.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of fact/net.h is broken");
}

static bool
same(const struct ff_addr *a, const struct ff_addr *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

static void
reads_back(const struct ff_addr *addr)
{
	char           text[46];
	struct ff_addr again;

	ff_addr_print(addr, text);
	must(ff_addr_parse(ff_str_from(text), &again));
	must(same(addr, &again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ff_arena arena;
	struct ff_str          rest = ff_str_of((const char *)data, size);
	struct ff_str          list = ff_str_split(&rest, '\n'), peer = ff_str_split(&rest, '\n');
	struct ff_cidrs        trusted;
	struct ff_addr         addr, client, identity;
	struct ff_fault        fault;
	bool                   known = ff_addr_parse(peer, &addr);

	if (ff_cidrs_parse(&arena, list, &trusted, &fault) != FF_OK) {
		must(fault.why[0] != '\0');
	} else if (ff_client_addr(peer, rest, &trusted, &client)) {
		reads_back(&client);
		if (known && !ff_cidrs_match(&trusted, &addr))
			must(same(&addr, &client));
	} else {
		must(!known);
	}
	if (known) {
		reads_back(&addr);
		identity = ff_addr_identity(&addr);
		reads_back(&identity);
	}
	ff_arena_reset(&arena);
	return 0;
}
