/* content.h - items as the host's backend manages them: title, URL, owner, collection, visibility, date of publication.
 *
 * A view of an open site registers what it sees; what the backend says here holds from then on, and views no longer
 * change it. A removed item is in no list, and its views are those of an unknown item, on open sites too; its figures
 * stay, and putting it again brings it back. */
#ifndef FF_FACT_CONTENT_H
#define FF_FACT_CONTENT_H

#include "base/err.h"
#include "fact/event.h"
#include "fact/site.h"

struct ff_db;

struct ff_content {
	struct ff_item item; /* kind and key name it; a field {NULL, 0} is not said, an empty one empties */
	bool           has_private, is_private;
	bool           has_published;
	int64_t        published_us; /* 0 = not published */
	int64_t        since_us;     /* since when it is in its collection; 0 = now, if that changes */
};

struct ff_content_stored {
	struct ff_content content;
	int64_t           content_id;
	bool              added, managed;
	struct ff_str     memberships; /* a JSON array of {collection, since, until}; of _find alone */
};

/* Adds or changes; *out is what is stored then. One statement, or two with since_us: within a transaction of the caller if
 * both must hold. FF_INVALID: published or since is beyond what the database can hold. */
enum ff_err ff_content_put(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const struct ff_content *content,
    struct ff_content_stored *out) ff_must_check;
/* FF_NOT_FOUND. */
enum ff_err ff_content_find(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str kind,
    struct ff_str key, struct ff_content_stored *out) ff_must_check;
/* What a guest's view of a site is narrowed to; a text of FF_STR_NONE does not narrow. collection: as it is now. */
struct ff_content_bounds {
	struct ff_str owner, collection, kind;
};
/* yes[i]: item i is within the bounds; unknown items are not. */
enum ff_err ff_content_within(struct ff_db *db, struct ff_arena *arena, int32_t site_id,
    const struct ff_content_bounds *bounds, const struct ff_site_item *items, size_t n, bool *yes) ff_must_check;
/* FF_NOT_FOUND, also if it was removed before. */
enum ff_err ff_content_remove(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str kind,
    struct ff_str key) ff_must_check;

#endif
