/* query_piece.c - the range cut into parts that whole months, weeks, days and hours of the rollups answer; what is left at its
 * edges comes from the finer grain. */
#include "fact/query_plan.h"
#include "fact/retention.h"

/* Behind what there is already. */
static void
add(struct ff_plan *plan, enum ff_table table, int64_t from_us, int64_t to_us)
{
	struct ff_piece *last = plan->n_pieces > 0 ? &plan->pieces[plan->n_pieces - 1] : NULL;

	if (from_us >= to_us)
		return;
	if (last != NULL && last->table == table && last->to_us == from_us)
		last->to_us = to_us;
	else
		plan->pieces[plan->n_pieces++] = (struct ff_piece){ table, from_us, to_us };
}

/* The first instant of a day, or of an hour, that is not before us. */
static int64_t
day_from(const struct ff_zone *zone, int64_t us)
{
	int64_t start = ff_zone_day_start(zone, ff_zone_day(zone, us));

	return start == us ? us : ff_zone_day_start(zone, ff_zone_day(zone, us) + 1);
}

static int64_t
hour_from(const struct ff_zone *zone, int64_t us)
{
	return ff_zone_hour(zone, us) == us ? us : ff_query_hour_end(zone, us);
}

/* A made month or week: days [first, after). */
struct span {
	bool    month;
	int32_t first, after;
};

struct spans {
	struct span *v;
	int          n;
};

/* Pieces that may still come behind one: days up to it, itself, days, an hour's and single events. */
#define PIECES_LEFT 6

static bool
asks_collection(const struct ff_plan *plan)
{
	for (size_t i = 0; i < plan->n_keys; i++)
		if (plan->keys[i].dim.dim == FF_DIM_COLLECTION)
			return true;
	return ff_conds_any_of(plan->conds, plan->n_conds, FF_DIM_COLLECTION);
}

/* Those that lie in days [first, end) and in one bucket each. An item may change its collection within one. */
static enum ff_err
find_spans(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, int32_t first, int32_t end, struct spans *out)
{
	bool          months = plan->grain == FF_GRAIN_NONE || plan->grain == FF_GRAIN_MONTH;
	bool          weeks = plan->grain == FF_GRAIN_NONE || plan->grain == FF_GRAIN_WEEK;
	struct ff_arg args[] = { ff_arg_i64(arena, plan->query->site->site_id), ff_arg_day(arena, first), ff_arg_day(arena, end),
		ff_arg_bool(months), ff_arg_bool(weeks) };
	struct ff_rows rows = { 0 };

	*out = (struct spans){ 0 };
	if (end - first < 7 || !(months || weeks) || asks_collection(plan))
		return FF_OK;
	FF_TRY(ff_db_query(db, arena, FF_STMT_SPANS_MADE, args, 5, &rows));
	out->v = FF_NEW_N(arena, (size_t)rows.n, struct span);
	for (out->n = 0; out->n < rows.n; out->n++)
		out->v[out->n] = (struct span){ ff_row_bool(&rows, out->n, 0), ff_row_day(&rows, out->n, 1),
			ff_row_day(&rows, out->n, 2) };
	return FF_OK;
}

/* Days [at, end): from what is made of the table, and between from the next finer one. */
static void
add_days(struct ff_plan *plan, const struct spans *spans, enum ff_table table, int32_t at, int32_t end)
{
	const struct ff_zone *zone = plan->zone;

	for (int i = 0; i < spans->n && table != FF_TABLE_DAY; i++) {
		const struct span *span = &spans->v[i];

		if (span->month != (table == FF_TABLE_MONTH) || span->first < at || span->after > end ||
		    plan->n_pieces + PIECES_LEFT > FF_PIECES_MAX)
			continue;
		add_days(plan, spans, table + 1, at, span->first);
		add(plan, table, ff_zone_day_start(zone, span->first), ff_zone_day_start(zone, span->after));
		at = span->after;
	}
	if (table != FF_TABLE_DAY && at < end)
		add_days(plan, spans, table + 1, at, end);
	else
		add(plan, FF_TABLE_DAY, ff_zone_day_start(zone, at), ff_zone_day_start(zone, end));
}

static enum ff_err
cut(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan)
{
	const struct ff_zone *zone = plan->zone;
	struct spans          spans;
	int64_t               h0 = hour_from(zone, plan->from_us), h1 = ff_zone_hour(zone, plan->to_us);
	int64_t               d0 = day_from(zone, plan->from_us), d1 = ff_zone_day_start(zone, ff_zone_day(zone, plan->to_us));

	if (h0 >= h1) {
		add(plan, FF_TABLE_RAW, plan->from_us, plan->to_us);
		return FF_OK;
	}
	add(plan, FF_TABLE_RAW, plan->from_us, h0);
	if (plan->grain == FF_GRAIN_HOUR || d0 >= d1) {
		add(plan, FF_TABLE_HOUR, h0, h1);
	} else {
		add(plan, FF_TABLE_HOUR, h0, d0);
		FF_TRY(find_spans(db, arena, plan, ff_zone_day(zone, d0), ff_zone_day(zone, d1), &spans));
		add_days(plan, &spans, FF_TABLE_MONTH, ff_zone_day(zone, d0), ff_zone_day(zone, d1));
		add(plan, FF_TABLE_HOUR, d1, h1);
	}
	add(plan, FF_TABLE_RAW, h1, plan->to_us);
	return FF_OK;
}

