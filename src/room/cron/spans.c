#include "fact/spans.h"
#include "room/cron/cron.h"
#include "store/db.h"

/* Each is a transaction, and the drain waits for it: what is left comes with the next run. */
#define AT_ONCE 50

static enum ff_err
make(struct ff_cron *cron, struct ff_run *run, enum ff_span_kind kind, const struct ff_span *span)
{
	struct ff_rows rows;
	enum ff_err    err;

	FF_TRY(ff_tx_begin(cron->db));
	err = ff_db_query(cron->db, &run->arena, FF_STMT_FIGURES_LOCK, NULL, 0, &rows);
	if (err == FF_OK)
		err = ff_span_make(cron->db, &run->arena, kind, span);
	return ff_tx_end(cron->db, err);
}

static enum ff_err
make_due(struct ff_cron *cron, struct ff_run *run, enum ff_span_kind kind, const char *what)
{
	struct ff_span *spans;
	size_t          n, made = 0;

	FF_TRY(ff_spans_due(cron->db, &run->arena, kind, run->started_us, AT_ONCE, &spans, &n));
	while (made < n && cron->now() < run->deadline_us && !ff_cron_stopping(cron))
		FF_TRY(make(cron, run, kind, &spans[made++]));
	run->idle = made == 0;
	ff_run_say(run, "%zu %s of sites were made from their days", made, what);
	return FF_OK;
}

enum ff_err
ff_task_months(struct ff_cron *cron, struct ff_run *run)
{
	return make_due(cron, run, FF_SPAN_MONTH, "months");
}

enum ff_err
ff_task_weeks(struct ff_cron *cron, struct ff_run *run)
{
	return make_due(cron, run, FF_SPAN_WEEK, "weeks");
}
