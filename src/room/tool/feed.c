#include "room/tool/feed.h"
#include "base/day.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "drain/drain.h"
#include "fact/tuple.h"
#include "room/tool/progress.h"
#include "safe/hash.h"
#include "safe/rand.h"
#include "spool/spool.h"

#include <stdlib.h>
#include <unistd.h>

/* How often the other drain is looked at, and after how many looks without progress it is given up. */
#define STEP_US 100000
#define STILL_MAX 300

static const char *
spool_dir(struct ff_tool *tool)
{
	return ff_str_printf(tool->arena, "%s/spool", tool->conf->state_dir).p;
}

enum ff_err
ff_feed_open(struct ff_feed *feed, struct ff_tool *tool)
{
	const struct ff_conf         *conf = tool->conf;
	const struct ff_spool_options options = { .dir = spool_dir(tool), .segment_size = (uint32_t)conf->segment_size,
		.soft_limit = (uint64_t)conf->spool_soft, .hard_limit = (uint64_t)conf->spool_hard,
		.tuple_version = FF_TUPLE_VERSION, .sync = true };

	*feed = (struct ff_feed){ .tool = tool, .salts = { { .day = INT32_MIN }, { .day = INT32_MIN } } };
	ff_buf_init(&feed->bytes, (size_t)FF_FEED_GROUP * FF_RECORD_MAX);
	ff_random(feed->master, sizeof feed->master);
	FF_TRY(ff_agents_open(&feed->intake.agents, conf->regexes, conf->jit));
	FF_TRY(ff_geo_open(&feed->intake.geo, conf->geo_database));
	FF_TRY(ff_robot_lists_open(&feed->intake.robots, conf->robot_networks, conf->robot_referrers));
	FF_TRY(ff_io_make_dir(options.dir, 0750));
	return ff_spool_open(&feed->spool, &options);
}

static void
derive(struct ff_feed *feed, int32_t day, struct ff_salt *salt)
{
	struct ff_str part = { (const char *)&day, sizeof day };

	if (salt->day == day)
		return;
	salt->day = day;
	ff_hash(salt->key, sizeof salt->key, feed->master, &part, 1);
}

void
ff_feed_salts(struct ff_feed *feed, struct ff_hit *hit)
{
	int32_t day = ff_day_of_us(hit->ts_us);

	derive(feed, day, &feed->salts[0]);
	derive(feed, day - 1, &feed->salts[1]);
	hit->salt = &feed->salts[0];
	hit->salt_before = &feed->salts[1];
}

enum ff_err
ff_feed_put(struct ff_feed *feed, const struct ff_event *event, struct ff_fault *fault)
{
	if (feed->n == FF_FEED_GROUP)
		FF_TRY(ff_feed_flush(feed));
	if (ff_tuple_encode(event, &feed->bytes, fault) != FF_OK) {
		feed->bytes.len = feed->n == 0 ? 0 : feed->ends[feed->n - 1];
		return FF_INVALID;
	}
	feed->ids[feed->n] = event->event_id;
	feed->received_us[feed->n] = event->received_us;
	feed->ends[feed->n++] = feed->bytes.len;
	return FF_OK;
}

enum ff_err
ff_feed_flush(struct ff_feed *feed)
{
	struct ff_spool_record *records = ff_xcalloc(feed->n, sizeof *records);
	enum ff_err             err = FF_OK;

	for (size_t i = 0, from = 0; i < feed->n; from = feed->ends[i++])
		records[i] = (struct ff_spool_record){ feed->ids[i], feed->received_us[i],
			{ feed->bytes.p + from, feed->ends[i] - from } };
	/* A full spool drains while we wait: nothing is lost by patience. */
	for (int tries = 0; feed->n > 0 && (err = ff_spool_append(feed->spool, records, feed->n)) == FF_STORAGE; tries++) {
		if (tries == 30)
			break;
		if (tries == 0)
			ff_warn("feed", "the spool takes nothing just now, trying again for half a minute");
		sleep(1);
	}
	free(records);
	if (err != FF_OK)
		return err;
	feed->stored += feed->n;
	feed->n = 0;
	ff_buf_clear(&feed->bytes);
	return FF_OK;
}

