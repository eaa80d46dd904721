/* query_filter.c - resolved filters as conditions on rows. */
#include "fact/query_plan.h"

#define NOT_QUIET "e.kind NOT IN (3, 9, 12, 13)"

/* Few numbers can be keys of an index; many are looked up in a table made once. */
#define KEYS_MAX 50

struct place {
	const struct ff_plan *plan;
	enum ff_columns       columns;
	bool                  joins; /* a condition that must hold, which can be a join */
};

static const char *
column_of(const struct place *at, enum ff_dim dim)
{
	switch (at->columns) {
	case FF_COLUMNS_ROLLUP:
		return "r.value";
	case FF_COLUMNS_ITEMS:
		return ff_column_items(dim);
	default:
		return ff_column_raw(dim, at->columns == FF_COLUMNS_VISIT);
	}
}

static void
put_ids(struct ff_sql *sql, const char *column, const int64_t *ids, size_t n, const char *type)
{
	ff_buf_printf(&sql->text, n <= KEYS_MAX ? "%s = ANY (" : "%s IN (SELECT unnest(", column);
	ff_sql_arg(sql, ff_arg_i64s(sql->arena, ids, n));
	ff_buf_printf(&sql->text, n <= KEYS_MAX ? "::%s[])" : "::%s[]))", type);
}

/* "(<text> = ANY ($n))", or contains one of them. */
static void
put_text(struct ff_sql *sql, const char *text, const struct ff_cond *c)
{
	const char *lower = c->nocase ? "lower" : "";

	if (c->found) {
		ff_buf_printf(&sql->text, "(%s) = ANY (", text);
		ff_sql_arg(sql, ff_arg_strs(sql->arena, c->texts, c->n_found));
		ff_buf_z(&sql->text, "::text[])");
	} else if (c->op == FF_IS && !c->nocase) {
		ff_buf_printf(&sql->text, "(%s) = ANY (", text);
		ff_sql_arg(sql, ff_arg_strs(sql->arena, c->values, c->n));
		ff_buf_z(&sql->text, "::text[])");
	} else {
		ff_buf_z(&sql->text, "EXISTS (SELECT FROM unnest(");
		ff_sql_arg(sql, ff_arg_strs(sql->arena, c->values, c->n));
		ff_buf_printf(&sql->text, c->op == FF_IS ? "::text[]) x (t) WHERE %s(%s) = %s(x.t))"
							 : "::text[]) x (t) WHERE strpos(%s(%s), %s(x.t)) > 0)",
		    lower, text, lower);
	}
}

/* Items are named kind/key; a kind holds no slash, and without one the site's default kind is meant. */
static void
put_item_names(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_cond *c)
{
	struct ff_str *kinds = FF_NEW_N(sql->arena, c->n + 1, struct ff_str);
	struct ff_str *keys = FF_NEW_N(sql->arena, c->n + 1, struct ff_str);
	const char    *lower = c->nocase ? "lower" : "";

	for (size_t i = 0; i < c->n; i++) {
		struct ff_str value = c->values[i];
		size_t        slash = ff_str_find_char(value, '/');

		kinds[i] = slash < value.len ? ff_str_sub(value, 0, slash) : plan->query->site->default_kind;
		keys[i] = slash < value.len ? ff_str_from_pos(value, slash + 1) : value;
	}
	ff_buf_printf(&sql->text, "(%s(kind), %s(key)) IN (SELECT %s(x.kind), %s(x.key) FROM unnest(", lower, lower, lower, lower);
	ff_sql_arg(sql, ff_arg_strs(sql->arena, kinds, c->n));
	ff_buf_z(&sql->text, "::text[], ");
	ff_sql_arg(sql, ff_arg_strs(sql->arena, keys, c->n));
	ff_buf_z(&sql->text, "::text[]) x (kind, key))");
}

static void
put_item(struct ff_sql *sql, const struct place *at, const struct ff_cond *c)
{
	const char *column = column_of(at, FF_DIM_ITEM);

	if (c->found) {
		put_ids(sql, column, c->ids, c->n_found, "bigint");
		return;
	}
	ff_buf_printf(&sql->text, "%s IN (SELECT content_id FROM content WHERE site_id = $1 AND ", column);
	if (c->op == FF_IS)
		put_item_names(sql, at->plan, c);
	else
		put_text(sql, "kind || '/' || key", c);
	ff_buf_z(&sql->text, ")");
}

