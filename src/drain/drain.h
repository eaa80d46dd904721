/* drain.h - from spool records to visits, events, rollups and counters, exactly once.
 *
 * One call of ff_drain_run is one transaction: position rows FOR UPDATE, decode, duplicates, labels, items, visits,
 * events, rollups, counters, new positions, COMMIT. The position stands in the database alone, so whatever is
 * killed or cut, the next run begins where the last committed one ended. Batches of several drains (one a spool
 * directory) into one database follow each other by an advisory lock.
 *
 * What the figures mean (fact/query and the raw fallbacks rely on it):
 * - Quiet kinds report about a page or a medium and are no events of their own: ENGAGEMENT, MEDIA, PERFORMANCE, ERROR.
 *   Still ones are of the machine and no sign of its user: PERFORMANCE, ERROR.
 * - pageviews: kind PAGEVIEW. events: all kinds but the quiet ones. engaged_ms: the sum over all kinds.
 * - views (raw): PAGEVIEW or VIEW of an item, unless view_type is LISTING (an impression). Counters count the same.
 *   unique: a view that begins a window of its visitor and item (FF_FLAG_UNIQUE on its row; windows.h); views without
 *   identity are raw alone. qualified: a window whose attention reached the site's rule, once, in the bucket of its
 *   beginning; it stands in content_window alone (FF_FLAG_QUALIFIED is on no row: attention comes when the view's row is
 *   long written). So qualified <= unique <= raw for every item, hour and day.
 * - An ENGAGEMENT that names no item is about the one that its page was last seen with (pages.c), if its visitor has a
 *   window of that: then its row has that content_id. The drain takes events as they were received: attention that
 *   comes before its view belongs to no window.
 * - Items: content_hour and content_day, by item and by signed in or not (the event's own flag). impressions: PAGEVIEW or
 *   VIEW of type LISTING. clicks: views that name a list. plays, completions: windows. reactions, comments, shares and
 *   follows: one an event, less those whose measure is below zero.
 * - An item's author (content.owner, as the drain saw it last, is the viewer's sub) is robot FF_ROBOT_OWNER.
 * - visitors: distinct `visitor` of rows with visitor <> 0 whose kind is not quiet.
 * - robots (event.robot <> 0): rows with visit_id 0; rolled up as events and pageviews of dimension ROBOT alone
 *   (value = the robot's number), in no other figure.
 * - visit: events of one visitor at most FF_VISIT_IDLE_S apart. Its `visitor` is the identity of the event that began
 *   it; after midnight its later events are stored with that identity too, so a visit has one visitor (it ends six
 *   hours behind the UTC midnight at the latest: visits.h). Late events
 *   extend an existing visit within the idle distance; visits are never merged. Quiet kinds begin no visit: without
 *   one their row has visit_id 0. Still ones join a visit, but do not make it longer.
 * - interactive: every kind that is not quiet, but for a VIEW of type LISTING, without FF_FLAG_NON_INTERACTIVE. A bounce
 *   is a visit with at most one. duration_s: whole seconds between first and last activity, engagement included.
 * - visits, bounces and duration stand in the bucket of the visit's start (and move with it if a late event makes
 *   it earlier); pageviews, views, events, engaged and visitors in the bucket of the event.
 * - Dimensions of level V take the visit's values (its first event decides, as the drain saw it); events without a
 *   visit (visit_id 0) give their own, which their rows keep in `traits`. Dimensions of level E hold no visits, bounces or
 *   duration. Values are labels, an empty text too, but: no row for an empty utm_*, an empty page or hostname (of the
 *   event, of a visit's entry or exit), and for the name of a quiet kind. There are none of dimensions ITEM, KIND, OWNER and
 *   COLLECTION.
 *   CHANNEL, DEVICE, SCREEN (its class: fact/screen.h), ROBOT, VIEW_TYPE, VIEW_SOURCE = their numbers; AUTH = 1 for signed-in
 *   viewers; TOTAL = 0.
 *   VIEW_TYPE and VIEW_SOURCE: of PAGEVIEW and VIEW about an item alone, impressions too.
 * - ENTRY_*: page and host of the visit's first pageview, EXIT_*: of its last. Late events move the entry, later ones the
 *   exit: visits, bounces and duration move along. EXIT_* hold nothing else. ENTRY_* hold what the visit's events add;
 *   where an entry moves after earlier events were counted, theirs stay where they were until the task `rollups` counts
 *   the day anew (rollup_unsettled).
 * - Dimensions from 18 on have rows of local days from the site's rolled_since on.
 * - An unknown item of a strict site stays out: its event is stored with content_id NULL and counted in
 *   drain_count as UNKNOWN_ITEM. On an open site an item beyond items_max does too, counted as OVER_CAP.
 * - New texts beyond a day's caps (caps.h) have the label "(other)"; so have, in rollups alone, values beyond values_max of a
 *   dimension in a local day (values.c), in breakdowns of items those of sources that have no row in the day's rollup.
 * - Events of viewers who asked for erasure (table erasure) are stored without viewer, identity, properties and target,
 *   whenever they come, and counted as ERASED.
 *
 * Events of days that no site keeps (retention) enter the figures as all others. Their rows go to the DEFAULT tables, which
 * the retention task empties a day after the last of their day came; repeats of them are known by event_told, for rows
 * of the same day may be gone when a retry comes. Hours and days that a site does not keep get no rows.
 *
 * Records that cannot be stored (not decodable, unknown site, time out of bounds, refused by PostgreSQL) go to
 * bad_record in the same transaction; repeated ids are counted in drain_count. */
