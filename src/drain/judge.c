#include "base/day.h"
#include "base/log.h"
#include "drain/inside.h"
#include "fact/tuple.h"

#include <stdlib.h>
#include <string.h>

#define AHEAD_US (2 * FF_US_DAY)

void
ff_drain_bad(struct ff_drain *drain, struct ff_record *record, enum ff_reason reason, const char *why)
{
	record->fate = FF_FATE_BAD;
	record->reason = reason;
	record->why = why;
	drain->batch.bad++;
}

static void
decode(struct ff_drain *drain)
{
	struct ff_batch *batch = &drain->batch;

	for (size_t i = 0; i < batch->n; i++) {
		struct ff_record *r = &batch->records[i];
		unsigned          version = batch->sources[r->source].segment->tuple_version;

		if (ff_tuple_decode(r->payload, version, &r->event) != FF_OK)
			ff_drain_bad(drain, r, FF_REASON_POISON, "not decodable");
		else if (r->event.country[0] != '\0')
			r->country = ff_str_of(r->event.country, sizeof r->event.country);
	}
}

static int
by_id(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b; /* site_id comes first in the struct */

	return x < y ? -1 : x > y;
}

/* The ids of the batch's sites, each once. */
static struct ff_array *
site_ids(struct ff_drain *drain)
{
	const struct ff_batch *batch = &drain->batch;
	struct ff_array       *ids = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	int32_t               *v = FF_NEW_N(&drain->scratch, batch->n, int32_t);
	size_t                 n = 0;

	for (size_t i = 0; i < batch->n; i++)
		if (batch->records[i].fate != FF_FATE_BAD && (n == 0 || v[n - 1] != batch->records[i].event.site_id))
			v[n++] = batch->records[i].event.site_id;
	qsort(v, n, sizeof *v, by_id);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || v[i] != v[i - 1])
			ff_array_put(ids, v[i]);
	return ids;
}

/* Settings that nobody could have made with our tools stop the drain: an operator must look. */
static enum ff_err
rules_read(struct ff_drain *drain, struct ff_drain_site *site, const struct ff_rows *rows, int i)
{
	struct ff_str   windows = ff_str_dup(&drain->batch.arena, ff_row_str(rows, i, 4));
	struct ff_str   qualified = ff_str_dup(&drain->batch.arena, ff_row_str(rows, i, 5));
	struct ff_fault fault;

	if (ff_rules_windows(windows, &site->windows, &fault) == FF_OK &&
	    ff_rules_qualified(qualified, &site->qualified, &fault) == FF_OK)
		return FF_OK;
	ff_error("drain", "site %d: %s %s", (int)site->site_id, fault.field, fault.why);
	return FF_INTERNAL;
}

/* The columns of drain_sites. */
static enum ff_err
site_read(struct ff_drain *drain, struct ff_drain_site *site, const struct ff_rows *rows, int i)
{
	const char   *zone = ff_str_z(&drain->scratch, ff_row_str(rows, i, 1));
	struct ff_str secret = ff_row_bytes(&drain->scratch, rows, i, 3);

	site->site_id = (int32_t)ff_row_i64(rows, i, 0);
	site->strict = ff_row_bool(rows, i, 2);
	site->items_max = (int32_t)ff_row_i64(rows, i, 6);
	site->paths_max = (int32_t)ff_row_i64(rows, i, 7);
	site->rolled_since = ff_row_null(rows, i, 8) ? INT32_MIN : ff_row_day(rows, i, 8);
	site->values_max = (int32_t)ff_row_i64(rows, i, 9);
	if (secret.len != sizeof site->secret)
		return FF_INTERNAL;
	memcpy(site->secret, secret.p, sizeof site->secret);
	if (ff_zone_find(zone, &site->zone) != FF_OK) {
		ff_error("drain", "site %d: this system knows no time zone \"%s\"", (int)site->site_id, zone);
		return FF_INTERNAL;
	}
	return rules_read(drain, site, rows, i);
}

static enum ff_err
sites_load(struct ff_drain *drain)
{
	struct ff_array *ids = site_ids(drain);
	struct ff_arg    arg = ff_array_arg(ids);
	struct ff_rows   rows;

	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_DRAIN_SITES, &arg, 1, &rows));
	drain->n_sites = (size_t)rows.n;
	drain->sites = FF_NEW_N(&drain->batch.arena, drain->n_sites, struct ff_drain_site);
	for (int i = 0; i < rows.n; i++)
		FF_TRY(site_read(drain, &drain->sites[i], &rows, i));
	return FF_OK;
}

static void
judge_one(struct ff_drain *drain, struct ff_record *r)
{
	if (drain->n_sites > 0)
		r->site = bsearch(&r->event.site_id, drain->sites, drain->n_sites, sizeof *drain->sites, by_id);
	if (r->site == NULL)
		ff_drain_bad(drain, r, FF_REASON_UNKNOWN_SITE, "unknown site");
	else if (r->event.ts_us < FF_EVENT_FIRST_US || r->event.ts_us > drain->now_us + AHEAD_US)
		ff_drain_bad(drain, r, FF_REASON_POISON, "its time is out of bounds");
}

enum ff_err
ff_drain_judge(struct ff_drain *drain)
{
	decode(drain);
	FF_TRY(sites_load(drain));
	for (size_t i = 0; i < drain->batch.n; i++)
		if (drain->batch.records[i].fate != FF_FATE_BAD)
			judge_one(drain, &drain->batch.records[i]);
	return FF_OK;
}
