/* query_sql.c - the statement of a plan, from a closed set of fragments.
 *
 *   WITH g0 AS (sums by bucket and value, from rollups or raw rows),
 *        i AS (those of items, if they are asked for along with rollups of no item),
 *        g AS (both),
 *        c AS (the candidates, if the order is guessed),
 *        s AS (the sketches of candidates or of the rows shown, merged),
 *        t AS (the rows of the page, by the order asked for)
 *   SELECT bucket, value, label, kind, title, total, bound, metrics FROM t ...
 */
#include "fact/query_plan.h"

static const char *const metric_sql[FF_METRIC_COUNT] = {
	[FF_METRIC_VISITORS] = "coalesce(visitors, 0)",
	[FF_METRIC_VISITS] = "visits",
	[FF_METRIC_PAGEVIEWS] = "pageviews",
	[FF_METRIC_VIEWS] = "views",
	[FF_METRIC_EVENTS] = "events",
	[FF_METRIC_BOUNCE_RATE] = "round(100.0 * bounces / nullif(visits, 0))",
	[FF_METRIC_VISIT_DURATION] = "round(1.0 * duration_s / nullif(visits, 0))",
	[FF_METRIC_VIEWS_PER_VISIT] = "round(1.0 * pageviews / nullif(visits, 0), 2)",
	[FF_METRIC_ENGAGED_TIME] = "round(engaged_ms / 1000.0)",
	[FF_METRIC_UNIQUE_VIEWS] = "uniques",
	[FF_METRIC_QUALIFIED_VIEWS] = "qualified",
	[FF_METRIC_IMPRESSIONS] = "impressions",
	[FF_METRIC_CLICKS] = "clicks",
	[FF_METRIC_PLAYS] = "plays",
	[FF_METRIC_COMPLETIONS] = "completions",
	[FF_METRIC_REACTIONS] = "reactions",
	[FF_METRIC_COMMENTS] = "comments",
	[FF_METRIC_SHARES] = "shares",
	[FF_METRIC_FOLLOWS] = "follows",
};

/* What the metrics are made of. */
static const struct {
	const char *column;
	unsigned    metrics; /* that need it */
} sums[] = {
#define NEEDED(metric) (1u << FF_METRIC_##metric)
	{ "visits", NEEDED(VISITS) | NEEDED(BOUNCE_RATE) | NEEDED(VISIT_DURATION) | NEEDED(VIEWS_PER_VISIT) },
	{ "bounces", NEEDED(BOUNCE_RATE) },
	{ "duration_s", NEEDED(VISIT_DURATION) },
	{ "pageviews", NEEDED(PAGEVIEWS) | NEEDED(VIEWS_PER_VISIT) },
	{ "views", NEEDED(VIEWS) },
	{ "events", NEEDED(EVENTS) },
	{ "engaged_ms", NEEDED(ENGAGED_TIME) },
};

/* Rows may have become empty when their visit moved to an earlier bucket. */
static const char alive[] = "bool_or(r.events <> 0 OR r.visits <> 0 OR r.engaged_ms <> 0) AS alive";
static const char item_alive[] = "bool_or(r.events <> 0 OR r.engaged_ms <> 0) AS alive";
static const char merged[] = "round(hll_cardinality(hll_union_agg(r.visitors))) AS visitors";
static const char raw_alive[] = "(visits <> 0 OR events <> 0 OR engaged_ms <> 0)";

static void
release(void *ptr)
{
	ff_buf_free(ptr);
}

void
ff_sql_init(struct ff_sql *sql, struct ff_arena *arena)
{
	*sql = (struct ff_sql){ .arena = arena };
	ff_buf_init(&sql->text, 64 * 1024);
	ff_arena_defer(arena, release, &sql->text);
}

void
ff_sql_arg(struct ff_sql *sql, struct ff_arg arg)
{
	if (sql->n == FF_SQL_ARGS_MAX)
		ff_panic("a query has more parameters than a plan can need");
	sql->args[sql->n++] = arg;
	ff_buf_printf(&sql->text, "$%zu", sql->n);
}

