/* export_query.c - POST /api/export/query: the rows of a question as CSV or JSON lines, all of them. The question is asked page
 * by page, so the memory is that of a page; figures that change meanwhile may move a row from one page to the next. */
#include "base/limits.h"
#include "door/app.h"
#include "fact/export.h"
#include "room/api/query.h"
#include "room/api/room.h"
#include "wire/csv.h"

#define PAGE    1000
#define PIECE   (64 * 1024)
#define SMALL   (256 * 1024)
#define RETRY_S 30

struct paging {
	struct ff_stream     stream; /* first: it is this one's address */
	const struct ff_req *req;
	struct ff_api_query *query;
	struct ff_arena      page;
	struct ff_api_answer answer;
	size_t               row;
	int64_t              left, slot;
	bool                 csv, bom, begun, over;
};

static void
put_head(struct paging *p, struct ff_buf *out)
{
	const struct ff_query *q = &p->query->q;

	if (!p->csv)
		return;
	if (p->bom)
		ff_buf_z(out, "\xef\xbb\xbf");
	for (size_t i = 0; i < q->n_dims; i++)
		ff_csv_field(out, p->query->dims[i].name, i == 0);
	for (size_t m = 0; m < q->n_metrics; m++)
		ff_csv_field(out, ff_str_from(ff_metric_name(q->metrics[m])), q->n_dims == 0 && m == 0);
	ff_csv_end(out);
}

/* A number as JSON has it; money is an object there, and its value here. */
static struct ff_str
number(struct paging *p, const struct ff_result_row *row, size_t m)
{
	struct ff_json_out json;
	struct ff_buf      text;
	struct ff_str      out;

	ff_buf_init(&text, 1024);
	ff_json_out_init(&json, &text);
	ff_api_put_metric(&json, p->query, &p->answer.result, row, m);
	out = ff_str_dup(&p->page, ff_buf_view(&text));
	ff_buf_free(&text);
	return ff_str_eqz(out, "null") ? FF_STR("") : out;
}

static void
put_csv(struct paging *p, const struct ff_result_row *row, struct ff_buf *out)
{
	const struct ff_query *q = &p->query->q;

	for (size_t i = 0; i < q->n_dims; i++)
		ff_csv_field(out, ff_api_label(&p->page, p->query, row, i), i == 0);
	for (size_t m = 0; m < q->n_metrics; m++)
		ff_csv_field(out, number(p, row, m), q->n_dims == 0 && m == 0);
	ff_csv_end(out);
}

static void
put_line(struct paging *p, const struct ff_result_row *row, struct ff_buf *out)
{
	const struct ff_query *q = &p->query->q;
	struct ff_json_out     json;

	ff_json_out_init(&json, out);
	ff_json_object(&json);
	for (size_t i = 0; i < q->n_dims; i++) {
		ff_json_put_key_str(&json, p->query->dims[i].name);
		ff_json_put_str(&json, ff_api_label(&p->page, p->query, row, i));
	}
	for (size_t m = 0; m < q->n_metrics; m++) {
		ff_json_put_key(&json, ff_metric_name(q->metrics[m]));
		ff_api_put_metric(&json, p->query, &p->answer.result, row, m);
	}
	ff_json_object_end(&json);
	ff_buf_char(out, '\n');
}

static enum ff_err
turn(struct paging *p, struct ff_fault *fault)
{
	struct ff_query *q = &p->query->q;

	if (p->over || p->left == 0)
		return FF_END;
	ff_arena_reset(&p->page);
	q->limit = p->left < PAGE ? p->left : PAGE;
	FF_TRY(ff_api_query_run(p->req->app->db, &p->page, p->query, &p->answer, fault));
	q->offset += (int64_t)p->answer.result.n;
	p->left -= (int64_t)p->answer.result.n;
	p->over = (int64_t)p->answer.result.n < q->limit;
	p->row = 0;
	return p->answer.result.n > 0 ? FF_OK : FF_END;
}

static enum ff_err
put_piece(struct paging *p, struct ff_buf *out, struct ff_fault *fault)
{
	size_t began = out->len;

	if (!p->begun) {
		put_head(p, out);
		p->begun = true;
	}
	if (p->row >= p->answer.result.n) {
		enum ff_err err = turn(p, fault);

		if (err != FF_OK)
			return err == FF_END && out->len > began ? FF_OK : err;
	}
	for (; p->row < p->answer.result.n && out->len - began < PIECE; p->row++) {
		if (p->csv)
			put_csv(p, &p->answer.result.rows[p->row], out);
		else
			put_line(p, &p->answer.result.rows[p->row], out);
	}
	return FF_OK;
}

static enum ff_err
send_next(struct ff_stream *stream, struct ff_buf *out)
{
	struct ff_fault fault = { .why = "" };

	return put_piece((struct paging *)stream, out, &fault);
}

static void
send_close(struct ff_stream *stream)
{
	struct paging *p = (struct paging *)stream;

	ff_arena_free(&p->page);
	ff_export_slot_back(p->req->app->db, p->req->arena, p->slot);
}

/* ?format=csv|jsonl&bom=true: the body is the question's own. */
static enum ff_err
read_format(const struct ff_req *req, struct paging *p, struct ff_fault *fault)
{
	struct ff_pairs pairs;
	struct ff_str   format;

	FF_TRY(ff_query_parse(req->arena, req->query, FF_PAIRS_MAX, &pairs, fault));
	format = ff_pairs_find(&pairs, "format");
	p->csv = !ff_str_eqz(format, "jsonl");
	p->bom = ff_str_eqz(ff_pairs_find(&pairs, "bom"), "true");
	if (p->csv && format.len > 0 && !ff_str_eqz(format, "csv"))
		return ff_fault_set(fault, FF_INVALID, "format", "must be csv or jsonl");
	return FF_OK;
}

/* What the question says of pages counts; without it all rows are meant. */
static enum ff_err
prepare(const struct ff_req *req, struct paging *p, struct ff_fault *fault)
{
	const struct ff_json *body, *pages;

	FF_TRY(ff_json_parse_deep(req->arena, req->body, FF_QUERY_DEPTH_MAX, &body, fault));
	p->query = FF_NEW(req->arena, struct ff_api_query);
	FF_TRY(ff_api_query_prepare(req, body, p->query, fault));
	p->query->compare = FF_API_COMPARE_NO;
	pages = ff_json_get(ff_json_get(body, "pagination"), "limit");
	p->left = pages == NULL || p->query->q.limit == 0 ? INT64_MAX : p->query->q.limit;
	return read_format(req, p, fault);
}

enum ff_err
ff_api_export_query(const struct ff_req *req, struct ff_res *res)
{
	struct paging *p = FF_NEW(req->arena, struct paging);
	int64_t        workers = req->app->conf->stats_workers;
	enum ff_err    err = FF_OK;

	*p = (struct paging){ .stream = { send_next, send_close }, .req = req };
	FF_TRY(prepare(req, p, &res->fault));
	res->retry_after = RETRY_S;
	FF_TRY(ff_export_slot_take(req->app->db, req->arena, workers > 1 ? workers - 1 : 1, &p->slot));
	ff_arena_init(&p->page);
	res->content_type = ff_export_type(p->csv ? FF_EXPORT_CSV : FF_EXPORT_JSONL);
	while (err == FF_OK && res->body.len < SMALL)
		err = put_piece(p, &res->body, &res->fault);
	if (err == FF_OK) {
		res->stream = &p->stream;
		return FF_OK;
	}
	send_close(&p->stream);
	return err == FF_END ? FF_OK : err;
}
