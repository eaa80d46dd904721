#include "base/day.h"
#include "drain/inside.h"

#include <stdlib.h>

/* Views of an item by its site's local days, gathered under the newest of them. */
struct count {
	int32_t site_id, day;
	int64_t content_id, on_day, in_month, total;
};

static int
by_item(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

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

/* One row an item, ordered by it. Returns how many. */
static size_t
gather(struct count *v, size_t n)
{
	size_t kept = 0;

	if (n == 0)
		return 0;
	qsort(v, n, sizeof *v, by_item);
	for (size_t i = 0; i < n; i++) {
		struct count *c = kept > 0 ? &v[kept - 1] : NULL;

		if (c == NULL || c->site_id != v[i].site_id || c->content_id != v[i].content_id) {
			v[kept] = v[i];
			c = &v[kept++];
		}
		c->on_day += v[i].day == c->day;
		c->in_month += same_month(v[i].day, c->day);
		c->total++;
	}
	return kept;
}

static struct count *
views_of(struct ff_drain *drain, struct ff_work *work, size_t *n)
{
	struct count *v = FF_NEW_N(&drain->scratch, work->n, struct count);

	*n = 0;
	for (size_t i = 0; i < work->n; i++) {
		const struct ff_record *r = work->v[i];

		if (r->fate == FF_FATE_STORE && r->event.robot == 0 && ff_record_views(r))
			v[(*n)++] = (struct count){ .site_id = r->site->site_id, .day = r->day, .content_id = r->content_id };
	}
	return v;
}

enum ff_err
ff_drain_counters(struct ff_drain *drain, struct ff_work *work)
{
	static const enum ff_array_type types[] = { FF_ARRAY_I32, FF_ARRAY_I64, FF_ARRAY_DAY, FF_ARRAY_I64, FF_ARRAY_I64,
		FF_ARRAY_I64 };
	enum { COLUMNS = sizeof types / sizeof *types };
	struct ff_array *c[COLUMNS];
	struct ff_arg    args[COLUMNS];
	size_t           n;
	struct count    *v = views_of(drain, work, &n);

	n = gather(v, n);
	if (n == 0)
		return FF_OK;
	for (int j = 0; j < COLUMNS; j++)
		c[j] = ff_array_new(&drain->scratch, types[j]);
	for (size_t i = 0; i < n; i++) {
		const int64_t values[COLUMNS] = { v[i].site_id, v[i].content_id, v[i].day, v[i].on_day, v[i].in_month,
			v[i].total };

		for (int j = 0; j < COLUMNS; j++)
			ff_array_put(c[j], values[j]);
	}
	for (int j = 0; j < COLUMNS; j++)
		args[j] = ff_array_arg(c[j]);
	return ff_db_exec(drain->db, FF_STMT_COUNTER_ADD, args, COLUMNS);
}
