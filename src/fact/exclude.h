/* exclude.h - whose views a site does not want (R7): addresses, pages, hosts and countries of its settings, read once a
 * snapshot.
 *
 * Globs: '*' stands for any characters, '/' too; everything else for itself. Paths are compared as they are stored
 * (decoded, without query), hosts in lower case without www. */
#ifndef FF_FACT_EXCLUDE_H
#define FF_FACT_EXCLUDE_H

#include "fact/net.h"
#include "fact/site.h"

struct ff_globs {
	struct ff_str *v;
	size_t         n;
};

struct ff_exclude {
	struct ff_cidrs cidrs;
	struct ff_globs paths, hosts;
	struct ff_str   countries; /* "DE,AT" */
};

/* A list that does not read is left out and logged: the settings are checked when they are made. Slices point into
 * the site's texts. */
void ff_exclude_read(struct ff_arena *arena, const struct ff_site *site, struct ff_exclude *out);
bool ff_exclude_addr(const struct ff_exclude *exclude, const struct ff_addr *addr);
bool ff_exclude_page(const struct ff_exclude *exclude, struct ff_str hostname, struct ff_str path);
bool ff_exclude_country(const struct ff_exclude *exclude, const char country[2]);

bool ff_glob_match(struct ff_str glob, struct ff_str text);
/* Comma list, spaces around the parts do not count. */
void ff_globs_read(struct ff_arena *arena, struct ff_str list, struct ff_globs *out);

/* Settings as they may be stored: *value is put into its normal form. FF_INVALID with `field`. */
enum ff_err ff_exclude_paths_check(struct ff_arena *arena, struct ff_str *value, struct ff_fault *fault) ff_must_check;
enum ff_err ff_exclude_hosts_check(struct ff_arena *arena, struct ff_str *value, struct ff_fault *fault) ff_must_check;
enum ff_err ff_exclude_countries_check(struct ff_arena *arena, struct ff_str *value,
    struct ff_fault *fault) ff_must_check;

#endif
