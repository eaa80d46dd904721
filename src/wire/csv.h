/* csv.h - RFC 4180 rows, safe to open in a spreadsheet: a field that starts with = + - @ TAB CR or LF
 * gets a leading apostrophe, unless it is a plain number (sign, digits, one point). */
#ifndef FF_WIRE_CSV_H
#define FF_WIRE_CSV_H

#include "base/buf.h"

void ff_csv_field(struct ff_buf *out, struct ff_str value, bool first);
void ff_csv_end(struct ff_buf *out); /* CRLF */

#endif
