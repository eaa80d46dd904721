/* attempt.h - trying a password: how often, from where, and how many at once over all processes.
 *
 * Over the limit of failures by subject from one address prefix (10 in 15 min; so nobody is kept out from elsewhere) or by
 * address prefix (30 in 15 min) it is FF_TOO_MANY: limiter keys are hashes, no address is stored. FF_BUSY when no place
 * for Argon2 got free within three seconds: two passwords are checked at a time. */
#ifndef FF_FACT_ATTEMPT_H
#define FF_FACT_ATTEMPT_H

#include "base/err.h"
#include "base/str.h"

struct ff_db;

struct ff_attempt {
	struct ff_db    *db;
	struct ff_arena *arena;
	uint8_t          by_subject[32], by_address[32];
	int64_t          place;
};

/* kind: "account", "share"; subject: whose password it is; peer: the client's address as text. */
void ff_attempt_init(struct ff_attempt *attempt, struct ff_db *db, struct ff_arena *arena, const char *kind,
    struct ff_str subject, struct ff_str peer);
/* With FF_OK the place is held until ff_attempt_end. */
enum ff_err ff_attempt_begin(struct ff_attempt *attempt) ff_must_check;
/* err: how it went; FF_UNAUTHORIZED is remembered, FF_OK forgets the subject's failures from there. Returns err, or what
 * went wrong here. */
enum ff_err ff_attempt_end(struct ff_attempt *attempt, enum ff_err err) ff_must_check;

#endif
