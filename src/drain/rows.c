#include "drain/rows.h"

#include "base/log.h"

void
ff_rows_begin(struct ff_rows_out *out, struct ff_drain *drain, enum ff_stmt stmt)
{
	*out = (struct ff_rows_out){ .db = drain->db, .stmt = stmt };
	out->buf = ff_alloc(&drain->scratch, FF_ROWS_ROOM);
}

enum ff_err
ff_rows_send(struct ff_rows_out *out)
{
	if (!out->begun)
		FF_TRY(ff_copy_begin(out->db, out->stmt));
	out->begun = true;
	FF_TRY(ff_copy_put(out->db, ff_str_of(out->buf, out->len)));
	out->len = 0;
	return FF_FAULT("drain.mid_copy") ? FF_DATABASE : FF_OK;
}

enum ff_err
ff_rows_end(struct ff_rows_out *out)
{
	int64_t taken;

	if (out->n == 0)
		return FF_OK;
	if (out->len > 0)
		FF_TRY(ff_rows_send(out));
	FF_TRY(ff_copy_end(out->db, &taken));
	if (taken == out->n)
		return FF_OK;
	ff_error("drain", "%s: %lld rows sent, %lld taken", ff_stmts[out->stmt].name, (long long)out->n,
	    (long long)taken);
	return FF_INTERNAL;
}
