/* footfall archive: look at what retention wrote, check it, bring it back for a while. */
#include "base/day.h"
#include "base/num.h"
#include "fact/archive.h"
#include "fact/retention.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/progress.h"
#include "room/tool/tool.h"

#include <inttypes.h>

#define DAYS 7

struct parts {
	struct ff_archive *v;
	size_t             n, damaged;
};

/* Of the directory that was named, or that of the settings; false: said why. */
static bool
find_parts(struct ff_tool *tool, const char *dir, struct parts *parts)
{
	enum ff_err err;

	if (dir == NULL)
		dir = tool->conf->archive_dir;
	if (dir[0] == '\0') {
		fprintf(stderr, "footfall: name a directory: retention.archive is not set\n");
		return false;
	}
	err = ff_archive_list(tool->arena, dir, &parts->v, &parts->n, &parts->damaged);
	if (err == FF_NOT_FOUND)
		fprintf(stderr, "footfall: there is no directory %s\n", dir);
	else if (err != FF_OK)
		ff_tool_fail(tool, "archive", err, NULL);
	return err == FF_OK;
}

static void
print_part(const struct ff_archive *a)
{
	char day[11];

	ff_day_print(a->day, day);
	printf("%-28.*s %s %3d  %10" PRId64 " events  %10" PRId64 " visits  %s\n", FF_STR_ARG(a->domain), day, (int)a->part,
	    a->files[FF_ARCHIVE_EVENT].rows, a->files[FF_ARCHIVE_VISIT].rows, a->dir);
}

int
ff_cmd_archive_list(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	struct parts   parts;
	const char    *dir;

	ff_args_init(&args, "archive list", argc, argv);
	dir = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (!find_parts(tool, dir, &parts))
		return 1;
	if (parts.n == 0 && parts.damaged == 0)
		printf("There is no archive here.\n");
	for (size_t i = 0; i < parts.n; i++)
		print_part(&parts.v[i]);
	return parts.damaged > 0;
}

int
ff_cmd_archive_verify(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args     args;
	struct ff_fault    why;
	struct ff_progress bar;
	struct parts       parts;
	size_t             bad = 0;
	const char        *dir;

	ff_args_init(&args, "archive verify", argc, argv);
	dir = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (!find_parts(tool, dir, &parts))
		return 1;
	ff_progress_begin(&bar, "verify", "parts", false);
	for (size_t i = 0; i < parts.n; i++) {
		if (ff_archive_verify(tool->arena, &parts.v[i], &why) != FF_OK) {
			fprintf(stderr, "footfall: %s\n", why.why);
			bad++;
		}
		ff_progress_step(&bar, i + 1, parts.n, i + 1);
	}
	ff_progress_end(&bar);
	printf("%zu parts are as they were written, %zu are not\n", parts.n - bad, bad + parts.damaged);
	return bad + parts.damaged > 0;
}

struct import {
	struct ff_tool *tool;
	const char     *only; /* a domain, or NULL */
	int64_t         seconds;
	struct ff_site  site; /* of the last part */
	struct ff_kept  kept;
	int64_t         parts, before, kept_still, bad, events;
};

/* Which days the site keeps itself must be known before rows of others come back. */
static enum ff_err
know_site(struct import *import, struct ff_str domain)
{
	const struct ff_conf *conf = import->tool->conf;
	struct ff_retention   retention = { conf->raw_days, conf->keep_hours, conf->keep_days };
	struct ff_db         *db = import->tool->db;
	struct ff_arena      *arena = import->tool->arena;
	struct ff_kept       *kept;
	int64_t               id;
	size_t                n;
	enum ff_err           err;

	if (import->site.site_id != 0 && ff_str_eq(import->site.domain, domain))
		return FF_OK;
	FF_TRY(ff_sites_find(db, arena, domain, &import->site));
	id = import->site.site_id;
	FF_TRY(ff_tx_begin(db));
	err = ff_db_exec(db, FF_STMT_DRAIN_LOCK, NULL, 0);
	if (err == FF_OK)
		err = ff_kept_move(db, arena, ff_arg_i64s(arena, &id, 1), ff_now(), &retention, &kept, &n);
	FF_TRY(ff_tx_end(db, err));
	if (n != 1)
		return FF_NOT_FOUND;
	import->kept = kept[0];
	return FF_OK;
}

static enum ff_err
import_part(struct import *import, const struct ff_archive *part)
{
	struct ff_fault  why = { .why = "" };
	enum ff_restored how;
	enum ff_err      err = ff_archive_verify(import->tool->arena, part, &why);

	if (err == FF_OK && (err = know_site(import, part->domain)) == FF_NOT_FOUND)
		ff_fault_set(&why, err, "site", "there is no site %.*s: footfall site add", FF_STR_ARG(part->domain));
	if (err == FF_OK)
		err = ff_archive_restore(import->tool->db, part, import->site.site_id, import->kept.raw_from, import->seconds, &how,
		    &why);
	if (err == FF_CONFLICT) {
		import->kept_still++;
		return FF_OK;
	}
	if (err == FF_CORRUPT || err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: %s\n", why.why);
		import->bad++;
		return FF_OK;
	}
	FF_TRY(err);
	import->parts += how == FF_RESTORED;
	import->before += how == FF_RESTORED_BEFORE;
	import->events += how == FF_RESTORED ? part->files[FF_ARCHIVE_EVENT].rows : 0;
	return FF_OK;
}

static enum ff_err
import_all(struct import *import, const struct parts *parts)
{
	struct ff_progress bar;
	enum ff_err        err = FF_OK;

	ff_progress_begin(&bar, "import", "events", false);
	for (size_t i = 0; i < parts->n && err == FF_OK; i++) {
		if (import->only == NULL || ff_str_eqz(parts->v[i].domain, import->only))
			err = import_part(import, &parts->v[i]);
		ff_progress_step(&bar, i + 1, parts->n, (uint64_t)import->events);
	}
	ff_progress_end(&bar);
	return err;
}

int
ff_cmd_archive_import(struct ff_tool *tool, int argc, char **argv)
{
	struct import  import = { .tool = tool };
	struct ff_args args;
	struct parts   parts;
	const char    *dir, *days;
	int64_t        n = DAYS;
	enum ff_err    err;

	ff_args_init(&args, "archive import", argc, argv);
	import.only = ff_args_option(&args, "--site");
	days = ff_args_option(&args, "--days");
	dir = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (days != NULL && !ff_num_range(ff_str_from(days), 1, 3660, &n)) {
		fprintf(stderr, "footfall: archive import: --days wants a number from 1 to 3660\n");
		return 2;
	}
	import.seconds = n * 86400;
	if (!find_parts(tool, dir, &parts))
		return 1;
	err = import_all(&import, &parts);
	printf("%" PRId64 " parts are back for %" PRId64 " days (%" PRId64 " events), %" PRId64 " were before, %" PRId64
	       " are of days that are still kept, %" PRId64 " cannot be read\n",
	    import.parts, n, import.events, import.before, import.kept_still, import.bad + (int64_t)parts.damaged);
	if (err != FF_OK)
		return ff_tool_fail(tool, "archive import", err, NULL);
	return import.bad + (int64_t)parts.damaged > 0;
}
