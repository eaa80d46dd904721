/* query.h - the one function from a question to rows, behind the JSON, the pages and later exports, reports and
 * alerts alike; so they cannot disagree.
 *
 * The planner takes the cheapest source that answers exactly: day rollups, hour rollups, then visit and event
 * while the raw data lasts. What no source can answer is FF_INVALID with a sentence that says what can be asked.
 * SQL is composed from a closed set of fragments chosen by enum; every value is a parameter. */
#ifndef FF_FACT_QUERY_H
#define FF_FACT_QUERY_H

#include "base/err.h"
#include "fact/dim.h"
#include "fact/site.h"

struct ff_db;
struct ff_zone;

/* Robots are in no figure but those of the dimension event:robot, which is about nothing else. */

/*    id               public name          kind: C count, R rate in percent, S seconds, F fraction
 *                                          level: E any dimension, V not with event dimensions, I figures of items:
 *                                          by content:item, visit:auth or in total, filtered by those, whole hours */
#define FF_METRICS(X)                                                        \
	X(VISITORS,        "visitors",          C, E)                        \
	X(VISITS,          "visits",            C, V)                        \
	X(PAGEVIEWS,       "pageviews",         C, E)                        \
	X(VIEWS,           "views",             C, E) /* of content items */ \
	X(EVENTS,          "events",            C, E)                        \
	X(BOUNCE_RATE,     "bounce_rate",       R, V)                        \
	X(VISIT_DURATION,  "visit_duration",    S, V)                        \
	X(VIEWS_PER_VISIT, "views_per_visit",   F, V)                        \
	X(ENGAGED_TIME,    "engaged_time",      S, E) /* ours: visible seconds */ \
	X(UNIQUE_VIEWS,    "unique_views",      C, I)                        \
	X(QUALIFIED_VIEWS, "qualified_views",   C, I)                        \
	X(IMPRESSIONS,     "impressions",       C, I)                        \
	X(CLICKS,          "clicks",            C, I) /* views from a list */ \
	X(PLAYS,           "plays",             C, I)                        \
	X(COMPLETIONS,     "completions",       C, I)                        \
	X(REACTIONS,       "reactions",         C, I) /* given minus taken back */ \
	X(COMMENTS,        "comments",          C, I)                        \
	X(SHARES,          "shares",            C, I)                        \
	X(FOLLOWS,         "follows",           C, I)

enum ff_metric {
#define FF_METRIC_ENUM(id, name, kind, level) FF_METRIC_##id,
	FF_METRICS(FF_METRIC_ENUM)
#undef FF_METRIC_ENUM
	FF_METRIC_COUNT
};

enum ff_grain { FF_GRAIN_NONE, FF_GRAIN_HOUR, FF_GRAIN_DAY, FF_GRAIN_WEEK, FF_GRAIN_MONTH };

/* Local days of the site's zone, both included; or exact instants where from_us < to_us (whole local hours). */
struct ff_range {
	int32_t first, last;
	int64_t from_us, to_us; /* 0, 0 = the days decide */
};

struct ff_filter {
	enum ff_dim    dim;
	bool           negate;  /* is_not */
	struct ff_str *values;
	size_t         n;
};

#define FF_QUERY_METRICS_MAX 24

struct ff_query {
	const struct ff_site *site;
	enum ff_metric        metrics[FF_QUERY_METRICS_MAX];
	size_t                n_metrics;
	enum ff_dim           dim;    /* FF_DIM_TOTAL = none */
	enum ff_grain         grain;  /* a time dimension; rows ordered by time unless order says otherwise */
	struct ff_range       range;
	struct ff_filter     *filters; /* all must hold */
	size_t                n_filters;
	int                   order_metric; /* index into metrics, -1 = default (time, else first metric descending) */
	bool                  ascending;
	bool                  order_by_dim; /* instead of a metric */
	int64_t               limit, offset; /* limit 0 = 10,000 */
	bool                  total_rows;   /* count all rows before limit */
	bool                  fill;         /* with grain: a row for each bucket, empty ones with zeros */
};

