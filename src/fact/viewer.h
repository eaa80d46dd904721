/* viewer.h - a signed-in viewer: the token that the host's backend minted -> a keyed pseudonym and a part.
 *
 * The token is one of claims.h; sub is the host's name for the viewer, and the roles "author" and "team" (in role, or in a
 * list roles) are not the audience.
 * Neither token nor sub are stored: id = BLAKE2b-128(key = the site's secret, sub), the same every day, so that one
 * viewer's facts can be exported and erased by whoever knows sub and the secret. */
#ifndef FF_FACT_VIEWER_H
#define FF_FACT_VIEWER_H

#include "base/uuid.h"
#include "fact/claims.h"

struct ff_viewer {
	struct ff_uuid id;   /* never nil */
	bool           team; /* role author or team */
};

/* The same judgement as ff_viewer_read, as a code. */
enum ff_token_fault ff_viewer_judge(struct ff_arena *arena, const struct ff_site *site, struct ff_str token,
    int64_t now_us, struct ff_viewer *out) ff_must_check;
/* FF_UNAUTHORIZED with field "token" and why ("is expired", "is for another audience", ...). */
enum ff_err ff_viewer_read(struct ff_arena *arena, const struct ff_site *site, struct ff_str token, int64_t now_us,
    struct ff_viewer *out, struct ff_fault *fault) ff_must_check;
/* Of a name that the host uses: for `footfall user-data`, and for the owner of an item. */
void ff_viewer_id(const uint8_t secret[32], struct ff_str sub, struct ff_uuid *out);
/* The visitor's identity of a viewer: positive, never 0. */
uint64_t ff_viewer_visitor(const struct ff_uuid *id);

#endif
