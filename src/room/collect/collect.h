/* collect.h - the collector's room: judges beacons, writes them to the spool, counts what it refuses.
 *
 * The functions have the shapes that serve/loop.h asks for; `collect` is the struct ff_collect. _answer runs in
 * the loop thread, _commit and _flush in the committer thread; they share nothing but the ledger (atomic). */
#ifndef FF_ROOM_COLLECT_COLLECT_H
#define FF_ROOM_COLLECT_COLLECT_H

#include "conf/conf.h"
#include "door/parcel.h"
#include "door/route.h"

struct ff_collect;

/* FF_OK also without snapshot, salts or spool: they are looked for again, and until then the answer is 503 (or,
 * without salts, an event without identity). one_shot: plain CGI, a single request. */
enum ff_err ff_collect_open(struct ff_collect **collect, const struct ff_conf *conf, bool one_shot) ff_must_check;
void        ff_collect_close(struct ff_collect *collect); /* seals the segment */

void        ff_collect_answer(void *collect, struct ff_parcel *parcel);
enum ff_err ff_collect_commit(void *collect, struct ff_parcel *const *parcels, size_t n) ff_must_check;
enum ff_err ff_collect_flush(void *collect) ff_must_check;

/* For `footfall routes` and the tests. */
extern const struct ff_route ff_collect_routes[];
extern const size_t          ff_collect_routes_n;

#endif
