/* conf.h - footfall.conf: one table drives parsing, `footfall config check`, the manual and the sample file.
 *
 * Format: "key = value" lines, lines that begin with '#' or ';' are comments, no sections (libinih). A '#' or ';'
 * behind a value belongs to it. An unknown key or a bad value stops the start with file, line and reason.
 * FOOTFALL_<KEY> in the environment (upper case, dots as underscores) overrides; an empty variable is an empty value.
 * Types: TEXT, PATH (absolute), BOOL (on|off), INT, SIZE (10M), DURATION (30m, seconds inside), CIDRS (checked list,
 * kept as text; what fact/net.h accepts), ENUM (one of a|b|c; stored as its index).
 * The range of a TEXT is its form: "header" a header's name, "mount" a URL path without a slash at its end or
 * nothing, "rate" as base/rate.h reads it, "" anything. A PATH with the range "optional" may be empty. */
#ifndef FF_CONF_CONF_H
#define FF_CONF_CONF_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* field, key, type, default, range, help.
 * The manual and the sample file say the same in the same words: a test compares. */
#define FF_SETTINGS(X)                                                                                                \
	X(database,          "database",                TEXT,     "dbname=footfall",           "",                    \
	  "libpq connection string of the database; never read by the collector")                                     \
	X(state_dir,         "state_dir",               PATH,     FF_STATEDIR,                 "",                    \
	  "Spool, snapshot and ledger live here; a local file system")                                                \
	X(run_dir,           "run_dir",                 PATH,     "/run/footfall",             "",                    \
	  "Sockets and salts live here; must be a tmpfs, so that destroyed salts leave no trace")                     \
	X(data_dir,          "data_dir",                PATH,     FF_DATADIR,                  "",                    \
	  "Installed SQL migrations")                                                                                 \
	X(log_level,         "log.level",               ENUM,     "info",                      "error|warn|info|debug",\
	  "What goes to standard error")                                                                              \
	X(durability,        "collect.durability",      ENUM,     "disk",                      "disk|interval",       \
	  "disk: a 2xx means synced to disk; interval: synced within a second")                                       \
	X(segment_size,      "spool.segment_size",      SIZE,     "8M",                        "1M..64M",             \
	  "Size of one spool segment; segments are zero-filled once and recycled")                                    \
	X(spool_soft,        "spool.soft_limit",        SIZE,     "1G",                        "1M..1T",              \
	  "A spool larger than this is an alarm in the log and in /api/health")                                       \
	X(spool_hard,        "spool.hard_limit",        SIZE,     "8G",                        "2M..16T",             \
	  "A spool larger than this answers 503; nothing acknowledged is dropped")                                    \
	X(requests_max,      "collect.requests",        INT,      "8192",                      "16..65536",           \
	  "Requests one collector process holds open at once")                                                        \
	X(recent_ids,        "collect.recent_ids",      INT,      "262144",                    "0..4194304",          \
	  "Event ids of clients that are remembered for a day, to call repeats so in replies; 8 bytes each, 0: none")  \
	X(trusted_proxies,   "trusted_proxies",         CIDRS,    "",                          "",                    \
	  "Peers whose client_address_header is believed, as CIDR blocks")                                            \
	X(address_header,    "client_address_header",   TEXT,     "X-Forwarded-For",           "header",              \
	  "The one header a trusted proxy hands the visitor's address over in")                                       \
	X(regexes,           "agent.regexes",           PATH,     "/usr/share/uap-core/regexes.yaml", "optional",     \
	  "uap-core's rules for browsers and systems; empty: own coarse rules only")                                  \
	X(jit,               "agent.jit",               BOOL,     "on",                        "",                    \
	  "Compile patterns to machine code; off where memory must not be writable and executable")                   \
	X(geo_database,      "geo.database",            PATH,     "",                          "optional",            \
	  "An MMDB file for countries and cities; empty: places are unknown")                                         \
	X(robot_networks,    "robots.networks",         PATH,     "",                          "optional",            \
	  "Addresses that count as robots: a file, one address or CIDR block a line; read again when replaced")       \
	X(robot_referrers,   "robots.referrers",        PATH,     "",                          "optional",            \
	  "Referrers that count as spam: a file, one domain a line, subdomains too; read again when replaced")        \
	X(robot_pace,        "robots.pace",             TEXT,     "5/s burst 300",             "rate",                \
	  "Pages that one visitor can open; who opens more is a robot for ten minutes")                               \
	X(limit_address,     "limit.address",           TEXT,     "50/s burst 2000",           "rate",                \
	  "Events that one address (IPv6: /64) may send; more are dropped and counted as rate_limited")              \
	X(limit_viewer,      "limit.viewer",            TEXT,     "20/s burst 1000",           "rate",                \
	  "The same for a signed-in viewer, in place of the address")                                                \
	X(limit_site,        "limit.site",              TEXT,     "5000/s burst 50000",        "rate",                \
	  "The same for a whole site; callers with an API key hear 429 and how long to wait")                        \
	X(raw_days,          "retention.raw",           DURATION, "7d",                        "1d..3660d",           \
	  "How long single events and visits are kept; rollups stay")                                                 \
	X(keep_hours,        "retention.hours",         DURATION, "400d",                      "0s..36600d",          \
	  "How long figures by the hour are kept, in whole days; 0s: for ever")                                       \
	X(keep_days,         "retention.days",          DURATION, "0s",                        "0s..36600d",          \
	  "How long figures by the day are kept, where their months are; 0s: for ever")                               \
	X(archive_dir,       "retention.archive",       PATH,     "",                          "optional",            \
	  "Where single rows of sites with archive = on are written before they go; empty: such rows stay")           \
	X(batch,             "drain.batch",             INT,      "150000",                    "100..200000",         \
	  "Events in one drain transaction; more is faster and takes more memory (150000: 320 MB)")                         \
	X(bad_max,           "drain.bad",               INT,      "0",                         "0..1000000",          \
	  "More bad records than this in one batch stop the drain; 0: 1 in 100, within 20 and 1000")                 \
	X(list_views,        "lists.views",             ENUM,     "qualified",                 "qualified|unique",     \
	  "Which visitors of an item trending, rising and related items count: those of qualified views, or of any")  \
	X(list_half_life,    "lists.half_life",         DURATION, "12h",                       "1h..7d",               \
	  "Trending items of a day: visitors weigh half after this long; 7 and 30 times as long for a week and a month")\
	X(list_visitors,     "lists.min_visitors",      INT,      "5",                         "1..1000000",           \
	  "Visitors that an item needs to be trending or rising")                                                     \
	X(list_rise,         "lists.rise",              INT,      "150",                       "100..100000",          \
	  "An item is rising if its visitors are at least so many percent of those before, as far as is credible")    \
	X(together_days,     "lists.together_days",     DURATION, "30d",                       "1d..366d",             \
	  "How long it is remembered which items were viewed together")                                               \
	X(together_support,  "lists.together_visitors", INT,      "3",                         "1..1000000",           \
	  "Visitors who must have seen both of two items for them to be related")                                     \
	X(together_items,    "lists.together_items",    INT,      "20",                        "2..200",               \
	  "Items of one visitor and day that are looked at, the first ones")                                          \
	X(related,           "lists.related",           INT,      "20",                        "1..100",               \
	  "Related items that are kept for each item")                                                                \
	X(stats_workers,     "stats.workers",           INT,      "2",                         "1..64",               \
	  "Processes that answer statistics")                                                                         \
	X(admin_workers,     "admin.workers",           INT,      "2",                         "1..64",               \
	  "Processes that render admin pages")                                                                        \
	X(admin_path,        "admin.path",              TEXT,     "/admin",                    "mount",               \
	  "Where the web server mounts the admin pages")                                                              \
	X(asset_path,        "asset.path",              TEXT,     "/footfall",                 "mount",               \
	  "Where the web server serves public/: tracker, styles")                                                     \
	X(jobs_secret_file,  "jobs.secret_file",        PATH,     "",                          "optional",            \
	  "The secret that requests to /api/jobs are signed with; empty: jobs.secret in state_dir")                   \
	X(session_idle,      "admin.session_idle",      DURATION, "12h",                       "5m..30d",             \
	  "An admin session unused for this long ends")                                                               \
	X(session_max,       "admin.session_max",       DURATION, "14d",                       "1h..365d",            \
	  "An admin session ends after this long whatever happens")                                                   \
	X(insecure_login,    "admin.insecure_login",    BOOL,     "off",                       "",                    \
	  "Allow signing in over plain HTTP from other machines; loopback is always allowed")                         \
	X(statement_timeout, "stats.statement_timeout", DURATION, "2s",                        "1s..10m",             \
	  "The database gives up on a question after this long")                                                      \
	X(cache_size,        "stats.cache",             SIZE,     "16M",                       "0..1G",               \
	  "Answers that all workers of the statistics share, in a file in run_dir; less than 1M: none")              \
	X(limit_caller,      "limit.caller",            TEXT,     "50/s burst 1000",           "rate",                \
	  "Questions that one API key, token or share link may ask; who asks more hears 429 and how long to wait")   \
	X(slow_query,        "log.slow_query",          INT,      "500",                       "0..600000",           \
	  "Statements of the database that take longer are logged, in milliseconds; 0: none")

