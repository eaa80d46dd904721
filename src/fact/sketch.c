#include "fact/sketch.h"

#include "base/arena.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RANK_MAX ((1 << FF_HLL_WIDTH) - 1)
/* Values are put in order, and doubles left out, when so many lie there. */
#define VALUES_MAX (4 * FF_HLL_EXPLICIT)

struct ff_sketch {
	struct ff_arena *arena;
	int64_t         *values; /* in order of coming, repeated; none once there are registers */
	size_t           n, cap;
	uint8_t         *registers; /* NULL: the set is exact */
};

int
ff_hll_add(uint8_t *registers, const int64_t *values, size_t n)
{
	int used = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t v = (uint64_t)values[i], rest = v >> FF_HLL_LOG2M;
		int      rank = rest == 0 ? 0 : __builtin_ctzll(rest) + 1;
		uint8_t *r = &registers[v & (FF_HLL_REGISTERS - 1)];

		if (rank > RANK_MAX)
			rank = RANK_MAX;
		used += *r == 0 && rank > 0;
		if (rank > *r)
			*r = (uint8_t)rank;
	}
	return used;
}

struct ff_sketch *
ff_sketch_new(struct ff_arena *arena)
{
	struct ff_sketch *sketch = FF_NEW(arena, struct ff_sketch);

	sketch->arena = arena;
	return sketch;
}

static void
to_registers(struct ff_sketch *sketch)
{
	if (sketch->registers == NULL)
		sketch->registers = ff_zalloc(sketch->arena, FF_HLL_REGISTERS);
	ff_hll_add(sketch->registers, sketch->values, sketch->n);
	sketch->n = 0;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Each value once; too many for an exact set go to registers. */
static void
settle(struct ff_sketch *sketch)
{
	size_t n = 0;

	if (sketch->n > 0)
		qsort(sketch->values, sketch->n, sizeof *sketch->values, by_value);
	for (size_t i = 0; i < sketch->n; i++)
		if (n == 0 || sketch->values[i] != sketch->values[n - 1])
			sketch->values[n++] = sketch->values[i];
	sketch->n = n;
	if (n > FF_HLL_EXPLICIT)
		to_registers(sketch);
}

static void
make_room(struct ff_sketch *sketch, size_t n)
{
	size_t   cap = sketch->cap == 0 ? 64 : sketch->cap;
	int64_t *grown;

	if (sketch->n + n > VALUES_MAX)
		settle(sketch);
	while (cap < sketch->n + n)
		cap *= 2;
	if (cap == sketch->cap)
		return;
	grown = ff_alloc(sketch->arena, cap * sizeof *grown);
	if (sketch->n > 0)
		memcpy(grown, sketch->values, sketch->n * sizeof *grown);
	sketch->values = grown;
	sketch->cap = cap;
}

static bool
unite_values(struct ff_sketch *sketch, const uint8_t *p, size_t len)
{
	size_t n = len / 8;

	if (len % 8 != 0 || n > FF_HLL_EXPLICIT)
		return false;
	make_room(sketch, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t v;

		memcpy(&v, p + i * 8, 8);
		sketch->values[sketch->n++] = (int64_t)be64toh(v);
	}
	if (sketch->registers != NULL)
		to_registers(sketch);
	return true;
}

static void
raise_to(uint8_t *r, uint8_t rank)
{
	if (rank > *r)
		*r = rank;
}

/* Words of 19 bits: a register's number and its content. */
static bool
unite_sparse(struct ff_sketch *sketch, const uint8_t *p, size_t len)
{
	uint64_t bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | p[i];
		for (n += 8; n >= FF_HLL_LOG2M + FF_HLL_WIDTH; n -= FF_HLL_LOG2M + FF_HLL_WIDTH) {
			uint32_t word = (uint32_t)(bits >> (n - FF_HLL_LOG2M - FF_HLL_WIDTH));

			raise_to(&sketch->registers[word >> FF_HLL_WIDTH & (FF_HLL_REGISTERS - 1)], word & RANK_MAX);
		}
	}
	return true;
}

