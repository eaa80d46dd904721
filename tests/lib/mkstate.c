/* mkstate.c - writes what footfall-cron would write for a collector: sites.snapshot and salts.
 *
 *   mkstate STATE_DIR RUN_DIR SITE...   SITE: "domain[;key=value]...": id, strict, kind, gpc, dnt (off|anonymous|drop),
 *                                       exclude (a CIDR list), exclude_paths, exclude_hosts, exclude_countries,
 *                                       item (kind:key, may be repeated), secret (64 hex digits),
 *                                       key (the text of an API key for this site: scope events:write),
 *                                       allkey (of one for all sites)
 *   RUN_DIR "-": no salts. */
#include "base/day.h"
#include "base/io.h"
#include "base/num.h"
#include "fact/site.h"
#include "fact/visitor.h"
#include "safe/hash.h"
#include "safe/rand.h"
#include "safe/token.h"

#include <stdio.h>
#include <string.h>

#define MAX 64

static struct ff_site      sites[MAX];
static struct ff_site_item items[MAX];
static struct ff_site_key  keys[MAX];
static size_t              n_sites, n_items, n_keys;

static enum ff_privacy
policy(struct ff_str word)
{
	return ff_str_eqz(word, "drop") ? FF_PRIVACY_DROP : ff_str_eqz(word, "off") ? FF_PRIVACY_OFF : FF_PRIVACY_ANONYMOUS;
}

static void
add_key(int32_t site_id, struct ff_str text)
{
	struct ff_site_key *key = &keys[n_keys++];

	*key = (struct ff_site_key){ .key_id = (int64_t)n_keys, .site_id = site_id, .scopes = FF_STR("events:write") };
	if (n_keys == MAX || ff_token_hash(text, "ffk_", key->hash) != FF_OK)
		ff_panic("not a key");
}

static void
set(struct ff_site *site, struct ff_str key, struct ff_str value)
{
	int64_t number;

	if (ff_str_eqz(key, "id") && ff_num_i64(value, &number))
		site->site_id = (int32_t)number;
	else if (ff_str_eqz(key, "strict"))
		site->strict = true;
	else if (ff_str_eqz(key, "kind"))
		site->default_kind = value;
	else if (ff_str_eqz(key, "gpc"))
		site->gpc = policy(value);
	else if (ff_str_eqz(key, "dnt"))
		site->dnt = policy(value);
	else if (ff_str_eqz(key, "exclude"))
		site->exclude = value;
	else if (ff_str_eqz(key, "exclude_paths"))
		site->exclude_paths = value;
	else if (ff_str_eqz(key, "exclude_hosts"))
		site->exclude_hosts = value;
	else if (ff_str_eqz(key, "exclude_countries"))
		site->exclude_countries = value;
	else if (ff_str_eqz(key, "secret")) {
		if (!ff_unhex(value, site->secret, sizeof site->secret))
			ff_panic("a secret has 64 hex digits");
	} else if (ff_str_eqz(key, "key"))
		add_key(site->site_id, value);
	else if (ff_str_eqz(key, "allkey"))
		add_key(0, value);
	else if (ff_str_eqz(key, "item") && n_items < MAX) {
		struct ff_str kind = ff_str_split(&value, ':');

		items[n_items++] = (struct ff_site_item){ site->site_id, kind, value };
	}
}

static void
add(const char *text)
{
	struct ff_str   rest = ff_str_from(text);
	struct ff_site *site = &sites[n_sites++];

	*site = (struct ff_site){ .site_id = (int32_t)n_sites, .domain = ff_str_split(&rest, ';'), .time_zone = FF_STR("UTC"),
		.default_kind = FF_STR("page"), .gpc = FF_PRIVACY_ANONYMOUS, .dnt = FF_PRIVACY_ANONYMOUS, .items_max = 100000,
		.paths_max = 20000 };
	site->name = site->domain;
	memset(site->public_id.b, (int)n_sites, 16);
	while (rest.p) {
		struct ff_str value = ff_str_split(&rest, ';'), key = ff_str_split(&value, '=');

		set(site, key, value);
	}
}

int
main(int argc, char **argv)
{
	struct ff_snapshot_content content = { .sites = sites, .items = items, .keys = keys };
	char                       path[4096];

	if (argc < 4 || argc > MAX)
		return 2;
	ff_safe_init();
	for (int i = 3; i < argc; i++)
		add(argv[i]);
	content.n_sites = n_sites;
	content.n_items = n_items;
	content.n_keys = n_keys;
	if (ff_io_make_dir(argv[1], 0750) != FF_OK)
		return 1;
	snprintf(path, sizeof(path), "%s/sites.snapshot", argv[1]);
	if (ff_snapshot_write(path, &content) != FF_OK)
		return 1;
	if (strcmp(argv[2], "-") == 0)
		return 0;
	if (ff_io_make_dir(argv[2], 0750) != FF_OK)
		return 1;
	snprintf(path, sizeof(path), "%s/salts", argv[2]);
	return ff_salts_rotate(path, ff_day_of_us(ff_now())) == FF_OK ? 0 : 1;
}
