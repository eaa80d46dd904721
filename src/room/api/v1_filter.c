/* v1_filter.c - filters of the Stats API v1: conditions between semicolons, property==value or property!=value, values
 * between bars, "*" for anything; a backslash keeps a bar or a semicolon what it is. */
#include "base/utf8.h"
#include "room/api/v1.h"

enum { CONDITIONS_MAX = 32, VALUES_MAX = 500 };

static struct ff_str
cut_at(struct ff_str *rest, char c)
{
	size_t        at = 0;
	struct ff_str part;

	while (at < rest->len && rest->p[at] != c)
		at += rest->p[at] == '\\' && at + 1 < rest->len ? 2 : 1;
	part = ff_str_sub(*rest, 0, at);
	*rest = at < rest->len ? ff_str_from_pos(*rest, at + 1) : FF_STR_NONE;
	return part;
}

static struct ff_str
without_backslashes(struct ff_arena *arena, struct ff_str text)
{
	char  *out = ff_alloc(arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != '\\' || i + 1 == text.len || (text.p[i + 1] != '|' && text.p[i + 1] != ';'))
			out[n++] = text.p[i];
	return ff_str_of(out, n);
}

/* The whole text, where each run of stars is anything. */
static struct ff_str
pattern_of(struct ff_arena *arena, struct ff_str text)
{
	struct ff_buf buf;
	struct ff_str pattern;

	ff_buf_init(&buf, text.len * 2 + 16);
	ff_buf_char(&buf, '^');
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] != '*') {
			if (strchr("\\^$.|?+()[]{}-#&~ ", text.p[i]) != NULL && text.p[i] != '\0')
				ff_buf_char(&buf, '\\');
			ff_buf_char(&buf, text.p[i]);
		} else if (i == 0 || text.p[i - 1] != '*') {
			ff_buf_z(&buf, ".*");
		}
	}
	ff_buf_char(&buf, '$');
	pattern = ff_str_dup(arena, ff_buf_view(&buf));
	ff_buf_free(&buf);
	return pattern;
}

static enum ff_err
read_values(struct ff_arena *arena, struct ff_str text, bool negate, struct ff_filter *out, struct ff_fault *fault)
{
	bool pattern = !out->dim.goal && ff_str_find_char(text, '*') < text.len;

	out->op = pattern ? negate ? FF_MATCHES_NOT : FF_MATCHES : negate ? FF_IS_NOT : FF_IS;
	out->values = FF_NEW_N(arena, VALUES_MAX, struct ff_str);
	while (text.p != NULL) {
		struct ff_str value = without_backslashes(arena, cut_at(&text, '|'));

		if (out->n == VALUES_MAX)
			return FF_REFUSE(fault, "Invalid filters. At most %d values can be asked for.", VALUES_MAX);
		if (out->dim.dim == FF_DIM_COUNTRY && !pattern && ff_utf8_characters(value) != 2)
			return FF_REFUSE(fault,
			    "Invalid visit:country filter, visit:country needs to be a valid 2-letter country code.");
		out->values[out->n++] = pattern ? pattern_of(arena, value) : value;
	}
	return FF_OK;
}

static bool
has_goal(const struct ff_api_query *query, struct ff_str name)
{
	for (size_t i = 0; i < query->n_goals; i++)
		if (ff_str_eq(query->goals[i].name, name))
			return true;
	return false;
}

static enum ff_err
check_goals(const struct ff_api_query *query, const struct ff_filter *f, struct ff_fault *fault)
{
	for (size_t i = 0; f->dim.goal && i < f->n; i++) {
		struct ff_str name = f->values[i];
		bool          page = ff_str_starts(name, FF_STR("Visit "));

		if (has_goal(query, name))
			continue;
		return FF_REFUSE(fault, "%s `%.*s` is not configured for this site. Find out how to configure goals here: "
		    "https://plausible.io/docs/stats-api#filtering-by-goals",
		    page ? "The pageview goal for the pathname" : "The goal",
		    FF_STR_ARG(ff_utf8_cut(ff_str_from_pos(name, page ? 6 : 0), 200)));
	}
	return FF_OK;
}

static enum ff_err
read_condition(struct ff_arena *arena, struct ff_str text, const struct ff_api_query *query, struct ff_filter *out,
    struct ff_fault *fault)
{
	size_t            is = ff_str_find(text, FF_STR("==")), is_not = ff_str_find(text, FF_STR("!="));
	bool              negate = is_not < is;
	size_t            at = negate ? is_not : is;
	struct ff_str     name = ff_str_trim(ff_str_sub(text, 0, at)), values = ff_str_trim(ff_str_from_pos(text, at + 2));
	struct ff_api_dim dim;

	if (at == text.len || values.len == 0)
		return FF_REFUSE(fault, "Invalid filter '%.*s'. Please write filters as property==value or property!=value.",
		    FF_STR_ARG(ff_utf8_cut(text, 200)));
	if (!ff_api_dim_parse(name, &dim))
		return FF_REFUSE(fault, "Invalid filter property '%.*s'. Please provide a valid filter property: "
		    "https://plausible.io/docs/stats-api#properties", FF_STR_ARG(ff_utf8_cut(name, 200)));
	*out = (struct ff_filter){ .dim = dim.dim };
	FF_TRY(read_values(arena, values, negate, out, fault));
	return check_goals(query, out, fault);
}

enum ff_err
ff_api_v1_filters(struct ff_arena *arena, struct ff_str text, struct ff_api_query *query, struct ff_fault *fault)
{
	query->q.filters = FF_NEW_N(arena, CONDITIONS_MAX, struct ff_filter);
	while (text.p != NULL) {
		struct ff_str part = ff_str_trim(cut_at(&text, ';'));

		if (part.len == 0)
			continue;
		if (query->q.n_filters == CONDITIONS_MAX)
			return FF_REFUSE(fault, "Invalid filters. At most %d can be combined.", CONDITIONS_MAX);
		FF_TRY(read_condition(arena, part, query, &query->q.filters[query->q.n_filters++], fault));
	}
	return FF_OK;
}
