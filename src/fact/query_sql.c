/* query_sql.c - the statement of a plan: halves added up, the page cut, names joined last.
 *
 *   WITH g AS (the sums by bucket and keys, of all pieces of the range),
 *        c AS (the candidates, if the order is guessed),
 *        b AS (visitors without the goal), x AS (pageviews of pages that visits ended on),
 *        t AS (the rows of the page, by the order asked for; or all candidates)
 *   SELECT bucket, total, bound, metrics, keys with their names FROM t ...
 */
#include "fact/query_plan.h"

#include <string.h>

static void
release(void *ptr)
{
	ff_buf_free(ptr);
}

void
ff_sql_init(struct ff_sql *sql, struct ff_arena *arena, const struct ff_plan *plan)
{
	*sql = (struct ff_sql){ .arena = arena, .cap = 32, .args = FF_NEW_N(arena, 32, struct ff_arg) };
	ff_buf_init(&sql->text, 1024 * 1024);
	ff_arena_defer(arena, release, &sql->text);
	sql->args[sql->n++] = ff_arg_i64(arena, plan->query->site->site_id);
}

void
ff_sql_arg(struct ff_sql *sql, struct ff_arg arg)
{
	if (sql->n == sql->cap) {
		struct ff_arg *grown = FF_NEW_N(sql->arena, sql->cap * 2, struct ff_arg);

		memcpy(grown, sql->args, sql->n * sizeof *grown);
		sql->args = grown;
		sql->cap *= 2;
	}
	sql->args[sql->n++] = arg;
	ff_buf_printf(&sql->text, "$%zu", sql->n);
}

/* ---- what halves are made of ---- */

static struct ff_str
bucket_start(const struct ff_plan *plan, struct ff_arena *arena, enum ff_table table, const struct ff_bucket *b)
{
	char text[32];

	if (table < FF_TABLE_HOUR)
		ff_day_print(b->day, text);
	else if (table == FF_TABLE_HOUR && plan->grain == FF_GRAIN_HOUR)
		ff_time_print(b->key_us, text);
	else
		return ff_str_dup(arena, ff_str_from(ff_arg_time(arena, b->start_us).text));
	return ff_str_dup(arena, ff_str_from(text));
}

void
ff_sql_bucket(struct ff_sql *sql, const struct ff_plan *plan, enum ff_table table, const char *column)
{
	struct ff_str *starts;

	if (plan->grain == FF_GRAIN_NONE) {
		ff_buf_z(&sql->text, "1");
		return;
	}
	starts = FF_NEW_N(sql->arena, plan->buckets.n, struct ff_str);
	for (size_t i = 0; i < plan->buckets.n; i++)
		starts[i] = bucket_start(plan, sql->arena, table, &plan->buckets.v[i]);
	ff_buf_printf(&sql->text, "width_bucket(%s, ", column);
	ff_sql_arg(sql, ff_arg_strs(sql->arena, starts, plan->buckets.n));
	ff_buf_z(&sql->text, table < FF_TABLE_HOUR ? "::date[])" : "::timestamptz[])");
}

void
ff_sql_parts(struct ff_sql *sql, const struct ff_plan *plan, ff_parts parts, ff_parts given,
    void (*fn)(struct ff_sql *, const struct ff_plan *, enum ff_part))
{
	for (int p = 0; p < FF_PART_COUNT; p++) {
		ff_parts bit = (ff_parts)1 << p;

		if ((parts & bit) == 0)
			continue;
		ff_buf_z(&sql->text, ", ");
		if ((given & bit) != 0)
			fn(sql, plan, (enum ff_part)p);
		else
			ff_buf_z(&sql->text, p == FF_PART_VISITORS && ff_plan_sketched(plan) ? "NULL::hll" : "0");
		ff_buf_printf(&sql->text, " AS %s", ff_part_column((enum ff_part)p));
	}
}

/* ---- halves added up ---- */

struct adding {
	struct ff_sql        *sql; /* NULL: only count them */
	const struct ff_plan *plan;
	ff_parts              parts;
	const char           *among;
	bool                  loose; /* rows of rollups one by one: they are added up once, not piece by piece */
	size_t                n;
};

static void
add(struct adding *a, const struct ff_piece *piece, enum ff_half half)
{
	if (a->n++ > 0 && a->sql != NULL)
		ff_buf_z(&a->sql->text, " UNION ALL ");
	if (a->sql == NULL)
		return;
	if (half == FF_HALF_ROLLUP || half == FF_HALF_ITEMS)
		ff_sql_rollup(a->sql, a->plan, piece, half, a->parts, a->among, a->loose);
	else
		ff_sql_raw(a->sql, a->plan, piece, half, a->parts, a->among);
}

