#include "fact/sites.h"
#include "fact/sites_check.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"
#include "safe/hash.h"

static enum ff_err
add(struct ff_tool *tool, struct ff_site *site, struct ff_fault *fault)
{
	enum ff_err err;

	FF_TRY(ff_tx_begin(tool->db));
	err = ff_sites_add(tool->db, tool->arena, site, fault);
	return ff_tool_record(tool, err, "site.add", site->site_id, site->domain);
}

int
ff_cmd_site_add(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args  args;
	struct ff_fault fault = { 0 };
	struct ff_site  site = { .gpc = FF_PRIVACY_ANONYMOUS, .dnt = FF_PRIVACY_ANONYMOUS };
	const char     *name, *zone, *kind;
	char            id[37];
	enum ff_err     err;

	ff_args_init(&args, "site add", argc, argv);
	name = ff_args_option(&args, "--name");
	zone = ff_args_option(&args, "--zone");
	kind = ff_args_option(&args, "--kind");
	site.strict = ff_args_flag(&args, "--strict");
	site.domain = ff_str_from(ff_args_word(&args));
	if (!ff_args_done(&args))
		return 2;
	if (site.domain.len == 0) {
		fprintf(stderr, "footfall: site add wants a domain, for example example.com\nSee: footfall help site add\n");
		return 2;
	}
	site.name = name ? ff_str_from(name) : site.domain;
	site.time_zone = ff_str_from(zone ? zone : "UTC");
	site.default_kind = ff_str_from(kind ? kind : "item");
	err = add(tool, &site, &fault);
	if (err == FF_CONFLICT) {
		fprintf(stderr, "footfall: there is a site %.*s already; see: footfall site list\n", FF_STR_ARG(site.domain));
		return 1;
	}
	if (err != FF_OK)
		return ff_tool_fail(tool, "site add", err, err == FF_INVALID ? &fault : NULL);
	ff_uuid_print(&site.public_id, id);
	printf("%d %.*s %s\n", site.site_id, FF_STR_ARG(site.domain), id);
	return 0;
}

int
ff_cmd_site_list(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args  args;
	struct ff_site *v;
	size_t          n;
	enum ff_err     err;

	ff_args_init(&args, "site list", argc, argv);
	if (!ff_args_done(&args))
		return 2;
	if ((err = ff_sites_list(tool->db, tool->arena, &v, &n)) != FF_OK)
		return ff_tool_fail(tool, "site list", err, NULL);
	if (n == 0)
		printf("There is no site yet. See: footfall help site add\n");
	for (size_t i = 0; i < n; i++) {
		char id[37];

		ff_uuid_print(&v[i].public_id, id);
		printf("%-4d %-28.*s %s  %.*s, %s, gpc %s, dnt %s\n", v[i].site_id, FF_STR_ARG(v[i].domain), id,
		    FF_STR_ARG(v[i].time_zone), v[i].strict ? "strict" : "open", ff_privacy_name(v[i].gpc),
		    ff_privacy_name(v[i].dnt));
	}
	return 0;
}

