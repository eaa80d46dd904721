/* store.h - the committer's side of the collector: records to the spool, replies for those it could not take. */
#ifndef FF_ROOM_COLLECT_STORE_H
#define FF_ROOM_COLLECT_STORE_H

#include "conf/conf.h"
#include "door/parcel.h"
#include "fact/ledger.h"
#include "room/collect/recent.h"

struct ff_store;

void ff_store_open(struct ff_store **store, const struct ff_conf *conf, struct ff_ledger *ledger,
    struct ff_recent *recent, bool one_shot);
void ff_store_close(struct ff_store *store);
/* FF_OK, the parcels' replies are what may be said now; FF_IO: the disk is broken, the process must end. */
enum ff_err ff_store_commit(struct ff_store *store, struct ff_parcel *const *parcels, size_t n) ff_must_check;
enum ff_err ff_store_flush(struct ff_store *store) ff_must_check;

#endif