static bool
grouped(const struct ff_simple *q)
{
	return q->grain != FF_GRAIN_NONE || q->dim != FF_DIM_TOTAL;
}

static bool
asks_visitors(const struct ff_simple *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (q->metrics[i] == FF_METRIC_VISITORS)
			return true;
	return false;
}

static struct ff_str
bucket_start(const struct ff_plan *plan, struct ff_arena *arena, const struct ff_bucket *b)
{
	char text[32];

	if (plan->source == FF_SOURCE_DAY)
		ff_day_print(b->day, text);
	else if (plan->source == FF_SOURCE_HOUR && plan->query->grain == FF_GRAIN_HOUR)
		ff_time_print(b->key_us, text);
	else
		return ff_str_dup(arena, ff_str_from(ff_arg_time(arena, b->start_us).text));
	return ff_str_dup(arena, ff_str_from(text));
}

void
ff_sql_bucket(struct ff_sql *sql, const struct ff_plan *plan, const char *column)
{
	struct ff_str *starts;

	if (plan->query->grain == FF_GRAIN_NONE) {
		ff_buf_z(&sql->text, "1");
		return;
	}
	starts = FF_NEW_N(sql->arena, plan->buckets.n, struct ff_str);
	for (size_t i = 0; i < plan->buckets.n; i++)
		starts[i] = bucket_start(plan, sql->arena, &plan->buckets.v[i]);
	ff_buf_printf(&sql->text, "width_bucket(%s, ", column);
	ff_sql_arg(sql, ff_arg_strs(sql->arena, starts, plan->buckets.n));
	ff_buf_z(&sql->text, plan->source == FF_SOURCE_DAY ? "::date[])" : "::timestamptz[])");
}

/* The shown value of the rows that are read. */
static const char *
value_of(const struct ff_plan *plan, enum ff_dim dim)
{
	if (dim == FF_DIM_TOTAL)
		return "0";
	if (!plan->items)
		return "r.value";
	return dim == FF_DIM_AUTH ? "r.auth::int" : "r.content_id";
}

/* "<bucket> AS k, <value> AS v, " */
static void
rollup_keys(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_sql_bucket(sql, plan, "r.bucket");
	ff_buf_printf(&sql->text, " AS k, (%s)::bigint AS v, ", value_of(plan, plan->query->dim));
}

static void
rollup_range(struct ff_sql *sql, const struct ff_plan *plan)
{
	if (plan->source == FF_SOURCE_DAY) {
		ff_sql_arg(sql, ff_arg_day(sql->arena, ff_zone_day(plan->zone, plan->from_us)));
		ff_buf_z(&sql->text, " AND r.bucket <= ");
		ff_sql_arg(sql, ff_arg_day(sql->arena, ff_zone_day(plan->zone, plan->to_us - 1)));
		return;
	}
	ff_sql_arg(sql, ff_arg_time(sql->arena, ff_zone_hour(plan->zone, plan->from_us)));
	ff_buf_z(&sql->text, " AND r.bucket <= ");
	ff_sql_arg(sql, ff_arg_time(sql->arena, ff_zone_hour(plan->zone, plan->to_us - 1)));
}

/* " WHERE ..." of the rollup rows in question */
static void
rollup_where(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, " WHERE r.site_id = $1");
	if (!plan->items) {
		ff_buf_z(&sql->text, " AND r.dim = ");
		ff_sql_arg(sql, ff_arg_i64(sql->arena, plan->dim));
	}
	ff_buf_z(&sql->text, " AND r.bucket >= ");
	rollup_range(sql, plan);
	for (size_t i = 0; i < plan->query->n_filters; i++)
		ff_sql_filter(sql, plan, &plan->query->filters[i], value_of(plan, plan->query->filters[i].dim));
}

static const char *
table_of(const struct ff_plan *plan)
{
	if (plan->items)
		return plan->source == FF_SOURCE_DAY ? "content_day r" : "content_hour r";
	return plan->source == FF_SOURCE_DAY ? "rollup_day r" : "rollup_hour r";
}

