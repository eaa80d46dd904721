#include "base/crc32c.h"

#include <string.h>

/* Four bits at a time: 64 bytes of table, reflected polynomial 0x82f63b78. The slow path of old CPUs only. */
static const uint32_t nibbles[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
	0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

uint32_t
ff_crc32c_portable(uint32_t crc, const void *p, size_t len)
{
	const uint8_t *b = p;

	crc = ~crc;
	for (size_t i = 0; i < len; i++) {
		crc ^= b[i];
		crc = crc >> 4 ^ nibbles[crc & 15];
		crc = crc >> 4 ^ nibbles[crc & 15];
	}
	return ~crc;
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("sse4.2"))) static uint32_t
crc_sse42(uint32_t crc, const void *p, size_t len)
{
	const uint8_t *b = p;
	uint64_t       wide = ~crc;

	for (; len >= 8; b += 8, len -= 8) {
		uint64_t word;

		memcpy(&word, b, 8);
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	for (; len > 0; b++, len--)
		crc = __builtin_ia32_crc32qi(crc, *b);
	return ~crc;
}

uint32_t
ff_crc32c(uint32_t crc, const void *p, size_t len)
{
	return __builtin_cpu_supports("sse4.2") ? crc_sse42(crc, p, len) : ff_crc32c_portable(crc, p, len);
}
#else
uint32_t
ff_crc32c(uint32_t crc, const void *p, size_t len)
{
	return ff_crc32c_portable(crc, p, len);
}
#endif
