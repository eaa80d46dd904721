/* query_plan.h - inside of the query engine: from the question to the statement that answers it.
 *
 *   query_check.c   what does not go together is refused
 *   query_time.c    the range cut into buckets
 *   query_cond.c    filters and goals, with what patterns match already found (query_match.c); query_filter.c: as SQL
 *   query_metric.c  what figures are added up from
 *   query_plan.c    which tables answer; query_piece.c: which for which part of the range
 *   query_raw.c, query_rollup.c   sums from single rows and from rollups: "halves", all of the same columns
 *   query_column.c  where a dimension's value stands
 *   query_sql.c     halves added up, ordered, cut to the page, named; query_label.c: names
 *   query_page.c    runs it, unites sketches, guesses anew;  query.c: the answer
 *
 * SQL is fragments chosen by enum; whatever came from outside is a parameter. Site is $1 everywhere. */
#ifndef FF_FACT_QUERY_PLAN_H
#define FF_FACT_QUERY_PLAN_H

#include "base/day.h"
#include "fact/query.h"
#include "store/db.h"

/* Sums that figures are made of, and the columns that hold them in statements and rollups. */
#define FF_PARTS(X)                                                                      \
	X(VISITORS, "visitors")                                                          \
	X(VISITS, "visits") X(BOUNCES, "bounces") X(DURATION, "duration_s")              \
	X(PAGEVIEWS, "pageviews") X(VIEWS, "views") X(EVENTS, "events")                  \
	X(ENGAGED, "engaged_ms")                                                         \
	X(UNIQUES, "uniques") X(QUALIFIED, "qualified") X(IMPRESSIONS, "impressions")    \
	X(CLICKS, "clicks") X(PLAYS, "plays") X(COMPLETIONS, "completions")              \
	X(REACTIONS, "reactions") X(COMMENTS, "comments") X(SHARES, "shares")            \
	X(FOLLOWS, "follows")                                                            \
	X(REVENUE, "revenue") X(PAID, "paid") /* events with revenue */                  \
	X(ATTENTION, "attention") X(ATTENDED, "attended") /* ms, and pairs of visit and page */ \
	X(DEPTH, "depth") X(READERS, "readers") /* percents, and pairs of visitor and page */

enum ff_part {
#define FF_PART_ENUM(id, column) FF_PART_##id,
	FF_PARTS(FF_PART_ENUM)
#undef FF_PART_ENUM
	FF_PART_COUNT
};
typedef uint32_t ff_parts; /* a bit each */
#define FF_PART(id) ((ff_parts)1 << FF_PART_##id)

#define FF_PARTS_VISIT (FF_PART(VISITS) | FF_PART(BOUNCES) | FF_PART(DURATION))
#define FF_PARTS_EVENT (FF_PART(VISITORS) | FF_PART(PAGEVIEWS) | FF_PART(VIEWS) | FF_PART(EVENTS) | FF_PART(ENGAGED))
#define FF_PARTS_WINDOW (FF_PART(QUALIFIED) | FF_PART(PLAYS) | FF_PART(COMPLETIONS))
#define FF_PARTS_ITEM                                                                                            \
	(FF_PARTS_WINDOW | FF_PART(UNIQUES) | FF_PART(IMPRESSIONS) | FF_PART(CLICKS) | FF_PART(REACTIONS) |       \
	 FF_PART(COMMENTS) | FF_PART(SHARES) | FF_PART(FOLLOWS))
#define FF_PARTS_ATTENDED (FF_PART(ATTENTION) | FF_PART(ATTENDED))
#define FF_PARTS_DEPTH    (FF_PART(DEPTH) | FF_PART(READERS))

/* A filter, resolved. op is FF_IS, FF_CONTAINS or FF_MATCHES of one dimension, or FF_AND, FF_OR, FF_HAS_DONE of kids. */
struct ff_cond {
	enum ff_filter_op   op;
	bool                negate;
	struct ff_asked_dim dim;
	struct ff_str      *values;
	size_t              n;
	bool                nocase;
	bool                lacks; /* holds, before negation, for what has no value of the dimension */
	bool                found; /* ids or texts hold what is meant */
	int64_t            *ids;
	struct ff_str      *texts;
	size_t              n_found;
	struct ff_cond     *kids;
	size_t              n_kids;
};

/* A goal that is asked by or filtered by. */
struct ff_aim {
	const struct ff_goal *goal; /* NULL: nothing asks for it */
	int64_t              *paths; /* labels that its pattern matches */
	size_t                n_paths;
	bool                  row; /* the answer has a row of it */
};

