/* tool.h - `footfall`, the operator's tool: a table of commands, each in a file of its own.
 *
 * A command gets its words behind its own name; it prints results on stdout, progress and complaints on stderr, and
 * returns the exit code: 0 done, 1 it failed and said why, 2 it was called wrongly. */
#ifndef FF_ROOM_TOOL_TOOL_H
#define FF_ROOM_TOOL_TOOL_H

#include "conf/conf.h"
#include "door/route.h"
#include "store/db.h"

/* Route tables of the other programs, handed in by main: rooms do not know each other. */
struct ff_route_set {
	const char            *program, *mount;
	const struct ff_route *routes;
	size_t                 n;
};

struct ff_tool {
	const struct ff_conf      *conf;
	struct ff_db              *db;        /* connects when first used */
	struct ff_arena           *arena;
	const struct ff_route_set *route_sets;
	size_t                     n_route_sets;
};

struct ff_command {
	const char *name;   /* "site add" */
	const char *usage;  /* "DOMAIN [--name NAME] ..." */
	const char *about;  /* one line for the list */
	const char *help;   /* options and examples, for `footfall help NAME` */
	int (*run)(struct ff_tool *tool, int argc, char **argv);
};

extern const struct ff_command ff_commands[];
extern const size_t            ff_commands_n;

/* Finds and runs the command at argv[0..]; "help [COMMAND]" and "--help" are served here, with an empty *tool too. */
int ff_tool_run(struct ff_tool *tool, int argc, char **argv);
/* Says on stderr what went wrong and what to do about it; returns 1. fault may be NULL. */
int ff_tool_fail(struct ff_tool *tool, const char *what, enum ff_err err, const struct ff_fault *fault);
/* The same for a site that the operator named and ff_sites_find did not give. */
int ff_tool_fail_site(struct ff_tool *tool, const char *site, enum ff_err err);

/* Ends the transaction that a change was made in, with the change and its line in the audit or with neither; err: how the
 * change went. Returns how it went in the end. */
enum ff_err ff_tool_record(struct ff_tool *tool, enum ff_err err, const char *action, int32_t site_id,
    struct ff_str detail) ff_must_check;

/* After tables came: what the programs' database roles may, where there are such roles. 0, or 1 and it was said why. */
int ff_tool_roles(struct ff_tool *tool);

int ff_cmd_init(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_migrate(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_site_add(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_site_list(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_site_show(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_site_set(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_site_secret(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_user_add(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_user_passwd(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_user_list(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_user_remove(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_key_add(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_key_list(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_key_revoke(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_site_rename(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_site_remove(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_user_grant(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_user_revoke(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_user_limit(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_goal_add(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_goal_list(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_goal_remove(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_segment_add(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_segment_list(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_segment_remove(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_share_add(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_share_list(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_share_revoke(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_import_access_log(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_archive_list(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_archive_verify(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_archive_import(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_demo(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_config(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_routes(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_robots(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_ledger(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_geo_build(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_rollup_verify(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_rollup_rebuild(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_purge(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_userdata_export(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_userdata_erase(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_export(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_job_secret(struct ff_tool *tool, int argc, char **argv);
int ff_cmd_doctor(struct ff_tool *tool, int argc, char **argv);

#endif
