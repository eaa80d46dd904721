#include "base/day.h"
#include "fact/account.h"
#include "fact/audit.h"
#include "fact/grant.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/password.h"
#include "room/tool/tool.h"

struct user {
	const char    *login, *role;
	struct ff_str  password;
	int32_t        site_id; /* the only one that is seen; 0: every one */
};

static enum ff_err
add_within(struct ff_tool *tool, const struct user *user, struct ff_fault *fault)
{
	struct ff_str login = ff_str_from(user->login), role = ff_str_from(user->role);
	bool          every_site;

	FF_TRY(ff_account_add(tool->db, tool->arena, login, user->password, role, fault));
	if (user->site_id == 0)
		return FF_OK;
	FF_TRY(ff_account_limit(tool->db, tool->arena, login, false));
	return ff_grants_set(tool->db, tool->arena, login, user->site_id, role, &every_site, fault);
}

static enum ff_err
add_user(struct ff_tool *tool, const struct user *user, struct ff_fault *fault)
{
	FF_TRY(ff_tx_begin(tool->db));
	return ff_tool_record(tool, add_within(tool, user, fault), "user.add", user->site_id,
	    ff_str_printf(tool->arena, "%s %s", user->login, user->role));
}

static enum ff_err
change_password(struct ff_tool *tool, const struct user *user, struct ff_fault *fault)
{
	FF_TRY(ff_account_password(tool->db, tool->arena, ff_str_from(user->login), user->password, fault));
	return ff_audit_add(tool->db, tool->arena, FF_STR("operator"), "user.passwd", 0, ff_str_from(user->login));
}

static int
fail_user(struct ff_tool *tool, const char *command, const char *login, enum ff_err err, const struct ff_fault *fault)
{
	if (err == FF_CONFLICT)
		fprintf(stderr, "footfall: there is a user %s already; a new password: footfall user passwd %s\n", login, login);
	else if (err == FF_NOT_FOUND)
		fprintf(stderr, "footfall: there is no user %s; see: footfall help user add\n", login);
	else
		return ff_tool_fail(tool, command, err, err == FF_INVALID ? fault : NULL);
	return 1;
}

static int
set_user(struct ff_tool *tool, const char *command, int argc, char **argv, bool adding)
{
	struct ff_args  args;
	struct ff_fault fault = { 0 };
	struct ff_site  site = { 0 };
	struct user     user = { .role = "admin" };
	const char     *file, *role = NULL, *site_name = NULL;
	bool            random;
	enum ff_err     err;

	ff_args_init(&args, command, argc, argv);
	file = ff_args_option(&args, "--password-file");
	random = ff_args_flag(&args, "--random");
	if (adding) {
		role = ff_args_option(&args, "--role");
		site_name = ff_args_option(&args, "--site");
	}
	user.login = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (user.login == NULL) {
		fprintf(stderr, "footfall: %s wants a login name\nSee: footfall help %s\n", command, command);
		return 2;
	}
	if (site_name != NULL && (err = ff_sites_find(tool->db, tool->arena, ff_str_from(site_name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, site_name, err);
	user.site_id = site.site_id;
	user.role = role != NULL ? role : site_name != NULL ? "viewer" : "admin";
	if (!ff_tool_password(tool->arena, file, random, &user.password))
		return 1;
	if ((err = adding ? add_user(tool, &user, &fault) : change_password(tool, &user, &fault)) != FF_OK)
		return fail_user(tool, command, user.login, err, &fault);
	if (random)
		printf("%.*s\n", FF_STR_ARG(user.password));
	else
		fprintf(stderr, "%s: done\n", user.login);
	return 0;
}

int
ff_cmd_user_add(struct ff_tool *tool, int argc, char **argv)
{
	return set_user(tool, "user add", argc, argv, true);
}

int
ff_cmd_user_passwd(struct ff_tool *tool, int argc, char **argv)
{
	return set_user(tool, "user passwd", argc, argv, false);
}

int
ff_cmd_user_list(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args     args;
	struct ff_account *v;
	size_t             n;
	enum ff_err        err;

	ff_args_init(&args, "user list", argc, argv);
	if (!ff_args_done(&args))
		return 2;
	if ((err = ff_account_list(tool->db, tool->arena, &v, &n)) != FF_OK)
		return ff_tool_fail(tool, "user list", err, NULL);
	if (n == 0)
		printf("There is no user yet. See: footfall help user add\n");
	for (size_t i = 0; i < n; i++) {
		char since[11];

		ff_day_print(ff_day_of_us(v[i].created_us), since);
		printf("%-24.*s %-9.*s since %s, %lld sessions", FF_STR_ARG(v[i].login),
		    FF_STR_ARG(v[i].every_site ? v[i].role : FF_STR("-")), since, (long long)v[i].sessions);
		if (!v[i].every_site)
			printf(", sees %.*s", FF_STR_ARG(v[i].grants.len > 0 ? v[i].grants : FF_STR("no site")));
		printf("\n");
	}
	return 0;
}

int
ff_cmd_user_remove(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	const char    *login;
	enum ff_err    err;

	ff_args_init(&args, "user remove", argc, argv);
	login = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (login == NULL) {
		fprintf(stderr, "footfall: user remove wants a login name; see: footfall user list\n");
		return 2;
	}
	if ((err = ff_tx_begin(tool->db)) == FF_OK)
		err = ff_tool_record(tool, ff_account_remove(tool->db, tool->arena, ff_str_from(login)), "user.remove", 0,
		    ff_str_from(login));
	if (err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: there is no user %s; see: footfall user list\n", login);
		return 1;
	}
	if (err != FF_OK)
		return ff_tool_fail(tool, "user remove", err, NULL);
	printf("%s: removed, and signed out everywhere\n", login);
	return 0;
}
