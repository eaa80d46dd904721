#include "fact/agent_need.h"

#include <string.h>

#define NEED_MAX  96 /* the longest list of alternatives has some seventy */
#define RUN_MAX   64
#define DEPTH_MAX 16

struct reader {
	struct ff_arena *arena;
	struct ff_str    rest;
	int              depth;
	bool             strange; /* something that this reader does not know */
};

/* What one branch has shown so far. */
struct branch {
	struct ff_need best;
	char           run[RUN_MAX]; /* literal bytes in a row */
	size_t         run_len;
};

enum repeat { ONCE, OPTIONAL, REPEATED };

static struct ff_need read_alternatives(struct reader *r);

static size_t
shortest(const struct ff_need *need)
{
	size_t min = need->n == 0 ? 0 : SIZE_MAX;

	for (size_t i = 0; i < need->n; i++)
		if (need->v[i].len < min)
			min = need->v[i].len;
	return min;
}

static void
offer(struct branch *b, struct ff_need need)
{
	size_t new = shortest(&need), old = shortest(&b->best);

	if (new > old || (new == old && new > 0 && need.n < b->best.n))
		b->best = need;
}

static void
flush(struct reader *r, struct branch *b)
{
	if (b->run_len >= 2) { /* a pair at least, for the filter */
		struct ff_need need = { FF_NEW_N(r->arena, 1, struct ff_str), 1 };

		need.v[0] = ff_str_dup(r->arena, ff_str_of(b->run, b->run_len));
		offer(b, need);
	}
	b->run_len = 0;
}

static char
next(struct reader *r)
{
	char c = r->rest.p[0];

	r->rest = ff_str_from_pos(r->rest, 1);
	return c;
}

static bool
at(const struct reader *r, char c)
{
	return r->rest.len > 0 && r->rest.p[0] == c;
}

/* Behind the '{': "2}", "2,}" or "2,5}". Anything else is a literal to PCRE2 and strange to us. */
static enum repeat
take_braces(struct reader *r)
{
	struct ff_str in = ff_str_sub(r->rest, 0, ff_str_find_char(r->rest, '}'));
	size_t        commas = 0;

	for (size_t i = 0; i < in.len; i++) {
		commas += in.p[i] == ',';
		r->strange = r->strange || (in.p[i] != ',' && (in.p[i] < '0' || in.p[i] > '9'));
	}
	if (in.len == r->rest.len || in.len == 0 || in.p[0] == ',' || commas > 1)
		r->strange = true;
	r->rest = ff_str_from_pos(r->rest, in.len + 1);
	return in.len > 0 && in.p[0] != '0' ? REPEATED : OPTIONAL;
}

/* The quantifier that may follow an atom, its lazy or possessive mark included. */
static enum repeat
take_repeat(struct reader *r)
{
	enum repeat repeat = ONCE;

	if (at(r, '?') || at(r, '*') || at(r, '+') || at(r, '{')) {
		char c = next(r);

		repeat = c == '{' ? take_braces(r) : c == '+' ? REPEATED : OPTIONAL;
		if (at(r, '?') || at(r, '+'))
			(void)next(r);
	}
	return repeat;
}

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static void
literal(struct reader *r, struct branch *b, char c)
{
	enum repeat repeat = take_repeat(r);

	if (b->run_len == RUN_MAX)
		flush(r, b);
	if (repeat != OPTIONAL)
		b->run[b->run_len++] = lower(c);
	if (repeat != ONCE)
		flush(r, b);
}

static void
anything(struct reader *r, struct branch *b)
{
	flush(r, b);
	(void)take_repeat(r);
}

/* Behind the backslash: a sign stands for itself, d w s b and their capitals for classes. */
static void
escape(struct reader *r, struct branch *b)
{
	char c = r->rest.len == 0 ? '\0' : next(r);

	if (c == '\0' || c >= 0x7f)
		r->strange = true;
	else if (strchr("dDwWsSbB", c) != NULL)
		anything(r, b);
	else if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		r->strange = true;
	else
		literal(r, b, c);
}

/* Behind the '['. One letter in both cases is a literal, as "[Ss]" in "[Ss]crape". */
static void
class(struct reader *r, struct branch *b)
{
	struct ff_str in = r->rest;
	size_t        n = 0;

	if (in.len > 2 && in.p[2] == ']' && lower(in.p[0]) == lower(in.p[1]) && in.p[0] != in.p[1]) {
		r->rest = ff_str_from_pos(r->rest, 3);
		literal(r, b, in.p[0]);
		return;
	}
	n += n < in.len && in.p[n] == '^';
	n += n < in.len && in.p[n] == ']'; /* the first one is a member */
	for (; n < in.len && in.p[n] != ']'; n++) {
		r->strange = r->strange || in.p[n] == '['; /* perhaps [:alpha:] */
		n += in.p[n] == '\\';
	}
	r->rest = ff_str_from_pos(r->rest, n + 1);
	anything(r, b);
}

