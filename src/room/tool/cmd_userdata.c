/* footfall user-data: gives a signed-in viewer their facts, or erases them. */
#include "fact/audit.h"
#include "fact/sites.h"
#include "fact/userdata.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"

static void
print_line(void *ctx, const char *type, struct ff_str json)
{
	size_t *n = ctx;

	/* {"type":"visit", and the rest of the object */
	printf("{\"type\":\"%s\",%.*s\n", type, (int)json.len - 1, json.p + 1);
	(*n)++;
}

static int
export(struct ff_tool *tool, const struct ff_site *site, struct ff_str sub)
{
	size_t      n = 0;
	enum ff_err err = ff_userdata_export(tool->db, site, sub, print_line, &n);

	if (err != FF_OK)
		return ff_tool_fail(tool, "user-data export", err, NULL);
	if (n == 0)
		fprintf(stderr, "footfall: nothing is kept of %.*s; is it the name that the tokens carry as sub?\n",
		    FF_STR_ARG(sub));
	return 0;
}

static enum ff_err
erase_and_note(struct ff_tool *tool, const struct ff_site *site, struct ff_str sub, struct ff_erased *erased)
{
	FF_TRY(ff_userdata_erase(tool->db, tool->arena, site, sub, erased));
	return ff_audit_add(tool->db, tool->arena, FF_STR("operator"), "user-data.erase", site->site_id,
	    ff_str_printf(tool->arena, "%lld visits, %lld events", (long long)erased->visits, (long long)erased->events));
}

static int
erase(struct ff_tool *tool, const struct ff_site *site, struct ff_str sub)
{
	struct ff_erased erased = { 0 };
	enum ff_err      err = ff_tx_begin(tool->db);

	if (err == FF_OK)
		err = ff_tx_end(tool->db, erase_and_note(tool, site, sub, &erased));
	if (err != FF_OK)
		return ff_tool_fail(tool, "user-data erase", err, NULL);
	printf("%lld visits, %lld events and %lld quarantined records are nobody's now; so will be what still waits in spools\n",
	    (long long)erased.visits, (long long)erased.events, (long long)erased.quarantined);
	return 0;
}

static int
run(struct ff_tool *tool, const char *command, int argc, char **argv,
    int (*act)(struct ff_tool *tool, const struct ff_site *site, struct ff_str sub))
{
	struct ff_args args;
	struct ff_site site;
	const char    *name, *sub;
	enum ff_err    err;

	ff_args_init(&args, command, argc, argv);
	name = ff_args_word(&args);
	sub = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (sub == NULL || *sub == '\0') {
		fprintf(stderr, "footfall: %s wants SITE and SUB, the viewer's name in your tokens\n", command);
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	return act(tool, &site, ff_str_from(sub));
}

int
ff_cmd_userdata_export(struct ff_tool *tool, int argc, char **argv)
{
	return run(tool, "user-data export", argc, argv, export);
}

int
ff_cmd_userdata_erase(struct ff_tool *tool, int argc, char **argv)
{
	return run(tool, "user-data erase", argc, argv, erase);
}
