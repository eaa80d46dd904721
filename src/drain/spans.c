/* spans.c - late events: what a batch adds to months that were made already, and the weeks it takes back (fact/spans.h). And
 * the figures of an attempt as one thing. */
#include "base/day.h"
#include "drain/inside.h"

void
ff_figures_init(struct ff_figures *sums)
{
	ff_arena_init(&sums->arena);
	ff_rollup_init(&sums->hours, &sums->arena);
	ff_rollup_init(&sums->days, &sums->arena);
	ff_rollup_init(&sums->months, &sums->arena);
	ff_rollup_init(&sums->item_by, &sums->arena);
	ff_item_rollup_init(&sums->item_hours, &sums->arena);
	ff_item_rollup_init(&sums->item_days, &sums->arena);
	ff_item_rollup_init(&sums->item_months, &sums->arena);
}

void
ff_figures_free(struct ff_figures *sums)
{
	ff_rollup_free(&sums->hours);
	ff_rollup_free(&sums->days);
	ff_rollup_free(&sums->months);
	ff_rollup_free(&sums->item_by);
	ff_item_rollup_free(&sums->item_hours);
	ff_item_rollup_free(&sums->item_days);
	ff_item_rollup_free(&sums->item_months);
	ff_arena_free(&sums->arena);
}

void
ff_figures_clear(struct ff_figures *sums)
{
	ff_rollup_clear(&sums->hours);
	ff_rollup_clear(&sums->days);
	ff_rollup_clear(&sums->months);
	ff_rollup_clear(&sums->item_by);
	ff_item_rollup_clear(&sums->item_hours);
	ff_item_rollup_clear(&sums->item_days);
	ff_item_rollup_clear(&sums->item_months);
	ff_arena_reset(&sums->arena);
}

/* ---- made months ---- */

struct made {
	int32_t site_id, month; /* its first day */
};

struct months {
	struct made *v;
	size_t       n;
};

static int32_t
month_of(int32_t day)
{
	struct ff_date date = ff_day_to_date(day);

	date.day = 1;
	return ff_day_from_date(date);
}

static bool
is_among(const struct months *months, int32_t site_id, int32_t month)
{
	for (size_t i = 0; i < months->n; i++)
		if (months->v[i].site_id == site_id && months->v[i].month == month)
			return true;
	return false;
}

/* Every site and month with a day in `days`. The running one too: it was made if a clock was ahead for a while. */
static void
gather(struct ff_drain *drain, const struct ff_rollup *days, struct months *months)
{
	int32_t site_id = 0, month = INT32_MIN;

	months->v = FF_NEW_N(&drain->scratch, days->n, struct made);
	months->n = 0;
	for (size_t i = 0; i < days->n; i++) {
		const struct ff_rollup_key *key = &days->rows[i].key;

		if (key->site_id == site_id && month_of(key->day) == month)
			continue;
		site_id = key->site_id;
		month = month_of(key->day);
		if (!is_among(months, site_id, month))
			months->v[months->n++] = (struct made){ site_id, month };
	}
}

static enum ff_err
keep_made(struct ff_drain *drain, struct months *months)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *firsts = ff_array_new(&drain->scratch, FF_ARRAY_DAY);
	struct ff_rows   rows;

	if (months->n == 0)
		return FF_OK;
	for (size_t i = 0; i < months->n; i++) {
		ff_array_put(sites, months->v[i].site_id);
		ff_array_put(firsts, months->v[i].month);
	}
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_MONTHS_MADE,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(firsts) }, 2, &rows));
	months->n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		months->v[i] = (struct made){ (int32_t)ff_row_i64(&rows, i, 0), ff_row_day(&rows, i, 1) };
	return FF_OK;
}

static int32_t
made_month_of(const void *context, const struct ff_rollup_key *key)
{
	int32_t month = month_of(key->day);

	return is_among(context, key->site_id, month) ? month : INT32_MIN;
}

enum ff_err
ff_drain_months(struct ff_drain *drain)
{
	struct ff_figures *sums = &drain->sums;
	struct months      months;

	gather(drain, &sums->days, &months);
	FF_TRY(keep_made(drain, &months));
	if (months.n == 0)
		return FF_OK;
	ff_rollup_fold(&sums->months, &sums->days, made_month_of, &months);
	ff_item_rollup_fold(&sums->item_months, &sums->item_days, made_month_of, &months);
	ff_rollup_sort(&sums->months);
	ff_rollup_sort(&sums->item_months.base);
	return FF_OK;
}

/* ---- made weeks ---- */

static int32_t
monday_of(int32_t day)
{
	return day - (int32_t)(((int64_t)day + 3) % 7 + 7) % 7; /* day 0 was a Thursday */
}

/* Weeks that were taken back by this batch; usually there is one week in it, the running one. */
static bool
is_new(struct months *weeks, int32_t site_id, int32_t monday)
{
	if (is_among(weeks, site_id, monday))
		return false;
	weeks->v[weeks->n++] = (struct made){ site_id, monday };
	return true;
}

static enum ff_err
take_back(struct ff_drain *drain, const struct ff_rollup *days, struct months *weeks)
{
	for (size_t i = 0; i < days->n; i++) {
		const struct ff_rollup_key *key = &days->rows[i].key;
		struct ff_arg               args[2];

		if (i > 0 && key->site_id == days->rows[i - 1].key.site_id && key->day == days->rows[i - 1].key.day)
			continue;
		if (!is_new(weeks, key->site_id, monday_of(key->day)))
			continue;
		args[0] = ff_arg_i64(&drain->scratch, key->site_id);
		args[1] = ff_arg_day(&drain->scratch, key->day);
		FF_TRY(ff_db_exec(drain->db, FF_STMT_WEEK_UNMAKE, args, 2));
	}
	return FF_OK;
}

enum ff_err
ff_drain_weeks(struct ff_drain *drain)
{
	struct ff_figures *sums = &drain->sums;
	struct months      weeks = { FF_NEW_N(&drain->scratch, sums->days.n + sums->item_days.base.n, struct made), 0 };

	FF_TRY(take_back(drain, &sums->days, &weeks));
	return take_back(drain, &sums->item_days.base, &weeks);
}
