/* password.h - a password from a file, a pipe or a terminal, or a random one. */
#ifndef FF_ROOM_TOOL_PASSWORD_H
#define FF_ROOM_TOOL_PASSWORD_H

#include "base/str.h"

#include <stdbool.h>

/* By whichever way was asked for: file ("-" is standard input), random, or else asked for twice. False: it was said why. */
bool ff_tool_password(struct ff_arena *arena, const char *file, bool random, struct ff_str *out);

#endif