static void
item_sums(struct ff_sql *sql, const struct ff_simple *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (ff_metric_of_items(q->metrics[i]))
			ff_buf_printf(&sql->text, "coalesce(sum(r.%s), 0) AS %s, ", metric_sql[q->metrics[i]],
			    metric_sql[q->metrics[i]]);
}

static void
rollup_sums(struct ff_sql *sql, const struct ff_plan *plan)
{
	unsigned asked = plan->sketches == FF_SKETCHES_GUESS ? NEEDED(EVENTS) : 0;

	for (size_t i = 0; i < plan->query->n_metrics; i++)
		asked |= 1u << plan->query->metrics[i];
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
		if ((asked & sums[i].metrics) != 0)
			ff_buf_printf(&sql->text, "coalesce(sum(r.%s), 0) AS %s, ", sums[i].column, sums[i].column);
	if (plan->items)
		item_sums(sql, plan->query);
	ff_buf_z(&sql->text, plan->items ? item_alive : alive);
}

static void
rollup(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, "SELECT ");
	rollup_keys(sql, plan);
	rollup_sums(sql, plan);
	if (asks_visitors(plan->query) && plan->sketches == FF_SKETCHES_ALL)
		ff_buf_printf(&sql->text, ", %s", merged);
	ff_buf_printf(&sql->text, " FROM %s", table_of(plan));
	rollup_where(sql, plan);
	if (grouped(plan->query))
		ff_buf_z(&sql->text, " GROUP BY 1, 2");
}

/* ", i AS (...), g AS (...)": figures of items beside rows of the total, or by visit:auth. */
static void
beside(struct ff_sql *sql, const struct ff_plan *plan)
{
	struct ff_plan items = *plan;

	items.items = true;
	ff_buf_z(&sql->text, ", i AS (SELECT ");
	rollup_keys(sql, &items);
	item_sums(sql, plan->query);
	ff_buf_printf(&sql->text, "0 AS nothing FROM %s", table_of(&items));
	rollup_where(sql, &items);
	if (grouped(plan->query))
		ff_buf_z(&sql->text, " GROUP BY 1, 2");
	ff_buf_z(&sql->text, "), g AS (SELECT g0.*");
	for (size_t m = 0; m < plan->query->n_metrics; m++)
		if (ff_metric_of_items(plan->query->metrics[m]))
			ff_buf_printf(&sql->text, ", coalesce(i.%s, 0) AS %s", metric_sql[plan->query->metrics[m]],
			    metric_sql[plan->query->metrics[m]]);
	ff_buf_z(&sql->text, " FROM g0 LEFT JOIN i ON i.k = g0.k AND i.v = g0.v)");
}

/* Days or hours of the source that the range covers. */
static size_t
steps(const struct ff_plan *plan)
{
	int64_t unit = plan->source == FF_SOURCE_DAY ? FF_US_DAY : FF_US_HOUR;

	return (size_t)((plan->to_us - plan->from_us) / unit) + 2;
}

/* Few rows are fetched by key, step by step; many by one look at all of them. */
#define LOOKUPS_MAX 5000

static bool
by_key(const struct ff_plan *plan)
{
	int64_t rows = plan->sketches == FF_SKETCHES_GUESS ? plan->candidates : plan->query->limit;

	return plan->source == FF_SOURCE_DAY && rows > 0 && steps(plan) * (size_t)rows <= LOOKUPS_MAX;
}

