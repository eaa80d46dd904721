#include "base/uuid.h"

#include <string.h>

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
ff_uuid_parse(struct ff_str s, struct ff_uuid *out)
{
	size_t n = 0;

	if (s.len != 36)
		return false;
	for (size_t i = 0; i < 36;) {
		int hi, lo;

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s.p[i++] != '-')
				return false;
			continue;
		}
		hi = hex_digit(s.p[i]);
		lo = hex_digit(s.p[i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		out->b[n++] = (uint8_t)(hi << 4 | lo);
		i += 2;
	}
	return true;
}

void
ff_uuid_print(const struct ff_uuid *uuid, char out[37])
{
	static const char digits[] = "0123456789abcdef";
	char             *p = out;

	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[uuid->b[i] >> 4];
		*p++ = digits[uuid->b[i] & 15];
	}
	*p = '\0';
}

bool
ff_uuid_is_nil(const struct ff_uuid *uuid)
{
	static const struct ff_uuid nil;

	return memcmp(uuid, &nil, sizeof nil) == 0;
}

static void
stamp(struct ff_uuid *uuid, unsigned version)
{
	uuid->b[6] = (uint8_t)((uuid->b[6] & 0x0f) | version << 4);
	uuid->b[8] = (uint8_t)((uuid->b[8] & 0x3f) | 0x80);
}

struct ff_uuid
ff_uuid_v7(int64_t us, const uint8_t random[10])
{
	struct ff_uuid u;
	uint64_t       ms = (uint64_t)(us / 1000);

	for (size_t i = 0; i < 6; i++)
		u.b[i] = (uint8_t)(ms >> (40 - 8 * i));
	memcpy(u.b + 6, random, 10);
	stamp(&u, 7);
	return u;
}

struct ff_uuid
ff_uuid_v8(const uint8_t hash[16])
{
	struct ff_uuid u;

	memcpy(u.b, hash, 16);
	stamp(&u, 8);
	return u;
}
