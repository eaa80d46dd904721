/* query.h - the one function from a question to rows, behind the JSON, the pages and later exports, reports and
 * alerts alike; so they cannot disagree.
 *
 * The planner takes the cheapest sources that answer exactly: month, day and hour rollups, then visit and event while
 * the raw data lasts; one answer may be composed of several, each for its part of the range. What no source can answer
 * is FF_INVALID with a sentence that says what can be asked. SQL is composed from a closed set of fragments chosen by
 * enum; every value is a parameter.
 *
 * Meaning
 * - A figure of events counts the events in the range [from, to) for which the filters hold, judged for each event with
 *   its visit. A figure of visits (visits, bounce_rate, visit_duration, views_per_visit) counts the visits that began
 *   in the range and have at least one such event in it; where the filters are about visits alone, no event is asked
 *   for. By time, events stand in the bucket of their own instant, visits in that of their begin.
 * - Robots are in no figure but the page views and events of the dimension event:robot, which is about nothing else:
 *   its other figures are 0.
 * - Quiet events (engagement, media, performance, error) are no events of their own: they have no visitors, no events,
 *   but their engaged time and scroll depth.
 * - Events without identity (GPC, DNT) have no visitor and belong to no visit; of visit dimensions they have the values
 *   that their own visit would have, but no entry or exit page. Events from before those values were kept (the site's
 *   rolled_since) have none: where single rows have to answer, they are in no row of a visit dimension.
 * - `visits` by an event dimension: the different visits that had such an event, quiet ones aside, in the range,
 *   whenever they began.
 * - The same visitor under two salts (two UTC days) is two visitors, signed-in viewers excepted.
 * - Empty values: no row for an event without page, hostname, item (kind, owner, collection) or name that counts (those
 *   of quiet events do not), nor for a visit without the utm_*, entry or exit page or host asked for. view:type and
 *   view:source are of page views and views about an item alone, impressions too. Of other visit dimensions the empty
 *   value is a row: "Direct / None", "(not set)"; an event without the property is in the row "(none)".
 * - Rows whose events, visits and engaged time are all 0 are not shown, as far as they are asked about. Where views of items
 *   by another dimension outlive the single events, rows without views are not shown either.
 * - event:goal: an event is in the row of each goal that it reached, and if event:goal is filtered by, of the goals that
 *   are meant alone. FF_GOAL_EVENT: an event of that name that is not quiet. FF_GOAL_PAGE: a page view. FF_GOAL_SCROLL:
 *   an engagement event that reached the depth; for goals these count as visitors although they are quiet. */
#ifndef FF_FACT_QUERY_H
#define FF_FACT_QUERY_H

#include "base/err.h"
#include "fact/dim.h"
#include "fact/goals.h"
#include "fact/site.h"

struct ff_db;
struct ff_zone;

/* Units and rounding (halves go up), then meaning:
 *   C whole counts
 *   R percent, whole             bounce_rate: of the visits, those with at most one interactive event
 *   S seconds, whole             visit_duration: mean over visits; engaged_time: sum; time_on_page: engaged time a visit
 *                                spent on a page in the range, mean over the pairs of visit and page that had any
 *   F two decimals               views_per_visit: pageviews / visits
 *   P percent, one decimal       percentage: visitors / visitors of the question without its dimensions;
 *                                exit_rate: visits that ended on the page / its pageviews, whatever is filtered by
 *                                visit:exit_page at the top
 *   Q percent, two decimals      conversion_rate: visitors / visitors of the question without its dimensions and without
 *                                filters on event:goal and event:props at the top; group_conversion_rate: visitors /
 *                                visitors of the row's dimensions but event:goal, without those filters;
 *                                ctr: clicks / impressions; completion_rate: completions / plays
 *   D percent, whole             scroll_depth: mean, over the pairs of visitor and page, of the deepest percent seen
 *   M the currency's unit        total_revenue, average_revenue (per event with revenue): of the currency in the result;
 *                                with goals of several currencies, or none: null
 * Quotients by zero are NaN.
 *    level: E any dimension; V not with event dimensions ("Session metric(s) ... cannot be queried along with event
 *    dimension(s) ..."); I figures of items. */
