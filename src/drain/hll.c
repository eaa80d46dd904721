#include "drain/hll.h"

#include "fact/sketch.h"

#include <endian.h>
#include <string.h>

enum { VERSION = 1 << 4 };

static void
head(struct ff_buf *out, int type)
{
	ff_buf_char(out, (char)(VERSION | type));
	ff_buf_char(out, (char)((FF_HLL_WIDTH - 1) << 5 | FF_HLL_LOG2M));
	ff_buf_char(out, 1 << 6 | 63); /* sparse allowed, explicit up to "auto" */
}

/* Words of any width, packed from the top bit of the first byte. */
struct packer {
	struct ff_buf *out;
	uint64_t       bits;
	unsigned       n;
};

static void
pack(struct packer *p, uint32_t word, unsigned width)
{
	p->bits = p->bits << width | word;
	for (p->n += width; p->n >= 8; p->n -= 8)
		ff_buf_char(p->out, (char)(p->bits >> (p->n - 8)));
}

static void
pack_end(struct packer *p)
{
	if (p->n > 0)
		pack(p, 0, 8 - p->n);
}

static void
encode_registers(struct ff_buf *out, const int64_t *values, size_t n)
{
	uint8_t       reg[FF_HLL_REGISTERS];
	struct packer p = { .out = out };
	bool          sparse;

	memset(reg, 0, sizeof reg);
	sparse = (ff_hll_add(reg, values, n) * (FF_HLL_LOG2M + FF_HLL_WIDTH) + 7) / 8 < FF_HLL_FULL_SIZE;
	head(out, sparse ? FF_HLL_IS_SPARSE : FF_HLL_IS_FULL);
	for (uint32_t i = 0; i < FF_HLL_REGISTERS; i++) {
		if (!sparse)
			pack(&p, reg[i], FF_HLL_WIDTH);
		else if (reg[i] != 0)
			pack(&p, i << FF_HLL_WIDTH | reg[i], FF_HLL_LOG2M + FF_HLL_WIDTH);
	}
	pack_end(&p);
}

void
ff_hll_encode(struct ff_buf *out, const int64_t *values, size_t n)
{
	if (n > FF_HLL_EXPLICIT) {
		encode_registers(out, values, n);
		return;
	}
	head(out, n == 0 ? FF_HLL_IS_EMPTY : FF_HLL_IS_EXPLICIT);
	for (size_t i = 0; i < n; i++) {
		uint64_t v = htobe64((uint64_t)values[i]);

		ff_buf_put(out, &v, sizeof v);
	}
}
