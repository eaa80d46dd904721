#include "base/log.h"
#include "drain/inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- positions ---- */

static struct ff_array *
segment_ids(struct ff_drain *drain)
{
	struct ff_array *ids = ff_array_new(&drain->scratch, FF_ARRAY_UUID);

	for (size_t i = 0; i < drain->batch.n_sources; i++)
		ff_array_put_uuid(ids, &drain->batch.sources[i].segment->uuid);
	return ids;
}

/* A source that was read in this batch must stand where it stood: else somebody else drains, and we start over. */
static enum ff_err
position_take(struct ff_source *source, uint64_t off, bool finished)
{
	if (source->known && (off != source->from || finished != source->was_finished)) {
		ff_warn("drain", "%s: another drain moved its position meanwhile", source->segment->name);
		return FF_DATABASE;
	}
	source->from = off;
	source->was_finished = finished;
	if (!source->known)
		source->to = off;
	source->known = true;
	return FF_OK;
}

static enum ff_err
positions_lock(struct ff_drain *drain, struct ff_array *ids, bool *complete)
{
	struct ff_rows rows;
	struct ff_arg  arg = ff_array_arg(ids);

	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_POSITION_LOCK, &arg, 1, &rows));
	for (int i = 0; i < rows.n; i++)
		FF_TRY(position_take(&drain->batch.sources[ff_row_i64(&rows, i, 0) - 1],
		    (uint64_t)ff_row_i64(&rows, i, 1), ff_row_bool(&rows, i, 2)));
	*complete = (size_t)rows.n == drain->batch.n_sources;
	return FF_OK;
}

enum ff_err
ff_drain_positions(struct ff_drain *drain)
{
	struct ff_array *ids = segment_ids(drain);
	struct ff_arg    arg = ff_array_arg(ids);
	bool             complete;

	FF_TRY(positions_lock(drain, ids, &complete));
	if (complete)
		return FF_OK;
	FF_TRY(ff_db_exec(drain->db, FF_STMT_POSITION_ADD, &arg, 1));
	return positions_lock(drain, ids, &complete);
}

static enum ff_err
source_move(struct ff_drain *drain, const struct ff_source *s)
{
	struct ff_rows rows;
	char           uuid[37];
	struct ff_arg  args[5];

	ff_uuid_print(&s->segment->uuid, uuid);
	args[0] = ff_arg_z(uuid);
	args[1] = ff_arg_i64(&drain->scratch, (int64_t)s->from);
	args[2] = ff_arg_i64(&drain->scratch, (int64_t)s->to);
	args[3] = ff_arg_i64(&drain->scratch, s->records);
	args[4] = ff_arg_bool(s->finished);
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_POSITION_MOVE, args, 5, &rows));
	if (rows.affected == 1)
		return FF_OK;
	ff_error("drain", "%s: the position is not where this batch began", s->segment->name);
	return FF_INTERNAL;
}

enum ff_err
ff_drain_move(struct ff_drain *drain)
{
	if (FF_FAULT("drain.before_position"))
		return FF_DATABASE;
	for (size_t i = 0; i < drain->batch.n_sources; i++)
		if (drain->batch.sources[i].touched)
			FF_TRY(source_move(drain, &drain->batch.sources[i]));
	return FF_OK;
}

/* ---- records ---- */

static bool
is_full(const struct ff_drain *drain)
{
	return drain->batch.n >= drain->batch_max || drain->batch.bytes >= drain->bytes_max;
}

/* Times in a record's header are as raw as its writer was: kept within what a timestamp can hold. */
static int64_t
plausible(int64_t us)
{
	const int64_t year_9999 = INT64_C(253370764800000000);

	return us < 0 ? 0 : us > year_9999 ? year_9999 : us;
}

static void
record_add(struct ff_batch *batch, uint32_t source, const struct ff_spool_item *item)
{
	struct ff_record *r;

	if (batch->n == batch->cap) {
		batch->cap = batch->cap == 0 ? 1024 : batch->cap * 2;
		batch->records = ff_xrealloc(batch->records, batch->cap * sizeof *batch->records);
	}
	r = &batch->records[batch->n++];
	memset(r, 0, sizeof *r);
	r->payload = ff_str_dup(&batch->arena, item->payload);
	r->received_us = plausible(item->received_us);
	r->source = source;
	r->off = item->off;
	batch->bytes += item->payload.len;
}

static enum ff_err
source_read(struct ff_drain *drain, uint32_t no)
{
	struct ff_source    *s = &drain->batch.sources[no];
	struct ff_spool_item item;
	enum ff_err          err = FF_OK;

	if (s->from < s->segment->end)
		FF_TRY(ff_spool_seek(drain->reader, s->segment, s->from));
	while (s->to < s->segment->end && !is_full(drain) && (err = ff_spool_next(drain->reader, &item)) == FF_OK) {
		record_add(&drain->batch, no, &item);
		s->to = item.next;
		s->records++;
	}
	if (err != FF_OK && err != FF_END)
		return err;
	if (s->segment->complete && (err == FF_END || s->to >= s->segment->end)) {
		s->to = s->segment->end;
		s->finished = true;
	}
	return FF_OK;
}

enum ff_err
ff_drain_read(struct ff_drain *drain)
{
	struct ff_batch *batch = &drain->batch;

	for (size_t i = 0; i < batch->n_sources && !is_full(drain); i++) {
		struct ff_source *s = &batch->sources[i];
		enum ff_err       err = s->from > s->segment->end ? FF_CORRUPT : FF_OK;

		if (s->was_finished)
			continue;
		if (err == FF_OK)
			err = source_read(drain, (uint32_t)i);
		if (err != FF_OK) {
			ff_error("drain", "%s: not readable at %" PRIu64 ": %s; left alone", s->segment->name, s->to,
			    ff_err_name(err));
			drain->report->unreadable++;
		}
		s->touched = s->records > 0 || s->finished;
	}
	return FF_FAULT("drain.read") ? FF_DATABASE : FF_OK;
}

void
ff_drain_retire(struct ff_drain *drain)
{
	struct ff_batch *batch = &drain->batch;

	for (size_t i = 0; i < batch->n_sources; i++) {
		struct ff_source *s = &batch->sources[i];

		if (!s->finished && !s->was_finished)
			continue;
		if (FF_FAULT("drain.before_unlink"))
			return;
		if (ff_spool_retire(drain->reader, s->segment) != FF_OK)
			ff_warn("drain", "%s: drained, but cannot be removed; tried again later", s->segment->name);
		else
			drain->report->finished++;
		if (FF_FAULT("drain.after_unlink"))
			return;
	}
}
