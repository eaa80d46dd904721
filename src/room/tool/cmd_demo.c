/* footfall demo: seeded, believable traffic of the last days, through the same intake, spool and drain as real views.
 * The same seed and site give each day the same events with the same ids, so a repetition, today or later, adds only
 * what the time since then brought. */
#include "base/day.h"
#include "base/limits.h"
#include "base/num.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/demo_world.h"
#include "room/tool/feed.h"
#include "room/tool/progress.h"
#include "safe/hash.h"
#include "safe/rand.h"

#include <math.h>
#include <string.h>

struct demo {
	struct ff_feed       feed;
	struct ff_site       site;
	const struct ff_zone *zone;
	struct ff_arena      arena; /* of one event */
	struct ff_dice       dice;
	uint64_t             seed, events;
	int32_t              day;    /* local, and what number the next event of it has */
	uint32_t             number;
	int64_t              now_us, visitors;
};

/* A visitor in the act: what stays the same from page to page. */
struct walk {
	struct ff_hit             hit;
	const struct demo_place  *place;
	const struct demo_origin *origin;
	char                      url[512]; /* of the page that is open: hit.url */
};

/* Counted for events of the future too: their number is the same when their time has come. */
static struct ff_uuid
next_id(struct demo *d)
{
	uint32_t      n = d->number++;
	struct ff_str parts[] = { FF_STR("demo"), { (const char *)&d->seed, sizeof d->seed },
		{ (const char *)&d->day, sizeof d->day }, { (const char *)&n, sizeof n },
		{ (const char *)d->site.public_id.b, 16 } };
	uint8_t       hash[16];

	ff_hash(hash, sizeof hash, NULL, parts, 5);
	return ff_uuid_v8(hash);
}

static enum ff_err
put(struct demo *d, const struct walk *w, struct ff_event *event)
{
	enum ff_err err;

	event->event_id = next_id(d);
	if (w->hit.ts_us > d->now_us)
		return FF_OK; /* the day is not over yet */
	d->events++;
	event->flags |= FF_FLAG_IMPORT;
	event->view_source = FF_SOURCE_WEB;
	ff_arena_reset(&d->arena);
	err = ff_enrich(&d->feed.intake, &d->arena, &w->hit, event, NULL);
	memcpy(event->country, w->place->country, 2);
	return err == FF_OK ? ff_feed_put(&d->feed, event, NULL) : err;
}

static enum ff_err
read_page(struct demo *d, struct walk *w, const struct demo_page *page, uint32_t dwell_s)
{
	struct ff_event view = { .kind = FF_KIND_PAGEVIEW, .name = FF_STR("pageview"), .scroll = 255,
		.view_type = FF_VIEW_INTENTIONAL };
	struct ff_event stay = { .kind = FF_KIND_ENGAGEMENT, .name = FF_STR("engagement"), .engaged_ms = dwell_s * 1000,
		.scroll = (uint8_t)(30 + ff_dice_below(&d->dice, 71)), .flags = FF_FLAG_NON_INTERACTIVE };

	snprintf(w->url, sizeof w->url, "https://%.*s%s%s", FF_STR_ARG(d->site.domain), page->path, w->origin->query);
	w->hit.url = ff_str_from(w->url);
	if (page->kind != NULL)
		view.item = (struct ff_item){ .kind = ff_str_from(page->kind), .key = ff_str_from(page->key),
			.title = ff_str_from(page->title), .owner = ff_str_from(page->owner),
			.collection = ff_str_from(page->collection) };
	FF_TRY(put(d, w, &view));
	w->hit.ts_us += dwell_s * FF_US_S;
	return put(d, w, &stay);
}

/* Some finish what they came for. */
static enum ff_err
maybe_act(struct demo *d, struct walk *w)
{
	struct ff_event event = { .kind = FF_KIND_EVENT, .scroll = 255 };

	if (ff_dice_below(&d->dice, 100) >= 6)
		return FF_OK;
	event.name = ff_dice_below(&d->dice, 3) == 0 ? FF_STR("Newsletter sign-up") : FF_STR("Outbound Link: Click");
	w->hit.ts_us += 2 * FF_US_S;
	return put(d, w, &event);
}

static enum ff_err
visit(struct demo *d, int64_t start_us)
{
	struct walk w = { .place = ff_demo_place(&d->dice), .origin = ff_demo_origin(&d->dice) };
	unsigned    pages = 1;

	w.hit = (struct ff_hit){ .site = &d->site, .received_us = d->now_us, .ts_us = start_us,
		.user_agent = ff_str_from(ff_demo_agent(&d->dice)), .referrer = ff_str_from(w.origin->referrer),
		.accept_language = ff_str_from(w.place->language), .screen = 320 + 40 * ff_dice_below(&d->dice, 60) };
	for (size_t i = 0; i < 4; i++) /* one of the documentation's networks (RFC 3849) */
		((uint8_t *)w.hit.addr.b)[i] = (const uint8_t[]){ 0x20, 0x01, 0x0d, 0xb8 }[i];
	for (size_t i = 4; i < 8; i++)
		w.hit.addr.b[i] = (uint8_t)ff_dice_below(&d->dice, 256);
	ff_feed_salts(&d->feed, &w.hit);
	while (pages < 12 && ff_dice_below(&d->dice, 100) < 52)
		pages++;
	for (unsigned i = 0; i < pages; i++) {
		FF_TRY(read_page(d, &w, ff_demo_page(&d->dice, i == 0), 5 + ff_dice_below(&d->dice, 170)));
		w.hit.referrer = FF_STR_NONE; /* from now on it is the site's own page */
		w.origin = ff_demo_direct();
		w.hit.ts_us += (1 + (int64_t)ff_dice_below(&d->dice, 15)) * FF_US_S;
	}
	return maybe_act(d, &w);
}

