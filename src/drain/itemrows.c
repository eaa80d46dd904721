/* itemrows.c - the sums of items into content_hour, content_day, content_month and content_day_by. */
#include "drain/hll.h"
#include "drain/inside.h"

#define ROWS_AT_ONCE 5000
#define BYTES_AT_ONCE (4 * 1024 * 1024) /* of sketches */
#define SKETCH_MAX (64 * 1024)

/* The columns of contenthour_add and contentday_add; between PLUS and VISITORS those of enum ff_item_sum. */
enum { SITE, BUCKET, CONTENT, AUTH, PAGEVIEWS, VIEWS, EVENTS, ENGAGED, PLUS };
enum { VISITORS = PLUS + FF_ITEM_SUM_COUNT, COLUMNS };

struct sheet {
	struct ff_array *c[COLUMNS];
	struct ff_buf    sketch;
	enum ff_stmt     stmt;
};

static enum ff_array_type
type_of(int column, enum ff_array_type bucket)
{
	switch (column) {
	case SITE: return FF_ARRAY_I32;
	case BUCKET: return bucket;
	case AUTH: return FF_ARRAY_BOOL;
	case VISITORS: return FF_ARRAY_BYTES;
	default: return FF_ARRAY_I64;
	}
}

static void
sheet_put(struct sheet *sheet, const struct ff_rollup_row *row, const struct ff_item_sums *more)
{
	const struct ff_sums *s = &row->sums;
	const int64_t         values[PLUS] = { row->key.site_id, row->key.bucket, row->key.value, row->key.dim,
		        s->pageviews, s->views, s->events, s->engaged_ms };

	for (int i = 0; i < PLUS; i++)
		ff_array_put(sheet->c[i], values[i]);
	for (int i = 0; i < FF_ITEM_SUM_COUNT; i++)
		ff_array_put(sheet->c[PLUS + i], more->v[i]);
	ff_buf_clear(&sheet->sketch);
	ff_hll_encode(&sheet->sketch, row->visitors, row->n);
	ff_array_put_str(sheet->c[VISITORS], ff_buf_view(&sheet->sketch));
}

static enum ff_err
sheet_send(struct sheet *sheet, struct ff_drain *drain)
{
	struct ff_arg args[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		args[i] = ff_array_arg(sheet->c[i]);
	FF_TRY(ff_db_exec(drain->db, sheet->stmt, args, COLUMNS));
	for (int i = 0; i < COLUMNS; i++)
		ff_array_clear(sheet->c[i]);
	return FF_OK;
}

static bool
is_nothing(const struct ff_rollup_row *row, const struct ff_item_sums *more)
{
	const struct ff_sums *s = &row->sums;
	bool                  nothing = row->n == 0 && s->pageviews == 0 && s->views == 0 && s->events == 0 && s->engaged_ms == 0;

	for (int i = 0; i < FF_ITEM_SUM_COUNT; i++)
		nothing = nothing && more->v[i] == 0;
	return nothing;
}

static bool
is_kept(const struct ff_drain *drain, const struct ff_item_rollup *rollup, const struct ff_rollup_row *row)
{
	if (rollup == &drain->sums.item_hours)
		return ff_drain_keeps_hour(drain, row->key.site_id, row->key.bucket);
	return rollup != &drain->sums.item_days || ff_drain_keeps_day(drain, row->key.site_id, (int32_t)row->key.bucket);
}

static enum ff_err
save(struct sheet *sheet, struct ff_drain *drain, const struct ff_item_rollup *rollup)
{
	for (size_t i = 0; i < rollup->base.n; i++) {
		const struct ff_rollup_row *row = &rollup->base.rows[i];

		if (is_nothing(row, &rollup->more[row->no]) || !is_kept(drain, rollup, row))
			continue;
		sheet_put(sheet, row, &rollup->more[row->no]);
		if (sheet->c[SITE]->n == ROWS_AT_ONCE || sheet->c[VISITORS]->buf.len > BYTES_AT_ONCE)
			FF_TRY(sheet_send(sheet, drain));
	}
	return sheet->c[SITE]->n == 0 ? FF_OK : sheet_send(sheet, drain);
}

static enum ff_err
save_grain(struct ff_drain *drain, const struct ff_item_rollup *rollup, enum ff_stmt stmt, enum ff_array_type bucket)
{
	struct sheet sheet = { .stmt = stmt };
	enum ff_err  err;

	for (int i = 0; i < COLUMNS; i++)
		sheet.c[i] = ff_array_new(&drain->scratch, type_of(i, bucket));
	ff_buf_init(&sheet.sketch, SKETCH_MAX);
	err = save(&sheet, drain, rollup);
	ff_buf_free(&sheet.sketch);
	return err;
}

/* The columns of contentby_add. */
enum { BY_SITE, BY_CONTENT, BY_BUCKET, BY_DIM, BY_VALUE, BY_VIEWS, BY_UNIQUES, BY_COLUMNS };

static enum ff_err
by_send(struct ff_drain *drain, struct ff_array *const c[BY_COLUMNS])
{
	struct ff_arg args[BY_COLUMNS];

	for (int i = 0; i < BY_COLUMNS; i++)
		args[i] = ff_array_arg(c[i]);
	FF_TRY(ff_db_exec(drain->db, FF_STMT_CONTENTBY_ADD, args, BY_COLUMNS));
	for (int i = 0; i < BY_COLUMNS; i++)
		ff_array_clear(c[i]);
	return FF_OK;
}

static enum ff_err
save_by(struct ff_drain *drain, const struct ff_rollup *by)
{
	static const enum ff_array_type types[BY_COLUMNS] = { FF_ARRAY_I32, FF_ARRAY_I64, FF_ARRAY_DAY, FF_ARRAY_I16,
		FF_ARRAY_I64, FF_ARRAY_I64, FF_ARRAY_I64 };
	struct ff_array *c[BY_COLUMNS];

	for (int i = 0; i < BY_COLUMNS; i++)
		c[i] = ff_array_new(&drain->scratch, types[i]);
	for (size_t i = 0; i < by->n; i++) {
		const struct ff_rollup_key *key = &by->rows[i].key;
		const int64_t values[BY_COLUMNS] = { key->site_id, key->bucket, key->day, key->dim, key->value,
			by->rows[i].sums.views, by->rows[i].sums.uniques };

		if (!ff_drain_keeps_day(drain, key->site_id, key->day))
			continue;
		for (int j = 0; j < BY_COLUMNS; j++)
			ff_array_put(c[j], values[j]);
		if (c[0]->n == ROWS_AT_ONCE)
			FF_TRY(by_send(drain, c));
	}
	return c[0]->n == 0 ? FF_OK : by_send(drain, c);
}

enum ff_err
ff_drain_item_rows(struct ff_drain *drain)
{
	const struct ff_figures *sums = &drain->sums;

	FF_TRY(save_grain(drain, &sums->item_hours, FF_STMT_CONTENTHOUR_ADD, FF_ARRAY_TIME));
	FF_TRY(save_grain(drain, &sums->item_days, FF_STMT_CONTENTDAY_ADD, FF_ARRAY_DAY));
	FF_TRY(save_grain(drain, &sums->item_months, FF_STMT_CONTENTMONTH_ADD, FF_ARRAY_DAY));
	return save_by(drain, &sums->item_by);
}
