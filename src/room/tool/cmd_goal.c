#include "base/num.h"
#include "fact/goals.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"

static enum ff_err
add(struct ff_tool *tool, int32_t site_id, struct ff_goal *goal, bool *added, struct ff_fault *fault)
{
	enum ff_err err;

	FF_TRY(ff_tx_begin(tool->db));
	err = ff_goals_add(tool->db, tool->arena, site_id, goal, added, fault);
	if (err == FF_OK && !*added)
		return ff_tx_end(tool->db, FF_OK);
	return ff_tool_record(tool, err, "goal.add", site_id, goal->name);
}

/* What the options say; false: they say nothing, or too much, and it was said. */
static bool
read_goal(struct ff_args *args, struct ff_goal *goal)
{
	const char *event = ff_args_option(args, "--event"), *page = ff_args_option(args, "--page");
	const char *scroll = ff_args_option(args, "--scroll"), *name = ff_args_option(args, "--name");
	const char *currency = ff_args_option(args, "--currency");
	int64_t     percent = 0;

	if ((event == NULL) == (page == NULL)) {
		fprintf(stderr, "footfall: goal add wants --event NAME or --page PATH\nSee: footfall help goal add\n");
		return false;
	}
	if (scroll != NULL && !ff_num_range(ff_str_from(scroll), 1, 100, &percent)) {
		fprintf(stderr, "footfall: --scroll wants a percentage from 1 to 100\n");
		return false;
	}
	*goal = (struct ff_goal){ .kind = event != NULL ? FF_GOAL_EVENT : scroll != NULL ? FF_GOAL_SCROLL : FF_GOAL_PAGE,
		.event_name = ff_str_from(event != NULL ? event : ""), .path = ff_str_from(page != NULL ? page : ""),
		.name = ff_str_from(name != NULL ? name : ""), .currency = ff_str_from(currency != NULL ? currency : ""),
		.scroll = (int)percent };
	return true;
}

int
ff_cmd_goal_add(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args  args;
	struct ff_fault fault = { 0 };
	struct ff_goal  goal;
	struct ff_site  site;
	const char     *name;
	enum ff_err     err;
	bool            added;

	ff_args_init(&args, "goal add", argc, argv);
	if (!read_goal(&args, &goal))
		return 2;
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name == NULL) {
		fprintf(stderr, "footfall: goal add wants a site\nSee: footfall help goal add\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if ((err = add(tool, site.site_id, &goal, &added, &fault)) != FF_OK)
		return ff_tool_fail(tool, "goal add", err, &fault);
	printf("%d %.*s%s\n", (int)goal.goal_id, FF_STR_ARG(goal.name), added ? "" : " (it was there already)");
	return 0;
}

int
ff_cmd_goal_list(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args  args;
	struct ff_goal *v;
	struct ff_site  site;
	const char     *name;
	size_t          n;
	enum ff_err     err;

	ff_args_init(&args, "goal list", argc, argv);
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name == NULL) {
		fprintf(stderr, "footfall: goal list wants a site\nSee: footfall site list\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if ((err = ff_goals_load(tool->db, tool->arena, site.site_id, &v, &n)) != FF_OK)
		return ff_tool_fail(tool, "goal list", err, NULL);
	for (size_t i = 0; i < n; i++) {
		printf("%-4d %-28.*s %s %.*s", (int)v[i].goal_id, FF_STR_ARG(v[i].name), ff_goal_kind_name(v[i].kind),
		    FF_STR_ARG(v[i].kind == FF_GOAL_EVENT ? v[i].event_name : v[i].path));
		if (v[i].kind == FF_GOAL_SCROLL)
			printf(" %d%%", v[i].scroll);
		printf("%s%.*s\n", v[i].currency.len > 0 ? " " : "", FF_STR_ARG(v[i].currency));
	}
	return 0;
}

int
ff_cmd_goal_remove(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	struct ff_site site;
	struct ff_str  title = FF_STR_NONE;
	const char    *name, *text;
	int64_t        goal_id;
	enum ff_err    err;

	ff_args_init(&args, "goal remove", argc, argv);
	name = ff_args_word(&args);
	text = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (text == NULL || !ff_num_range(ff_str_from(text), 1, INT32_MAX, &goal_id)) {
		fprintf(stderr, "footfall: goal remove wants a site and the number of a goal; see: footfall goal list SITE\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if ((err = ff_tx_begin(tool->db)) == FF_OK) {
		err = ff_goals_remove(tool->db, tool->arena, site.site_id, goal_id, &title);
		err = ff_tool_record(tool, err, "goal.remove", site.site_id, title);
	}
	if (err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: %s has no goal %s; see: footfall goal list %s\n", name, text, name);
		return 1;
	}
	return err == FF_OK ? 0 : ff_tool_fail(tool, "goal remove", err, NULL);
}
