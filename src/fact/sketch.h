/* sketch.h - counts of distinct visitors, united from sets that PostgreSQL stores, with the result of postgresql-hll: which
 * sorts a set of up to 1,280 values anew with each value that is added, so that uniting them took longer than all else.
 *
 * The format is that of its STORAGE specification, schema version 1, as hll(14,5,-1,1): 2^14 registers of 5 bits. A set of up
 * to FF_HLL_EXPLICIT values is EXPLICIT (ascending, big-endian), as hll itself decides with "auto"; a larger one is SPARSE
 * or, where that is larger, FULL: register = the value's lowest 14 bits, its content the position of the lowest set bit of
 * the rest, from 1. Values are the visitors' identities, already keyed hashes. */
#ifndef FF_FACT_SKETCH_H
#define FF_FACT_SKETCH_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define FF_HLL_LOG2M     14
#define FF_HLL_WIDTH     5
#define FF_HLL_REGISTERS (1 << FF_HLL_LOG2M)
#define FF_HLL_FULL_SIZE (FF_HLL_REGISTERS * FF_HLL_WIDTH / 8)
#define FF_HLL_EXPLICIT  1280 /* where 8 bytes a value reach the size of FULL */
#define FF_HLL_HEAD      3    /* bytes: version and type, width and log2m, sparse and explicit allowed */

enum ff_hll_type { FF_HLL_IS_EMPTY = 1, FF_HLL_IS_EXPLICIT, FF_HLL_IS_SPARSE, FF_HLL_IS_FULL };

/* Adds values to FF_HLL_REGISTERS registers. Returns how many registers were 0 and no more are. */
int ff_hll_add(uint8_t *registers, const int64_t *values, size_t n);

struct ff_arena;
struct ff_sketch; /* a set */

/* Empty. Lives in the arena, with what it grows by. */
struct ff_sketch *ff_sketch_new(struct ff_arena *arena);
/* Adds the set that PostgreSQL prints: "\x" and hexadecimal digits. FF_INVALID: no set of these parameters. */
enum ff_err ff_sketch_unite(struct ff_sketch *sketch, struct ff_str text) ff_must_check;
/* How many values, as hll_cardinality says it: the number of an exact set, whose values all came from such. */
double ff_sketch_count(struct ff_sketch *sketch);

#endif
