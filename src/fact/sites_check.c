#include "fact/sites_check.h"
#include "base/day.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "fact/exclude.h"
#include "fact/net.h"
#include "fact/rules.h"
#include "store/db.h"
#include "wire/url.h"

#define NAME_MAX_BYTES    200
#define EXCLUDE_MAX_BYTES 4000
#define LABEL_MAX_BYTES   63 /* RFC 1035 */
#define RULES_MAX_BYTES   200
#define CAP_MAX           100000000
#define RAW_DAYS_MAX      3660
#define DAYS_MAX          36600
#define DAY_S             86400

static const char *const privacy_names[] = {
	[FF_PRIVACY_OFF] = "off",
	[FF_PRIVACY_ANONYMOUS] = "anonymous",
	[FF_PRIVACY_DROP] = "drop",
};

const char *
ff_privacy_name(enum ff_privacy privacy)
{
	return privacy_names[privacy];
}

bool
ff_privacy_parse(struct ff_str name, enum ff_privacy *out)
{
	for (size_t i = 0; i < sizeof privacy_names / sizeof *privacy_names; i++)
		if (ff_str_eqz(name, privacy_names[i])) {
			*out = (enum ff_privacy)i;
			return true;
		}
	return false;
}

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool
is_host_label(struct ff_str label)
{
	for (size_t i = 0; i < label.len; i++)
		if (!is_word_char(label.p[i]))
			return false;
	return label.len > 0 && label.len <= LABEL_MAX_BYTES && label.p[0] != '-' && label.p[label.len - 1] != '-';
}

