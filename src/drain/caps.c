#include "drain/caps.h"

#include "base/day.h"

#include <stdlib.h>
#include <string.h>

static struct ff_cap *
cap_of(struct ff_caps *caps, const struct ff_record *r)
{
	int32_t  day = ff_day_of_us(r->event.ts_us);
	char     key[8];
	bool     added;
	int64_t *place;

	if (caps->last < caps->n && caps->v[caps->last].site_id == r->site->site_id && caps->v[caps->last].day == day)
		return &caps->v[caps->last];
	memcpy(key, &r->site->site_id, 4);
	memcpy(key + 4, &day, 4);
	place = ff_table_put(&caps->places, ff_str_of(key, 8), (int64_t)caps->n, &added);
	caps->last = (size_t)*place;
	if (!added)
		return &caps->v[*place];
	if (caps->n == caps->cap) {
		caps->cap = caps->cap == 0 ? 16 : caps->cap * 2;
		caps->v = ff_xrealloc(caps->v, caps->cap * sizeof *caps->v);
	}
	caps->v[caps->n] = (struct ff_cap){ .site_id = r->site->site_id, .day = day };
	return &caps->v[caps->n++];
}

static void
caps_free(struct ff_caps *caps)
{
	ff_table_free(&caps->places);
	free(caps->v);
}

static enum ff_err
read_used(struct ff_drain *drain, struct ff_caps *caps)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *days = ff_array_new(&drain->scratch, FF_ARRAY_DAY);
	struct ff_rows   rows;

	for (size_t i = 0; i < caps->n; i++) {
		ff_array_put(sites, caps->v[i].site_id);
		ff_array_put(days, caps->v[i].day);
	}
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_QUOTA_FIND,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(days) }, 2, &rows));
	for (int i = 0; i < rows.n; i++) {
		struct ff_cap *cap = &caps->v[ff_row_i64(&rows, i, 0) - 1];

		cap->paths = (int32_t)ff_row_i64(&rows, i, 1);
		cap->others = (int32_t)ff_row_i64(&rows, i, 2);
	}
	return FF_OK;
}

enum ff_err
ff_caps_load(struct ff_drain *drain, struct ff_caps *caps, struct ff_record **v, size_t n)
{
	enum ff_err err;

	*caps = (struct ff_caps){ .n = 0 };
	ff_table_init(&caps->places);
	for (size_t i = 0; i < n; i++)
		cap_of(caps, v[i]);
	err = read_used(drain, caps);
	if (err != FF_OK)
		caps_free(caps);
	return err;
}

bool
ff_caps_take(struct ff_caps *caps, const struct ff_record *r, bool path)
{
	struct ff_cap *cap = cap_of(caps, r);

	if (path ? cap->paths + cap->new_paths >= r->site->paths_max : cap->others + cap->new_others >= FF_LABELS_DAY_MAX)
		return false;
	*(path ? &cap->new_paths : &cap->new_others) += 1;
	return true;
}

enum ff_err
ff_caps_save(struct ff_drain *drain, struct ff_caps *caps)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *days = ff_array_new(&drain->scratch, FF_ARRAY_DAY);
	struct ff_array *paths = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *others = ff_array_new(&drain->scratch, FF_ARRAY_I32);

	for (size_t i = 0; i < caps->n; i++) {
		const struct ff_cap *cap = &caps->v[i];

		if (cap->new_paths == 0 && cap->new_others == 0)
			continue;
		ff_array_put(sites, cap->site_id);
		ff_array_put(days, cap->day);
		ff_array_put(paths, cap->new_paths);
		ff_array_put(others, cap->new_others);
	}
	caps_free(caps);
	if (sites->n == 0)
		return FF_OK;
	return ff_db_exec(drain->db, FF_STMT_QUOTA_ADD,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(days), ff_array_arg(paths), ff_array_arg(others) }, 4);
}
