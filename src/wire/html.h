/* html.h - text into HTML and XML: & < > " ' as references, safe in text and in quoted attributes.
 * Control characters other than TAB, LF and CR become spaces: XML knows no way to write them. */
#ifndef FF_WIRE_HTML_H
#define FF_WIRE_HTML_H

#include "base/buf.h"

void ff_html_escape(struct ff_buf *out, struct ff_str text);
/* Only http and https URLs, without blanks and control characters, may be shown as links. */
bool ff_html_link_ok(struct ff_str url);

#endif