/* Non-time dimensions of the question, in their order: columns v0, v1, ... */
struct ff_key {
	struct ff_asked_dim dim;
	size_t              at; /* place among the question's dims */
};

enum ff_table { FF_TABLE_MONTH, FF_TABLE_WEEK, FF_TABLE_DAY, FF_TABLE_HOUR, FF_TABLE_RAW };

/* Part [from_us, to_us) of the range, and the table that answers for it: whole months, weeks, days, hours of it. */
struct ff_piece {
	enum ff_table table;
	int64_t       from_us, to_us;
};
#define FF_PIECES_MAX 24

enum ff_family {
	FF_FAMILY_RAW,    /* single events and visits */
	FF_FAMILY_ROLLUP, /* one dimension's rows */
	FF_FAMILY_ITEMS,  /* the figures of items: by item, signed in or not, and what belongs to an item */
	FF_FAMILY_ITEMS_BY, /* views of items by one dimension, day by day; without rows for what had no views */
};

/* Uniting sketches costs more than everything else together, so as few as possible are, and where it can be not by the
 * database (fact/sketch.h). */
enum ff_sketches {
	FF_SKETCHES_ALL,   /* of every row, by the database, where the order or the number of rows leaves no choice */
	FF_SKETCHES_SHOWN, /* of the rows of the page: the order is by something cheap */
	FF_SKETCHES_GUESS, /* the order is by visitors: of the rows with most events, which bound a row's visitors;
	                    * right only if no other row can reach the page, which the answer's bound tells */
};

struct ff_plan {
	const struct ff_query *query;
	const struct ff_zone  *zone;
	struct ff_buckets      buckets;
	enum ff_grain          grain;
	size_t                 time_at; /* of the time among the question's dims */
	struct ff_key          keys[FF_QUERY_DIMS_MAX];
	size_t                 n_keys;
	int64_t                from_us, to_us;
	struct ff_cond        *conds; /* all must hold */
	size_t                 n_conds;
	struct ff_aim         *aims;  /* by the goals' places in the question */
	size_t                 n_aims;
	bool                   by_goal;       /* a goal is asked by or filtered by at the top */
	bool                   by_events;     /* an event dimension is shown: visits are those of its events */
	ff_parts               parts;
	enum ff_family         family;
	enum ff_dim            dim;       /* whose rollup rows are read: the shown one, or the only filtered one */
	int32_t                rolled_since; /* day, where that is why single rows answer; else 0 */
	bool                   item_sums; /* figures of items stand beside the rollups' rows */
	struct ff_piece        pieces[FF_PIECES_MAX];
	size_t                 n_pieces;
	enum ff_sketches       sketches;
	int64_t                candidates;  /* FF_SKETCHES_GUESS: how many rows; whose sketches are fetched */
	struct ff_plan        *basis;       /* visitors without the goal, row by row: group_conversion_rate */
	struct ff_plan        *shown;       /* pageviews by page: exit_rate */
	double                 all_visitors, base_visitors; /* of percentage and conversion_rate */
	struct ff_str          currency;
};

/* A statement being composed: text and parameters grow together. */
struct ff_sql {
	struct ff_buf    text;
	struct ff_arena *arena;
	struct ff_arg   *args;
	size_t           n, cap;
};

/* query_check.c. FF_INVALID. */
enum ff_err ff_query_check(const struct ff_query *query, struct ff_fault *fault) ff_must_check;
bool        ff_query_asks(const struct ff_query *query, enum ff_metric metric);

/* query_metric.c */
bool        ff_metric_is_sum(enum ff_metric metric); /* 0 where nothing is; else a quotient */
ff_parts    ff_metric_parts(enum ff_metric metric);
const char *ff_part_column(enum ff_part part);
/* Made of visitors that are united when the statement has been answered. */
bool   ff_metric_is_later(const struct ff_plan *plan, enum ff_metric metric);
double ff_metric_of_visitors(const struct ff_plan *plan, enum ff_metric metric, int64_t visitors);
/* The figure, from columns of its parts. */
void ff_sql_metric(struct ff_sql *sql, const struct ff_plan *plan, enum ff_metric metric);

/* query_cond.c: plan->conds, plan->aims and by_goal from the question. FF_INVALID: a bad pattern, one that takes too
 * long, too many matches. */
enum ff_err ff_conds_make(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_fault *fault)
	ff_must_check;
