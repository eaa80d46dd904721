/* site.h - a site's settings as every process knows them, and the snapshot file that carries them to the
 * collector, which has no database login.
 *
 * footfall-cron writes `sites.snapshot` whole (temporary file, fsync, rename); the collector maps it and looks
 * again when it was replaced. Layout: docs in snapshot.c; magic, version, CRC, so that a torn or foreign file
 * is refused. A snapshot in use stays mapped until ff_snapshot_close. */
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
};

struct ff_site_item {
	int32_t       site_id;
	struct ff_str kind, key;
};

struct ff_snapshot;

enum ff_err ff_snapshot_write(const char *path, const struct ff_site *sites, size_t n_sites,
    const struct ff_site_item *items, size_t n_items) ff_must_check; /* items: of strict sites only */
enum ff_err ff_snapshot_open(struct ff_snapshot **snapshot, const char *path) ff_must_check;
void        ff_snapshot_close(struct ff_snapshot *snapshot);
bool        ff_snapshot_stale(const struct ff_snapshot *snapshot); /* the file was replaced meanwhile */
size_t      ff_snapshot_count(const struct ff_snapshot *snapshot);
const struct ff_site *ff_snapshot_at(const struct ff_snapshot *snapshot, size_t i);
/* The domain as a client names it: any case, with or without "www." and a dot at its end. */
const struct ff_site *ff_snapshot_by_domain(const struct ff_snapshot *snapshot, struct ff_str domain);
const struct ff_site *ff_snapshot_by_id(const struct ff_snapshot *snapshot, const struct ff_uuid *public_id);
bool ff_snapshot_has_item(const struct ff_snapshot *snapshot, int32_t site_id, struct ff_str kind, struct ff_str key);

#endif
