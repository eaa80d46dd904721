/* query_inspect.c - a value of the question inside a sentence, written as Plausible writes it: lists and strings as in JSON
 * with a space behind each comma, objects as %{"key" => value}, null as nil. */
#include "base/utf8.h"
#include "room/api/query.h"

/* More of it helps nobody, and the sentence has an end. */
#define SHOWN_MAX 400

static void inspect(struct ff_buf *buf, const struct ff_json *node);

static void
put_text(struct ff_buf *buf, struct ff_str text)
{
	ff_buf_char(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c == '"' || c == '\\')
			ff_buf_char(buf, '\\');
		if (c == '\n')
			ff_buf_z(buf, "\\n");
		else if (c == '\t')
			ff_buf_z(buf, "\\t");
		else if (c == '\r')
			ff_buf_z(buf, "\\r");
		else
			ff_buf_char(buf, c);
	}
	ff_buf_char(buf, '"');
}

static void
put_children(struct ff_buf *buf, const struct ff_json *node)
{
	bool object = ff_json_type(node) == FF_JSON_OBJECT, more = false;

	ff_buf_z(buf, object ? "%{" : "[");
	for (const struct ff_json *child = ff_json_first(node); child != NULL; child = ff_json_next(child)) {
		if (more)
			ff_buf_z(buf, ", ");
		more = true;
		if (buf->overflow)
			return;
		if (object) {
			put_text(buf, ff_json_key(child));
			ff_buf_z(buf, " => ");
		}
		inspect(buf, child);
	}
	ff_buf_char(buf, object ? '}' : ']');
}

static void
put_number(struct ff_buf *buf, const struct ff_json *node)
{
	struct ff_json_out out;

	ff_json_out_init(&out, buf);
	ff_json_put_double(&out, ff_json_double(node));
}

static void
inspect(struct ff_buf *buf, const struct ff_json *node)
{
	switch (ff_json_type(node)) {
	case FF_JSON_NULL:
		ff_buf_z(buf, "nil");
		break;
	case FF_JSON_BOOL:
		ff_buf_z(buf, ff_json_bool(node) ? "true" : "false");
		break;
	case FF_JSON_NUMBER:
		put_number(buf, node);
		break;
	case FF_JSON_STRING:
		put_text(buf, ff_json_str(node));
		break;
	case FF_JSON_ARRAY:
	case FF_JSON_OBJECT:
		put_children(buf, node);
		break;
	}
}

struct ff_str
ff_api_inspect(struct ff_arena *arena, const struct ff_json *node)
{
	struct ff_buf buf;
	struct ff_str text;

	ff_buf_init(&buf, SHOWN_MAX + 100);
	inspect(&buf, node);
	text = ff_str_dup(arena, ff_utf8_cut(ff_buf_view(&buf), SHOWN_MAX));
	ff_buf_free(&buf);
	return text;
}

const char *
ff_api_type_name(const struct ff_json *node)
{
	static const char *const names[] = { "Null", "Boolean", "Number", "String", "Array", "Object" };
	int64_t                  whole;

	return ff_json_type(node) == FF_JSON_NUMBER && ff_json_i64(node, &whole) ? "Integer" : names[ff_json_type(node)];
}
