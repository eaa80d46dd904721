/* visits.h - which visit an event belongs to. Pure: no I/O.
 *
 * Events are taken in order of time (then of reading). An event joins a visit of its visitor, or of the same person's
 * identity of yesterday, if it lies at most FF_VISIT_IDLE_S before its start or behind its last activity: of those
 * begun by then the latest begun, else the next to begin. Otherwise it begins a visit, unless it is quiet.
 * A visit goes on for at most FF_VISIT_NIGHT_US behind the UTC midnight after its day, so that for most events one day is
 * looked up: candidates are visits whose `day` is the event's own, the day before in those first hours, and the next
 * one within the idle time before it; under yesterday's identity only the day before. The same rule holds within a batch
 * and for what is looked up, so that batches of any size decide alike. */
#ifndef FF_DRAIN_VISITS_H
#define FF_DRAIN_VISITS_H

#include "base/table.h"

#define FF_VISIT_NIGHT_US (INT64_C(6) * 3600 * 1000000)

/* Texts that become labels: of the event (name to list), then of its visit. */
#define FF_FIELDS(X)                                                                                     \
	X(NAME) X(HOSTNAME) X(PATH) X(TARGET) X(LIST) X(SOURCE) X(REFERRER) X(UTM_SOURCE) X(UTM_MEDIUM)  \
	X(UTM_CAMPAIGN) X(UTM_CONTENT) X(UTM_TERM) X(COUNTRY) X(REGION) X(CITY) X(BROWSER)               \
	X(BROWSER_VERSION) X(OS) X(OS_VERSION) X(LANGUAGE)

enum ff_field {
#define FF_FIELD_ENUM(id) FF_FIELD_##id,
	FF_FIELDS(FF_FIELD_ENUM)
#undef FF_FIELD_ENUM
	FF_FIELD_COUNT
};

struct ff_traits {
	int32_t label[FF_FIELD_COUNT]; /* of a visit: from SOURCE on */
	int16_t channel, device, screen;
};

/* The part of a visit that later events change. */
struct ff_visit_state {
	int64_t started_us, last_us, engaged_ms;
	int32_t pageviews, views, events, interactive;
	int32_t entry_page, exit_page; /* labels; before the first pageview, the empty text's */
	int32_t entry_host, exit_host; /* theirs */
};

struct ff_visit {
	int64_t  visit_id; /* 0: not numbered yet */
	uint64_t visitor;
	int32_t  site_id, day;
	bool     stored;  /* was in the database before this batch: `old` is how it stood there */
	bool     touched; /* by this batch */
	bool     auth;    /* begun by a signed-in viewer: their identity is no anonymous one's, so all of it is */
	struct ff_visit_state now, old;
	struct ff_traits      traits;
	const struct ff_traits *begun; /* of the event that began it in this batch: not yet copied */
	struct ff_visit      *next; /* of the same visitor */
	void                 *cells; /* for the drain's figures */
};

/* What an event means to its visit. */
struct ff_visit_hit {
	int32_t  site_id, page, host, no_text; /* labels of the path, of its host and of the empty text */
	uint64_t visitor, visitor_prev;  /* visitor is never 0 */
	int64_t  ts_us;
	uint32_t seq; /* order of reading */
	uint32_t engaged_ms;
	bool     quiet; /* no event of its own: begins no visit */
	bool     still; /* says nothing about activity: the visit's times stay */
	bool     pageview, view, interactive, auth;
	const struct ff_traits *traits; /* kept in the visit it begins; may be filled in later */
	struct ff_visit        *visit; /* out; NULL = none */
};

struct ff_visits {
	struct ff_arena  *arena;
	struct ff_table   by_visitor;
	struct ff_visit **v; /* all, in order of coming */
	size_t            n, cap;
};

void ff_visits_init(struct ff_visits *visits, struct ff_arena *arena); /* visits live in arena */
void ff_visits_free(struct ff_visits *visits);
void ff_visits_load(struct ff_visits *visits, const struct ff_visit *visit); /* one that is stored: copied */
void ff_visits_join(struct ff_visits *visits, struct ff_visit_hit *hits, size_t n); /* sorts hits */

/* Days of visits to look up for an event: from ff_visit_day_first up to _last, under yesterday's identity the one before
 * its own if that is not before the first. */
int32_t ff_visit_day_first(int64_t ts_us);
int32_t ff_visit_day_last(int64_t ts_us);

static inline bool
ff_visit_bounced(const struct ff_visit_state *s)
{
	return s->interactive <= 1;
}

static inline int64_t
ff_visit_seconds(const struct ff_visit_state *s)
{
	return (s->last_us - s->started_us) / 1000000;
}

#endif
