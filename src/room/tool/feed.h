/* feed.h - events from the command line into the spool, the same durable way as the collector's, and then through
 * the drain: what import and demo share. */
#ifndef FF_ROOM_TOOL_FEED_H
#define FF_ROOM_TOOL_FEED_H

#include "base/buf.h"
#include "intake/enrich.h"
#include "room/tool/tool.h"

struct ff_spool_writer;

#define FF_FEED_GROUP 2000 /* records a sync */

struct ff_feed {
	struct ff_tool         *tool;
	struct ff_intake        intake;
	struct ff_spool_writer *spool;
	struct ff_buf           bytes;                 /* payloads of the group */
	size_t                  ends[FF_FEED_GROUP];   /* where each payload ends */
	struct ff_uuid          ids[FF_FEED_GROUP];
	int64_t                 received_us[FF_FEED_GROUP];
	size_t                  n;
	uint64_t                stored;                /* records on disk */
	uint8_t                 master[32];            /* of this feed's salts; forgotten with the process */
	struct ff_salt          salts[2];
};

enum ff_err ff_feed_open(struct ff_feed *feed, struct ff_tool *tool) ff_must_check;
/* Salts for the UTC day of ts, made for this feed alone: past days' real ones are destroyed. */
void ff_feed_salts(struct ff_feed *feed, struct ff_hit *hit);
enum ff_err ff_feed_put(struct ff_feed *feed, const struct ff_event *event, struct ff_fault *fault) ff_must_check;
enum ff_err ff_feed_flush(struct ff_feed *feed) ff_must_check;
/* Seals the spool. wait: drains it, or waits for the footfall-cron that does. *duplicates and *bad (of this process's
 * draining; -1 if another process drained) may be NULL. */
enum ff_err ff_feed_finish(struct ff_feed *feed, bool wait, bool quiet, int64_t *duplicates, int64_t *bad)
	ff_must_check;
void ff_feed_free(struct ff_feed *feed);

#endif
