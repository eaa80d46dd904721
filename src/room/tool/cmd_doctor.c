/* footfall doctor: each thing that must be right, whether it is, and what to do if not. Changes nothing. */
#include "base/day.h"
#include "drain/drain.h"
#include "fact/geo.h"
#include "fact/retention.h"
#include "fact/robot_lists.h"
#include "fact/site.h"
#include "fact/sites.h"
#include "fact/visitor.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"
#include "spool/spool.h"
#include "store/migrate.h"

#include <dirent.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#define CRON FF_LIBEXECDIR "/footfall-cron" /* in no PATH */
#define TMPFS 0x01021994 /* statfs(2) */

enum verdict { FINE, WARNING, FAULT };

struct finding {
	enum verdict  verdict;
	struct ff_str text, advice;
};

static struct finding
fine(struct ff_str text)
{
	return (struct finding){ FINE, text, FF_STR_NONE };
}

static struct finding
found(enum verdict verdict, struct ff_str text, const char *advice)
{
	return (struct finding){ verdict, text, ff_str_from(advice) };
}

static struct finding
check_settings(struct ff_tool *tool)
{
	return fine(ff_str_printf(tool->arena, "%s", tool->conf->file[0] ? tool->conf->file : "defaults only, no file"));
}

static struct finding
check_database(struct ff_tool *tool)
{
	if (ff_db_ping(tool->db) == FF_OK)
		return fine(ff_str_printf(tool->arena, "answers (%s)", ff_conf_database_shown(tool->conf)));
	return found(FAULT,
	    ff_str_printf(tool->arena, "does not answer (%s): %s", ff_conf_database_shown(tool->conf),
		ff_db_message(tool->db)),
	    "start PostgreSQL, and check \"database\" in the settings; views are kept in the spool meanwhile");
}

static struct finding
check_schema(struct ff_tool *tool)
{
	struct ff_migration *v;
	size_t               n, pending = 0;
	const char          *dir = ff_str_printf(tool->arena, "%s/migrations", tool->conf->data_dir).p;
	enum ff_err          err = ff_migrate_status(tool->db, tool->arena, dir, &v, &n);

	if (err != FF_OK)
		return found(FAULT, FF_STR("could not be compared with the installed migrations"),
		    "see the line above; is data_dir right?");
	for (size_t i = 0; i < n; i++)
		pending += !v[i].applied;
	if (pending > 0)
		return found(FAULT, ff_str_printf(tool->arena, "%zu migrations are pending", pending), "run: footfall migrate up");
	return fine(ff_str_printf(tool->arena, "up to date (%zu migrations)", n));
}

static struct finding
check_sites(struct ff_tool *tool)
{
	struct ff_site *v;
	size_t          n;

	if (ff_sites_list(tool->db, tool->arena, &v, &n) != FF_OK)
		return found(WARNING, FF_STR("unknown without the database"), "");
	if (n == 0)
		return found(WARNING, FF_STR("there is none"), "run: footfall site add DOMAIN");
	return fine(ff_str_printf(tool->arena, "%zu", n));
}

static struct finding
check_tasks(struct ff_tool *tool)
{
	struct ff_rows rows;
	const char    *often = "";

	if (ff_db_query(tool->db, tool->arena, FF_STMT_DOCTOR_TASKS, NULL, 0, &rows) != FF_OK)
		return found(WARNING, FF_STR("unknown without the database"), "");
	if (rows.n == 0)
		return fine(FF_STR("all on time"));
	if (ff_row_i64(&rows, 0, 1) > 0)
		often = ff_str_printf(tool->arena, " (%lld failures in a row)", (long long)ff_row_i64(&rows, 0, 1)).p;
	return found(FAULT,
	    ff_str_printf(tool->arena, "%.*s: %.*s%s", FF_STR_ARG(ff_row_str(&rows, 0, 0)),
		FF_STR_ARG(ff_row_str(&rows, 0, 2)), often),
	    "is footfall-cron running (service footfall-cron, or cron)? See: " CRON " tasks");
}

