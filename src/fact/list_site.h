/* list_site.h - the sites whose lists are made by tasks, and which of their days have to be looked at again.
 *
 * A task counts the newest days anew at each run: yesterday, today, and the two that clocks ahead of ours may name. Once
 * a local day, and when the setting lists.views was changed, it counts all days anew of which single rows are still
 * complete, for those that came late. */
#ifndef FF_FACT_LIST_SITE_H
#define FF_FACT_LIST_SITE_H

#include "base/day.h"

struct ff_db;

/* Numbers are stored (content_swept). */
enum ff_list_task { FF_LIST_REACH = 1, FF_LIST_TOGETHER = 2, FF_LIST_WATCHED = 3 };

struct ff_list_site {
	int32_t               site_id;
	struct ff_str         zone_name;
	const struct ff_zone *zone;
	int64_t               now_us;
	int64_t               raw_us;  /* single rows may be gone before this: the beginning of a UTC day */
	int32_t               today;   /* local */
	int32_t               until;   /* FF_LIST_WATCHED: the UTC days up to it are added up; INT32_MIN = none */
	bool                  unique;  /* visitors of any view count; else of qualified ones */
	bool                  sweep;   /* all days are due */
};

/* raw_s: seconds that single rows are kept, where a site does not say. A site of a zone that is not known here is left
 * out, and logged. */
enum ff_err ff_list_sites(struct ff_db *db, struct ff_arena *arena, enum ff_list_task task, int64_t now_us, int64_t raw_s,
    bool unique, struct ff_list_site **sites, size_t *n) ff_must_check;
/* The days to count anew, in order: local ones, of FF_LIST_WATCHED UTC ones. Days of which a UTC day's tables are gone are
 * left out, for what is left of them would be less than what was counted. */
struct ff_list_day {
	int32_t day;
	int64_t from_us, to_us;
};
enum ff_err ff_list_days(struct ff_db *db, struct ff_arena *arena, const struct ff_list_site *site, enum ff_list_task task,
    struct ff_list_day **days, size_t *n) ff_must_check;
/* Done with all of them: remembers a sweep. */
enum ff_err ff_list_site_done(struct ff_db *db, struct ff_arena *arena, const struct ff_list_site *site,
    enum ff_list_task task) ff_must_check;

#endif
