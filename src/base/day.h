/* day.h - calendar and time zones.
 *
 * Time is int64_t microseconds since 1970-01-01 UTC ("us"). A day is an int32_t: days since 1970-01-01,
 * of whichever calendar the name says (UTC or a site's local one). A zone is an IANA name whose TZif
 * file (RFC 8536) is read from the system's zoneinfo; names are checked against an allow-list of
 * characters before they reach the file system or PostgreSQL.
 *
 * Local hours: an instant is floored with the offset valid at that instant, so the repeated hour of a
 * 25-hour day stays two hours. Each instant lies in exactly one local hour and one local day. */
#ifndef FF_BASE_DAY_H
#define FF_BASE_DAY_H

#include "base/err.h"
#include "base/str.h"

#define FF_US_S    INT64_C(1000000)
#define FF_US_HOUR (INT64_C(3600) * FF_US_S)
#define FF_US_DAY  (INT64_C(86400) * FF_US_S)

struct ff_date {
	int year, month, day; /* 1-12, 1-31; proleptic Gregorian */
};

int32_t        ff_day_from_date(struct ff_date date);
struct ff_date ff_day_to_date(int32_t day);
int            ff_day_weekday(int32_t day); /* 0 = Monday */
int            ff_month_length(int year, int month);
int32_t        ff_day_of_us(int64_t us); /* UTC day */
bool           ff_day_parse(struct ff_str s, int32_t *day); /* "2026-11-21", a real date of years 1970-9999 */
void           ff_day_print(int32_t day, char out[11]);
void           ff_time_print(int64_t us, char out[32]);            /* 2026-11-21T16:12:42Z */
bool           ff_time_parse(struct ff_str s, int64_t *us);        /* RFC 3339, with offset or Z */
int64_t        ff_now(void);                                       /* the wall clock; mains only */

struct ff_zone;

/* FF_INVALID, *zone NULL: no such zone on this system. Zones are cached for the life of the process, never freed. */
enum ff_err ff_zone_find(const char *name, const struct ff_zone **zone) ff_must_check;
const char *ff_zone_name(const struct ff_zone *zone);
int32_t     ff_zone_offset(const struct ff_zone *zone, int64_t us); /* seconds east of UTC at that instant */
int32_t     ff_zone_day(const struct ff_zone *zone, int64_t us);    /* local day of the instant */
int64_t     ff_zone_hour(const struct ff_zone *zone, int64_t us);   /* instant at which its local hour began */
/* First instant of that local day. A day that a zone skipped (Apia, 2011-12-30) begins where the next does; one that a
 * zone left and entered again (clocks that go back over midnight: Newfoundland until 2011) where it came to stay. */
int64_t     ff_zone_day_start(const struct ff_zone *zone, int32_t day);

#endif
