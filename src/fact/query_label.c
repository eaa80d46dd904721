/* query_label.c - what a dimension's stored numbers mean, and filters by name. */
#include "fact/query_plan.h"
#include "fact/referrer.h"

enum ff_label_kind
ff_dim_label_kind(enum ff_dim dim)
{
	switch (dim) {
	case FF_DIM_TOTAL:
		return FF_LABEL_NONE;
	case FF_DIM_ITEM:
		return FF_LABEL_ITEM;
	case FF_DIM_CHANNEL:
	case FF_DIM_DEVICE:
	case FF_DIM_ROBOT:
	case FF_DIM_AUTH:
		return FF_LABEL_NAMES;
	default:
		return FF_LABEL_TEXT;
	}
}

bool
ff_dim_may_lack(enum ff_dim dim)
{
	return !ff_dim_per_visit(dim) || (dim >= FF_DIM_UTM_SOURCE && dim <= FF_DIM_UTM_TERM);
}

const char *
ff_dim_empty(enum ff_dim dim)
{
	return dim == FF_DIM_SOURCE || dim == FF_DIM_REFERRER ? "Direct / None" : "(not set)";
}

static const char *
robot_name(enum ff_robot robot)
{
	static const char *const names[] = {
		[FF_ROBOT_NO] = "",
		[FF_ROBOT_AGENT] = "Robot",
		[FF_ROBOT_EMPTY] = "No user agent",
		[FF_ROBOT_LIBRARY] = "HTTP library",
		[FF_ROBOT_HEADLESS] = "Automated browser",
		[FF_ROBOT_SPAM] = "Referrer spam",
		[FF_ROBOT_NETWORK] = "Listed network",
		[FF_ROBOT_BEHAVIOUR] = "Behaviour",
		[FF_ROBOT_PURGED] = "Purged",
		[FF_ROBOT_OWNER] = "Author",
		[FF_ROBOT_TEAM] = "Team",
	};

	return names[robot];
}

static const char *const auth_names[] = { "anonymous", "authenticated" };

static const char *
name_of(enum ff_dim dim, size_t number)
{
	const char *name = dim == FF_DIM_CHANNEL ? ff_channel_name((enum ff_channel)number)
	    : dim == FF_DIM_DEVICE               ? ff_device_name((enum ff_device)number)
	    : dim == FF_DIM_AUTH                 ? auth_names[number]
						 : robot_name((enum ff_robot)number);

	return name[0] == '\0' ? ff_dim_empty(dim) : name;
}

void
ff_dim_names(enum ff_dim dim, struct ff_dim_names *out)
{
	size_t last = dim == FF_DIM_CHANNEL ? FF_CHANNEL_NEWS
	    : dim == FF_DIM_DEVICE              ? FF_DEVICE_BOT
	    : dim == FF_DIM_AUTH                ? 1
						: FF_ROBOT_TEAM;

	out->n = last + 1;
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = ff_str_from(name_of(dim, i));
}

static struct ff_arg
numbers(struct ff_arena *arena, const struct ff_simple_filter *filter)
{
	struct ff_dim_names names;
	int64_t             found[FF_DIM_NAMES_MAX];
	size_t              n = 0;

	ff_dim_names(filter->dim, &names);
	for (size_t i = 0; i < names.n; i++)
		for (size_t v = 0; v < filter->n; v++)
			if (ff_str_eq(names.v[i], filter->values[v])) {
				found[n++] = (int64_t)i;
				break;
			}
	return ff_arg_i64s(arena, found, n);
}

/* The words for "empty" mean the empty text. */
static struct ff_arg
texts(struct ff_arena *arena, const struct ff_simple_filter *filter)
{
	struct ff_str *values = FF_NEW_N(arena, filter->n + 1, struct ff_str);

	for (size_t i = 0; i < filter->n; i++)
		values[i] = ff_str_eqz(filter->values[i], ff_dim_empty(filter->dim)) ? FF_STR("") : filter->values[i];
	return ff_arg_strs(arena, values, filter->n);
}

/* Items are named kind/key; a kind holds no slash, and without one the site's default kind is meant. */
static void
item_filter(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_simple_filter *filter)
{
	struct ff_str *kinds = FF_NEW_N(sql->arena, filter->n + 1, struct ff_str);
	struct ff_str *keys = FF_NEW_N(sql->arena, filter->n + 1, struct ff_str);

	for (size_t i = 0; i < filter->n; i++) {
		struct ff_str value = filter->values[i];
		size_t        slash = ff_str_find_char(value, '/');

		kinds[i] = slash < value.len ? ff_str_sub(value, 0, slash) : plan->query->site->default_kind;
		keys[i] = slash < value.len ? ff_str_from_pos(value, slash + 1) : value;
	}
	ff_buf_z(&sql->text, "(SELECT content_id FROM content WHERE site_id = $1 AND (kind, key) IN "
			     "(SELECT * FROM unnest(");
	ff_sql_arg(sql, ff_arg_strs(sql->arena, kinds, filter->n));
	ff_buf_z(&sql->text, "::text[], ");
	ff_sql_arg(sql, ff_arg_strs(sql->arena, keys, filter->n));
	ff_buf_z(&sql->text, "::text[])))");
}

void
ff_sql_filter(struct ff_sql *sql, const struct ff_plan *plan, const struct ff_simple_filter *filter, const char *column)
{
	ff_buf_printf(&sql->text, " AND (%s ", column);
	switch (ff_dim_label_kind(filter->dim)) {
	case FF_LABEL_ITEM:
		ff_buf_z(&sql->text, "IN ");
		item_filter(sql, plan, filter);
		break;
	case FF_LABEL_NAMES:
		ff_buf_z(&sql->text, "= ANY (");
		ff_sql_arg(sql, numbers(sql->arena, filter));
		ff_buf_z(&sql->text, "::bigint[])");
		break;
	default:
		ff_buf_z(&sql->text, "IN (SELECT label_id FROM label WHERE site_id = $1 AND value = ANY (");
		ff_sql_arg(sql, texts(sql->arena, filter));
		ff_buf_z(&sql->text, "::text[]))");
	}
	ff_buf_z(&sql->text, filter->negate ? ") IS NOT TRUE" : ")");
}
