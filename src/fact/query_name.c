/* query_name.c - names beside the rows of a page: joined last, so only those that are shown are looked up. */
#include "fact/query_plan.h"

static void
goal_names(struct ff_sql *sql, const struct ff_plan *plan)
{
	struct ff_str *names = FF_NEW_N(sql->arena, plan->query->n_goals + 1, struct ff_str);

	for (size_t i = 0; i < plan->query->n_goals; i++)
		names[i] = plan->query->goals[i].name;
	ff_sql_arg(sql, ff_arg_strs(sql->arena, names, plan->query->n_goals));
}

static void
number_names(struct ff_sql *sql, enum ff_dim dim)
{
	struct ff_dim_names names;

	ff_dim_names(dim, &names);
	ff_sql_arg(sql, ff_arg_strs(sql->arena, names.v, names.n));
}

static void
text(struct ff_sql *sql, const struct ff_plan *plan, size_t i, const char *x)
{
	const struct ff_asked_dim *dim = &plan->keys[i].dim;

	switch (ff_dim_label_kind(dim)) {
	case FF_LABEL_ITEM:
		ff_buf_printf(&sql->text, "coalesce(c%zu.key, '')", i);
		break;
	case FF_LABEL_NAMES:
		ff_buf_z(&sql->text, "coalesce((");
		dim->goal ? goal_names(sql, plan) : number_names(sql, dim->dim);
		ff_buf_printf(&sql->text, "::text[])[%s.v%zu + 1], '(not set)')", x, i);
		break;
	case FF_LABEL_ITSELF:
		ff_buf_printf(&sql->text, "coalesce(nullif(%s.v%zu, ''), ", x, i);
		ff_sql_arg(sql, ff_arg_z(ff_dim_empty(dim)));
		ff_buf_z(&sql->text, ")");
		break;
	case FF_LABEL_TEXT:
		ff_buf_printf(&sql->text, "coalesce(nullif(l%zu.value, ''), ", i);
		ff_sql_arg(sql, ff_arg_z(ff_dim_empty(dim)));
		ff_buf_z(&sql->text, ")");
		break;
	}
}

void
ff_sql_label(struct ff_sql *sql, const struct ff_plan *plan, size_t i, const char *x)
{
	bool item = ff_dim_label_kind(&plan->keys[i].dim) == FF_LABEL_ITEM;

	text(sql, plan, i, x);
	ff_buf_printf(&sql->text, " COLLATE \"C\" AS label%zu, ", i);
	if (item)
		ff_buf_printf(&sql->text, "coalesce(c%zu.kind, '') AS kind%zu, coalesce(c%zu.title, '') AS title%zu", i, i, i, i);
	else
		ff_buf_printf(&sql->text, "'' AS kind%zu, '' AS title%zu", i, i);
}

void
ff_sql_label_join(struct ff_sql *sql, const struct ff_plan *plan, size_t i, const char *x)
{
	enum ff_label_kind kind = ff_dim_label_kind(&plan->keys[i].dim);

	if (kind == FF_LABEL_ITEM)
		ff_buf_printf(&sql->text, " LEFT JOIN content c%zu ON c%zu.site_id = $1 AND c%zu.content_id = %s.v%zu", i, i, i, x,
		    i);
	if (kind == FF_LABEL_TEXT)
		ff_buf_printf(&sql->text, " LEFT JOIN label l%zu ON l%zu.site_id = $1 AND l%zu.label_id = %s.v%zu", i, i, i, x, i);
}
