/* num.h - strict numbers from text: the whole slice, no spaces, no sign unless said, no overflow. */
#ifndef FF_BASE_NUM_H
#define FF_BASE_NUM_H

#include "base/str.h"

bool ff_num_u64(struct ff_str s, uint64_t *out);
bool ff_num_i64(struct ff_str s, int64_t *out);                              /* one leading '-' allowed */
/* i64 within [min, max]; no sign where min is not negative */
bool ff_num_range(struct ff_str s, int64_t min, int64_t max, int64_t *out);
/* "10M", "64k", "2G", "4096": bytes, powers of 1024. */
bool ff_num_size(struct ff_str s, uint64_t *bytes);
/* "90", "45s", "30m", "24h", "7d": seconds. */
bool ff_num_duration(struct ff_str s, int64_t *seconds);

#endif
