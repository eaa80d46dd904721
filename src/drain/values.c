/* values.c - at most so many values of one dimension in a site's local day (values_max); what is beyond has the row "(other)"
 * in days, hours and breakdowns of items. A value that has a row of the day keeps it, new ones come while there is room: the
 * same however batches are cut, and what is taken back later finds the row it was added to. (Raw rows keep the value.) */
#include "drain/inside.h"
#include "fact/dim.h"

#include <stdlib.h>
#include <string.h>

/* The rows of one dimension and day, in the sums' days. */
struct group {
	struct ff_rollup_row *rows;
	size_t                n;
	int64_t               known; /* at most so many in the table */
	int32_t               max;
	bool                  ask;
};

struct groups {
	struct group *v;
	size_t        n;
};

/* Values are labels: of numbers there are few. */
static bool
is_text(uint32_t dim)
{
	switch (dim) {
	case FF_DIM_TOTAL:
	case FF_DIM_CHANNEL:
	case FF_DIM_DEVICE:
	case FF_DIM_ROBOT:
	case FF_DIM_AUTH:
	case FF_DIM_SCREEN:
	case FF_DIM_VIEW_TYPE:
	case FF_DIM_VIEW_SOURCE:
		return false;
	default:
		return true;
	}
}

static bool
same_group(const struct ff_rollup_key *a, const struct ff_rollup_key *b)
{
	return a->site_id == b->site_id && a->dim == b->dim && a->day == b->day;
}

static int64_t *
known_of(struct ff_drain *drain, const struct ff_rollup_key *key, bool *added)
{
	char name[12];

	memcpy(name, &key->site_id, 4);
	memcpy(name + 4, &key->dim, 4);
	memcpy(name + 8, &key->day, 4);
	return ff_table_put(&drain->known.values, ff_str_of(name, sizeof name), 0, added);
}

static bool
is_full(const struct group *group)
{
	return group->known + (int64_t)group->n > group->max;
}

static struct group
group_of(struct ff_drain *drain, struct ff_rollup_row *rows, size_t n)
{
	struct group group = { .rows = rows, .n = n };
	bool         added;

	group.known = *known_of(drain, &rows->key, &added);
	group.max = ff_drain_site_of(drain, rows->key.site_id)->values_max;
	group.ask = added || is_full(&group);
	return group;
}

static struct groups
gather(struct ff_drain *drain)
{
	struct ff_rollup *days = &drain->sums.days;
	struct groups     groups = { FF_NEW_N(&drain->scratch, days->n, struct group), 0 };

	for (size_t i = 0, end; i < days->n; i = end) {
		for (end = i + 1; end < days->n && same_group(&days->rows[end].key, &days->rows[i].key); end++)
			;
		if (is_text(days->rows[i].key.dim))
			groups.v[groups.n++] = group_of(drain, &days->rows[i], end - i);
	}
	return groups;
}

/* How many rows the table has of those who may be near the cap. */
static enum ff_err
count(struct ff_drain *drain, const struct groups *groups)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32), *dims = ff_array_new(&drain->scratch, FF_ARRAY_I16);
	struct ff_array *days = ff_array_new(&drain->scratch, FF_ARRAY_DAY), *places = ff_array_new(&drain->scratch, FF_ARRAY_I64);
	struct ff_rows   rows;

	for (size_t g = 0; g < groups->n; g++) {
		if (!groups->v[g].ask)
			continue;
		ff_array_put(sites, groups->v[g].rows->key.site_id);
		ff_array_put(dims, groups->v[g].rows->key.dim);
		ff_array_put(days, groups->v[g].rows->key.day);
		ff_array_put(places, (int64_t)g);
	}
	if (sites->n == 0)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_VALUES_COUNT,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(dims), ff_array_arg(days), ff_array_arg(places) }, 4, &rows));
	for (int i = 0; i < rows.n; i++)
		groups->v[ff_row_i64(&rows, i, 0)].known = ff_row_i64(&rows, i, 1);
	return FF_OK;
}

/* Which values of a full group have no row yet, and find no room. True: some. */
static enum ff_err
sort_out(struct ff_drain *drain, struct group *group, bool *any)
{
	const struct ff_rollup_key *key = &group->rows->key;
	struct ff_array            *values = ff_array_new(&drain->scratch, FF_ARRAY_I64);
	int64_t                     room = group->max - group->known;
	struct ff_rows              rows;

	for (size_t i = 0; i < group->n; i++) {
		ff_array_put(values, group->rows[i].key.value);
		group->rows[i].beyond = true;
	}
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_VALUES_FIND,
	    (struct ff_arg[]){ ff_arg_i64(&drain->scratch, key->site_id), ff_arg_i64(&drain->scratch, key->dim),
	        ff_arg_day(&drain->scratch, key->day), ff_array_arg(values) }, 4, &rows));
	for (int i = 0; i < rows.n; i++)
		group->rows[ff_row_i64(&rows, i, 0) - 1].beyond = false;
	for (size_t i = 0; i < group->n; i++) {
		if (group->rows[i].beyond && room > 0) {
			group->rows[i].beyond = false;
			room--;
			group->known++;
		}
		*any = *any || group->rows[i].beyond;
	}
	return FF_OK;
}

static int
by_key(const void *key, const void *row)
{
	return ff_rollup_compare(key, &((const struct ff_rollup_row *)row)->key);
}

static bool
is_beyond(const struct ff_rollup *days, struct ff_rollup_key key)
{
	const struct ff_rollup_row *row;

	key.bucket = key.day;
	row = bsearch(&key, days->rows, days->n, sizeof *days->rows, by_key);
	return row != NULL && row->beyond;
}

/* The same rows, those beyond under "(other)". */
static void
regroup(struct ff_drain *drain, struct ff_rollup *rollup)
{
	struct ff_rollup fresh;

	ff_rollup_init(&fresh, &drain->sums.arena);
	for (size_t i = 0; i < rollup->n; i++) {
		struct ff_rollup_key key = rollup->rows[i].key;

		if (is_text(key.dim) && is_beyond(&drain->sums.days, key))
			key.value = ff_drain_site_of(drain, key.site_id)->other;
		ff_rollup_merge(&fresh, &rollup->rows[i], &key);
	}
	ff_rollup_free(rollup);
	*rollup = fresh;
}

static enum ff_err
regroup_all(struct ff_drain *drain)
{
	struct ff_figures *sums = &drain->sums;

	for (size_t i = 0; i < drain->n_sites; i++)
		FF_TRY(ff_drain_other(drain, &drain->sites[i]));
	regroup(drain, &sums->item_by);
	regroup(drain, &sums->hours);
	ff_rollup_sort_by_bucket(&sums->item_by);
	ff_rollup_sort(&sums->hours);
	ff_rollup_clear(&sums->days);
	ff_figures_fold_days(sums);
	return FF_OK;
}

enum ff_err
ff_drain_values(struct ff_drain *drain)
{
	struct groups groups = gather(drain);
	bool          any = false;

	FF_TRY(count(drain, &groups));
	for (size_t g = 0; g < groups.n; g++) {
		if (is_full(&groups.v[g]))
			FF_TRY(sort_out(drain, &groups.v[g], &any));
		else
			groups.v[g].known += (int64_t)groups.v[g].n;
		*known_of(drain, &groups.v[g].rows->key, NULL) = groups.v[g].known;
	}
	return any ? regroup_all(drain) : FF_OK;
}
