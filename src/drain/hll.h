/* hll.h - sets of visitors, written in the format that fact/sketch.h reads. */
#ifndef FF_DRAIN_HLL_H
#define FF_DRAIN_HLL_H

#include "base/buf.h"

/* Appends the sketch. values: ascending as signed numbers, distinct; n may be 0. */
void ff_hll_encode(struct ff_buf *out, const int64_t *values, size_t n);

#endif
