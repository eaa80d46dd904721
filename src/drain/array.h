/* array.h - PostgreSQL arrays in binary form, so that one statement takes a whole batch.
 *
 * Format (array_recv): dimensions, has-null, element type; length and lower bound; then each element as int32
 * length and bytes, big-endian. Times are handed in as microseconds since 1970, days as days since 1970. */
#ifndef FF_DRAIN_ARRAY_H
#define FF_DRAIN_ARRAY_H

#include "base/uuid.h"
#include "store/db.h"

enum ff_array_type { /* the oid of the element's type */
	FF_ARRAY_BYTES = 17,
	FF_ARRAY_I64 = 20,
	FF_ARRAY_I16 = 21,
	FF_ARRAY_I32 = 23,
	FF_ARRAY_TEXT = 25,
	FF_ARRAY_BOOL = 16,
	FF_ARRAY_DAY = 1082,
	FF_ARRAY_TIME = 1184,
	FF_ARRAY_UUID = 2950,
};

struct ff_array {
	struct ff_buf      buf;
	enum ff_array_type type;
	uint32_t           n;
};

/* Seconds and days between 1970, our epoch, and 2000, PostgreSQL's. */
#define FF_PG_EPOCH_US  INT64_C(946684800000000)
#define FF_PG_EPOCH_DAY 10957

/* Lives until the arena's reset. */
struct ff_array *ff_array_new(struct ff_arena *arena, enum ff_array_type type);
/* Appends one number, as wide as the type says; bool, time and day too. */
void ff_array_put(struct ff_array *array, int64_t value);
void ff_array_put_str(struct ff_array *array, struct ff_str s); /* text, bytes */
void ff_array_put_uuid(struct ff_array *array, const struct ff_uuid *uuid);
void ff_array_clear(struct ff_array *array);
struct ff_arg ff_array_arg(struct ff_array *array); /* valid until the next put */

#endif
