/* bearer.h - the guests of routes with FF_GUARD_KEY: API keys, share links, tokens of the host. */
#ifndef FF_DOOR_BEARER_H
#define FF_DOOR_BEARER_H

#include "door/guard.h"

/* Fills *who; whether the route is for them is asked by the guard. FF_UNAUTHORIZED, FF_DATABASE. */
enum ff_err ff_bearer_read(const struct ff_req *req, struct ff_who *who, struct ff_fault *fault) ff_must_check;

#endif
