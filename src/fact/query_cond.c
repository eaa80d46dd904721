/* query_cond.c - filters as they are asked, resolved: patterns and names of numbers become lists of numbers. */
#include "fact/query_plan.h"

#include <string.h>

struct making {
	struct ff_match  match;
	struct ff_arena *arena;
	struct ff_plan  *plan;
	struct ff_fault *fault;
};

static bool
contains(struct ff_str text, struct ff_str needle, bool nocase)
{
	return nocase ? ff_str_contains_nocase(text, needle) : ff_str_find(text, needle) < text.len || needle.len == 0;
}

static bool
is(struct ff_str text, struct ff_str value, bool nocase)
{
	return nocase ? ff_str_eq_nocase(text, value) : ff_str_eq(text, value);
}

static bool
names_fit(const struct ff_cond *c, struct ff_str name)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->op == FF_IS ? is(name, c->values[i], c->nocase) : contains(name, c->values[i], c->nocase))
			return true;
	return false;
}

/* "(not set)" is the value's name where one `is` it; parts and patterns are looked for in what is there: nothing. */
static enum ff_err
resolve_names(struct making *m, struct ff_cond *c)
{
	struct ff_dim_names names;

	ff_dim_names(c->dim.dim, &names);
	for (size_t i = 0; c->op != FF_IS && i < names.n; i++)
		if (ff_str_eqz(names.v[i], ff_dim_empty(&c->dim)))
			names.v[i] = FF_STR("");
	if (c->op == FF_MATCHES)
		return ff_match_names(&m->match, names.v, names.n, c);
	c->found = true;
	c->ids = FF_NEW_N(m->arena, names.n, int64_t);
	for (size_t i = 0; i < names.n; i++)
		if (names_fit(c, names.v[i]))
			c->ids[c->n_found++] = (int64_t)i;
	return FF_OK;
}

static enum ff_texts
texts_of(const struct ff_asked_dim *dim)
{
	if (dim->prop.len > 0)
		return FF_TEXTS_PROPS;
	switch (dim->dim) {
	case FF_DIM_ITEM:
		return FF_TEXTS_ITEMS;
	case FF_DIM_KIND:
		return FF_TEXTS_KINDS;
	case FF_DIM_OWNER:
		return FF_TEXTS_OWNERS;
	case FF_DIM_COLLECTION:
		return FF_TEXTS_COLLECTIONS;
	default:
		return FF_TEXTS_LABELS;
	}
}

/* The words for "empty" mean the empty text. */
static void
resolve_empty(struct making *m, struct ff_cond *c)
{
	struct ff_str *values = FF_NEW_N(m->arena, c->n + 1, struct ff_str);

	for (size_t i = 0; i < c->n; i++) {
		values[i] = c->op == FF_IS && is(c->values[i], ff_str_from(ff_dim_empty(&c->dim)), c->nocase) ? FF_STR("")
													    : c->values[i];
		if (c->dim.dim != FF_DIM_ITEM && c->dim.dim != FF_DIM_NAME)
			c->lacks = c->lacks || values[i].len == 0;
	}
	c->values = values;
}

static bool
named(const struct ff_cond *c, const struct ff_goal *goal)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->op == FF_IS ? is(goal->name, c->values[i], c->nocase) : contains(goal->name, c->values[i], c->nocase))
			return true;
	return false;
}

/* "**" is any text, "*" any within a segment; everything else means itself. */
static struct ff_str
pattern_of(struct ff_arena *arena, struct ff_str path)
{
	struct ff_buf buf;
	struct ff_str out;

	ff_buf_init(&buf, 64 * 1024);
	ff_buf_char(&buf, '^');
	for (size_t i = 0; i < path.len; i++) {
		if (path.p[i] == '*' && i + 1 < path.len && path.p[i + 1] == '*') {
			ff_buf_z(&buf, ".*");
			i++;
		} else if (path.p[i] == '*') {
			ff_buf_z(&buf, "[^/]*");
		} else {
			if (strchr("\\^$.[]|()?+{}-#&~", path.p[i]) != NULL && path.p[i] != '\0')
				ff_buf_char(&buf, '\\');
			ff_buf_char(&buf, path.p[i]);
		}
	}
	ff_buf_char(&buf, '$');
	out = ff_str_dup(arena, ff_buf_view(&buf));
	ff_buf_free(&buf);
	return out;
}

