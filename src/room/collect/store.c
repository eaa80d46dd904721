#include "room/collect/store.h"

#include "base/io.h"
#include "base/log.h"
#include "fact/tuple.h"
#include "spool/spool.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* One beacon fills no more; a plain CGI process makes a segment of its own for it. A batch gets a larger one. */
#define ONE_SHOT_SEGMENT (64 * 1024)

#define RECORDS_KEEP 512

struct ff_store {
	struct ff_spool_writer  *writer; /* NULL: not open (disk full at the start): tried again at each commit */
	struct ff_spool_options  options;
	char                     dir[PATH_MAX];
	struct ff_ledger        *ledger;
	struct ff_recent        *recent;
	struct ff_spool_record  *records;
	size_t                   cap;
	bool                     one_shot;
	time_t                   complained;
};

static enum ff_err
open_writer(struct ff_store *store)
{
	if (store->writer)
		return FF_OK;
	FF_TRY(ff_io_make_dir(store->dir, 0750));
	return ff_spool_open(&store->writer, &store->options);
}

void
ff_store_open(struct ff_store **out, const struct ff_conf *conf, struct ff_ledger *ledger,
    struct ff_recent *recent, bool one_shot)
{
	struct ff_store *store = ff_xcalloc(1, sizeof(*store));

	snprintf(store->dir, sizeof(store->dir), "%s/spool", conf->state_dir);
	store->ledger = ledger;
	store->recent = recent;
	store->one_shot = one_shot;
	store->options = (struct ff_spool_options){
		.dir = store->dir,
		.segment_size = one_shot ? ONE_SHOT_SEGMENT : (uint32_t)conf->segment_size,
		.soft_limit = (uint64_t)conf->spool_soft,
		.hard_limit = (uint64_t)conf->spool_hard,
		.tuple_version = FF_TUPLE_VERSION,
		.sync = conf->durability == 0,
	};
	*out = store;
	/* A process that serves makes its first segment before the first beacon comes; plain CGI only if one is stored. */
	if (!one_shot && open_writer(store) != FF_OK)
		ff_error("collect", "the spool cannot be opened: answering 503 until it can");
}

void
ff_store_close(struct ff_store *store)
{
	if (store->writer)
		ff_spool_close(store->writer);
	free(store->records);
	free(store);
}

static size_t
gather(struct ff_store *store, struct ff_parcel *const *parcels, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += parcels[i]->n;
	if (count > store->cap) {
		store->cap = count * 2;
		store->records = ff_xrealloc(store->records, store->cap * sizeof(*store->records));
	}
	if (count < RECORDS_KEEP && store->cap > 4 * RECORDS_KEEP) { /* a large batch has stretched it */
		store->cap = RECORDS_KEEP;
		store->records = ff_xrealloc(store->records, store->cap * sizeof(*store->records));
	}
	count = 0;
	for (size_t i = 0; i < n; i++) {
		const struct ff_parcel *parcel = parcels[i];

		for (unsigned r = 0; r < parcel->n; r++)
			store->records[count++] = (struct ff_spool_record){
				.event_id = parcel->records[r].event_id,
				.received_us = parcel->now_us,
				.payload = ff_str_of(parcel->payload.p + parcel->records[r].off, parcel->records[r].len),
			};
	}
	return count;
}

/* Room for all of them; how much a record's header takes is the spool's affair, so there is plenty. */
static void
fit_segment(struct ff_store *store, size_t count)
{
	uint64_t size = ONE_SHOT_SEGMENT;

	for (size_t i = 0; i < count; i++)
		size += store->records[i].payload.len + 64;
	store->options.segment_size = (uint32_t)((size + 4095) & ~(uint64_t)4095);
}

static void
refuse_all(struct ff_store *store, struct ff_parcel *const *parcels, size_t n)
{
	time_t now = time(NULL);

	if (now != store->complained)
		ff_error("collect", "%zu requests answered 503: the spool takes nothing", n);
	store->complained = now;
	for (size_t i = 0; i < n; i++) {
		ff_buf_clear(&parcels[i]->reply);
		ff_buf_str(&parcels[i]->reply, parcels[i]->refusal);
	}
}

/* The replies may be said: what of them a client could say again is remembered. */
static void
remember(struct ff_store *store, const struct ff_parcel *parcel)
{
	for (unsigned r = 0; r < parcel->n; r++)
		if (parcel->records[r].note != 0)
			ff_recent_add(store->recent, parcel->records[r].note, parcel->now_us);
}

enum ff_err
ff_store_commit(struct ff_store *store, struct ff_parcel *const *parcels, size_t n)
{
	size_t      count = gather(store, parcels, n), robots = 0;
	enum ff_err err;

	if (store->one_shot)
		fit_segment(store, count);
	err = open_writer(store);
	if (err == FF_OK)
		err = ff_spool_append(store->writer, store->records, count);
	if (err != FF_OK) {
		refuse_all(store, parcels, n);
		ff_ledger_settle(store->ledger, FF_REASON_STORAGE, count);
		return err == FF_IO && store->writer ? FF_IO : FF_OK;
	}
	for (size_t i = 0; i < n; i++) {
		robots += parcels[i]->robots;
		remember(store, parcels[i]);
	}
	ff_ledger_settle(store->ledger, FF_REASON_STORED, count);
	if (robots > 0)
		ff_ledger_robot(store->ledger, robots);
	return FF_OK;
}

enum ff_err
ff_store_flush(struct ff_store *store)
{
	return store->writer ? ff_spool_sync(store->writer) : FF_OK;
}
