/* path.h - request targets: strict percent-decoding. Of door alone. */
#ifndef FF_DOOR_PATH_H
#define FF_DOOR_PATH_H

#include "base/str.h"

/* False for a broken escape, a control character or what is no valid UTF-8 afterwards. '+' stays. */
bool ff_path_decode(struct ff_arena *arena, struct ff_str raw, struct ff_str *out);

#endif
