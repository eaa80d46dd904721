/* figures.c - what events, visits and windows add to the rollups: the definitions of drain.h in code.
 *
 * Runs beside the COPY of events and visits (store.c): it writes records' hour and day, visits' cells, the four rollups and
 * its own arena, and nothing else. */
#include "base/day.h"
#include "drain/inside.h"
#include "fact/dim.h"

#include <stdlib.h>

/* A visit's events in one hour: they share all values of level V, so they are added once. */
struct cell {
	struct cell   *next;
	int64_t        hour;
	int32_t        day;
	struct ff_sums sums;
	bool           seen; /* by an event that makes a visitor */
};

static void
add_sums(struct ff_drain *drain, const struct cell *at, int32_t site_id, enum ff_dim dim, int64_t value,
    const struct ff_sums *sums, int64_t visitor)
{
	struct ff_rollup_key key = { .site_id = site_id, .dim = dim, .day = at->day, .bucket = at->hour, .value = value };

	ff_rollup_add(&drain->sums.hours, &key, sums, visitor);
}

static void
add(struct ff_drain *drain, const struct cell *cell, int32_t site_id, enum ff_dim dim, int64_t value, int64_t visitor)
{
	add_sums(drain, cell, site_id, dim, value, &cell->sums, visitor);
}

/* Dimensions of level V that are texts. Empty campaign fields have no row: hardly an event has them. */
static const struct trait {
	enum ff_dim   dim;
	enum ff_field field;
	bool          seldom, late; /* late: rolled up since rolled_since alone */
} texts[] = {
	{ FF_DIM_SOURCE, FF_FIELD_SOURCE, false, false },
	{ FF_DIM_REFERRER, FF_FIELD_REFERRER, false, false },
	{ FF_DIM_COUNTRY, FF_FIELD_COUNTRY, false, false },
	{ FF_DIM_BROWSER, FF_FIELD_BROWSER, false, false },
	{ FF_DIM_OS, FF_FIELD_OS, false, false },
	{ FF_DIM_UTM_SOURCE, FF_FIELD_UTM_SOURCE, true, false },
	{ FF_DIM_UTM_MEDIUM, FF_FIELD_UTM_MEDIUM, true, false },
	{ FF_DIM_UTM_CAMPAIGN, FF_FIELD_UTM_CAMPAIGN, true, false },
	{ FF_DIM_UTM_CONTENT, FF_FIELD_UTM_CONTENT, true, false },
	{ FF_DIM_UTM_TERM, FF_FIELD_UTM_TERM, true, false },
	{ FF_DIM_BROWSER_VERSION, FF_FIELD_BROWSER_VERSION, false, true },
	{ FF_DIM_OS_VERSION, FF_FIELD_OS_VERSION, false, true },
	{ FF_DIM_REGION, FF_FIELD_REGION, false, true },
	{ FF_DIM_CITY, FF_FIELD_CITY, false, true },
	{ FF_DIM_LANGUAGE, FF_FIELD_LANGUAGE, false, true },
};

/* All dimensions of level V but entry and exit. */
static void
add_traits(struct ff_drain *drain, const struct cell *cell, const struct ff_drain_site *site, const struct ff_traits *t,
    bool auth, int64_t visitor)
{
	int32_t site_id = site->site_id;
	bool    all = cell->day >= site->rolled_since;

	add(drain, cell, site_id, FF_DIM_TOTAL, 0, visitor);
	add(drain, cell, site_id, FF_DIM_AUTH, auth, visitor);
	add(drain, cell, site_id, FF_DIM_CHANNEL, t->channel, visitor);
	add(drain, cell, site_id, FF_DIM_DEVICE, t->device, visitor);
	if (all)
		add(drain, cell, site_id, FF_DIM_SCREEN, t->screen, visitor);
	for (const struct trait *x = texts; x < texts + sizeof texts / sizeof *texts; x++)
		if ((all || !x->late) && !(x->seldom && t->label[x->field] == site->no_text))
			add(drain, cell, site_id, x->dim, t->label[x->field], visitor);
}

static struct cell *
cell_of(struct ff_drain *drain, struct ff_visit *visit, int64_t hour, int32_t day)
{
	struct cell *cell;

	for (cell = visit->cells; cell != NULL && (cell->hour != hour || cell->day != day); cell = cell->next)
		;
	if (cell != NULL)
		return cell;
	cell = FF_NEW(&drain->sums.arena, struct cell);
	cell->hour = hour;
	cell->day = day;
	cell->next = visit->cells;
	visit->cells = cell;
	return cell;
}

