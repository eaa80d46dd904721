#include "drain/hll.h"
#include "drain/inside.h"

#define ROWS_AT_ONCE 5000
#define BYTES_AT_ONCE (4 * 1024 * 1024) /* of sketches */
#define SKETCH_MAX (64 * 1024)

/* The columns of rollup_hour_add, rollup_day_add and rollup_month_add. */
enum { SITE, DIM, BUCKET, VALUE, VISITS, BOUNCES, DURATION, PAGEVIEWS, VIEWS, EVENTS, ENGAGED, VISITORS, COLUMNS };

struct sheet {
	struct ff_array *c[COLUMNS];
	struct ff_buf    sketch;
	enum ff_stmt     stmt;
};

static void
sheet_init(struct sheet *sheet, struct ff_drain *drain, enum ff_stmt stmt, enum ff_array_type bucket)
{
	for (int i = 0; i < COLUMNS; i++)
		sheet->c[i] = ff_array_new(&drain->scratch, i == SITE ? FF_ARRAY_I32 :
		                                            i == DIM ? FF_ARRAY_I16 :
		                                            i == BUCKET ? bucket :
		                                            i == VISITORS ? FF_ARRAY_BYTES : FF_ARRAY_I64);
	ff_buf_init(&sheet->sketch, SKETCH_MAX);
	sheet->stmt = stmt;
}

static void
sheet_put(struct sheet *sheet, const struct ff_rollup_row *row)
{
	const struct ff_sums *s = &row->sums;
	const int64_t         values[VISITORS] = { row->key.site_id, row->key.dim, row->key.bucket, row->key.value,
		        s->visits, s->bounces, s->duration_s, s->pageviews, s->views, s->events, s->engaged_ms };

	for (int i = 0; i < VISITORS; i++)
		ff_array_put(sheet->c[i], values[i]);
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
is_nothing(const struct ff_rollup_row *row)
{
	const struct ff_sums *s = &row->sums;

	return row->n == 0 && s->visits == 0 && s->bounces == 0 && s->duration_s == 0 && s->pageviews == 0 &&
	       s->views == 0 && s->events == 0 && s->engaged_ms == 0;
}

static bool
is_kept(const struct ff_drain *drain, const struct ff_rollup *rollup, const struct ff_rollup_row *row)
{
	if (rollup == &drain->sums.hours)
		return ff_drain_keeps_hour(drain, row->key.site_id, row->key.bucket);
	return rollup != &drain->sums.days || ff_drain_keeps_day(drain, row->key.site_id, (int32_t)row->key.bucket);
}

static enum ff_err
save(struct sheet *sheet, struct ff_drain *drain, const struct ff_rollup *rollup)
{
	for (size_t i = 0; i < rollup->n; i++) {
		if (is_nothing(&rollup->rows[i]) || !is_kept(drain, rollup, &rollup->rows[i]))
			continue;
		sheet_put(sheet, &rollup->rows[i]);
		if (sheet->c[SITE]->n == ROWS_AT_ONCE || sheet->c[VISITORS]->buf.len > BYTES_AT_ONCE)
			FF_TRY(sheet_send(sheet, drain));
	}
	return sheet->c[SITE]->n == 0 ? FF_OK : sheet_send(sheet, drain);
}

static enum ff_err
save_grain(struct ff_drain *drain, const struct ff_rollup *rollup, enum ff_stmt stmt, enum ff_array_type bucket)
{
	struct sheet sheet;
	enum ff_err  err;

	sheet_init(&sheet, drain, stmt, bucket);
	err = save(&sheet, drain, rollup);
	ff_buf_free(&sheet.sketch);
	return err;
}

enum ff_err
ff_drain_rollups(struct ff_drain *drain)
{
	const struct ff_figures *sums = &drain->sums;

	FF_TRY(save_grain(drain, &sums->hours, FF_STMT_ROLLUP_HOUR_ADD, FF_ARRAY_TIME));
	FF_TRY(save_grain(drain, &sums->days, FF_STMT_ROLLUP_DAY_ADD, FF_ARRAY_DAY));
	return save_grain(drain, &sums->months, FF_STMT_ROLLUP_MONTH_ADD, FF_ARRAY_DAY);
}
