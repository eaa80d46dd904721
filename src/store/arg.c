#include "base/day.h"
#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct ff_arg
ff_arg_null(void)
{
	return (struct ff_arg){ .text = NULL };
}

struct ff_arg
ff_arg_i64(struct ff_arena *arena, int64_t n)
{
	return (struct ff_arg){ .text = ff_str_printf(arena, "%" PRId64, n).p };
}

/* A text that holds U+0000 would end there in text form; in binary form the server sees all of it and refuses it. */
struct ff_arg
ff_arg_str(struct ff_arena *arena, struct ff_str s)
{
	if (s.p == NULL)
		return ff_arg_null();
	if (memchr(s.p, '\0', s.len) != NULL)
		return ff_arg_bytes(ff_str_dup(arena, s).p, s.len);
	return (struct ff_arg){ .text = ff_str_z(arena, s) };
}

struct ff_arg
ff_arg_z(const char *z)
{
	return (struct ff_arg){ .text = z };
}

struct ff_arg
ff_arg_bool(bool b)
{
	return (struct ff_arg){ .text = b ? "t" : "f" };
}

/* Years before 1 are written as PostgreSQL reads them: 0 is 1 BC. */
static struct ff_str
print_date(struct ff_arena *arena, int32_t day, const char **era)
{
	struct ff_date d = ff_day_to_date(day);

	*era = d.year < 1 ? " BC" : "";
	return ff_str_printf(arena, "%04d-%02d-%02d", d.year < 1 ? 1 - d.year : d.year, d.month, d.day);
}

struct ff_arg
ff_arg_time(struct ff_arena *arena, int64_t us)
{
	int32_t       day = ff_day_of_us(us);
	int64_t       in_day = us - day * FF_US_DAY;
	int           s = (int)(in_day / FF_US_S);
	const char   *era;
	struct ff_str date = print_date(arena, day, &era);

	return (struct ff_arg){ .text = ff_str_printf(arena, "%.*s %02d:%02d:%02d.%06d+00%s", FF_STR_ARG(date),
	    s / 3600, s / 60 % 60, s % 60, (int)(in_day % FF_US_S), era).p };
}

struct ff_arg
ff_arg_day(struct ff_arena *arena, int32_t day)
{
	const char   *era;
	struct ff_str date = print_date(arena, day, &era);

	return (struct ff_arg){ .text = ff_str_printf(arena, "%.*s%s", FF_STR_ARG(date), era).p };
}

struct ff_arg
ff_arg_bytes(const void *p, size_t len)
{
	return (struct ff_arg){ .text = p != NULL ? p : "", .len = (int)len, .binary = true };
}

struct ff_arg
ff_arg_i64s(struct ff_arena *arena, const int64_t *v, size_t n)
{
	char *text = ff_alloc(arena, n * 21 + 3), *to = text; /* 20 characters and a comma each */

	*to++ = '{';
	for (size_t i = 0; i < n; i++)
		to += snprintf(to, 22, "%s%" PRId64, i > 0 ? "," : "", v[i]);
	*to++ = '}';
	*to = '\0';
	return (struct ff_arg){ .text = text };
}

static char *
put_quoted(char *to, struct ff_str s)
{
	*to++ = '"';
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			*to++ = '\\';
		*to++ = s.p[i];
	}
	*to++ = '"';
	return to;
}

struct ff_arg
ff_arg_strs(struct ff_arena *arena, const struct ff_str *v, size_t n)
{
	size_t worst = 3;
	char  *text, *to;

	for (size_t i = 0; i < n; i++)
		worst += v[i].len * 2 + 5; /* each byte escaped, quotes and comma; or NULL and comma */
	text = to = ff_alloc(arena, worst);
	*to++ = '{';
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			*to++ = ',';
		to = v[i].p == NULL ? (char *)mempcpy(to, "NULL", 4) : put_quoted(to, v[i]);
	}
	*to++ = '}';
	*to = '\0';
	return (struct ff_arg){ .text = text };
}
