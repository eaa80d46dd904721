/* audit.h - who changed what by hand: one line each in table audit. No visitor's identity goes into it. */
#ifndef FF_FACT_AUDIT_H
#define FF_FACT_AUDIT_H

#include "base/err.h"
#include "base/str.h"

struct ff_db;

/* actor: a login, "key 3", or "operator" at the command line. action: "content.remove". site_id 0 = of no site. */
enum ff_err ff_audit_add(struct ff_db *db, struct ff_arena *arena, struct ff_str actor, const char *action,
    int32_t site_id, struct ff_str detail) ff_must_check;

#endif