static int64_t
visitor_of(const struct ff_record *r)
{
	return (int64_t)(r->visit == NULL ? r->event.visitor : r->visit->visitor);
}

/* Given, or taken back: whatever number a client sends, it is one act. */
static int
act_of(const struct ff_event *e)
{
	return (e->flags & FF_FLAG_MEASURE) != 0 && e->measure_micros < 0 ? -1 : 1;
}

static void
item_add(struct ff_drain *drain, const struct ff_record *r, const struct ff_sums *sums, int64_t visitor)
{
	const struct ff_event *e = &r->event;
	struct ff_rollup_key   key = { .site_id = r->site->site_id, .dim = (e->flags & FF_FLAG_AUTH) != 0, .day = r->day,
		  .bucket = r->hour, .value = r->content_id };
	struct ff_item_sums    more = { .v = {
		[FF_ITEM_UNIQUES] = (e->flags & FF_FLAG_UNIQUE) != 0,
		[FF_ITEM_IMPRESSIONS] = ff_kind_shows(e->kind) && e->view_type == FF_VIEW_LISTING,
		[FF_ITEM_CLICKS] = ff_record_views(r) && e->list.len > 0,
		[FF_ITEM_REACTIONS] = e->kind == FF_KIND_REACTION ? act_of(e) : 0,
		[FF_ITEM_COMMENTS] = e->kind == FF_KIND_COMMENT ? act_of(e) : 0,
		[FF_ITEM_SHARES] = e->kind == FF_KIND_SHARE ? act_of(e) : 0,
		[FF_ITEM_FOLLOWS] = e->kind == FF_KIND_FOLLOW ? act_of(e) : 0,
	} };

	ff_item_rollup_add(&drain->sums.item_hours, &key, sums, &more, visitor);
}

/* Where an event happened, and how its item was seen. */
static void
add_places(struct ff_drain *drain, const struct cell *one, const struct ff_record *r, int64_t visitor)
{
	const struct ff_event *e = &r->event;

	if (e->hostname.len > 0)
		add(drain, one, r->site->site_id, FF_DIM_HOSTNAME, r->traits.label[FF_FIELD_HOSTNAME], visitor);
	if (r->content_id == 0 || !ff_kind_shows(e->kind))
		return;
	add(drain, one, r->site->site_id, FF_DIM_VIEW_TYPE, e->view_type, visitor);
	add(drain, one, r->site->site_id, FF_DIM_VIEW_SOURCE, e->view_source, visitor);
}

/* A view of an item by what is known of its visit and of itself. */
static void
add_breakdowns(struct ff_drain *drain, const struct ff_record *r)
{
	const struct ff_traits *t = r->visit == NULL ? &r->traits : &r->visit->traits;
	const struct {
		enum ff_dim dim;
		int32_t     value;
	} by[] = {
		{ FF_DIM_COUNTRY, t->label[FF_FIELD_COUNTRY] }, { FF_DIM_DEVICE, t->device },
		{ FF_DIM_SOURCE, t->label[FF_FIELD_SOURCE] },   { FF_DIM_CHANNEL, t->channel },
		{ FF_DIM_VIEW_TYPE, r->event.view_type },       { FF_DIM_VIEW_SOURCE, r->event.view_source },
	};
	struct ff_sums          sums = { .views = 1, .uniques = (r->event.flags & FF_FLAG_UNIQUE) != 0 };
	struct ff_rollup_key    key = { .site_id = r->site->site_id, .day = r->day, .bucket = r->content_id };

	for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
		key.dim = by[i].dim;
		key.value = by[i].value;
		ff_rollup_add(&drain->sums.item_by, &key, &sums, 0);
	}
}