/* Digits alone would be read as a site's number. */
static bool
is_number(struct ff_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

enum ff_err
ff_site_domain_check(struct ff_arena *arena, struct ff_str *domain, struct ff_fault *fault)
{
	struct ff_str rest;

	if (ff_str_find_char(*domain, ':') < domain->len)
		return ff_fault_set(fault, FF_INVALID, "domain", "is no host name: leave scheme and port out");
	rest = *domain = ff_url_host_bare(arena, ff_str_trim(*domain));
	if (rest.len == 0)
		return ff_fault_set(fault, FF_INVALID, "domain", "is missing");
	if (rest.len > FF_HOST_MAX || is_number(rest))
		return ff_fault_set(fault, FF_INVALID, "domain", "is no host name");
	while (rest.p != NULL)
		if (!is_host_label(ff_str_split(&rest, '.')))
			return ff_fault_set(fault, FF_INVALID, "domain",
			    "is no host name: letters, digits, '-' and '.', international names as xn--");
	return FF_OK;
}

static enum ff_err
check_name(struct ff_str *value, struct ff_fault *fault)
{
	*value = ff_str_trim(*value);
	if (value->len == 0 || value->len > NAME_MAX_BYTES || !ff_utf8_valid(*value))
		return ff_fault_set(fault, FF_INVALID, "name", "must be text of 1 to %d bytes", NAME_MAX_BYTES);
	for (size_t i = 0; i < value->len; i++)
		if ((unsigned char)value->p[i] < 0x20 || value->p[i] == 0x7f)
			return ff_fault_set(fault, FF_INVALID, "name", "holds a control character");
	return FF_OK;
}

static enum ff_err
check_zone(struct ff_db *db, struct ff_arena *arena, struct ff_str value, struct ff_fault *fault)
{
	const struct ff_zone *zone;
	struct ff_arg         arg = ff_arg_str(arena, value);
	struct ff_rows        rows;

	if (!ff_utf8_valid(value) || ff_zone_find(ff_str_z(arena, value), &zone) != FF_OK)
		return ff_fault_set(fault, FF_INVALID, "time_zone", "is no time zone of this system; write it as Europe/Berlin");
	FF_TRY(ff_db_query(db, arena, FF_STMT_ZONE_FIND, &arg, 1, &rows));
	if (rows.n == 0)
		return ff_fault_set(fault, FF_INVALID, "time_zone", "is not known to the database");
	return FF_OK;
}

static enum ff_err
check_switch(struct ff_str *value, const char *field, struct ff_fault *fault)
{
	if (ff_str_eqz(*value, "on") || ff_str_eqz(*value, "true"))
		*value = FF_STR("true");
	else if (ff_str_eqz(*value, "off") || ff_str_eqz(*value, "false"))
		*value = FF_STR("false");
	else
		return ff_fault_set(fault, FF_INVALID, field, "must be on or off");
	return FF_OK;
}

static enum ff_err
check_kind(struct ff_str value, struct ff_fault *fault)
{
	for (size_t i = 0; i < value.len; i++)
		if (!is_word_char(value.p[i]) && value.p[i] != '_')
			return ff_fault_set(fault, FF_INVALID, "default_kind", "may hold a-z, 0-9, '-' and '_' only");
	if (value.len == 0 || value.len > FF_ITEM_KIND_MAX)
		return ff_fault_set(fault, FF_INVALID, "default_kind", "must have 1 to %d characters", FF_ITEM_KIND_MAX);
	return FF_OK;
}

static enum ff_err
check_privacy(struct ff_str value, const char *field, struct ff_fault *fault)
{
	enum ff_privacy privacy;

	if (!ff_privacy_parse(value, &privacy))
		return ff_fault_set(fault, FF_INVALID, field, "must be off, anonymous or drop");
	return FF_OK;
}

static enum ff_err
check_exclude(struct ff_arena *arena, struct ff_str *value, struct ff_fault *fault)
{
	struct ff_cidrs cidrs;
	struct ff_fault why;

	*value = value->p == NULL ? FF_STR("") : ff_str_trim(*value);
	if (value->len > EXCLUDE_MAX_BYTES)
		return ff_fault_set(fault, FF_INVALID, "exclude", "is longer than %d bytes", EXCLUDE_MAX_BYTES);
	if (ff_cidrs_parse(arena, *value, &cidrs, &why) != FF_OK)
		return ff_fault_set(fault, FF_INVALID, "exclude", "%s", why.why);
	return FF_OK;
}

static enum ff_err
check_rules(struct ff_str value, enum ff_site_setting setting, struct ff_fault *fault)
{
	struct ff_rules rules;

	if (value.len > RULES_MAX_BYTES)
		return ff_fault_set(fault, FF_INVALID, ff_site_setting_name(setting), "is longer than %d bytes", RULES_MAX_BYTES);
	return setting == FF_SITE_QUALIFIED ? ff_rules_qualified(value, &rules, fault) : ff_rules_windows(value, &rules, fault);
}

static enum ff_err
check_cap(struct ff_str value, int64_t low, const char *field, struct ff_fault *fault)
{
	int64_t n;

	if (!ff_num_range(value, low, CAP_MAX, &n))
		return ff_fault_set(fault, FF_INVALID, field, "must be a number from %d to %d", (int)low, CAP_MAX);
	return FF_OK;
}

/* As footfall.conf has it: 30d; stored as a number of days. */
static enum ff_err
check_days(struct ff_arena *arena, struct ff_str *value, int64_t low, int64_t high, const char *field, struct ff_fault *fault)
{
	int64_t seconds;

	if (ff_str_eqz(*value, "default"))
		return FF_OK;
	if (!ff_num_duration(*value, &seconds) || seconds % DAY_S != 0 || seconds < low * DAY_S || seconds > high * DAY_S)
		return ff_fault_set(fault, FF_INVALID, field, "must be whole days within %lldd..%lldd%s, or default",
		    (long long)low, (long long)high, low == 0 ? " (0d: for ever)" : "");
	*value = ff_str_printf(arena, "%lld", (long long)(seconds / DAY_S));
	return FF_OK;
}

static const char *const setting_names[FF_SITE_SETTING_COUNT] = {
	[FF_SITE_NAME] = "name",
	[FF_SITE_TIME_ZONE] = "time_zone",
	[FF_SITE_STRICT] = "strict",
	[FF_SITE_DEFAULT_KIND] = "default_kind",
	[FF_SITE_GPC] = "gpc",
	[FF_SITE_DNT] = "dnt",
	[FF_SITE_EXCLUDE] = "exclude",
	[FF_SITE_EXCLUDE_PATHS] = "exclude_paths",
	[FF_SITE_EXCLUDE_HOSTS] = "exclude_hosts",
	[FF_SITE_EXCLUDE_COUNTRIES] = "exclude_countries",
	[FF_SITE_UNIQUE_WINDOWS] = "unique_windows",
	[FF_SITE_QUALIFIED] = "qualified",
	[FF_SITE_ITEMS_MAX] = "items_max",
	[FF_SITE_PATHS_MAX] = "paths_max",
	[FF_SITE_VALUES_MAX] = "values_max",
	[FF_SITE_RETENTION_RAW] = "retention_raw",
	[FF_SITE_RETENTION_HOURS] = "retention_hours",
	[FF_SITE_RETENTION_DAYS] = "retention_days",
	[FF_SITE_ARCHIVE] = "archive",
	[FF_SITE_PUBLIC_COUNTERS] = "public_counters",
};

const char *
ff_site_setting_name(enum ff_site_setting setting)
{
	return setting_names[setting];
}

static struct ff_str
days_text(struct ff_arena *arena, int32_t days)
{
	return days < 0 ? FF_STR("default") : ff_str_printf(arena, "%dd", days);
}

struct ff_str
ff_site_setting_text(struct ff_arena *arena, const struct ff_site *site, enum ff_site_setting setting)
{
	const struct ff_str texts[FF_SITE_SETTING_COUNT] = {
		[FF_SITE_NAME] = site->name,
		[FF_SITE_TIME_ZONE] = site->time_zone,
		[FF_SITE_STRICT] = site->strict ? FF_STR("on") : FF_STR("off"),
		[FF_SITE_DEFAULT_KIND] = site->default_kind,
		[FF_SITE_GPC] = ff_str_from(ff_privacy_name(site->gpc)),
		[FF_SITE_DNT] = ff_str_from(ff_privacy_name(site->dnt)),
		[FF_SITE_EXCLUDE] = site->exclude,
		[FF_SITE_EXCLUDE_PATHS] = site->exclude_paths,
		[FF_SITE_EXCLUDE_HOSTS] = site->exclude_hosts,
		[FF_SITE_EXCLUDE_COUNTRIES] = site->exclude_countries,
		[FF_SITE_UNIQUE_WINDOWS] = site->unique_windows,
		[FF_SITE_QUALIFIED] = site->qualified,
		[FF_SITE_ITEMS_MAX] = ff_str_printf(arena, "%d", site->items_max),
		[FF_SITE_PATHS_MAX] = ff_str_printf(arena, "%d", site->paths_max),
		[FF_SITE_VALUES_MAX] = ff_str_printf(arena, "%d", site->values_max),
		[FF_SITE_RETENTION_RAW] = days_text(arena, site->retention_raw),
		[FF_SITE_RETENTION_HOURS] = days_text(arena, site->retention_hours),
		[FF_SITE_RETENTION_DAYS] = days_text(arena, site->retention_days),
		[FF_SITE_ARCHIVE] = site->archive ? FF_STR("on") : FF_STR("off"),
		[FF_SITE_PUBLIC_COUNTERS] = site->public_counters ? FF_STR("on") : FF_STR("off"),
	};

	return texts[setting];
}

enum ff_err
ff_site_setting_find(struct ff_str key, enum ff_site_setting *out, struct ff_fault *fault)
{
	for (int i = 0; i < FF_SITE_SETTING_COUNT; i++)
		if (ff_str_eqz(key, setting_names[i])) {
			*out = (enum ff_site_setting)i;
			return FF_OK;
		}
	return ff_fault_set(fault, FF_INVALID, "key",
	    "is no setting of a site: see footfall help site set");
}

enum ff_err
ff_site_setting_check(struct ff_db *db, struct ff_arena *arena, enum ff_site_setting setting, struct ff_str *value,
    struct ff_fault *fault)
{
	switch (setting) {
	case FF_SITE_NAME:
		return check_name(value, fault);
	case FF_SITE_TIME_ZONE:
		return check_zone(db, arena, *value, fault);
	case FF_SITE_STRICT:
	case FF_SITE_ARCHIVE:
	case FF_SITE_PUBLIC_COUNTERS:
		return check_switch(value, setting_names[setting], fault);
	case FF_SITE_DEFAULT_KIND:
		return check_kind(*value, fault);
	case FF_SITE_GPC:
	case FF_SITE_DNT:
		return check_privacy(*value, setting_names[setting], fault);
	case FF_SITE_EXCLUDE:
		return check_exclude(arena, value, fault);
	case FF_SITE_EXCLUDE_PATHS:
		return ff_exclude_paths_check(arena, value, fault);
	case FF_SITE_EXCLUDE_HOSTS:
		return ff_exclude_hosts_check(arena, value, fault);
	case FF_SITE_EXCLUDE_COUNTRIES:
		return ff_exclude_countries_check(arena, value, fault);
	case FF_SITE_UNIQUE_WINDOWS:
	case FF_SITE_QUALIFIED:
		return check_rules(*value, setting, fault);
	case FF_SITE_ITEMS_MAX:
	case FF_SITE_PATHS_MAX:
		return check_cap(*value, 0, setting_names[setting], fault);
	case FF_SITE_VALUES_MAX:
		return check_cap(*value, 1, setting_names[setting], fault);
	case FF_SITE_RETENTION_RAW:
		return check_days(arena, value, 1, RAW_DAYS_MAX, setting_names[setting], fault);
	case FF_SITE_RETENTION_HOURS:
	case FF_SITE_RETENTION_DAYS:
		return check_days(arena, value, 0, DAYS_MAX, setting_names[setting], fault);
	case FF_SITE_SETTING_COUNT:
		break;
	}
	ff_panic("a site's setting without a check");
}
