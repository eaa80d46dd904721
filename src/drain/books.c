#include "base/day.h"
#include "base/utf8.h"
#include "drain/inside.h"

#include <stdlib.h>

/* ---- the quarantine ---- */

static enum ff_err
quarantine(struct ff_drain *drain)
{
	const struct ff_batch *batch = &drain->batch;
	struct ff_array       *segments = ff_array_new(&drain->scratch, FF_ARRAY_UUID);
	struct ff_array       *offs = ff_array_new(&drain->scratch, FF_ARRAY_I64);
	struct ff_array       *times = ff_array_new(&drain->scratch, FF_ARRAY_TIME);
	struct ff_array       *reasons = ff_array_new(&drain->scratch, FF_ARRAY_TEXT);
	struct ff_array       *payloads = ff_array_new(&drain->scratch, FF_ARRAY_BYTES);

	for (size_t i = 0; i < batch->n; i++) {
		const struct ff_record *r = &batch->records[i];

		if (r->fate != FF_FATE_BAD)
			continue;
		ff_array_put_uuid(segments, &batch->sources[r->source].segment->uuid);
		ff_array_put(offs, (int64_t)r->off);
		ff_array_put(times, r->received_us);
		ff_array_put_str(reasons, ff_utf8_clean(&drain->scratch, ff_str_from(r->why)));
		ff_array_put_str(payloads, r->payload);
	}
	return ff_db_exec(drain->db, FF_STMT_BAD_ADD,
	    (struct ff_arg[]){ ff_array_arg(segments), ff_array_arg(offs), ff_array_arg(times), ff_array_arg(reasons),
	        ff_array_arg(payloads) }, 5);
}

/* ---- counts by reason ---- */

struct tally {
	int32_t site_id, day;
	int16_t reason;
	int64_t n;
};

static int
by_key(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	if (x->site_id != y->site_id)
		return x->site_id < y->site_id ? -1 : 1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->reason < y->reason ? -1 : x->reason > y->reason;
}

/* Each record has one: those that are stored whole have STORED, so that all counts add up to what was taken. */
static enum ff_reason
reason_of(const struct ff_record *r)
{
	if (r->fate == FF_FATE_BAD)
		return r->reason;
	if (r->fate == FF_FATE_REPEATED)
		return FF_REASON_DUPLICATE;
	if (r->erased)
		return FF_REASON_ERASED;
	return r->stranger ? FF_REASON_UNKNOWN_ITEM : r->over_cap ? FF_REASON_OVER_CAP : FF_REASON_STORED;
}

/* Most records have one of a few: those are looked for among the last ones. */
static void
tally_add(struct tally *v, size_t *n, struct tally one)
{
	for (size_t i = 1; i <= *n && i <= 16; i++)
		if (by_key(&v[*n - i], &one) == 0) {
			v[*n - i].n++;
			return;
		}
	v[(*n)++] = one;
}

static struct tally *
tallies(struct ff_drain *drain, size_t *n)
{
	const struct ff_batch *batch = &drain->batch;
	struct tally          *v = FF_NEW_N(&drain->scratch, batch->n, struct tally);

	*n = 0;
	for (size_t i = 0; i < batch->n; i++) {
		const struct ff_record *r = &batch->records[i];

		tally_add(v, n, (struct tally){ r->event.site_id, ff_day_of_us(r->received_us), (int16_t)reason_of(r), 1 });
	}
	if (*n > 0)
		qsort(v, *n, sizeof *v, by_key);
	return v;
}

static enum ff_err
count(struct ff_drain *drain)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *days = ff_array_new(&drain->scratch, FF_ARRAY_DAY);
	struct ff_array *reasons = ff_array_new(&drain->scratch, FF_ARRAY_I16);
	struct ff_array *numbers = ff_array_new(&drain->scratch, FF_ARRAY_I64);
	size_t           n;
	struct tally    *v = tallies(drain, &n);

	if (n == 0)
		return FF_OK;
	for (size_t i = 0, end; i < n; i = end) {
		int64_t number = v[i].n;

		for (end = i + 1; end < n && by_key(&v[end], &v[i]) == 0; end++)
			number += v[end].n;
		ff_array_put(sites, v[i].site_id);
		ff_array_put(days, v[i].day);
		ff_array_put(reasons, v[i].reason);
		ff_array_put(numbers, number);
	}
	return ff_db_exec(drain->db, FF_STMT_DRAIN_COUNT_ADD,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(days), ff_array_arg(reasons), ff_array_arg(numbers) }, 4);
}

enum ff_err
ff_drain_books(struct ff_drain *drain)
{
	if (drain->batch.bad > 0)
		FF_TRY(quarantine(drain));
	return count(drain);
}
