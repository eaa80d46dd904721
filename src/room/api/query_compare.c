/* query_compare.c - include.comparisons: the period that a question is compared with, and what changed. */
#include "base/day.h"
#include "room/api/query.h"

#include <math.h>

static enum ff_err
refuse(struct ff_fault *fault)
{
	return FF_REFUSE(fault,
	    "#/include/comparisons: Expected exactly one of the schemata to match, but none of them did.");
}

static bool
mode_parse(struct ff_str name, enum ff_api_compare *out)
{
	static const char *const modes[] = { [FF_API_COMPARE_PREVIOUS] = "previous_period",
		[FF_API_COMPARE_YEAR] = "year_over_year", [FF_API_COMPARE_CUSTOM] = "custom" };

	for (size_t i = FF_API_COMPARE_PREVIOUS; i < sizeof modes / sizeof *modes; i++)
		if (ff_str_eqz(name, modes[i])) {
			*out = (enum ff_api_compare)i;
			return true;
		}
	return false;
}

enum ff_err
ff_api_compare_read(const struct ff_json *include, struct ff_api_query *out, struct ff_fault *fault)
{
	const struct ff_json *node = ff_json_get(include, "comparisons"), *match = ff_json_get(node, "match_day_of_week");
	const struct ff_json *dates = ff_json_get(node, "date_range");

	if (node == NULL)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_OBJECT)
		return FF_REFUSE(fault, "#/include/comparisons: Type mismatch. Expected Object but got %s.",
		    ff_api_type_name(node));
	if (!mode_parse(ff_json_str(ff_json_get(node, "mode")), &out->compare) ||
	    (match != NULL && ff_json_type(match) != FF_JSON_BOOL) ||
	    (dates != NULL) != (out->compare == FF_API_COMPARE_CUSTOM) ||
	    (dates != NULL && !ff_api_days_read(dates, &out->compare_range)) ||
	    ff_json_count(node) != 1U + (match != NULL) + (dates != NULL))
		return refuse(fault);
	out->match_weekday = ff_json_bool(match);
	out->compare_with = node;
	return FF_OK;
}

/* To the nearest day of the same weekday, forward where both are as near; not onto the first day of the period itself. */
static int32_t
weekday_shift(int32_t first, int32_t as)
{
	int32_t forward = (ff_day_weekday(as) - ff_day_weekday(first) + 7) % 7;

	if (forward == 0)
		return 0;
	return forward <= 3 && first + forward != as ? forward : forward - 7;
}

/* A period that still goes on is compared as far as it has come. */
static struct ff_range
days_before(const struct ff_api_query *query)
{
	const struct ff_range *range = &query->q.range;
	int32_t                today = ff_zone_day(query->zone, query->q.now_us);
	int32_t                last = range->first <= today && today < range->last ? today : range->last;
	int32_t                back = query->compare == FF_API_COMPARE_YEAR ? 365 : last - range->first + 1;

	return (struct ff_range){ .first = range->first - back, .last = last - back };
}

void
ff_api_compare_bind(struct ff_api_query *query)
{
	const struct ff_range *range = &query->q.range;
	struct ff_range       *out = &query->compare_range;
	int64_t                year = 365 * 24 * FF_US_HOUR;
	int32_t                shift;

	if (query->compare == FF_API_COMPARE_NO)
		return;
	if (query->compare != FF_API_COMPARE_CUSTOM && range->from_us < range->to_us) {
		*out = query->compare == FF_API_COMPARE_PREVIOUS
		    ? ff_range_before(range)
		    : (struct ff_range){ .from_us = range->from_us - year, .to_us = range->to_us - year };
		return;
	}
	if (query->compare != FF_API_COMPARE_CUSTOM)
		*out = days_before(query);
	if (query->match_weekday && range->from_us == range->to_us) {
		shift = weekday_shift(out->first, range->first);
		out->first += shift;
		out->last += shift;
	}
}

double
ff_api_change(enum ff_metric metric, double before, double now)
{
	if (isnan(before) || isnan(now))
		return (double)NAN;
	switch (metric) {
	case FF_METRIC_BOUNCE_RATE:
		return before > 0 ? now - before : (double)NAN;
	case FF_METRIC_CONVERSION_RATE:
	case FF_METRIC_GROUP_CONVERSION_RATE:
	case FF_METRIC_EXIT_RATE:
		return round((now - before) * 10) / 10;
	default:
		break;
	}
	if (before == 0)
		return now > 0 ? 100 : 0;
	return round((now - before) * 100 / before); /* whole counts stay exact up to here, so that halves are seen */
}