static void
put_label(struct ff_sql *sql, const struct place *at, const struct ff_cond *c)
{
	const char *column = column_of(at, c->dim.dim);

	if (c->found) {
		put_ids(sql, column, c->ids, c->n_found, "int");
		return;
	}
	ff_buf_printf(&sql->text, "%s IN (SELECT label_id FROM label WHERE site_id = $1 AND ", column);
	put_text(sql, "value", c);
	ff_buf_z(&sql->text, ")");
}

/* The name of the property is a parameter, so its text is made where it is needed: of x, once a row. */
static void
put_prop(struct ff_sql *sql, const struct ff_cond *c)
{
	ff_buf_z(&sql->text, "EXISTS (SELECT FROM (SELECT coalesce(e.props ->> ");
	ff_sql_arg(sql, ff_arg_str(sql->arena, c->dim.prop));
	ff_buf_z(&sql->text, ", '') AS text) p WHERE ");
	put_text(sql, "p.text", c);
	ff_buf_z(&sql->text, ")");
}

static void put_cond(struct ff_sql *sql, const struct place *at, const struct ff_cond *c);

static void
put_aims(struct ff_sql *sql, const struct place *at, const struct ff_cond *c)
{
	ff_buf_z(&sql->text, "(false");
	for (size_t i = 0; i < c->n_found; i++) {
		ff_buf_z(&sql->text, " OR ");
		at->columns == FF_COLUMNS_ROLLUP ? ff_sql_aim_name(sql, &at->plan->aims[c->ids[i]])
						 : ff_sql_aim(sql, &at->plan->aims[c->ids[i]]);
	}
	ff_buf_z(&sql->text, ")");
}

static void
put_leaf(struct ff_sql *sql, const struct place *at, const struct ff_cond *c)
{
	if (c->dim.goal) {
		put_aims(sql, at, c);
	} else if (c->dim.prop.len > 0) {
		put_prop(sql, c);
	} else if (c->dim.dim == FF_DIM_ITEM) {
		put_item(sql, at, c);
	} else if (ff_dim_is_text(c->dim.dim)) {
		put_text(sql, column_of(at, c->dim.dim), c);
	} else if (ff_dim_label_kind(&c->dim) == FF_LABEL_NAMES) {
		put_ids(sql, column_of(at, c->dim.dim), c->ids, c->n_found, "bigint");
	} else {
		put_label(sql, at, c);
	}
	if (at->columns != FF_COLUMNS_EVENT)
		return;
	if (c->dim.dim == FF_DIM_NAME)
		ff_buf_z(&sql->text, " AND " NOT_QUIET);
	if (c->dim.dim == FF_DIM_VIEW_TYPE || c->dim.dim == FF_DIM_VIEW_SOURCE)
		ff_buf_z(&sql->text, " AND e.kind IN (1, 4) AND e.content_id IS NOT NULL");
}

/* Visitors who did, in the range, what the kid says: as quiet events are none, only goals look at them. What is no join
 * is looked up by each partition's scan, so they are kept from being found anew each time. */
static void
put_done(struct ff_sql *sql, const struct place *at, const struct ff_cond *c)
{
	struct place in = { at->plan, FF_COLUMNS_EVENT, false };

	ff_buf_printf(&sql->text, "%s.visitor IN (", at->columns == FF_COLUMNS_VISIT ? "s" : "e");
	ff_buf_z(&sql->text, at->joins ? "" : "WITH done AS MATERIALIZED (");
	ff_buf_z(&sql->text, at->joins ? "SELECT e.visitor FROM event e" : "SELECT DISTINCT e.visitor FROM event e");
	ff_sql_join_items(sql, at->plan, "e.content_id", NULL);
	ff_buf_z(&sql->text, " WHERE e.site_id = $1 AND e.robot = 0 AND e.visitor <> 0 AND e.ts >= ");
	ff_sql_arg(sql, ff_arg_time(sql->arena, at->plan->from_us));
	ff_buf_z(&sql->text, " AND e.ts < ");
	ff_sql_arg(sql, ff_arg_time(sql->arena, at->plan->to_us));
	if (!c->kids[0].dim.goal)
		ff_buf_z(&sql->text, " AND " NOT_QUIET);
	ff_buf_z(&sql->text, " AND ");
	put_cond(sql, &in, &c->kids[0]);
	ff_buf_z(&sql->text, at->joins ? ")" : ") SELECT done.visitor FROM done)");
}

