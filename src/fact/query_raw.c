/* query_raw.c - the same columns from single visits and events, while they last.
 *
 * What counts as what is the drain's contract (drain/drain.h): both must give the same figures. Visits are joined by
 * their number; robots and events without identity have visit 0 and none. */
#include "base/day.h"
#include "fact/query_plan.h"

/* Engagement, media, performance and errors are no events of their own. */
#define NOT_QUIET "e.kind NOT IN (3, 9, 12, 13)"

static const char event_sums[] =
    "count(DISTINCT e.visitor) FILTER (WHERE e.visitor <> 0 AND " NOT_QUIET " AND e.robot = 0) AS visitors, "
    "count(*) FILTER (WHERE e.kind = 1) AS pageviews, "
    "count(*) FILTER (WHERE e.kind IN (1, 4) AND e.view_type <> 2 AND e.content_id IS NOT NULL AND e.robot = 0) "
    "AS views, "
    "count(*) FILTER (WHERE " NOT_QUIET ") AS events, "
    "coalesce(sum(e.engaged_ms) FILTER (WHERE e.robot = 0), 0) AS engaged_ms";
static const char visit_sums[] =
    "count(*) AS visits, count(*) FILTER (WHERE s.interactive <= 1) AS bounces, "
    "coalesce(sum(floor(extract(epoch FROM s.last_at - s.started_at))), 0) AS duration_s";

static const char *const raw_column[FF_DIM_COUNT] = {
	[FF_DIM_TOTAL] = "0",
	[FF_DIM_PAGE] = "e.path",
	[FF_DIM_ITEM] = "e.content_id",
	[FF_DIM_SOURCE] = "s.source",
	[FF_DIM_CHANNEL] = "s.channel",
	[FF_DIM_REFERRER] = "s.referrer",
	[FF_DIM_COUNTRY] = "s.country",
	[FF_DIM_DEVICE] = "s.device",
	[FF_DIM_BROWSER] = "s.browser",
	[FF_DIM_OS] = "s.os",
	[FF_DIM_UTM_SOURCE] = "s.utm_source",
	[FF_DIM_UTM_MEDIUM] = "s.utm_medium",
	[FF_DIM_UTM_CAMPAIGN] = "s.utm_campaign",
	[FF_DIM_UTM_CONTENT] = "s.utm_content",
	[FF_DIM_UTM_TERM] = "s.utm_term",
	[FF_DIM_NAME] = "e.name",
	[FF_DIM_ROBOT] = "e.robot",
	[FF_DIM_AUTH] = "s.auth::int",
};

static bool
of_visit(enum ff_dim dim)
{
	return dim != FF_DIM_TOTAL && ff_dim_per_visit(dim);
}

static bool
about_robots(const struct ff_simple *q)
{
	for (size_t i = 0; i < q->n_filters; i++)
		if (q->filters[i].dim == FF_DIM_ROBOT)
			return true;
	return q->dim == FF_DIM_ROBOT;
}

static bool
filters_any(const struct ff_simple *q, bool per_visit)
{
	for (size_t i = 0; i < q->n_filters; i++)
		if (of_visit(q->filters[i].dim) == per_visit)
			return true;
	return false;
}

static void
filters(struct ff_sql *sql, const struct ff_plan *plan, bool per_visit)
{
	for (size_t i = 0; i < plan->query->n_filters; i++) {
		const struct ff_simple_filter *f = &plan->query->filters[i];

		if (of_visit(f->dim) == per_visit)
			ff_sql_filter(sql, plan, f, raw_column[f->dim]);
	}
}

/* " AND <column> >= $n AND <column> < $m" */
static void
between(struct ff_sql *sql, const struct ff_plan *plan, const char *column)
{
	ff_buf_printf(&sql->text, " AND %s >= ", column);
	ff_sql_arg(sql, ff_arg_time(sql->arena, plan->from_us));
	ff_buf_printf(&sql->text, " AND %s < ", column);
	ff_sql_arg(sql, ff_arg_time(sql->arena, plan->to_us));
}

/* Partitions that can hold them: a visit's day is the UTC day of its first event, as the drain saw it, so a day's slack
 * on both sides. */
static void
visit_days(struct ff_sql *sql, const struct ff_plan *plan)
{
	ff_buf_z(&sql->text, " AND s.day >= ");
	ff_sql_arg(sql, ff_arg_day(sql->arena, ff_day_of_us(plan->from_us) - 1));
	ff_buf_z(&sql->text, " AND s.day <= ");
	ff_sql_arg(sql, ff_arg_day(sql->arena, ff_day_of_us(plan->to_us - 1) + 1));
}

