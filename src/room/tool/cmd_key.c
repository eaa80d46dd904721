#include "base/day.h"
#include "base/num.h"
#include "fact/account.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"

#include <string.h>

#define DAYS_MAX 36500

/* Commas part as well as spaces do. */
static struct ff_str
scope_words(struct ff_arena *arena, const char *text)
{
	size_t len = strlen(text);
	char  *words = ff_alloc(arena, len + 1);

	for (size_t i = 0; i <= len; i++)
		words[i] = text[i] == ',' ? ' ' : text[i];
	return ff_str_of(words, len);
}

struct new_key {
	struct ff_str name, scopes;
	int32_t       site_id;
	int64_t       expires_us;
};

static enum ff_err
add(struct ff_tool *tool, const struct new_key *key, char text[64], struct ff_fault *fault)
{
	enum ff_err err;

	FF_TRY(ff_tx_begin(tool->db));
	err = ff_key_add(tool->db, tool->arena, key->name, key->site_id, key->scopes, key->expires_us, text, fault);
	return ff_tool_record(tool, err, "key.add", key->site_id,
	    ff_str_printf(tool->arena, "%.*s: %.*s", FF_STR_ARG(key->name), FF_STR_ARG(key->scopes)));
}

int
ff_cmd_key_add(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args  args;
	struct ff_fault fault = { 0 };
	struct ff_site  site = { 0 };
	struct new_key  key;
	const char     *site_name, *scopes, *days, *name;
	int64_t         n = 0;
	char            text[64];
	enum ff_err     err;

	ff_args_init(&args, "key add", argc, argv);
	site_name = ff_args_option(&args, "--site");
	scopes = ff_args_option(&args, "--scopes");
	days = ff_args_option(&args, "--days");
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name == NULL) {
		fprintf(stderr, "footfall: key add wants a name that tells you later what it is for\nSee: footfall help key add\n");
		return 2;
	}
	if (days != NULL && !ff_num_range(ff_str_from(days), 1, DAYS_MAX, &n)) {
		fprintf(stderr, "footfall: --days wants a number from 1 to %d\n", DAYS_MAX);
		return 2;
	}
	if (site_name != NULL && (err = ff_sites_find(tool->db, tool->arena, ff_str_from(site_name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, site_name, err);
	key = (struct new_key){ .name = ff_str_from(name), .scopes = scope_words(tool->arena, scopes ? scopes : "stats:read"),
		.site_id = site.site_id, .expires_us = n == 0 ? 0 : ff_now() + n * FF_US_DAY };
	err = add(tool, &key, text, &fault);
	if (err != FF_OK)
		return ff_tool_fail(tool, "key add", err, err == FF_INVALID ? &fault : NULL);
	printf("%s\n", text);
	if (scopes != NULL && strstr(scopes, "events:write") != NULL)
		fprintf(stderr, "Collectors learn it with the next snapshot, within a minute.\n");
	return 0;
}

static void
print_key(const struct ff_key_row *key, int64_t now_us)
{
	char since[11], until[11] = "";

	ff_day_print(ff_day_of_us(key->created_us), since);
	if (key->revoked_us != 0)
		ff_day_print(ff_day_of_us(key->revoked_us), until);
	else if (key->expires_us != 0)
		ff_day_print(ff_day_of_us(key->expires_us), until);
	printf("%-4lld %-24.*s %-28.*s %.*s, since %s%s%s\n", (long long)key->key_id, FF_STR_ARG(key->name),
	    FF_STR_ARG(key->domain.len > 0 ? key->domain : FF_STR("(all sites)")), FF_STR_ARG(key->scopes), since,
	    key->revoked_us != 0 ? ", revoked " : key->expires_us == 0 ? "" : key->expires_us <= now_us ? ", expired " : ", until ",
	    until);
}

int
ff_cmd_key_list(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args     args;
	struct ff_key_row *v;
	size_t             n;
	enum ff_err        err;

	ff_args_init(&args, "key list", argc, argv);
	if (!ff_args_done(&args))
		return 2;
	if ((err = ff_key_list(tool->db, tool->arena, &v, &n)) != FF_OK)
		return ff_tool_fail(tool, "key list", err, NULL);
	if (n == 0)
		printf("There is no key yet. See: footfall help key add\n");
	for (size_t i = 0; i < n; i++)
		print_key(&v[i], ff_now());
	return 0;
}

static enum ff_err
revoke(struct ff_tool *tool, int64_t key_id)
{
	int32_t       site_id = 0;
	struct ff_str name = FF_STR_NONE;
	enum ff_err   err;

	FF_TRY(ff_tx_begin(tool->db));
	err = ff_key_revoke(tool->db, tool->arena, key_id, &site_id, &name);
	return ff_tool_record(tool, err, "key.revoke", site_id,
	    ff_str_printf(tool->arena, "%lld %.*s", (long long)key_id, FF_STR_ARG(name)));
}

int
ff_cmd_key_revoke(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	const char    *text;
	int64_t        key_id;
	enum ff_err    err;

	ff_args_init(&args, "key revoke", argc, argv);
	text = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (text == NULL || !ff_num_range(ff_str_from(text), 1, INT64_MAX, &key_id)) {
		fprintf(stderr, "footfall: key revoke wants the number of a key; see: footfall key list\n");
		return 2;
	}
	err = revoke(tool, key_id);
	if (err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: there is no key %s, or it was revoked before; see: footfall key list\n", text);
		return 1;
	}
	if (err != FF_OK)
		return ff_tool_fail(tool, "key revoke", err, NULL);
	printf("%s: revoked (collectors learn it with the next snapshot, within a minute)\n", text);
	return 0;
}
