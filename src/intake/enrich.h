/* enrich.h - from what a client told to what we know: the steps that the collector, the log import and the demo
 * share, so that the same view is the same fact whichever way it came in.
 *
 * Fills of an event: hostname, path, referrer, source, channel, utm_*, click_id, browser, os, device, robot, country,
 * region, city, language, screen, visitor, visitor_prev, viewer, times and site. Kind, name, item, measures, flags and
 * properties are the caller's. Address and user agent end here: nothing of them is in the event but the keyed hash. */
#ifndef FF_INTAKE_ENRICH_H
#define FF_INTAKE_ENRICH_H

#include "fact/agent.h"
#include "fact/event.h"
#include "fact/geo.h"
#include "fact/robot_lists.h"
#include "fact/site.h"
#include "fact/viewer.h"
#include "fact/visitor.h"

/* Standing parts; one per thread because of the agent cache. */
struct ff_intake {
	struct ff_agents *agents;
	struct ff_geo    *geo;
	struct ff_robot_lists *robots; /* NULL: the user agent alone tells */
};

/* One view as told: slices are valid UTF-8 but for the header values, which are cleaned here. */
struct ff_hit {
	const struct ff_site *site;
	int64_t               received_us, ts_us;
	struct ff_str         url;      /* of the page; absolute or path-only; empty for an event without a page */
	bool                  hash_mode; /* #fragment is part of the path */
	struct ff_str         referrer;
	struct ff_addr        addr;
	struct ff_str         user_agent;
	struct ff_str         accept_language; /* "de-DE,de;q=0.9": the first one counts */
	struct ff_str         brands;          /* Sec-CH-UA */
	unsigned              screen, touch_points;
	bool                  anonymous; /* GPC, DNT: counted without identity */
	const struct ff_viewer *viewer;  /* signed in; NULL: not. anonymous: the part counts, not the pseudonym */
	const struct ff_place  *place;   /* told by a caller that may; NULL: looked up by addr */
	/* Of the UTC day of ts_us and the day before; NULL: no identity (FF_FLAG_NO_VISITOR is set). */
	const struct ff_salt *salt, *salt_before;
};

/* FF_INVALID with field "url" if the URL cannot be read. The agent's strings are copied into arena. */
enum ff_err ff_enrich(struct ff_intake *intake, struct ff_arena *arena, const struct ff_hit *hit,
    struct ff_event *event, struct ff_fault *fault) ff_must_check;

#endif
