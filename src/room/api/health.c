/* health.c - GET /api/health: is everything there, and is anything waiting?
 *
 * "ok" and "warning" answer 200, "degraded" 503: the database cannot be asked, or its schema is missing. It needs
 * neither a key nor the database. Secrets are not read: of the salts only the age of their file is shown. */
#include "base/day.h"
#include "drain/drain.h"
#include "fact/ledger.h"
#include "room/api/room.h"
#include "spool/spool.h"
#include "store/db.h"

#include <sys/stat.h>

/* The drain is asked for every second or every minute: ten minutes of silence are a fault of somebody's. */
#define DRAIN_LATE_US (600 * FF_US_S)
/* Salts are made anew each day. */
#define SALTS_OLD_US (36 * FF_US_HOUR)

#define AWAY "the database is not reachable"

enum { PROBLEMS_MAX = 12 };

struct health {
	const struct ff_req *req;
	struct ff_json_out   out;
	const char          *problems[PROBLEMS_MAX];
	size_t               n_problems;
	bool                 degraded;
};

static void
problem(struct health *h, const char *text, bool degraded)
{
	h->degraded = h->degraded || degraded;
	if (h->n_problems < PROBLEMS_MAX)
		h->problems[h->n_problems++] = text;
}

static const char *
path_of(const struct health *h, const char *dir, const char *name)
{
	return ff_str_z(h->req->arena, ff_str_printf(h->req->arena, "%s/%s", dir, name));
}

static void
put_number(struct health *h, const char *key, int64_t n)
{
	ff_json_put_key(&h->out, key);
	ff_json_put_i64(&h->out, n);
}

/* When, and how many seconds ago; null if never. */
static void
put_time(struct health *h, const char *key, int64_t us)
{
	char text[32];

	ff_time_print(us, text);
	ff_json_put_key(&h->out, key);
	ff_json_put_z(&h->out, us > 0 ? text : NULL);
	ff_json_put_key(&h->out, "age_s");
	if (us > 0)
		ff_json_put_i64(&h->out, (h->req->now_us - us) / FF_US_S);
	else
		ff_json_put_null(&h->out);
}

static void
put_drain(struct health *h, const struct ff_rows *rows)
{
	int64_t last = ff_row_null(rows, 0, 1) ? 0 : ff_row_us(rows, 0, 1);

	ff_json_put_key(&h->out, "drain");
	ff_json_object(&h->out);
	put_time(h, "last", last);
	put_number(h, "quarantined", ff_row_i64(rows, 0, 2));
	put_number(h, "failing_tasks", ff_row_i64(rows, 0, 3));
	ff_json_object_end(&h->out);
	if (last == 0 || h->req->now_us - last > DRAIN_LATE_US)
		problem(h, "the drain has not looked at the spool for ten minutes", false);
	if (ff_row_i64(rows, 0, 2) > 0)
		problem(h, "records are in quarantine", false);
	if (ff_row_i64(rows, 0, 3) > 0)
		problem(h, "tasks are failing", false);
}

static void
put_reason(struct health *h, int64_t reason, int64_t n)
{
	if (reason > FF_REASON_STORED && reason < FF_REASON_COUNT && n > 0)
		put_number(h, ff_reason_name((enum ff_reason)reason), n);
}

/* What the drain left out beyond what the collector refused. */
static enum ff_err
put_drained(struct health *h)
{
	struct ff_arg  all = ff_arg_null();
	struct ff_rows rows;

	FF_TRY(ff_db_query(h->req->app->db, h->req->arena, FF_STMT_DRAINED_READ, &all, 1, &rows));
	ff_json_put_key(&h->out, "drained_without");
	ff_json_object(&h->out);
	for (int i = 0; i < rows.n; i++)
		put_reason(h, ff_row_i64(&rows, i, 0), ff_row_i64(&rows, i, 1));
	ff_json_object_end(&h->out);
	return FF_OK;
}

static enum ff_err
ask_database(struct health *h, struct ff_rows *rows)
{
	FF_TRY(ff_db_ping(h->req->app->db));
	return ff_db_query(h->req->app->db, h->req->arena, FF_STMT_HEALTH_READ, NULL, 0, rows);
}

