/* query.h - a question in the dialect of Plausible's Stats API v2, on its way to the engine and back.
 *
 * The body is read in three steps. ff_api_query_read judges it alone: what Plausible's schema and parser refuse, in
 * their words. Then what it names is fetched: segments, goals, the site's first day. ff_api_query_bind turns names into
 * the engine's query and judges what only makes sense together. Reading and binding touch no database, so that they can be fuzzed.
 *
 * Dimensions have their names in fact/dim.h; besides them visit:country_name (codes shown as names), visit:region_name
 * and visit:city_name (the same as without "_name": regions and cities are kept by name). */
#ifndef FF_ROOM_API_QUERY_H
#define FF_ROOM_API_QUERY_H

#include "fact/goals.h"
#include "fact/query.h"
#include "fact/segments.h"
#include "wire/json.h"

/* Plausible's way: one sentence, no field of its own. */
#define FF_REFUSE(fault, ...) ff_fault_set((fault), FF_INVALID, "", __VA_ARGS__)

#define FF_API_SEGMENTS_MAX 10   /* Plausible's */
#define FF_API_ROWS_MAX 10000

struct ff_zone;

struct ff_api_dim {
	struct ff_asked_dim dim;
	struct ff_str       name;         /* as asked; "time" becomes its step once the range is known */
	bool                country_name;
};

enum ff_api_compare { FF_API_COMPARE_NO, FF_API_COMPARE_PREVIOUS, FF_API_COMPARE_YEAR, FF_API_COMPARE_CUSTOM };

struct ff_api_query {
	struct ff_query       q;
	struct ff_site        site;
	const struct ff_zone *zone;
	struct ff_api_dim     dims[FF_QUERY_DIMS_MAX]; /* beside q.dims */
	int                   time_dim;                /* which of them is a time; -1 = none */
	const struct ff_json *filters;                 /* the list as sent; NULL = none */
	const struct ff_json *orders;                  /* likewise */
	bool                  all_time;                /* date_range "all": the first day is still to be filled in */
	bool                  imports, time_labels;
	enum ff_api_compare   compare;
	bool                  match_weekday;
	const struct ff_json *compare_with;            /* include.comparisons as sent */
	struct ff_range       compare_range;           /* of FF_API_COMPARE_CUSTOM; of the others once bound */
	bool                  uses_goals;
	int64_t               segment_ids[FF_API_SEGMENTS_MAX];
	size_t                n_segment_ids;
	bool                  too_many_segments;
	const struct ff_json *segments[FF_API_SEGMENTS_MAX]; /* their filters, beside segment_ids; from ff_api_segment_add */
	const struct ff_goal *goals;                   /* of the site, where uses_goals */
	size_t                n_goals;
	struct ff_str         unknown_goal;            /* named in a filter, and there is none */
};

/* query_read.c: everything but the site, which the caller has looked up into out->site, out->zone and out->q.now_us. */
enum ff_err ff_api_query_read(struct ff_arena *arena, const struct ff_json *body, struct ff_api_query *out,
    struct ff_fault *fault) ff_must_check;
/* The i-th of segment_ids means these filters; FF_INVALID where they are none. */
enum ff_err ff_api_segment_add(struct ff_arena *arena, struct ff_api_query *query, size_t i, struct ff_str filters,
    struct ff_fault *fault) ff_must_check;
/* query_bind.c */
const struct ff_json *ff_api_segment_find(const struct ff_api_query *query, const struct ff_json *id);
struct ff_str        *ff_api_strings(struct ff_arena *arena, const struct ff_json *list, size_t *n);
enum ff_err ff_api_query_bind(struct ff_arena *arena, struct ff_api_query *query, struct ff_fault *fault) ff_must_check;
/* query_check.c: metrics, dimensions and filters against each other. */
enum ff_err ff_api_query_check(const struct ff_api_query *query, struct ff_fault *fault) ff_must_check;
/* Metrics that Plausible counts by visits alone, and dimensions that only visits have. */
bool ff_api_metric_of_visits(enum ff_metric metric);
bool ff_api_dim_of_events(const struct ff_asked_dim *dim);