/* Another process drains: wait until it has taken what was there when we came, for as long as it goes on. What others
 * put behind it meanwhile is not ours to wait for. */
static enum ff_err
wait_for_cron(struct ff_tool *tool, bool quiet)
{
	struct ff_progress    progress;
	struct ff_spool_usage usage;
	struct ff_arena       arena;
	int64_t               until = ff_now();
	uint64_t              first = 0, last = 0;
	int                   still = 0;
	bool                  waiting = false;
	enum ff_err           err;

	ff_arena_init(&arena);
	ff_progress_begin(&progress, "draining", "bytes", quiet);
	while ((err = ff_drain_backlog(tool->db, &arena, spool_dir(tool), &usage)) == FF_OK) {
		waiting = usage.pending > 0 && usage.oldest_us <= until;
		first = first == 0 ? usage.pending : first;
		still = usage.pending == last ? still + 1 : 0;
		last = usage.pending;
		ff_progress_step(&progress, first - (last > first ? first : last), first, first - (last > first ? first : last));
		if (!waiting || still == STILL_MAX)
			break;
		usleep(STEP_US);
		ff_arena_reset(&arena);
	}
	ff_progress_end(&progress);
	ff_arena_free(&arena);
	return err != FF_OK ? err : waiting ? FF_BUSY : FF_OK;
}

static enum ff_err
drain_all(struct ff_feed *feed, struct ff_drain *drain, bool quiet, int64_t *duplicates, int64_t *bad)
{
	struct ff_progress     progress;
	struct ff_drain_report report;
	uint64_t               done = 0;
	enum ff_err            err;

	ff_progress_begin(&progress, "draining", "events", quiet);
	do {
		err = ff_drain_run(drain, ff_now(), &report);
		if (err != FF_OK)
			break;
		done += (uint64_t)report.records;
		*duplicates += report.duplicates;
		*bad += report.bad;
		ff_progress_step(&progress, done, feed->stored, done);
	} while (report.records > 0 || report.finished > 0);
	ff_progress_end(&progress);
	return err;
}

enum ff_err
ff_feed_finish(struct ff_feed *feed, bool wait, bool quiet, int64_t *duplicates, int64_t *bad)
{
	const struct ff_drain_options options = { .spool_dir = spool_dir(feed->tool),
		.batch = (size_t)feed->tool->conf->batch, .bad_max = (size_t)feed->tool->conf->bad_max };
	struct ff_drain              *drain;
	int64_t                       repeated = 0, refused = 0;
	enum ff_err                   err;

	FF_TRY(ff_feed_flush(feed));
	ff_spool_close(feed->spool);
	feed->spool = NULL;
	if (!wait)
		return FF_OK;
	err = ff_drain_open(&drain, feed->tool->db, &options);
	if (err == FF_BUSY) {
		repeated = refused = -1;
		err = wait_for_cron(feed->tool, quiet);
	} else if (err == FF_OK) {
		err = drain_all(feed, drain, quiet, &repeated, &refused);
		ff_drain_close(drain);
	}
	if (duplicates != NULL)
		*duplicates = repeated;
	if (bad != NULL)
		*bad = refused;
	return err;
}

void
ff_feed_free(struct ff_feed *feed)
{
	if (feed->spool != NULL)
		ff_spool_close(feed->spool);
	ff_agents_free(feed->intake.agents);
	ff_geo_free(feed->intake.geo);
	ff_robot_lists_free(feed->intake.robots);
	ff_buf_free(&feed->bytes);
	ff_wipe(feed->master, sizeof feed->master);
	ff_wipe(feed->salts, sizeof feed->salts);
}
