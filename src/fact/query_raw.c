/* query_raw.c - the same sums from single visits and events, while they last.
 *
 * What counts as what is the drain's contract (drain/drain.h): both must give the same figures. */
#include "fact/query_plan.h"

/* Engagement, media, performance and errors are no events of their own. */
#define NOT_QUIET "e.kind NOT IN (3, 9, 12, 13)"
#define OF_ITEM   "e.content_id IS NOT NULL AND e.robot = 0"
#define VIEWED    "e.kind IN (1, 4) AND e.view_type <> 2 AND " OF_ITEM
#define ACTS(kind)                                                                                              \
	"coalesce(sum(CASE WHEN e.measure_micros < 0 THEN -1 ELSE 1 END) FILTER (WHERE e.kind = " #kind " AND " OF_ITEM "), 0)"

/* Of the events of a row; w is the window that an event begins. */
static const char *const event_sums[FF_PART_COUNT] = {
	[FF_PART_PAGEVIEWS] = "count(*) FILTER (WHERE e.kind = 1)",
	[FF_PART_VIEWS] = "count(*) FILTER (WHERE " VIEWED ")",
	[FF_PART_EVENTS] = "count(*) FILTER (WHERE " NOT_QUIET ")",
	[FF_PART_ENGAGED] = "coalesce(sum(e.engaged_ms) FILTER (WHERE e.robot = 0), 0)",
	[FF_PART_UNIQUES] = "count(*) FILTER (WHERE e.flags & 256 <> 0)",
	[FF_PART_IMPRESSIONS] = "count(*) FILTER (WHERE e.kind IN (1, 4) AND e.view_type = 2 AND " OF_ITEM ")",
	[FF_PART_CLICKS] = "count(*) FILTER (WHERE e.list IS NOT NULL AND " VIEWED ")",
	[FF_PART_REACTIONS] = ACTS(5),
	[FF_PART_COMMENTS] = ACTS(6),
	[FF_PART_FOLLOWS] = ACTS(7),
	[FF_PART_SHARES] = ACTS(8),
	[FF_PART_QUALIFIED] = "count(*) FILTER (WHERE w.qualified)",
	[FF_PART_PLAYS] = "count(*) FILTER (WHERE w.played)",
	[FF_PART_COMPLETIONS] = "count(*) FILTER (WHERE w.completed)",
};

static const char *const visit_sums[FF_PART_COUNT] = {
	[FF_PART_VISITS] = "count(*)",
	[FF_PART_BOUNCES] = "count(*) FILTER (WHERE s.interactive <= 1)",
	[FF_PART_DURATION] = "coalesce(sum(floor(extract(epoch FROM s.last_at - s.started_at))), 0)::bigint",
};

static bool
any_of_robots(const struct ff_cond *conds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (conds[i].dim.dim == FF_DIM_ROBOT ||
		    (conds[i].op != FF_HAS_DONE && any_of_robots(conds[i].kids, conds[i].n_kids)))
			return true;
	return false;
}

static bool
about_robots(const struct ff_plan *plan)
{
	for (size_t i = 0; i < plan->n_keys; i++)
		if (plan->keys[i].dim.dim == FF_DIM_ROBOT)
			return true;
	return any_of_robots(plan->conds, plan->n_conds);
}

static bool
needs_visit(const struct ff_plan *plan)
{
	for (size_t i = 0; i < plan->n_keys; i++)
		if (ff_asked_dim_per_visit(&plan->keys[i].dim))
			return true;
	return ff_conds_any(plan->conds, plan->n_conds, true);
}

/* " AND <column> >= $n AND <column> < $m" */
static void
between(struct ff_sql *sql, const struct ff_piece *piece, const char *column)
{
	ff_buf_printf(&sql->text, " AND %s >= ", column);
	ff_sql_arg(sql, ff_arg_time(sql->arena, piece->from_us));
	ff_buf_printf(&sql->text, " AND %s < ", column);
	ff_sql_arg(sql, ff_arg_time(sql->arena, piece->to_us));
}

