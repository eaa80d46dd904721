/* The properties of reading.h: keys and values from wherever, to the flat object of strings that an event carries. */
#include "base/limits.h"
#include "base/utf8.h"
#include "room/collect/reading.h"

/* Of a record's 16 KiB; the rest is for the page, the referrer and the item. */
#define PROPS_BYTES 8192
/* Keys of objects within objects; the parser bounds the depth. */
#define KEY_ROOM (FF_PROP_KEY_MAX + 1)

void
ff_propset_begin(struct ff_propset *props, const struct ff_reading *reading)
{
	*props = (struct ff_propset){ .reading = reading };
	ff_buf_clear(reading->scratch);
	ff_json_out_init(&props->json, reading->scratch);
	ff_json_object(&props->json);
}

void
ff_propset_put(struct ff_propset *props, struct ff_str key, struct ff_str value)
{
	struct ff_buf     *buf = props->reading->scratch;
	struct ff_json_out before = props->json;
	size_t             len = buf->len;

	if (key.len == 0 || key.len > FF_PROP_KEY_MAX || ff_str_trim(value).len == 0 || props->kept == FF_PROPS_MAX)
		return;
	ff_json_put_key_str(&props->json, key);
	ff_json_put_str(&props->json, ff_utf8_cut(value, FF_PROP_VALUE_MAX));
	if (buf->len > PROPS_BYTES || buf->overflow) {
		buf->len = len;
		buf->overflow = false;
		props->json = before;
		return;
	}
	props->kept++;
}

/* As it was written, but for white space. */
static void
write_node(struct ff_json_out *out, const struct ff_json *node)
{
	switch (ff_json_type(node)) {
	case FF_JSON_NULL:   ff_json_put_null(out); return;
	case FF_JSON_BOOL:   ff_json_put_bool(out, ff_json_bool(node)); return;
	case FF_JSON_NUMBER: ff_json_put_double(out, ff_json_double(node)); return;
	case FF_JSON_STRING: ff_json_put_str(out, ff_json_str(node)); return;
	case FF_JSON_ARRAY:
		ff_json_array(out);
		for (node = ff_json_first(node); node; node = ff_json_next(node))
			write_node(out, node);
		ff_json_array_end(out);
		return;
	case FF_JSON_OBJECT:
		ff_json_object(out);
		for (node = ff_json_first(node); node; node = ff_json_next(node)) {
			ff_json_put_key_str(out, ff_json_key(node));
			write_node(out, node);
		}
		ff_json_object_end(out);
		return;
	}
}

static struct ff_str
array_text(const struct ff_reading *reading, const struct ff_json *node)
{
	struct ff_buf      buf;
	struct ff_json_out out;
	struct ff_str      text = FF_STR_NONE;

	ff_buf_init(&buf, 2 * FF_PROP_VALUE_MAX);
	ff_json_out_init(&out, &buf);
	write_node(&out, node);
	if (!buf.overflow)
		text = ff_str_dup(reading->arena, ff_buf_view(&buf));
	ff_buf_free(&buf);
	return text;
}

void
ff_propset_tree(struct ff_propset *props, struct ff_str prefix, const struct ff_json *object)
{
	const struct ff_reading *reading = props->reading;

	for (const struct ff_json *node = ff_json_first(object); node; node = ff_json_next(node)) {
		struct ff_str key = ff_str_sub(ff_json_key(node), 0, KEY_ROOM);

		if (prefix.len > 0)
			key = ff_str_printf(reading->arena, "%.*s.%.*s", FF_STR_ARG(prefix), FF_STR_ARG(key));
		if (key.len > FF_PROP_KEY_MAX)
			continue;
		if (ff_json_type(node) == FF_JSON_OBJECT)
			ff_propset_tree(props, key, node);
		else if (ff_json_type(node) == FF_JSON_ARRAY)
			ff_propset_put(props, key, array_text(reading, node));
		else
			ff_propset_put(props, key, ff_json_text(reading->arena, node));
	}
}

struct ff_str
ff_propset_end(struct ff_propset *props)
{
	ff_json_object_end(&props->json);
	return props->kept > 0 ? ff_str_dup(props->reading->arena, ff_buf_view(props->reading->scratch)) : FF_STR_NONE;
}
