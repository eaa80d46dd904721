/* counts.h - an item's counters as JSON, wherever they are answered. */
#ifndef FF_ROOM_API_COUNTS_H
#define FF_ROOM_API_COUNTS_H

#include "room/api/room.h"

/* Members of an object that is open: viewsToday, ... uniqueTotal, ... qualifiedTotal (docs/counting.md). */
void ff_api_counts_write(struct ff_json_out *out, const struct ff_counts *counts);

#endif
