/* v1.h - GET /api/v1/stats/..., Plausible's Stats API v1: its words become the same question as those of v2 (query.h), its
 * sentences are its own. Parameters come as text and are judged here, so that errors read as clients expect them. */
#ifndef FF_ROOM_API_V1_H
#define FF_ROOM_API_V1_H

#include "room/api/query.h"

#define FF_API_V1_LIMIT_MAX 1000

enum ff_api_v1_param {
	FF_V1_SITE, FF_V1_PERIOD, FF_V1_DATE, FF_V1_METRICS, FF_V1_PROPERTY, FF_V1_FILTERS, FF_V1_INTERVAL, FF_V1_COMPARE,
	FF_V1_IMPORTED, FF_V1_LIMIT, FF_V1_PAGE, FF_V1_PARAM_COUNT
};

struct ff_api_v1 {
	struct ff_str       given[FF_V1_PARAM_COUNT]; /* FF_STR_NONE: absent */
	struct ff_api_query query;
	bool                by_property;  /* a breakdown */
	bool                by_time;      /* a timeseries */
};

/* v1_read.c: period, date, metrics, property, interval, compare, limit, page; then filters. The site's goals are at hand
 * in v1->query where ff_api_v1_uses_goals. No database. */
enum ff_err ff_api_v1_read(struct ff_arena *arena, struct ff_api_v1 *v1, struct ff_fault *fault) ff_must_check;
bool        ff_api_v1_uses_goals(const struct ff_api_v1 *v1);
/* v1_filter.c: "event:page==/a|/b**;visit:country!=FR", a list that all must hold; FF_INVALID. */
enum ff_err ff_api_v1_filters(struct ff_arena *arena, struct ff_str text, struct ff_api_query *query,
    struct ff_fault *fault) ff_must_check;
/* v1_check.c: may these metrics be asked for with this property and these filters? Rates become those of their rows. */
enum ff_err ff_api_v1_check(struct ff_api_v1 *v1, struct ff_fault *fault) ff_must_check;

#endif
