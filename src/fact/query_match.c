/* query_match.c - regular expressions over a site's texts, turned into numbers before anything is asked of the rows.
 *
 * The texts are matched here and not by PostgreSQL: PCRE2's syntax holds RE2's, its steps can be counted, and a label is
 * looked at once, however many rows have it. Three bounds keep a bad pattern from holding a worker: steps a text, time for
 * all patterns of a question, and the number of texts found. Memory has one too: a short pattern may be large when it is
 * compiled. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "fact/query_plan.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	STEPS_MAX = 20000,  /* of one pattern in one text */
	MS_MAX = 1000,      /* all patterns over all texts of a question */
	FOUND_MAX = 100000, /* texts that one filter may mean */
	LOOK_EVERY = 128,   /* matches between two looks at the clock */
	PATTERN_MAX = 2000, /* bytes */
	COMPILED_MAX = 4 * 1024 * 1024, /* bytes of all patterns of a filter */
};

struct patterns {
	struct ff_match     *match;
	struct ff_cond      *cond;
	pcre2_code         **codes;
	pcre2_match_data    *data;
	pcre2_match_context *context;
	int64_t             *ids; /* malloc'ed, and grown */
	size_t               cap;
	size_t               looked;
};

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum ff_err
too_long(struct ff_fault *fault)
{
	return ff_fault_set(fault, FF_INVALID, "filters",
	    "The pattern took too long: write it without nested repetitions, or use contains");
}

static bool
is_late(const struct patterns *p)
{
	return clock_ms() > p->match->until_ms;
}

static size_t
size_of(const pcre2_code *code)
{
	size_t size = 0;

	return pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size) == 0 ? size : 0;
}

static enum ff_err
compile(struct patterns *p)
{
	size_t     bytes = 0;
	uint32_t   options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
	int        code = 0;
	PCRE2_SIZE at = 0;

	if (p->cond->nocase)
		options |= PCRE2_CASELESS;
	for (size_t i = 0; i < p->cond->n; i++) {
		struct ff_str text = p->cond->values[i];
		unsigned char why[128] = "it is too long";

		if (text.len <= PATTERN_MAX)
			p->codes[i] = pcre2_compile((PCRE2_SPTR)(text.len > 0 ? text.p : ""), text.len, options, &code, &at,
			    NULL);
		if (p->codes[i] != NULL) {
			bytes += size_of(p->codes[i]);
			if (bytes > COMPILED_MAX || is_late(p))
				return too_long(p->match->fault);
			continue;
		}
		if (text.len <= PATTERN_MAX)
			pcre2_get_error_message(code, why, sizeof why);
		return ff_fault_set(p->match->fault, FF_INVALID, "filters", "Invalid regular expression '%.*s': %s",
		    FF_STR_ARG(ff_str_sub(text, 0, 60)), (const char *)why);
	}
	return FF_OK;
}

/* FF_NOT_FOUND: none of them fits. */
static enum ff_err
fits(struct patterns *p, struct ff_str text)
{
	struct ff_match *m = p->match;

	for (size_t i = 0; i < p->cond->n; i++) {
		int rc;

		if (p->looked++ % LOOK_EVERY == 0 && is_late(p))
			return too_long(m->fault);
		rc = pcre2_match(p->codes[i], (PCRE2_SPTR)(text.len > 0 ? text.p : ""), text.len, 0, PCRE2_NO_UTF_CHECK,
		    p->data, p->context);

		if (rc >= 0)
			return FF_OK;
		if (rc != PCRE2_ERROR_NOMATCH)
			return too_long(m->fault);
	}
	return FF_NOT_FOUND;
}

static enum ff_err
keep(struct patterns *p, int64_t id, struct ff_str text)
{
	struct ff_cond *cond = p->cond;

	if (cond->n_found == FOUND_MAX)
		return ff_fault_set(p->match->fault, FF_INVALID, "filters",
		    "The pattern fits more than %d texts: make it narrower", FOUND_MAX);
	if (cond->n_found == p->cap) {
		p->cap = p->cap * 2 + 64;
		p->ids = ff_xrealloc(p->ids, p->cap * sizeof *p->ids);
		cond->texts = ff_xrealloc(cond->texts, p->cap * sizeof *cond->texts);
	}
	p->ids[cond->n_found] = id;
	cond->texts[cond->n_found++] = id == 0 ? ff_str_dup(p->match->arena, text) : FF_STR_NONE;
	return FF_OK;
}

static enum ff_err
judge(struct patterns *p, int64_t id, struct ff_str text)
{
	enum ff_err err = fits(p, text);

	if (err == FF_NOT_FOUND)
		return FF_OK;
	return err == FF_OK ? keep(p, id, text) : err;
}

