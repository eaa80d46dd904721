/* search.h - what a batch must look up of its visitors: each visitor and day once, and one statement a day and site, for that
 * opens the tables of that day alone, and an array of visitors is the quickest way through an index. */
#ifndef FF_DRAIN_SEARCH_H
#define FF_DRAIN_SEARCH_H

#include "base/err.h"
#include "base/table.h"

/* A visitor on a UTC day, between first and last. */
struct ff_search {
	int32_t  site_id, day;
	uint64_t visitor;
	int64_t  first_us, last_us;
};

struct ff_searches {
	struct ff_table   places;
	struct ff_search *v;
	size_t            n, cap;
};

void ff_searches_init(struct ff_searches *searches);
/* Once more widens the time. */
void ff_searches_add(struct ff_searches *searches, const struct ff_search *search);

/* v: n searches of one site and day, by visitor; from and to: the time of all of them. */
typedef enum ff_err ff_search_fn(void *context, const struct ff_search *v, size_t n, int64_t from, int64_t to);
/* Day by day and site by site, until one fails; frees the searches. */
enum ff_err ff_searches_run(struct ff_searches *searches, ff_search_fn *fn, void *context) ff_must_check;

#endif
