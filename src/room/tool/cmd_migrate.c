#include "base/day.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"
#include "store/migrate.h"
#include "store/roles.h"

#include <string.h>

static int
status(struct ff_tool *tool, const char *dir)
{
	struct ff_migration *v;
	size_t               n;
	enum ff_err          err = ff_migrate_status(tool->db, tool->arena, dir, &v, &n);

	if (err != FF_OK)
		return ff_tool_fail(tool, "migrate status", err, NULL);
	for (size_t i = 0; i < n; i++) {
		char when[32] = "pending";

		if (v[i].applied)
			ff_time_print(v[i].applied_us, when);
		printf("%-32.*s %s\n", FF_STR_ARG(v[i].name), when);
	}
	return 0;
}

int
ff_tool_roles(struct ff_tool *tool)
{
	bool        there;
	enum ff_err err = ff_roles_refresh(tool->db, tool->conf->data_dir, &there);

	if (err == FF_OK)
		return 0;
	fprintf(stderr, "footfall: the programs' roles do not know what they may of new tables: %s\n"
			"As the owner of the tables: footfall init\n", ff_db_message(tool->db));
	return 1;
}

int
ff_cmd_migrate(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	const char    *what, *dir = ff_str_printf(tool->arena, "%s/migrations", tool->conf->data_dir).p;
	enum ff_err    err;
	int            done = 0;

	ff_args_init(&args, "migrate", argc, argv);
	what = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (what != NULL && strcmp(what, "status") == 0)
		return status(tool, dir);
	if (what != NULL && strcmp(what, "up") == 0) {
		if ((err = ff_migrate_up(tool->db, dir, &done)) != FF_OK)
			return ff_tool_fail(tool, "migrate up", err, NULL);
		printf(done == 0 ? "The schema is up to date.\n" : "%d applied.\n", done);
		return ff_tool_roles(tool);
	}
	if (what != NULL && strcmp(what, "down") == 0) {
		if ((err = ff_migrate_down(tool->db, dir)) != FF_OK)
			return ff_tool_fail(tool, "migrate down", err, NULL);
		printf("The newest one was taken back.\n");
		return 0;
	}
	fprintf(stderr, "footfall: migrate wants one of up, down, status\n");
	return 2;
}