struct ff_conf {
	/* Every TEXT, PATH and CIDRS setting is a string owned by the conf; the numeric types are int64. */
#define FF_CONF_TYPE_TEXT     const char *
#define FF_CONF_TYPE_PATH     const char *
#define FF_CONF_TYPE_CIDRS    const char *
#define FF_CONF_TYPE_BOOL     bool
#define FF_CONF_TYPE_INT      int64_t
#define FF_CONF_TYPE_SIZE     int64_t
#define FF_CONF_TYPE_DURATION int64_t
#define FF_CONF_TYPE_ENUM     int64_t
#define FF_CONF_FIELD(field, key, type, def, range, help) FF_CONF_TYPE_##type field;
	FF_SETTINGS(FF_CONF_FIELD)
#undef FF_CONF_FIELD
	const char *file; /* where it was read from, owned by the conf; "" = defaults only */
};

/* path NULL: FOOTFALL_CONF of the environment, else FF_SYSCONFDIR/footfall.conf, else (absent) the defaults.
 * Every fault is printed to `complaints` as "FILE:LINE: KEY: reason" (or "environment: KEY: reason"; KEY is "line"
 * where a line has none), all of them before it returns FF_INVALID. A file that cannot be read: FF_NOT_FOUND, FF_IO.
 * A file that others can read is refused (FF_FORBIDDEN) when its `database` holds a password. After an error *out is
 * empty and need not be freed. Not thread-safe: mains only. */
enum ff_err ff_conf_read(const char *path, struct ff_conf *out, FILE *complaints) ff_must_check;
void ff_conf_free(struct ff_conf *conf);
/* The connection string for the eyes of whoever reads a terminal or a bug report: without one that holds a password. */
const char *ff_conf_database_shown(const struct ff_conf *conf);
/* The effective settings as a commented file, which reads back as the same settings: what `footfall config show`
 * prints; with defaults only, etc/footfall.conf. A setting at its default is written as a comment. */
void ff_conf_print(const struct ff_conf *conf, FILE *out);

#endif
