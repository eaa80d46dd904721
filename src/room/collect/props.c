#include "room/collect/props.h"

#include "base/limits.h"
#include "base/num.h"

#include <math.h>

void
ff_props_open(struct ff_props_out *out, struct ff_buf *buf)
{
	ff_buf_clear(buf);
	*out = (struct ff_props_out){ .buf = buf };
	ff_json_out_init(&out->json, buf);
	ff_json_object(&out->json);
}

enum ff_err
ff_props_put(const struct ff_fields *fields, struct ff_props_out *out, const char *name, struct ff_str key,
    const struct ff_json *node)
{
	struct ff_str value = ff_json_text(fields->arena, node);

	if (ff_str_trim(value).len == 0)
		value = FF_STR_NONE;
	if (key.len > FF_PROP_KEY_MAX || value.len > FF_PROP_VALUE_MAX)
		return ff_field_bad(fields, name, "keys should have at most 300 bytes and values 2000 bytes");
	if (key.len == 0 || value.len == 0 || out->kept == FF_PROPS_MAX)
		return FF_OK;
	out->kept++;
	ff_json_put_key_str(&out->json, key);
	ff_json_put_str(&out->json, value);
	return FF_OK;
}

enum ff_err
ff_props_put_all(const struct ff_fields *fields, struct ff_props_out *out, const char *name, const struct ff_json *object)
{
	for (const struct ff_json *node = ff_json_first(object); node; node = ff_json_next(node))
		FF_TRY(ff_props_put(fields, out, name, ff_json_key(node), node));
	return FF_OK;
}

enum ff_err
ff_props_close(const struct ff_fields *fields, struct ff_props_out *out, const char *name, struct ff_str *props)
{
	ff_json_object_end(&out->json);
	if (out->buf->overflow)
		return ff_field_bad(fields, name, "is too large");
	*props = out->kept > 0 ? ff_buf_view(out->buf) : FF_STR_NONE;
	return FF_OK;
}

/* The object itself, or the one in the string that older clients send. */
static enum ff_err
find_props(const struct ff_fields *fields, const struct ff_json **object)
{
	const struct ff_json *node = ff_field_find(fields, "m", "meta");

	if (!node)
		node = ff_field_find(fields, "p", "props");
	*object = node;
	if (!node || ff_json_type(node) == FF_JSON_OBJECT)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_STRING)
		return ff_field_bad(fields, "props", "is neither an object nor a string that holds one");
	*object = NULL;
	if (ff_str_trim(ff_json_str(node)).len == 0)
		return FF_OK;
	if (ff_json_parse(fields->arena, ff_json_str(node), object, NULL) != FF_OK)
		return ff_field_bad(fields, "props", "is a string that holds no JSON object");
	if (ff_json_type(*object) != FF_JSON_OBJECT && ff_json_type(*object) != FF_JSON_NULL)
		return ff_field_bad(fields, "props", "is a string that holds no JSON object");
	return FF_OK;
}

enum ff_err
ff_props_put_own(const struct ff_fields *fields, struct ff_props_out *out)
{
	const struct ff_json *object;

	FF_TRY(find_props(fields, &object));
	return ff_props_put_all(fields, out, "props", object);
}

enum ff_err
ff_props_read(const struct ff_fields *fields, struct ff_buf *buf, struct ff_str *props)
{
	struct ff_props_out out;

	ff_props_open(&out, buf);
	FF_TRY(ff_props_put_own(fields, &out));
	return ff_props_close(fields, &out, "props", props);
}

/* "12.50", "-3": decimal text without exponent, to millionths. */
static bool
micros_of_text(struct ff_str text, int64_t *micros)
{
	struct ff_str fraction = text, whole = ff_str_split(&fraction, '.');
	bool          negative = whole.len > 0 && whole.p[0] == '-';
	uint64_t      units, parts = 0;

	if (negative)
		whole = ff_str_from_pos(whole, 1);
	if (!ff_num_u64(whole, &units) || units > 9000000000000)
		return false;
	if (fraction.p && (fraction.len == 0 || fraction.len > 18 || !ff_num_u64(fraction, &parts)))
		return false;
	for (size_t i = fraction.len; i < 6; i++)
		parts *= 10;
	for (size_t i = 6; i < fraction.len; i++)
		parts /= 10;
	*micros = (int64_t)(units * 1000000 + parts) * (negative ? -1 : 1);
	return true;
}

bool
ff_micros_of(double number, int64_t *micros)
{
	if (!(fabs(number) <= 9e12))
		return false;
	*micros = llround(number * 1e6);
	return true;
}

bool
ff_micros_read(const struct ff_json *node, int64_t *micros)
{
	if (ff_json_type(node) == FF_JSON_STRING)
		return micros_of_text(ff_str_trim(ff_json_str(node)), micros);
	return ff_json_type(node) == FF_JSON_NUMBER && ff_micros_of(ff_json_double(node), micros);
}

void
ff_revenue_read(const struct ff_fields *fields, struct ff_event *event)
{
	const struct ff_json *node = ff_field_find(fields, "$", "revenue");
	char                  currency[3];
	int64_t               micros;

	if (ff_json_type(node) == FF_JSON_STRING && ff_json_parse(fields->arena, ff_json_str(node), &node, NULL) != FF_OK)
		return;
	if (ff_json_type(node) != FF_JSON_OBJECT || !ff_str_letters(ff_json_str(ff_json_get(node, "currency")), currency, 3) ||
	    !ff_micros_read(ff_json_get(node, "amount"), &micros))
		return;
	event->value_micros = micros;
	memcpy(event->currency, currency, sizeof(currency));
}