static void
add_raw(struct adding *a, const struct ff_piece *piece)
{
	ff_parts visits = a->plan->by_events ? 0 : FF_PARTS_VISIT;

	if ((a->parts & ~(visits | FF_PARTS_ATTENDED | FF_PARTS_DEPTH)) != 0)
		add(a, piece, FF_HALF_EVENTS);
	if ((a->parts & visits) != 0)
		add(a, piece, FF_HALF_VISITS);
	if ((a->parts & FF_PARTS_ATTENDED) != 0)
		add(a, piece, FF_HALF_ATTENDED);
	if ((a->parts & FF_PARTS_DEPTH) != 0)
		add(a, piece, FF_HALF_DEPTH);
}

static void
add_all(struct adding *a)
{
	for (size_t i = 0; i < a->plan->n_pieces; i++) {
		const struct ff_piece *piece = &a->plan->pieces[i];

		if (piece->table == FF_TABLE_RAW) {
			add_raw(a, piece);
			continue;
		}
		add(a, piece, a->plan->family == FF_FAMILY_ROLLUP ? FF_HALF_ROLLUP : FF_HALF_ITEMS);
		if (a->plan->item_sums && (a->parts & FF_PARTS_ITEM) != 0)
			add(a, piece, FF_HALF_ITEMS);
	}
}

static void
put_total(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	if (part == FF_PART_VISITORS && ff_plan_sketched(plan))
		ff_buf_z(&sql->text, "round(hll_cardinality(hll_union_agg(h.visitors)))::bigint");
	else
		ff_buf_printf(&sql->text, "coalesce(sum(h.%s), 0)::bigint", ff_part_column(part));
}

/* Of a row that is whole already. */
static void
put_same(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	if (part == FF_PART_VISITORS && ff_plan_sketched(plan))
		ff_buf_z(&sql->text, "round(hll_cardinality(h.visitors))::bigint");
	else
		ff_buf_printf(&sql->text, "h.%s", ff_part_column(part));
}

static bool
grouped(const struct ff_plan *plan)
{
	return plan->grain != FF_GRAIN_NONE || plan->n_keys > 0;
}

/* "SELECT k, v0.., parts FROM (halves) h GROUP BY ...": without keys and time always one row. */
static void
sums(struct ff_sql *sql, const struct ff_plan *plan, ff_parts parts)
{
	struct adding adding = { .sql = sql, .plan = plan, .parts = parts }, count = { .plan = plan, .parts = parts };
	bool          whole;

	add_all(&count);
	whole = grouped(plan) && count.n == 1;
	adding.loose = !whole;
	ff_buf_z(&sql->text, grouped(plan) ? "SELECT h.k" : "SELECT 1 AS k");
	for (size_t i = 0; i < plan->n_keys; i++)
		ff_buf_printf(&sql->text, ", h.v%zu", i);
	ff_sql_parts(sql, plan, parts, parts, whole ? put_same : put_total);
	ff_buf_z(&sql->text, " FROM (");
	add_all(&adding);
	ff_buf_z(&sql->text, ") h");
	if (!grouped(plan) || whole)
		return;
	ff_buf_z(&sql->text, " GROUP BY h.k");
	for (size_t i = 0; i < plan->n_keys; i++)
		ff_buf_printf(&sql->text, ", h.v%zu", i);
}

/* ---- rows of the page ---- */

/* Rows may have become empty when their visit moved to an earlier bucket; goals are reached without events, too. */
static void
alive(struct ff_sql *sql, const struct ff_plan *plan)
{
	static const enum ff_part signs[] = { FF_PART_EVENTS, FF_PART_ENGAGED, FF_PART_VISITS };
	const char               *before = " WHERE (";

	if (!grouped(plan) || (plan->by_goal && plan->family == FF_FAMILY_RAW) ||
	    (plan->parts & (FF_PARTS_ATTENDED | FF_PARTS_DEPTH)) != 0)
		return;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if ((plan->parts & (ff_parts)1 << signs[i]) != 0) {
			ff_buf_printf(&sql->text, "%s%s <> 0", before, ff_part_column(signs[i]));
			before = " OR ";
		}
	if (before[1] == 'O')
		ff_buf_z(&sql->text, ")");
}