#define FF_METRICS(X)                                                        \
	X(VISITORS,        "visitors",          C, E)                        \
	X(VISITS,          "visits",            C, E)                        \
	X(PAGEVIEWS,       "pageviews",         C, E)                        \
	X(VIEWS,           "views",             C, E) /* of content items */ \
	X(EVENTS,          "events",            C, E)                        \
	X(BOUNCE_RATE,     "bounce_rate",       R, V)                        \
	X(VISIT_DURATION,  "visit_duration",    S, V)                        \
	X(VIEWS_PER_VISIT, "views_per_visit",   F, V)                        \
	X(ENGAGED_TIME,    "engaged_time",      S, E) /* visible seconds */  \
	X(UNIQUE_VIEWS,    "unique_views",      C, I)                        \
	X(QUALIFIED_VIEWS, "qualified_views",   C, I)                        \
	X(IMPRESSIONS,     "impressions",       C, I)                        \
	X(CLICKS,          "clicks",            C, I) /* views from a list */ \
	X(PLAYS,           "plays",             C, I)                        \
	X(COMPLETIONS,     "completions",       C, I)                        \
	X(REACTIONS,       "reactions",         C, I) /* given minus taken back */ \
	X(COMMENTS,        "comments",          C, I)                        \
	X(SHARES,          "shares",            C, I)                        \
	X(FOLLOWS,         "follows",           C, I)                        \
	X(CTR,             "ctr",               Q, I)                        \
	X(COMPLETION_RATE, "completion_rate",   Q, I)                        \
	X(PERCENTAGE,      "percentage",        P, E)                        \
	X(CONVERSION_RATE, "conversion_rate",   Q, E)                        \
	X(GROUP_CONVERSION_RATE, "group_conversion_rate", Q, E)              \
	X(SCROLL_DEPTH,    "scroll_depth",      D, E)                        \
	X(TIME_ON_PAGE,    "time_on_page",      S, E)                        \
	X(TOTAL_REVENUE,   "total_revenue",     M, E)                        \
	X(AVERAGE_REVENUE, "average_revenue",   M, E)                        \
	X(EXIT_RATE,       "exit_rate",         P, V) /* by visit:exit_page */

enum ff_metric {
#define FF_METRIC_ENUM(id, name, kind, level) FF_METRIC_##id,
	FF_METRICS(FF_METRIC_ENUM)
#undef FF_METRIC_ENUM
	FF_METRIC_COUNT
};

/* Minutes are for the inside: the public words do not name them. */
enum ff_grain { FF_GRAIN_NONE, FF_GRAIN_MINUTE, FF_GRAIN_HOUR, FF_GRAIN_DAY, FF_GRAIN_WEEK, FF_GRAIN_MONTH };

/* Local days of the site's zone, both included; or exact instants [from, to) where from_us < to_us. */
struct ff_range {
	int32_t first, last;
	int64_t from_us, to_us; /* 0, 0 = the days decide */
};

/* What is asked by, and filtered by: exactly one of a step of time, a dimension of fact/dim.h, a property of events
 * (event:props:<prop>), or the site's goals (event:goal). */
struct ff_asked_dim {
	enum ff_grain grain;
	enum ff_dim   dim;  /* FF_DIM_TOTAL: none of these */
	struct ff_str prop; /* empty: none */
	bool          goal;
};

/* Filters are trees. FF_AND, FF_OR, FF_NOT (one kid) and FF_HAS_DONE, FF_HAS_NOT_DONE (one kid, of event dimensions, not
 * nested: visitors who did, or did not do, in the range what it says) have kids, the others dim, values and n.
 * - FF_IS: the value is one of `values`, which are written as labels are shown: "Direct / None", "(not set)", "(none)" for
 *   an event without the property. Items are "kind/key", or a key of the site's default kind. Goals go by name, and FF_IS
 *   and FF_CONTAINS at the top alone.
 * - FF_CONTAINS, FF_MATCHES: any of `values` is part of it, or finds itself in it as a regular expression (PCRE2 syntax,
 *   of which RE2's is a part); the text is the stored one, empty where the value is. Of numbers with names (channel,
 *   device, screen, auth, view type, source, robot) the name is judged, of items kind/key.
 * - The _NOT of an operator holds where the operator does not. */
enum ff_filter_op {
	FF_IS, FF_IS_NOT, FF_CONTAINS, FF_CONTAINS_NOT, FF_MATCHES, FF_MATCHES_NOT,
	FF_AND, FF_OR, FF_NOT, FF_HAS_DONE, FF_HAS_NOT_DONE
};

