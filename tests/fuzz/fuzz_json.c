/* Any bytes as JSON: what is taken can be read, written again and read back as the same; what the strict scan
 * lets through, cJSON takes too. */
#include "base/buf.h"
#include "base/utf8.h"
#include "wire/json.h"
#include "wire/json_check.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of wire/json.h is broken");
}

static void
write_children(struct ff_json_out *out, const struct ff_json *node);

static void
write_node(struct ff_json_out *out, const struct ff_json *node)
{
	enum ff_json_type type = ff_json_type(node);

	if (type == FF_JSON_STRING)
		ff_json_put_str(out, ff_json_str(node));
	else if (type == FF_JSON_NUMBER)
		ff_json_put_double(out, ff_json_double(node));
	else if (type == FF_JSON_BOOL)
		ff_json_put_bool(out, ff_json_bool(node));
	else if (type == FF_JSON_NULL)
		ff_json_put_null(out);
	else
		write_children(out, node);
}

static void
write_children(struct ff_json_out *out, const struct ff_json *node)
{
	bool object = ff_json_type(node) == FF_JSON_OBJECT;

	object ? ff_json_object(out) : ff_json_array(out);
	for (const struct ff_json *child = ff_json_first(node); child != NULL; child = ff_json_next(child)) {
		if (object)
			ff_json_put_key_str(out, ff_json_key(child));
		write_node(out, child);
	}
	object ? ff_json_object_end(out) : ff_json_array_end(out);
}

static bool
same(const struct ff_json *a, const struct ff_json *b)
{
	int64_t i;

	if (ff_json_type(a) != ff_json_type(b) || ff_json_count(a) != ff_json_count(b))
		return false;
	ff_json_i64(a, &i);
	must(ff_utf8_valid(ff_json_str(a)) && ff_utf8_valid(ff_json_key(a)));
	if (!ff_str_eq(ff_json_str(a), ff_json_str(b)) || !ff_str_eq(ff_json_key(a), ff_json_key(b)))
		return false;
	if (ff_json_double(a) != ff_json_double(b) || ff_json_bool(a) != ff_json_bool(b))
		return false;
	a = ff_json_first(a);
	b = ff_json_first(b);
	for (; a != NULL; a = ff_json_next(a), b = ff_json_next(b))
		if (!same(a, b))
			return false;
	return true;
}

static void
try_round_trip(struct ff_arena *arena, const struct ff_json *root)
{
	const struct ff_json *again;
	struct ff_json_out    out;
	struct ff_buf         buf;

	ff_buf_init(&buf, 1 << 24);
	ff_json_out_init(&out, &buf);
	write_node(&out, root);
	must(!buf.overflow && ff_str_find_char(ff_buf_view(&buf), '<') == buf.len);
	must(ff_json_parse(arena, ff_buf_view(&buf), &again, NULL) == FF_OK && same(root, again));
	ff_buf_free(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str         text = ff_str_of((const char *)data, size);
	struct ff_fault       fault = { .why = "" };
	const struct ff_json *root;
	struct ff_arena       arena;

	ff_arena_init(&arena);
	if (ff_json_parse(&arena, text, &root, &fault) == FF_OK)
		try_round_trip(&arena, root);
	else
		must(root == NULL && fault.why[0] != '\0' && strcmp(fault.why, "is not valid JSON") != 0);
	ff_arena_free(&arena);
	return 0;
}
