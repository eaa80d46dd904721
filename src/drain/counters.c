#include "base/day.h"
#include "drain/inside.h"

#include <stdlib.h>

/* What is counted of an item. */
enum { VIEWS, UNIQUES, QUALIFIED, COUNTED };

/* One view or qualified window. */
struct one {
	int32_t  site_id, day; /* the site's local one */
	int64_t  content_id;
	unsigned what; /* a bit each */
};

/* An item's, under the newest day of them. */
struct count {
	const struct one *newest;
	int64_t           on_day[COUNTED], in_month[COUNTED], total[COUNTED];
};

static int
by_item(const void *a, const void *b)
{
	const struct one *x = a, *y = b;

	if (x->site_id != y->site_id)
		return x->site_id < y->site_id ? -1 : 1;
	if (x->content_id != y->content_id)
		return x->content_id < y->content_id ? -1 : 1;
	return x->day > y->day ? -1 : x->day < y->day; /* newest first */
}

static bool
same_month(int32_t a, int32_t b)
{
	struct ff_date x = ff_day_to_date(a), y = ff_day_to_date(b);

	return x.year == y.year && x.month == y.month;
}

static void
count_add(struct count *c, const struct one *one)
{
	bool month = same_month(one->day, c->newest->day);

	for (int w = 0; w < COUNTED; w++)
		if ((one->what >> w & 1) != 0) {
			c->on_day[w] += one->day == c->newest->day;
			c->in_month[w] += month;
			c->total[w]++;
		}
}

/* One an item, ordered by it. */
static struct count *
gather(struct ff_drain *drain, struct one *v, size_t *n)
{
	struct count *counts = FF_NEW_N(&drain->scratch, *n, struct count);
	size_t        kept = 0;

	if (*n > 0)
		qsort(v, *n, sizeof *v, by_item);
	for (size_t i = 0; i < *n; i++) {
		if (i == 0 || v[i].site_id != v[i - 1].site_id || v[i].content_id != v[i - 1].content_id)
			counts[kept++].newest = &v[i];
		count_add(&counts[kept - 1], &v[i]);
	}
	*n = kept;
	return counts;
}

static const struct ff_zone *
zone_of(const struct ff_drain *drain, int32_t site_id)
{
	size_t i = 0;

	while (drain->sites[i].site_id != site_id)
		i++;
	return drain->sites[i].zone;
}

static struct one *
ones_of(struct ff_drain *drain, const struct ff_work *work, size_t *n)
{
	struct one *v = FF_NEW_N(&drain->scratch, work->n + work->windows.n, struct one);

	*n = 0;
	for (size_t i = 0; i < work->n; i++) {
		const struct ff_record *r = work->v[i];

		ff_work_ahead(work, i);
		if (r->fate == FF_FATE_STORE && r->event.robot == 0 && ff_record_views(r))
			v[(*n)++] = (struct one){ r->site->site_id, r->day, r->content_id,
				1u << VIEWS | ((r->event.flags & FF_FLAG_UNIQUE) != 0) << UNIQUES };
	}
	for (size_t i = 0; i < work->windows.n; i++) {
		const struct ff_window *w = work->windows.v[i];

		if (w->qualified && !w->was_qualified)
			v[(*n)++] = (struct one){ w->site_id, ff_zone_day(zone_of(drain, w->site_id), w->started_us),
				w->content_id, 1u << QUALIFIED };
	}
	return v;
}

/* The columns of counter_add. */
enum { SITE, CONTENT, DAY, FIRST, COLUMNS = FIRST + 3 * COUNTED };

static void
count_put(struct ff_array *const c[COLUMNS], const struct count *count)
{
	ff_array_put(c[SITE], count->newest->site_id);
	ff_array_put(c[CONTENT], count->newest->content_id);
	ff_array_put(c[DAY], count->newest->day);
	for (int w = 0; w < COUNTED; w++) {
		ff_array_put(c[FIRST + 3 * w], count->on_day[w]);
		ff_array_put(c[FIRST + 3 * w + 1], count->in_month[w]);
		ff_array_put(c[FIRST + 3 * w + 2], count->total[w]);
	}
}

enum ff_err
ff_drain_counters(struct ff_drain *drain, struct ff_work *work)
{
	struct ff_array *c[COLUMNS];
	struct ff_arg    args[COLUMNS];
	size_t           n;
	struct one      *ones = ones_of(drain, work, &n);
	struct count    *counts = gather(drain, ones, &n);

	if (n == 0)
		return FF_OK;
	for (int j = 0; j < COLUMNS; j++)
		c[j] = ff_array_new(&drain->scratch, j == SITE ? FF_ARRAY_I32 : j == DAY ? FF_ARRAY_DAY : FF_ARRAY_I64);
	for (size_t i = 0; i < n; i++)
		count_put(c, &counts[i]);
	for (int j = 0; j < COLUMNS; j++)
		args[j] = ff_array_arg(c[j]);
	return ff_db_exec(drain->db, FF_STMT_COUNTER_ADD, args, COLUMNS);
}