struct ff_filter {
	enum ff_filter_op   op;
	struct ff_asked_dim dim;
	struct ff_str      *values;
	size_t              n;
	bool                case_insensitive; /* ASCII letters; of the others those that PostgreSQL's lower() knows */
	struct ff_filter   *kids;
	size_t              n_kids;
};

/* By a dimension of the question (labels as they are shown, time by time), or by one of its metrics (NaN last). */
struct ff_order {
	bool   by_dim;
	size_t index; /* into dims or metrics */
	bool   ascending;
};

#define FF_QUERY_METRICS_MAX 32
#define FF_QUERY_DIMS_MAX    8
#define FF_QUERY_ORDERS_MAX  8
#define FF_QUERY_FILTERS_MAX 64   /* nodes of all trees together */
#define FF_QUERY_VALUES_MAX  1000 /* of all filters together */

struct ff_query {
	const struct ff_site *site;
	enum ff_metric        metrics[FF_QUERY_METRICS_MAX];
	size_t                n_metrics;
	struct ff_asked_dim   dims[FF_QUERY_DIMS_MAX]; /* at most one of them time */
	size_t                n_dims;
	struct ff_range       range;
	struct ff_filter     *filters; /* all must hold */
	size_t                n_filters;
	struct ff_order       orders[FF_QUERY_ORDERS_MAX];
	size_t                n_orders; /* 0: time ascending if asked by time, then the first metric descending */
	int64_t               limit, offset; /* limit 0 = 10,000 */
	bool                  total_rows;   /* count all rows before limit */
	bool                  fill;         /* by time alone: a row for each bucket, empty ones with zeros */
	const struct ff_goal *goals;        /* the site's, where a dimension or filter is event:goal or revenue is asked for */
	size_t                n_goals;
	int64_t               now_us;       /* 0: nothing depends on it */
};

/* For initializers. */
#define FF_BY(id)      { .dim = FF_DIM_##id }
#define FF_BY_TIME(id) { .grain = FF_GRAIN_##id }

struct ff_result_row {
	/* In the order of the question's dims. Time: "2026-11-21" or "2026-11-21 13:00:00" (site-local); else as shown
	 * ("Direct / None", "(not set)"); an item's: its key. */
	struct ff_str labels[FF_QUERY_DIMS_MAX];
	int64_t       values[FF_QUERY_DIMS_MAX]; /* stored number: label, content id, goal_id; 0 of texts and time */
	int64_t       time_us;     /* at which the row's bucket of time began */
	struct ff_str kind, title; /* of an item */
	double        metrics[FF_QUERY_METRICS_MAX]; /* NaN = null */
};

struct ff_result {
	struct ff_result_row *rows;
	size_t                n;
	int64_t               total_rows;     /* -1 = not asked */
	int64_t               as_of_us;       /* figures are complete up to here; 0 = nothing was ever drained */
	double                visitors_error; /* relative standard error of visitors, 0 = exact */
	const char           *visitors_scope; /* "day": one person on two days is two visitors */
	struct ff_str         currency;       /* of revenue; empty = none */
	const char           *source;         /* what answered: "day", "month+day+hour", "raw", ... */
};

/* FF_INVALID: what cannot be asked or answered, in *fault; it took too long, too. */
enum ff_err ff_query_run(struct ff_db *db, struct ff_arena *arena, const struct ff_query *query,
    struct ff_result *out, struct ff_fault *fault) ff_must_check;

/* The step of time among the question's dimensions; FF_GRAIN_NONE. */
enum ff_grain ff_query_grain(const struct ff_query *query);

/* The buckets of the question's step of time over its range, in order; without one: one. FF_INVALID beyond
 * FF_QUERY_BUCKETS_MAX. */
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
/* All that can be asked by or filtered by: "time:day" (and "time": FF_GRAIN_DAY), a dimension, "event:goal",
 * "event:props:plan". The property points into name. FF_INVALID for strangers. */
enum ff_err ff_asked_dim_parse(struct ff_str name, struct ff_asked_dim *out) ff_must_check;
/* Of a property only "event:props:". */
const char *ff_asked_dim_name(const struct ff_asked_dim *dim);
bool        ff_asked_dim_per_visit(const struct ff_asked_dim *dim); /* a visit dimension */
bool        ff_asked_dim_eq(const struct ff_asked_dim *a, const struct ff_asked_dim *b);

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
