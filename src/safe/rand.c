#include "safe/rand.h"

#include <sodium.h>

void
ff_safe_init(void)
{
	if (sodium_init() < 0)
		ff_panic("libsodium cannot start");
}

void
ff_random(void *out, size_t len)
{
	randombytes_buf(out, len);
}

uint32_t
ff_random_below(uint32_t bound)
{
	return randombytes_uniform(bound);
}

void
ff_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}

uint64_t
ff_dice_next(struct ff_dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* The high half scaled down: biased by less than bound / 2^32, which no demo shows. */
uint32_t
ff_dice_below(struct ff_dice *dice, uint32_t bound)
{
	return (uint32_t)((ff_dice_next(dice) >> 32) * bound >> 32);
}

double
ff_dice_unit(struct ff_dice *dice)
{
	return (double)(ff_dice_next(dice) >> 11) * 0x1p-53;
}
