/* segments.h - filters under a name: what a site's people ask for again and again. The filters are JSON text as
 * POST /api/v2/query takes them; what they mean is the business of who reads them there. */
#ifndef FF_FACT_SEGMENTS_H
#define FF_FACT_SEGMENTS_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

struct ff_db;

/* Of one site. */
#define FF_SEGMENTS_MAX 1000

struct ff_segment {
	int32_t       segment_id;
	struct ff_str name;    /* one of each on a site */
	struct ff_str filters; /* a JSON array */
	int64_t       created_us, updated_us;
};

/* Those of the ids that the site has, by id; *n below n_ids: some are unknown. */
enum ff_err ff_segments_load(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const int64_t *ids, size_t n_ids,
    struct ff_segment **out, size_t *n) ff_must_check;
enum ff_err ff_segments_list(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_segment **out,
    size_t *n) ff_must_check;
/* name and filters are given; the rest is filled in. FF_INVALID (name, filters; or segments: there are too many),
 * FF_CONFLICT (name). */
enum ff_err ff_segments_add(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_segment *segment,
    struct ff_fault *fault) ff_must_check;
/* A name or filters of FF_STR_NONE stay; *segment is what is stored then. Also FF_NOT_FOUND. */
enum ff_err ff_segments_change(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_segment *segment,
    struct ff_fault *fault) ff_must_check;
/* *name: what it was called. FF_NOT_FOUND. */
enum ff_err ff_segments_remove(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int64_t segment_id,
    struct ff_str *name) ff_must_check;

#endif
