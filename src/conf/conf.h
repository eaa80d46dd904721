/* conf.h - footfall.conf: one table drives parsing, `footfall config check`, the manual and the sample file.
 *
 * Format: "key = value" lines, '#' and ';' comments, no sections (libinih). An unknown key or a bad value stops
 * the start with file, line and reason. FOOTFALL_<KEY> in the environment (upper case, dots as underscores)
 * overrides. Types: TEXT, PATH (absolute), BOOL (on|off), INT, SIZE (10M), DURATION (30m, seconds inside),
 * CIDRS (checked list, kept as text), ENUM (one of a|b|c; stored as its index). */
#ifndef FF_CONF_CONF_H
#define FF_CONF_CONF_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*    field            key                  type      default                      range            help */
#define FF_SETTINGS(X)                                                                                                          \
	X(database,        "database",          TEXT,     "dbname=footfall",           "",                                      \
	  "libpq connection string of the database; never read by the collector")                                               \
	X(state_dir,       "state_dir",         PATH,     FF_STATEDIR,                 "",                                      \
	  "spool, snapshot and ledger live here; a local file system")                                                          \
	X(run_dir,         "run_dir",           PATH,     "/run/footfall",             "",                                      \
	  "sockets and salts live here; must be a tmpfs, so that destroyed salts leave no trace")                               \
	X(data_dir,        "data_dir",          PATH,     FF_DATADIR,                  "",                                      \
	  "installed SQL migrations")                                                                                           \
	X(log_level,       "log.level",         ENUM,     "info",                      "error|warn|info|debug",                 \
	  "what goes to standard error")                                                                                        \
	X(durability,      "collect.durability", ENUM,    "disk",                      "disk|interval",                         \
	  "disk: a 2xx means synced to disk; interval: synced within a second")                                                 \
	X(segment_size,    "spool.segment_size", SIZE,    "8M",                        "1M..64M",                               \
	  "size of one spool segment; segments are zero-filled once and recycled")                                              \
	X(spool_soft,      "spool.soft_limit",  SIZE,     "1G",                        "1M..1T",                                \
	  "a spool larger than this is an alarm in the log and in /api/health")                                                 \
	X(spool_hard,      "spool.hard_limit",  SIZE,     "8G",                        "2M..16T",                               \
	  "a spool larger than this answers 503; nothing acknowledged is dropped")                                              \
	X(requests_max,    "collect.requests",  INT,      "1024",                      "16..65536",                             \
	  "requests one collector process holds open at once")                                                                  \
	X(trusted_proxies, "trusted_proxies",   CIDRS,    "",                          "",                                      \
	  "peers whose client_address_header is believed, as CIDR blocks")                                                      \
	X(address_header,  "client_address_header", TEXT, "X-Forwarded-For",           "",                                      \
	  "the one header a trusted proxy hands the visitor's address over in")                                                 \
	X(regexes,         "agent.regexes",     PATH,     "/usr/share/uap-core/regexes.yaml", "",                               \
	  "uap-core's rules for browsers and systems; empty: own coarse rules only")                                            \
	X(jit,             "agent.jit",         BOOL,     "on",                        "",                                      \
	  "compile patterns to machine code; off where memory must not be writable and executable")                             \
	X(geo_database,    "geo.database",      PATH,     "",                          "",                                      \
	  "an MMDB file for countries and cities; empty: places are unknown")                                                   \
	X(raw_days,        "retention.raw",     DURATION, "7d",                        "1d..3660d",                             \
	  "how long single events and visits are kept; rollups stay")                                                           \
	X(batch,           "drain.batch",       INT,      "20000",                     "100..200000",                           \
	  "events in one drain transaction")                                                                                    \
	X(stats_workers,   "stats.workers",     INT,      "2",                         "1..64",                                 \
	  "processes that answer statistics")                                                                                   \
	X(admin_workers,   "admin.workers",     INT,      "2",                         "1..64",                                 \
	  "processes that render admin pages")                                                                                  \
	X(admin_path,      "admin.path",        TEXT,     "/admin",                    "",                                      \
	  "where the web server mounts the admin pages")                                                                        \
	X(asset_path,      "asset.path",        TEXT,     "/footfall",                 "",                                      \
	  "where the web server serves public/: tracker, styles")                                                               \
	X(session_idle,    "admin.session_idle", DURATION, "12h",                      "5m..30d",                               \
	  "an admin session unused for this long ends")                                                                         \
	X(session_max,     "admin.session_max", DURATION, "14d",                       "1h..365d",                              \
	  "an admin session ends after this long whatever happens")                                                             \
	X(insecure_login,  "admin.insecure_login", BOOL,  "off",                       "",                                      \
	  "allow signing in over plain HTTP from other machines; loopback is always allowed")                                   \
	X(statement_timeout, "stats.statement_timeout", DURATION, "15s",               "1s..10m",                               \
	  "the database gives up on a question after this long")

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
	const char *file; /* where it was read from; "" = defaults only */
};

/* path NULL: FOOTFALL_CONF of the environment, else FF_SYSCONFDIR/footfall.conf, else (absent) the defaults.
 * Every fault is printed to `complaints` as "FILE:LINE: KEY: reason"; then FF_INVALID. A file that others can
 * read is refused (FF_FORBIDDEN) when it holds a password. */
enum ff_err ff_conf_read(const char *path, struct ff_conf *out, FILE *complaints) ff_must_check;
void ff_conf_free(struct ff_conf *conf);
/* The effective settings as a commented file: what `footfall config show` and etc/footfall.conf print. */
void ff_conf_print(const struct ff_conf *conf, FILE *out);

#endif