static enum ff_err
ask(struct patterns *p, struct ff_arena *arena, enum ff_texts texts, int64_t after, struct ff_rows *rows)
{
	static const enum ff_stmt stmts[] = { FF_STMT_LABEL_TEXTS, FF_STMT_CONTENT_TEXTS, FF_STMT_CONTENT_KINDS,
		FF_STMT_CONTENT_OWNERS, FF_STMT_CONTENT_COLLECTIONS, FF_STMT_EVENT_TEXTS };
	const struct ff_plan *plan = p->match->plan;
	struct ff_arg         args[4] = { ff_arg_i64(arena, plan->query->site->site_id) };
	size_t                n = 1;

	if (texts == FF_TEXTS_LABELS || texts == FF_TEXTS_ITEMS)
		args[n++] = ff_arg_i64(arena, after);
	if (texts == FF_TEXTS_PROPS) {
		args[n++] = ff_arg_str(arena, p->cond->dim.prop);
		args[n++] = ff_arg_time(arena, plan->from_us);
		args[n++] = ff_arg_time(arena, plan->to_us);
	}
	return ff_db_query(p->match->db, arena, stmts[texts], args, n, rows);
}

/* One page of texts; *after: the last number, 0 where there is no more. */
static enum ff_err
look_page(struct patterns *p, struct ff_arena *arena, enum ff_texts texts, int64_t *after)
{
	struct ff_rows rows;

	FF_TRY(ask(p, arena, texts, *after, &rows));
	*after = 0;
	for (int r = 0; r < rows.n; r++) {
		int64_t id = ff_row_i64(&rows, r, 0);

		FF_TRY(judge(p, id, ff_row_str(&rows, r, 1)));
		*after = id;
	}
	return FF_OK;
}

static enum ff_err
look_all(struct patterns *p, enum ff_texts texts)
{
	int64_t     after = 0;
	enum ff_err err;

	do {
		struct ff_arena page; /* texts are many: none of them stays */

		ff_arena_init(&page);
		err = look_page(p, &page, texts, &after);
		ff_arena_free(&page);
	} while (err == FF_OK && after != 0);
	return err;
}

static void
begin(struct patterns *p, struct ff_match *match, struct ff_cond *cond)
{
	*p = (struct patterns){ .match = match, .cond = cond, .codes = FF_NEW_N(match->arena, cond->n + 1, pcre2_code *),
		.data = pcre2_match_data_create(1, NULL), .context = pcre2_match_context_create(NULL) };
	if (p->data == NULL || p->context == NULL)
		ff_panic("out of memory");
	pcre2_set_match_limit(p->context, STEPS_MAX);
	if (match->until_ms == 0)
		match->until_ms = clock_ms() + MS_MAX;
	cond->found = true;
	cond->texts = NULL;
	cond->n_found = 0;
}

/* What was found moves into the arena. */
static void
end(struct patterns *p)
{
	struct ff_cond *cond = p->cond;
	struct ff_str  *texts = cond->texts;

	cond->ids = FF_NEW_N(p->match->arena, cond->n_found + 1, int64_t);
	cond->texts = FF_NEW_N(p->match->arena, cond->n_found + 1, struct ff_str);
	if (cond->n_found > 0) {
		memcpy(cond->ids, p->ids, cond->n_found * sizeof *p->ids);
		memcpy(cond->texts, texts, cond->n_found * sizeof *texts);
	}
	free(p->ids);
	free(texts);
	for (size_t i = 0; i < cond->n; i++)
		pcre2_code_free(p->codes[i]);
	pcre2_match_data_free(p->data);
	pcre2_match_context_free(p->context);
}

static enum ff_err
lacks(struct patterns *p, enum ff_texts texts)
{
	enum ff_err err = fits(p, FF_STR(""));

	p->cond->lacks = err == FF_OK;
	if (err == FF_OK && texts != FF_TEXTS_LABELS) /* what has none is in no list of texts */
		return keep(p, 0, FF_STR(""));
	return err == FF_NOT_FOUND ? FF_OK : err;
}

enum ff_err
ff_match_texts(struct ff_match *match, enum ff_texts texts, struct ff_cond *cond)
{
	struct patterns p;
	enum ff_err     err;

	begin(&p, match, cond);
	err = compile(&p);
	if (err == FF_OK && texts != FF_TEXTS_ITEMS)
		err = lacks(&p, texts);
	if (err == FF_OK)
		err = look_all(&p, texts);
	end(&p);
	return err;
}

enum ff_err
ff_match_names(struct ff_match *match, const struct ff_str *names, size_t n, struct ff_cond *cond)
{
	struct patterns p;
	enum ff_err     err;

	begin(&p, match, cond);
	err = compile(&p);
	for (size_t i = 0; err == FF_OK && i < n; i++)
		err = judge(&p, (int64_t)i, names[i]);
	end(&p);
	return err;
}
