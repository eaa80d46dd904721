/* moved.c - visits whose entry a late event moved: what their earlier events added stands with the former page, in hours that
 * only the raw rows know. Their days are written down, to be counted anew (task "rollups"). */
#include "base/day.h"
#include "drain/inside.h"

static bool
has_moved(const struct ff_visit *v)
{
	return v->stored && v->touched &&
	       (v->old.entry_page != v->now.entry_page || v->old.entry_host != v->now.entry_host);
}

enum ff_err
ff_drain_moved(struct ff_drain *drain, const struct ff_work *work)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *days = ff_array_new(&drain->scratch, FF_ARRAY_DAY);

	for (size_t i = 0; i < work->visits.n; i++) {
		const struct ff_visit      *v = work->visits.v[i];
		const struct ff_drain_site *site = ff_drain_site_of(drain, v->site_id);

		int32_t                     first = ff_zone_day(site->zone, v->old.started_us);

		for (int32_t day = first; has_moved(v) && day <= ff_zone_day(site->zone, v->old.last_us); day++) {
			ff_array_put(sites, v->site_id);
			ff_array_put(days, day);
		}
	}
	if (sites->n == 0)
		return FF_OK;
	return ff_db_exec(drain->db, FF_STMT_UNSETTLED_ADD, (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(days) }, 2);
}