struct ff_result_row {
	struct ff_str time;  /* "2026-11-21" or "2026-11-21 13:00:00" (site-local) with a grain */
	int64_t       time_us;
	struct ff_str label; /* the dimension's value as shown ("Direct / None", "(not set)"); item: its key */
	int64_t       value; /* stored number: label or content id */
	struct ff_str kind, title; /* of an item */
	double        metrics[FF_QUERY_METRICS_MAX]; /* NaN = null */
};

struct ff_result {
	struct ff_result_row *rows;
	size_t                n;
	int64_t               total_rows; /* -1 = not asked */
	int64_t               as_of_us;   /* the newest drained event's receive time, or now */
	double                visitors_error; /* relative standard error of visitors, 0 = exact */
};

/* Rates and averages without visits are NaN. Per-visit metrics stand in the bucket of the visit's start, the others in
 * the event's. Events without identity (GPC, DNT) belong to no visit: where a filter on a visit dimension has to be
 * answered from raw rows for an event dimension, they are left out. */
enum ff_err ff_query_run(struct ff_db *db, struct ff_arena *arena, const struct ff_query *query,
    struct ff_result *out, struct ff_fault *fault) ff_must_check;

/* The buckets of query->grain over its range, in order; FF_GRAIN_NONE: one. FF_INVALID beyond FF_QUERY_BUCKETS_MAX. */
#define FF_QUERY_BUCKETS_MAX 10000

struct ff_bucket {
	int64_t start_us;  /* first instant that belongs to it, clipped to the range */
	int64_t key_us;    /* FF_GRAIN_HOUR: instant at which the local hour began, as rollup_hour has it */
	int32_t day;       /* the other grains: first local day that belongs to it */
	char    label[20]; /* "2026-11-21", "2026-11-21 13:00:00"; weeks by their Monday or the range's first day */
};
struct ff_buckets {
	struct ff_bucket *v;
	size_t            n;
	int64_t           end_us; /* behind the last one */
};
enum ff_err ff_query_buckets(struct ff_arena *arena, const struct ff_query *query, struct ff_buckets *out,
    struct ff_fault *fault) ff_must_check;
/* The site's first local day with data; today where there is none yet. */
enum ff_err ff_query_first_day(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int32_t today,
    int32_t *day) ff_must_check;

/* Names to numbers; FF_INVALID for strangers. */
enum ff_err ff_metric_parse(struct ff_str name, enum ff_metric *out) ff_must_check;
const char *ff_metric_name(enum ff_metric metric);
bool        ff_metric_per_visit(enum ff_metric metric); /* level V */
bool        ff_metric_of_items(enum ff_metric metric);  /* level I */
enum ff_err ff_dim_parse(struct ff_str name, enum ff_dim *out) ff_must_check;
const char *ff_dim_name(enum ff_dim dim);
bool        ff_dim_per_visit(enum ff_dim dim);

/* fact/range.c. Plausible's v2 words ("day", "7d", "28d", "month", "6mo", "year", "all") and pairs of days;
 * today is the site's local day. Nd excludes today, Nmo excludes this month. first_day: the site's first day with
 * data, for "all". FF_INVALID. */
enum ff_err ff_range_parse(struct ff_str text, int32_t today, int32_t first_day, struct ff_range *out) ff_must_check;
/* The period of the same length right before. */
struct ff_range ff_range_before(const struct ff_range *range);
/* The last n local hours, the one that contains now included. */
struct ff_range ff_range_hours(const struct ff_zone *zone, int64_t now_us, int hours);
/* First instant of the range, and the one behind its last. */
void ff_range_instants(const struct ff_zone *zone, const struct ff_range *range, int64_t *from_us, int64_t *to_us);

/* fact/counts.c: counters of up to FF_COUNTS_MAX items. Unknown items count zero, known = false. */
struct ff_count {
	int64_t today, month, total;
};
struct ff_counts {
	int64_t         today, month, total; /* raw views */
	struct ff_count unique, qualified;   /* since windows are kept */
	bool            known;
};
enum ff_err ff_counts_get(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us,
    const struct ff_site_item *items, size_t n, struct ff_counts *out) ff_must_check;

#endif