/* Partitions that can hold them: a visit's day is the UTC day of its first event, as the drain saw it, so a day's slack
 * on both sides. */
static void
visit_days(struct ff_sql *sql, const struct ff_piece *piece)
{
	ff_buf_z(&sql->text, " AND s.day >= ");
	ff_sql_arg(sql, ff_arg_day(sql->arena, ff_day_of_us(piece->from_us) - 1));
	ff_buf_z(&sql->text, " AND s.day <= ");
	ff_sql_arg(sql, ff_arg_day(sql->arena, ff_day_of_us(piece->to_us - 1) + 1));
}

static void
put_key(struct ff_sql *sql, const struct ff_asked_dim *dim, bool of_visit)
{
	if (dim->goal) {
		ff_buf_z(&sql->text, "goal.n");
	} else if (dim->prop.len > 0) {
		ff_buf_z(&sql->text, "coalesce(e.props ->> ");
		ff_sql_arg(sql, ff_arg_str(sql->arena, dim->prop));
		ff_buf_z(&sql->text, ", '')");
	} else {
		ff_buf_printf(&sql->text, ff_dim_is_text(dim->dim) ? "%s" : "(%s)::bigint", ff_column_raw(dim->dim, of_visit));
	}
}

/* "<bucket> AS k, <value> AS v0, ..." */
static void
put_keys(struct ff_sql *sql, const struct ff_plan *plan, const char *time, bool of_visit)
{
	ff_sql_bucket(sql, plan, FF_TABLE_RAW, time);
	ff_buf_z(&sql->text, " AS k");
	for (size_t i = 0; i < plan->n_keys; i++) {
		ff_buf_z(&sql->text, ", ");
		put_key(sql, &plan->keys[i].dim, of_visit);
		ff_buf_printf(&sql->text, " AS v%zu", i);
	}
}

/* "k, v0, ..." */
static void
put_names(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, "k");
	for (size_t i = 0; i < plan->n_keys; i++)
		ff_buf_printf(&sql->text, ", v%zu", i);
}

/* " FROM event e ... WHERE ...": the events of the piece for which the filters hold. */
static void
from_events(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, bool windows)
{
	ff_buf_z(&sql->text, " FROM event e");
	if (needs_visit(plan)) {
		ff_buf_z(&sql->text, " LEFT JOIN visit s ON s.site_id = $1 AND s.visitor = e.visitor AND s.visit_id = e.visit_id");
		visit_days(sql, piece);
	}
	if (windows) { /* not by visitor: that of a visit over midnight is yesterday's, its windows' need not be */
		ff_buf_z(&sql->text, " LEFT JOIN content_window w ON w.site_id = $1 AND w.content_id = e.content_id AND "
				     "w.started_at = e.ts AND w.event_id = e.event_id");
		between(sql, piece, "w.started_at");
	}
	ff_sql_join_items(sql, plan, "e.content_id", NULL);
	if (ff_plan_by_goal(plan))
		ff_sql_join_goals(sql, plan, ff_sql_aim);
	ff_buf_z(&sql->text, about_robots(plan) ? " WHERE e.robot <> 0" : " WHERE e.robot = 0");
	ff_buf_z(&sql->text, " AND e.site_id = $1");
	between(sql, piece, "e.ts");
	ff_sql_conds(sql, plan, FF_COLUMNS_EVENT);
	for (size_t i = 0; i < plan->n_keys; i++)
		ff_sql_present(sql, &plan->keys[i].dim, false);
	if (ff_plan_by_goal(plan))
		ff_buf_z(&sql->text, " AND goal.n IS NOT NULL");
}

/* Who counts as a visitor by an event: quiet ones are none, but where a goal is meant they are what reached it. */
static const char *
counts(const struct ff_plan *plan)
{
	return plan->by_goal ? "e.robot = 0" : NOT_QUIET " AND e.robot = 0";
}