/* Behind the '('. What a look-around wants is not part of the match's own text: read and forgotten. */
static void
parenthesis(struct reader *r, struct branch *b)
{
	struct ff_need need;
	bool           counts = true;

	flush(r, b);
	if (ff_str_starts(r->rest, FF_STR("?:"))) {
		r->rest = ff_str_from_pos(r->rest, 2);
	} else if (ff_str_starts(r->rest, FF_STR("?=")) || ff_str_starts(r->rest, FF_STR("?!"))) {
		r->rest = ff_str_from_pos(r->rest, 2);
		counts = false;
	} else if (ff_str_starts(r->rest, FF_STR("?<!")) || ff_str_starts(r->rest, FF_STR("?<="))) {
		r->rest = ff_str_from_pos(r->rest, 3);
		counts = false;
	} else if (at(r, '?') || at(r, '*')) {
		r->strange = true; /* flags, names, verbs */
	}
	need = read_alternatives(r);
	if (!at(r, ')'))
		r->strange = true;
	else
		(void)next(r);
	if (take_repeat(r) != OPTIONAL && counts)
		offer(b, need);
}

static void
atom(struct reader *r, struct branch *b)
{
	char c = next(r);

	switch (c) {
	case '\\':
		escape(r, b);
		break;
	case '[':
		class(r, b);
		break;
	case '(':
		parenthesis(r, b);
		break;
	case '.':
	case '^':
	case '$':
		anything(r, b);
		break;
	case '?':
	case '*':
	case '+':
	case '{':
		r->strange = true;
		break;
	default:
		literal(r, b, c);
	}
}

static struct ff_need
read_branch(struct reader *r)
{
	struct branch b = { .run_len = 0 };

	while (r->rest.len > 0 && !r->strange && !at(r, '|') && !at(r, ')'))
		atom(r, &b);
	flush(r, &b);
	return b.best;
}

/* Any of the branches' needs; none if one of them needs nothing. */
static struct ff_need
read_alternatives(struct reader *r)
{
	struct ff_need all = { FF_NEW_N(r->arena, NEED_MAX, struct ff_str), 0 };
	bool           known = true;

	if (++r->depth > DEPTH_MAX)
		r->strange = true;
	while (!r->strange) {
		struct ff_need need = read_branch(r);

		known = known && need.n > 0 && all.n + need.n <= NEED_MAX;
		for (size_t i = 0; known && i < need.n; i++)
			all.v[all.n++] = need.v[i];
		if (!at(r, '|'))
			break;
		(void)next(r);
	}
	r->depth--;
	if (!known)
		all.n = 0;
	return all;
}

struct ff_need
ff_need_of_pattern(struct ff_arena *arena, struct ff_str pattern)
{
	struct ff_arena scratch;
	struct reader   r = { .arena = &scratch, .rest = pattern };
	struct ff_need  found, need = { NULL, 0 };

	ff_arena_init(&scratch);
	found = read_alternatives(&r);
	if (!r.strange && r.rest.len == 0 && found.n > 0) {
		need.v = FF_NEW_N(arena, found.n, struct ff_str);
		for (; need.n < found.n; need.n++)
			need.v[need.n] = ff_str_dup(arena, found.v[need.n]);
	}
	ff_arena_free(&scratch);
	return need;
}

static unsigned
pair_bit(const char *p)
{
	return ((unsigned)(unsigned char)p[0] * 67 + (unsigned char)p[1]) % (64 * 64);
}

void
ff_pairs_note(struct ff_pairs_seen *seen, struct ff_str text)
{
	memset(seen->bits, 0, sizeof(seen->bits));
	seen->len = text.len < sizeof(seen->low) ? text.len : sizeof(seen->low);
	for (size_t i = 0; i < seen->len; i++)
		seen->low[i] = lower(text.p[i]);
	for (size_t i = 0; i + 1 < seen->len; i++) {
		unsigned bit = pair_bit(seen->low + i);

		seen->bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

static bool
literal_is_there(struct ff_str literal, const struct ff_pairs_seen *seen)
{
	for (size_t i = 0; i + 1 < literal.len; i++) {
		unsigned bit = pair_bit(literal.p + i);

		if ((seen->bits[bit / 64] >> bit % 64 & 1) == 0)
			return false;
	}
	return ff_str_find(ff_str_of(seen->low, seen->len), literal) < seen->len;
}

bool
ff_need_met(const struct ff_need *need, const struct ff_pairs_seen *seen)
{
	for (size_t i = 0; i < need->n; i++)
		if (literal_is_there(need->v[i], seen))
			return true;
	return need->n == 0;
}
