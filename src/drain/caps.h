/* caps.h - how many texts that nobody had before the events of a UTC day may bring to a site: paths up to the site's
 * paths_max, all others together up to FF_LABELS_DAY_MAX. What is beyond becomes "(other)", so that a flood of junk cannot
 * grow the labels; texts that are known go on as they are. Counted in label_day: the same however batches are cut. */
#ifndef FF_DRAIN_CAPS_H
#define FF_DRAIN_CAPS_H

#include "drain/inside.h"

struct ff_cap {
	int32_t site_id, day;
	int32_t paths, others;         /* before this batch */
	int32_t new_paths, new_others; /* by it */
};

struct ff_caps {
	struct ff_table places; /* site, day -> place in v */
	struct ff_cap  *v;
	size_t          n, cap, last; /* last: where the one before stood */
};

/* For the days of these records. Frees what it took on failure. */
enum ff_err ff_caps_load(struct ff_drain *drain, struct ff_caps *caps, struct ff_record **v, size_t n) ff_must_check;
/* One more new text; false: no more of them. */
bool        ff_caps_take(struct ff_caps *caps, const struct ff_record *r, bool path);
/* Saves and frees. */
enum ff_err ff_caps_save(struct ff_drain *drain, struct ff_caps *caps) ff_must_check;

#endif
