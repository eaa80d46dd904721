#include "base/log.h"
#include "drain/inside.h"

#include <string.h>

/* The data's fault: classes 22 (data), 23 (constraints) and 54 (limits of the server). */
bool
ff_drain_refused(const struct ff_drain *drain, enum ff_err err)
{
	return err == FF_INVALID || err == FF_CONFLICT ||
	       (err == FF_INTERNAL && strncmp(ff_db_sqlstate(drain->db), "54", 2) == 0);
}

/* Would these records be stored? Tried and undone. */
static enum ff_err
try(struct ff_drain *drain, size_t first, size_t end)
{
	struct ff_work work;
	enum ff_err    err;

	FF_TRY(ff_drain_begin(drain));
	err = ff_drain_store(drain, &work, first, end);
	ff_work_free(&work);
	ff_drain_undo(drain);
	return err;
}

static void
condemn(struct ff_drain *drain, struct ff_record *r)
{
	struct ff_str why = ff_str_printf(&drain->batch.arena, "%s: %s", ff_db_sqlstate(drain->db),
	        ff_db_message(drain->db));

	ff_warn("drain", "a record of %s at %llu is refused by the database: %s",
	    drain->batch.sources[r->source].segment->name, (unsigned long long)r->off, ff_db_sqlstate(drain->db));
	ff_drain_bad(drain, r, FF_REASON_POISON, why.p);
}

static bool
is_clean(const struct ff_drain *drain, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		if (drain->batch.records[i].fate != FF_FATE_BAD)
			return false;
	return true;
}

/* Called for a range that is refused as a whole. */
static enum ff_err
halve(struct ff_drain *drain, size_t first, size_t end)
{
	size_t mid = first + (end - first) / 2;

	if (end - first == 1) {
		condemn(drain, &drain->batch.records[first]);
		return FF_OK;
	}
	for (int half = 0; half < 2; half++) {
		size_t      from = half == 0 ? first : mid, to = half == 0 ? mid : end;
		enum ff_err err = is_clean(drain, from, to) ? FF_OK : try(drain, from, to);

		if (ff_drain_refused(drain, err))
			err = halve(drain, from, to);
		FF_TRY(err);
	}
	return FF_OK;
}

enum ff_err
ff_drain_sift(struct ff_drain *drain)
{
	int64_t before = drain->batch.bad;

	if (drain->batch.n > 1)
		FF_TRY(halve(drain, 0, drain->batch.n));
	else
		condemn(drain, &drain->batch.records[0]);
	if (drain->batch.bad > before)
		return FF_OK;
	ff_error("drain", "the database refuses a batch, but none of its records alone");
	return FF_INTERNAL;
}
