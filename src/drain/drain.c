#include "base/day.h"
#include "base/log.h"
#include "drain/inside.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 150000
#define BYTES (64 * 1024 * 1024)
#define BAD_MAX 1000
#define BAD_MIN 20

/* Caches are bounded by number, and forgotten from time to time because others may change what they hold. */
#define LABELS_MAX 300000
#define ITEMS_MAX 100000
#define PAGES_MAX 200000
#define VALUES_MAX 100000
#define KNOWN_US (600 * FF_US_S)

static void
known_init(struct ff_known *known)
{
	ff_table_init(&known->labels);
	ff_table_init(&known->items);
	ff_table_init(&known->pages);
	ff_table_init(&known->days);
	ff_table_init(&known->values);
}

void
ff_known_forget(struct ff_known *known)
{
	ff_table_clear(&known->labels);
	ff_table_clear(&known->items);
	ff_table_clear(&known->pages);
	ff_table_clear(&known->days);
	ff_table_clear(&known->values);
	known->n_items = known->n_pages = 0;
}

static void
known_bound(struct ff_known *known, int64_t now_us)
{
	if (known->labels.count <= LABELS_MAX && known->n_items <= ITEMS_MAX &&
	    known->n_pages <= PAGES_MAX && known->values.count <= VALUES_MAX && now_us - known->since_us < KNOWN_US &&
	    now_us >= known->since_us)
		return;
	ff_known_forget(known);
	known->since_us = now_us;
}

enum ff_err
ff_drain_open(struct ff_drain **out, struct ff_db *db, const struct ff_drain_options *options)
{
	struct ff_spool_reader *reader;
	struct ff_drain        *drain;

	FF_TRY(ff_spool_reader_open(&reader, options->spool_dir));
	drain = ff_xcalloc(1, sizeof *drain);
	drain->db = db;
	drain->reader = reader;
	drain->batch_max = drain->batch_most = options->batch != 0 ? options->batch : BATCH;
	drain->bytes_max = options->bytes != 0 ? options->bytes : BYTES;
	drain->bad_max = options->bad_max;
	drain->retention = options->retention;
	ff_arena_init(&drain->batch.arena);
	ff_arena_init(&drain->scratch);
	ff_figures_init(&drain->sums);
	known_init(&drain->known);
	ff_table_init(&drain->months);
	*out = drain;
	return FF_OK;
}

void
ff_drain_close(struct ff_drain *drain)
{
	if (drain == NULL)
		return;
	ff_spool_reader_close(drain->reader);
	ff_figures_free(&drain->sums);
	ff_table_free(&drain->known.labels);
	ff_table_free(&drain->known.items);
	ff_table_free(&drain->known.pages);
	ff_table_free(&drain->known.days);
	ff_table_free(&drain->months);
	ff_table_free(&drain->known.values);
	free(drain->known.item);
	free(drain->known.page);
	free(drain->batch.records);
	ff_arena_free(&drain->scratch);
	ff_arena_free(&drain->batch.arena);
	free(drain);
}

enum ff_err
ff_drain_begin(struct ff_drain *drain)
{
	FF_TRY(ff_tx_begin(drain->db));
	return ff_db_exec(drain->db, FF_STMT_DRAIN_LOCK, NULL, 0);
}

void
ff_drain_undo(struct ff_drain *drain)
{
	ff_tx_rollback(drain->db);
	ff_known_forget(&drain->known);
}

static bool
too_many_bad(const struct ff_drain *drain)
{
	size_t max = drain->bad_max, percent = drain->batch.n / 100;

	if (max == 0)
		max = percent > BAD_MAX ? BAD_MAX : percent < BAD_MIN ? BAD_MIN : percent;
	return (size_t)drain->batch.bad > max;
}

static enum ff_err
alarm_bad(const struct ff_drain *drain)
{
	if (!too_many_bad(drain))
		return FF_OK;
	ff_error("drain", "stopped: %lld of %zu records cannot be stored; nothing of this batch was taken (drain.bad allows more)",
	    (long long)drain->batch.bad, drain->batch.n);
	return FF_INTERNAL;
}

/* Everything from the first record to the commit, within the open transaction. */
static enum ff_err
take_batch(struct ff_drain *drain)
{
	struct ff_work work;
	enum ff_err    err;

	err = ff_drain_store(drain, &work, 0, drain->batch.n);
	drain->report->visits = 0;
	for (size_t i = 0; i < work.visits.n; i++)
		drain->report->visits += !work.visits.v[i]->stored;
	ff_work_free(&work);
	FF_TRY(err);
	FF_TRY(ff_drain_books(drain));
	FF_TRY(ff_drain_move(drain));
	if (FF_FAULT("drain.before_commit"))
		return FF_DATABASE;
	return ff_tx_commit(drain->db);
}

static enum ff_err
begin_again(struct ff_drain *drain)
{
	FF_TRY(ff_drain_begin(drain));
	FF_TRY(ff_drain_positions(drain));
	return ff_drain_floors(drain);
}

