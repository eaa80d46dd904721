/* A Content-Type in the first line and any bytes behind it as a form of multipart/form-data: values are slices of the body, in
 * UTF-8, and no more than asked for; what curl -F would send of them is read again as the same. */
#include "base/buf.h"
#include "base/utf8.h"
#include "wire/multipart.h"

#include <stddef.h>
#include <stdint.h>

#define FIELDS_MAX 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of wire/multipart.h is broken");
}

static void
check_fields(struct ff_str body, const struct ff_pairs *fields)
{
	must(fields->n <= FIELDS_MAX);
	for (size_t i = 0; i < fields->n; i++) {
		struct ff_str value = fields->v[i].value;

		must(ff_utf8_valid(fields->v[i].name) && ff_utf8_valid(value));
		must(value.len == 0 || (value.p >= body.p && value.p + value.len <= body.p + body.len));
	}
}

/* Names in quotes, a boundary that is in no value. */
static void
round_trip(struct ff_arena *arena, const struct ff_pairs *fields)
{
	struct ff_str   boundary = FF_STR("a-boundary-that-nobody-has-guessed");
	struct ff_pairs again;
	struct ff_fault fault;
	struct ff_buf   buf;

	ff_buf_init(&buf, 1 << 24);
	for (size_t i = 0; i < fields->n; i++) {
		struct ff_str name = fields->v[i].name;

		if (name.len == 0 || ff_str_find_char(name, '"') < name.len || ff_str_find_char(name, ';') < name.len ||
		    ff_str_find(fields->v[i].value, boundary) < fields->v[i].value.len) {
			ff_buf_free(&buf);
			return;
		}
		ff_buf_printf(&buf, "--%.*s\r\nContent-Disposition: form-data; name=\"%.*s\"\r\n\r\n", FF_STR_ARG(boundary),
		    FF_STR_ARG(name));
		ff_buf_str(&buf, fields->v[i].value);
		ff_buf_str(&buf, FF_STR("\r\n"));
	}
	ff_buf_printf(&buf, "--%.*s--\r\n", FF_STR_ARG(boundary));
	must(ff_multipart_parse(arena, FF_STR("multipart/form-data; boundary=a-boundary-that-nobody-has-guessed"), ff_buf_view(&buf),
		 FIELDS_MAX, &again, &fault) == FF_OK);
	must(again.n == fields->n);
	for (size_t i = 0; i < fields->n; i++)
		must(ff_str_eq(again.v[i].name, fields->v[i].name) && ff_str_eq(again.v[i].value, fields->v[i].value));
	ff_buf_free(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str   body = ff_str_of((const char *)data, size), type = ff_str_split(&body, '\n');
	struct ff_pairs fields;
	struct ff_fault fault;
	struct ff_arena arena;
	enum ff_err     err;

	ff_arena_init(&arena);
	ff_multipart_is(type);
	err = ff_multipart_parse(&arena, type, body, FIELDS_MAX, &fields, &fault);
	must(err == FF_OK || err == FF_INVALID || err == FF_TOO_LARGE);
	if (err == FF_OK) {
		check_fields(body, &fields);
		round_trip(&arena, &fields);
	} else {
		must(fault.field[0] != '\0' && ff_utf8_valid(ff_str_from(fault.field)));
	}
	ff_arena_free(&arena);
	return 0;
}
