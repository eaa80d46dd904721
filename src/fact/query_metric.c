/* query_metric.c - figures as arithmetic over sums. */
#include "fact/query_plan.h"

#include <math.h>

static const char *const columns[FF_PART_COUNT] = {
#define PART_COLUMN(id, column) [FF_PART_##id] = column,
	FF_PARTS(PART_COLUMN)
#undef PART_COLUMN
};

/* Visitors may be missing where there was no sketch. */
static const struct {
	ff_parts    parts;
	const char *sql; /* NULL: needs more than columns */
} metrics[FF_METRIC_COUNT] = {
	[FF_METRIC_VISITORS] = { FF_PART(VISITORS), "coalesce(visitors, 0)" },
	[FF_METRIC_VISITS] = { FF_PART(VISITS), "visits" },
	[FF_METRIC_PAGEVIEWS] = { FF_PART(PAGEVIEWS), "pageviews" },
	[FF_METRIC_VIEWS] = { FF_PART(VIEWS), "views" },
	[FF_METRIC_EVENTS] = { FF_PART(EVENTS), "events" },
	[FF_METRIC_BOUNCE_RATE] = { FF_PART(BOUNCES) | FF_PART(VISITS), "round(100.0 * bounces / nullif(visits, 0))" },
	[FF_METRIC_VISIT_DURATION] = { FF_PART(DURATION) | FF_PART(VISITS), "round(1.0 * duration_s / nullif(visits, 0))" },
	[FF_METRIC_VIEWS_PER_VISIT] = { FF_PART(PAGEVIEWS) | FF_PART(VISITS),
	    "round(1.0 * pageviews / nullif(visits, 0), 2)" },
	[FF_METRIC_ENGAGED_TIME] = { FF_PART(ENGAGED), "round(engaged_ms / 1000.0)" },
	[FF_METRIC_UNIQUE_VIEWS] = { FF_PART(UNIQUES), "uniques" },
	[FF_METRIC_QUALIFIED_VIEWS] = { FF_PART(QUALIFIED), "qualified" },
	[FF_METRIC_IMPRESSIONS] = { FF_PART(IMPRESSIONS), "impressions" },
	[FF_METRIC_CLICKS] = { FF_PART(CLICKS), "clicks" },
	[FF_METRIC_PLAYS] = { FF_PART(PLAYS), "plays" },
	[FF_METRIC_COMPLETIONS] = { FF_PART(COMPLETIONS), "completions" },
	[FF_METRIC_REACTIONS] = { FF_PART(REACTIONS), "reactions" },
	[FF_METRIC_COMMENTS] = { FF_PART(COMMENTS), "comments" },
	[FF_METRIC_SHARES] = { FF_PART(SHARES), "shares" },
	[FF_METRIC_FOLLOWS] = { FF_PART(FOLLOWS), "follows" },
	[FF_METRIC_CTR] = { FF_PART(CLICKS) | FF_PART(IMPRESSIONS), "round(100.0 * clicks / nullif(impressions, 0), 2)" },
	[FF_METRIC_COMPLETION_RATE] = { FF_PART(COMPLETIONS) | FF_PART(PLAYS),
	    "round(100.0 * completions / nullif(plays, 0), 2)" },
	[FF_METRIC_PERCENTAGE] = { FF_PART(VISITORS), NULL },
	[FF_METRIC_CONVERSION_RATE] = { FF_PART(VISITORS), NULL },
	[FF_METRIC_GROUP_CONVERSION_RATE] = { FF_PART(VISITORS),
	    "round(100.0 * coalesce(visitors, 0) / nullif(basis, 0), 2)" },
	[FF_METRIC_SCROLL_DEPTH] = { FF_PARTS_DEPTH, "round(1.0 * depth / nullif(readers, 0))" },
	[FF_METRIC_TIME_ON_PAGE] = { FF_PARTS_ATTENDED, "round(attention / 1000.0 / nullif(attended, 0))" },
	[FF_METRIC_TOTAL_REVENUE] = { FF_PART(REVENUE), NULL },
	[FF_METRIC_AVERAGE_REVENUE] = { FF_PART(REVENUE) | FF_PART(PAID), NULL },
	[FF_METRIC_EXIT_RATE] = { FF_PART(VISITS), "round(100.0 * visits / nullif(shown, 0), 1)" },
};

ff_parts
ff_metric_parts(enum ff_metric metric)
{
	return metrics[metric].parts;
}

bool
ff_metric_is_sum(enum ff_metric metric)
{
	ff_parts parts = metrics[metric].parts;

	return metrics[metric].sql != NULL && (parts & (parts - 1)) == 0 && metric != FF_METRIC_EXIT_RATE &&
	       metric != FF_METRIC_GROUP_CONVERSION_RATE;
}

const char *
ff_part_column(enum ff_part part)
{
	return columns[part];
}

bool
ff_metric_is_later(const struct ff_plan *plan, enum ff_metric metric)
{
	return plan->sketches != FF_SKETCHES_ALL && (metrics[metric].parts & FF_PART(VISITORS)) != 0;
}

/* A percentage, halves away from zero as the database rounds them. */
static double
rounded_share(int64_t n, int64_t whole, int64_t unit)
{
	return whole == 0 ? (double)NAN : (double)((200 * unit * n + whole) / (2 * whole)) / (double)unit;
}

double
ff_metric_of_visitors(const struct ff_plan *plan, enum ff_metric metric, int64_t visitors)
{
	if (metric == FF_METRIC_PERCENTAGE)
		return rounded_share(visitors, (int64_t)plan->all_visitors, 10);
	if (metric == FF_METRIC_CONVERSION_RATE)
		return rounded_share(visitors, (int64_t)plan->base_visitors, 100);
	return (double)visitors;
}

static void
share(struct ff_sql *sql, double whole, int decimals)
{
	ff_buf_z(&sql->text, "round(100.0 * coalesce(visitors, 0) / nullif(");
	ff_sql_arg(sql, ff_arg_i64(sql->arena, (int64_t)whole));
	ff_buf_printf(&sql->text, "::bigint, 0), %d)", decimals);
}

void
ff_sql_metric(struct ff_sql *sql, const struct ff_plan *plan, enum ff_metric metric)
{
	if (metrics[metric].sql != NULL)
		ff_buf_z(&sql->text, metrics[metric].sql);
	else if (metric == FF_METRIC_PERCENTAGE)
		share(sql, plan->all_visitors, 1);
	else if (metric == FF_METRIC_CONVERSION_RATE)
		share(sql, plan->base_visitors, 2);
	else if (plan->currency.len == 0)
		ff_buf_z(&sql->text, "NULL::numeric");
	else if (metric == FF_METRIC_TOTAL_REVENUE)
		ff_buf_z(&sql->text, "round(revenue / 1000000.0, 3)");
	else
		ff_buf_z(&sql->text, "round(revenue / 1000000.0 / nullif(paid, 0), 3)");
}
