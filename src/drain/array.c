#include "drain/array.h"

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

void
ff_array_put(struct ff_array *array, int64_t value)
{
	struct ff_buf *b = &array->buf;

	array->n++;
	switch (array->type) {
	case FF_ARRAY_BOOL:
		ff_buf_be32(b, 1);
		ff_buf_char(b, value != 0);
		break;
	case FF_ARRAY_I16:
		ff_buf_be32(b, 2);
		ff_buf_be16(b, (uint16_t)value);
		break;
	case FF_ARRAY_DAY:
		ff_buf_be32(b, 4);
		ff_buf_be32(b, (uint32_t)(value - FF_PG_EPOCH_DAY));
		break;
	case FF_ARRAY_I32:
		ff_buf_be32(b, 4);
		ff_buf_be32(b, (uint32_t)value);
		break;
	case FF_ARRAY_TIME:
		ff_buf_be32(b, 8);
		ff_buf_be64(b, (uint64_t)(value - FF_PG_EPOCH_US));
		break;
	default:
		ff_buf_be32(b, 8);
		ff_buf_be64(b, (uint64_t)value);
		break;
	}
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
