/* hll.h - sets of visitors in the storage format of postgresql-hll, hll(14,5,-1,1).
 *
 * Source of the format: STORAGE specification of postgresql-hll, schema version 1. A set of up to
 * FF_HLL_EXPLICIT values is EXPLICIT (ascending, big-endian), as hll itself decides with "auto"; a larger one is
 * SPARSE or, where that is larger, FULL: register = the value's lowest 14 bits, its content the position of the lowest
 * set bit of the rest, from 1. Values are the visitors' identities, already keyed hashes. */
#ifndef FF_DRAIN_HLL_H
#define FF_DRAIN_HLL_H

#include "base/buf.h"

#define FF_HLL_LOG2M    14
#define FF_HLL_WIDTH    5
#define FF_HLL_EXPLICIT 1280 /* where 8 bytes a value reach the size of FULL */

/* Appends the sketch. values: ascending as signed numbers, distinct; n may be 0. */
void ff_hll_encode(struct ff_buf *out, const int64_t *values, size_t n);

#endif
