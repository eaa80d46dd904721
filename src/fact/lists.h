/* lists.h - popular, trending and rising items: computed by the task "trending" into tables, read by requests.
 *
 * docs/lists.md has the formulas in words. All but popular count people, not views: the visitors of an item on a local day
 * who had a window of it (qualified, by the setting lists.views), each once, in the hour of its first one (content_reach).
 * Private and removed items are in no list, whatever was computed. */
#ifndef FF_FACT_LISTS_H
#define FF_FACT_LISTS_H

#include "base/err.h"
#include "conf/conf.h"
#include "fact/event.h"
#include "fact/list_site.h"

struct ff_arg;
struct ff_rows;

/* Numbers are stored. */
enum ff_list { FF_LIST_POPULAR = 1, FF_LIST_TRENDING = 2, FF_LIST_RISING = 3, FF_LIST_RELATED = 4 };

#define FF_LIST_MAX 100 /* items of an answer: as many are kept of each kind, owner and collection */
/* 99 of 100 times the true rate lies above the bound. */
#define FF_RISING_Z 2.326
#define FF_TRENDING_HALVES 6 /* half-lives after which a visitor counts no more */
/* Longest past of anything above: 90 days before the last 30, and what clocks and zones need. */
#define FF_REACH_DAYS 125

/* What a list was made with, as the answer repeats it; in this order in content_list_made.settings. */
struct ff_list_settings {
	int64_t unique;       /* 1: visitors of any view; 0: of qualified ones */
	int64_t min_visitors;
	int64_t half_life_s;  /* trending */
	int64_t past_days;    /* rising: that the item is compared with, at most */
	int64_t rise_percent; /* rising */
	int64_t together_days, together_visitors, together_items; /* related */
};
#define FF_LIST_SETTINGS 8

/* Windows: 1, 7, 30 days, and 0 = all for popular alone. */
struct ff_list_ask {
	enum ff_list  list;
	int           days;
	struct ff_str kind, owner, collection; /* none: any */
	int64_t       limit;
};

struct ff_listed {
	struct ff_item item;
	double         score;
	int64_t        visitors; /* popular: unique views */
	int64_t        views;    /* popular */
	double         baseline, exposure; /* rising */
	int64_t        of_item, of_other;  /* related: visitors of each; visitors are those of both */
};

struct ff_listing {
	int64_t                 made_us; /* 0 = never yet */
	struct ff_list_settings settings;
	struct ff_listed       *v;
	size_t                  n;
};

/* Counts people and makes all lists of a site; *listed = rows in them. */
enum ff_err ff_lists_make(struct ff_db *db, struct ff_arena *arena, const struct ff_conf *conf,
    const struct ff_list_site *site, int64_t *listed) ff_must_check;
enum ff_err ff_lists_read(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const struct ff_list_ask *ask,
    struct ff_listing *out) ff_must_check;

/* For together.c: the same head, the same columns 0 to 5. */
enum ff_err ff_list_head(struct ff_db *db, struct ff_arena *arena, int32_t site_id, enum ff_list list, int days,
    struct ff_listing *out) ff_must_check;
void ff_list_row(const struct ff_rows *rows, int row, struct ff_listed *out);
struct ff_arg ff_list_settings_arg(struct ff_arena *arena, const struct ff_list_settings *settings);

#endif
