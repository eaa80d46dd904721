/* public_badge.c - the badge. Nobody knows the reader's font: widths are estimated for 11 px Verdana and its kin, and
 * textLength makes every other font fit. Colours hold a contrast of 6:1 and more against the white text. */
#include "room/api/public.h"
#include "wire/html.h"

#define PAD    6
#define HEIGHT 20

/* Tenths of a pixel, by how wide a character looks. */
static int
char_width(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return 70;
	if (c < 0x80 && strchr("ijlI.,:;'|!", c) != NULL)
		return 36;
	if (c < 0x80 && strchr(" ftr()[]{}/\\-\"*", c) != NULL)
		return 47;
	if (c < 0x80 && strchr("mwMW@%", c) != NULL)
		return 104;
	return c >= 'A' && c <= 'Z' ? 77 : 66;
}

/* UTF-8: of a sequence its first byte counts. From three bytes on letters are as wide as high, but for the narrow space
 * within numbers. */
static int
text_width(struct ff_str text)
{
	int tenths = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == 0xe2 && i + 1 < text.len && (unsigned char)text.p[i + 1] == 0x80)
			tenths += 30;
		else if (c >= 0xe0)
			tenths += 110;
		else if (c < 0x80 || c >= 0xc0)
			tenths += char_width(c);
	}
	return (tenths + 9) / 10;
}

static void
put_text(struct ff_buf *out, int x, int width, struct ff_str text)
{
	if (text.len == 0)
		return;
	ff_buf_printf(out, "<text x=\"%d\" y=\"14\" textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\">", x, width);
	ff_html_escape(out, text);
	ff_buf_z(out, "</text>");
}

static void
put_title(struct ff_buf *out, struct ff_str label, struct ff_str value)
{
	ff_html_escape(out, label);
	ff_buf_z(out, label.len > 0 ? ": " : "");
	ff_html_escape(out, value);
}

void
ff_api_badge(struct ff_res *res, struct ff_str label, struct ff_str value)
{
	int            left_text = text_width(label), right_text = text_width(value);
	int            left = left_text > 0 ? left_text + 2 * PAD : 0, right = right_text + 2 * PAD;
	struct ff_buf *out = &res->body;

	res->content_type = "image/svg+xml";
	ff_buf_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"",
	    left + right, HEIGHT);
	put_title(out, label, value);
	ff_buf_z(out, "\"><title>");
	put_title(out, label, value);
	ff_buf_printf(out, "</title><clipPath id=\"r\"><rect width=\"%d\" height=\"%d\" rx=\"4\"/></clipPath>", left + right,
	    HEIGHT);
	ff_buf_printf(out, "<g clip-path=\"url(#r)\"><rect width=\"%d\" height=\"%d\" fill=\"#4a4f57\"/>", left, HEIGHT);
	ff_buf_printf(out, "<rect x=\"%d\" width=\"%d\" height=\"%d\" fill=\"#1a5fb4\"/></g>", left, right, HEIGHT);
	ff_buf_z(out, "<g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,Geneva,sans-serif\" font-size=\"11\">");
	put_text(out, PAD, left_text, label);
	put_text(out, left + PAD, right_text, value);
	ff_buf_z(out, "</g></svg>\n");
}
