/* zone.c - TZif files of the system (RFC 8536), read once and kept. */
#include "base/day.h"
#include "base/io.h"
#include "base/num.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rule behind the last transition: POSIX TZ string, e.g. CET-1CEST,M3.5.0,M10.5.0/3 */
struct rule_date {
	char    kind; /* 'M' month.week.day, 'J' Julian 1-365 without leap day, 'D' 0-365 */
	int     month, week, day;
	int32_t time; /* seconds after local midnight, may be negative or beyond a day */
};

struct tail {
	bool             present, dst;
	int32_t          std_offset, dst_offset;
	struct rule_date start, end;
};

struct ff_zone {
	struct ff_zone *next;
	char            name[64];
	int64_t        *at;      /* transition instants, seconds UTC, ascending */
	int32_t        *offset;  /* offset from at[i] on */
	size_t          n;
	int32_t         first_offset;
	struct tail     tail;
};

static struct ff_zone *zones;
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

static bool
name_allowed(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n >= sizeof((struct ff_zone *)0)->name || name[0] == '/' || strstr(name, "..") != NULL)
		return false;
	return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-") == n &&
	       strncmp(name, "posix", 5) != 0 && strncmp(name, "right", 5) != 0;
}

static int64_t
be(const unsigned char *p, size_t n)
{
	uint64_t v = (p[0] & 0x80) ? ~UINT64_C(0) : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* hh[:mm[:ss]] with a sign, to seconds. */
static bool
tail_time(const char **p, int32_t *out)
{
	int  sign = 1, part[3] = { 0, 0, 0 }, n = 0;

	if (**p == '-' || **p == '+')
		sign = *(*p)++ == '-' ? -1 : 1;
	do {
		char *end;
		long  v = strtol(*p, &end, 10);

		if (end == *p || v < 0 || v > 167)
			return false;
		part[n++] = (int)v;
		*p = end;
	} while (n < 3 && **p == ':' && (*p)++);
	*out = sign * (part[0] * 3600 + part[1] * 60 + part[2]);
	return true;
}

static bool
tail_name(const char **p)
{
	const char *start = *p;

	if (**p == '<') {
		*p = strchr(*p, '>');
		return *p != NULL && (*p)++;
	}
	*p += strspn(*p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	return *p > start;
}

static bool
rule_date_valid(const struct rule_date *d)
{
	switch (d->kind) {
	case 'M':
		return d->month >= 1 && d->month <= 12 && d->week >= 1 && d->week <= 5 && d->day >= 0 && d->day <= 6;
	case 'J':
		return d->day >= 1 && d->day <= 365;
	default:
		return d->kind == 'D' && d->day >= 0 && d->day <= 365;
	}
}

static bool
tail_date(const char **p, struct rule_date *d)
{
	int used = 0;

	d->time = 7200;
	if (**p != ',')
		return false;
	(*p)++;
	if (sscanf(*p, "M%d.%d.%d%n", &d->month, &d->week, &d->day, &used) == 3)
		d->kind = 'M';
	else if (sscanf(*p, "J%d%n", &d->day, &used) == 1)
		d->kind = 'J';
	else if (sscanf(*p, "%d%n", &d->day, &used) == 1)
		d->kind = 'D';
	if (!rule_date_valid(d))
		return false;
	*p += used;
	if (**p == '/') {
		(*p)++;
		return tail_time(p, &d->time);
	}
	return true;
}

static bool
tail_parse(const char *p, struct tail *t)
{
	int32_t west;

	if (!tail_name(&p) || !tail_time(&p, &west))
		return false;
	t->std_offset = -west;
	t->present = true;
	if (*p == '\0')
		return true;
	if (!tail_name(&p))
		return false;
	t->dst = true;
	t->dst_offset = t->std_offset + 3600;
	if (*p != ',') {
		if (!tail_time(&p, &west))
			return false;
		t->dst_offset = -west;
	}
	return tail_date(&p, &t->start) && tail_date(&p, &t->end) && *p == '\0';
}

/* Local seconds since the epoch at which the rule strikes in that year. */
static int64_t
rule_second(const struct rule_date *d, int year)
{
	int32_t day = ff_day_from_date((struct ff_date){ year, 1, 1 });

	if (d->kind == 'M') {
		int32_t first = ff_day_from_date((struct ff_date){ year, d->month, 1 });
		int     weekday = (ff_day_weekday(first) + 1) % 7; /* POSIX: 0 = Sunday */
		int     in_month = (d->day - weekday + 7) % 7 + (d->week - 1) * 7;

		while (in_month >= ff_month_length(year, d->month))
			in_month -= 7;
		day = first + in_month;
	} else if (d->kind == 'J') {
		day += d->day - 1 + (ff_month_length(year, 2) == 29 && d->day >= 60);
	} else {
		day += d->day;
	}
	return (int64_t)day * 86400 + d->time;
}

static int32_t
tail_offset(const struct tail *t, int64_t s)
{
	int     year;
	int64_t start, end;

	if (!t->dst)
		return t->std_offset;
	year = ff_day_to_date(ff_day_of_us((s + t->std_offset) * FF_US_S)).year;
	start = rule_second(&t->start, year) - t->std_offset;
	end = rule_second(&t->end, year) - t->dst_offset;
	if (start < end)
		return s >= start && s < end ? t->dst_offset : t->std_offset;
	return s >= end && s < start ? t->std_offset : t->dst_offset;
}

/* One TZif data block of the given time size at p; fills the zone. */
static enum ff_err
parse_block(struct ff_zone *z, const unsigned char *p, const unsigned char *end, size_t time_size,
    const unsigned char **behind)
{
	size_t               isut = (size_t)be(p + 20, 4), isstd = (size_t)be(p + 24, 4), leap = (size_t)be(p + 28, 4);
	size_t               n = (size_t)be(p + 32, 4), types = (size_t)be(p + 36, 4), chars = (size_t)be(p + 40, 4);
	const unsigned char *times = p + 44, *idx, *type;

	if (n > 4096 || types == 0 || types > 256 || chars > 4096 || leap > 4096 || isut > 256 || isstd > 256 ||
	    (size_t)(end - times) < n * (time_size + 1) + types * 6 + chars + leap * (time_size + 4) + isut + isstd)
		return FF_CORRUPT;
	idx = times + n * time_size;
	type = idx + n;
	*behind = type + types * 6 + chars + leap * (time_size + 4) + isut + isstd;
	if (time_size == 4)
		return FF_OK; /* version 1 block: only skipped */
	z->at = ff_xcalloc(n, sizeof *z->at);
	z->offset = ff_xcalloc(n, sizeof *z->offset);
	z->n = n;
	z->first_offset = (int32_t)be(type, 4);
	for (size_t i = 0; i < n; i++) {
		if (idx[i] >= types)
			return FF_CORRUPT;
		z->at[i] = be(times + i * 8, 8);
		z->offset[i] = (int32_t)be(type + idx[i] * 6, 4);
	}
	return FF_OK;
}

static enum ff_err
parse_file(struct ff_zone *z, struct ff_str file)
{
	const unsigned char *p = (const unsigned char *)file.p, *end = p + file.len, *behind;
	char                 text[128];
	size_t               len;

	if (file.len < 44 || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return FF_CORRUPT;
	FF_TRY(parse_block(z, p, end, 4, &behind));
	if (end - behind < 44)
		return FF_CORRUPT;
	p = behind;
	FF_TRY(parse_block(z, p, end, 8, &behind));
	if (end - behind < 2 || behind[0] != '\n')
		return FF_CORRUPT;
	len = ff_str_find_char(ff_str_of((const char *)behind + 1, (size_t)(end - behind - 1)), '\n');
	if (len == 0)
		return FF_OK;
	if (len >= sizeof text)
		return FF_CORRUPT;
	memcpy(text, behind + 1, len);
	text[len] = '\0';
	return tail_parse(text, &z->tail) ? FF_OK : FF_CORRUPT;
}

static enum ff_err
load(const char *name, struct ff_zone *z)
{
	struct ff_arena arena;
	struct ff_str   file;
	char            path[128];
	enum ff_err     err;

	snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	snprintf(z->name, sizeof z->name, "%s", name);
	ff_arena_init(&arena);
	err = ff_io_read_file(&arena, path, 1 << 20, &file);
	if (err == FF_OK)
		err = parse_file(z, file);
	ff_arena_free(&arena);
	return err;
}

enum ff_err
ff_zone_find(const char *name, const struct ff_zone **zone)
{
	struct ff_zone *z;
	enum ff_err     err = FF_OK;

	*zone = NULL;
	if (!name_allowed(name))
		return FF_INVALID;
	pthread_mutex_lock(&zones_lock);
	for (z = zones; z != NULL && strcmp(z->name, name) != 0; z = z->next)
		;
	if (z == NULL) {
		z = ff_xcalloc(1, sizeof *z);
		err = load(name, z);
		if (err == FF_OK) {
			z->next = zones;
			zones = z;
		} else {
			free(z->at);
			free(z->offset);
			free(z);
			z = NULL;
		}
	}
	pthread_mutex_unlock(&zones_lock);
	*zone = z;
	return err == FF_OK ? FF_OK : FF_INVALID;
}

const char *
ff_zone_name(const struct ff_zone *zone)
{
	return zone->name;
}

int32_t
ff_zone_offset(const struct ff_zone *zone, int64_t us)
{
	int64_t s = us / FF_US_S - (us % FF_US_S < 0);
	size_t  lo = 0, hi = zone->n;

	while (lo < hi) { /* first transition behind s */
		size_t mid = lo + (hi - lo) / 2;

		if (zone->at[mid] <= s)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == zone->n && zone->tail.present)
		return tail_offset(&zone->tail, s);
	return lo == 0 ? zone->first_offset : zone->offset[lo - 1];
}

int32_t
ff_zone_day(const struct ff_zone *zone, int64_t us)
{
	return ff_day_of_us(us + ff_zone_offset(zone, us) * FF_US_S);
}

int64_t
ff_zone_hour(const struct ff_zone *zone, int64_t us)
{
	int64_t offset = ff_zone_offset(zone, us) * FF_US_S;
	int64_t local = us + offset;
	int64_t into = local % FF_US_HOUR;

	return us - (into < 0 ? into + FF_US_HOUR : into);
}

/* The offset of a day's midnight lies between those around it: take the earliest instant whose local
 * day is not before the day asked for. Days are 23 to 25 hours, Apia's skipped one is 0. */
int64_t
ff_zone_day_start(const struct ff_zone *zone, int32_t day)
{
	int64_t lo = (int64_t)day * FF_US_DAY - 2 * FF_US_DAY, hi = lo + 4 * FF_US_DAY;

	while (lo < hi) {
		int64_t mid = lo + (hi - lo) / 2;

		if (ff_zone_day(zone, mid) >= day)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}
