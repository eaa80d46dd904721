/* floors.c - what is too old to be written: an event enters only the grains that its site still keeps. A day
 * is kept while no row of its month takes it in. */
#include "base/day.h"
#include "drain/inside.h"

#include <stdlib.h>
#include <string.h>

static int
by_id(const void *a, const void *b)
{
	const struct ff_drain_site *x = a, *y = b;

	return x->site_id < y->site_id ? -1 : x->site_id > y->site_id;
}

static struct ff_drain_site *
site_find(const struct ff_drain *drain, int32_t site_id)
{
	struct ff_drain_site key = { .site_id = site_id };

	return drain->n_sites == 0 ? NULL : bsearch(&key, drain->sites, drain->n_sites, sizeof key, by_id);
}

static struct ff_str
month_key(char key[8], int32_t site_id, int32_t day)
{
	struct ff_date date = ff_day_to_date(day);
	int32_t        month = date.year * 12 + date.month;

	memcpy(key, &site_id, 4);
	memcpy(key + 4, &month, 4);
	return ff_str_of(key, 8);
}

/* Which months are held by rollup_month: asked only where a site forgets days. */
static enum ff_err
months_load(struct ff_drain *drain, struct ff_array *ids)
{
	struct ff_arg  arg = ff_array_arg(ids);
	struct ff_rows rows;
	char           key[8];
	bool           forgets = false;

	ff_table_clear(&drain->months);
	for (size_t i = 0; i < drain->n_sites; i++)
		forgets = forgets || drain->sites[i].kept.days_from != INT32_MIN;
	if (!forgets)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_KEPT_MONTHS, &arg, 1, &rows));
	for (int i = 0; i < rows.n; i++)
		ff_table_put(&drain->months, month_key(key, (int32_t)ff_row_i64(&rows, i, 0), ff_row_day(&rows, i, 1)), 1, NULL);
	return FF_OK;
}

enum ff_err
ff_drain_floors(struct ff_drain *drain)
{
	const struct ff_retention *r = &drain->retention;
	struct ff_array           *ids = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_kept            *kept;
	size_t                     n;

	drain->floor = INT32_MIN;
	for (size_t i = 0; i < drain->n_sites; i++) {
		ff_array_put(ids, drain->sites[i].site_id);
		drain->sites[i].kept = (struct ff_kept){ drain->sites[i].site_id, INT32_MIN, INT64_MIN, INT32_MIN };
	}
	if (r->raw_s == 0 && r->hours_s == 0 && r->days_s == 0)
		return FF_OK;
	if (r->raw_s != 0)
		FF_TRY(ff_retention_floor(drain->db, &drain->scratch, drain->now_us, r->raw_s, &drain->floor));
	FF_TRY(ff_kept_move(drain->db, &drain->scratch, ff_array_arg(ids), drain->now_us, r, &kept, &n));
	for (size_t i = 0; i < n; i++) {
		struct ff_drain_site *site = site_find(drain, kept[i].site_id);

		if (site != NULL)
			site->kept = kept[i];
	}
	return months_load(drain, ids);
}

bool
ff_drain_keeps_hour(const struct ff_drain *drain, int32_t site_id, int64_t hour_us)
{
	const struct ff_drain_site *site = site_find(drain, site_id);

	return site == NULL || hour_us >= site->kept.hours_from_us;
}

bool
ff_drain_keeps_day(const struct ff_drain *drain, int32_t site_id, int32_t day)
{
	const struct ff_drain_site *site = site_find(drain, site_id);
	char                        key[8];

	return site == NULL || day >= site->kept.days_from ||
	       ff_table_find(&drain->months, month_key(key, site_id, day)) == NULL;
}