static void
put_event_sum(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	if (event_sums[part] != NULL) {
		ff_buf_z(&sql->text, event_sums[part]);
		return;
	}
	ff_buf_z(&sql->text, part == FF_PART_PAID ? "count(*) FILTER (WHERE e.currency = "
						  : "coalesce(sum(e.value_micros) FILTER (WHERE e.currency = ");
	ff_sql_arg(sql, ff_arg_str(sql->arena, plan->currency.len > 0 ? plan->currency : FF_STR("-")));
	ff_buf_z(&sql->text, part == FF_PART_PAID ? " AND e.kind <> 11 AND e.value_micros IS NOT NULL)" : " AND e.kind <> 11), 0)");
}

static void
put_outer_sum(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	if (part == FF_PART_VISITORS)
		ff_buf_z(&sql->text, ff_plan_sketched(plan) ? "coalesce(hll_add_agg(u.who::hll_hashval, 14, 5, -1, 1) "
							      "FILTER (WHERE u.who <> 0), hll_empty(14, 5, -1, 1))"
		    : plan->by_events && (plan->parts & FF_PART(VISITS)) != 0
		    ? "count(DISTINCT u.who) FILTER (WHERE u.who <> 0)"
		    : "count(*) FILTER (WHERE u.who <> 0)");
	else if (part == FF_PART_VISITS)
		ff_buf_z(&sql->text, "count(*) FILTER (WHERE u.vis <> 0)");
	else
		ff_buf_printf(&sql->text, "coalesce(sum(u.%s), 0)::bigint", ff_part_column(part));
}

#define PARTS_OF_EVENTS                                                                                          \
	(FF_PARTS_EVENT | FF_PARTS_ITEM | FF_PART(VISITS) | FF_PART(REVENUE) | FF_PART(PAID))

/* Sums by visitor first, so that nobody is sorted: then visitors are rows. */
static void
half_events(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, ff_parts parts,
    const char *among)
{
	ff_parts given = PARTS_OF_EVENTS & parts & ~(plan->by_events ? 0 : FF_PART(VISITS));
	bool     who, vis;

	if (about_robots(plan))
		given &= FF_PART(PAGEVIEWS) | FF_PART(EVENTS);
	who = (given & FF_PART(VISITORS)) != 0;
	vis = (given & FF_PART(VISITS)) != 0;
	ff_buf_z(&sql->text, "SELECT ");
	put_names(sql, plan);
	ff_sql_parts(sql, plan, parts, given, put_outer_sum);
	ff_buf_z(&sql->text, " FROM (SELECT ");
	put_keys(sql, plan, "e.ts", false);
	if (who)
		ff_buf_printf(&sql->text, ", CASE WHEN %s THEN e.visitor ELSE 0 END AS who", counts(plan));
	if (vis)
		ff_buf_printf(&sql->text, ", CASE WHEN %s THEN e.visit_id ELSE 0 END AS vis", counts(plan));
	ff_sql_parts(sql, plan, given & ~(FF_PART(VISITORS) | FF_PART(VISITS)), given, put_event_sum);
	from_events(sql, plan, piece, (given & FF_PARTS_WINDOW) != 0);
	if (among != NULL)
		ff_buf_printf(&sql->text, " AND %s IN (SELECT v0 FROM %s)", ff_column_raw(plan->keys[0].dim.dim, false), among);
	ff_buf_z(&sql->text, " GROUP BY ");
	put_names(sql, plan);
	ff_buf_printf(&sql->text, "%s%s) u GROUP BY ", who ? ", who" : "", vis ? ", vis" : "");
	put_names(sql, plan);
}

static void
put_visit_sum(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	(void)plan;
	ff_buf_z(&sql->text, visit_sums[part]);
}

