/* recent.h - client ids that were acknowledged lately, so that a batch that is sent again hears "duplicate".
 *
 * A mapped file of the state directory, shared by all processes: fingerprints of site and id, each with its hour; one is known
 * for a day (23 to 24 hours, as long as the drain looks back), or until newer ones need its place. It decides nothing: a known
 * event is stored all the same, and the drain, which compares whole ids, keeps one of them. So a fingerprint that two events
 * share, a race or the loss of the file cost a word in a reply and never an event. Atomic; the loop thread asks, the committer
 * adds. */
#ifndef FF_ROOM_COLLECT_RECENT_H
#define FF_ROOM_COLLECT_RECENT_H

#include "base/err.h"
#include "base/uuid.h"

struct ff_recent;

/* Room for `ids` of them (rounded up to a power of two), 8 bytes each. A file of another size is replaced; processes that
 * have it open go on with theirs. Said and not failed: what comes back as NULL remembers nothing. */
struct ff_recent *ff_recent_open(const char *path, uint64_t ids);
void              ff_recent_close(struct ff_recent *recent);
/* What is remembered of an id; never 0. */
uint64_t ff_recent_print(int32_t site_id, const struct ff_uuid *event_id);
bool     ff_recent_has(const struct ff_recent *recent, uint64_t print, int64_t now_us);
/* Only what is on disk: an id known of a request that was answered 503 would tell its retry a lie. */
void     ff_recent_add(struct ff_recent *recent, uint64_t print, int64_t now_us);

#endif
