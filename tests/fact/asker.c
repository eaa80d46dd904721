/* asker - puts the questions of a dashboard, and harder ones, to the query engine, and says how long they took.
 *
 *   asker SET SITE_ID ZONE FIRST LAST [ROUNDS]
 *     SET: dashboard  what a page of 30 days asks, from rollups alone
 *          raw        filtered by what no rollup has: single events
 *          counters   counters of 200 items at once
 *
 * ASKER_CLOCK=cpu: milliseconds of the processor instead, the database's own part in it (its backend runs on this machine;
 * what it gives to parallel workers is not in it, PGOPTIONS='-c max_parallel_workers_per_gather=0' keeps it together).
 * Database: FF_TEST_DB. A line a question: "name source rows milliseconds" (median of the rounds), then "all - - ms": one
 * round of all of them. The question's name is the connection's application_name. Exit 1: one was refused. */
#include "base/day.h"
#include "base/log.h"
#include "base/num.h"
#include "fact/query.h"
#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct question {
	const char     *name;
	struct ff_query q;
};

#define M(id) FF_METRIC_##id
#define CARDS                                                                                                    \
	.metrics = { M(VISITORS), M(VISITS), M(PAGEVIEWS), M(VIEWS), M(VIEWS_PER_VISIT), M(BOUNCE_RATE), M(VISIT_DURATION) }, \
	.n_metrics = 7
#define CHART(grain) .metrics = { M(PAGEVIEWS), M(VISITORS) }, .n_metrics = 2, .dims = { FF_BY_TIME(grain) }, .n_dims = 1, \
	.fill = true
#define TABLE(dim, metric)                                                                                       \
	.metrics = { M(metric), M(VISITORS) }, .n_metrics = 2, .dims = { FF_BY(dim) }, .n_dims = 1, .limit = 10, \
	.total_rows = true
#define BY_VISITORS(dim)                                                                                         \
	.metrics = { M(VISITORS), M(PAGEVIEWS) }, .n_metrics = 2, .dims = { FF_BY(dim) }, .n_dims = 1, .limit = 10

static struct ff_str de[] = { FF_STR_INIT("DE") }, firefox[] = { FF_STR_INIT("Firefox") }, page[] = { FF_STR_INIT("/page/1") };
static struct ff_filter of_country[] = { { .op = FF_IS, .dim = FF_BY(COUNTRY), .values = de, .n = 1 } };
static struct ff_filter of_page[] = { { .op = FF_CONTAINS, .dim = FF_BY(PAGE), .values = page, .n = 1 } };
static struct ff_filter of_both[] = { { .op = FF_IS, .dim = FF_BY(COUNTRY), .values = de, .n = 1 },
	{ .op = FF_IS, .dim = FF_BY(BROWSER), .values = firefox, .n = 1 } };
static struct ff_filter did[] = { { .op = FF_HAS_DONE, .kids = of_page, .n_kids = 1 } };

static struct question dashboard[] = {
	{ "cards", { CARDS } },
	{ "chart-days", { CHART(DAY) } },
	{ "chart-hours", { CHART(HOUR) } },
	{ "pages", { TABLE(PAGE, PAGEVIEWS) } },
	{ "pages-by-visitors", { BY_VISITORS(PAGE) } },
	{ "items", { TABLE(ITEM, VIEWS) } },
	{ "sources", { TABLE(SOURCE, VISITS) } },
	{ "channels", { TABLE(CHANNEL, VISITS) } },
	{ "referrers", { TABLE(REFERRER, VISITS) } },
	{ "countries", { TABLE(COUNTRY, VISITS) } },
	{ "cities", { TABLE(CITY, VISITS) } },
	{ "devices", { TABLE(DEVICE, VISITS) } },
	{ "browsers", { TABLE(BROWSER, VISITS) } },
	{ "systems", { TABLE(OS, VISITS) } },
	{ "campaigns", { TABLE(UTM_CAMPAIGN, VISITS) } },
	{ "entry-pages", { TABLE(ENTRY_PAGE, VISITS) } },
	{ "exit-pages", { .metrics = { M(VISITS), M(EXIT_RATE) }, .n_metrics = 2, .dims = { FF_BY(EXIT_PAGE) }, .n_dims = 1,
			    .limit = 10 } },
	{ "hostnames", { TABLE(HOSTNAME, PAGEVIEWS) } },
	{ "events", { TABLE(NAME, EVENTS) } },
	{ "one-country", { CARDS, .filters = of_country, .n_filters = 1 } },
	{ "one-country-by-day", { CHART(DAY), .filters = of_country, .n_filters = 1 } },
};