/* Rollups hold no rows for empty values of some dimensions; so neither do we. */
static void
drop_empty(struct ff_sql *sql, enum ff_dim dim)
{
	if (!ff_dim_may_lack(dim) || dim == FF_DIM_ROBOT)
		return;
	if (dim == FF_DIM_ITEM)
		ff_buf_z(&sql->text, " AND e.content_id IS NOT NULL");
	else
		ff_buf_printf(&sql->text,
		    " AND %s NOT IN (SELECT label_id FROM label WHERE site_id = $1 AND value = '')", raw_column[dim]);
	if (dim == FF_DIM_NAME)
		ff_buf_z(&sql->text, " AND " NOT_QUIET);
}

static void
keys(struct ff_sql *sql, const struct ff_plan *plan, const char *time)
{
	ff_buf_z(&sql->text, "SELECT ");
	ff_sql_bucket(sql, plan, time);
	ff_buf_printf(&sql->text, " AS k, %s::bigint AS v, ", raw_column[plan->query->dim]);
}

static void
group(struct ff_sql *sql, const struct ff_simple *q)
{
	if (q->grain != FF_GRAIN_NONE || q->dim != FF_DIM_TOTAL)
		ff_buf_z(&sql->text, " GROUP BY 1, 2");
}

static void
event_half(struct ff_sql *sql, const struct ff_plan *plan)
{
	const struct ff_simple *q = plan->query;

	keys(sql, plan, "e.ts");
	ff_buf_z(&sql->text, event_sums);
	ff_buf_z(&sql->text, " FROM event e");
	if (of_visit(q->dim) || filters_any(q, true)) {
		ff_buf_z(&sql->text, " JOIN visit s ON s.site_id = $1 AND s.visit_id = e.visit_id");
		visit_days(sql, plan);
	}
	ff_buf_z(&sql->text, about_robots(q) ? " WHERE e.robot <> 0" : " WHERE e.robot = 0");
	ff_buf_z(&sql->text, " AND e.site_id = $1");
	between(sql, plan, "e.ts");
	filters(sql, plan, false);
	filters(sql, plan, true);
	if (q->dim != FF_DIM_TOTAL)
		drop_empty(sql, q->dim);
	group(sql, q);
}

/* A filter on an event dimension picks the visits with such an event. */
static void
visit_half(struct ff_sql *sql, const struct ff_plan *plan)
{
	const struct ff_simple *q = plan->query;

	keys(sql, plan, "s.started_at");
	ff_buf_z(&sql->text, visit_sums);
	ff_buf_z(&sql->text, " FROM visit s WHERE s.purge_id IS NULL AND s.site_id = $1");
	between(sql, plan, "s.started_at");
	visit_days(sql, plan);
	filters(sql, plan, true);
	if (filters_any(q, false)) {
		ff_buf_z(&sql->text, " AND s.visit_id IN (SELECT e.visit_id FROM event e WHERE e.site_id = $1 "
				     "AND e.robot = 0 AND e.ts >= ");
		ff_sql_arg(sql, ff_arg_time(sql->arena, plan->from_us));
		filters(sql, plan, false);
		ff_buf_z(&sql->text, ")");
	}
	if (q->dim != FF_DIM_TOTAL)
		drop_empty(sql, q->dim);
	group(sql, q);
}

void
ff_sql_raw(struct ff_sql *sql, const struct ff_plan *plan)
{
	static const char no_visits[] = "SELECT a.*, 0 AS visits, 0 AS bounces, 0 AS duration_s FROM (";
	static const char no_events[] =
	    "SELECT b.*, 0 AS visitors, 0 AS pageviews, 0 AS views, 0 AS events, 0 AS engaged_ms FROM (";

	if (!plan->visits) {
		ff_buf_z(&sql->text, no_visits);
		event_half(sql, plan);
		ff_buf_z(&sql->text, ") a");
		return;
	}
	if (!plan->events) {
		ff_buf_z(&sql->text, no_events);
		visit_half(sql, plan);
		ff_buf_z(&sql->text, ") b");
		return;
	}
	ff_buf_z(&sql->text, "SELECT k, v, coalesce(visitors, 0) AS visitors, coalesce(pageviews, 0) AS pageviews, "
			     "coalesce(views, 0) AS views, coalesce(events, 0) AS events, "
			     "coalesce(engaged_ms, 0) AS engaged_ms, coalesce(visits, 0) AS visits, "
			     "coalesce(bounces, 0) AS bounces, coalesce(duration_s, 0) AS duration_s FROM (");
	event_half(sql, plan);
	ff_buf_z(&sql->text, ") a FULL JOIN (");
	visit_half(sql, plan);
	ff_buf_z(&sql->text, ") b USING (k, v)");
}