/* ", s AS (...)": the merged sketches of the rows of x */
static void
sketches(struct ff_sql *sql, const struct ff_plan *plan, const char *x)
{
	ff_buf_z(&sql->text, ", s AS (SELECT ");
	rollup_keys(sql, plan);
	ff_buf_printf(&sql->text, "%s FROM ", merged);
	if (by_key(plan)) {
		ff_buf_printf(&sql->text, "(SELECT DISTINCT v FROM %s) x CROSS JOIN generate_series(", x);
		ff_sql_arg(sql, ff_arg_i64(sql->arena, ff_zone_day(plan->zone, plan->from_us)));
		ff_buf_z(&sql->text, "::int, ");
		ff_sql_arg(sql, ff_arg_i64(sql->arena, ff_zone_day(plan->zone, plan->to_us - 1)));
		ff_buf_printf(&sql->text, "::int) AS d (day) JOIN %s ON %s = x.v AND r.bucket = date '1970-01-01' + d.day",
		    table_of(plan), value_of(plan, plan->query->dim));
		rollup_where(sql, plan);
	} else {
		ff_buf_z(&sql->text, table_of(plan));
		rollup_where(sql, plan);
		ff_buf_printf(&sql->text, " AND %s IN (SELECT v FROM %s)", value_of(plan, plan->query->dim), x);
	}
	ff_buf_z(&sql->text, " GROUP BY 1, 2)");
}

/* The rows that may be first by visitors: nobody is counted without an event. */
static void
candidates(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, ", c AS (SELECT g.*, count(*) OVER () AS total, lead(events, 1) OVER w AS next_events, "
			     "row_number() OVER w AS place FROM g WHERE alive WINDOW w AS (ORDER BY events DESC, g.v) "
			     "ORDER BY place LIMIT ");
	ff_sql_arg(sql, ff_arg_i64(sql->arena, plan->candidates));
	ff_buf_z(&sql->text, ")");
}

/* Three columns for the value as text, of table x (g or t). */
static void
label_columns(struct ff_sql *sql, const struct ff_plan *plan, const char *x)
{
	struct ff_dim_names names;

	switch (ff_dim_label_kind(plan->query->dim)) {
	case FF_LABEL_NONE:
		ff_buf_z(&sql->text, "'' AS label, '' AS kind, '' AS title");
		break;
	case FF_LABEL_ITEM:
		ff_buf_z(&sql->text, "coalesce(c.key, '') COLLATE \"C\" AS label, coalesce(c.kind, '') AS kind, "
				     "coalesce(c.title, '') AS title");
		break;
	case FF_LABEL_NAMES:
		ff_dim_names(plan->query->dim, &names);
		ff_buf_z(&sql->text, "coalesce((");
		ff_sql_arg(sql, ff_arg_strs(sql->arena, names.v, names.n));
		ff_buf_printf(&sql->text, "::text[])[%s.v + 1], '(not set)') COLLATE \"C\" AS label, ", x);
		ff_buf_z(&sql->text, "'' AS kind, '' AS title");
		break;
	case FF_LABEL_TEXT:
		ff_buf_z(&sql->text, "coalesce(nullif(l.value, ''), ");
		ff_sql_arg(sql, ff_arg_z(ff_dim_empty(plan->query->dim)));
		ff_buf_z(&sql->text, ") COLLATE \"C\" AS label, '' AS kind, '' AS title");
		break;
	}
}

static void
label_join(struct ff_sql *sql, const struct ff_plan *plan, const char *x)
{
	enum ff_label_kind kind = ff_dim_label_kind(plan->query->dim);

	if (kind == FF_LABEL_ITEM)
		ff_buf_printf(&sql->text, " LEFT JOIN content c ON c.site_id = $1 AND c.content_id = %s.v", x);
	if (kind == FF_LABEL_TEXT)
		ff_buf_printf(&sql->text, " LEFT JOIN label l ON l.site_id = $1 AND l.label_id = %s.v", x);
}

static void
order(struct ff_sql *sql, const struct ff_plan *plan, const char *x)
{
	const struct ff_simple *q = plan->query;
	const char            *way = q->ascending ? "ASC" : "DESC";
	int                    metric = q->order_metric < 0 ? 0 : q->order_metric;

	ff_buf_z(&sql->text, " ORDER BY ");
	if (q->order_by_dim && q->dim == FF_DIM_TOTAL)
		ff_buf_printf(&sql->text, "%s.k %s", x, way);
	else if (q->order_by_dim)
		ff_buf_printf(&sql->text, "label %s, %s.k", way, x);
	else if (q->order_metric < 0 && q->grain != FF_GRAIN_NONE)
		ff_buf_printf(&sql->text, "%s.k, %s DESC NULLS LAST, %s.v", x, metric_sql[q->metrics[0]], x);
	else
		ff_buf_printf(&sql->text, "%s %s NULLS LAST, %s.k, %s.v", metric_sql[q->metrics[metric]],
		    q->order_metric < 0 ? "DESC" : way, x, x);
}