/* What is unknown is not so: every condition is true or false. */
static void
put_cond(struct ff_sql *sql, const struct place *at, const struct ff_cond *c)
{
	ff_buf_z(&sql->text, c->negate ? "(NOT coalesce((" : "(");
	if (c->op == FF_HAS_DONE) {
		put_done(sql, at, c);
	} else if (c->n_kids > 0) {
		for (size_t i = 0; i < c->n_kids; i++) {
			if (i > 0)
				ff_buf_z(&sql->text, c->op == FF_AND ? " AND " : " OR ");
			put_cond(sql, at, &c->kids[i]);
		}
	} else {
		put_leaf(sql, at, c);
	}
	ff_buf_z(&sql->text, c->negate ? "), false))" : ")");
}

void
ff_sql_conds(struct ff_sql *sql, const struct ff_plan *plan, enum ff_columns columns)
{
	struct place at = { plan, columns, false };

	for (size_t i = 0; i < plan->n_conds; i++) {
		at.joins = plan->conds[i].op == FF_HAS_DONE && !plan->conds[i].negate;
		ff_buf_z(&sql->text, " AND ");
		put_cond(sql, &at, &plan->conds[i]);
	}
}

/* "<column> = (its label))" */
static void
put_name(struct ff_sql *sql, const struct ff_aim *aim, const char *column)
{
	ff_buf_printf(&sql->text, "%s = (SELECT label_id FROM label WHERE site_id = $1 AND value = ", column);
	ff_sql_arg(sql, ff_arg_str(sql->arena, aim->goal->event_name));
	ff_buf_z(&sql->text, "))");
}

void
ff_sql_aim_name(struct ff_sql *sql, const struct ff_aim *aim)
{
	ff_buf_z(&sql->text, "(");
	put_name(sql, aim, "r.value");
}

void
ff_sql_aim(struct ff_sql *sql, const struct ff_aim *aim)
{
	if (aim->goal->kind == FF_GOAL_EVENT) {
		ff_buf_z(&sql->text, "(" NOT_QUIET " AND ");
		put_name(sql, aim, "e.name");
		return;
	}
	ff_buf_z(&sql->text, "(");
	put_ids(sql, "e.path", aim->paths, aim->n_paths, "int");
	if (aim->goal->kind == FF_GOAL_PAGE) {
		ff_buf_z(&sql->text, " AND e.kind = 1)");
		return;
	}
	ff_buf_z(&sql->text, " AND e.kind = 3 AND e.scroll <= 100 AND e.scroll >= ");
	ff_sql_arg(sql, ff_arg_i64(sql->arena, aim->goal->scroll));
	ff_buf_z(&sql->text, "::int)");
}

void
ff_sql_join_goals(struct ff_sql *sql, const struct ff_plan *plan, void (*aim)(struct ff_sql *, const struct ff_aim *))
{
	const char *comma = "";

	ff_buf_z(&sql->text, " CROSS JOIN LATERAL unnest(ARRAY[");
	for (size_t g = 0; g < plan->n_aims; g++) {
		if (!plan->aims[g].row)
			continue;
		ff_buf_printf(&sql->text, "%sCASE WHEN ", comma);
		aim(sql, &plan->aims[g]);
		ff_buf_printf(&sql->text, " THEN %zu END", g);
		comma = ", ";
	}
	ff_buf_z(&sql->text, "]::bigint[]) AS goal (n)");
}

bool
ff_plan_by_goal(const struct ff_plan *plan)
{
	for (size_t i = 0; i < plan->n_keys; i++)
		if (plan->keys[i].dim.goal)
			return true;
	return false;
}
