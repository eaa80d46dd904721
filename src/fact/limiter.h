/* limiter.h - rate limits that all collector processes share: a file of fixed size, mapped, atomics and no locks.
 *
 * What is limited has a number (ff_limiter_id); the file holds these numbers and times, nothing else. The number is a hash
 * keyed by the day's salt, so that no address can be read out of it once the salt is gone; at midnight UTC every bucket
 * begins full. The file lies beside the salts on a tmpfs, and losing it loses no event: buckets begin full again.
 *
 * Each bucket is one time (the generic cell rate algorithm): when it would be full again. A bucket that is full is
 * forgotten without loss. Buckets are found in a set of eight; where all eight are in use, the one that is nearest to being
 * full makes room: too much is let through then, never too little. Nobody is judged by another's bucket: the number is
 * compared whole. Two processes that claim the same place at once may cost a bucket one event of its burst. */
#ifndef FF_FACT_LIMITER_H
#define FF_FACT_LIMITER_H

#include "base/err.h"
#include "base/rate.h"
#include "fact/net.h"
#include "fact/visitor.h"

struct ff_limiter;

/* Makes the file where it is not there; one of another form is replaced. FF_STORAGE: no room for it; FF_IO. */
enum ff_err ff_limiter_open(struct ff_limiter **limiter, const char *path) ff_must_check;
void        ff_limiter_close(struct ff_limiter *limiter);

enum ff_limit_kind { FF_LIMIT_ADDRESS = 1, FF_LIMIT_VIEWER = 2, FF_LIMIT_SITE = 3, FF_LIMIT_PACE = 4, FF_LIMIT_COUNT };

/* 0 where salt is NULL: not limited. */
uint64_t ff_limiter_id(const struct ff_salt *salt, enum ff_limit_kind kind, struct ff_str what);
/* Takes one event out of the bucket. False: it is empty, nothing was taken; *wait_us: until there is one. limiter NULL,
 * id 0 or a rate without limit: always true. */
bool ff_limiter_take(struct ff_limiter *limiter, const struct ff_rate *rate, uint64_t id, int64_t now_us,
    int64_t *wait_us);
/* Would it? Takes nothing. */
bool ff_limiter_has(const struct ff_limiter *limiter, const struct ff_rate *rate, uint64_t id, int64_t now_us);
/* How many are left in it, and when it is full again; all of them, and 0, where nothing is known of it. */
uint32_t ff_limiter_left(const struct ff_limiter *limiter, const struct ff_rate *rate, uint64_t id, int64_t now_us,
    int64_t *full_in_us);

#endif