/* A filter on an event dimension picks the visits with such an event in the range. */
static void
half_visits(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, ff_parts parts)
{
	const struct ff_piece whole = { FF_TABLE_RAW, plan->from_us, plan->to_us };
	bool                  by_event = ff_conds_any(plan->conds, plan->n_conds, false);
	struct ff_plan        plain = *plan;

	ff_buf_z(&sql->text, "SELECT ");
	put_keys(sql, plan, "s.started_at", true);
	ff_sql_parts(sql, plan, parts, parts & FF_PARTS_VISIT, put_visit_sum);
	ff_buf_z(&sql->text, " FROM visit s WHERE s.purge_id IS NULL AND s.site_id = $1");
	between(sql, piece, "s.started_at");
	visit_days(sql, piece);
	if (by_event) {
		plain.n_keys = 0;
		ff_buf_z(&sql->text, " AND s.visit_id IN (SELECT e.visit_id");
		from_events(sql, &plain, &whole, false);
		ff_buf_z(&sql->text, " AND e.visit_id <> 0)");
	} else {
		ff_sql_conds(sql, plan, FF_COLUMNS_VISIT);
	}
	for (size_t i = 0; i < plan->n_keys; i++)
		ff_sql_present(sql, &plan->keys[i].dim, true);
	ff_buf_z(&sql->text, " GROUP BY ");
	put_names(sql, plan);
}

static void
put_attended(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	(void)plan;
	ff_buf_z(&sql->text, part == FF_PART_ATTENDED ? "count(*)" : "sum(u.ms)::bigint");
}

static void
half_attended(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, ff_parts parts)
{
	ff_buf_z(&sql->text, "SELECT ");
	put_names(sql, plan);
	ff_sql_parts(sql, plan, parts, parts & FF_PARTS_ATTENDED, put_attended);
	ff_buf_z(&sql->text, " FROM (SELECT ");
	put_keys(sql, plan, "e.ts", false);
	ff_buf_z(&sql->text, ", sum(e.engaged_ms) AS ms");
	from_events(sql, plan, piece, false);
	ff_sql_present(sql, &(struct ff_asked_dim)FF_BY(PAGE), false);
	ff_buf_z(&sql->text, " AND e.robot = 0 AND e.engaged_ms > 0 AND e.visit_id <> 0 GROUP BY ");
	put_names(sql, plan);
	ff_buf_z(&sql->text, ", e.visit_id, e.path) u GROUP BY ");
	put_names(sql, plan);
}

static void
put_depth(struct ff_sql *sql, const struct ff_plan *plan, enum ff_part part)
{
	(void)plan;
	ff_buf_z(&sql->text, part == FF_PART_READERS ? "count(*)" : "sum(u.deepest)::bigint");
}

static void
half_depth(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, ff_parts parts)
{
	ff_buf_z(&sql->text, "SELECT ");
	put_names(sql, plan);
	ff_sql_parts(sql, plan, parts, parts & FF_PARTS_DEPTH, put_depth);
	ff_buf_z(&sql->text, " FROM (SELECT ");
	put_keys(sql, plan, "e.ts", false);
	ff_buf_z(&sql->text, ", max(e.scroll) AS deepest");
	from_events(sql, plan, piece, false);
	ff_sql_present(sql, &(struct ff_asked_dim)FF_BY(PAGE), false);
	ff_buf_z(&sql->text, " AND e.robot = 0 AND e.scroll <= 100 AND e.visitor <> 0 GROUP BY ");
	put_names(sql, plan);
	ff_buf_z(&sql->text, ", e.visitor, e.path) u GROUP BY ");
	put_names(sql, plan);
}

void
ff_sql_raw(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_piece *piece, enum ff_half half,
    ff_parts parts, const char *among)
{
	switch (half) {
	case FF_HALF_VISITS:
		half_visits(sql, plan, piece, parts);
		break;
	case FF_HALF_ATTENDED:
		half_attended(sql, plan, piece, parts);
		break;
	case FF_HALF_DEPTH:
		half_depth(sql, plan, piece, parts);
		break;
	default:
		half_events(sql, plan, piece, parts, among);
	}
}