/* Visits of one local day: fewer at week-ends, growing slowly, most of them in the evening. */
static enum ff_err
day(struct demo *d, int32_t local_day, int32_t age)
{
	int64_t start = ff_zone_day_start(d->zone, local_day);
	double  level = (double)d->visitors * (ff_day_weekday(local_day) >= 5 ? 0.72 : 1.08) / (1.0 + age * 0.006);
	int64_t n = (int64_t)(level * (0.85 + 0.3 * ff_dice_unit(&d->dice)));

	d->day = local_day;
	d->number = 0;
	for (int64_t i = 0; i < n; i++)
		FF_TRY(visit(d, start + ff_demo_hour(&d->dice) * FF_US_HOUR + ff_dice_below(&d->dice, 3600) * FF_US_S));
	return FF_OK;
}

static enum ff_err
generate(struct demo *d, int64_t days, bool quiet)
{
	struct ff_progress progress;
	int32_t            today = ff_zone_day(d->zone, d->now_us);
	enum ff_err        err = FF_OK;

	ff_progress_begin(&progress, "generating", "events", quiet);
	for (int64_t i = days - 1; i >= 0 && err == FF_OK; i--) {
		d->dice.state = d->seed ^ (uint64_t)(today - i) * 0x9e3779b97f4a7c15u; /* each day has dice of its own */
		err = day(d, today - (int32_t)i, (int32_t)i);
		ff_progress_step(&progress, (uint64_t)(days - i), (uint64_t)days, d->events);
	}
	ff_progress_end(&progress);
	return err;
}

static bool
read_number(struct ff_args *args, const char *name, int64_t fallback, int64_t min, int64_t max, int64_t *out)
{
	const char *text = ff_args_option(args, name);

	*out = fallback;
	if (text == NULL || ff_num_range(ff_str_from(text), min, max, out))
		return true;
	fprintf(stderr, "footfall: demo: %s wants a number from %lld to %lld\n", name, (long long)min, (long long)max);
	return false;
}

static int
run(struct ff_tool *tool, struct demo *d, int64_t days, bool wait)
{
	int64_t     duplicates = 0;
	enum ff_err err = generate(d, days, false);

	if (err == FF_OK)
		err = ff_feed_finish(&d->feed, wait, false, &duplicates, NULL);
	if (err != FF_OK)
		return ff_tool_fail(tool, "demo", err, NULL);
	printf("%llu events of %lld days for %.*s%s\n", (unsigned long long)d->feed.stored, (long long)days,
	    FF_STR_ARG(d->site.domain), wait ? "" : ", to be drained by footfall-cron");
	if (duplicates > 0)
		printf("%lld of them were there already\n", (long long)duplicates);
	return 0;
}

int
ff_cmd_demo(struct ff_tool *tool, int argc, char **argv)
{
	static struct demo d;
	struct ff_args     args;
	const char        *site;
	int64_t            days, seed;
	bool               no_wait;
	enum ff_err        err;
	int                code;

	ff_args_init(&args, "demo", argc, argv);
	site = ff_args_option(&args, "--site");
	no_wait = ff_args_flag(&args, "--no-wait");
	if (!read_number(&args, "--days", 30, 1, 400, &days) ||
	    !read_number(&args, "--visitors", 400, 1, 1000000, &d.visitors) ||
	    !read_number(&args, "--seed", 1, 0, INT64_MAX, &seed) || !ff_args_done(&args))
		return 2;
	if (site == NULL) {
		fprintf(stderr, "footfall: demo wants --site SITE\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(site), &d.site)) != FF_OK)
		return ff_tool_fail_site(tool, site, err);
	if ((err = ff_zone_find(ff_str_z(tool->arena, d.site.time_zone), &d.zone)) != FF_OK)
		return ff_tool_fail(tool, "time zone", err, NULL);
	d.seed = (uint64_t)seed;
	d.now_us = ff_now();
	ff_arena_init(&d.arena);
	if ((err = ff_feed_open(&d.feed, tool)) != FF_OK)
		code = ff_tool_fail(tool, "spool", err, NULL);
	else
		code = run(tool, &d, days, !no_wait);
	ff_feed_free(&d.feed);
	ff_arena_free(&d.arena);
	return code;
}
