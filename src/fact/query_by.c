/* query_by.c - what is left of an item's views by country, device, source, channel, type and source of the view when single
 * rows are gone: a row a day and value (content_day_by). */
#include "fact/query_plan.h"
#include "fact/retention.h"

static bool
is_kept(enum ff_dim dim)
{
	return dim == FF_DIM_SOURCE || dim == FF_DIM_CHANNEL || dim == FF_DIM_COUNTRY || dim == FF_DIM_DEVICE ||
	       dim == FF_DIM_VIEW_TYPE || dim == FF_DIM_VIEW_SOURCE;
}

struct look {
	enum ff_dim by; /* FF_DIM_TOTAL: none yet */
	bool        items;
};

static bool
fits(struct look *look, const struct ff_asked_dim *dim)
{
	if (dim->goal || dim->prop.len > 0)
		return false;
	look->items = look->items || ff_dim_of_items(dim->dim);
	if (ff_dim_of_items(dim->dim))
		return true;
	if (!is_kept(dim->dim) || (look->by != FF_DIM_TOTAL && look->by != dim->dim))
		return false;
	look->by = dim->dim;
	return true;
}

static bool
cond_fits(const struct ff_cond *cond, void *arg)
{
	return fits(arg, &cond->dim);
}

/* Views are of items, each in one row of each dimension: what the filters mean is all there. */
static bool
answers(const struct ff_plan *plan, ff_parts asked, enum ff_dim *by)
{
	struct look look = { FF_DIM_TOTAL, false };
	bool        days = plan->grain == FF_GRAIN_NONE || plan->grain == FF_GRAIN_DAY || plan->grain == FF_GRAIN_WEEK ||
	    plan->grain == FF_GRAIN_MONTH;

	if (!days || (asked & ~(FF_PART(VIEWS) | FF_PART(UNIQUES))) != 0 || plan->by_goal || ff_plan_asks_done(plan))
		return false;
	for (size_t i = 0; i < plan->n_keys; i++)
		if (!fits(&look, &plan->keys[i].dim))
			return false;
	*by = look.by;
	return ff_conds_each(plan->conds, plan->n_conds, cond_fits, &look) && (*by = look.by) != FF_DIM_TOTAL && look.items;
}

static bool
begins_day(const struct ff_zone *zone, int64_t us)
{
	return ff_zone_day_start(zone, ff_zone_day(zone, us)) == us;
}

enum ff_err
ff_plan_by(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, ff_parts asked, struct ff_fault *fault)
{
	int32_t        site_id = plan->query->site->site_id;
	struct ff_arg  site = ff_arg_i64(arena, site_id);
	struct ff_rows rows;
	enum ff_dim    by;

	if (!answers(plan, asked, &by) || !begins_day(plan->zone, plan->from_us) || !begins_day(plan->zone, plan->to_us))
		return FF_INVALID;
	FF_TRY(ff_db_query(db, arena, FF_STMT_SITE_ROLLED, &site, 1, &rows));
	if (rows.n > 0 && !ff_row_null(&rows, 0, 0) && ff_zone_day(plan->zone, plan->from_us) < ff_row_day(&rows, 0, 0))
		return FF_INVALID;
	FF_TRY(ff_kept_check(db, arena, site_id, plan->zone, false, plan->from_us, fault));
	plan->family = FF_FAMILY_ITEMS_BY;
	plan->dim = by;
	plan->parts = asked;
	plan->pieces[0] = (struct ff_piece){ FF_TABLE_DAY, plan->from_us, plan->to_us };
	plan->n_pieces = 1;
	return FF_OK;
}
