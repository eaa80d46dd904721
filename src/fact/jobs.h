/* jobs.h - tasks of footfall-cron as others see them: how they stand, how they went, asking for a run. Who asks does not do
 * it: footfall-cron takes the ask up, within a second where it follows, else with its next run. */
#ifndef FF_FACT_JOBS_H
#define FF_FACT_JOBS_H

#include "base/err.h"
#include "base/str.h"

struct ff_conf;
struct ff_db;

/* A task where it is run: one row for all hosts, or one a host ("host:state directory"). Times: 0 = never. */
struct ff_job_place {
	struct ff_str place, holder, last_error;
	int64_t       due_us, last_ok_us, begun_us, failures;
	bool          running;
};

struct ff_job {
	struct ff_str        name, help;
	bool                 everywhere; /* one run serves all hosts */
	bool                 asked;      /* a run was asked for and has not begun */
	int64_t              period_s, timeout_s;
	struct ff_job_place *places;
	size_t               n_places;
};

struct ff_job_run {
	int64_t       run_id, begun_us, ended_us;
	struct ff_str task, place, detail;
	bool          ok;
};

/* How it stands with an ask. */
enum ff_ask_state { FF_ASK_WAITING, FF_ASK_RUNNING, FF_ASK_OK, FF_ASK_FAILED, FF_ASK_EXPIRED };

struct ff_ask {
	int64_t           ask_id, asked_us, begun_us, ended_us;
	enum ff_ask_state state;
	struct ff_str     place, detail;
};

/* name FF_STR_NONE: all, ordered by name; none known before footfall-cron has run. FF_NOT_FOUND: no such task. */
enum ff_err ff_jobs_list(struct ff_db *db, struct ff_arena *arena, struct ff_str name, struct ff_job **out, size_t *n)
	ff_must_check;
/* Newest first; task FF_STR_NONE: of all. */
enum ff_err ff_jobs_runs(struct ff_db *db, struct ff_arena *arena, struct ff_str task, int64_t limit,
    struct ff_job_run **out, size_t *n) ff_must_check;
/* Asks for a run that begins after this moment; joined: one waits already, and will do. */
enum ff_err ff_jobs_ask(struct ff_db *db, struct ff_arena *arena, struct ff_str task, struct ff_str actor,
    int64_t *ask_id, bool *joined) ff_must_check;
/* FF_NOT_FOUND: never asked, or more than a week ago. An ask that nobody took up within an hour has expired. */
enum ff_err ff_jobs_asked(struct ff_db *db, struct ff_arena *arena, struct ff_str task, int64_t ask_id,
    struct ff_ask *out) ff_must_check;

/* The secret of signed requests: jobs.secret_file, else jobs.secret in state_dir. FF_NOT_FOUND; FF_FORBIDDEN: others can
 * read it; FF_INVALID: shorter than 32 bytes. The two are logged. */
enum ff_err ff_jobs_secret_read(struct ff_arena *arena, const struct ff_conf *conf, struct ff_str *out) ff_must_check;
/* Makes it, 64 hex digits for its owner alone; renew: also in place of one that is there. */
enum ff_err ff_jobs_secret_make(struct ff_arena *arena, const struct ff_conf *conf, bool renew) ff_must_check;
/* Remembers a signature for ten minutes. *first: it was not there. */
enum ff_err ff_signature_first(struct ff_db *db, struct ff_arena *arena, const uint8_t mac[32], bool *first) ff_must_check;

#endif
