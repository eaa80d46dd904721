#include "drain/array.h"

#include <endian.h>
#include <string.h>

#define HEADER 20 /* bytes of a one-dimensional array's header */
#define CEILING (UINT32_C(1) << 28)

static void
release(void *buf)
{
	ff_buf_free(buf);
}

void
ff_array_clear(struct ff_array *array)
{
	ff_buf_clear(&array->buf);
	array->n = 0;
	ff_buf_be32(&array->buf, 1);
	ff_buf_be32(&array->buf, 0);
	ff_buf_be32(&array->buf, array->type);
	ff_buf_be32(&array->buf, 0); /* length: known at the end */
	ff_buf_be32(&array->buf, 1);
}

struct ff_array *
ff_array_new(struct ff_arena *arena, enum ff_array_type type)
{
	struct ff_array *array = FF_NEW(arena, struct ff_array);

	array->type = type;
	ff_buf_init(&array->buf, CEILING);
	ff_arena_defer(arena, release, &array->buf);
	ff_array_clear(array);
	return array;
}

static unsigned
width_of(enum ff_array_type type)
{
	switch (type) {
	case FF_ARRAY_BOOL: return 1;
	case FF_ARRAY_I16: return 2;
	case FF_ARRAY_I32:
	case FF_ARRAY_DAY: return 4;
	default: return 8;
	}
}

void
ff_array_put(struct ff_array *array, int64_t value)
{
	unsigned width = width_of(array->type);
	uint64_t v;
	char     element[12] = { 0, 0, 0, (char)width };

	if (array->type == FF_ARRAY_DAY)
		value -= FF_PG_EPOCH_DAY;
	else if (array->type == FF_ARRAY_TIME)
		value -= FF_PG_EPOCH_US;
	v = htobe64((uint64_t)value << (64 - 8 * width)); /* the number's bytes come first */
	memcpy(element + 4, &v, 8);
	ff_buf_put(&array->buf, element, 4 + width);
	array->n++;
}

void
ff_array_put_str(struct ff_array *array, struct ff_str s)
{
	array->n++;
	ff_buf_be32(&array->buf, (uint32_t)s.len);
	ff_buf_str(&array->buf, s);
}

void
ff_array_put_uuid(struct ff_array *array, const struct ff_uuid *uuid)
{
	array->n++;
	ff_buf_be32(&array->buf, sizeof uuid->b);
	ff_buf_put(&array->buf, uuid->b, sizeof uuid->b);
}

struct ff_arg
ff_array_arg(struct ff_array *array)
{
	if (array->buf.overflow)
		ff_panic("an array for the database grew beyond its bound");
	for (int i = 0; i < 4; i++)
		array->buf.p[HEADER - 8 + i] = (char)(array->n >> (24 - 8 * i));
	return (struct ff_arg){ .text = array->buf.p, .len = (int)array->buf.len, .binary = true };
}
