#include "room/admin/format.h"
#include "base/day.h"

#include <math.h>

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
	"Dec" };
static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

struct ff_str
ff_format_count(struct ff_arena *arena, int64_t n)
{
	struct ff_str digits = ff_str_printf(arena, "%lld", (long long)n);
	size_t        sign = n < 0, len = digits.len - sign, out = 0;
	char         *p = ff_alloc(arena, digits.len + len / 3 + 1);

	for (size_t i = 0; i < digits.len; i++) {
		if (i > sign && (digits.len - i) % 3 == 0)
			p[out++] = ',';
		p[out++] = digits.p[i];
	}
	p[out] = '\0';
	return ff_str_of(p, out);
}

struct ff_str
ff_format_duration(struct ff_arena *arena, int64_t s)
{
	if (s < 60)
		return ff_str_printf(arena, "%lld s", (long long)s);
	if (s < 3600)
		return ff_str_printf(arena, "%lld m %02lld s", (long long)s / 60, (long long)s % 60);
	return ff_str_printf(arena, "%lld h %02lld m", (long long)s / 3600, (long long)s / 60 % 60);
}

struct ff_str
ff_format_day(struct ff_arena *arena, int32_t day)
{
	struct ff_date d = ff_day_to_date(day);

	return ff_str_printf(arena, "%d %s %d", d.day, months[d.month - 1], d.year);
}

struct ff_str
ff_format_period(struct ff_arena *arena, int32_t first, int32_t last)
{
	struct ff_date a = ff_day_to_date(first), b = ff_day_to_date(last);

	if (first == last)
		return ff_format_day(arena, first);
	if (a.year != b.year)
		return ff_str_printf(arena, "%d %s %d \xe2\x80\x93 %d %s %d", a.day, months[a.month - 1], a.year, b.day,
		    months[b.month - 1], b.year);
	if (a.month != b.month)
		return ff_str_printf(arena, "%d %s \xe2\x80\x93 %d %s %d", a.day, months[a.month - 1], b.day,
		    months[b.month - 1], b.year);
	return ff_str_printf(arena, "%d \xe2\x80\x93 %d %s %d", a.day, b.day, months[b.month - 1], b.year);
}

struct ff_str
ff_format_change(struct ff_arena *arena, double before, double now)
{
	double percent;

	if (isnan(before) || isnan(now) || before == 0)
		return FF_STR_NONE;
	percent = round(100 * (now - before) / before);
	if (percent == 0)
		return FF_STR("0 %");
	return ff_str_printf(arena, "%s%.0f %%", percent > 0 ? "+" : "\xe2\x88\x92", fabs(percent));
}

struct ff_str
ff_format_bucket(struct ff_arena *arena, struct ff_str time)
{
	int32_t        day;
	struct ff_date d;

	if (time.len > 10)
		return ff_str_sub(time, 11, 5);
	if (!ff_day_parse(time, &day))
		return time;
	d = ff_day_to_date(day);
	return ff_str_printf(arena, "%s %d %s", weekdays[ff_day_weekday(day)], d.day, months[d.month - 1]);
}
