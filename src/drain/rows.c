#include "drain/rows.h"

#include "base/log.h"

/* Sent in pieces of this size; one row is far smaller than the rest of the buffer. */
#define PIECE (64 * 1024)
#define CEILING (PIECE * 4)

void
ff_rows_begin(struct ff_rows_out *out, struct ff_drain *drain, enum ff_stmt stmt)
{
	*out = (struct ff_rows_out){ .db = drain->db, .stmt = stmt };
	ff_buf_init(&out->buf, CEILING);
}

static enum ff_err
send(struct ff_rows_out *out)
{
	if (out->buf.overflow)
		ff_panic("a row of a COPY is larger than any row can be");
	if (!out->begun)
		FF_TRY(ff_copy_begin(out->db, out->stmt));
	out->begun = true;
	FF_TRY(ff_copy_put(out->db, ff_buf_view(&out->buf)));
	ff_buf_clear(&out->buf);
	return FF_FAULT("drain.mid_copy") ? FF_DATABASE : FF_OK;
}

static enum ff_err
done(struct ff_rows_out *out, enum ff_err err)
{
	if (err != FF_OK)
		ff_buf_free(&out->buf);
	return err;
}

enum ff_err
ff_rows_next(struct ff_rows_out *out)
{
	out->n++;
	return out->buf.len < PIECE ? FF_OK : done(out, send(out));
}

static enum ff_err
finish(struct ff_rows_out *out)
{
	int64_t taken;

	if (out->n == 0)
		return FF_OK;
	if (out->buf.len > 0)
		FF_TRY(send(out));
	FF_TRY(ff_copy_end(out->db, &taken));
	if (taken == out->n)
		return FF_OK;
	ff_error("drain", "%s: %lld rows sent, %lld taken", ff_stmts[out->stmt].name, (long long)out->n,
	    (long long)taken);
	return FF_INTERNAL;
}

enum ff_err
ff_rows_end(struct ff_rows_out *out)
{
	enum ff_err err = finish(out);

	ff_buf_free(&out->buf);
	return err;
}
