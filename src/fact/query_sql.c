/* query_sql.c - the statement of a plan, from a closed set of fragments.
 *
 *   WITH g AS (sums by bucket and value, from rollups or raw rows),
 *        t AS (the rows of the page, by the order asked for),
 *        s AS (the sketches of those rows alone, merged)
 *   SELECT bucket, value, label, kind, title, total, metrics FROM t ...
 *
 * Where the order itself is by visitors, g merges all sketches and s falls away. */
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
};

static const char rollup_sums[] =
    "coalesce(sum(r.visits), 0) AS visits, coalesce(sum(r.bounces), 0) AS bounces, "
    "coalesce(sum(r.duration_s), 0) AS duration_s, coalesce(sum(r.pageviews), 0) AS pageviews, "
    "coalesce(sum(r.views), 0) AS views, coalesce(sum(r.events), 0) AS events, "
    "coalesce(sum(r.engaged_ms), 0) AS engaged_ms";
static const char merged[] = "round(hll_cardinality(hll_union_agg(r.visitors))) AS visitors";
static const char not_empty[] = " WHERE visits <> 0 OR events <> 0 OR views <> 0 OR engaged_ms <> 0";

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
grouped(const struct ff_query *q)
{
	return q->grain != FF_GRAIN_NONE || q->dim != FF_DIM_TOTAL;
}

static bool
asks_visitors(const struct ff_query *q)
{
	for (size_t i = 0; i < q->n_metrics; i++)
		if (q->metrics[i] == FF_METRIC_VISITORS)
			return true;
	return false;
}

/* Sketches apart: only where rows are many and their order does not depend on them. */
static bool
sketches_apart(const struct ff_plan *plan)
{
	return plan->source != FF_SOURCE_RAW && plan->query->dim != FF_DIM_TOTAL && asks_visitors(plan->query) &&
	       !plan->by_visitors;
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

/* "<bucket> AS k, <value> AS v, " */
static void
rollup_keys(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_sql_bucket(sql, plan, "r.bucket");
	ff_buf_z(&sql->text, " AS k, ");
	ff_buf_z(&sql->text, plan->query->dim == FF_DIM_TOTAL ? "0::bigint AS v, " : "r.value AS v, ");
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

/* " FROM rollup_x r WHERE ..." */
static void
rollup_rows(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, plan->source == FF_SOURCE_DAY ? " FROM rollup_day r" : " FROM rollup_hour r");
	ff_buf_z(&sql->text, " WHERE r.site_id = $1 AND r.dim = ");
	ff_sql_arg(sql, ff_arg_i64(sql->arena, plan->dim));
	ff_buf_z(&sql->text, " AND r.bucket >= ");
	rollup_range(sql, plan);
	for (size_t i = 0; i < plan->query->n_filters; i++)
		ff_sql_filter(sql, plan, &plan->query->filters[i], "r.value");
}

static void
rollup(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, "SELECT ");
	rollup_keys(sql, plan);
	ff_buf_z(&sql->text, rollup_sums);
	if (asks_visitors(plan->query) && !sketches_apart(plan))
		ff_buf_printf(&sql->text, ", %s", merged);
	rollup_rows(sql, plan);
	if (grouped(plan->query))
		ff_buf_z(&sql->text, " GROUP BY 1, 2");
}

static void
sketches(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, ", s AS (SELECT ");
	rollup_keys(sql, plan);
	ff_buf_z(&sql->text, merged);
	rollup_rows(sql, plan);
	ff_buf_z(&sql->text, " AND r.value IN (SELECT v FROM t) GROUP BY 1, 2)");
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
	const struct ff_query *q = plan->query;
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

static void
page(struct ff_sql *sql, const struct ff_plan *plan)
{
	const struct ff_query *q = plan->query;

	ff_buf_z(&sql->text, "), t AS (SELECT g.*, count(*) OVER () AS total");
	if (q->order_by_dim) {
		ff_buf_z(&sql->text, ", ");
		label_columns(sql, plan, "g");
	}
	ff_buf_z(&sql->text, " FROM g");
	if (q->order_by_dim)
		label_join(sql, plan, "g");
	if (grouped(q))
		ff_buf_z(&sql->text, not_empty);
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
	const struct ff_query *q = plan->query;

	ff_buf_z(&sql->text, " SELECT t.k, t.v, ");
	if (q->order_by_dim)
		ff_buf_z(&sql->text, "t.label, t.kind, t.title");
	else
		label_columns(sql, plan, "t");
	ff_buf_z(&sql->text, ", t.total");
	for (size_t i = 0; i < q->n_metrics; i++)
		ff_buf_printf(&sql->text, ", %s", metric_sql[q->metrics[i]]);
}

void
ff_sql_compose(struct ff_sql *sql, const struct ff_plan *plan)
{
	bool apart = sketches_apart(plan);

	sql->args[sql->n++] = ff_arg_i64(sql->arena, plan->query->site->site_id); /* $1, everywhere */
	ff_buf_z(&sql->text, "WITH g AS (");
	if (plan->source == FF_SOURCE_RAW)
		ff_sql_raw(sql, plan);
	else
		rollup(sql, plan);
	page(sql, plan);
	if (apart)
		sketches(sql, plan);
	columns(sql, plan);
	ff_buf_z(&sql->text, " FROM t");
	if (apart)
		ff_buf_z(&sql->text, " LEFT JOIN s ON s.k = t.k AND s.v = t.v");
	if (!plan->query->order_by_dim)
		label_join(sql, plan, "t");
	order(sql, plan, "t");
	if (sql->text.overflow)
		ff_panic("a query's text is longer than a plan can need");
}
