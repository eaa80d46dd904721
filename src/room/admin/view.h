/* view.h - what pages are given: finished values, so that templates compute nothing and never call store.
 *
 * Everything lives in the request's arena. */
#ifndef FF_ROOM_ADMIN_VIEW_H
#define FF_ROOM_ADMIN_VIEW_H

#include "base/str.h"

/* Around every page. */
struct ff_page {
	struct ff_str title;
	struct ff_str login; /* empty: nobody is signed in */
	struct ff_str csrf;
	const char   *base;   /* "/admin" */
	const char   *assets; /* "/footfall" */
};

struct ff_login_view {
	struct ff_page page;
	struct ff_str  login, next; /* given back after an error */
	struct ff_str  error;       /* empty: none */
};

struct ff_error_view {
	struct ff_page page;
	int            status;
	struct ff_str  sentence, why, request_id;
};

struct ff_site_row {
	struct ff_str name, domain, zone;
	struct ff_str visitors, pageviews, views; /* today, formatted */
};

struct ff_sites_view {
	struct ff_page      page;
	struct ff_site_row *rows;
	size_t              n;
};

/* One figure with its change against the period before. */
struct ff_card {
	const char   *name;
	struct ff_str value, before, change; /* change: "+12 %", empty where there is nothing to compare */
	int           trend;                 /* 1 better, -1 worse, 0 neither */
};

/* Coordinates are whole units of a 1000 x 260 picture. */
struct ff_bar {
	int           x, y, width, height;
	int           inner_y, inner_height; /* the visitors inside of the pageviews */
	struct ff_str when, pageviews, visitors;
};

struct ff_tick {
	int           at; /* y of a line, or x of a text */
	struct ff_str text;
};

struct ff_chart {
	struct ff_bar  *bars;
	size_t          n;
	struct ff_tick *y, *x;
	size_t          n_y, n_x;
	struct ff_str   summary; /* one sentence, for those who do not see the picture */
};

struct ff_table_row {
	struct ff_str label, hint; /* hint: an item's kind and id, under its title */
	struct ff_str link;        /* http(s) or a path of ours; empty: none */
	struct ff_str visitors, count;
	int           share; /* 0-100 of the longest bar */
};

struct ff_table_view {
	const char          *title, *column, *count_name; /* "Pages", "Path", "Views" */
	struct ff_table_row *rows;
	size_t               n;
	struct ff_str        more; /* "and 12 more"; empty: all are shown */
};

struct ff_range_link {
	const char *key, *text;
	bool        current;
};

#define FF_DASHBOARD_CARDS  7
#define FF_DASHBOARD_TABLES 10

struct ff_dashboard_view {
	struct ff_page        page;
	struct ff_str         name, domain, zone;
	struct ff_range_link *ranges;
	size_t                n_ranges;
	struct ff_str         from, to;   /* ISO days, for the form */
	struct ff_str         period;     /* "22 Oct - 20 Nov 2026" */
	struct ff_str         before;     /* the period it is compared with */
	struct ff_str         as_of;
	struct ff_str         range_error; /* a range that could not be read: the default is shown instead */
	struct ff_card        cards[FF_DASHBOARD_CARDS];
	struct ff_chart       chart;
	struct ff_table_view  tables[FF_DASHBOARD_TABLES];
	bool                  empty; /* nothing was ever counted: the page says how to begin */
	struct ff_str         error_note; /* how exact visitors are */
};

#endif
