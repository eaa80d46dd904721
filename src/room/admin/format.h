/* format.h - numbers as people read them. */
#ifndef FF_ROOM_ADMIN_FORMAT_H
#define FF_ROOM_ADMIN_FORMAT_H

#include "base/str.h"

struct ff_str ff_format_count(struct ff_arena *arena, int64_t n);        /* 1,234,567 */
struct ff_str ff_format_duration(struct ff_arena *arena, int64_t s);     /* 2 h 05 m, 3 m 20 s, 45 s */
struct ff_str ff_format_day(struct ff_arena *arena, int32_t day);        /* 21 Nov 2026 */
struct ff_str ff_format_period(struct ff_arena *arena, int32_t first, int32_t last); /* 21 Nov - 2 Dec 2026 */
/* Change from before to now: "+12 %", "-3 %", "0 %"; empty if before is 0. */
struct ff_str ff_format_change(struct ff_arena *arena, double before, double now);
/* The bucket of a chart: an hour "13:00", or a day "Sat 21 Nov". */
struct ff_str ff_format_bucket(struct ff_arena *arena, struct ff_str time);

#endif