/* Which rows: ", t AS (...)" */
static void
page(struct ff_sql *sql, const struct ff_plan *plan)
{
	const struct ff_simple *q = plan->query;
	bool                   guess = plan->sketches == FF_SKETCHES_GUESS;

	ff_buf_z(&sql->text, guess ? ", t AS (SELECT g.*, s.visitors, (SELECT min(next_events) FROM c WHERE place = "
				     "(SELECT max(place) FROM c)) AS bound"
				   : ", t AS (SELECT g.*, count(*) OVER () AS total, NULL::bigint AS bound");
	if (q->order_by_dim) {
		ff_buf_z(&sql->text, ", ");
		label_columns(sql, plan, "g");
	}
	ff_buf_z(&sql->text, guess ? " FROM c g JOIN s ON s.v = g.v" : " FROM g");
	if (q->order_by_dim)
		label_join(sql, plan, "g");
	if (grouped(q) && !guess)
		ff_buf_printf(&sql->text, " WHERE %s", plan->source == FF_SOURCE_RAW ? raw_alive : "alive");
	order(sql, plan, "g");
	ff_buf_z(&sql->text, " LIMIT ");
	ff_sql_arg(sql, ff_arg_i64(sql->arena, q->limit > 0 ? q->limit : FF_QUERY_BUCKETS_MAX));
	ff_buf_z(&sql->text, " OFFSET ");
	ff_sql_arg(sql, ff_arg_i64(sql->arena, q->offset));
	ff_buf_z(&sql->text, ")");
}

static void
columns(struct ff_sql *sql, const struct ff_plan *plan)
{
	const struct ff_simple *q = plan->query;

	ff_buf_z(&sql->text, " SELECT t.k, t.v, ");
	if (q->order_by_dim)
		ff_buf_z(&sql->text, "t.label, t.kind, t.title");
	else
		label_columns(sql, plan, "t");
	ff_buf_z(&sql->text, ", t.total, t.bound");
	for (size_t i = 0; i < q->n_metrics; i++)
		ff_buf_printf(&sql->text, ", %s", metric_sql[q->metrics[i]]);
}

/* The rows of the page and what belongs to them, in the order of dependence. */
static void
rows(struct ff_sql *sql, const struct ff_plan *plan)
{
	if (plan->sketches == FF_SKETCHES_GUESS) {
		candidates(sql, plan);
		sketches(sql, plan, "c");
	}
	page(sql, plan);
	if (plan->sketches == FF_SKETCHES_SHOWN)
		sketches(sql, plan, "t");
}

void
ff_sql_compose(struct ff_sql *sql, const struct ff_plan *plan)
{
	sql->args[sql->n++] = ff_arg_i64(sql->arena, plan->query->site->site_id); /* $1, everywhere */
	ff_buf_z(&sql->text, plan->item_sums ? "WITH g0 AS (" : "WITH g AS (");
	if (plan->source == FF_SOURCE_RAW)
		ff_sql_raw(sql, plan);
	else
		rollup(sql, plan);
	ff_buf_z(&sql->text, ")");
	if (plan->item_sums)
		beside(sql, plan);
	rows(sql, plan);
	columns(sql, plan);
	ff_buf_z(&sql->text, " FROM t");
	if (plan->sketches == FF_SKETCHES_SHOWN)
		ff_buf_z(&sql->text, " LEFT JOIN s ON s.k = t.k AND s.v = t.v");
	if (!plan->query->order_by_dim)
		label_join(sql, plan, "t");
	order(sql, plan, "t");
	if (sql->text.overflow)
		ff_panic("a query's text is longer than a plan can need");
}
