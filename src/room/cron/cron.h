/* cron.h - what happens by itself: a table of tasks, each run alone, at its time, by one process at a time.
 *
 * A task of scope EVERYWHERE serves the whole database: one run for all hosts, its time stands in table `task`.
 * A task of scope HERE looks after this host's files (spool, snapshot, salts): each host runs its own, at every
 * `run` and at its period in `follow`; its place is "host:state directory". Whoever runs a task holds an advisory
 * lock for (task, place), which ends with the process. A failed task waits 2, 4, 8 ... 300 seconds; the others go on.
 * `last error`, failures in a row and the history are in the database (task, task_run).
 *
 * Periods begin at a phase that the task's name and place decide, so that not all tasks and hosts wake at once. A run
 * that was asked for over HTTP (task_ask) is due at once and is always written down. A run that loops stops by itself
 * at its timeout; no statement takes longer than that; after twice the timeout every further statement is refused, and
 * a minute after three times the timeout the process is ended: then something hangs that is no statement. */
#ifndef FF_ROOM_CRON_CRON_H
#define FF_ROOM_CRON_CRON_H

#include "base/buf.h"
#include "base/day.h"
#include "conf/conf.h"
#include "fact/retention.h"

#define FF_TASKS_MAX 32

struct ff_db;
struct ff_drain;

/* Everything that lives as long as the process. */
struct ff_cron {
	struct ff_db         *db;
	const struct ff_conf *conf;
	int64_t             (*now)(void); /* wall clock, us */
	char                  place[320];
	bool                  follows, stop;
	int64_t               next_us[FF_TASKS_MAX];    /* of tasks of scope HERE: not before this */
	int64_t               written_us[FF_TASKS_MAX]; /* when the database last heard that all is well; 0 = say it */
	struct ff_drain      *drain;       /* NULL: not open */
	char                  fingerprint[96]; /* of the sites in the snapshot; "" = look */
	int64_t               snapshot_full_us; /* a look at everything is due */
	bool                  warned_run_dir;
	bool                  known;       /* the database has heard which tasks there are */
	int64_t               timeout_s;   /* of --timeout, in place of each task's own; 0 = none given */
};

/* One run of one task. */
struct ff_run {
	struct ff_arena arena;
	int64_t         started_us, deadline_us;
	struct ff_buf   detail; /* what was done, one sentence; or what is wrong */
	bool            idle;   /* nothing was to be done: not worth a line of history */
	bool            asked;  /* somebody waits to hear how it went, or runs it by hand */
};

enum ff_scope { FF_SCOPE_HERE, FF_SCOPE_EVERYWHERE };

struct ff_task {
	const char    *name;
	int64_t        period_s;  /* 0 = every round */
	int64_t        timeout_s; /* of one statement, and the budget of a run that loops */
	enum ff_scope  scope;
	bool           local; /* needs no database, and runs while there is none */
	enum ff_err  (*fn)(struct ff_cron *cron, struct ff_run *run);
	const char    *help;
};

extern const struct ff_task ff_tasks[];
extern const size_t         ff_tasks_n;

void ff_cron_open(struct ff_cron *cron, struct ff_db *db, const struct ff_conf *conf, int64_t (*now)(void));
void ff_cron_close(struct ff_cron *cron);
/* show.c: `list` and `history`; exit codes. */
int ff_cron_list(struct ff_cron *cron);
int ff_cron_history(struct ff_cron *cron, int argc, char **argv);
const struct ff_task *ff_cron_find(const char *name); /* NULL: there is none */
/* The verbs of the command line; returns the exit code: 0, 1 if a task failed, 2 for a wrong use. */
int ff_cron_main(struct ff_cron *cron, int argc, char **argv);

/* run.c. One task, now or when it is due. FF_BUSY: another process has it; else as the task ended. */
enum ff_err ff_cron_task(struct ff_cron *cron, const struct ff_task *task, bool forced) ff_must_check;
/* run.c. Tells the database which tasks there are, once in the life of a process. */
enum ff_err ff_cron_know(struct ff_cron *cron) ff_must_check;
/* round.c. All that is due, once; *failed = how many failed. FF_DATABASE: it is away, only local tasks ran. */
enum ff_err ff_cron_round(struct ff_cron *cron, int *failed) ff_must_check;
/* follow.c. Rounds until SIGTERM or SIGINT. */
void ff_cron_follow(struct ff_cron *cron, int64_t interval_us);
bool ff_cron_stopping(struct ff_cron *cron); /* long tasks ask between their steps */

struct ff_retention ff_cron_retention(const struct ff_cron *cron); /* retention.c */
/* archive.c. Writes what there is of a site's day, once; an error is said in the run's detail, and the rows must stay. */
enum ff_err ff_cron_archive(struct ff_cron *cron, struct ff_run *run, int32_t site_id, struct ff_str domain,
    int32_t day) ff_must_check;
/* A part of run->detail; parts are joined by "; ". */
void ff_run_say(struct ff_run *run, const char *fmt, ...) ff_printf(2, 3);

/* The tasks, one file each. */
enum ff_err ff_task_partitions(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_drain(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_snapshot(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_salts(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_counters(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_rollups(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_months(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_weeks(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_retention(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_sweep(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_trending(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_together(struct ff_cron *cron, struct ff_run *run) ff_must_check;
enum ff_err ff_task_watched(struct ff_cron *cron, struct ff_run *run) ff_must_check;

#endif
