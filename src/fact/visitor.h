/* visitor.h - who, without knowing who: salts of the day and the visitor's identity.
 *
 * identity = BLAKE2b-64(key = the day's salt, site id, address (IPv6 /64), user agent). Salts are 32 random
 * bytes for a UTC day, made three days ahead by cron, kept in a 0600 file on tmpfs, destroyed after 48 h;
 * never in the database. Yesterday's salt is kept so that a visit crosses midnight. */
#ifndef FF_FACT_VISITOR_H
#define FF_FACT_VISITOR_H

#include "base/err.h"
#include "fact/net.h"

#define FF_SALTS_MAX 8

struct ff_salt {
	int32_t day; /* UTC */
	uint8_t key[32];
};

struct ff_salts {
	struct ff_salt v[FF_SALTS_MAX];
	size_t         n;
	int64_t        mtime_ns; /* of the file it was read from: for ff_salts_refresh */
	uint64_t       inode;
};

/* The file: "footfall-salts 1\n", then "YYYY-MM-DD <64 hex>\n" a line. FF_NOT_FOUND, FF_CORRUPT, FF_FORBIDDEN
 * if others may read it. */
enum ff_err ff_salts_read(const char *path, struct ff_salts *out) ff_must_check;
/* Reads again only if the file was replaced; keeps the old ones where it cannot be read. */
enum ff_err ff_salts_refresh(const char *path, struct ff_salts *salts) ff_must_check;
/* Cron's duty: drops salts older than yesterday, adds up to today + 3, writes if anything changed. */
enum ff_err ff_salts_rotate(const char *path, int32_t today) ff_must_check;
const struct ff_salt *ff_salts_find(const struct ff_salts *salts, int32_t day);
/* Never 0 and within int64's positive range, so that it is a plain bigint. 0 if salt is NULL. */
uint64_t ff_visitor_id(const struct ff_salt *salt, int32_t site_id, const struct ff_addr *addr,
    struct ff_str user_agent);

#endif
