#include "wire/html.h"

/* What stands for c, or NULL if c stands for itself. Control characters have no place in XML, not even as
 * references. */
static const char *
reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
	case '\n':
	case '\r':
		return NULL;
	default:
		return (unsigned char)c < 0x20 ? " " : NULL;
	}
}

void
ff_html_escape(struct ff_buf *out, struct ff_str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *instead = reference(text.p[i]);

		if (instead == NULL)
			continue;
		ff_buf_put(out, text.p + from, i - from);
		ff_buf_z(out, instead);
		from = i + 1;
	}
	ff_buf_str(out, ff_str_from_pos(text, from));
}

bool
ff_html_link_ok(struct ff_str url)
{
	size_t head = ff_str_starts_nocase(url, FF_STR("https://")) ? 8 : 7;

	if (head == 7 && !ff_str_starts_nocase(url, FF_STR("http://")))
		return false;
	for (size_t i = head; i < url.len; i++)
		if ((unsigned char)url.p[i] < 0x21 || url.p[i] == 0x7f)
			return false;
	return url.len > head;
}
