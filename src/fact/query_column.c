/* query_column.c - where a dimension's value stands: in single rows, and in the figures of items.
 *
 * e is an event, s its visit, c the item's row, m its membership in a collection, r a row of figures of items. */
#include "fact/query_plan.h"

/* Engagement, media, performance and errors are no events of their own. */
#define NOT_QUIET "e.kind NOT IN (3, 9, 12, 13)"

/* An event without a visit says itself what its visit would have said: `traits`, by place. */
#define OWN(column, place) "CASE WHEN e.visit_id <> 0 THEN s." column " ELSE e.traits[" #place "] END"

static const struct {
	const char *visit, *event;
} raw[FF_DIM_COUNT] = {
	[FF_DIM_TOTAL] = { "0", "0" },
	[FF_DIM_PAGE] = { NULL, "e.path" },
	[FF_DIM_ITEM] = { NULL, "e.content_id" },
	[FF_DIM_SOURCE] = { "s.source", OWN("source", 1) },
	[FF_DIM_CHANNEL] = { "s.channel", OWN("channel", 16) },
	[FF_DIM_REFERRER] = { "s.referrer", OWN("referrer", 2) },
	[FF_DIM_COUNTRY] = { "s.country", OWN("country", 8) },
	[FF_DIM_DEVICE] = { "s.device", OWN("device", 17) },
	[FF_DIM_BROWSER] = { "s.browser", OWN("browser", 11) },
	[FF_DIM_OS] = { "s.os", OWN("os", 13) },
	[FF_DIM_UTM_SOURCE] = { "s.utm_source", OWN("utm_source", 3) },
	[FF_DIM_UTM_MEDIUM] = { "s.utm_medium", OWN("utm_medium", 4) },
	[FF_DIM_UTM_CAMPAIGN] = { "s.utm_campaign", OWN("utm_campaign", 5) },
	[FF_DIM_UTM_CONTENT] = { "s.utm_content", OWN("utm_content", 6) },
	[FF_DIM_UTM_TERM] = { "s.utm_term", OWN("utm_term", 7) },
	[FF_DIM_NAME] = { NULL, "e.name" },
	[FF_DIM_ROBOT] = { NULL, "e.robot" },
	[FF_DIM_AUTH] = { "s.auth::int", "(CASE WHEN e.visit_id <> 0 THEN s.auth ELSE e.flags & 4 <> 0 END)::int" },
	[FF_DIM_HOSTNAME] = { NULL, "e.hostname" },
	[FF_DIM_SCREEN] = { "s.screen", OWN("screen", 18) },
	[FF_DIM_BROWSER_VERSION] = { "s.browser_version", OWN("browser_version", 12) },
	[FF_DIM_OS_VERSION] = { "s.os_version", OWN("os_version", 14) },
	[FF_DIM_REGION] = { "s.region", OWN("region", 9) },
	[FF_DIM_CITY] = { "s.city", OWN("city", 10) },
	[FF_DIM_LANGUAGE] = { "s.language", OWN("language", 15) },
	[FF_DIM_ENTRY_PAGE] = { "s.entry_page", "s.entry_page" },
	[FF_DIM_EXIT_PAGE] = { "s.exit_page", "s.exit_page" },
	[FF_DIM_ENTRY_HOST] = { "s.entry_hostname", "s.entry_hostname" },
	[FF_DIM_EXIT_HOST] = { "s.exit_hostname", "s.exit_hostname" },
	[FF_DIM_KIND] = { NULL, "coalesce(c.kind, '')" },
	[FF_DIM_OWNER] = { NULL, "coalesce(c.owner, '')" },
	[FF_DIM_COLLECTION] = { NULL, "coalesce(m.collection, '')" },
	[FF_DIM_VIEW_TYPE] = { NULL, "e.view_type" },
	[FF_DIM_VIEW_SOURCE] = { NULL, "e.view_source" },
};

const char *
ff_column_raw(enum ff_dim dim, bool of_visit)
{
	return of_visit ? raw[dim].visit : raw[dim].event;
}