/* query_filter.c: is it a filter at all (Plausible's schema)? Goals and segments that are named in it are noted. */
bool        ff_api_filter_shape(struct ff_api_query *query, const struct ff_json *node, bool in_segment);
/* Its meaning. Sentences show the part that is wrong. */
enum ff_err ff_api_filter_build(struct ff_arena *arena, struct ff_api_query *query, const struct ff_json *node,
    struct ff_filter *out, struct ff_fault *fault) ff_must_check;
bool        ff_api_dim_parse(struct ff_str name, struct ff_api_dim *out); /* no times */

/* query_date.c */
enum ff_err ff_api_dates_read(struct ff_arena *arena, const struct ff_json *node, struct ff_api_query *out,
    struct ff_fault *fault) ff_must_check;
void        ff_api_time_steps(struct ff_api_query *query); /* what "time" alone means in this range */
bool        ff_api_days_read(const struct ff_json *pair, struct ff_range *out);
/* query_order.c */
enum ff_err ff_api_order_read(struct ff_arena *arena, const struct ff_json *list, struct ff_api_query *out,
    struct ff_fault *fault) ff_must_check;
enum ff_err ff_api_order_bind(struct ff_api_query *query, struct ff_fault *fault) ff_must_check;

/* query_compare.c */
enum ff_err ff_api_compare_read(const struct ff_json *include, struct ff_api_query *out, struct ff_fault *fault)
	ff_must_check;
void        ff_api_compare_bind(struct ff_api_query *query);
/* Change of a metric from one period to another: percent, or points for rates; NaN = none to be told. */
double      ff_api_change(enum ff_metric metric, double before, double now);

/* query_inspect.c */
struct ff_str ff_api_inspect(struct ff_arena *arena, const struct ff_json *node);
const char   *ff_api_type_name(const struct ff_json *node);

/* query_run.c: the answer, and that of the period it is compared with. */
struct ff_api_answer {
	struct ff_result result, before;
	size_t          *beside; /* for each row of result its row in before, or (size_t)-1; NULL where nothing is compared */
	struct ff_buckets buckets, buckets_before;
};
/* The step of the other period that stands where the row's step stands in its own; (size_t)-1: it has fewer. */
size_t ff_api_bucket_before(const struct ff_api_answer *answer, const struct ff_result_row *row);
/* What tells rows of one question apart; with buckets, the step of time by its number. */
struct ff_str ff_api_row_key(struct ff_arena *arena, const struct ff_query *q, const struct ff_result_row *row,
    const struct ff_buckets *buckets);
/* query_pages.c: as ff_query_run, and session metrics by event:page besides. */
enum ff_err ff_api_pages_run(struct ff_db *db, struct ff_arena *arena, const struct ff_query *q, struct ff_result *out,
    struct ff_fault *fault) ff_must_check;
enum ff_err ff_api_query_run(struct ff_db *db, struct ff_arena *arena, struct ff_api_query *query,
    struct ff_api_answer *out, struct ff_fault *fault) ff_must_check;

/* query_revenue.c: as that, and revenue by goals of several currencies besides. */
enum ff_err ff_api_revenue_run(struct ff_db *db, struct ff_arena *arena, const struct ff_query *q, struct ff_result *out,
    struct ff_fault *fault) ff_must_check;

/* query_write.c */
enum ff_err ff_api_query_write(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query,
    const struct ff_api_answer *answer, struct ff_fault *fault) ff_must_check;
/* query_echo.c: the query as it was understood. */
void ff_api_query_echo(struct ff_json_out *out, struct ff_arena *arena, const struct ff_api_query *query);
void ff_api_copy(struct ff_json_out *out, const struct ff_json *node);
/* query_write.c, for other ways to write rows: one metric of a row, and one of its labels. */
void          ff_api_put_metric(struct ff_json_out *out, const struct ff_api_query *query, const struct ff_result *result,
    const struct ff_result_row *row, size_t m);
struct ff_str ff_api_label(struct ff_arena *arena, const struct ff_api_query *query, const struct ff_result_row *row, size_t i);
/* query_money.c: {"value","currency","short","long"}. */
void ff_api_put_money(struct ff_json_out *out, double value, struct ff_str currency);

#endif