static struct question raw[] = {
	{ "pages-of-a-country", { TABLE(PAGE, PAGEVIEWS), .filters = of_country, .n_filters = 1 } },
	{ "cards-of-country-and-browser", { CARDS, .filters = of_both, .n_filters = 2 } },
	{ "sources-of-a-page", { TABLE(SOURCE, VISITS), .filters = of_page, .n_filters = 1 } },
	{ "countries-by-browser", { .metrics = { M(VISITORS), M(EVENTS) }, .n_metrics = 2,
				      .dims = { FF_BY(COUNTRY), FF_BY(BROWSER) }, .n_dims = 2, .limit = 10 } },
	{ "days-of-a-country-and-browser", { CHART(DAY), .filters = of_both, .n_filters = 2 } },
	{ "who-saw-a-page", { CARDS, .filters = did, .n_filters = 1 } },
	{ "time-on-page", { .metrics = { M(TIME_ON_PAGE), M(SCROLL_DEPTH) }, .n_metrics = 2, .dims = { FF_BY(PAGE) }, .n_dims = 1,
			      .limit = 10 } },
};

static struct ff_db   *db;
static struct ff_arena arena;
static struct ff_site  site;

static int backend; /* its process, where processor time is asked for */

static void
find_backend(void)
{
	struct ff_rows rows;

	if (getenv("ASKER_CLOCK") == NULL || strcmp(getenv("ASKER_CLOCK"), "cpu") != 0)
		return;
	if (ff_db_query_text(db, &arena, "SELECT pg_backend_pid()", NULL, 0, &rows) != FF_OK)
		exit(1);
	backend = (int)ff_row_i64(&rows, 0, 0);
}

static double
backend_ms(void)
{
	char     path[64];
	FILE    *f;
	uint64_t ns = 0;

	snprintf(path, sizeof path, "/proc/%d/schedstat", backend);
	f = fopen(path, "r");
	if (f == NULL || fscanf(f, "%" SCNu64, &ns) != 1)
		exit(1);
	fclose(f);
	return (double)ns / 1e6;
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(backend != 0 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6 + (backend != 0 ? backend_ms() : 0);
}

/* So that the database's log says whose a plan is. */
static void
say_name(const char *name)
{
	struct ff_str sql = ff_str_printf(&arena, "SET application_name = 'question %s'", name);

	if (ff_db_simple(db, ff_str_z(&arena, sql)) != FF_OK)
		exit(1);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Its median, and what it was to the round. */
static double
ask(const struct question *question, int rounds)
{
	double           took[100];
	struct ff_result result = { 0 };

	say_name(question->name);
	for (int i = 0; i < rounds; i++) {
		struct ff_fault fault = { 0 };
		double          from = now_ms();

		if (ff_query_run(db, &arena, &question->q, &result, &fault) != FF_OK) {
			printf("%s refused: %s\n", question->name, fault.why);
			exit(1);
		}
		took[i] = now_ms() - from;
		if (i + 1 < rounds)
			ff_arena_reset(&arena);
	}
	qsort(took, (size_t)rounds, sizeof *took, by_size);
	printf("%s %s %zu %.2f\n", question->name, result.source, result.n, took[rounds / 2]);
	ff_arena_reset(&arena);
	return took[rounds / 2];
}

static double
ask_counters(int rounds)
{
	static struct ff_site_item items[200];
	static struct ff_counts    counts[200];
	static char                keys[200][16];
	double                     took[100];

	for (size_t i = 0; i < 200; i++) {
		snprintf(keys[i], sizeof keys[i], "item-%zu", i);
		items[i] = (struct ff_site_item){ site.site_id, FF_STR("video"), ff_str_from(keys[i]) };
	}
	for (int i = 0; i < rounds; i++) {
		double from = now_ms();

		if (ff_counts_get(db, &arena, &site, ff_now(), items, 200, counts) != FF_OK)
			exit(1);
		took[i] = now_ms() - from;
		ff_arena_reset(&arena);
	}
	qsort(took, (size_t)rounds, sizeof *took, by_size);
	printf("counters counter 200 %.2f\n", took[rounds / 2]);
	return took[rounds / 2];
}

int
main(int argc, char **argv)
{
	struct ff_range  range = { 0 };
	struct question *set = raw;
	size_t           n = sizeof raw / sizeof *raw;
	int64_t          rounds = 5, id = 1;
	double           all = 0;

	if (argc < 6 || !ff_num_range(ff_str_from(argv[2]), 1, INT32_MAX, &id) || !ff_day_parse(ff_str_from(argv[4]), &range.first) ||
	    !ff_day_parse(ff_str_from(argv[5]), &range.last) ||
	    (argc > 6 && !ff_num_range(ff_str_from(argv[6]), 1, 100, &rounds)))
		return 2;
	ff_log_setup("asker", FF_LOG_WARN);
	ff_arena_init(&arena);
	ff_db_open(&db, getenv("FF_TEST_DB"), "asker");
	find_backend();
	site = (struct ff_site){ .site_id = (int32_t)id, .time_zone = ff_str_from(argv[3]), .default_kind = FF_STR("item") };
	if (strcmp(argv[1], "counters") == 0) {
		ask_counters((int)rounds);
		return 0;
	}
	if (strcmp(argv[1], "dashboard") == 0) {
		set = dashboard;
		n = sizeof dashboard / sizeof *dashboard;
	}
	for (size_t i = 0; i < n; i++) {
		set[i].q.site = &site;
		set[i].q.range = range;
		all += ask(&set[i], (int)rounds);
	}
	printf("all - - %.2f\n", all);
	ff_db_close(db);
	ff_arena_free(&arena);
	return 0;
}
