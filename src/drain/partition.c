#include "base/day.h"
#include "drain/inside.h"

#include <string.h>

/* A transaction holds a lock for each table it makes. */
#define DAYS_AT_ONCE 50

static struct ff_str
day_key(char key[4], int32_t day)
{
	memcpy(key, &day, 4);
	return ff_str_of(key, 4);
}

/* The next record behind *i whose day should have tables, and is not known to. */
static bool
next_missing(const struct ff_drain *drain, size_t *i, int32_t *day)
{
	char key[4];

	for (; *i < drain->batch.n; ++*i) {
		const struct ff_record *r = &drain->batch.records[*i];

		if (r->fate == FF_FATE_BAD)
			continue;
		*day = ff_day_of_us(r->event.ts_us);
		if (*day >= drain->floor && ff_table_find(&drain->known.days, day_key(key, *day)) == NULL)
			return true;
	}
	return false;
}

bool
ff_drain_days_missing(struct ff_drain *drain)
{
	size_t  i = 0;
	int32_t day;

	return next_missing(drain, &i, &day);
}

static enum ff_err
make(struct ff_drain *drain, struct ff_array *days)
{
	struct ff_arg arg = ff_array_arg(days);

	FF_TRY(ff_tx_begin(drain->db));
	FF_TRY(ff_db_exec(drain->db, FF_STMT_DRAIN_PARTITIONS, &arg, 1));
	if (FF_FAULT("drain.partition"))
		return FF_DATABASE;
	return ff_tx_commit(drain->db);
}

enum ff_err
ff_drain_days_make(struct ff_drain *drain)
{
	struct ff_array *days = ff_array_new(&drain->scratch, FF_ARRAY_DAY);
	int32_t          day;
	char             key[4];

	for (size_t i = 0; next_missing(drain, &i, &day); i++) {
		ff_array_put(days, day);
		ff_table_put(&drain->known.days, day_key(key, day), 1, NULL);
		if (days->n == DAYS_AT_ONCE) {
			FF_TRY(make(drain, days));
			ff_array_clear(days);
		}
	}
	return days->n == 0 ? FF_OK : make(drain, days);
}

enum ff_err
ff_drain_days_tell(struct ff_drain *drain, const struct ff_work *work)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *days = ff_array_new(&drain->scratch, FF_ARRAY_DAY);
	struct ff_table  seen;

	ff_table_init(&seen);
	for (size_t i = 0; i < work->n; i++) {
		const struct ff_record *r = work->v[i];
		int32_t                 pair[2] = { r->event.site_id, ff_day_of_us(r->event.ts_us) };
		bool                    added = false;

		if (r->fate == FF_FATE_STORE && pair[1] < r->site->kept.raw_from)
			ff_table_put(&seen, ff_str_of((const char *)pair, sizeof pair), 1, &added);
		if (!added)
			continue;
		ff_array_put(sites, pair[0]);
		ff_array_put(days, pair[1]);
	}
	ff_table_free(&seen);
	if (days->n == 0)
		return FF_OK;
	return ff_db_exec(drain->db, FF_STMT_TOLD_DAYS, (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(days) }, 2);
}