int
ff_cmd_site_show(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	struct ff_site site;
	const char    *name;
	enum ff_err    err;

	ff_args_init(&args, "site show", argc, argv);
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name == NULL) {
		fprintf(stderr, "footfall: site show wants a site\nSee: footfall site list\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	for (int i = 0; i < FF_SITE_SETTING_COUNT; i++)
		printf("%-18s %.*s\n", ff_site_setting_name((enum ff_site_setting)i),
		    FF_STR_ARG(ff_site_setting_text(tool->arena, &site, (enum ff_site_setting)i)));
	return 0;
}

int
ff_cmd_site_set(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args  args;
	struct ff_fault fault = { 0 };
	struct ff_site  site;
	const char     *name, *key, *value;
	enum ff_err     err;

	ff_args_init(&args, "site set", argc, argv);
	name = ff_args_word(&args);
	key = ff_args_word(&args);
	value = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (value == NULL) {
		fprintf(stderr, "footfall: site set wants SITE KEY VALUE\nSee: footfall help site set\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if ((err = ff_tx_begin(tool->db)) == FF_OK)
		err = ff_tool_record(tool,
		    ff_sites_set(tool->db, tool->arena, site.site_id, ff_str_from(key), ff_str_from(value), &fault), "site.set",
		    site.site_id, ff_str_printf(tool->arena, "%s = %s", key, value));
	if (err != FF_OK)
		return ff_tool_fail(tool, "site set", err, err == FF_INVALID ? &fault : NULL);
	printf("%s: %s = %s (collectors learn it with the next snapshot, within a minute)\n", name, key, value);
	return 0;
}

/* The secret alone goes to standard output, so that it can be piped to where it belongs. */
static int
print_secret(const struct ff_site *site, bool renewed)
{
	char text[2 * sizeof site->secret + 1];

	if (renewed)
		fprintf(stderr, "footfall: %.*s has a new secret: within a minute tokens signed with the old one are refused,\n"
		    "and signed-in viewers are counted under new pseudonyms\n", FF_STR_ARG(site->domain));
	ff_hex(site->secret, sizeof site->secret, text);
	printf("%s\n", text);
	return 0;
}

int
ff_cmd_site_secret(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	struct ff_site site;
	const char    *name;
	bool           renew;
	enum ff_err    err;

	ff_args_init(&args, "site secret", argc, argv);
	renew = ff_args_flag(&args, "--new");
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name == NULL) {
		fprintf(stderr, "footfall: site secret wants a site\nSee: footfall help site secret\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if (renew && (err = ff_tx_begin(tool->db)) == FF_OK)
		err = ff_tool_record(tool, ff_sites_secret_new(tool->db, tool->arena, &site), "site.secret", site.site_id,
		    FF_STR(""));
	if (err != FF_OK)
		return ff_tool_fail(tool, "site secret", err, NULL);
	return print_secret(&site, renew);
}

int
ff_cmd_site_rename(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args  args;
	struct ff_fault fault = { 0 };
	struct ff_site  site;
	struct ff_str   domain;
	const char     *name, *to;
	enum ff_err     err;

	ff_args_init(&args, "site rename", argc, argv);
	name = ff_args_word(&args);
	to = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (to == NULL) {
		fprintf(stderr, "footfall: site rename wants a site and its new domain\nSee: footfall help site rename\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	domain = ff_str_from(to);
	if ((err = ff_tx_begin(tool->db)) == FF_OK)
		err = ff_tool_record(tool, ff_sites_rename(tool->db, tool->arena, site.site_id, &domain, &fault), "site.rename",
		    site.site_id, ff_str_printf(tool->arena, "%.*s to %s", FF_STR_ARG(site.domain), to));
	if (err != FF_OK)
		return ff_tool_fail(tool, "site rename", err, &fault);
	printf("%s: now %.*s (collectors learn it with the next snapshot, within a minute)\n", name, FF_STR_ARG(domain));
	return 0;
}

int
ff_cmd_site_remove(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	struct ff_site site;
	const char    *name;
	bool           sure;
	enum ff_err    err;

	ff_args_init(&args, "site remove", argc, argv);
	sure = ff_args_flag(&args, "--yes");
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name == NULL || !sure) {
		fprintf(stderr, "footfall: site remove wants a site, and --yes: its figures go with it and do not come back\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if ((err = ff_tx_begin(tool->db)) == FF_OK)
		err = ff_tool_record(tool, ff_sites_remove(tool->db, tool->arena, site.site_id), "site.remove", 0, site.domain);
	if (err != FF_OK)
		return ff_tool_fail(tool, "site remove", err, NULL);
	printf("%s: removed; its figures are deleted by footfall-cron within the hour\n", name);
	return 0;
}
