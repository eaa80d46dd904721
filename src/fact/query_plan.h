/* query_plan.h - inside of the query engine: which source answers, and how the statement for it is put together.
 *
 * query_time.c cuts the range into buckets, query_plan.c chooses the source, query_sql.c and query_raw.c compose the
 * statement, query.c runs it. SQL is fragments chosen by enum; whatever came from outside is a parameter. */
#ifndef FF_FACT_QUERY_PLAN_H
#define FF_FACT_QUERY_PLAN_H

#include "base/day.h"
#include "fact/query.h"
#include "store/db.h"

/* A question with one time step and one dimension, filtered by values of dimensions. */
struct ff_simple_filter {
	enum ff_dim    dim;
	bool           negate;
	struct ff_str *values;
	size_t         n;
};

struct ff_simple {
	const struct ff_site    *site;
	enum ff_metric           metrics[FF_QUERY_METRICS_MAX];
	size_t                   n_metrics;
	enum ff_dim              dim;
	enum ff_grain            grain;
	struct ff_range          range;
	struct ff_simple_filter *filters;
	size_t                   n_filters;
	int                      order_metric; /* index into metrics, -1 = default (time, else first metric descending) */
	bool                     ascending, order_by_dim;
	int64_t                  limit, offset;
	bool                     total_rows, fill;
};

enum ff_source_table { FF_SOURCE_DAY, FF_SOURCE_HOUR, FF_SOURCE_RAW };

/* Merging sketches costs more than everything else together, so as few as possible are. */
enum ff_sketches {
	FF_SKETCHES_ALL,   /* of every row, where the order or the number of rows leaves no choice */
	FF_SKETCHES_SHOWN, /* of the rows of the page: the order is by something cheap */
	FF_SKETCHES_GUESS, /* the order is by visitors: of the rows with most events, which bound a row's visitors;
	                    * right only if no other row can reach the page, which the answer's bound tells */
};

struct ff_plan {
	const struct ff_simple *query;
	const struct ff_zone  *zone;
	enum ff_source_table   source;
	enum ff_dim            dim;         /* whose rollup rows are read: the shown one, or the only filtered one */
	struct ff_buckets      buckets;
	int64_t                from_us, to_us;
	bool                   events, visits; /* which halves of the raw rows the metrics need */
	bool                   items;     /* rows are read from the figures of items */
	bool                   item_sums; /* figures of items stand beside the rollups' rows */
	enum ff_sketches       sketches;
	size_t                 time_at, dim_at; /* places among the question's dims */
	int64_t                candidates;     /* FF_SKETCHES_GUESS: how many rows */
};

/* A handful for range, order and page, two for each filter. */
#define FF_SIMPLE_FILTERS_MAX 16
#define FF_SQL_ARGS_MAX      (16 + 4 * FF_SIMPLE_FILTERS_MAX)

/* A statement being composed: text and parameters grow together. */
struct ff_sql {
	struct ff_buf    text;
	struct ff_arena *arena;
	struct ff_arg    args[FF_SQL_ARGS_MAX];
	size_t           n;
};

/* How a dimension's stored numbers become text. */
enum ff_label_kind { FF_LABEL_NONE, FF_LABEL_TEXT, FF_LABEL_ITEM, FF_LABEL_NAMES };

/* FF_INVALID with the reason in *fault; FF_DATABASE. */
enum ff_err ff_plan_make(struct ff_db *db, struct ff_arena *arena, const struct ff_query *asked,
    const struct ff_simple *query, struct ff_plan *plan, struct ff_fault *fault) ff_must_check;

void ff_sql_init(struct ff_sql *sql, struct ff_arena *arena);
void ff_sql_arg(struct ff_sql *sql, struct ff_arg arg); /* appends "$n" */
/* The whole statement. Columns: bucket (from 1), value, label, kind, title, rows before the limit, the most events of a
 * row that was no candidate (FF_SKETCHES_GUESS; else null), then the metrics. */
void ff_sql_compose(struct ff_sql *sql, const struct ff_plan *plan);
/* " AND (<column> IN (...))" for one filter; site is $1. */
void ff_sql_filter(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_simple_filter *filter, const char *column);
/* "width_bucket(<column>, $n)" over the plan's buckets, or "1" without a grain. */
void ff_sql_bucket(struct ff_sql *sql, const struct ff_plan *plan, const char *column);
/* The raw rows, grouped: the columns that the rollups have, with visitors counted one by one. */
void ff_sql_raw(struct ff_sql *sql, const struct ff_plan *plan);

enum ff_label_kind ff_dim_label_kind(enum ff_dim dim);
/* Rollups hold no row for an empty value of it. */
bool ff_dim_may_lack(enum ff_dim dim);
/* Names of a FF_LABEL_NAMES dimension, by number. */
#define FF_DIM_NAMES_MAX 32
struct ff_dim_names {
	struct ff_str v[FF_DIM_NAMES_MAX];
	size_t        n;
};
void ff_dim_names(enum ff_dim dim, struct ff_dim_names *out);
/* What stands for the empty value: "Direct / None", "(not set)". */
const char *ff_dim_empty(enum ff_dim dim);

#endif
