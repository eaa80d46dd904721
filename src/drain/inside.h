/* inside.h - the batch and the steps that take it from records to tables. For src/drain alone. */
#ifndef FF_DRAIN_INSIDE_H
#define FF_DRAIN_INSIDE_H

#include "base/fault.h"
#include "base/limits.h"
#include "drain/array.h"
#include "drain/drain.h"
#include "drain/itemsums.h"
#include "drain/rollup.h"
#include "drain/visits.h"
#include "drain/windows.h"
#include "fact/event.h"
#include "fact/reason.h"
#include "spool/spool.h"
#include "store/db.h"

struct ff_zone;

/* A site as one batch sees it. */
struct ff_drain_site {
	int32_t               site_id;
	bool                  strict;
	const struct ff_zone *zone;
	uint8_t               secret[32];
	struct ff_kept        kept;
	struct ff_rules       windows, qualified;
	int32_t               items_max, paths_max;
	int32_t               values_max; /* rows of one dimension in a day */
	int32_t               rolled_since; /* local day from which all dimensions are rolled up */
	int32_t               no_text, other; /* labels of the empty text, and of what is beyond a cap; 0: not needed yet */
};

enum ff_fate {
	FF_FATE_STORE,
	FF_FATE_REPEATED, /* counted before */
	FF_FATE_BAD,      /* goes to the quarantine */
};

struct ff_record {
	struct ff_event         event; /* slices into payload */
	struct ff_str           payload, country;
	int64_t                 received_us;
	uint32_t                source; /* index into the batch's sources */
	uint64_t                off;
	enum ff_fate            fate;
	enum ff_reason          reason; /* of a bad one */
	const char             *why;
	struct ff_drain_site   *site;
	struct ff_traits        traits; /* labels: of the event's own texts; of all fields if they are `wanted` */
	bool                    wanted; /* begins a visit, or has none: its own traits count */
	size_t                  item;       /* place in the known ones + 1; 0 = none */
	int64_t                 content_id; /* 0 = none */
	int64_t                 page_item;  /* the item that its page showed last; 0 = none, or not asked */
	struct ff_str           page_kind;
	bool                    stranger;   /* about an unknown item of a strict site */
	bool                    over_cap;   /* about an item that the site's cap keeps out */
	bool                    owned;      /* by an author of its item */
	bool                    erased;     /* of a viewer who asked for it */
	uint32_t                other;      /* fields whose text is beyond a cap, a bit each */
	struct ff_visit        *visit;      /* NULL = none */
	int64_t                 hour;       /* local ones of its site */
	int32_t                 day;
};

/* A segment in the batch, and where its reading stands. */
struct ff_source {
	const struct ff_spool_segment *segment;
	uint64_t from, to; /* position before and behind this batch */
	int64_t  records;
	bool     known, was_finished, finished, touched;
};

struct ff_batch {
	struct ff_source *sources;
	size_t            n_sources;
	struct ff_record *records;
	size_t            n, cap, bytes;
	int64_t           bad;
	struct ff_arena   arena; /* payloads and all that lasts until the next batch */
};

/* One attempt: the records that it stores, and what they become. Forgotten whole if it fails. */
struct ff_work {
	struct ff_record **v;
	size_t             n;
	struct ff_visits   visits;
	struct ff_windows  windows;
};

/* Title, URL, owner and collection of an item. */
enum { FF_DETAIL_COUNT = 3 }; /* title, URL, owner */

struct ff_item_known {
	int64_t       content_id; /* 0: not known, or not yet */
	uint64_t      hash[FF_DETAIL_COUNT]; /* of the details as stored */
	uint64_t       collection;           /* hash, too: of the one it is in */
	bool           managed, removed;     /* as in content */
	struct ff_uuid owner;                /* its author's pseudonym, as the drain saw it last; nil: nobody's */
	uint64_t       owner_hash;           /* of the owner's name; 0: none was looked at */
	/* Of the attempt under way: */
	const struct ff_record *record;      /* the first about it; NULL = none */
	struct ff_str           want[FF_DETAIL_COUNT]; /* the last that is not empty */
};

/* A page as the drain saw it last. */
struct ff_page_known {
	int32_t       site_id, path; /* label */
	int64_t       seen_us;
	uint64_t      title_hash;
	int64_t       content_id; /* 0: none */
	uint8_t       kind_len;
	char          kind[FF_ITEM_KIND_MAX]; /* of that item */
	bool          changed; /* in the attempt under way */
	struct ff_str title;   /* if that is new */
};

