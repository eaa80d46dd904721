/* Any bytes as a query, a cookie header, a list of entity tags, a CSV field. */
#include "base/buf.h"
#include "base/utf8.h"
#include "wire/csv.h"
#include "wire/query.h"
#include "wire/status.h"

#include <stddef.h>
#include <stdint.h>

#define PAIRS_MAX 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of wire/ is broken");
}

static void
try_query(struct ff_arena *arena, struct ff_str text)
{
	struct ff_pairs pairs;
	struct ff_fault fault;

	if (ff_query_parse(arena, text, PAIRS_MAX, &pairs, &fault) != FF_OK) {
		must(fault.field[0] != '\0' && ff_utf8_valid(ff_str_from(fault.field)));
		return;
	}
	must(pairs.n <= PAIRS_MAX);
	for (size_t i = 0; i < pairs.n; i++) {
		must(ff_utf8_valid(pairs.v[i].name) && ff_utf8_valid(pairs.v[i].value));
		must(ff_pairs_find(&pairs, ff_str_z(arena, pairs.v[i].name)).p != NULL);
	}
}

/* No field begins a formula, whatever stands in it. */
static void
try_csv(struct ff_str text)
{
	struct ff_buf buf;
	char          first;

	ff_buf_init(&buf, 1 << 24);
	ff_csv_field(&buf, text, true);
	first = buf.len > 0 && buf.p[0] == '"' ? buf.p[1] : buf.len > 0 ? buf.p[0] : 'x';
	must(first != '=' && first != '@' && first != '\t' && first != '\r' && first != '\n');
	ff_csv_end(&buf);
	ff_buf_free(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str   text = ff_str_of((const char *)data, size), cookie;
	struct ff_arena arena;

	ff_arena_init(&arena);
	try_query(&arena, text);
	cookie = ff_cookie_find(text, "a");
	must(cookie.p == NULL || (cookie.p >= text.p && cookie.p + cookie.len <= text.p + size));
	ff_etag_match(text, FF_STR("\"a\""));
	must(ff_method_parse(text) <= FF_METHOD_OTHER);
	try_csv(text);
	ff_arena_free(&arena);
	return 0;
}
