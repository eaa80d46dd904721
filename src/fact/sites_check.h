/* sites_check.h - what a site's settings may hold: one check a setting, shared by adding and changing. */
#ifndef FF_FACT_SITES_CHECK_H
#define FF_FACT_SITES_CHECK_H

#include "fact/site.h"

struct ff_db;

/* Settings that ff_sites_set can change, in the order of the parameters of sql/queries/site_set.sql. */
enum ff_site_setting {
	FF_SITE_NAME,
	FF_SITE_TIME_ZONE,
	FF_SITE_STRICT,
	FF_SITE_DEFAULT_KIND,
	FF_SITE_GPC,
	FF_SITE_DNT,
	FF_SITE_EXCLUDE,
	FF_SITE_EXCLUDE_PATHS,
	FF_SITE_EXCLUDE_HOSTS,
	FF_SITE_EXCLUDE_COUNTRIES,
	FF_SITE_UNIQUE_WINDOWS,
	FF_SITE_QUALIFIED,
	FF_SITE_ITEMS_MAX,
	FF_SITE_PATHS_MAX,
	FF_SITE_VALUES_MAX,
	FF_SITE_RETENTION_RAW,
	FF_SITE_RETENTION_HOURS,
	FF_SITE_RETENTION_DAYS,
	FF_SITE_ARCHIVE,
	FF_SITE_PUBLIC_COUNTERS,
	FF_SITE_SETTING_COUNT
};

const char *ff_site_setting_name(enum ff_site_setting setting); /* the column: "time_zone" */
/* As ff_site_setting_check takes it. */
struct ff_str ff_site_setting_text(struct ff_arena *arena, const struct ff_site *site, enum ff_site_setting setting);
/* FF_INVALID with field "key" for strangers. */
enum ff_err ff_site_setting_find(struct ff_str key, enum ff_site_setting *out, struct ff_fault *fault) ff_must_check;
/* *value becomes what is stored ("on" -> "true"). FF_INVALID with the setting's name as field; a time zone must be
 * known here and to the database, hence FF_DATABASE. */
enum ff_err ff_site_setting_check(struct ff_db *db, struct ff_arena *arena, enum ff_site_setting setting,
    struct ff_str *value, struct ff_fault *fault) ff_must_check;
/* Lower case, without www. and trailing dot, then a host name of RFC 1123 (international ones as xn--) or an
 * address. */
enum ff_err ff_site_domain_check(struct ff_arena *arena, struct ff_str *domain, struct ff_fault *fault) ff_must_check;

const char *ff_privacy_name(enum ff_privacy privacy); /* "anonymous" */
bool        ff_privacy_parse(struct ff_str name, enum ff_privacy *out);

#endif