/* Caches that outlive batches: valid only while what they saw is committed. */
struct ff_known {
	struct ff_table labels;  /* site, text -> label_id; not above 0: see labels.c */
	struct ff_table items;   /* site, kind, key -> place in item */
	struct ff_item_known *item;
	size_t          n_items, cap_items;
	struct ff_table pages;   /* site, label of the path -> place in page */
	struct ff_page_known *page;
	size_t          n_pages, cap_pages;
	struct ff_table days;    /* UTC days whose partitions exist */
	struct ff_table values;  /* site, dimension, local day -> rows in rollup_day, at most so many */
	int64_t         since_us;
};

/* What an attempt adds to the rollups. Days are folded from hours, months (made ones alone) from days. */
struct ff_figures {
	struct ff_arena       arena;
	struct ff_rollup      hours, days, months;
	struct ff_item_rollup item_hours, item_days, item_months;
	struct ff_rollup      item_by; /* bucket = item */
};

struct ff_drain {
	struct ff_db            *db;
	struct ff_spool_reader  *reader;
	size_t                   batch_max, batch_most; /* records; less than the most where that was too much lately */
	size_t                   bytes_max, bad_max;
	struct ff_batch          batch;
	struct ff_known          known;
	struct ff_arena          scratch; /* of one attempt */
	struct ff_figures        sums;    /* of the same attempt: they are worked out in a thread of their own */
	int64_t                  attempts;
	struct ff_drain_site    *sites; /* of the batch, ascending */
	size_t                   n_sites;
	int64_t                  now_us;
	struct ff_retention      retention;
	struct ff_table          months; /* site, month: held by rollup_month, where a site of the batch forgets days */
	int32_t                  floor; /* of the batch: the first day whose rows some site keeps */
	struct ff_drain_report  *report;
};

/* read.c: positions and records. */
enum ff_err ff_drain_positions(struct ff_drain *drain) ff_must_check;
enum ff_err ff_drain_read(struct ff_drain *drain) ff_must_check;
enum ff_err ff_drain_move(struct ff_drain *drain) ff_must_check;
void        ff_drain_retire(struct ff_drain *drain);

/* judge.c: what can be stored at all. */
enum ff_err ff_drain_judge(struct ff_drain *drain) ff_must_check;
void        ff_drain_bad(struct ff_drain *drain, struct ff_record *record, enum ff_reason reason, const char *why);

/* floors.c: what the batch's sites keep, and whether a bucket is among it. Older ones must not be written. */
enum ff_err ff_drain_floors(struct ff_drain *drain) ff_must_check;
bool        ff_drain_keeps_hour(const struct ff_drain *drain, int32_t site_id, int64_t hour_us);
bool        ff_drain_keeps_day(const struct ff_drain *drain, int32_t site_id, int32_t day);

/* partition.c. Whether days from drain->floor on have no tables; _make makes them in a transaction of its own; _tell
 * remembers in the caller's that rows came which their site does not keep. */
bool        ff_drain_days_missing(struct ff_drain *drain);
enum ff_err ff_drain_days_make(struct ff_drain *drain) ff_must_check;
enum ff_err ff_drain_days_tell(struct ff_drain *drain, const struct ff_work *work) ff_must_check;

/* store.c: one attempt within the caller's transaction, over records [first, end) that are not bad. */
enum ff_err ff_drain_store(struct ff_drain *drain, struct ff_work *work, size_t first, size_t end) ff_must_check;
void        ff_work_free(struct ff_work *work);