static void
put_database(struct health *h)
{
	struct ff_rows rows;
	enum ff_err    err = ask_database(h, &rows);

	ff_json_put_key(&h->out, "database");
	ff_json_object(&h->out);
	ff_json_put_key(&h->out, "reachable");
	ff_json_put_bool(&h->out, err != FF_DATABASE);
	if (err == FF_OK)
		put_number(h, "migration", ff_row_i64(&rows, 0, 0));
	ff_json_object_end(&h->out);
	if (err != FF_OK) {
		problem(h, err == FF_DATABASE ? AWAY : "the database holds no schema of ours", true);
		return;
	}
	put_drain(h, &rows);
	if (put_drained(h) != FF_OK)
		problem(h, AWAY, true);
}

static void
put_spool(struct health *h)
{
	const struct ff_conf *conf = h->req->app->conf;
	struct ff_spool_usage usage;

	/* A database that did not answer just now is not asked again. */
	if (ff_drain_backlog(h->degraded ? NULL : h->req->app->db, h->req->arena, path_of(h, conf->state_dir, "spool"),
	        &usage) != FF_OK) {
		problem(h, "the spool cannot be read", false);
		return;
	}
	ff_json_put_key(&h->out, "spool");
	ff_json_object(&h->out);
	put_number(h, "bytes", (int64_t)usage.bytes);
	put_number(h, "pending_bytes", (int64_t)usage.pending);
	put_number(h, "pending_records", (int64_t)usage.records);
	put_number(h, "segments", (int64_t)usage.segments);
	put_number(h, "soft_limit", conf->spool_soft);
	put_number(h, "hard_limit", conf->spool_hard);
	put_time(h, "oldest", usage.oldest_us);
	ff_json_object_end(&h->out);
	if ((int64_t)usage.bytes > conf->spool_soft)
		problem(h, "the spool is over its soft limit", false);
}

static void
put_ledger(struct health *h)
{
	struct ff_ledger       *ledger;
	struct ff_ledger_counts counts;

	if (ff_ledger_open(&ledger, path_of(h, h->req->app->conf->state_dir, "ledger"), 0) != FF_OK) {
		problem(h, "there is no ledger: no collector has run here", false);
		return;
	}
	ff_ledger_read(ledger, &counts);
	ff_ledger_close(ledger);
	ff_json_put_key(&h->out, "ledger");
	ff_json_object(&h->out);
	put_number(h, "received", (int64_t)counts.received);
	put_number(h, "in_hand", (int64_t)counts.in_hand);
	put_number(h, "stored", (int64_t)counts.by_reason[FF_REASON_STORED]);
	put_number(h, "robots", (int64_t)counts.robots);
	ff_json_put_key(&h->out, "dropped");
	ff_json_object(&h->out);
	for (int reason = 0; reason < FF_REASON_COUNT; reason++)
		put_reason(h, reason, (int64_t)counts.by_reason[reason]);
	ff_json_object_end(&h->out);
	ff_json_object_end(&h->out);
}

static void
put_salts(struct health *h)
{
	struct stat st;
	int64_t     made_us;

	if (stat(path_of(h, h->req->app->conf->run_dir, "salts"), &st) != 0) {
		problem(h, "there are no salts: views are counted without visitors", false);
		return;
	}
	made_us = (int64_t)st.st_mtime * FF_US_S;
	ff_json_put_key(&h->out, "salts");
	ff_json_object(&h->out);
	put_time(h, "made", made_us);
	ff_json_object_end(&h->out);
	if (h->req->now_us - made_us > SALTS_OLD_US)
		problem(h, "salts have not been changed for a day and a half", false);
}

enum ff_err
ff_api_health(const struct ff_req *req, struct ff_res *res)
{
	struct health h = { .req = req };

	res->content_type = "application/json";
	ff_json_out_init(&h.out, &res->body);
	ff_json_object(&h.out);
	put_database(&h);
	put_spool(&h);
	put_ledger(&h);
	put_salts(&h);
	ff_json_put_key(&h.out, "status");
	ff_json_put_z(&h.out, h.degraded ? "degraded" : h.n_problems > 0 ? "warning" : "ok");
	ff_json_put_key(&h.out, "problems");
	ff_json_array(&h.out);
	for (size_t i = 0; i < h.n_problems; i++)
		ff_json_put_z(&h.out, h.problems[i]);
	ff_json_array_end(&h.out);
	ff_json_object_end(&h.out);
	res->status = h.degraded ? 503 : 200;
	return FF_OK;
}
