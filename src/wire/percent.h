/* percent.h - %xx decoding, shared by URLs and queries. */
#ifndef FF_WIRE_PERCENT_H
#define FF_WIRE_PERCENT_H

#include "base/str.h"

/* Bytes as they come: not checked, may hold NUL and invalid UTF-8. Escapes that are none stay as they are. plus:
 * '+' is a space (forms and query strings). The result never is FF_STR_NONE. */
struct ff_str ff_percent_decode(struct ff_arena *arena, struct ff_str text, bool plus);

#endif