static enum ff_err
aim_at(struct making *m, const struct ff_goal *goal, struct ff_aim *out)
{
	struct ff_cond c = { .op = FF_MATCHES, .dim.dim = FF_DIM_PAGE, .n = 1 };

	*out = (struct ff_aim){ .goal = goal };
	if (goal->kind == FF_GOAL_EVENT)
		return FF_OK;
	c.values = FF_NEW(m->arena, struct ff_str);
	c.values[0] = pattern_of(m->arena, goal->path);
	FF_TRY(ff_match_texts(&m->match, FF_TEXTS_LABELS, &c));
	out->paths = c.ids;
	out->n_paths = c.n_found;
	return FF_OK;
}

/* Places of the goals that a filter names. */
static void
resolve_goals(struct making *m, struct ff_cond *c)
{
	const struct ff_query *q = m->plan->query;

	c->found = true;
	c->ids = FF_NEW_N(m->arena, q->n_goals + 1, int64_t);
	for (size_t i = 0; i < q->n_goals; i++)
		if (named(c, &q->goals[i]))
			c->ids[c->n_found++] = (int64_t)i;
}

static enum ff_err
resolve(struct making *m, struct ff_cond *c)
{
	if (c->dim.goal) {
		resolve_goals(m, c);
		return FF_OK;
	}
	if (ff_dim_label_kind(&c->dim) == FF_LABEL_NAMES)
		return resolve_names(m, c);
	resolve_empty(m, c);
	if (c->op != FF_MATCHES)
		return FF_OK;
	FF_TRY(ff_match_texts(&m->match, texts_of(&c->dim), c));
	if (c->dim.dim == FF_DIM_NAME)
		c->lacks = false; /* quiet events have a name, but none that counts */
	return FF_OK;
}

static enum ff_err
make(struct making *m, const struct ff_filter *f, struct ff_cond *out)
{
	static const struct {
		enum ff_filter_op op;
		bool              negate;
	} ops[] = {
		[FF_IS] = { FF_IS, false }, [FF_IS_NOT] = { FF_IS, true },
		[FF_CONTAINS] = { FF_CONTAINS, false }, [FF_CONTAINS_NOT] = { FF_CONTAINS, true },
		[FF_MATCHES] = { FF_MATCHES, false }, [FF_MATCHES_NOT] = { FF_MATCHES, true },
		[FF_AND] = { FF_AND, false }, [FF_OR] = { FF_OR, false }, [FF_NOT] = { FF_AND, true },
		[FF_HAS_DONE] = { FF_HAS_DONE, false }, [FF_HAS_NOT_DONE] = { FF_HAS_DONE, true },
	};

	*out = (struct ff_cond){ .op = ops[f->op].op, .negate = ops[f->op].negate, .dim = f->dim, .values = f->values, .n = f->n,
		.nocase = f->case_insensitive };
	if (f->op < FF_AND)
		return resolve(m, out);
	out->n_kids = f->n_kids;
	out->kids = FF_NEW_N(m->arena, f->n_kids, struct ff_cond);
	for (size_t i = 0; i < f->n_kids; i++)
		FF_TRY(make(m, &f->kids[i], &out->kids[i]));
	return FF_OK;
}

/* May a row be of this goal, by the filters at the top? */
static bool
wanted(const struct ff_plan *plan, size_t goal)
{
	for (size_t i = 0; i < plan->n_conds; i++) {
		const struct ff_cond *c = &plan->conds[i];
		bool                  listed = !c->dim.goal;

		for (size_t k = 0; !listed && k < c->n_found; k++)
			listed = c->ids[k] == (int64_t)goal;
		if (!listed)
			return false;
	}
	return true;
}

