/* footfall - the operator's tool. Wiring only. */
#include "conf/options.h"
#include "room/admin/admin.h"
#include "room/api/api.h"
#include "room/collect/collect.h"
#include "room/tool/tool.h"
#include "safe/rand.h"

#include <stdio.h>
#include <string.h>

static const struct ff_program program = { .name = "footfall", .about = "view analytics: the operator's tool",
	.usage = "footfall help lists the commands.\n" };

int
main(int argc, char **argv)
{
	struct ff_options options;
	struct ff_arena   arena;
	int               code;

	if (argc > 1 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0))
		return ff_tool_run(&(struct ff_tool){ 0 }, argc - 1, argv + 1); /* needs no settings, and nobody's leave */
	if (!ff_options_read(argc, argv, &program, &options, &code))
		return code;
	ff_safe_init();
	ff_arena_init(&arena);

	const struct ff_route_set sets[] = {
		{ "footfall-collect.fcgi", "", ff_collect_routes, ff_collect_routes_n },
		{ "footfall-stats.fcgi", "", ff_api_routes, ff_api_routes_n },
		{ "footfall-admin.fcgi", options.conf.admin_path, ff_admin_routes, ff_admin_routes_n },
	};
	struct ff_tool tool = { .conf = &options.conf, .arena = &arena, .route_sets = sets,
		.n_route_sets = sizeof sets / sizeof *sets };

	ff_db_open(&tool.db, options.conf.database, "footfall");
	code = ff_tool_run(&tool, argc - options.first, argv + options.first);
	if (fflush(stdout) != 0 || ferror(stdout)) { /* a key that is shown once may be lost */
		perror("footfall: standard output");
		code = 1;
	}
	ff_db_close(tool.db);
	ff_arena_free(&arena);
	ff_conf_free(&options.conf);
	return code;
}
