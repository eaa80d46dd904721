/* rate.h - how often something may happen: "20/s burst 200", "1000/h", "off". */
#ifndef FF_BASE_RATE_H
#define FF_BASE_RATE_H

#include "base/str.h"

/* One each interval in the long run; burst at once after a pause. interval_ns 0: no limit. */
struct ff_rate {
	uint64_t interval_ns;
	uint32_t burst;
};

/* N/s, N/m or N/h; "burst B", else as many as N; both from 1 to 1000000, so that burst intervals fit into 64 bits. */
bool ff_rate_parse(struct ff_str text, struct ff_rate *out);

#endif