/* The rows that may be first by visitors: nobody is counted without an event. */
static void
candidates(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, ", c AS (SELECT g.*, count(*) OVER () AS total, lead(events, 1) OVER w AS next_events, "
			     "row_number() OVER w AS place FROM g");
	alive(sql, plan);
	ff_buf_z(&sql->text, " WINDOW w AS (ORDER BY events DESC, g.v0) ORDER BY place LIMIT ");
	ff_sql_arg(sql, ff_arg_i64(sql->arena, plan->candidates));
	ff_buf_z(&sql->text, ")");
}

/* What each row is held against, added up once, whatever the planner thinks: ", b AS (...)", ", x AS (...)" */
static void
besides(struct ff_sql *sql, const struct ff_plan *plan)
{
	if (plan->basis != NULL) {
		ff_buf_z(&sql->text, ", b AS MATERIALIZED (SELECT y.k");
		for (size_t i = 0; i < plan->basis->n_keys; i++)
			ff_buf_printf(&sql->text, ", y.v%zu", i);
		ff_buf_z(&sql->text, ", y.visitors AS basis FROM (");
		sums(sql, plan->basis, plan->basis->parts);
		ff_buf_z(&sql->text, ") y)");
	}
	if (plan->shown != NULL) {
		ff_buf_z(&sql->text, ", x AS MATERIALIZED (SELECT y.k, y.v0, y.pageviews AS shown FROM (");
		sums(sql, plan->shown, plan->shown->parts);
		ff_buf_z(&sql->text, ") y)");
	}
}

static void
join_besides(struct ff_sql *sql, const struct ff_plan *plan)
{
	size_t n = 0;

	if (plan->basis != NULL) {
		ff_buf_z(&sql->text, " LEFT JOIN b ON b.k = g.k");
		for (size_t i = 0; i < plan->n_keys; i++)
			if (!plan->keys[i].dim.goal)
				ff_buf_printf(&sql->text, " AND b.v%zu = g.v%zu", n++, i);
	}
	if (plan->shown != NULL)
		ff_buf_z(&sql->text, " LEFT JOIN x ON x.k = g.k AND x.v0 = g.v0");
}

static bool
orders_by_label(const struct ff_plan *plan)
{
	for (size_t i = 0; i < plan->query->n_orders; i++)
		if (plan->query->orders[i].by_dim && plan->query->dims[plan->query->orders[i].index].grain == FF_GRAIN_NONE)
			return true;
	return false;
}

static size_t
key_at(const struct ff_plan *plan, size_t dim)
{
	for (size_t i = 0; i < plan->n_keys; i++)
		if (plan->keys[i].at == dim)
			return i;
	ff_panic("a question orders by a dimension that it lacks");
}

static void
order_entry(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_order *o, const char *x)
{
	const char *way = o->ascending ? "ASC" : "DESC";

	if (!o->by_dim) {
		ff_sql_metric(sql, plan, plan->query->metrics[o->index]);
		ff_buf_printf(&sql->text, " %s NULLS LAST, ", way);
	} else if (plan->query->dims[o->index].grain != FF_GRAIN_NONE) {
		ff_buf_printf(&sql->text, "%s.k %s, ", x, way);
	} else {
		ff_buf_printf(&sql->text, "label%zu %s, ", key_at(plan, o->index), way);
	}
}

/* By visitors that are not united yet: whoever unites them puts the rows in order. */
static bool
orders_later(const struct ff_plan *plan, const struct ff_order *o)
{
	return plan->sketches == FF_SKETCHES_GUESS && !o->by_dim &&
	       (ff_metric_parts(plan->query->metrics[o->index]) & FF_PART(VISITORS)) != 0;
}

static void
order(struct ff_sql *sql, const struct ff_plan *plan, const char *x)
{
	const struct ff_query *q = plan->query;
	const struct ff_order  first = { .by_dim = false, .index = 0 };

	ff_buf_z(&sql->text, " ORDER BY ");
	for (size_t i = 0; i < q->n_orders; i++)
		if (!orders_later(plan, &q->orders[i]))
			order_entry(sql, plan, &q->orders[i], x);
	if (q->n_orders == 0 && !orders_later(plan, &first)) {
		if (plan->grain != FF_GRAIN_NONE)
			ff_buf_printf(&sql->text, "%s.k, ", x);
		order_entry(sql, plan, &first, x);
	}
	ff_buf_printf(&sql->text, "%s.k", x);
	for (size_t i = 0; i < plan->n_keys; i++)
		ff_buf_printf(&sql->text, ", %s.v%zu", x, i);
}

