/* rand.h - libsodium: start it, random bytes. ff_safe_init first, once, in main. */
#ifndef FF_SAFE_RAND_H
#define FF_SAFE_RAND_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

void     ff_safe_init(void); /* panics if libsodium cannot start */
void     ff_random(void *out, size_t len);
uint32_t ff_random_below(uint32_t bound); /* uniform */
void     ff_wipe(void *p, size_t len);    /* not optimised away */

/* Seeded and reproducible, for demo data and tests; never for secrets. SplitMix64. */
struct ff_dice {
	uint64_t state;
};
uint64_t ff_dice_next(struct ff_dice *dice);
uint32_t ff_dice_below(struct ff_dice *dice, uint32_t bound);
double   ff_dice_unit(struct ff_dice *dice); /* [0, 1) */

#endif