static bool
asked_by_goal(const struct ff_query *q)
{
	for (size_t i = 0; i < q->n_dims; i++)
		if (q->dims[i].goal)
			return true;
	return false;
}

/* Goals by their place in the question, those that nothing asks for too: conditions name them by place. */
static enum ff_err
make_aims(struct making *m)
{
	const struct ff_query *q = m->plan->query;
	bool                  *need = FF_NEW_N(m->arena, q->n_goals + 1, bool), all = asked_by_goal(q);

	for (size_t g = 0; g < q->n_goals; g++)
		need[g] = all && wanted(m->plan, g);
	m->plan->by_goal = all;
	for (size_t i = 0; i < m->plan->n_conds; i++) {
		const struct ff_cond *c = &m->plan->conds[i];

		m->plan->by_goal = m->plan->by_goal || c->dim.goal;
		c = c->op == FF_HAS_DONE ? &c->kids[0] : c;
		for (size_t k = 0; c->dim.goal && k < c->n_found; k++)
			need[c->ids[k]] = true;
	}
	m->plan->n_aims = q->n_goals;
	m->plan->aims = FF_NEW_N(m->arena, q->n_goals + 1, struct ff_aim);
	for (size_t g = 0; g < q->n_goals; g++) {
		if (!need[g])
			continue;
		FF_TRY(aim_at(m, &q->goals[g], &m->plan->aims[g]));
		m->plan->aims[g].row = all && wanted(m->plan, g);
	}
	return FF_OK;
}

enum ff_err
ff_conds_make(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_fault *fault)
{
	struct making m = { .match = { .db = db, .arena = arena, .plan = plan, .fault = fault }, .arena = arena, .plan = plan,
		.fault = fault };

	plan->conds = FF_NEW_N(arena, plan->query->n_filters + 1, struct ff_cond);
	for (size_t i = 0; i < plan->query->n_filters; i++)
		FF_TRY(make(&m, &plan->query->filters[i], &plan->conds[i]));
	plan->n_conds = plan->query->n_filters;
	return make_aims(&m);
}

static bool
lack(const struct ff_cond *c, bool auth)
{
	bool holds = c->lacks;

	if (c->op == FF_AND || c->op == FF_OR) {
		holds = c->op == FF_AND;
		for (size_t i = 0; i < c->n_kids; i++)
			if (lack(&c->kids[i], auth) != holds) {
				holds = !holds;
				break;
			}
	} else if (c->dim.dim == FF_DIM_AUTH) {
		holds = false;
		for (size_t i = 0; i < c->n_found; i++)
			holds = holds || c->ids[i] == (int64_t)auth;
	}
	return holds != c->negate;
}

bool
ff_conds_lack(const struct ff_cond *conds, size_t n, bool auth)
{
	for (size_t i = 0; i < n; i++)
		if (!lack(&conds[i], auth))
			return false;
	return true;
}

bool
ff_conds_each(const struct ff_cond *conds, size_t n, bool (*fn)(const struct ff_cond *cond, void *arg), void *arg)
{
	for (size_t i = 0; i < n; i++) {
		if (conds[i].n_kids == 0 && !fn(&conds[i], arg))
			return false;
		if (!ff_conds_each(conds[i].kids, conds[i].n_kids, fn, arg))
			return false;
	}
	return true;
}

bool
ff_conds_any(const struct ff_cond *conds, size_t n, bool per_visit)
{
	for (size_t i = 0; i < n; i++) {
		if (conds[i].op == FF_HAS_DONE)
			continue;
		if (conds[i].n_kids == 0 && ff_asked_dim_per_visit(&conds[i].dim) == per_visit)
			return true;
		if (ff_conds_any(conds[i].kids, conds[i].n_kids, per_visit))
			return true;
	}
	return false;
}

static bool
other(const struct ff_cond *cond, void *arg)
{
	return cond->dim.dim != *(const enum ff_dim *)arg;
}

bool
ff_conds_any_of(const struct ff_cond *conds, size_t n, enum ff_dim dim)
{
	return !ff_conds_each(conds, n, other, &dim);
}
