#include "drain/drain.h"
#include "base/io.h"
#include "room/cron/cron.h"

/* Below this part of a batch the spool is as good as empty: the rest comes with the next round. */
#define FULL_ENOUGH 20

static enum ff_err
open_drain(struct ff_cron *cron, struct ff_run *run)
{
	struct ff_str           dir = ff_str_printf(&run->arena, "%s/spool", cron->conf->state_dir);
	struct ff_drain_options options = { .spool_dir = dir.p, .batch = (size_t)cron->conf->batch,
		.bad_max = (size_t)cron->conf->bad_max, .retention = ff_cron_retention(cron) };

	if (cron->drain != NULL)
		return FF_OK;
	FF_TRY(ff_io_make_dir(dir.p, 0750));
	return ff_drain_open(&cron->drain, cron->db, &options);
}

static void
add(struct ff_drain_report *sum, const struct ff_drain_report *one)
{
	sum->records += one->records;
	sum->stored += one->stored;
	sum->duplicates += one->duplicates;
	sum->bad += one->bad;
	sum->robots += one->robots;
	sum->strangers += one->strangers;
	sum->visits += one->visits;
	sum->finished += one->finished;
	sum->unreadable = one->unreadable;
}

static void
tell(struct ff_run *run, const struct ff_drain_report *sum)
{
	ff_run_say(run, "%lld records: %lld stored (%lld by robots, %lld of unknown items), %lld duplicates, %lld bad; "
	    "%lld visits begun, %lld segments finished",
	    (long long)sum->records, (long long)sum->stored, (long long)sum->robots, (long long)sum->strangers,
	    (long long)sum->duplicates, (long long)sum->bad, (long long)sum->visits, (long long)sum->finished);
	if (sum->unreadable > 0)
		ff_run_say(run, "%lld segments cannot be read", (long long)sum->unreadable);
}

static enum ff_err
batches(struct ff_cron *cron, struct ff_run *run, struct ff_drain_report *sum)
{
	struct ff_drain_report one;

	do {
		FF_TRY(ff_drain_run(cron->drain, cron->now(), &one));
		add(sum, &one);
	} while (one.records * FULL_ENOUGH >= cron->conf->batch && cron->now() < run->deadline_us &&
	    !ff_cron_stopping(cron));
	return FF_OK;
}

/* A drain that failed is opened anew, but where only the database was away. */
static void
settle(struct ff_cron *cron, enum ff_err err)
{
	if (err == FF_OK || err == FF_DATABASE || cron->drain == NULL)
		return;
	ff_drain_close(cron->drain);
	cron->drain = NULL;
}

enum ff_err
ff_task_drain(struct ff_cron *cron, struct ff_run *run)
{
	struct ff_drain_report sum = { 0 };
	enum ff_err            err = open_drain(cron, run);

	if (err == FF_BUSY) { /* a process that follows holds the directory and does the same */
		ff_run_say(run, "another process drains this directory");
		run->idle = true;
		return FF_OK;
	}
	if (err == FF_OK)
		err = batches(cron, run, &sum);
	settle(cron, err);
	run->idle = err == FF_OK && sum.records == 0 && sum.finished == 0;
	if (sum.records > 0 || sum.finished > 0 || err == FF_OK)
		tell(run, &sum);
	return err;
}