static void
event_add(struct ff_drain *drain, struct ff_record *r)
{
	const struct ff_event *e = &r->event;
	bool                   quiet = ff_kind_quiet(e->kind);
	int32_t                site_id = r->site->site_id;
	struct cell            one = { .hour = r->hour, .day = r->day };
	int64_t                visitor = 0;

	one.sums.pageviews = e->kind == FF_KIND_PAGEVIEW;
	one.sums.views = ff_record_views(r);
	one.sums.events = !quiet;
	one.sums.engaged_ms = e->engaged_ms;
	if (!quiet)
		visitor = visitor_of(r);
	if (e->path.len > 0)
		add(drain, &one, site_id, FF_DIM_PAGE, r->traits.label[FF_FIELD_PATH], visitor);
	if (r->content_id != 0)
		item_add(drain, r, &one.sums, visitor);
	if (r->day >= r->site->rolled_since)
		add_places(drain, &one, r, visitor);
	if (r->day >= r->site->rolled_since && ff_record_views(r))
		add_breakdowns(drain, r);
	if (!quiet)
		add(drain, &one, site_id, FF_DIM_NAME, r->traits.label[FF_FIELD_NAME], visitor);
	if (r->visit == NULL) {
		add_traits(drain, &one, r->site, &r->traits, (e->flags & FF_FLAG_AUTH) != 0, visitor);
	} else {
		struct cell *cell = cell_of(drain, r->visit, r->hour, r->day);

		cell->sums.pageviews += one.sums.pageviews;
		cell->sums.views += one.sums.views;
		cell->sums.events += one.sums.events;
		cell->sums.engaged_ms += one.sums.engaged_ms;
		cell->seen = cell->seen || !quiet;
	}
}

static void
robot_add(struct ff_drain *drain, const struct ff_record *r)
{
	struct cell one = { .hour = r->hour, .day = r->day };

	if (ff_kind_quiet(r->event.kind))
		return;
	one.sums.events = 1;
	one.sums.pageviews = r->event.kind == FF_KIND_PAGEVIEW;
	add(drain, &one, r->site->site_id, FF_DIM_ROBOT, r->event.robot, 0);
}

/* A visit's own sums, in the bucket of its start. */
static struct ff_sums
visit_sums(const struct ff_visit_state *state, int sign)
{
	return (struct ff_sums){
		.visits = sign,
		.bounces = ff_visit_bounced(state) ? sign : 0,
		.duration_s = sign * ff_visit_seconds(state),
	};
}

static void
add_ends(struct ff_drain *drain, const struct ff_drain_site *site, const struct cell *at, const struct ff_visit_state *state,
    const struct ff_sums *sums)
{
	const struct {
		enum ff_dim dim;
		int32_t     label;
	} ends[] = {
		{ FF_DIM_ENTRY_PAGE, state->entry_page }, { FF_DIM_EXIT_PAGE, state->exit_page },
		{ FF_DIM_ENTRY_HOST, state->entry_host }, { FF_DIM_EXIT_HOST, state->exit_host },
	};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends[i].label != site->no_text)
			add_sums(drain, at, site->site_id, ends[i].dim, ends[i].label, sums, 0);
}

static void
count_visit(struct ff_drain *drain, struct ff_visit *visit, const struct ff_drain_site *site,
    const struct ff_visit_state *state, int sign)
{
	struct ff_sums sums = visit_sums(state, sign);
	struct cell   *cell = cell_of(drain, visit, ff_zone_hour(site->zone, state->started_us),
	          ff_zone_day(site->zone, state->started_us));

	cell->sums.visits += sums.visits;
	cell->sums.bounces += sums.bounces;
	cell->sums.duration_s += sums.duration_s;
	if (cell->day >= site->rolled_since)
		add_ends(drain, site, cell, state, &sums);
}

/* What a visit's events add to the page that it began with. */
static void
add_entry(struct ff_drain *drain, const struct ff_drain_site *site, const struct cell *cell,
    const struct ff_visit_state *state, int64_t visitor)
{
	struct ff_sums sums = cell->sums;

	if (cell->day < site->rolled_since)
		return;
	sums.visits = sums.bounces = sums.duration_s = 0;
	if (state->entry_page != site->no_text)
		add_sums(drain, cell, site->site_id, FF_DIM_ENTRY_PAGE, state->entry_page, &sums, visitor);
	if (state->entry_host != site->no_text)
		add_sums(drain, cell, site->site_id, FF_DIM_ENTRY_HOST, state->entry_host, &sums, visitor);
}

struct ff_drain_site *
ff_drain_site_of(const struct ff_drain *drain, int32_t site_id)
{
	size_t lo = 0, hi = drain->n_sites;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (drain->sites[mid].site_id <= site_id)
			lo = mid;
		else
			hi = mid;
	}
	return &drain->sites[lo];
}

/* New minus old, each in the bucket of its own start; then all that the visit gathered. */
static void
visit_add(struct ff_drain *drain, struct ff_visit *visit)
{
	const struct ff_drain_site *site = ff_drain_site_of(drain, visit->site_id);

	if (visit->stored)
		count_visit(drain, visit, site, &visit->old, -1);
	count_visit(drain, visit, site, &visit->now, 1);
	for (const struct cell *cell = visit->cells; cell != NULL; cell = cell->next) {
		int64_t visitor = cell->seen ? (int64_t)visit->visitor : 0;

		add_traits(drain, cell, site, &visit->traits, visit->auth, visitor);
		add_entry(drain, site, cell, &visit->now, visitor);
	}
}