/* The steps of an attempt, in order. */
enum ff_err ff_drain_repeats(struct ff_drain *drain, struct ff_work *work) ff_must_check;  /* repeats.c */
enum ff_err ff_drain_erasures(struct ff_drain *drain, struct ff_work *work) ff_must_check; /* owners.c */
enum ff_err ff_drain_labels(struct ff_drain *drain, struct ff_work *work) ff_must_check;   /* labels.c: of the event */
enum ff_err ff_drain_traits(struct ff_drain *drain, struct ff_work *work) ff_must_check;   /* the rest, where wanted */
enum ff_err ff_drain_items(struct ff_drain *drain, struct ff_work *work) ff_must_check;    /* items.c */
enum ff_err ff_drain_collections(struct ff_drain *drain, struct ff_work *work) ff_must_check; /* behind items.c */
void        ff_drain_owners(struct ff_drain *drain, struct ff_work *work);                 /* owners.c */
enum ff_err ff_drain_pages(struct ff_drain *drain, struct ff_work *work) ff_must_check;    /* pages.c */
enum ff_err ff_drain_windows(struct ff_drain *drain, struct ff_work *work) ff_must_check;  /* viewing.c */
enum ff_err ff_drain_windows_save(struct ff_drain *drain, struct ff_work *work) ff_must_check;
enum ff_err ff_drain_visits(struct ff_drain *drain, struct ff_work *work) ff_must_check;   /* visiting.c */
enum ff_err ff_drain_visits_save(struct ff_drain *drain, struct ff_work *work) ff_must_check;
enum ff_err ff_drain_events(struct ff_drain *drain, struct ff_work *work) ff_must_check;   /* events.c */
void        ff_drain_figures(struct ff_drain *drain, const struct ff_work *work);          /* figures.c */
enum ff_err ff_drain_values(struct ff_drain *drain) ff_must_check;                         /* values.c */
enum ff_err ff_drain_months(struct ff_drain *drain) ff_must_check;                         /* spans.c */
enum ff_err ff_drain_weeks(struct ff_drain *drain) ff_must_check;
enum ff_err ff_drain_moved(struct ff_drain *drain, const struct ff_work *work) ff_must_check; /* moved.c */
enum ff_err ff_drain_rollups(struct ff_drain *drain) ff_must_check;                        /* rollups.c */
enum ff_err ff_drain_item_rows(struct ff_drain *drain) ff_must_check;                      /* itemrows.c */
enum ff_err ff_drain_counters(struct ff_drain *drain, struct ff_work *work) ff_must_check; /* counters.c */

/* owners.c: who owns an item from here on. */
void ff_item_own(struct ff_item_known *item, const struct ff_drain_site *site, struct ff_str owner);

/* figures.c: a site of the batch. */
struct ff_drain_site *ff_drain_site_of(const struct ff_drain *drain, int32_t site_id);

void ff_figures_init(struct ff_figures *sums);
void ff_figures_free(struct ff_figures *sums);
void ff_figures_clear(struct ff_figures *sums);
void ff_figures_fold_days(struct ff_figures *sums); /* from sorted hours */

/* labels.c: sets site->other, the label of "(other)". */
enum ff_err ff_drain_other(struct ff_drain *drain, struct ff_drain_site *site) ff_must_check;

/* books.c: quarantine and counts by reason, of the whole batch. */
enum ff_err ff_drain_books(struct ff_drain *drain) ff_must_check;

/* sift.c: finds the records that PostgreSQL refuses, by halving, and marks them bad. */
enum ff_err ff_drain_sift(struct ff_drain *drain) ff_must_check;
bool        ff_drain_refused(const struct ff_drain *drain, enum ff_err err);

/* drain.c */
enum ff_err ff_drain_begin(struct ff_drain *drain) ff_must_check; /* transaction, lock */
void        ff_drain_undo(struct ff_drain *drain);                /* rollback, and forget what was cached */
void        ff_known_forget(struct ff_known *known);

/* A batch is far larger than a CPU's cache: walking it costs more waiting than work. So each step
 * asks for what comes some records later. */
#define FF_AHEAD 8

static inline void
ff_record_ahead(const struct ff_record *r)
{
	__builtin_prefetch(&r->event.kind);
	__builtin_prefetch(&r->event.path);
	__builtin_prefetch(&r->fate);
	__builtin_prefetch(&r->traits);
}

static inline void
ff_work_ahead(const struct ff_work *work, size_t i)
{
	if (i + FF_AHEAD < work->n)
		ff_record_ahead(work->v[i + FF_AHEAD]);
}

/* Reports about a page or a medium: no event of their own. */
static inline bool
ff_kind_quiet(uint8_t kind)
{
	return kind == FF_KIND_ENGAGEMENT || kind == FF_KIND_MEDIA || kind == FF_KIND_PERFORMANCE || kind == FF_KIND_ERROR;
}

/* Of the machine, not of its user. */
static inline bool
ff_kind_still(uint8_t kind)
{
	return kind == FF_KIND_PERFORMANCE || kind == FF_KIND_ERROR;
}

/* Shows something: a view or an impression, if it is about an item. */
static inline bool
ff_kind_shows(uint8_t kind)
{
	return kind == FF_KIND_PAGEVIEW || kind == FF_KIND_VIEW;
}

/* Counts as a view of its item: content, and no impression. */
static inline bool
ff_record_views(const struct ff_record *r)
{
	return r->content_id != 0 && r->event.view_type != FF_VIEW_LISTING && ff_kind_shows(r->event.kind);
}

#endif
