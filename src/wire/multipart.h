/* multipart.h - text fields of a form sent as multipart/form-data (RFC 7578), as `curl -F` sends them. */
#ifndef FF_WIRE_MULTIPART_H
#define FF_WIRE_MULTIPART_H

#include "wire/query.h"

bool ff_multipart_is(struct ff_str content_type);
/* Fields by name; files are fields like others, and their names and types are ignored. FF_INVALID (request, or the field
 * whose value is no valid UTF-8) for a body that does not end as it should, FF_TOO_LARGE beyond max fields. Values are
 * slices of body. */
enum ff_err ff_multipart_parse(struct ff_arena *arena, struct ff_str content_type, struct ff_str body, size_t max,
    struct ff_pairs *out, struct ff_fault *fault) ff_must_check;

#endif
