/* reader.h - who reads figures with a token of the host's backend: a token as claims.h has it, and besides
 *
 *   role   required: "viewer" and "moderator" read the site, "owner" the items alone whose owner is sub
 *   scope  optional: {"owner": "..", "collection": "..", "kind": ".."}, each a text; what it names is all that is read.
 *          Other members are refused: whoever wrote them meant to narrow.
 *
 * A token without one of these roles is for recording (viewer.h) and reads nothing. */
#ifndef FF_FACT_READER_H
#define FF_FACT_READER_H

#include "base/err.h"
#include "base/str.h"

struct ff_db;

struct ff_reader {
	int32_t       site_id;
	bool          moderator;
	struct ff_str owner, collection, kind; /* FF_STR_NONE: not narrowed by it */
};

/* FF_UNAUTHORIZED with field "Authorization" and why. Whether the audience is a site of ours is not said apart. */
enum ff_err ff_reader_read(struct ff_db *db, struct ff_arena *arena, struct ff_str token, int64_t now_us,
    struct ff_reader *out, struct ff_fault *fault) ff_must_check;

#endif
