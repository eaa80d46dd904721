/* metrics.c - GET /metrics: what a monitoring system watches, in Prometheus' text format 0.0.4.
 *
 * It needs no key, like /api/health, and tells no figures of a site; a web server can restrict it. What cannot be read
 * is left out and footfall_up says so: a scrape never fails. */
#include "base/day.h"
#include "door/meter.h"
#include "drain/drain.h"
#include "fact/ledger.h"
#include "room/api/room.h"
#include "spool/spool.h"
#include "store/db.h"

struct metrics {
	const struct ff_req *req;
	struct ff_buf       *out;
};

static void
about(struct metrics *m, const char *name, const char *type, const char *help)
{
	ff_buf_printf(m->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
one(struct metrics *m, const char *name, const char *type, const char *help, double value)
{
	about(m, name, type, help);
	ff_buf_printf(m->out, "%s %.17g\n", name, value);
}

static const char *
path_of(const struct metrics *m, const char *dir, const char *name)
{
	return ff_str_z(m->req->arena, ff_str_printf(m->req->arena, "%s/%s", dir, name));
}

/* A label's value: backslash, quote and newline are escaped. */
static void
put_label(struct metrics *m, const char *name, struct ff_str value)
{
	ff_buf_printf(m->out, "%s=\"", name);
	for (size_t i = 0; i < value.len; i++) {
		if (value.p[i] == '\\' || value.p[i] == '"')
			ff_buf_char(m->out, '\\');
		if (value.p[i] == '\n')
			ff_buf_z(m->out, "\\n");
		else
			ff_buf_char(m->out, value.p[i]);
	}
	ff_buf_char(m->out, '"');
}

static void
put_ledger(struct metrics *m)
{
	struct ff_ledger       *ledger;
	struct ff_ledger_counts counts;

	if (ff_ledger_open(&ledger, path_of(m, m->req->app->conf->state_dir, "ledger"), 0) != FF_OK)
		return;
	ff_ledger_read(ledger, &counts);
	ff_ledger_close(ledger);
	one(m, "footfall_events_received_total", "counter", "Events that came to the collectors of this host.",
	    (double)counts.received);
	one(m, "footfall_events_stored_total", "counter", "Events that were acknowledged.",
	    (double)counts.by_reason[FF_REASON_STORED]);
	one(m, "footfall_events_robots_total", "counter", "Robots among the stored events.", (double)counts.robots);
	about(m, "footfall_events_dropped_total", "counter", "Events that were refused, by reason.");
	for (int reason = FF_REASON_STORED + 1; reason < FF_REASON_COUNT; reason++)
		ff_buf_printf(m->out, "footfall_events_dropped_total{reason=\"%s\"} %llu\n",
		    ff_reason_name((enum ff_reason)reason), (unsigned long long)counts.by_reason[reason]);
}

static void
put_spool(struct metrics *m, bool ask)
{
	const struct ff_conf *conf = m->req->app->conf;
	struct ff_spool_usage usage;

	if (ff_drain_backlog(ask ? m->req->app->db : NULL, m->req->arena, path_of(m, conf->state_dir, "spool"), &usage) != FF_OK)
		return;
	one(m, "footfall_spool_bytes", "gauge", "Size of the spool.", (double)usage.bytes);
	one(m, "footfall_spool_pending_records", "gauge", "Events that wait for the drain.", (double)usage.records);
	one(m, "footfall_spool_segments", "gauge", "Segments in the spool.", (double)usage.segments);
	one(m, "footfall_spool_oldest_age_seconds", "gauge", "Age of the oldest segment that waits; 0: none does.",
	    usage.oldest_us > 0 ? (double)(m->req->now_us - usage.oldest_us) / FF_US_S : 0);
}

static void
put_task(struct metrics *m, const char *name, const struct ff_rows *rows, int row, double value)
{
	ff_buf_printf(m->out, "%s{", name);
	put_label(m, "task", ff_row_str(rows, row, 0));
	ff_buf_char(m->out, ',');
	put_label(m, "place", ff_row_str(rows, row, 1));
	ff_buf_printf(m->out, "} %.17g\n", value);
}

static void
put_tasks(struct metrics *m, const struct ff_rows *rows)
{
	about(m, "footfall_task_failures", "gauge", "Failures of a task in a row.");
	for (int i = 0; i < rows->n; i++)
		put_task(m, "footfall_task_failures", rows, i, (double)ff_row_i64(rows, i, 2));
	about(m, "footfall_task_last_success_timestamp_seconds", "gauge", "When a task went well last.");
	for (int i = 0; i < rows->n; i++)
		if (!ff_row_null(rows, i, 3))
			put_task(m, "footfall_task_last_success_timestamp_seconds", rows, i,
			    (double)ff_row_us(rows, i, 3) / FF_US_S);
	about(m, "footfall_task_late_seconds", "gauge", "How long a task has been due.");
	for (int i = 0; i < rows->n; i++)
		put_task(m, "footfall_task_late_seconds", rows, i, (double)ff_row_i64(rows, i, 4));
}

/* False: the database is away. */
static bool
put_database(struct metrics *m)
{
	struct ff_db  *db = m->req->app->db;
	struct ff_rows health, tasks;
	bool           up = ff_db_ping(db) == FF_OK &&
	    ff_db_query(db, m->req->arena, FF_STMT_HEALTH_READ, NULL, 0, &health) == FF_OK &&
	    ff_db_query(db, m->req->arena, FF_STMT_METRICS_TASKS, NULL, 0, &tasks) == FF_OK;

	one(m, "footfall_up", "gauge", "1: the database answers.", up);
	if (!up)
		return false;
	one(m, "footfall_schema_migration", "gauge", "Number of the newest migration.", (double)ff_row_i64(&health, 0, 0));
	if (!ff_row_null(&health, 0, 1))
		one(m, "footfall_drain_last_timestamp_seconds", "gauge", "When the drain looked at the spool last.",
		    (double)ff_row_us(&health, 0, 1) / FF_US_S);
	one(m, "footfall_quarantined_records", "gauge", "Records that the drain could not store.",
	    (double)ff_row_i64(&health, 0, 2));
	put_tasks(m, &tasks);
	return true;
}

static void
put_took(struct metrics *m, const struct ff_meter_read *read)
{
	static const int limits[] = FF_METER_LIMITS_MS;
	uint64_t         n = 0;

	about(m, "footfall_http_request_duration_seconds", "histogram", "Requests to the statistics program by duration.");
	for (size_t i = 0; i < FF_METER_BUCKETS; i++) {
		n += read->took[i];
		if (i < FF_METER_BUCKETS - 1)
			ff_buf_printf(m->out, "footfall_http_request_duration_seconds_bucket{le=\"%g\"} %llu\n", limits[i] / 1000.0,
			    (unsigned long long)n);
	}
	ff_buf_printf(m->out, "footfall_http_request_duration_seconds_bucket{le=\"+Inf\"} %llu\n", (unsigned long long)n);
	ff_buf_printf(m->out, "footfall_http_request_duration_seconds_sum %.6f\n", (double)read->took_us / 1e6);
	ff_buf_printf(m->out, "footfall_http_request_duration_seconds_count %llu\n", (unsigned long long)n);
}

static void
put_requests(struct metrics *m)
{
	static const char *const names[] = {
#define METER_NAME(id, name) [FF_METER_##id] = (name),
		FF_METERS(METER_NAME)
#undef METER_NAME
	};
	struct ff_meter_read read;

	ff_meter_read(m->req->app->meter, &read);
	about(m, "footfall_http_requests_total", "counter", "Requests to the statistics program by class of status.");
	for (int class = 2; class < 6; class++)
		ff_buf_printf(m->out, "footfall_http_requests_total{class=\"%dxx\"} %llu\n", class,
		    (unsigned long long)read.status[class]);
	about(m, "footfall_answers_total", "counter", "Where answers came from, and questions that were too many.");
	for (size_t i = 0; i < FF_METER_COUNT; i++)
		ff_buf_printf(m->out, "footfall_answers_total{from=\"%s\"} %llu\n", names[i], (unsigned long long)read.counts[i]);
	put_took(m, &read);
}

enum ff_err
ff_api_metrics(const struct ff_req *req, struct ff_res *res)
{
	struct metrics m = { .req = req, .out = &res->body };
	bool           up;

	res->content_type = "text/plain; version=0.0.4; charset=utf-8";
	up = put_database(&m);
	put_ledger(&m);
	put_spool(&m, up);
	put_requests(&m);
	return FF_OK;
}
