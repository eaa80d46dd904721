/* demo_world.h - the made-up world of `footfall demo`: pages, items, places, origins and browsers, with weights. */
#ifndef FF_ROOM_TOOL_DEMO_WORLD_H
#define FF_ROOM_TOOL_DEMO_WORLD_H

#include "safe/rand.h"

#include <stdbool.h>

struct demo_page {
	unsigned    weight, entry_weight; /* as a next page, as a first one */
	const char *path;
	const char *kind, *key, *title, *owner, *collection; /* kind NULL: no item */
};

struct demo_place {
	unsigned    weight;
	const char *country, *language;
};

struct demo_origin {
	unsigned    weight;
	const char *referrer; /* "" = direct */
	const char *query;    /* "?utm_source=..." or "" */
};

const struct demo_page   *ff_demo_page(struct ff_dice *dice, bool entry);
const struct demo_place  *ff_demo_place(struct ff_dice *dice);
const struct demo_origin *ff_demo_origin(struct ff_dice *dice);
const struct demo_origin *ff_demo_direct(void);
const char               *ff_demo_agent(struct ff_dice *dice);
int                       ff_demo_hour(struct ff_dice *dice); /* 0-23 of the local day */

#endif
