/* site.h - a site's settings as every process knows them, and the snapshot file that carries them to the
 * collector, which has no database login.
 *
 * footfall-cron writes `sites.snapshot` whole (temporary file, fsync, rename); the collector maps it and looks
 * again when it was replaced. Layout: snapshot_file.h; magic, version, CRC, so that a torn or foreign file is
 * refused. It holds the sites' secrets: mode 0600, and refused where others may read it. A snapshot in use stays
 * mapped until ff_snapshot_close. */
#ifndef FF_FACT_SITE_H
#define FF_FACT_SITE_H

#include "base/err.h"
#include "base/str.h"
#include "base/uuid.h"

enum ff_privacy { FF_PRIVACY_OFF, FF_PRIVACY_ANONYMOUS, FF_PRIVACY_DROP };

struct ff_site {
	int32_t         site_id;
	struct ff_uuid  public_id;
	struct ff_str   domain; /* lower case, no www. */
	struct ff_str   name, time_zone, default_kind;
	bool            strict; /* unknown items are refused */
	enum ff_privacy gpc, dnt;
	struct ff_str   exclude; /* CIDR list of the team's own addresses */
	uint8_t         secret[32]; /* key of the viewers' tokens and pseudonyms (fact/viewer.h) */
	/* Comma lists of globs (fact/exclude.h) and of ISO 3166-1 alpha-2 codes. */
	struct ff_str   exclude_paths, exclude_hosts, exclude_countries;
	struct ff_str   unique_windows, qualified; /* as fact/rules.h reads them */
	int32_t         items_max; /* items that views may register */
	int32_t         paths_max; /* new paths in a day; others are "(other)" */
	int32_t         values_max; /* values of one dimension in a day's rollup; others are "(other)"; not in the snapshot */
	int32_t         retention_raw, retention_hours, retention_days; /* days; 0: for ever; -1: as footfall.conf says */
	bool            archive; /* single rows are written to files before they go */
	bool            public_counters; /* anybody may read counters; not in the snapshot */
};

struct ff_site_item {
	int32_t       site_id;
	struct ff_str kind, key;
};

/* An API key, as the collector knows it: of its text only the hash. Revoked ones are not in the snapshot. */
struct ff_site_key {
	uint8_t       hash[32]; /* safe/token.h */
	int64_t       key_id;
	int64_t       expires_us; /* 0: never */
	int32_t       site_id;    /* the only one it is good for; 0: all */
	struct ff_str scopes;     /* words, space separated */
};

struct ff_snapshot;

struct ff_snapshot_content {
	const struct ff_site      *sites;
	size_t                     n_sites;
	const struct ff_site_item *items; /* of strict sites only */
	size_t                     n_items;
	const struct ff_site_key  *keys;
	size_t                     n_keys;
};

enum ff_err ff_snapshot_write(const char *path, const struct ff_snapshot_content *content) ff_must_check;
/* FF_NOT_FOUND, also for a file of another version: cron will replace it. FF_FORBIDDEN: others may read it. FF_CORRUPT. */
enum ff_err ff_snapshot_open(struct ff_snapshot **snapshot, const char *path) ff_must_check;
void        ff_snapshot_close(struct ff_snapshot *snapshot);
bool        ff_snapshot_stale(const struct ff_snapshot *snapshot); /* the file was replaced meanwhile */
size_t      ff_snapshot_count(const struct ff_snapshot *snapshot);
const struct ff_site *ff_snapshot_at(const struct ff_snapshot *snapshot, size_t i);
/* The domain as a client names it: any case, with or without "www." and a dot at its end. */
const struct ff_site *ff_snapshot_by_domain(const struct ff_snapshot *snapshot, struct ff_str domain);
const struct ff_site *ff_snapshot_by_id(const struct ff_snapshot *snapshot, const struct ff_uuid *public_id);
/* By its number, as Matomo's clients name a site; looks through all of them. */
const struct ff_site *ff_snapshot_by_number(const struct ff_snapshot *snapshot, int64_t site_id);
/* Where a site of this snapshot stands in it, for what is kept beside it: below ff_snapshot_count. */
size_t ff_snapshot_index(const struct ff_snapshot *snapshot, const struct ff_site *site);
/* By the hash of its text; NULL: no such key, or revoked. Expiry and scopes are the caller's to check. */
const struct ff_site_key *ff_snapshot_key(const struct ff_snapshot *snapshot, const uint8_t hash[32]);
bool ff_snapshot_has_item(const struct ff_snapshot *snapshot, int32_t site_id, struct ff_str kind, struct ff_str key);

#endif