/* Do all of them hold for an event without value of any of their dimensions, seen by a viewer who is signed in or not? */
bool ff_conds_lack(const struct ff_cond *conds, size_t n, bool auth);
/* Calls fn for each of one dimension; false as soon as that is. */
bool ff_conds_each(const struct ff_cond *conds, size_t n, bool (*fn)(const struct ff_cond *cond, void *arg), void *arg);
/* Any about this dimension, within has_done too. */
bool ff_conds_any_of(const struct ff_cond *conds, size_t n, enum ff_dim dim);
/* Any about an event's own dimension (or a visit's); what is within has_done does not count. */
bool ff_conds_any(const struct ff_cond *conds, size_t n, bool per_visit);

/* query_match.c: which of a site's texts fit a pattern. Deadline and limits: see there. */
enum ff_texts { FF_TEXTS_LABELS, FF_TEXTS_ITEMS, FF_TEXTS_KINDS, FF_TEXTS_OWNERS, FF_TEXTS_COLLECTIONS, FF_TEXTS_PROPS };
struct ff_match {
	struct ff_db        *db;
	struct ff_arena     *arena;
	const struct ff_plan *plan; /* site and range */
	struct ff_fault     *fault;
	int64_t              until_ms; /* monotonic; 0: not begun */
};
/* Fills found, ids or texts, n_found; and lacks, unless the texts are items. */
enum ff_err ff_match_texts(struct ff_match *match, enum ff_texts texts, struct ff_cond *cond) ff_must_check;
/* Fills ids from a list of names, by number. */
enum ff_err ff_match_names(struct ff_match *match, const struct ff_str *names, size_t n, struct ff_cond *cond)
	ff_must_check;

/* query_plan.c. FF_INVALID with the reason in *fault; FF_DATABASE. */
enum ff_err ff_plan_make(struct ff_db *db, struct ff_arena *arena, const struct ff_query *query, struct ff_plan *plan,
    struct ff_fault *fault) ff_must_check;
bool        ff_plan_asks_done(const struct ff_plan *plan); /* has_done, at any depth */
/* query_by.c: FF_FAMILY_ITEMS_BY for a question whose single rows are gone. asked: the parts it asks about. FF_INVALID, and
 * what stood in *fault: it cannot be had so; or it says since when days are kept. */
enum ff_err ff_plan_by(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, ff_parts asked, struct ff_fault *fault)
	ff_must_check;
bool        ff_plan_sketched(const struct ff_plan *plan); /* visitors come from sketches */
/* The same question without event:goal and without filters on goals and properties at the top, in no order. */
void        ff_query_without_goals(struct ff_arena *arena, const struct ff_query *query, struct ff_query *out);
/* query_time.c: the first instant behind `us` that lies in another local hour. */
int64_t     ff_query_hour_end(const struct ff_zone *zone, int64_t us);
/* query_piece.c: plan->pieces. FF_INVALID: names the range that can be answered. */
enum ff_err ff_pieces_cut(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_fault *fault)
	ff_must_check;

/* query_sql.c */
void ff_sql_init(struct ff_sql *sql, struct ff_arena *arena, const struct ff_plan *plan);
void ff_sql_arg(struct ff_sql *sql, struct ff_arg arg); /* appends "$n" */
/* The whole statement. Columns: bucket (from 1), rows before the limit, place by events and the events of the row behind it
 * (FF_SKETCHES_GUESS, which answers with all candidates), the metrics (null: ff_metric_is_later), then for each key value,
 * label, kind, title. */
void ff_sql_compose(struct ff_sql *sql, const struct ff_plan *plan);
/* Their sketches, of each row of the rollups: bucket, key, sketch. For plans with one key. */
void ff_sql_sketches(struct ff_sql *sql, const struct ff_plan *plan, const int64_t *keys, size_t n);
/* "width_bucket(<column>, $n)" over the plan's buckets, or "1" without a grain. */
void ff_sql_bucket(struct ff_sql *sql, const struct ff_plan *plan, enum ff_table table, const char *column);
/* "<value> AS <part>" for each of the plan's `parts`, in order: those of `given` by fn, others empty. */
void ff_sql_parts(struct ff_sql *sql, const struct ff_plan *plan, ff_parts parts, ff_parts given,
    void (*fn)(struct ff_sql *, const struct ff_plan *, enum ff_part));

/* query_filter.c: " AND <cond>" for each cond, by columns of raw rows (e, s; who: "e" or "s" has the visitor), or of rollup
 * rows (r). */