/* The first local day that begins after `us` does. */
static void
print_day_from(const struct ff_zone *zone, int64_t us, char out[11])
{
	int32_t day = ff_zone_day(zone, us);

	if (ff_zone_day_start(zone, day) < us)
		day++;
	ff_day_print(day, out);
}

/* Was anything counted before? A site that is younger than its oldest single event lacks none. */
static enum ff_err
is_younger(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, int64_t since_us, bool *out)
{
	struct ff_arg  site = ff_arg_i64(arena, plan->query->site->site_id);
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_HOURS_SINCE, &site, 1, &rows));
	*out = rows.n == 0 || ff_row_null(&rows, 0, 1) ||
	    ff_zone_day_start(plan->zone, ff_row_day(&rows, 0, 1)) >= since_us ||
	    (!ff_row_null(&rows, 0, 0) && ff_row_us(&rows, 0, 0) >= since_us &&
		ff_zone_day(plan->zone, ff_row_us(&rows, 0, 0)) == ff_row_day(&rows, 0, 1));
	return FF_OK;
}

/* Raw rows answer from the first local day that begins after the oldest complete UTC day does. */
static enum ff_err
check_raw(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, int64_t from_us, int64_t to_us,
    struct ff_fault *fault)
{
	struct ff_arg  site = ff_arg_i64(arena, plan->query->site->site_id);
	struct ff_rows rows;
	int64_t        since_us;
	bool           younger;
	char           text[11];
	bool           restored;

	FF_TRY(ff_db_query(db, arena, FF_STMT_RAW_SINCE, &site, 1, &rows));
	if (rows.n == 0 || ff_row_null(&rows, 0, 0))
		return ff_fault_set(fault, FF_INVALID, "",
		    "This combination needs single events, and none are kept; ask for one dimension, "
		    "filtered by itself");
	since_us = ff_row_day(&rows, 0, 0) * FF_US_DAY;
	if (from_us >= since_us)
		return FF_OK;
	FF_TRY(is_younger(db, arena, plan, since_us, &younger));
	FF_TRY(ff_raw_restored(db, arena, plan->query->site->site_id, from_us, to_us, ff_row_day(&rows, 0, 0), &restored));
	if (younger || restored)
		return FF_OK;
	print_day_from(plan->zone, since_us, text);
	if (plan->rolled_since != 0) {
		if (ff_zone_day_start(plan->zone, plan->rolled_since) < since_us)
			ff_day_print(plan->rolled_since, text);
		return ff_fault_set(fault, FF_INVALID, "",
		    "This dimension is counted since %s: ask for a date_range that begins there or later", text);
	}
	if (plan->family != FF_FAMILY_RAW)
		return ff_fault_set(fault, FF_INVALID, "",
		    "The edges of this range need single events, which are kept since %s: ask for whole hours", text);
	return ff_fault_set(fault, FF_INVALID, "",
	    "This combination needs single events, which are kept since %s: ask for a date_range that begins there or "
	    "later, or for one dimension, filtered by itself", text);
}

/* Days outlive hours: where a site has earlier days, its hours before the first kept one are gone. */
static enum ff_err
check_hours(struct ff_db *db, struct ff_arena *arena, const struct ff_plan *plan, int64_t from_us, struct ff_fault *fault)
{
	struct ff_arg  site = ff_arg_i64(arena, plan->query->site->site_id);
	struct ff_rows rows;
	int64_t        since_us;
	char           text[11];

	FF_TRY(ff_db_query(db, arena, FF_STMT_HOURS_SINCE, &site, 1, &rows));
	if (rows.n == 0 || ff_row_null(&rows, 0, 1))
		return FF_OK; /* nothing was ever counted */
	since_us = ff_row_null(&rows, 0, 0) ? plan->to_us : ff_row_us(&rows, 0, 0);
	if (from_us >= since_us || ff_row_day(&rows, 0, 1) >= ff_zone_day(plan->zone, since_us))
		return FF_OK;
	print_day_from(plan->zone, since_us, text);
	return ff_fault_set(fault, FF_INVALID, "",
	    "Hours are kept since %s: ask for a date_range that begins there or later, or for whole days", text);
}

enum ff_err
ff_pieces_cut(struct ff_db *db, struct ff_arena *arena, struct ff_plan *plan, struct ff_fault *fault)
{
	bool raw = false, hours = false, days = false;

	if (plan->family == FF_FAMILY_RAW)
		add(plan, FF_TABLE_RAW, plan->from_us, plan->to_us);
	else
		FF_TRY(cut(db, arena, plan));
	for (size_t i = 0; i < plan->n_pieces; i++) {
		const struct ff_piece *p = &plan->pieces[i];

		if (p->table == FF_TABLE_RAW && !raw)
			FF_TRY(check_raw(db, arena, plan, p->from_us, p->to_us, fault));
		if (p->table == FF_TABLE_HOUR && !hours)
			FF_TRY(check_hours(db, arena, plan, p->from_us, fault));
		if ((p->table == FF_TABLE_HOUR && !hours) || (p->table == FF_TABLE_DAY && !days))
			FF_TRY(ff_kept_check(db, arena, plan->query->site->site_id, plan->zone, p->table == FF_TABLE_HOUR,
			    p->from_us, fault));
		days = days || p->table == FF_TABLE_DAY;
		raw = raw || p->table == FF_TABLE_RAW;
		hours = hours || p->table == FF_TABLE_HOUR;
	}
	return FF_OK;
}
