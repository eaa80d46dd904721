/* fuzz_html.c - any text into HTML: nothing that could end a text or an attribute comes out, and a browser reads back what
 * went in. Links that may be shown are http or https and nothing else. */
#include "wire/html.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* What a browser makes of the reference at p; *used: its bytes. */
static char
resolve(struct ff_str p, size_t *used)
{
	static const struct {
		const char *text;
		char        is;
	} known[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' } };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		*used = strlen(known[i].text);
		if (ff_str_starts(p, ff_str_from(known[i].text)))
			return known[i].is;
	}
	abort();
}

static void
read_back(struct ff_str out, struct ff_str text)
{
	size_t at = 0;

	for (size_t i = 0; i < text.len; i++) {
		char   c = at < out.len ? out.p[at] : '\0';
		size_t used = 1;

		must(at < out.len && !strchr("<>\"'", c ? c : 'x'));
		if (c == '&')
			c = resolve(ff_str_from_pos(out, at), &used);
		must(c == text.p[i] || (c == ' ' && (unsigned char)text.p[i] < 0x20) || (c == ' ' && text.p[i] == 0x7f));
		at += used;
	}
	must(at == out.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str text = ff_str_of((const char *)data, size);
	struct ff_buf out;

	ff_buf_init(&out, 1 << 24);
	ff_html_escape(&out, text);
	must(!out.overflow);
	read_back(ff_buf_view(&out), text);
	ff_buf_free(&out);
	if (ff_html_link_ok(text)) {
		must(ff_str_starts_nocase(text, FF_STR("http://")) || ff_str_starts_nocase(text, FF_STR("https://")));
		for (size_t i = 0; i < text.len; i++)
			must((unsigned char)text.p[i] > 0x20 && text.p[i] != 0x7f);
	}
	return 0;
}
