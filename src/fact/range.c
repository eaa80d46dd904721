/* range.c - the words for a period, as Plausible's Stats API v2 understands them. */
#include "base/day.h"
#include "base/num.h"
#include "fact/query.h"

enum { DAYS_MAX = 5000, MONTHS_MAX = 100 };

static int32_t
month_start(int32_t day, int months_back)
{
	struct ff_date d = ff_day_to_date(day);
	int            months = d.year * 12 + d.month - 1 - months_back;

	return ff_day_from_date((struct ff_date){ months / 12, months % 12 + 1, 1 });
}

static int32_t
month_end(int32_t day)
{
	struct ff_date d = ff_day_to_date(day);

	d.day = ff_month_length(d.year, d.month);
	return ff_day_from_date(d);
}

static struct ff_range
whole_year(int32_t day)
{
	int year = ff_day_to_date(day).year;

	return (struct ff_range){ .first = ff_day_from_date((struct ff_date){ year, 1, 1 }),
		.last = ff_day_from_date((struct ff_date){ year, 12, 31 }) };
}

/* "28d", "6mo": they end before today and before this month. */
static enum ff_err
parse_last(struct ff_str text, int32_t today, struct ff_range *out)
{
	int64_t n;

	if (ff_str_ends(text, FF_STR("mo"))) {
		if (!ff_num_range(ff_str_sub(text, 0, text.len - 2), 1, MONTHS_MAX, &n))
			return FF_INVALID;
		*out = (struct ff_range){ .first = month_start(today, (int)n), .last = month_start(today, 0) - 1 };
		return FF_OK;
	}
	if (!ff_str_ends(text, FF_STR("d")) || !ff_num_range(ff_str_sub(text, 0, text.len - 1), 1, DAYS_MAX, &n))
		return FF_INVALID;
	*out = (struct ff_range){ .first = today - (int32_t)n, .last = today - 1 };
	return FF_OK;
}

static enum ff_err
parse_pair(struct ff_str text, struct ff_range *out)
{
	struct ff_str rest = text, first = ff_str_split(&rest, ',');

	*out = (struct ff_range){ 0 };
	if (!ff_day_parse(ff_str_trim(first), &out->first) || !ff_day_parse(ff_str_trim(rest), &out->last))
		return FF_INVALID;
	return out->first <= out->last ? FF_OK : FF_INVALID;
}

enum ff_err
ff_range_parse(struct ff_str text, int32_t today, int32_t first_day, struct ff_range *out)
{
	*out = (struct ff_range){ .first = today, .last = today };
	if (ff_str_eqz(text, "day"))
		return FF_OK;
	if (ff_str_eqz(text, "all")) {
		out->first = first_day < today ? first_day : today;
		return FF_OK;
	}
	if (ff_str_eqz(text, "month")) {
		*out = (struct ff_range){ .first = month_start(today, 0), .last = month_end(today) };
		return FF_OK;
	}
	if (ff_str_eqz(text, "year")) {
		*out = whole_year(today);
		return FF_OK;
	}
	return ff_str_find_char(text, ',') < text.len ? parse_pair(text, out) : parse_last(text, today, out);
}

struct ff_range
ff_range_hours(const struct ff_zone *zone, int64_t now_us, int hours)
{
	int64_t last = ff_zone_hour(zone, now_us);

	return (struct ff_range){ .from_us = ff_zone_hour(zone, last - (hours - 1) * FF_US_HOUR),
		.to_us = last + FF_US_HOUR };
}

struct ff_range
ff_range_before(const struct ff_range *range)
{
	int32_t days = range->last - range->first + 1;

	if (range->from_us < range->to_us)
		return (struct ff_range){ .from_us = range->from_us - (range->to_us - range->from_us),
			.to_us = range->from_us };
	return (struct ff_range){ .first = range->first - days, .last = range->first - 1 };
}

void
ff_range_instants(const struct ff_zone *zone, const struct ff_range *range, int64_t *from_us, int64_t *to_us)
{
	if (range->from_us < range->to_us) {
		*from_us = range->from_us;
		*to_us = range->to_us;
		return;
	}
	*from_us = ff_zone_day_start(zone, range->first);
	*to_us = ff_zone_day_start(zone, range->last + 1);
}