#ifndef FF_DRAIN_DRAIN_H
#define FF_DRAIN_DRAIN_H

#include "base/err.h"
#include "fact/retention.h"

#include <stddef.h>
#include <stdint.h>

struct ff_arena;
struct ff_db;
struct ff_drain;
struct ff_spool_usage;

struct ff_drain_options {
	const char *spool_dir; /* copied */
	size_t      batch;     /* records a transaction at most; 0 = 150,000 */
	size_t      bytes;     /* of their payloads at most (one more may pass it); 0 = 64 MiB */
	struct ff_retention retention; /* days older than raw get no tables of their own, hours older than hours no rows ... */
	size_t      bad_max;   /* more bad records in a batch stop the drain; 0 = 1,000, or 1 % of the batch if that is
	                        * less, but never fewer than 20 */
};

/* Of one batch. records = stored + duplicates + bad; robots and strangers are among the stored. */
struct ff_drain_report {
	int64_t records;
	int64_t stored;
	int64_t duplicates; /* by the client's event id, or an imported line seen before */
	int64_t bad;        /* quarantined */
	int64_t robots;
	int64_t strangers;  /* with an unknown item of a strict site */
	int64_t over_cap;   /* with an item that the site's cap keeps out */
	int64_t erased;     /* of viewers who asked for erasure */
	int64_t visits;     /* begun */
	int64_t finished;   /* segments drained to their end and given back */
	int64_t unreadable; /* segments that could not be read: logged, left alone */
	int64_t newest_us;  /* receive time of the newest record; 0 = none */
};

/* The database is the caller's and must stay open longer; the drain uses it alone meanwhile. FF_BUSY: another
 * process drains this directory. FF_IO, FF_NOT_FOUND: the directory. */
enum ff_err ff_drain_open(struct ff_drain **drain, struct ff_db *db, const struct ff_drain_options *options) ff_must_check;
/* One batch. FF_OK: committed (records 0 and finished 0 = nothing to do); call again while records = batch or more
 * came. FF_DATABASE: try later, nothing is lost. FF_INTERNAL: too many bad records, or a fault of ours: logged, an
 * operator must look. FF_IO: the spool directory. now_us: the wall clock; events later than two days from it, or before
 * 1990, are quarantined. */
enum ff_err ff_drain_run(struct ff_drain *drain, int64_t now_us, struct ff_drain_report *report) ff_must_check;
void        ff_drain_close(struct ff_drain *drain);

/* The use of a spool, where only what is not yet drained counts as pending. Where the database cannot be asked (NULL:
 * it need not be tried) that is everything. FF_IO: the directory. */
enum ff_err ff_drain_backlog(struct ff_db *db, struct ff_arena *arena, const char *spool_dir,
    struct ff_spool_usage *out) ff_must_check;

#endif
