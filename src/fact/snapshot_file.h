/* snapshot_file.h - sites.snapshot, version 2, in the machine's byte order (it never leaves the machine):
 *
 *   heading, key rows, site rows, item rows, four hash tables (site by domain, site by public id, item, key), text
 *
 * A table is an array of row numbers + 1, 0 = free, a power of two larger than the rows, probed linearly; the
 * hash is the CRC-32C of the key (of an API key: the first bytes of its own hash). Text is (offset, length) from the
 * start of the file. The heading holds the CRC-32C of everything behind it. Everything is checked once when it is
 * opened, so look-ups trust it. Equal content makes equal bytes: rows have no padding. */
#ifndef FF_FACT_SNAPSHOT_FILE_H
#define FF_FACT_SNAPSHOT_FILE_H

#include "base/crc32c.h"
#include "base/uuid.h"

#include <string.h>

#define FF_SNAPSHOT_MAX (UINT32_C(1) << 30)
#define FF_SNAPSHOT_MAGIC "FFSITES2" /* the last character is the version */

struct ff_snapshot_heading {
	char     magic[8];
	uint32_t order; /* 1 in the byte order of the writer */
	uint32_t crc;   /* of all bytes behind the heading */
	uint32_t size;  /* of the file */
	uint32_t sites, items, keys;
	uint32_t site_slots, item_slots, key_slots;
	uint32_t unused[5];
};

struct ff_snapshot_text {
	uint32_t at, len;
};

struct ff_snapshot_key_row {
	uint8_t                 hash[32];
	int64_t                 key_id, expires_us;
	int32_t                 site_id;
	struct ff_snapshot_text scopes;
	uint32_t                unused;
};

struct ff_snapshot_site_row {
	struct ff_uuid          public_id;
	uint8_t                 secret[32];
	int32_t                 site_id, items_max, paths_max;
	uint8_t                 strict, gpc, dnt, unused;
	struct ff_snapshot_text domain, name, time_zone, default_kind, exclude;
	struct ff_snapshot_text exclude_paths, exclude_hosts, exclude_countries, unique_windows, qualified;
};

struct ff_snapshot_item_row {
	int32_t                 site_id;
	struct ff_snapshot_text kind, key;
};

static inline uint32_t
ff_snapshot_hash_str(struct ff_str s)
{
	return ff_crc32c(0, s.p, s.len);
}

static inline uint32_t
ff_snapshot_hash_uuid(const struct ff_uuid *id)
{
	return ff_crc32c(0, id->b, sizeof id->b);
}

/* ("a","bc") and ("ab","c") share a hash: the look-up compares the parts. */
static inline uint32_t
ff_snapshot_hash_item(int32_t site_id, struct ff_str kind, struct ff_str key)
{
	uint32_t crc = ff_crc32c(0, &site_id, sizeof site_id);

	return ff_crc32c(ff_crc32c(crc, kind.p, kind.len), key.p, key.len);
}

static inline uint32_t
ff_snapshot_hash_key(const uint8_t hash[32])
{
	uint32_t first;

	memcpy(&first, hash, sizeof first);
	return first;
}

#endif