static struct finding
check_rows(struct ff_tool *tool)
{
	struct ff_arg  day;
	struct ff_rows rows;
	int32_t        floor;
	enum ff_err    err = ff_retention_floor(tool->db, tool->arena, ff_now(), tool->conf->raw_days, &floor);

	if (err == FF_OK) {
		day = ff_arg_day(tool->arena, floor);
		err = ff_db_query(tool->db, tool->arena, FF_STMT_DOCTOR_ROWS, &day, 1, &rows);
	}
	if (err != FF_OK)
		return found(WARNING, FF_STR("unknown without the database"), "");
	if (ff_row_i64(&rows, 0, 0) + ff_row_i64(&rows, 0, 1) + ff_row_i64(&rows, 0, 2) > 0)
		return found(WARNING, FF_STR("rows stand in the default partitions"),
		    "partitions were missing: is footfall-cron running? Its task partitions sorts these rows in");
	if (ff_row_i64(&rows, 0, 3) > 0)
		return found(WARNING,
		    ff_str_printf(tool->arena, "%lld records are in quarantine", (long long)ff_row_i64(&rows, 0, 3)),
		    "look at the reasons in the table bad_record");
	return fine(FF_STR("nothing where it should not be"));
}

/* What a damaged segment could not be read for: acknowledged, and in no figure. */
static size_t
damaged_pieces(struct ff_tool *tool, const char *dir)
{
	DIR           *bad = opendir(ff_str_printf(tool->arena, "%s/bad", dir).p);
	struct dirent *entry;
	size_t         n = 0;

	if (bad == NULL)
		return 0;
	while ((entry = readdir(bad)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(bad);
	return n;
}

static struct finding
check_spool(struct ff_tool *tool)
{
	struct ff_spool_usage u;
	const char           *dir = ff_str_printf(tool->arena, "%s/spool", tool->conf->state_dir).p;
	struct statvfs        fs;
	size_t                damaged = damaged_pieces(tool, dir);

	if (access(dir, R_OK | W_OK | X_OK) != 0)
		return found(FAULT, ff_str_printf(tool->arena, "%s cannot be written", dir),
		    "make it, owned by the user that the programs run as");
	if (ff_drain_backlog(tool->db, tool->arena, dir, &u) != FF_OK)
		return found(FAULT, ff_str_printf(tool->arena, "%s cannot be read", dir), "run this as the user of the programs");
	if (u.bytes > (uint64_t)tool->conf->spool_soft)
		return found(WARNING,
		    ff_str_printf(tool->arena, "%llu MB, over spool.soft_limit", (unsigned long long)u.bytes >> 20),
		    "is footfall-cron draining? Over spool.hard_limit views are refused with 503");
	if (statvfs(dir, &fs) == 0 && fs.f_bavail * fs.f_frsize < (uint64_t)tool->conf->segment_size * 8)
		return found(FAULT, FF_STR("the disk is almost full"), "make room: a full disk answers 503");
	if (damaged > 0)
		return found(WARNING, ff_str_printf(tool->arena, "damaged pieces in %s/bad: %zu", dir, damaged),
		    "is the disk sound? Their views are in no figure; when you have looked, remove the files");
	return fine(ff_str_printf(tool->arena, "%llu segments, %llu kB to drain", (unsigned long long)u.segments,
	    (unsigned long long)u.pending >> 10));
}

static struct finding
check_salts(struct ff_tool *tool)
{
	static struct ff_salts salts;
	const char            *path = ff_str_printf(tool->arena, "%s/salts", tool->conf->run_dir).p;
	struct statfs          fs;
	enum ff_err            err = ff_salts_read(path, &salts);

	if (err != FF_OK || ff_salts_find(&salts, ff_day_of_us(ff_now())) == NULL)
		return found(FAULT,
		    ff_str_printf(tool->arena, "%s: %s", path, err == FF_OK ? "no salt for today" : ff_err_sentence(err)),
		    "run: " CRON " run salts; until then views are counted without visitors");
	if (statfs(path, &fs) == 0 && fs.f_type != TMPFS)
		return found(WARNING, ff_str_printf(tool->arena, "%s is not on a tmpfs", path),
		    "destroyed salts can be found on the disk again: put run_dir on a tmpfs");
	return fine(FF_STR("there, in memory only"));
}

static struct finding
check_snapshot(struct ff_tool *tool)
{
	struct ff_snapshot *snapshot;
	const char         *path = ff_str_printf(tool->arena, "%s/sites.snapshot", tool->conf->state_dir).p;
	enum ff_err         err = ff_snapshot_open(&snapshot, path);
	size_t              n;

	if (err != FF_OK)
		return found(FAULT, ff_str_printf(tool->arena, "%s: %s", path, ff_err_sentence(err)),
		    "run: " CRON " run snapshot; without it the collector knows no site");
	n = ff_snapshot_count(snapshot);
	ff_snapshot_close(snapshot);
	return fine(ff_str_printf(tool->arena, "%zu sites known to the collector", n));
}

static struct finding
check_agents(struct ff_tool *tool)
{
	if (tool->conf->regexes[0] == '\0' || access(tool->conf->regexes, R_OK) == 0)
		return fine(ff_str_from(tool->conf->regexes));
	return found(WARNING, ff_str_printf(tool->arena, "%s cannot be read", tool->conf->regexes),
	    "install the package uap-core, or set agent.regexes");
}

static struct finding
check_robots(struct ff_tool *tool)
{
	const struct ff_conf      *conf = tool->conf;
	struct ff_robot_lists     *lists;
	struct ff_robot_lists_size size;

	if (conf->robot_networks[0] == '\0' && conf->robot_referrers[0] == '\0')
		return fine(FF_STR("our own lists"));
	if (ff_robot_lists_open(&lists, conf->robot_networks, conf->robot_referrers) != FF_OK)
		return found(FAULT, FF_STR("a list of robots cannot be used"),
		    "check robots.networks and robots.referrers: what is wrong with them stands above");
	size = ff_robot_lists_size(lists);
	ff_robot_lists_free(lists);
	return fine(ff_str_printf(tool->arena, "%zu networks and %zu referrers beside our own lists", size.networks,
	    size.referrers));
}

#define GEO_OLD_DAYS 200 /* addresses move: some percent change their country in a year */

static struct finding
check_places(struct ff_tool *tool)
{
	const char         *path = tool->conf->geo_database;
	struct ff_geo      *geo;
	struct ff_geo_about about = { FF_STR_NONE, FF_STR_NONE, 0 };
	int64_t             days;
	struct ff_str       text;

	if (path[0] == '\0')
		return found(WARNING, FF_STR("no database: countries stay unknown"),
		    "set geo.database to an MMDB file; a free one: footfall help geo build");
	if (ff_geo_open(&geo, path) != FF_OK)
		return found(FAULT, ff_str_printf(tool->arena, "%s cannot be read", path),
		    "check geo.database; a free one: footfall help geo build");
	(void)ff_geo_about(geo, &about);
	days = ff_day_of_us(ff_now()) - about.built_s / 86400;
	text = ff_str_printf(tool->arena, "%s: %.*s (%.*s), %lld days old", path, FF_STR_ARG(about.type),
	    FF_STR_ARG(about.description), (long long)days);
	ff_geo_free(geo);
	return days <= GEO_OLD_DAYS ? fine(text) : found(WARNING, text, "take newer data, see: footfall help geo build");
}

static const struct {
	const char *name;
	struct finding (*check)(struct ff_tool *tool);
} checks[] = {
	{ "settings", check_settings }, { "database", check_database }, { "schema", check_schema }, { "sites", check_sites },
	{ "tasks", check_tasks }, { "rows", check_rows }, { "spool", check_spool }, { "salts", check_salts },
	{ "snapshot", check_snapshot }, { "user agents", check_agents }, { "robots", check_robots }, { "places", check_places },
};

int
ff_cmd_doctor(struct ff_tool *tool, int argc, char **argv)
{
	static const char *const marks[] = { "ok  ", "note", "BAD " };
	struct ff_args           args;
	int                      bad = 0;

	ff_args_init(&args, "doctor", argc, argv);
	if (!ff_args_done(&args))
		return 2;
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		struct finding f = checks[i].check(tool);

		printf("%s %-12s %.*s\n", marks[f.verdict], checks[i].name, FF_STR_ARG(f.text));
		if (f.advice.len > 0)
			printf("                  %.*s\n", FF_STR_ARG(f.advice));
		bad += f.verdict == FAULT;
	}
	return bad > 0;
}
