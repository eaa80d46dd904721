/* Any bytes as a row: an error, or an event that encodes; one of today's version to the same bytes. The first byte is the
 * version. */
#include "fact/tuple.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_event event;
	struct ff_fault fault;
	struct ff_buf   out;

	if (size == 0 || ff_tuple_decode(ff_str_of((const char *)data + 1, size - 1), data[0], &event) != FF_OK)
		return 0;
	ff_buf_init(&out, FF_RECORD_MAX);
	if (ff_tuple_encode(&event, &out, &fault) != FF_OK)
		abort();
	if (data[0] == FF_TUPLE_VERSION && (out.len != size - 1 || memcmp(out.p, data + 1, out.len) != 0))
		abort();
	ff_buf_free(&out);
	return 0;
}
