#include "base/day.h"
#include "base/num.h"
#include "fact/share.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/password.h"
#include "room/tool/tool.h"

#define DAYS_MAX 36500

static enum ff_err
add(struct ff_tool *tool, const struct ff_site *site, const struct ff_share_new *link, char text[64], struct ff_fault *fault)
{
	enum ff_err err;

	FF_TRY(ff_tx_begin(tool->db));
	err = ff_share_add(tool->db, tool->arena, site, link, text, fault);
	return ff_tool_record(tool, err, "share.add", site->site_id, link->name);
}

int
ff_cmd_share_add(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_share_new link = { 0 };
	struct ff_args      args;
	struct ff_fault     fault = { 0 };
	struct ff_site      site;
	const char         *site_name, *name, *days, *file;
	int64_t             n = 0;
	char                text[64];
	enum ff_err         err;

	ff_args_init(&args, "share add", argc, argv);
	days = ff_args_option(&args, "--days");
	file = ff_args_option(&args, "--password-file");
	site_name = ff_args_word(&args);
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name == NULL) {
		fprintf(stderr, "footfall: share add wants a site, and a name that tells you later whom it was for\n"
				"See: footfall help share add\n");
		return 2;
	}
	if (days != NULL && !ff_num_range(ff_str_from(days), 1, DAYS_MAX, &n)) {
		fprintf(stderr, "footfall: --days wants a number from 1 to %d\n", DAYS_MAX);
		return 2;
	}
	if (file != NULL && !ff_tool_password(tool->arena, file, false, &link.password))
		return 1;
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(site_name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, site_name, err);
	link.name = ff_str_from(name);
	link.expires_us = n == 0 ? 0 : ff_now() + n * FF_US_DAY;
	if ((err = add(tool, &site, &link, text, &fault)) != FF_OK)
		return ff_tool_fail(tool, "share add", err, &fault);
	printf("%s\n", text);
	fprintf(stderr, "It opens https://YOUR-HOST/api/share/%.*s?auth=...\n", FF_STR_ARG(site.domain));
	return 0;
}

static void
print_link(const struct ff_share_row *link, int64_t now_us)
{
	char since[11], until[11] = "";

	ff_day_print(ff_day_of_us(link->created_us), since);
	if (link->revoked_us != 0)
		ff_day_print(ff_day_of_us(link->revoked_us), until);
	else if (link->expires_us != 0)
		ff_day_print(ff_day_of_us(link->expires_us), until);
	printf("%-4lld %-24.*s %-28.*s %ssince %s%s%s\n", (long long)link->share_id, FF_STR_ARG(link->name),
	    FF_STR_ARG(link->domain), link->has_password ? "password, " : "", since,
	    link->revoked_us != 0 ? ", revoked " : link->expires_us == 0 ? "" : link->expires_us <= now_us ? ", expired "
													      : ", until ",
	    until);
}

int
ff_cmd_share_list(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args       args;
	struct ff_share_row *v;
	struct ff_site       site = { 0 };
	const char          *name;
	size_t               n;
	enum ff_err          err;

	ff_args_init(&args, "share list", argc, argv);
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name != NULL && (err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if ((err = ff_share_list(tool->db, tool->arena, site.site_id, &v, &n)) != FF_OK)
		return ff_tool_fail(tool, "share list", err, NULL);
	if (n == 0)
		printf("There is no share link yet. See: footfall help share add\n");
	for (size_t i = 0; i < n; i++)
		print_link(&v[i], ff_now());
	return 0;
}

static enum ff_err
revoke(struct ff_tool *tool, int64_t share_id)
{
	int32_t       site_id = 0;
	struct ff_str name = FF_STR_NONE;
	enum ff_err   err;

	FF_TRY(ff_tx_begin(tool->db));
	err = ff_share_revoke(tool->db, tool->arena, share_id, &site_id, &name);
	return ff_tool_record(tool, err, "share.revoke", site_id, name);
}

int
ff_cmd_share_revoke(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	const char    *text;
	int64_t        share_id;
	enum ff_err    err;

	ff_args_init(&args, "share revoke", argc, argv);
	text = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (text == NULL || !ff_num_range(ff_str_from(text), 1, INT64_MAX, &share_id)) {
		fprintf(stderr, "footfall: share revoke wants the number of a link; see: footfall share list\n");
		return 2;
	}
	err = revoke(tool, share_id);
	if (err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: there is no share link %s, or it was revoked before; see: footfall share list\n", text);
		return 1;
	}
	if (err != FF_OK)
		return ff_tool_fail(tool, "share revoke", err, NULL);
	printf("%s: revoked\n", text);
	return 0;
}
