/* query_time.c - a range cut into the buckets of a grain, all in the site's local time. */
#include "base/day.h"
#include "base/limits.h"
#include "fact/query_plan.h"

#include <stdio.h>
#include <string.h>

struct cut {
	struct ff_arena      *arena;
	const struct ff_zone *zone;
	int64_t               from_us, to_us;
	struct ff_buckets    *out;
	size_t                cap;
};

static struct ff_bucket *
add(struct cut *cut)
{
	struct ff_buckets *out = cut->out;

	if (out->n == cut->cap) {
		struct ff_bucket *grown = FF_NEW_N(cut->arena, cut->cap * 2, struct ff_bucket);

		memcpy(grown, out->v, out->n * sizeof *out->v);
		out->v = grown;
		cut->cap *= 2;
	}
	return &out->v[out->n++];
}

int64_t
ff_query_hour_end(const struct ff_zone *zone, int64_t us)
{
	int64_t hour = ff_zone_hour(zone, us), lo = us, hi = hour + FF_US_HOUR;

	if (ff_zone_hour(zone, hi - 1) == hour)
		return hi;
	while (hi - lo > 1) { /* the offset changes inside: Lord Howe moves by half an hour */
		int64_t mid = lo + (hi - lo) / 2;

		if (ff_zone_hour(zone, mid) == hour)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

static void
cut_hours(struct cut *cut)
{
	for (int64_t us = cut->from_us; us < cut->to_us && cut->out->n <= FF_QUERY_BUCKETS_MAX;
	     us = ff_query_hour_end(cut->zone, us)) {
		struct ff_bucket *b = add(cut);
		int64_t           local, hour = ff_zone_hour(cut->zone, us);
		char              text[32];

		local = hour + ff_zone_offset(cut->zone, us) * FF_US_S;
		*b = (struct ff_bucket){ .start_us = us, .key_us = hour, .day = ff_zone_day(cut->zone, us) };
		ff_time_print(local, text);
		text[10] = ' ';
		snprintf(b->label, sizeof b->label, "%.16s:00", text);
	}
}

/* Minutes of UTC: of a zone's own they differ where its offset has seconds, before it had rules. */
static void
cut_minutes(struct cut *cut)
{
	const int64_t minute = 60 * FF_US_S;

	for (int64_t us = cut->from_us; us < cut->to_us && cut->out->n <= FF_QUERY_BUCKETS_MAX;
	     us = (us / minute + 1) * minute) {
		struct ff_bucket *b = add(cut);
		char              text[32];

		*b = (struct ff_bucket){ .start_us = us, .key_us = us / minute * minute, .day = ff_zone_day(cut->zone, us) };
		ff_time_print(us + ff_zone_offset(cut->zone, us) * FF_US_S, text);
		text[10] = ' ';
		snprintf(b->label, sizeof b->label, "%.16s:00", text);
	}
}

static bool
begins(enum ff_grain grain, int32_t day)
{
	switch (grain) {
	case FF_GRAIN_WEEK:
		return ff_day_weekday(day) == 0;
	case FF_GRAIN_MONTH:
		return ff_day_to_date(day).day == 1;
	case FF_GRAIN_NONE:
		return false;
	default:
		return true;
	}
}

static void
cut_days(struct cut *cut, enum ff_grain grain)
{
	int32_t first = ff_zone_day(cut->zone, cut->from_us), last = ff_zone_day(cut->zone, cut->to_us - 1);

	for (int32_t day = first; day <= last && cut->out->n <= FF_QUERY_BUCKETS_MAX; day++) {
		struct ff_bucket *b;
		int32_t           shown = day;
		int64_t           start = cut->from_us;

		if (day > first) {
			if (!begins(grain, day))
				continue;
			start = ff_zone_day_start(cut->zone, day);
			if (grain == FF_GRAIN_DAY && ff_zone_day(cut->zone, start) != day)
				continue; /* a day that the zone left out */
		}
		if (grain == FF_GRAIN_MONTH)
			shown = day - ff_day_to_date(day).day + 1;
		b = add(cut);
		*b = (struct ff_bucket){ .start_us = start, .key_us = start, .day = day };
		ff_day_print(shown, b->label);
	}
}

enum ff_err
ff_query_buckets(struct ff_arena *arena, const struct ff_query *query, struct ff_buckets *out, struct ff_fault *fault)
{
	enum ff_grain grain = ff_query_grain(query);
	struct cut    cut = { .arena = arena, .out = out, .cap = 64 };

	FF_TRY(ff_zone_find(ff_str_z(arena, query->site->time_zone), &cut.zone));
	ff_range_instants(cut.zone, &query->range, &cut.from_us, &cut.to_us);
	*out = (struct ff_buckets){ .v = FF_NEW_N(arena, cut.cap, struct ff_bucket), .end_us = cut.to_us };
	if (cut.from_us >= cut.to_us)
		return ff_fault_set(fault, FF_INVALID, "date_range", "holds no time");
	if (grain == FF_GRAIN_HOUR)
		cut_hours(&cut);
	else if (grain == FF_GRAIN_MINUTE)
		cut_minutes(&cut);
	else
		cut_days(&cut, grain);
	if (out->n > FF_QUERY_BUCKETS_MAX)
		return ff_fault_set(fault, FF_INVALID, "date_range", "is too long for these steps of time: at most %d",
		    FF_QUERY_BUCKETS_MAX);
	return FF_OK;
}
