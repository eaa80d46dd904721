#include "base/limits.h"
#include "room/collect/collect.h"
#include "room/collect/room.h"

#define POST(path, handler, max, text)                                                             \
	{ .method = FF_POST, .pattern = path, .fn = handler, .body_max = max, .csrf_exempt = true, \
	  .max_age = -1, .help = text },                                                          \
	{ .method = FF_OPTIONS, .pattern = path, .fn = ff_collect_preflight, .max_age = -1, .help = "CORS preflight" }
#define GET(path, handler, text) \
	{ .method = FF_GET, .pattern = path, .fn = handler, .max_age = -1, .help = text }

#define BEACON(path, handler, text) POST(path, handler, FF_BEACON_MAX, text)

const struct ff_route ff_collect_routes[] = {
	BEACON("/api/event", ff_collect_event, "an event, in the dialect of Plausible's Events API"),
	POST("/api/events", ff_collect_batch, FF_BATCH_MAX, "up to 500 events, one result each"),
	BEACON("/api/view/{kind}/{id}", ff_collect_view, "a view of a content item"),
	BEACON("/api/track/page-view", ff_collect_track, "a page view by the client's path"),
	BEACON("/api/track/search", ff_collect_search, "a search on the site itself"),
	BEACON("/api/analytics/view/{id}", ff_collect_view, "a view of an item of the site's default kind"),
	BEACON("/api/sessions/track-interaction", ff_collect_interaction, "a click, an opened menu, a chosen tab, ..."),
	BEACON("/api/sessions/save-config", ff_collect_configuration, "the options somebody chose, with price and step"),
	POST("/api/performance/track", ff_collect_performance, FF_REPORT_MAX, "web vitals, timings of API calls, errors"),
	{ .method = FF_GET, .pattern = "/pixel.gif", .fn = ff_collect_pixel, .max_age = -1,
	  .help = "a page view without JavaScript" },

	/* The dialects of other products (docs/clients.md). */
	POST("/api/send", ff_collect_umami_send, FF_BEACON_MAX, "an event, in Umami's dialect"),
	POST("/api/batch", ff_collect_umami_batch, FF_BATCH_MAX, "many events, in Umami's dialect"),
	GET("/count", ff_collect_goatcounter, "a page view or event, in GoatCounter's dialect"),
	POST("/count", ff_collect_goatcounter, FF_BEACON_MAX, "the same, by sendBeacon"),
	POST("/api/v0/count", ff_collect_goatcounter_api, FF_BATCH_MAX, "many hits from a server, in GoatCounter's dialect"),
	GET("/matomo.php", ff_collect_matomo, "an action, in Matomo's dialect"),
	POST("/matomo.php", ff_collect_matomo, FF_BATCH_MAX, "one action or many, in Matomo's dialect"),
	GET("/piwik.php", ff_collect_matomo, "the same, by its old name"),
	POST("/piwik.php", ff_collect_matomo, FF_BATCH_MAX, "the same, by its old name"),

	{ .method = FF_GET, .pattern = "/opt-out", .fn = ff_collect_opt_out_page, .max_age = -1,
	  .help = "the page where a browser says no" },
	{ .method = FF_GET, .pattern = "/api/opt-out", .fn = ff_collect_opt_out_get, .max_age = -1,
	  .help = "does this browser say no?" },
	{ .method = FF_POST, .pattern = "/api/opt-out", .fn = ff_collect_opt_out, .body_max = FF_BEACON_MAX,
	  .csrf_exempt = true, .max_age = -1, .help = "it does from now on (same origin only)" },
	{ .method = FF_DELETE, .pattern = "/api/opt-out", .fn = ff_collect_opt_in, .csrf_exempt = true, .max_age = -1,
	  .help = "it does no longer (same origin only)" },
};

const size_t ff_collect_routes_n = sizeof(ff_collect_routes) / sizeof(ff_collect_routes[0]);
