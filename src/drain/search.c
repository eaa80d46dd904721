#include "drain/search.h"

#include <stdlib.h>
#include <string.h>

void
ff_searches_init(struct ff_searches *searches)
{
	*searches = (struct ff_searches){ .n = 0 };
	ff_table_init(&searches->places);
}

void
ff_searches_add(struct ff_searches *s, const struct ff_search *search)
{
	char              key[16];
	bool              added;
	int64_t           place;
	struct ff_search *known;

	memcpy(key, &search->site_id, 4);
	memcpy(key + 4, &search->day, 4);
	memcpy(key + 8, &search->visitor, 8);
	place = *ff_table_put(&s->places, ff_str_of(key, sizeof key), (int64_t)s->n, &added);
	if (added && s->n == s->cap) {
		s->cap = s->cap == 0 ? 1024 : s->cap * 2;
		s->v = ff_xrealloc(s->v, s->cap * sizeof *s->v);
	}
	if (added)
		s->v[s->n++] = *search;
	known = &s->v[place];
	if (search->first_us < known->first_us)
		known->first_us = search->first_us;
	if (search->last_us > known->last_us)
		known->last_us = search->last_us;
}

/* Visitors as the indexes have them: signed. */
static int
by_day(const void *a, const void *b)
{
	const struct ff_search *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	if (x->site_id != y->site_id)
		return x->site_id < y->site_id ? -1 : 1;
	return (int64_t)x->visitor < (int64_t)y->visitor ? -1 : x->visitor != y->visitor;
}

static enum ff_err
run_one(const struct ff_search *v, size_t n, ff_search_fn *fn, void *context)
{
	int64_t from = v->first_us, to = v->last_us;

	for (size_t i = 1; i < n; i++) {
		from = v[i].first_us < from ? v[i].first_us : from;
		to = v[i].last_us > to ? v[i].last_us : to;
	}
	return fn(context, v, n, from, to);
}

enum ff_err
ff_searches_run(struct ff_searches *s, ff_search_fn *fn, void *context)
{
	enum ff_err err = FF_OK;

	if (s->n > 0)
		qsort(s->v, s->n, sizeof *s->v, by_day);
	for (size_t i = 0, end; i < s->n && err == FF_OK; i = end) {
		for (end = i + 1; end < s->n && s->v[end].day == s->v[i].day && s->v[end].site_id == s->v[i].site_id; end++)
			;
		err = run_one(&s->v[i], end - i, fn, context);
	}
	ff_table_free(&s->places);
	free(s->v);
	return err;
}