static enum ff_err
take_or_sift(struct ff_drain *drain)
{
	enum ff_err err;

	if (ff_drain_days_missing(drain)) {
		ff_drain_undo(drain);
		FF_TRY(ff_drain_days_make(drain));
		FF_TRY(begin_again(drain));
	}
	while (ff_drain_refused(drain, err = take_batch(drain))) {
		ff_drain_undo(drain);
		FF_TRY(ff_drain_sift(drain));
		FF_TRY(alarm_bad(drain));
		FF_TRY(begin_again(drain));
	}
	return err;
}

static bool
is_idle(const struct ff_batch *batch)
{
	for (size_t i = 0; i < batch->n_sources; i++)
		if (batch->sources[i].touched)
			return false;
	return true;
}

static enum ff_err
run(struct ff_drain *drain)
{
	FF_TRY(ff_drain_begin(drain));
	FF_TRY(ff_drain_positions(drain));
	FF_TRY(ff_drain_read(drain));
	if (is_idle(&drain->batch)) {
		ff_tx_rollback(drain->db);
		return FF_OK;
	}
	FF_TRY(ff_drain_judge(drain));
	FF_TRY(alarm_bad(drain));
	FF_TRY(ff_drain_floors(drain));
	return take_or_sift(drain);
}

static void
report_fill(const struct ff_batch *batch, struct ff_drain_report *report)
{
	report->records = (int64_t)batch->n;
	report->bad = batch->bad;
	for (size_t i = 0; i < batch->n; i++) {
		const struct ff_record *r = &batch->records[i];

		report->stored += r->fate == FF_FATE_STORE;
		report->duplicates += r->fate == FF_FATE_REPEATED;
		report->robots += r->fate == FF_FATE_STORE && r->event.robot != 0;
		report->strangers += r->fate == FF_FATE_STORE && r->stranger;
		report->over_cap += r->fate == FF_FATE_STORE && r->over_cap;
		report->erased += r->fate == FF_FATE_STORE && r->erased;
		if (r->received_us > report->newest_us)
			report->newest_us = r->received_us;
	}
}

static enum ff_err
scan(struct ff_drain *drain)
{
	struct ff_batch               *batch = &drain->batch;
	const struct ff_spool_segment *segments;

	ff_arena_reset(&batch->arena);
	batch->n = batch->bytes = 0;
	batch->bad = 0;
	FF_TRY(ff_spool_scan(drain->reader, &segments, &batch->n_sources));
	batch->sources = FF_NEW_N(&batch->arena, batch->n_sources, struct ff_source);
	for (size_t i = 0; i < batch->n_sources; i++)
		batch->sources[i].segment = &segments[i];
	return FF_OK;
}

/* One batch, from looking for segments to the commit; FF_OK with no source: there is nothing. */
static enum ff_err
attempt(struct ff_drain *drain)
{
	enum ff_err err;

	*drain->report = (struct ff_drain_report){ 0 };
	FF_TRY(scan(drain));
	if (drain->batch.n_sources == 0)
		return FF_OK;
	err = run(drain);
	if (err != FF_OK)
		ff_drain_undo(drain);
	ff_figures_clear(&drain->sums);
	ff_arena_reset(&drain->scratch);
	return err;
}

/* A batch of a thousand days touches as many tables, and PostgreSQL has room for so many locks only. */
static bool
was_too_much(const struct ff_drain *drain, enum ff_err err)
{
	return err == FF_DATABASE && drain->batch.n > 1 && strcmp(ff_db_sqlstate(drain->db), "53200") == 0;
}

/* Smaller batches until one is taken; then larger ones again. */
static enum ff_err
attempt_what_fits(struct ff_drain *drain)
{
	enum ff_err err = attempt(drain);

	while (was_too_much(drain, err)) {
		drain->batch_max = drain->batch.n / 2;
		ff_warn("drain", "%zu records at once are too many for the database's memory: trying %zu", drain->batch.n,
		    drain->batch_max);
		err = attempt(drain);
	}
	if (err == FF_OK)
		drain->batch_max = drain->batch_max > drain->batch_most / 2 ? drain->batch_most : drain->batch_max * 2;
	return err;
}

enum ff_err
ff_drain_run(struct ff_drain *drain, int64_t now_us, struct ff_drain_report *report)
{
	enum ff_err err;

	drain->report = report;
	drain->now_us = now_us;
	known_bound(&drain->known, now_us);
	err = attempt_what_fits(drain);
	if (err != FF_OK)
		return err == FF_INVALID || err == FF_CONFLICT ? FF_INTERNAL : err;
	if (drain->batch.n_sources == 0)
		return FF_OK;
	report_fill(&drain->batch, report);
	if (FF_FAULT("drain.after_commit"))
		return FF_DATABASE;
	ff_drain_retire(drain);
	return FF_OK;
}
