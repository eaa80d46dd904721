#include "fact/viewer.h"

#include "safe/hash.h"

#include <string.h>

void
ff_viewer_id(const uint8_t secret[32], struct ff_str sub, struct ff_uuid *out)
{
	ff_hash(out->b, sizeof out->b, secret, &sub, 1);
}

uint64_t
ff_viewer_visitor(const struct ff_uuid *id)
{
	uint64_t visitor = 0;

	for (int i = 0; i < 8; i++)
		visitor = visitor << 8 | id->b[i];
	visitor >>= 1; /* a plain bigint */
	return visitor == 0 ? 1 : visitor;
}
