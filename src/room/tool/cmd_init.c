#include "room/tool/args.h"
#include "room/tool/tool.h"
#include "store/migrate.h"
#include "store/roles.h"

static int
print_roles(struct ff_tool *tool)
{
	struct ff_str text;
	enum ff_err   err = ff_roles_text(tool->arena, tool->conf->data_dir, &text);

	if (err != FF_OK)
		return ff_tool_fail(tool, "init --roles", err, NULL);
	printf("%.*s", FF_STR_ARG(text));
	return 0;
}

static int
make_roles(struct ff_tool *tool)
{
	enum ff_err err = ff_roles_make(tool->db, tool->conf->data_dir);

	if (err == FF_DATABASE || err == FF_NOT_FOUND)
		return ff_tool_fail(tool, "init --roles", err, NULL);
	if (err != FF_OK) {
		fprintf(stderr, "footfall: init --roles: %s\nRoles take a superuser, or CREATEROLE; as another one:\n"
				"    footfall init --roles --print | sudo -u postgres psql -d DATABASE\n", ff_db_message(tool->db));
		return 1;
	}
	printf("The roles footfall_stats, footfall_admin and footfall_cron are there.\n"
	       "How they sign in, and how the programs are told: docs/access.md.\n");
	return 0;
}

int
ff_cmd_init(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	const char    *dir = ff_str_printf(tool->arena, "%s/migrations", tool->conf->data_dir).p;
	enum ff_err    err;
	bool           roles, print;
	int            done = 0;

	ff_args_init(&args, "init", argc, argv);
	roles = ff_args_flag(&args, "--roles");
	print = ff_args_flag(&args, "--print");
	if (!ff_args_done(&args))
		return 2;
	if (roles && print)
		return print_roles(tool);
	if (print) {
		fprintf(stderr, "footfall: --print goes with --roles\nSee: footfall help init\n");
		return 2;
	}
	if ((err = ff_migrate_up(tool->db, dir, &done)) != FF_OK)
		return ff_tool_fail(tool, "init", err, NULL);
	printf(done == 0 ? "The schema is up to date.\n" : "%d applied.\n", done);
	if (roles)
		return make_roles(tool);
	if (ff_tool_roles(tool) != 0)
		return 1;
	printf("Next: footfall site add DOMAIN, footfall user add LOGIN.\n");
	return 0;
}
