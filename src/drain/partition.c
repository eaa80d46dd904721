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

/* The next record behind *i whose day is not known to exist. */
static bool
next_missing(const struct ff_drain *drain, size_t *i, int32_t *day)
{
	char key[4];

	for (; *i < drain->batch.n; ++*i) {
		const struct ff_record *r = &drain->batch.records[*i];

		if (r->fate == FF_FATE_BAD)
			continue;
		*day = ff_day_of_us(r->event.ts_us);
		if (ff_table_find(&drain->known.days, day_key(key, *day)) == NULL)
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
