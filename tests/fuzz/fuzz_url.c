/* Any bytes as a URL, a host, an escaped text: what comes out keeps the promises of wire/url.h. */
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "wire/html.h"
#include "wire/url.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of wire/url.h is broken");
}

static void
try_url(struct ff_arena *arena, struct ff_str text)
{
	struct ff_url url;

	if (ff_url_parse(arena, text, &url) != FF_OK)
		return;
	must(url.path.len == 0 || url.path.p[0] == '/');
	must(url.scheme.len > 0 || text.len > 0);
	must(ff_str_find_char(url.host, '@') == url.host.len && ff_str_find_char(url.host, '\\') == url.host.len);
	must(ff_utf8_valid(url.host) && url.port.len <= 65535);
	must(ff_utf8_valid(ff_url_decode(arena, url.path)) && ff_utf8_valid(ff_url_decode(arena, url.query)));
	must(ff_url_host_bare(arena, url.host).len <= url.host.len);
}

/* Text that is clean already comes back from its escaped form. */
static void
try_round_trip(struct ff_arena *arena, struct ff_str text)
{
	struct ff_str clean = ff_utf8_clean(arena, text);
	struct ff_buf buf;

	ff_buf_init(&buf, 1 << 24);
	ff_url_encode(&buf, clean);
	must(ff_str_eq(ff_url_decode(arena, ff_buf_view(&buf)), clean));
	ff_buf_clear(&buf);
	ff_html_escape(&buf, clean);
	must(ff_str_find_char(ff_buf_view(&buf), '<') == buf.len && ff_str_find_char(ff_buf_view(&buf), '"') == buf.len);
	ff_buf_free(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str   text = ff_str_of((const char *)data, size);
	struct ff_arena arena;

	ff_arena_init(&arena);
	try_url(&arena, text);
	must(ff_utf8_valid(ff_url_decode(&arena, text)));
	must(ff_url_host_bare(&arena, text).len <= size);
	ff_html_link_ok(text);
	try_round_trip(&arena, text);
	ff_arena_free(&arena);
	return 0;
}
