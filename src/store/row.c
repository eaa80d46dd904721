#include "base/day.h"
#include "base/num.h"
#include "store/pq.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

bool
ff_row_null(const struct ff_rows *rows, int row, int column)
{
	if (row < 0 || row >= rows->n || column < 0 || column >= rows->columns)
		ff_panic("a row or column that the answer does not have");
	return PQgetisnull(rows->result, row, column);
}

struct ff_str
ff_row_str(const struct ff_rows *rows, int row, int column)
{
	if (ff_row_null(rows, row, column))
		return FF_STR_NONE;
	return (struct ff_str){ PQgetvalue(rows->result, row, column), (size_t)PQgetlength(rows->result, row, column) };
}

/* "15.000" is an integer that some numeric expressions give. */
static struct ff_str
without_zero_fraction(struct ff_str s)
{
	size_t dot = ff_str_find_char(s, '.');

	for (size_t i = dot + 1; i < s.len; i++)
		if (s.p[i] != '0')
			return s;
	return ff_str_sub(s, 0, dot);
}

int64_t
ff_row_i64(const struct ff_rows *rows, int row, int column)
{
	struct ff_str s = ff_row_str(rows, row, column);
	int64_t       n;

	if (s.p == NULL)
		return 0;
	if (!ff_num_i64(without_zero_fraction(s), &n))
		ff_panic("a column that is read as an integer holds none");
	return n;
}

double
ff_row_double(const struct ff_rows *rows, int row, int column)
{
	return ff_row_null(rows, row, column) ? 0 : strtod(PQgetvalue(rows->result, row, column), NULL);
}

bool
ff_row_bool(const struct ff_rows *rows, int row, int column)
{
	return ff_str_eqz(ff_row_str(rows, row, column), "t");
}

/* Takes the digits in front of *s and the character that must stand behind them ('\0': any). */
static int
take(struct ff_str *s, char behind)
{
	size_t  n = 0;
	int64_t value = 0;

	while (n < s->len && s->p[n] >= '0' && s->p[n] <= '9' && n < 9)
		value = value * 10 + (s->p[n++] - '0');
	if (n == 0 || (behind != '\0' && (n >= s->len || s->p[n] != behind)))
		ff_panic("a column that is read as a time holds none");
	*s = ff_str_from_pos(*s, n + (behind != '\0'));
	return (int)value;
}

static int32_t
take_date(struct ff_str *s)
{
	struct ff_date date = { .year = take(s, '-') };

	if (ff_str_ends(*s, FF_STR(" BC")))
		date.year = 1 - date.year;
	date.month = take(s, '-');
	date.day = take(s, '\0');
	return ff_day_from_date(date);
}

static int64_t
take_fraction(struct ff_str s)
{
	int64_t us = 0;

	if (s.len == 0 || s.p[0] != '.')
		return 0;
	for (size_t i = 1; i <= 6; i++)
		us = us * 10 + (i < s.len && s.p[i] >= '0' && s.p[i] <= '9' ? s.p[i] - '0' : 0);
	return us;
}

/* "2026-11-21 16:12:42.5+00": six digits at most behind the point, trailing zeros left out. */
static int64_t
take_time(struct ff_str s)
{
	int64_t us = take_date(&s) * FF_US_DAY;
	size_t  plus = ff_str_find_char(s, '+');

	s = ff_str_sub(ff_str_from_pos(s, 1), 0, plus - 1);
	us += take(&s, ':') * FF_US_HOUR;
	us += take(&s, ':') * 60 * FF_US_S;
	us += take(&s, '\0') * FF_US_S;
	return us + take_fraction(s);
}

int64_t
ff_row_us(const struct ff_rows *rows, int row, int column)
{
	struct ff_str s = ff_row_str(rows, row, column);

	if (s.p == NULL)
		return 0;
	if (ff_str_eqz(s, "infinity"))
		return INT64_MAX;
	return ff_str_eqz(s, "-infinity") ? INT64_MIN : take_time(s);
}

int32_t
ff_row_day(const struct ff_rows *rows, int row, int column)
{
	struct ff_str s = ff_row_str(rows, row, column);

	if (s.p == NULL)
		return 0;
	if (ff_str_eqz(s, "infinity"))
		return INT32_MAX;
	return ff_str_eqz(s, "-infinity") ? INT32_MIN : take_date(&s);
}

static int
hex_digit(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

struct ff_str
ff_row_bytes(struct ff_arena *arena, const struct ff_rows *rows, int row, int column)
{
	struct ff_str s = ff_row_str(rows, row, column);
	char         *out;

	if (s.p == NULL)
		return FF_STR_NONE;
	if (!ff_str_starts(s, FF_STR("\\x")))
		ff_panic("a column that is read as bytes holds none");
	s = ff_str_from_pos(s, 2);
	out = ff_alloc(arena, s.len / 2 + 1);
	for (size_t i = 0; i + 1 < s.len; i += 2)
		out[i / 2] = (char)(hex_digit(s.p[i]) << 4 | hex_digit(s.p[i + 1]));
	return (struct ff_str){ out, s.len / 2 };
}
