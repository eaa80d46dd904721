/* props.h - custom properties as they are stored: a flat JSON object of strings. */
#ifndef FF_FACT_PROPS_H
#define FF_FACT_PROPS_H

#include "base/str.h"

/* True for what PostgreSQL's jsonb takes and event.props allows: {"key":"value",...} of at most FF_PROPS_MAX
 * pairs, valid UTF-8 of RFC 8259 without U+0000 and without lone surrogates, nothing behind it. */
bool ff_props_valid(struct ff_str props);

#endif
