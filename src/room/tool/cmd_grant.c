/* cmd_grant.c - which sites a user sees. */
#include "fact/grant.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"

static int
fail(struct ff_tool *tool, const char *command, const char *login, enum ff_err err, const struct ff_fault *fault)
{
	if (err != FF_NOT_FOUND)
		return ff_tool_fail(tool, command, err, fault);
	fprintf(stderr, "footfall: there is no user %s, or the site was not granted; see: footfall user list\n", login);
	return 1;
}

/* LOGIN SITE */
static int
read_words(struct ff_tool *tool, struct ff_args *args, const char **login, struct ff_site *site)
{
	const char *name;
	enum ff_err err;

	*login = ff_args_word(args);
	name = ff_args_word(args);
	if (!ff_args_done(args))
		return 2;
	if (name == NULL) {
		fprintf(stderr, "footfall: %s wants a login name and a site\nSee: footfall help %s\n", args->command,
		    args->command);
		return 2;
	}
	err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), site);
	return err == FF_OK ? 0 : ff_tool_fail_site(tool, name, err);
}

int
ff_cmd_user_grant(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args  args;
	struct ff_fault fault = { 0 };
	struct ff_site  site;
	const char     *login, *role;
	bool            every_site = false;
	enum ff_err     err;
	int             code;

	ff_args_init(&args, "user grant", argc, argv);
	role = ff_args_option(&args, "--role");
	role = role != NULL ? role : "viewer";
	if ((code = read_words(tool, &args, &login, &site)) != 0)
		return code;
	if ((err = ff_tx_begin(tool->db)) == FF_OK) {
		err = ff_grants_set(tool->db, tool->arena, ff_str_from(login), site.site_id, ff_str_from(role), &every_site,
		    &fault);
		err = ff_tool_record(tool, err, "user.grant", site.site_id, ff_str_printf(tool->arena, "%s %s", login, role));
	}
	if (err != FF_OK)
		return fail(tool, "user grant", login, err, &fault);
	printf("%s: %s of %.*s\n", login, role, FF_STR_ARG(site.domain));
	if (every_site)
		fprintf(stderr, "%s sees every site; to let them see the granted ones alone: footfall user limit %s\n", login,
		    login);
	return 0;
}

int
ff_cmd_user_revoke(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	struct ff_site site;
	const char    *login;
	enum ff_err    err;
	int            code;

	ff_args_init(&args, "user revoke", argc, argv);
	if ((code = read_words(tool, &args, &login, &site)) != 0)
		return code;
	if ((err = ff_tx_begin(tool->db)) == FF_OK)
		err = ff_tool_record(tool, ff_grants_remove(tool->db, tool->arena, ff_str_from(login), site.site_id), "user.revoke",
		    site.site_id, ff_str_from(login));
	if (err != FF_OK)
		return fail(tool, "user revoke", login, err, NULL);
	printf("%s: no longer of %.*s\n", login, FF_STR_ARG(site.domain));
	return 0;
}

int
ff_cmd_user_limit(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	const char    *login;
	bool           off;
	enum ff_err    err;

	ff_args_init(&args, "user limit", argc, argv);
	off = ff_args_flag(&args, "--off");
	login = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (login == NULL) {
		fprintf(stderr, "footfall: user limit wants a login name; see: footfall user list\n");
		return 2;
	}
	if ((err = ff_tx_begin(tool->db)) == FF_OK)
		err = ff_tool_record(tool, ff_account_limit(tool->db, tool->arena, ff_str_from(login), off),
		    off ? "user.unlimit" : "user.limit", 0, ff_str_from(login));
	if (err != FF_OK)
		return fail(tool, "user limit", login, err, NULL);
	printf(off ? "%s: sees every site\n" : "%s: sees the sites alone that are granted; see: footfall help user grant\n", login);
	return 0;
}
