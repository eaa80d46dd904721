#include "drain/rows.h"

static void
put_optional(struct ff_buf *out, struct ff_record *r)
{
	const struct ff_event *e = &r->event;

	if (e->currency[0] == '\0')
		ff_put_null(out);
	else
		ff_put_str(out, ff_str_of(e->currency, sizeof e->currency));
	if (e->props.len == 0) {
		ff_put_null(out);
		return;
	}
	ff_buf_be32(out, (uint32_t)e->props.len + 1);
	ff_buf_char(out, 1); /* version of jsonb's binary format */
	ff_buf_str(out, e->props);
}

/* The columns of event_copy. */
static void
event_row(struct ff_buf *out, struct ff_record *r)
{
	const struct ff_event *e = &r->event;

	ff_buf_be16(out, 19);
	ff_put_i64(out, e->ts_us - FF_PG_EPOCH_US);
	ff_put_str(out, ff_str_of((const char *)e->event_id.b, sizeof e->event_id.b));
	ff_put_i64(out, r->visit == NULL ? 0 : r->visit->visit_id);
	ff_put_i64(out, (int64_t)(r->visit == NULL ? e->visitor : r->visit->visitor));
	if (r->content_id == 0)
		ff_put_null(out);
	else
		ff_put_i64(out, r->content_id);
	if (e->currency[0] == '\0')
		ff_put_null(out);
	else
		ff_put_i64(out, e->value_micros);
	ff_put_i32(out, r->site->site_id);
	ff_put_i32(out, r->traits.label[FF_FIELD_NAME]);
	ff_put_i32(out, r->traits.label[FF_FIELD_HOSTNAME]);
	ff_put_i32(out, r->traits.label[FF_FIELD_PATH]);
	ff_put_i32(out, e->engaged_ms);
	ff_put_i32(out, e->flags);
	ff_put_i16(out, e->kind);
	ff_put_i16(out, e->view_type);
	ff_put_i16(out, e->view_source);
	ff_put_i16(out, e->robot);
	ff_put_i16(out, e->scroll);
	put_optional(out, r);
}

enum ff_err
ff_drain_events(struct ff_drain *drain, struct ff_work *work)
{
	struct ff_rows_out out;

	ff_rows_begin(&out, drain, FF_STMT_EVENT_COPY);
	for (size_t i = 0; i < work->n; i++) {
		if (work->v[i]->fate != FF_FATE_STORE)
			continue;
		event_row(&out.buf, work->v[i]);
		FF_TRY(ff_rows_next(&out));
	}
	return ff_rows_end(&out);
}