const char *
ff_column_items(enum ff_dim dim)
{
	switch (dim) {
	case FF_DIM_TOTAL:
		return "0";
	case FF_DIM_AUTH:
		return "r.auth::int";
	case FF_DIM_ITEM:
		return "r.content_id";
	case FF_DIM_SOURCE: /* of content_day_by, which has one of these */
	case FF_DIM_CHANNEL:
	case FF_DIM_COUNTRY:
	case FF_DIM_DEVICE:
	case FF_DIM_VIEW_TYPE:
	case FF_DIM_VIEW_SOURCE:
		return "r.value";
	default:
		return raw[dim].event;
	}
}

bool
ff_dim_is_text(enum ff_dim dim)
{
	return dim == FF_DIM_KIND || dim == FF_DIM_OWNER || dim == FF_DIM_COLLECTION;
}

bool
ff_dim_of_items(enum ff_dim dim)
{
	return dim == FF_DIM_ITEM || ff_dim_is_text(dim);
}

bool
ff_dim_may_lack(enum ff_dim dim)
{
	return !ff_dim_per_visit(dim) || (dim >= FF_DIM_UTM_SOURCE && dim <= FF_DIM_UTM_TERM) ||
	       (dim >= FF_DIM_ENTRY_PAGE && dim <= FF_DIM_EXIT_HOST);
}

void
ff_sql_present(struct ff_sql *sql, const struct ff_asked_dim *dim, bool of_visit)
{
	const char *column = ff_column_raw(dim->dim, of_visit);

	if (dim->dim == FF_DIM_TOTAL || dim->dim == FF_DIM_ROBOT)
		return;
	if (!ff_dim_may_lack(dim->dim))
		ff_buf_printf(&sql->text, " AND %s IS NOT NULL", column);
	else if (dim->dim == FF_DIM_ITEM)
		ff_buf_z(&sql->text, " AND e.content_id IS NOT NULL");
	else if (dim->dim == FF_DIM_VIEW_TYPE || dim->dim == FF_DIM_VIEW_SOURCE)
		ff_buf_z(&sql->text, " AND e.kind IN (1, 4) AND e.content_id IS NOT NULL");
	else if (ff_dim_is_text(dim->dim))
		ff_buf_printf(&sql->text, " AND %s <> ''", column);
	else
		ff_buf_printf(&sql->text,
		    " AND %s <> coalesce((SELECT label_id FROM label WHERE site_id = $1 AND value = ''), 0)", column);
	if (dim->dim == FF_DIM_NAME)
		ff_buf_z(&sql->text, " AND " NOT_QUIET);
}

/* Is the dimension shown or filtered by? */
static bool
about(const struct ff_plan *plan, enum ff_dim dim)
{
	for (size_t i = 0; i < plan->n_keys; i++)
		if (plan->keys[i].dim.dim == dim)
			return true;
	return ff_conds_any_of(plan->conds, plan->n_conds, dim);
}

/* The first instant behind the local day: of an event's, or of a rollup's bucket. */
static void
day_end(struct ff_sql *sql, const struct ff_plan *plan, const char *day)
{
	if (day != NULL) {
		ff_buf_printf(&sql->text, "((%s + 1)::timestamp AT TIME ZONE ", day);
	} else {
		ff_buf_z(&sql->text, "(((e.ts AT TIME ZONE ");
		ff_sql_arg(sql, ff_arg_z(ff_zone_name(plan->zone)));
		ff_buf_z(&sql->text, ")::date + 1)::timestamp AT TIME ZONE ");
	}
	ff_sql_arg(sql, ff_arg_z(ff_zone_name(plan->zone)));
	ff_buf_z(&sql->text, ")");
}

void
ff_sql_join_items(struct ff_sql *sql, const struct ff_plan *plan, const char *content_id, const char *day)
{
	if (about(plan, FF_DIM_KIND) || about(plan, FF_DIM_OWNER))
		ff_buf_printf(&sql->text, " LEFT JOIN content c ON c.site_id = $1 AND c.content_id = %s", content_id);
	if (!about(plan, FF_DIM_COLLECTION))
		return;
	ff_buf_printf(&sql->text, " LEFT JOIN content_membership m ON m.site_id = $1 AND m.content_id = %s AND m.since < ",
	    content_id);
	day_end(sql, plan, day);
	ff_buf_z(&sql->text, " AND (m.until IS NULL OR m.until >= ");
	day_end(sql, plan, day);
	ff_buf_z(&sql->text, ")");
}
