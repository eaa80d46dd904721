#include "drain/rows.h"

static char *
put_label(char *p, const struct ff_record *r, struct ff_str text, enum ff_field field)
{
	return text.len == 0 ? ff_put_null(p) : ff_put_i32(p, r->traits.label[field]);
}

static bool
is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* One dimension of ints without nulls: the format of array.h. */
static char *
put_traits(char *p, const struct ff_traits *t)
{
	enum { COUNT = FF_FIELD_COUNT - FF_FIELD_SOURCE + 3 };
	const uint32_t head[] = { htobe32(1), 0, htobe32(FF_ARRAY_I32), htobe32(COUNT), htobe32(1) };

	p = ff_put_len(p, sizeof head + COUNT * 8);
	memcpy(p, head, sizeof head);
	p += sizeof head;
	for (int f = FF_FIELD_SOURCE; f < FF_FIELD_COUNT; f++)
		p = ff_put_i32(p, t->label[f]);
	p = ff_put_i32(p, t->channel);
	p = ff_put_i32(p, t->device);
	return ff_put_i32(p, t->screen);
}

/* What few events have. */
static char *
put_rare(char *p, const struct ff_record *r)
{
	const struct ff_event *e = &r->event;

	p = is_zero(e->viewer.b, sizeof e->viewer.b) ? ff_put_null(p) : ff_put_bytes(p, e->viewer.b, sizeof e->viewer.b);
	p = put_label(p, r, e->target, FF_FIELD_TARGET);
	p = put_label(p, r, e->list, FF_FIELD_LIST);
	p = e->position == 0 ? ff_put_null(p) : ff_put_i16(p, e->position);
	p = (e->flags & FF_FLAG_MEASURE) == 0 ? ff_put_null(p) : ff_put_i64(p, e->measure_micros);
	p = e->media_length_ms == 0 ? ff_put_null(p) : ff_put_i32(p, e->media_length_ms);
	p = e->media_position_ms == 0 ? ff_put_null(p) : ff_put_i32(p, e->media_position_ms);
	p = is_zero(e->watched, sizeof e->watched) ? ff_put_null(p) : ff_put_bytes(p, e->watched, sizeof e->watched);
	return r->visit != NULL || e->robot != 0 ? ff_put_null(p) : put_traits(p, &r->traits);
}

static char *
put_optional(char *p, const struct ff_event *e)
{
	if (e->currency[0] == '\0')
		p = ff_put_null(p);
	else
		p = ff_put_bytes(p, e->currency, sizeof e->currency);
	if (e->props.len == 0)
		return ff_put_null(p);
	p = ff_put_len(p, (uint32_t)e->props.len + 1);
	*p++ = 1; /* version of jsonb's binary format */
	memcpy(p, e->props.p, e->props.len);
	return p + e->props.len;
}

/* The columns of event_copy. */
static char *
event_row(char *p, const struct ff_record *r)
{
	const struct ff_event *e = &r->event;

	p = ff_put_columns(p, 28);
	p = ff_put_i64(p, e->ts_us - FF_PG_EPOCH_US);
	p = ff_put_bytes(p, e->event_id.b, sizeof e->event_id.b);
	p = ff_put_i64(p, r->visit == NULL ? 0 : r->visit->visit_id);
	p = ff_put_i64(p, (int64_t)(r->visit == NULL ? e->visitor : r->visit->visitor));
	p = r->content_id == 0 ? ff_put_null(p) : ff_put_i64(p, r->content_id);
	p = e->currency[0] == '\0' ? ff_put_null(p) : ff_put_i64(p, e->value_micros);
	p = ff_put_i32(p, r->site->site_id);
	p = ff_put_i32(p, r->traits.label[FF_FIELD_NAME]);
	p = ff_put_i32(p, r->traits.label[FF_FIELD_HOSTNAME]);
	p = ff_put_i32(p, r->traits.label[FF_FIELD_PATH]);
	p = ff_put_i32(p, e->engaged_ms);
	p = ff_put_i32(p, e->flags);
	p = ff_put_i16(p, e->kind);
	p = ff_put_i16(p, e->view_type);
	p = ff_put_i16(p, e->view_source);
	p = ff_put_i16(p, e->robot);
	p = ff_put_i16(p, e->scroll);
	return put_optional(put_rare(p, r), e);
}

enum ff_err
ff_drain_events(struct ff_drain *drain, struct ff_work *work)
{
	struct ff_rows_out out;

	ff_rows_begin(&out, drain, FF_STMT_EVENT_COPY);
	for (size_t i = 0; i < work->n; i++) {
		ff_work_ahead(work, i);
		if (work->v[i]->fate == FF_FATE_STORE)
			FF_TRY(ff_rows_next(&out, event_row(ff_rows_place(&out), work->v[i])));
	}
	return ff_rows_end(&out);
}