/* All registers, eight in five bytes. */
static bool
unite_full(struct ff_sketch *sketch, const uint8_t *p, size_t len)
{
	if (len != FF_HLL_FULL_SIZE)
		return false;
	for (size_t i = 0; i < FF_HLL_REGISTERS; i += 8, p += 5) {
		uint64_t bits = (uint64_t)p[0] << 32 | (uint64_t)p[1] << 24 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 8 | p[4];

		for (unsigned k = 0; k < 8; k++)
			raise_to(&sketch->registers[i + k], bits >> (35 - 5 * k) & RANK_MAX);
	}
	return true;
}

/* Of each byte its worth as a hexadecimal digit and one; 0: it is none. Half of an answer's time went by comparing. */
static const uint8_t digits[256] = { ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8,
	['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16 };

/* Returns the number of bytes, 0 if it is none of ours. */
static size_t
from_hex(struct ff_str text, uint8_t out[FF_HLL_HEAD + FF_HLL_FULL_SIZE])
{
	size_t n = text.len / 2 - 1;

	if (text.len < 2 + 2 * FF_HLL_HEAD || text.len % 2 != 0 || n > FF_HLL_HEAD + FF_HLL_FULL_SIZE || text.p[0] != '\\' ||
	    text.p[1] != 'x')
		return 0;
	for (size_t i = 0; i < n; i++) {
		uint8_t high = digits[(uint8_t)text.p[2 + 2 * i]], low = digits[(uint8_t)text.p[3 + 2 * i]];

		if (high == 0 || low == 0)
			return 0;
		out[i] = (uint8_t)((high - 1) << 4 | (low - 1));
	}
	return n;
}

enum ff_err
ff_sketch_unite(struct ff_sketch *sketch, struct ff_str text)
{
	uint8_t set[FF_HLL_HEAD + FF_HLL_FULL_SIZE];
	size_t  len = from_hex(text, set);
	bool    ok = false;

	if (len < FF_HLL_HEAD || set[0] >> 4 != 1 || set[1] != ((FF_HLL_WIDTH - 1) << 5 | FF_HLL_LOG2M))
		return FF_INVALID;
	len -= FF_HLL_HEAD;
	if ((set[0] & 15) >= FF_HLL_IS_SPARSE)
		to_registers(sketch);
	switch (set[0] & 15) {
	case FF_HLL_IS_EMPTY:
		return len == 0 ? FF_OK : FF_INVALID;
	case FF_HLL_IS_EXPLICIT:
		ok = unite_values(sketch, set + FF_HLL_HEAD, len);
		break;
	case FF_HLL_IS_SPARSE:
		ok = unite_sparse(sketch, set + FF_HLL_HEAD, len);
		break;
	case FF_HLL_IS_FULL:
		ok = unite_full(sketch, set + FF_HLL_HEAD, len);
		break;
	}
	return ok ? FF_OK : FF_INVALID;
}

/* Flajolet, Fusy, Gandouet and Meunier, HyperLogLog, 2007, with linear counting of small sets. Their correction of large
 * ones begins at 2^44 / 30 values. */
static double
estimate(const uint8_t *registers)
{
	const double m = FF_HLL_REGISTERS;
	double       sum = 0, guess;
	int          zeros = 0;

	for (size_t i = 0; i < FF_HLL_REGISTERS; i++) {
		sum += 1.0 / (double)((uint64_t)1 << registers[i]);
		zeros += registers[i] == 0;
	}
	guess = 0.7213 / (1 + 1.079 / m) * m * m / sum;
	return zeros != 0 && guess < 2.5 * m ? m * log(m / zeros) : guess;
}

double
ff_sketch_count(struct ff_sketch *sketch)
{
	if (sketch->registers == NULL)
		settle(sketch);
	return sketch->registers != NULL ? estimate(sketch->registers) : (double)sketch->n;
}
