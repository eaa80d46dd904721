/* json_check.h - is this text exactly one JSON value (RFC 8259) within our bounds? Nothing is built here; json.c
 * hands only texts that passed to cJSON. */
#ifndef FF_WIRE_JSON_CHECK_H
#define FF_WIRE_JSON_CHECK_H

#include "base/err.h"
#include "base/str.h"

/* cJSON reads at most so many characters of a number. */
#define FF_JSON_NUMBER_MAX 63

enum ff_err ff_json_check(struct ff_str text, int depth_max, struct ff_fault *fault) ff_must_check;

#endif
