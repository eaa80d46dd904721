#include "base/io.h"
#include "base/log.h"
#include "fact/sites.h"
#include "room/cron/cron.h"
#include "store/db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SNAPSHOT_MAX ((size_t)1 << 30)
/* The fingerprint does not see an item that was renamed in place: everything is compared this often. */
#define FULL_LOOK_US (300 * FF_US_S)

static enum ff_err
fingerprint(struct ff_cron *cron, struct ff_run *run, char out[static 96])
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(cron->db, &run->arena, FF_STMT_SITE_FINGERPRINT, NULL, 0, &rows));
	snprintf(out, 96, "%.*s", FF_STR_ARG(ff_row_str(&rows, 0, 0)));
	return FF_OK;
}

static bool
same_content(struct ff_run *run, const char *a, const char *b)
{
	struct ff_str x, y;

	return ff_io_read_file(&run->arena, a, SNAPSHOT_MAX, &x) == FF_OK &&
	    ff_io_read_file(&run->arena, b, SNAPSHOT_MAX, &y) == FF_OK && ff_str_eq(x, y);
}

/* Made beside the old one, and put in its place only if it differs: collectors map a new file, not an equal one. */
static enum ff_err
replace(struct ff_cron *cron, struct ff_run *run, const char *path, bool *changed)
{
	const char                *next = ff_str_printf(&run->arena, "%s.next", path).p;
	struct ff_site            *sites;
	struct ff_site_item       *items;
	struct ff_site_key        *keys;
	struct ff_snapshot_content content;

	FF_TRY(ff_sites_list(cron->db, &run->arena, &sites, &content.n_sites));
	FF_TRY(ff_sites_items(cron->db, &run->arena, &items, &content.n_items));
	FF_TRY(ff_sites_keys(cron->db, &run->arena, &keys, &content.n_keys));
	content.sites = sites;
	content.items = items;
	content.keys = keys;
	FF_TRY(ff_snapshot_write(next, &content));
	*changed = !same_content(run, path, next);
	if (*changed ? rename(next, path) != 0 : unlink(next) != 0) {
		ff_error("snapshot", "cannot replace %s: %s", path, strerror(errno));
		return FF_IO;
	}
	ff_run_say(run, "%zu sites, %zu items of strict sites, %zu keys%s", content.n_sites, content.n_items, content.n_keys,
	    *changed ? "" : ", unchanged");
	return *changed ? ff_io_sync_dir(cron->conf->state_dir) : FF_OK;
}

enum ff_err
ff_task_snapshot(struct ff_cron *cron, struct ff_run *run)
{
	const char *path = ff_str_printf(&run->arena, "%s/sites.snapshot", cron->conf->state_dir).p;
	char        now[96];
	bool        changed;

	FF_TRY(fingerprint(cron, run, now));
	run->idle = strcmp(now, cron->fingerprint) == 0 && run->started_us < cron->snapshot_full_us &&
	    access(path, F_OK) == 0;
	if (run->idle)
		return FF_OK;
	FF_TRY(ff_io_make_dir(cron->conf->state_dir, 0750));
	FF_TRY(replace(cron, run, path, &changed));
	memcpy(cron->fingerprint, now, sizeof now);
	cron->snapshot_full_us = run->started_us + FULL_LOOK_US;
	run->idle = !changed;
	return FF_OK;
}