enum ff_columns { FF_COLUMNS_EVENT, FF_COLUMNS_VISIT, FF_COLUMNS_ROLLUP, FF_COLUMNS_ITEMS };
void ff_sql_conds(struct ff_sql *sql, const struct ff_plan *plan, enum ff_columns columns);
/* One goal's event; of rollup rows of event:name, where the goal is an event. */
void ff_sql_aim(struct ff_sql *sql, const struct ff_aim *aim);
void ff_sql_aim_name(struct ff_sql *sql, const struct ff_aim *aim);
/* " CROSS JOIN LATERAL ... AS goal (n)": a row for each goal that is reached, and null for the others. */
void ff_sql_join_goals(struct ff_sql *sql, const struct ff_plan *plan, void (*aim)(struct ff_sql *, const struct ff_aim *));
bool ff_plan_by_goal(const struct ff_plan *plan); /* goals are shown */

/* One select of a piece: bucket AS k, the keys AS v0.., the parts. */
enum ff_half { FF_HALF_EVENTS, FF_HALF_VISITS, FF_HALF_ATTENDED, FF_HALF_DEPTH, FF_HALF_ROLLUP, FF_HALF_ITEMS };
/* query_raw.c. among: NULL, or a table whose v0 the rows must have. */
void ff_sql_raw(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, enum ff_half half,
    ff_parts parts, const char *among);
/* query_rollup.c. loose: not added up. */
void ff_sql_rollup(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, enum ff_half half,
    ff_parts parts, const char *among, bool loose);

/* Sketches of log2m 14 hold each visitor up to here; behind it their standard error is 1.04 / sqrt(2^14). */
#define FF_EXACT_VISITORS 1000
#define FF_SKETCH_ERROR   0.0081

/* query_page.c: the rows that a plan shows. */
enum { FF_COL_BUCKET, FF_COL_TOTAL, FF_COL_PLACE, FF_COL_NEXT, FF_COL_METRICS };
struct ff_page {
	struct ff_rows rows;     /* of the database */
	int           *at;       /* which of them are shown, in their order */
	int            n;
	int64_t       *visitors; /* of each of `rows` that is shown; NULL: they stand in its columns */
};
enum ff_err ff_page_fetch(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, struct ff_page *out)
	ff_must_check;
/* NaN where there is none. */
double ff_page_metric(const struct ff_page *page, const struct ff_plan *plan, int row, size_t metric);

/* query_column.c: expressions for a dimension's stored value. */
/* Of s alone, or of e with s, c (content) and m (membership). */
const char *ff_column_raw(enum ff_dim dim, bool of_visit);
const char *ff_column_items(enum ff_dim dim); /* of r, c, m */
bool        ff_dim_is_text(enum ff_dim dim);  /* the value is a text of its own: kind, owner, collection */
bool        ff_dim_of_items(enum ff_dim dim); /* item, kind, owner, collection */
/* " AND ..." that leaves out what has no value. */
void ff_sql_present(struct ff_sql *sql, const struct ff_asked_dim *dim, bool of_visit);
/* The joins for owner, kind and collection of an item, as of the local day that `day` is; NULL: of event e. */
void ff_sql_join_items(struct ff_sql *sql, const struct ff_plan *plan, const char *content_id, const char *day);

/* query_name.c: "<text> AS label<i>, <kind> AS kind<i>, <title> AS title<i>" of the i-th key in table x, and its join. */
void ff_sql_label(struct ff_sql *sql, const struct ff_plan *plan, size_t i, const char *x);
void ff_sql_label_join(struct ff_sql *sql, const struct ff_plan *plan, size_t i, const char *x);

/* query_label.c: how a dimension's stored numbers become text. */
enum ff_label_kind { FF_LABEL_TEXT, FF_LABEL_ITEM, FF_LABEL_NAMES, FF_LABEL_ITSELF };
enum ff_label_kind ff_dim_label_kind(const struct ff_asked_dim *dim);
/* There is no row for an empty value of it. */
bool ff_dim_may_lack(enum ff_dim dim);
/* Rollups have rows of it. */
bool ff_dim_rolled(enum ff_dim dim);
/* Names of a FF_LABEL_NAMES dimension, by number. */
#define FF_DIM_NAMES_MAX 32
struct ff_dim_names {
	struct ff_str v[FF_DIM_NAMES_MAX];
	size_t        n;
};
void ff_dim_names(enum ff_dim dim, struct ff_dim_names *out);
/* What stands for the empty value: "Direct / None", "(not set)", "(none)". */
const char *ff_dim_empty(const struct ff_asked_dim *dim);

#endif
