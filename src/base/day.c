#include "base/day.h"
#include "base/num.h"

#include <stdio.h>
#include <time.h>

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

/* Days from civil and back: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int32_t
ff_day_from_date(struct ff_date date)
{
	int64_t  y = date.year - (date.month <= 2);
	int64_t  era = floor_div(y, 400);
	unsigned yoe = (unsigned)(y - era * 400);
	unsigned mp = (unsigned)(date.month + (date.month > 2 ? -3 : 9));
	unsigned doy = (153 * mp + 2) / 5 + (unsigned)date.day - 1;
	unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return (int32_t)(era * 146097 + (int64_t)doe - 719468);
}

struct ff_date
ff_day_to_date(int32_t day)
{
	int64_t  z = (int64_t)day + 719468;
	int64_t  era = floor_div(z, 146097);
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;
	int      month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct ff_date){ .year = (int)(yoe + era * 400) + (month <= 2),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1) };
}

int
ff_day_weekday(int32_t day)
{
	return (int)(((int64_t)day + 3) - floor_div((int64_t)day + 3, 7) * 7); /* day 0 was a Thursday */
}

int
ff_month_length(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool             leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

int32_t
ff_day_of_us(int64_t us)
{
	return (int32_t)floor_div(us, FF_US_DAY);
}

static bool
parse_field(struct ff_str s, size_t at, size_t len, int64_t min, int64_t max, int *out)
{
	int64_t n;

	if (s.len < at + len || !ff_num_range(ff_str_sub(s, at, len), min, max, &n))
		return false;
	*out = (int)n;
	return true;
}

bool
ff_day_parse(struct ff_str s, int32_t *day)
{
	struct ff_date d;

	if (s.len != 10 || s.p[4] != '-' || s.p[7] != '-' || !parse_field(s, 0, 4, 1970, 9999, &d.year) ||
	    !parse_field(s, 5, 2, 1, 12, &d.month) ||
	    !parse_field(s, 8, 2, 1, ff_month_length(d.year, d.month), &d.day))
		return false;
	*day = ff_day_from_date(d);
	return true;
}

void
ff_day_print(int32_t day, char out[11])
{
	struct ff_date d = ff_day_to_date(day);

	snprintf(out, 11, "%04u-%02u-%02u", (unsigned)d.year % 10000, (unsigned)d.month % 100,
	    (unsigned)d.day % 100);
}

void
ff_time_print(int64_t us, char out[32])
{
	int64_t  s = floor_div(us, FF_US_S);
	unsigned in_day = (unsigned)(s - floor_div(s, 86400) * 86400);
	char     date[11];

	ff_day_print(ff_day_of_us(us), date);
	snprintf(out, 32, "%sT%02u:%02u:%02uZ", date, in_day / 3600, in_day / 60 % 60, in_day % 60);
}

/* Offset of RFC 3339 at the end of the string: "Z" or "+hh:mm". */
static bool
parse_offset(struct ff_str s, int64_t *seconds)
{
	int h, m;

	if (s.len == 1 && (s.p[0] | 0x20) == 'z') {
		*seconds = 0;
		return true;
	}
	if (s.len != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' || !parse_field(s, 1, 2, 0, 23, &h) ||
	    !parse_field(s, 4, 2, 0, 59, &m))
		return false;
	*seconds = (h * 3600 + m * 60) * (s.p[0] == '-' ? -1 : 1);
	return true;
}

bool
ff_time_parse(struct ff_str s, int64_t *us)
{
	int     h, m, sec;
	int32_t day;
	int64_t offset, micros = 0, unit = 100000;
	size_t  i = 19;

	if (s.len < 20 || !ff_day_parse(ff_str_sub(s, 0, 10), &day) || ((s.p[10] | 0x20) != 't' && s.p[10] != ' ') ||
	    s.p[13] != ':' || s.p[16] != ':' || !parse_field(s, 11, 2, 0, 23, &h) ||
	    !parse_field(s, 14, 2, 0, 59, &m) || !parse_field(s, 17, 2, 0, 60, &sec))
		return false;
	if (s.p[i] == '.')
		for (i++; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++, unit /= 10)
			micros += (s.p[i] - '0') * unit;
	if (i == 20 || !parse_offset(ff_str_from_pos(s, i), &offset))
		return false;
	*us = (((int64_t)day * 86400 + h * 3600 + m * 60 + sec) - offset) * FF_US_S + micros;
	return true;
}

int64_t
ff_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * FF_US_S + ts.tv_nsec / 1000;
}
