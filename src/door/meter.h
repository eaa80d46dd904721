/* meter.h - what the workers of a program did, counted together in one mapped file: for GET /metrics.
 *
 * Counters begin at zero with the machine, for the file lies on a tmpfs; who scrapes them knows that counters may. */
#ifndef FF_DOOR_METER_H
#define FF_DOOR_METER_H

#include "base/err.h"

#include <stdint.h>

struct ff_meter;

/*    id         public name */
#define FF_METERS(X)                                                     \
	X(HIT,     "hit")     /* answered from the cache */              \
	X(MISS,    "miss")    /* computed */                             \
	X(STALE,   "stale")   /* old, because the database was away */   \
	X(LIMITED, "limited") /* refused: too many of one caller */

enum ff_meter_count {
#define FF_METER_ENUM(id, name) FF_METER_##id,
	FF_METERS(FF_METER_ENUM)
#undef FF_METER_ENUM
	FF_METER_COUNT
};

/* Requests by how long they took, each within the limit and above the one before; the last: longer. */
#define FF_METER_LIMITS_MS { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000 }
#define FF_METER_BUCKETS 13

struct ff_meter_read {
	uint64_t counts[FF_METER_COUNT];
	uint64_t status[6]; /* [2] = answers 200 to 299, ... */
	uint64_t took[FF_METER_BUCKETS], took_us;
};

/* FF_IO, FF_STORAGE: logged; *out is NULL then, and all functions take NULL. */
enum ff_err ff_meter_open(struct ff_meter **out, const char *path) ff_must_check;
void        ff_meter_close(struct ff_meter *meter);
void ff_meter_count(struct ff_meter *meter, enum ff_meter_count what);
void ff_meter_request(struct ff_meter *meter, int status, int64_t took_us);
void ff_meter_read(const struct ff_meter *meter, struct ff_meter_read *out);

#endif