/* Which rows: ", t AS (...)" */
static void
page(struct ff_sql *sql, const struct ff_plan *plan)
{
	bool guess = plan->sketches == FF_SKETCHES_GUESS, labels = orders_by_label(plan);

	ff_buf_z(&sql->text, guess ? ", t AS (SELECT g.*" : ", t AS (SELECT g.*, count(*) OVER () AS total, "
							   "0 AS place, NULL::bigint AS next_events");
	ff_buf_z(&sql->text, plan->basis != NULL ? ", b.basis" : "");
	ff_buf_z(&sql->text, plan->shown != NULL ? ", x.shown" : "");
	for (size_t i = 0; labels && i < plan->n_keys; i++) {
		ff_buf_z(&sql->text, ", ");
		ff_sql_label(sql, plan, i, "g");
	}
	ff_buf_z(&sql->text, guess ? " FROM c g" : " FROM g");
	join_besides(sql, plan);
	for (size_t i = 0; labels && i < plan->n_keys; i++)
		ff_sql_label_join(sql, plan, i, "g");
	if (!guess) {
		alive(sql, plan);
		order(sql, plan, "g");
		ff_buf_z(&sql->text, " LIMIT ");
		ff_sql_arg(sql, ff_arg_i64(sql->arena, plan->query->limit > 0 ? plan->query->limit : FF_QUERY_BUCKETS_MAX));
		ff_buf_z(&sql->text, " OFFSET ");
		ff_sql_arg(sql, ff_arg_i64(sql->arena, plan->query->offset));
	}
	ff_buf_z(&sql->text, ")");
}

static void
columns(struct ff_sql *sql, const struct ff_plan *plan)
{
	bool labels = orders_by_label(plan);

	ff_buf_z(&sql->text, " SELECT t.k, t.total, t.place, t.next_events");
	for (size_t i = 0; i < plan->query->n_metrics; i++) {
		ff_buf_z(&sql->text, ", ");
		if (ff_metric_is_later(plan, plan->query->metrics[i]))
			ff_buf_z(&sql->text, "NULL");
		else
			ff_sql_metric(sql, plan, plan->query->metrics[i]);
	}
	for (size_t i = 0; i < plan->n_keys; i++) {
		ff_buf_printf(&sql->text, plan->keys[i].dim.prop.len > 0 || ff_dim_is_text(plan->keys[i].dim.dim) ? ", 0, "
													 : ", t.v%zu, ", i);
		if (labels)
			ff_buf_printf(&sql->text, "t.label%zu, t.kind%zu, t.title%zu", i, i, i);
		else
			ff_sql_label(sql, plan, i, "t");
	}
}

void
ff_sql_compose(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_parts parts = plan->parts;

	if (plan->sketches != FF_SKETCHES_ALL)
		parts &= ~FF_PART(VISITORS);
	ff_buf_z(&sql->text, "WITH g AS (");
	sums(sql, plan, parts);
	ff_buf_z(&sql->text, ")");
	if (plan->sketches == FF_SKETCHES_GUESS)
		candidates(sql, plan);
	besides(sql, plan);
	page(sql, plan);
	columns(sql, plan);
	ff_buf_z(&sql->text, " FROM t");
	for (size_t i = 0; !orders_by_label(plan) && i < plan->n_keys; i++)
		ff_sql_label_join(sql, plan, i, "t");
	order(sql, plan, "t");
	if (sql->text.overflow)
		ff_panic("a query's text is longer than a plan can need");
}

void
ff_sql_sketches(struct ff_sql *sql, const struct ff_plan *plan, const int64_t *keys, size_t n)
{
	struct ff_plan some = *plan;
	struct ff_str  among = ff_str_printf(sql->arena, "unnest($%zu::bigint[]) AS w (v0)", sql->n + 1);
	struct adding  adding = { sql, &some, FF_PART(VISITORS), ff_str_z(sql->arena, among), true, 0 };

	some.candidates = (int64_t)n;
	sql->args[sql->n++] = ff_arg_i64s(sql->arena, keys, n);
	ff_buf_z(&sql->text, "SELECT h.k, h.v0, h.visitors FROM (");
	add_all(&adding);
	ff_buf_z(&sql->text, ") h WHERE h.visitors IS NOT NULL");
}
