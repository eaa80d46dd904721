/* item_stats.h - everything that is known of one item: totals, by whom and from where, day by day, how far it was watched.
 *
 * Nothing here is read from raw rows. Totals of views are the item's counters, so they agree with every list of counts;
 * the other sums are its months and days; breakdowns its content_day_by; the curve content_watched (task "watched"). */
#ifndef FF_FACT_ITEM_STATS_H
#define FF_FACT_ITEM_STATS_H

#include "base/err.h"
#include "fact/event.h"
#include "fact/query.h"

#define FF_TREND_DAYS 30
#define FF_CURVE_PARTS 100

enum ff_item_by {
	FF_BY_COUNTRY,
	FF_BY_DEVICE,
	FF_BY_REFERRER, /* where the visit came from */
	FF_BY_CHANNEL,
	FF_BY_TYPE,     /* of the view: intentional, search, ... */
	FF_BY_SOURCE,   /* of the view: web, app, player, ... */
	FF_BY_COUNT
};

struct ff_item_figures {
	int64_t views, uniques, qualified, engaged_ms, impressions, clicks, plays, completions, reactions, comments, shares,
	    follows;
};

struct ff_item_value {
	struct ff_str value;  /* "DE", "Desktop", "web"; empty: not known; none for the rest of the values */
	int64_t       n;      /* values in it: 1, but for the rest */
	int64_t       views, uniques;
};

struct ff_item_values {
	struct ff_item_value *v; /* the most views first, at most 100; then, where there are more, the rest as one */
	size_t                n;
};

struct ff_item_day {
	int32_t day;
	int64_t views, uniques, qualified;
};

struct ff_item_curve {
	int64_t windows;               /* in which the item was played; 0 = none */
	int64_t seen[FF_CURVE_PARTS];  /* of them, those that saw this hundredth */
	int32_t from, to;              /* UTC days of their beginnings */
};

struct ff_item_stats {
	int64_t                content_id;
	struct ff_item         item;
	bool                   is_private, removed;
	int64_t                published_us; /* 0 = not said */
	struct ff_counts       counts;
	struct ff_item_figures all, authenticated, anonymous; /* all but the views of `all` since first_day */
	int32_t                first_day;    /* that figures are kept of; today where there are none */
	struct ff_item_values  by[FF_BY_COUNT];
	struct ff_item_day     trend[FF_TREND_DAYS]; /* local days, the last one is today */
	struct ff_item_curve   curve;
};

const char *ff_item_by_name(enum ff_item_by by); /* "byCountry" */

/* FF_NOT_FOUND: no such item. A removed one has figures all the same. */
enum ff_err ff_item_stats_get(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us,
    struct ff_str kind, struct ff_str key, struct ff_item_stats *out) ff_must_check;

#endif
