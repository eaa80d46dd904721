/* Commands that print one of our tables: settings, routes, robots. */
#include "fact/agent.h"
#include "fact/logline.h"
#include "fact/robot_lists.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"

#include <string.h>

int
ff_cmd_config(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	const char    *what;

	ff_args_init(&args, "config", argc, argv);
	what = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (what != NULL && strcmp(what, "show") == 0) {
		ff_conf_print(tool->conf, stdout);
		return 0;
	}
	if (what != NULL && strcmp(what, "check") == 0) { /* a wrong file did not come this far */
		printf("%s: the settings are right\n", tool->conf->file[0] ? tool->conf->file : "no file, defaults only");
		return 0;
	}
	fprintf(stderr, "footfall: config wants one of check, show\n");
	return 2;
}

static void
print_params(const struct ff_param *params)
{
	static const char *const types[] = { "text", "int", "day", "one of", "uuid", "flag" };

	for (; params != NULL && params->name != NULL; params++)
		printf("          %s%s: %s%s%s - %s\n", params->name, params->required ? " (required)" : "", types[params->type],
		    params->choices ? " " : "", params->choices ? params->choices : "", params->help);
}

static void
print_route(struct ff_arena *arena, const struct ff_route_set *set, const struct ff_route *r)
{
	static const char *const guards[] = { "open", "key", "session" };
	struct ff_str            path = ff_str_printf(arena, "%s%s", set->mount, r->pattern);

	printf("%-7s %-40.*s %s%s%s - %s\n", ff_method_name(r->method), FF_STR_ARG(path), guards[r->guard],
	    r->scope ? " " : "", r->scope ? r->scope : "", r->help);
	print_params(r->params);
}

int
ff_cmd_routes(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;

	ff_args_init(&args, "routes", argc, argv);
	if (!ff_args_done(&args))
		return 2;
	for (size_t s = 0; s < tool->n_route_sets; s++) {
		const struct ff_route_set *set = &tool->route_sets[s];

		printf("# %s\n", set->program);
		for (size_t i = 0; i < set->n; i++)
			print_route(tool->arena, set, &set->routes[i]);
	}
	return 0;
}

int
ff_cmd_robots(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args           args;
	const char *const       *words;
	size_t                   n;
	bool                     assets, referrers;

	(void)tool;
	ff_args_init(&args, "robots", argc, argv);
	assets = ff_args_flag(&args, "--assets");
	referrers = ff_args_flag(&args, "--referrers");
	if (!ff_args_done(&args))
		return 2;
	words = assets ? ff_asset_extensions(&n) : referrers ? ff_spam_hosts(&n) : ff_robot_tokens(&n);
	for (size_t i = 0; i < n; i++)
		printf("%s\n", words[i]);
	return 0;
}