/* What this batch's attention made of a window, where that began. */
static void
window_add(struct ff_drain *drain, const struct ff_window *w)
{
	const struct ff_zone *zone = ff_drain_site_of(drain, w->site_id)->zone;
	struct ff_rollup_key  key = { .site_id = w->site_id, .dim = w->auth, .day = ff_zone_day(zone, w->started_us),
		 .bucket = ff_zone_hour(zone, w->started_us), .value = w->content_id };
	struct ff_sums        none = { 0 };
	struct ff_item_sums   more = { .v = {
		[FF_ITEM_QUALIFIED] = w->qualified - w->was_qualified,
		[FF_ITEM_PLAYS] = w->played - w->was_played,
		[FF_ITEM_COMPLETIONS] = w->completed - w->was_completed,
	} };

	ff_item_rollup_add(&drain->sums.item_hours, &key, &none, &more, 0);
}

/* Sorted beside the records, because looking into them for each comparison would cost more than all the rest. */
struct turn {
	int64_t           visitor;
	struct ff_record *record;
};

static int
turn_by_visitor(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	return x->visitor < y->visitor ? -1 : x->visitor > y->visitor;
}

static struct turn *
turns_of(struct ff_drain *drain, const struct ff_work *work)
{
	struct turn *turns = FF_NEW_N(&drain->sums.arena, work->n, struct turn);

	for (size_t i = 0; i < work->n; i++)
		turns[i] = (struct turn){ visitor_of(work->v[i]), work->v[i] };
	if (work->n > 0)
		qsort(turns, work->n, sizeof *turns, turn_by_visitor);
	return turns;
}

static int
visit_by_visitor(const void *a, const void *b)
{
	const struct ff_visit *x = *(struct ff_visit *const *)a, *y = *(struct ff_visit *const *)b;

	return x->visitor < y->visitor ? -1 : x->visitor > y->visitor;
}

static struct ff_visit **
visits_of(struct ff_drain *drain, const struct ff_work *work)
{
	struct ff_visit **v = FF_NEW_N(&drain->sums.arena, work->visits.n, struct ff_visit *);

	for (size_t i = 0; i < work->visits.n; i++)
		v[i] = work->visits.v[i];
	if (work->visits.n > 0)
		qsort(v, work->visits.n, sizeof(struct ff_visit *), visit_by_visitor);
	return v;
}

static void
record_add(struct ff_drain *drain, struct ff_record *r)
{
	if (r->fate != FF_FATE_STORE)
		return;
	r->hour = ff_zone_hour(r->site->zone, r->event.ts_us);
	r->day = ff_zone_day(r->site->zone, r->event.ts_us);
	if (r->event.robot != 0)
		robot_add(drain, r);
	else
		event_add(drain, r);
}

static int32_t
day_of(const void *context, const struct ff_rollup_key *key)
{
	(void)context;
	return key->day;
}

void
ff_figures_fold_days(struct ff_figures *sums)
{
	ff_rollup_fold(&sums->days, &sums->hours, day_of, NULL);
	ff_rollup_sort(&sums->days);
}

/* In order of visitors, so that each row's set of them comes sorted. */
void
ff_drain_figures(struct ff_drain *drain, const struct ff_work *work)
{
	struct turn      *turns = turns_of(drain, work);
	struct ff_visit **visits = visits_of(drain, work);

	for (size_t i = 0; i < work->n; i++) {
		if (i + FF_AHEAD < work->n)
			ff_record_ahead(turns[i + FF_AHEAD].record);
		record_add(drain, turns[i].record);
	}
	for (size_t i = 0; i < work->visits.n; i++)
		if (visits[i]->touched)
			visit_add(drain, visits[i]);
	for (size_t i = 0; i < work->windows.n; i++)
		if (work->windows.v[i]->touched)
			window_add(drain, work->windows.v[i]);
	ff_rollup_sort(&drain->sums.hours);
	ff_rollup_sort(&drain->sums.item_hours.base);
	ff_rollup_sort_by_bucket(&drain->sums.item_by);
	ff_figures_fold_days(&drain->sums);
	ff_item_rollup_fold(&drain->sums.item_days, &drain->sums.item_hours, day_of, NULL);
	ff_rollup_sort(&drain->sums.item_days.base);
}
