/* uuid.h - RFC 9562 identifiers as 16 bytes. */
#ifndef FF_BASE_UUID_H
#define FF_BASE_UUID_H

#include "base/str.h"

struct ff_uuid {
	uint8_t b[16];
};

bool ff_uuid_parse(struct ff_str s, struct ff_uuid *out); /* 8-4-4-4-12 hex digits, any case */
void ff_uuid_print(const struct ff_uuid *uuid, char out[37]);
bool ff_uuid_is_nil(const struct ff_uuid *uuid);
/* Version 7: milliseconds of us, then the 10 random bytes handed in. Sorts by time. */
struct ff_uuid ff_uuid_v7(int64_t us, const uint8_t random[10]);
/* Version 8 from 16 bytes of a hash: the same input gives the same id. */
struct ff_uuid ff_uuid_v8(const uint8_t hash[16]);

#endif
