/* query_rollup.c - sums from the rollups of one dimension, and from the figures of items. */
#include "fact/query_plan.h"

/* Few rows are fetched by key, day by day; many by one look at all of them. */
#define LOOKUPS_MAX 5000

static const char *
table_of(const struct ff_plan *plan, enum ff_table table, bool items)
{
	static const char *const rollups[] = { "rollup_month r", "rollup_week r", "rollup_day r",
		"rollup_hour r" };
	static const char *const contents[] = { "content_month r", "content_week r", "content_day r",
		"content_hour r" };

	if (plan->family == FF_FAMILY_ITEMS_BY)
		return "content_day_by r";
	return items ? contents[table] : rollups[table];
}

static const char *
key_of(const struct ff_asked_dim *dim, bool items)
{
	if (dim->goal)
		return "goal.n";
	return items ? ff_column_items(dim->dim) : "r.value";
}

static void
put_keys(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, bool items)
{
	ff_sql_bucket(sql, plan, piece->table, "r.bucket");
	ff_buf_z(&sql->text, " AS k");
	for (size_t i = 0; i < plan->n_keys; i++)
		ff_buf_printf(&sql->text, ff_dim_is_text(plan->keys[i].dim.dim) ? ", %s AS v%zu" : ", (%s)::bigint AS v%zu",
		    key_of(&plan->keys[i].dim, items), i);
}

static void
put_names(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, "k");
	for (size_t i = 0; i < plan->n_keys; i++)
		ff_buf_printf(&sql->text, ", v%zu", i);
}

/* Is each bucket and key a row by itself? Then nothing is to be added up: merging sketches costs even of one. */
static bool
one_by_one(const struct ff_plan *plan, const struct ff_piece *piece, bool items)
{
	static const enum ff_grain grains[] = { FF_GRAIN_MONTH, FF_GRAIN_WEEK, FF_GRAIN_DAY, FF_GRAIN_HOUR };

	return !items && !plan->by_goal && plan->grain == grains[piece->table] &&
	       (plan->n_keys == 1 || plan->dim == FF_DIM_TOTAL);
}

static void
put_itself(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	(void)plan;
	ff_buf_printf(&sql->text, "r.%s", ff_part_column(part));
}

static void
put_sum(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	(void)plan;
	ff_buf_printf(&sql->text, part == FF_PART_VISITORS ? "hll_union_agg(r.%s)" : "sum(r.%s)::bigint", ff_part_column(part));
}

static void
put_range(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece)
{
	bool hours = piece->table == FF_TABLE_HOUR;

	ff_buf_z(&sql->text, " AND r.bucket >= ");
	ff_sql_arg(sql, hours ? ff_arg_time(sql->arena, ff_zone_hour(plan->zone, piece->from_us))
			      : ff_arg_day(sql->arena, ff_zone_day(plan->zone, piece->from_us)));
	ff_buf_z(&sql->text, " AND r.bucket <= ");
	ff_sql_arg(sql, hours ? ff_arg_time(sql->arena, ff_zone_hour(plan->zone, piece->to_us - 1))
			      : ff_arg_day(sql->arena, ff_zone_day(plan->zone, piece->to_us - 1)));
}

/* " WHERE ..." of the rows in question */
static void
put_where(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, bool items)
{
	ff_buf_z(&sql->text, " WHERE r.site_id = $1");
	if (!items || plan->family == FF_FAMILY_ITEMS_BY) {
		ff_buf_z(&sql->text, " AND r.dim = ");
		ff_sql_arg(sql, ff_arg_i64(sql->arena, plan->dim));
	}
	put_range(sql, plan, piece);
	ff_sql_conds(sql, plan, items ? FF_COLUMNS_ITEMS : FF_COLUMNS_ROLLUP);
	for (size_t i = 0; i < plan->n_keys; i++)
		if (ff_dim_is_text(plan->keys[i].dim.dim))
			ff_sql_present(sql, &plan->keys[i].dim, false);
}

static bool
by_key(const struct ff_plan *plan, const struct ff_piece *piece)
{
	int64_t days = (piece->to_us - piece->from_us) / FF_US_DAY + 2;

	return (piece->table == FF_TABLE_DAY || piece->table == FF_TABLE_WEEK) &&
	       days * plan->candidates <= LOOKUPS_MAX;
}

/* The table, or for few rows a look at each key of each day or week. */
static void
put_from(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, bool items, const char *among)
{
	if (among == NULL || !by_key(plan, piece)) {
		ff_buf_printf(&sql->text, " FROM %s", table_of(plan, piece->table, items));
		return;
	}
	ff_buf_printf(&sql->text, " FROM (SELECT DISTINCT v0 AS want FROM %s) x CROSS JOIN generate_series(", among);
	ff_sql_arg(sql, ff_arg_i64(sql->arena, ff_zone_day(plan->zone, piece->from_us)));
	ff_buf_z(&sql->text, "::int, ");
	ff_sql_arg(sql, ff_arg_i64(sql->arena, ff_zone_day(plan->zone, piece->to_us - 1)));
	ff_buf_printf(&sql->text, "::int, %d) AS d (day) JOIN %s ON %s = x.want AND r.bucket = date '1970-01-01' + d.day",
	    piece->table == FF_TABLE_WEEK ? 7 : 1, table_of(plan, piece->table, items), key_of(&plan->keys[0].dim, items));
}

/* Membership goes by local days: of an hour, the one it lies in; of a month's row there is none. */
static void
put_items(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece)
{
	struct ff_str day = FF_STR("r.bucket");

	if (piece->table == FF_TABLE_HOUR)
		day = ff_str_printf(sql->arena, "(r.bucket AT TIME ZONE '%s')::date", ff_zone_name(plan->zone));
	ff_sql_join_items(sql, plan, "r.content_id", ff_str_z(sql->arena, day));
}

void
ff_sql_rollup(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, enum ff_half half,
    ff_parts parts, const char *among, bool loose)
{
	bool     items = half == FF_HALF_ITEMS, single = loose || one_by_one(plan, piece, items);
	ff_parts given = items ? FF_PARTS_ITEM : FF_PARTS_EVENT | FF_PARTS_VISIT;

	if (plan->family != FF_FAMILY_ROLLUP)
		given = FF_PARTS_ITEM | FF_PARTS_EVENT;
	ff_buf_z(&sql->text, "SELECT ");
	put_keys(sql, plan, piece, items);
	ff_sql_parts(sql, plan, parts, parts & given, single ? put_itself : put_sum);
	put_from(sql, plan, piece, items, among);
	if (items)
		put_items(sql, plan, piece);
	if (ff_plan_by_goal(plan))
		ff_sql_join_goals(sql, plan, ff_sql_aim_name);
	put_where(sql, plan, piece, items);
	if (ff_plan_by_goal(plan))
		ff_buf_z(&sql->text, " AND goal.n IS NOT NULL");
	if (among != NULL && !by_key(plan, piece))
		ff_buf_printf(&sql->text, " AND %s IN (SELECT v0 FROM %s)", key_of(&plan->keys[0].dim, items), among);
	if (single)
		return;
	ff_buf_z(&sql->text, " GROUP BY ");
	put_names(sql, plan);
}
