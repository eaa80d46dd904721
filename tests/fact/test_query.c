/* The query engine against plain SQL over the single events and visits (query-data.sql), which shares nothing with
 * its fragments; run by query.t on a database of its own. */
#include "tests/lib/unit.h"

#include "base/day.h"
#include "base/log.h"
#include "fact/query.h"
#include "fact/spans.h"
#include "store/db.h"

#include <math.h>
#include <stdlib.h>

static struct ff_db   *db;
static struct ff_arena arena;
static struct ff_site  site = { .site_id = 1,
	.domain = FF_STR_INIT("example.com"),
	.time_zone = FF_STR_INIT("Europe/Berlin"),
	.default_kind = FF_STR_INIT("video") };

/* Questions of one step of time and one dimension, and their rows. */
struct plain_filter {
	enum ff_dim    dim;
	bool           negate;
	struct ff_str *values;
	size_t         n;
};

struct question {
	const struct ff_site *site;
	enum ff_metric        metrics[FF_QUERY_METRICS_MAX];
	size_t                n_metrics;
	enum ff_dim           dim;
	enum ff_grain         grain;
	struct ff_range       range;
	struct plain_filter  *filters;
	size_t                n_filters;
	int                   order_metric; /* -1: default */
	bool                  ascending, order_by_dim;
	int64_t               limit, offset;
	bool                  total_rows, fill;
};

struct answer_row {
	struct ff_str time, label, kind, title;
	int64_t       time_us, value;
	double        metrics[FF_QUERY_METRICS_MAX];
};

struct answer {
	struct answer_row *rows;
	size_t             n;
	int64_t            total_rows, as_of_us;
	double             visitors_error;
};

static int32_t
day(const char *text)
{
	int32_t d = 0;

	assert_true(ff_day_parse(ff_str_from(text), &d));
	return d;
}

static struct ff_rows
sql(const char *text)
{
	struct ff_rows rows;

	assert_ok(ff_db_query_text(db, &arena, text, NULL, 0, &rows));
	return rows;
}

static struct question
ask(enum ff_dim dim, enum ff_grain grain, const char *first, const char *last)
{
	struct question q = { .site = &site, .dim = dim, .grain = grain, .order_metric = -1 };

	q.range = (struct ff_range){ .first = day(first), .last = day(last) };
	for (int m = 0; m <= FF_METRIC_FOLLOWS; m++)
		if (!ff_metric_of_items((enum ff_metric)m) &&
		    (dim == FF_DIM_TOTAL || ff_dim_per_visit(dim) ||
			(!ff_metric_per_visit((enum ff_metric)m) && m != FF_METRIC_VISITS)))
			q.metrics[q.n_metrics++] = (enum ff_metric)m;
	return q;
}

static void
add_dims(const struct question *from, struct ff_query *to)
{
	if (from->grain != FF_GRAIN_NONE)
		to->dims[to->n_dims++].grain = from->grain;
	if (from->dim != FF_DIM_TOTAL)
		to->dims[to->n_dims++].dim = from->dim;
	if (from->order_by_dim || from->order_metric >= 0)
		to->orders[to->n_orders++] = (struct ff_order){ .by_dim = from->order_by_dim, .ascending = from->ascending,
			.index = from->order_by_dim ? to->n_dims - 1 : (size_t)from->order_metric };
}

static enum ff_err
put(const struct question *from, struct ff_result *result, struct ff_fault *fault)
{
	struct ff_query q = { .site = from->site, .n_metrics = from->n_metrics, .range = from->range, .limit = from->limit,
		.offset = from->offset, .total_rows = from->total_rows, .fill = from->fill, .n_filters = from->n_filters };

	memcpy(q.metrics, from->metrics, sizeof q.metrics);
	add_dims(from, &q);
	q.filters = FF_NEW_N(&arena, q.n_filters + 1, struct ff_filter);
	for (size_t i = 0; i < q.n_filters; i++)
		q.filters[i] = (struct ff_filter){ .op = from->filters[i].negate ? FF_IS_NOT : FF_IS, .dim.dim = from->filters[i].dim,
			.values = from->filters[i].values, .n = from->filters[i].n };
	return ff_query_run(db, &arena, &q, result, fault);
}

static struct answer
run(const struct question *q)
{
	struct ff_result result;
	struct ff_fault  fault = { 0 };
	enum ff_err      err = put(q, &result, &fault);
	bool             timed = q->grain != FF_GRAIN_NONE;
	struct answer    out;

	if (err != FF_OK)
		print_error("# %s: %s %s\n", ff_err_name(err), fault.field, fault.why);
	assert_ok(err);
	out = (struct answer){ FF_NEW_N(&arena, result.n + 1, struct answer_row), result.n, result.total_rows, result.as_of_us,
		result.visitors_error };
	for (size_t i = 0; i < result.n; i++) {
		const struct ff_result_row *r = &result.rows[i];

		out.rows[i] = (struct answer_row){ .time = timed ? r->labels[0] : FF_STR_NONE, .label = r->labels[timed],
			.kind = r->kind, .title = r->title, .time_us = r->time_us, .value = r->values[timed] };
		memcpy(out.rows[i].metrics, r->metrics, sizeof r->metrics);
	}
	return out;
}

/* ---- the same question in plain SQL ---- */

static const char *
local_time(enum ff_grain grain, const char *column, const struct question *q)
{
	struct ff_str local = ff_str_printf(&arena, "(%s AT TIME ZONE 'Europe/Berlin')", column);
	char          first[11];

	ff_day_print(q->range.first, first);
	switch (grain) {
	case FF_GRAIN_NONE:
		return "''::text";
	case FF_GRAIN_HOUR: /* the instant tells the repeated hour apart */
		return ff_str_z(&arena, ff_str_printf(&arena, "to_char(%.*s, 'YYYY-MM-DD HH24:00:00') || date_trunc('hour', %s)",
		    FF_STR_ARG(local), column));
	case FF_GRAIN_DAY:
		return ff_str_z(&arena, ff_str_printf(&arena, "%.*s::date::text", FF_STR_ARG(local)));
	case FF_GRAIN_WEEK:
		return ff_str_z(&arena, ff_str_printf(&arena, "greatest(date_trunc('week', %.*s)::date, '%s')::text",
		    FF_STR_ARG(local), first));
	default:
		return ff_str_z(&arena, ff_str_printf(&arena, "date_trunc('month', %.*s)::date::text", FF_STR_ARG(local)));
	}
}

static void
put_filter(struct ff_buf *out, const struct plain_filter *f, const char *view, const char *id)
{
	ff_buf_printf(out, " AND %s EXISTS (SELECT FROM %s x WHERE x.%s = r.%s AND x.dim = %d AND x.value IN (",
	    f->negate ? "NOT" : "", view, id, id, (int)f->dim);
	for (size_t i = 0; i < f->n; i++)
		ff_buf_printf(out, "%s%.*s", i > 0 ? ", " : "", FF_STR_ARG(f->values[i]));
	ff_buf_z(out, "))");
}

/* Values of these filters are SQL expressions, such as lab('DE'). */
static struct ff_rows
expect(const struct question *q, const struct plain_filter *filters, size_t n, const char *also)
{
	char           first[11], last[11];
	struct ff_buf  t;
	struct ff_rows rows;

	ff_day_print(q->range.first, first);
	ff_day_print(q->range.last, last);
	ff_buf_init(&t, 1 << 20);
	ff_buf_printf(&t, "SELECT coalesce(a.t, b.t), coalesce(a.value, b.value), visitors, visits, pageviews, views, events, bounces, "
			  "duration, engaged FROM (SELECT %s AS t, value, count(DISTINCT visitor) FILTER (WHERE visitor <> 0 AND kind "
			  "<> 3 AND robot = 0) visitors, count(*) FILTER (WHERE kind = 1) pageviews, count(*) FILTER (WHERE kind <> 3) "
			  "events, count(*) FILTER (WHERE kind IN (1, 4) AND view_type <> 2 AND content_id IS NOT NULL) views, "
			  "sum(engaged_ms) engaged FROM event_row r WHERE dim = %d AND (ts AT TIME ZONE 'Europe/Berlin')::date "
			  "BETWEEN '%s' AND '%s' %s",
	    local_time(q->grain, "ts", q), (int)q->dim, first, last, also);
	for (size_t i = 0; i < n; i++)
		put_filter(&t, &filters[i], "event_row", "event_id");
	ff_buf_printf(&t, " GROUP BY 1, 2) a FULL JOIN (SELECT %s AS t, value, count(*) visits, count(*) FILTER (WHERE interactive "
			  "<= 1) bounces, sum(floor(extract(epoch FROM last_at - started_at))) duration FROM visit_row r WHERE dim = %d "
			  "AND (started_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN '%s' AND '%s'",
	    local_time(q->grain, "started_at", q), (int)q->dim, first, last);
	for (size_t i = 0; i < n; i++)
		put_filter(&t, &filters[i], ff_dim_per_visit(filters[i].dim) ? "visit_row" : "event_row", "visit_id");
	ff_buf_z(&t, " GROUP BY 1, 2) b USING (t, value) ORDER BY 1, 2");
	rows = sql(t.p);
	ff_buf_free(&t);
	return rows;
}

static double
share(const struct ff_rows *rows, int row, int of, int by, double factor, double unit)
{
	double visits = ff_row_double(rows, row, by);

	return visits > 0 ? floor(ff_row_double(rows, row, of) * factor / visits / unit + 0.5 + 1e-9) * unit : NAN;
}

enum { T, VALUE, VISITORS, VISITS, PAGEVIEWS, VIEWS, EVENTS, BOUNCES, DURATION, ENGAGED };

static double
wanted(enum ff_metric m, const struct ff_rows *rows, int row)
{
	switch (m) {
	case FF_METRIC_VISITORS:
		return ff_row_double(rows, row, VISITORS);
	case FF_METRIC_VISITS:
		return ff_row_double(rows, row, VISITS);
	case FF_METRIC_PAGEVIEWS:
		return ff_row_double(rows, row, PAGEVIEWS);
	case FF_METRIC_VIEWS:
		return ff_row_double(rows, row, VIEWS);
	case FF_METRIC_EVENTS:
		return ff_row_double(rows, row, EVENTS);
	case FF_METRIC_BOUNCE_RATE:
		return share(rows, row, BOUNCES, VISITS, 100, 1);
	case FF_METRIC_VISIT_DURATION:
		return share(rows, row, DURATION, VISITS, 1, 1);
	case FF_METRIC_VIEWS_PER_VISIT:
		return share(rows, row, PAGEVIEWS, VISITS, 1, 0.01);
	default:
		return floor(ff_row_double(rows, row, ENGAGED) / 1000 + 0.5);
	}
}

static int
by_time_and_value(const void *a, const void *b)
{
	const struct answer_row *x = a, *y = b;
	int                         c = ff_str_cmp(x->time, y->time);

	if (c == 0)
		c = (x->time_us > y->time_us) - (x->time_us < y->time_us);
	return c != 0 ? c : (x->value > y->value) - (x->value < y->value);
}

static void
compare(const struct question *q, struct answer *got, const struct ff_rows *want)
{
	qsort(got->rows, got->n, sizeof *got->rows, by_time_and_value);
	assert_int_equal(got->n, want->n);
	for (size_t i = 0; i < got->n; i++) {
		const struct answer_row *row = &got->rows[i];

		assert_true(ff_str_starts(ff_row_str(want, (int)i, T), row->time));
		assert_int_equal(row->value, ff_row_i64(want, (int)i, VALUE));
		for (size_t m = 0; m < q->n_metrics; m++) {
			double a = row->metrics[m], b = wanted(q->metrics[m], want, (int)i);

			if (isnan(a) && isnan(b))
				continue;
			if (!(fabs(a - b) < 1e-6))
				print_error("# dim %s grain %d row %zu (%.*s, %lld) %s: %g, not %g\n", ff_dim_name(q->dim), (int)q->grain, i,
				    FF_STR_ARG(row->time), (long long)row->value, ff_metric_name(q->metrics[m]), a, b);
			assert_true(fabs(a - b) < 1e-6);
		}
	}
}

/* ---- tests ---- */

static void
every_metric_dimension_and_grain_equals_the_single_rows(void **state)
{
	int rows = 0;

	(void)state;
	for (int dim = 0; dim < FF_DIM_COUNT; dim = dim == FF_DIM_EXIT_HOST ? FF_DIM_VIEW_TYPE : dim + 1)
		for (int grain = FF_GRAIN_NONE; grain <= FF_GRAIN_MONTH; grain += grain == FF_GRAIN_NONE ? 2 : 1) {
			struct question  q = ask((enum ff_dim)dim, (enum ff_grain)grain, "2026-10-20", "2026-11-01");
			struct answer got = run(&q);
			struct ff_rows   want = expect(&q, NULL, 0, "");

			compare(&q, &got, &want);
			rows += want.n;
			ff_arena_reset(&arena);
		}
	assert_true(rows > 1000);
}

static struct plain_filter
filter(enum ff_dim dim, bool negate, struct ff_str *values, size_t n)
{
	return (struct plain_filter){ .dim = dim, .negate = negate, .values = values, .n = n };
}

/* One question with filters: by name for the engine, as expressions for the plain SQL. */
static void
filtered(struct question q, struct plain_filter *named, struct plain_filter *plain, size_t n, const char *also)
{
	struct answer got;
	struct ff_rows   want;

	q.filters = named;
	q.n_filters = n;
	got = run(&q);
	want = expect(&q, plain, n, also);
	if (q.dim != FF_DIM_TOTAL || q.grain != FF_GRAIN_NONE)
		assert_true(want.n > 0);
	compare(&q, &got, &want);
}

static void
filters_on_the_shown_dimension_come_from_rollups(void **state)
{
	struct ff_str    names[] = { FF_STR("DE"), FF_STR("US"), FF_STR("nowhere") };
	struct ff_str    labels[] = { FF_STR("lab('DE')"), FF_STR("lab('US')") };
	struct plain_filter named[2], plain[2];

	(void)state;
	for (int negate = 0; negate < 2; negate++)
		for (int grain = FF_GRAIN_NONE; grain <= FF_GRAIN_DAY; grain += grain == FF_GRAIN_NONE ? 2 : 1)
			for (int shown = 0; shown < 2; shown++) {
				named[0] = filter(FF_DIM_COUNTRY, negate, names, 3);
				plain[0] = filter(FF_DIM_COUNTRY, negate, labels, 2);
				filtered(ask(shown ? FF_DIM_COUNTRY : FF_DIM_TOTAL, (enum ff_grain)grain, "2026-10-20", "2026-10-31"),
				    named, plain, 1, "");
			}
	names[0] = FF_STR("Direct / None");
	labels[0] = FF_STR("lab('')");
	named[0] = filter(FF_DIM_SOURCE, false, names, 1);
	plain[0] = filter(FF_DIM_SOURCE, false, labels, 1);
	filtered(ask(FF_DIM_TOTAL, FF_GRAIN_DAY, "2026-10-20", "2026-10-31"), named, plain, 1, "");
	names[0] = FF_STR("Organic Search");
	labels[0] = FF_STR("2");
	named[0] = filter(FF_DIM_CHANNEL, false, names, 1);
	plain[0] = filter(FF_DIM_CHANNEL, false, labels, 1);
	filtered(ask(FF_DIM_TOTAL, FF_GRAIN_NONE, "2026-10-20", "2026-10-31"), named, plain, 1, "");
}

static void
filters_across_dimensions_come_from_single_rows(void **state)
{
	struct ff_str    de[] = { FF_STR("DE") }, lab_de[] = { FF_STR("lab('DE')") };
	struct ff_str    google[] = { FF_STR("Google"), FF_STR("Bing") },
		lab_google[] = { FF_STR("lab('Google')"), FF_STR("lab('Bing')") };
	struct ff_str    page[] = { FF_STR("/about") }, lab_page[] = { FF_STR("lab('/about')") };
	struct ff_str    item[] = { FF_STR("i2"), FF_STR("post/i1") }, ids[] = { FF_STR("2"), FF_STR("4") };
	struct plain_filter named[3], plain[3];

	(void)state;
	named[0] = filter(FF_DIM_COUNTRY, false, de, 1);
	plain[0] = filter(FF_DIM_COUNTRY, false, lab_de, 1);
	named[1] = filter(FF_DIM_SOURCE, true, google, 2);
	plain[1] = filter(FF_DIM_SOURCE, true, lab_google, 2);
	for (int grain = FF_GRAIN_NONE; grain <= FF_GRAIN_MONTH; grain += grain == FF_GRAIN_NONE ? 2 : 1) {
		filtered(ask(FF_DIM_PAGE, (enum ff_grain)grain, "2026-10-20", "2026-10-31"), named, plain, 1, "");
		filtered(ask(FF_DIM_BROWSER, (enum ff_grain)grain, "2026-10-20", "2026-10-31"), named, plain, 2, "");
		filtered(ask(FF_DIM_TOTAL, (enum ff_grain)grain, "2026-10-20", "2026-10-31"), named, plain, 2, "");
		filtered(ask(FF_DIM_UTM_MEDIUM, (enum ff_grain)grain, "2026-10-20", "2026-10-31"), named, plain, 1, "");
		filtered(ask(FF_DIM_ITEM, (enum ff_grain)grain, "2026-10-20", "2026-10-31"), named, plain, 1, "");
		filtered(ask(FF_DIM_NAME, (enum ff_grain)grain, "2026-10-20", "2026-10-31"), named, plain, 1, "");
	}
	named[2] = filter(FF_DIM_PAGE, false, page, 1);
	plain[2] = filter(FF_DIM_PAGE, false, lab_page, 1);
	filtered(ask(FF_DIM_TOTAL, FF_GRAIN_DAY, "2026-10-20", "2026-10-31"), &named[2], &plain[2], 1, "");
	filtered(ask(FF_DIM_NAME, FF_GRAIN_NONE, "2026-10-20", "2026-10-31"), &named[2], &plain[2], 1, "");
	named[0] = filter(FF_DIM_ITEM, false, item, 2);
	plain[0] = filter(FF_DIM_ITEM, false, ids, 2);
	filtered(ask(FF_DIM_TOTAL, FF_GRAIN_NONE, "2026-10-20", "2026-10-31"), named, plain, 1, "");
	filtered(ask(FF_DIM_PAGE, FF_GRAIN_NONE, "2026-10-20", "2026-10-31"), named, plain, 1, "");
}

/* Event metrics under a filter on an event dimension need no raw rows, unless events without a value are meant. */
static void
event_filters_give_the_same_figures_from_either_source(void **state)
{
	struct ff_str    item[] = { FF_STR("video/i1") }, id[] = { FF_STR("1") };
	struct ff_str    play[] = { FF_STR("Play") }, lab_play[] = { FF_STR("lab('Play')") };
	struct ff_str    unset[] = { FF_STR("(not set)"), FF_STR("nl") };
	struct plain_filter named, plain;
	struct question  q = ask(FF_DIM_ITEM, FF_GRAIN_DAY, "2026-10-20", "2026-10-31");

	(void)state;
	q.dim = FF_DIM_TOTAL;
	for (int negate = 0; negate < 2; negate++) {
		named = filter(FF_DIM_ITEM, negate, item, 1);
		plain = filter(FF_DIM_ITEM, negate, id, 1);
		q.n_metrics = 4; /* without visits, which such a filter would pick by another rule */
		q.metrics[1] = FF_METRIC_VIEWS;
		filtered(q, &named, &plain, 1, "");
		named = filter(FF_DIM_NAME, negate, play, 1);
		plain = filter(FF_DIM_NAME, negate, lab_play, 1);
		filtered(q, &named, &plain, 1, "");
	}
	q = ask(FF_DIM_TOTAL, FF_GRAIN_NONE, "2026-10-20", "2026-10-31");
	named = filter(FF_DIM_UTM_SOURCE, false, unset, 2);
	q.filters = &named;
	q.n_filters = 1;
	assert_int_equal((int64_t)run(&q).rows[0].metrics[FF_METRIC_VISITS],
	    ff_row_i64((struct ff_rows[]){ sql("SELECT count(*) FROM visit WHERE utm_source IN (lab(''), lab('nl')) AND "
					       "(started_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN '2026-10-20' AND '2026-10-31'") },
		0, 0));
}

static void
ranges_of_hours_and_of_any_instant(void **state)
{
	struct question q = ask(FF_DIM_SOURCE, FF_GRAIN_NONE, "2026-10-20", "2026-10-20");
	struct ff_rows  want;
	int64_t         from = 0, to = 0;

	(void)state;
	for (int exact = 0; exact < 2; exact++) {
		double got = 0;

		assert_true(ff_time_parse(exact ? FF_STR("2026-10-24T22:10:00Z") : FF_STR("2026-10-24T22:00:00Z"), &from));
		assert_true(ff_time_parse(exact ? FF_STR("2026-10-25T10:00:01Z") : FF_STR("2026-10-25T10:00:00Z"), &to));
		q.range = (struct ff_range){ .from_us = from, .to_us = to };
		q.n_metrics = 1;
		q.metrics[0] = FF_METRIC_PAGEVIEWS;
		for (size_t i = 0; i < run(&q).n; i++)
			got += run(&q).rows[i].metrics[0];
		want = sql(exact ? "SELECT count(*) FROM event WHERE site_id = 1 AND kind = 1 AND robot = 0 AND "
				   "ts >= '2026-10-24 22:10:00+00' AND ts < '2026-10-25 10:00:01+00'"
				 : "SELECT count(*) FROM event WHERE site_id = 1 AND kind = 1 AND robot = 0 AND "
				   "ts >= '2026-10-24 22:00:00+00' AND ts < '2026-10-25 10:00:00+00'");
		assert_true(got > 0);
		assert_int_equal((int64_t)got, ff_row_i64(&want, 0, 0));
	}
}

/* For each dimension, shown and not, from either source: what comes from outside stays a value. */
static void
hostile_values_are_only_values(void **state)
{
	struct ff_str   bad[] = { FF_STR("'; DROP TABLE event; --"), FF_STR("$1"), FF_STR("\\'\"{},NULL"), FF_STR("/"),
		FF_STR("") };
	struct question q;

	(void)state;
	for (int dim = FF_DIM_TOTAL + 1; dim < FF_DIM_COUNT; dim++)
		for (int way = 0; way < 8; way++) {
			struct plain_filter f[2] = { filter((enum ff_dim)dim, way & 1, bad, 5),
				filter(dim == FF_DIM_ROBOT ? FF_DIM_NAME : FF_DIM_OS, true, bad, 5) };

			q = ask(way & 2 ? (enum ff_dim)dim : FF_DIM_PAGE, FF_GRAIN_NONE, "2026-10-20", "2026-10-31");
			q.filters = f;
			q.n_filters = way & 4 ? 2 : 1;
			if (dim == FF_DIM_ROBOT) /* robots have events and pages alone */
				q.n_metrics = 1;
			run(&q);
			ff_arena_reset(&arena);
		}
	assert_true(ff_row_i64((struct ff_rows[]){ sql("SELECT count(*) FROM event") }, 0, 0) > 1000);
}

static void
refused(struct question q, const char *field, const char *why)
{
	struct ff_result result;
	struct ff_fault  fault = { 0 };

	assert_err(FF_INVALID, put(&q, &result, &fault));
	assert_string_equal(fault.field, field);
	assert_string_equal(fault.why, why);
}

/* Over the whole range, of the item rows that fit `where`. */
static int64_t
item_sum(const char *what, const char *where)
{
	struct ff_rows rows = sql(ff_str_z(&arena, ff_str_printf(&arena,
	    "SELECT coalesce(sum(%s), 0) FROM content_day WHERE site_id = 1 AND bucket BETWEEN '2026-10-20' AND '2026-10-31' AND %s",
	    what, where)));

	return ff_row_i64(&rows, 0, 0);
}

static struct question
ask_items(enum ff_dim dim, enum ff_grain grain)
{
	struct question q = { .site = &site, .dim = dim, .grain = grain, .order_metric = -1,
		.metrics = { FF_METRIC_UNIQUE_VIEWS, FF_METRIC_VIEWS, FF_METRIC_QUALIFIED_VIEWS, FF_METRIC_IMPRESSIONS,
		    FF_METRIC_REACTIONS }, .n_metrics = 5 };

	q.range = (struct ff_range){ .first = day("2026-10-20"), .last = day("2026-10-31") };
	return q;
}

static void
has_sums(const struct answer *r, const char *where)
{
	static const char *const columns[] = { "uniques", "views", "qualified", "impressions", "reactions" };

	for (size_t m = 0; m < 5; m++) {
		double sum = 0;

		for (size_t i = 0; i < r->n; i++)
			sum += r->rows[i].metrics[m];
		assert_int_equal((int64_t)sum, item_sum(columns[m], where));
	}
}

static void
figures_of_items_by_item_and_viewer(void **state)
{
	struct ff_str    one[] = { FF_STR("video/a") }, signed_in[] = { FF_STR("authenticated") };
	struct question  q = ask_items(FF_DIM_ITEM, FF_GRAIN_NONE);
	struct plain_filter f[] = { filter(FF_DIM_AUTH, false, signed_in, 1), filter(FF_DIM_ITEM, false, one, 1) };
	struct ff_rows   known = sql("SELECT kind || '/' || key FROM content WHERE site_id = 1 AND content_id = 1");
	struct answer r = run(&q);

	(void)state;
	one[0] = ff_row_str(&known, 0, 0);
	assert_true(r.n > 1 && item_sum("reactions", "auth") > 0);
	has_sums(&r, "true");
	for (enum ff_grain g = FF_GRAIN_HOUR; g <= FF_GRAIN_MONTH; g++) {
		q = ask_items(FF_DIM_ITEM, g);
		r = run(&q);
		has_sums(&r, "true");
	}
	q = ask_items(FF_DIM_ITEM, FF_GRAIN_DAY);
	q.filters = f;
	q.n_filters = 1;
	r = run(&q);
	assert_int_equal(r.n, 1);
	has_sums(&r, "auth");
	q.filters = f + 1;
	r = run(&q);
	has_sums(&r, "content_id = 1");
	q.dim = FF_DIM_TOTAL;
	r = run(&q);
	has_sums(&r, "content_id = 1");
	q.dim = FF_DIM_AUTH;
	q.grain = FF_GRAIN_NONE;
	r = run(&q);
	assert_int_equal(r.n, 2);
	has_sums(&r, "content_id = 1");
}

static void
figures_of_items_beside_the_total(void **state)
{
	struct question  q = ask(FF_DIM_TOTAL, FF_GRAIN_NONE, "2026-10-20", "2026-10-31"), items;
	size_t           first = q.n_metrics;
	struct answer r, without;

	(void)state;
	for (enum ff_grain g = FF_GRAIN_NONE; g <= FF_GRAIN_MONTH; g += g == FF_GRAIN_NONE ? 2 : 1) {
		q.n_metrics = first;
		q.grain = g;
		without = run(&q);
		q.metrics[q.n_metrics++] = FF_METRIC_UNIQUE_VIEWS;
		q.metrics[q.n_metrics++] = FF_METRIC_IMPRESSIONS;
		r = run(&q);
		assert_int_equal(r.n, without.n);
		items = ask_items(FF_DIM_TOTAL, g);
		items.fill = false;
		without = run(&items);
		has_sums(&without, "true");
		for (size_t i = 0; i < r.n; i++)
			assert_true(r.rows[i].metrics[first] == without.rows[i].metrics[0]);
	}
}

/* By anything else they come from single rows. */
static void
figures_of_items_by_what_no_rollup_has(void **state)
{
	struct ff_str       de[] = { FF_STR("DE") };
	struct plain_filter f = filter(FF_DIM_COUNTRY, false, de, 1);
	struct question     q = ask_items(FF_DIM_PAGE, FF_GRAIN_NONE);
	struct answer       r;
	struct ff_rows      want;

	(void)state;
	q.filters = &f;
	q.n_filters = 1;
	q.metrics[0] = FF_METRIC_IMPRESSIONS;
	r = run(&q);
	want = sql("SELECT path, count(*) FILTER (WHERE kind IN (1, 4) AND view_type = 2 AND content_id IS NOT NULL), "
		   "count(*) FILTER (WHERE kind IN (1, 4) AND view_type <> 2 AND content_id IS NOT NULL) FROM event e JOIN visit s "
		   "USING (visit_id) WHERE s.country = lab('DE') AND path <> lab('') AND (ts AT TIME ZONE 'Europe/Berlin')::date "
		   "BETWEEN '2026-10-20' AND '2026-10-31' GROUP BY 1 ORDER BY 2 DESC, 1");
	assert_int_equal(r.n, want.n);
	for (size_t i = 0; i < r.n; i++) {
		assert_int_equal(r.rows[i].value, ff_row_i64(&want, (int)i, 0));
		assert_int_equal(r.rows[i].metrics[0], ff_row_i64(&want, (int)i, 1));
		assert_int_equal(r.rows[i].metrics[1], ff_row_i64(&want, (int)i, 2));
	}
}

static void
what_cannot_be_answered_is_said(void **state)
{
	struct ff_str    de[] = { FF_STR("DE") };
	struct plain_filter f = filter(FF_DIM_COUNTRY, false, de, 1);
	struct question  q = ask(FF_DIM_PAGE, FF_GRAIN_NONE, "2026-10-18", "2026-10-31");

	(void)state;
	q.filters = &f;
	q.n_filters = 1;
	run(&q); /* nothing is older than the oldest event that is kept */
	sql("INSERT INTO rollup_day SELECT r.* FROM jsonb_populate_record(NULL::rollup_day, (SELECT to_jsonb(d) || "
	    "'{\"bucket\": \"2026-10-17\"}' FROM rollup_day d WHERE site_id = 1 AND dim = 0 LIMIT 1)) r");
	refused(q, "", "This combination needs single events, which are kept since 2026-10-20: ask for a date_range that begins "
		       "there or later, or for one dimension, filtered by itself");
	sql("DELETE FROM rollup_day WHERE bucket = '2026-10-17'");
	q.range.first++;
	run(&q);
	q = ask(FF_DIM_TOTAL, FF_GRAIN_NONE, "2026-10-20", "2026-10-31");
	q.dim = FF_DIM_NAME;
	q.metrics[0] = FF_METRIC_BOUNCE_RATE;
	q.metrics[1] = FF_METRIC_VISITORS;
	q.n_metrics = 2;
	refused(q, "", "Session metric(s) `bounce_rate` cannot be queried along with event dimension(s) `event:name`");
	q.metrics[1] = FF_METRIC_VISIT_DURATION;
	q.dim = FF_DIM_PAGE;
	refused(q, "", "Session metric(s) `bounce_rate`, `visit_duration` cannot be queried along with event dimension(s) `event:page`");
	q.n_metrics = 0;
	refused(q, "metrics", "must name 1 to 32 metrics");
	q = ask(FF_DIM_ROBOT, FF_GRAIN_NONE, "2026-10-20", "2026-10-31");
	q.filters = &f;
	q.n_filters = 1;
	refused(q, "",
	    "`event:robot` cannot be queried along with session metrics or visit dimensions: robots begin no visits");
}

static void
labels_and_order(void **state)
{
	struct question  q = ask(FF_DIM_SOURCE, FF_GRAIN_NONE, "2026-10-20", "2026-10-31");
	struct answer r;

	(void)state;
	q.order_by_dim = q.ascending = true;
	r = run(&q);
	assert_int_equal(r.n, 4);
	assert_str(r.rows[0].label, "Bing");
	assert_str(r.rows[1].label, "Direct / None");
	assert_str(r.rows[3].label, "news.example");
	q.ascending = false;
	assert_str(run(&q).rows[0].label, "news.example");
	q.order_by_dim = false;
	r = run(&q); /* the first metric, descending */
	for (size_t i = 1; i < r.n; i++)
		assert_true(r.rows[i - 1].metrics[0] >= r.rows[i].metrics[0]);
	q.order_metric = FF_METRIC_PAGEVIEWS;
	q.ascending = true;
	r = run(&q);
	for (size_t i = 1; i < r.n; i++)
		assert_true(r.rows[i - 1].metrics[FF_METRIC_PAGEVIEWS] <= r.rows[i].metrics[FF_METRIC_PAGEVIEWS]);
	q = ask(FF_DIM_DEVICE, FF_GRAIN_NONE, "2026-10-20", "2026-10-31");
	q.order_by_dim = q.ascending = true;
	r = run(&q);
	assert_str(r.rows[0].label, "(not set)");
	assert_str(r.rows[1].label, "Desktop");
	q = ask(FF_DIM_ITEM, FF_GRAIN_NONE, "2026-10-20", "2026-10-31");
	q.order_by_dim = q.ascending = true;
	r = run(&q);
	assert_str(r.rows[0].label, "i1");
	assert_str(r.rows[0].title, "Title 1");
	q = ask(FF_DIM_TOTAL, FF_GRAIN_DAY, "2026-10-20", "2026-10-31");
	q.order_by_dim = true;
	assert_str(run(&q).rows[0].time, "2026-10-31");
}

/* By pages of two in every order, the rows are those of the whole answer: what is merged for a page alone, too. */
static void
pages_make_up_the_whole(void **state)
{
	struct question q = ask(FF_DIM_PAGE, FF_GRAIN_DAY, "2026-10-20", "2026-10-31");

	(void)state;
	q.total_rows = true;
	for (int order = -1; order < (int)q.n_metrics; order++) {
		struct question  part = q;
		struct answer whole, some;
		size_t           at = 0;

		q.order_metric = part.order_metric = order;
		whole = run(&q);
		assert_int_equal(whole.total_rows, (int64_t)whole.n);
		for (part.limit = 7; at < whole.n; part.offset += 7) {
			some = run(&part);
			assert_int_equal(some.total_rows, whole.total_rows);
			for (size_t i = 0; i < some.n; i++, at++) {
				assert_int_equal(some.rows[i].value, whole.rows[at].value);
				assert_int_equal(some.rows[i].time_us, whole.rows[at].time_us);
				assert_memory_equal(some.rows[i].metrics, whole.rows[at].metrics, q.n_metrics * sizeof(double));
			}
		}
		some = run(&part); /* behind the end */
		assert_int_equal(some.n, 0);
		assert_int_equal(some.total_rows, whole.total_rows);
	}
}

static void
empty_buckets_are_filled(void **state)
{
	struct question  q = ask(FF_DIM_TOTAL, FF_GRAIN_DAY, "2026-10-15", "2026-11-05");
	struct answer r;

	(void)state;
	q.fill = true;
	r = run(&q);
	assert_int_equal(r.n, 22);
	assert_str(r.rows[0].time, "2026-10-15");
	assert_true(r.rows[0].metrics[FF_METRIC_VISITORS] == 0);
	assert_true(isnan(r.rows[0].metrics[FF_METRIC_BOUNCE_RATE]));
	assert_true(r.rows[5].metrics[FF_METRIC_VISITORS] > 0);
	q.fill = false;
	assert_true(run(&q).n < 22);
	q = ask(FF_DIM_TOTAL, FF_GRAIN_NONE, "2020-01-01", "2020-01-31");
	r = run(&q);
	assert_int_equal(r.n, 1);
	assert_true(r.rows[0].metrics[FF_METRIC_PAGEVIEWS] == 0 && r.rows[0].metrics[FF_METRIC_VISITORS] == 0);
	assert_true(isnan(r.rows[0].metrics[FF_METRIC_VISIT_DURATION]));
	q.dim = FF_DIM_SOURCE;
	assert_int_equal(run(&q).n, 0);
	assert_int_equal(r.as_of_us, ff_day_from_date((struct ff_date){ 2026, 11, 1 }) * FF_US_DAY);
	assert_true(fabs(r.visitors_error) < 1e-9);
}

/* 5,000 visitors: the sketch is within its own error, and the answer states it. */
static void
many_visitors_are_estimated_and_the_error_is_stated(void **state)
{
	struct question  q = ask(FF_DIM_TOTAL, FF_GRAIN_NONE, "2026-10-21", "2026-10-21");
	struct answer r;

	(void)state;
	sql("UPDATE rollup_day SET visitors = (SELECT hll_add_agg(hll_hash_bigint(n), 14, 5, -1, 1) FROM generate_series(1, 5000) n) "
	    "WHERE site_id = 2 AND dim = 0");
	site.site_id = 2;
	r = run(&q);
	site.site_id = 1;
	assert_true(fabs(r.rows[0].metrics[FF_METRIC_VISITORS] - 5000) < 5000 * 4 * 0.0081);
	assert_true(r.visitors_error > 0.008 && r.visitors_error < 0.009);
}

/* 300 pages of another site whose events say little about their visitors, and then much: the first rows by visitors are
 * those of the whole answer, whether the guess from events holds or not. */
static void
first_rows_by_visitors_are_guessed_only_where_the_guess_holds(void **state)
{
	static const char *const visitors[] = { "CASE WHEN n <= 200 THEN 1 ELSE 50 + n - 200 END", "400 - n" };
	struct question          few = ask(FF_DIM_PAGE, FF_GRAIN_NONE, "2026-10-21", "2026-10-22"), whole;

	(void)state;
	site.site_id = 2;
	few.limit = 5;
	few.total_rows = true;
	whole = few;
	whole.limit = 0;
	for (size_t way = 0; way < 2; way++) {
		struct answer a, b;

		sql("DELETE FROM rollup_day WHERE site_id = 2 AND dim = 1");
		sql(ff_str_z(&arena, ff_str_printf(&arena,
		    "INSERT INTO rollup_day (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, "
		    "site_id, dim, visitors) SELECT '2026-10-21'::date + d, n, 0, 0, 0, 1, 0, greatest(500 - n, 200), 0, 2, 1, "
		    "(SELECT hll_add_agg(hll_hash_bigint(i), 14, 5, -1, 1) FROM generate_series(1, %s) i) "
		    "FROM generate_series(1, 300) n, generate_series(0, 1) d",
		    visitors[way])));
		for (few.offset = whole.offset = 0; few.offset <= 300; few.offset += 59, whole.offset += 59) {
			a = run(&few);
			b = run(&whole);
			assert_int_equal(a.total_rows, 300);
			assert_int_equal(a.n, few.offset == 295 ? 5 : few.offset > 295 ? 0 : few.limit);
			for (size_t i = 0; i < a.n; i++) {
				assert_int_equal(a.rows[i].value, b.rows[i].value);
				assert_memory_equal(a.rows[i].metrics, b.rows[i].metrics, few.n_metrics * sizeof(double));
			}
		}
		assert_int_equal(way == 0 ? 300 : 1, (few.offset = 0, run(&few).rows[0].value));
	}
	site.site_id = 1;
}

static void
first_day_and_counters(void **state)
{
	struct ff_site_item items[] = { { 1, FF_STR("video"), FF_STR("i1") }, { 1, FF_STR("video"), FF_STR("i2") },
		{ 1, FF_STR("video"), FF_STR("nothing") }, { 1, FF_STR("post"), FF_STR("i1") },
		{ 1, FF_STR("video"), FF_STR("i3") }, { 1, FF_STR("video"), FF_STR("i1") } };
	struct ff_counts    n[6];
	int64_t             now = 0;
	int32_t             first;

	(void)state;
	assert_ok(ff_query_first_day(db, &arena, &site, day("2026-11-21"), &first));
	assert_int_equal(first, day("2026-10-19"));
	assert_true(ff_time_parse(FF_STR("2026-10-30T23:30:00Z"), &now)); /* the 31st in Berlin */
	assert_ok(ff_counts_get(db, &arena, &site, now, items, 6, n));
	assert_true(n[0].today == 5 && n[0].month == 50 && n[0].total == 500 && n[0].known);
	assert_true(n[0].unique.today == 4 && n[0].unique.month == 40 && n[0].unique.total == 400);
	assert_true(n[0].qualified.today == 3 && n[0].qualified.month == 30 && n[0].qualified.total == 300);
	assert_true(n[1].unique.today == 0 && n[1].unique.month == 40 && n[2].unique.total == 0);
	assert_true(n[1].today == 0 && n[1].month == 70 && n[1].total == 700);
	assert_true(n[2].total == 0 && !n[2].known);
	assert_true(n[3].today == 0 && n[3].month == 0 && n[3].total == 900);
	assert_true(n[4].total == 0 && n[4].known);
	assert_true(n[5].today == 5);
}

static void
months_that_are_made_answer_for_their_days(void **state)
{
	struct question  q = ask(FF_DIM_COUNTRY, FF_GRAIN_NONE, "2026-09-28", "2026-11-01");
	struct ff_result result;
	struct answer    days, months;

	(void)state;
	days = run(&q);
	sql("INSERT INTO rollup_month (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, "
	    "visitors) SELECT '2026-10-01', value, sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events), "
	    "sum(engaged_ms), 1, dim, hll_union_agg(visitors) FROM rollup_day WHERE site_id = 1 AND bucket BETWEEN '2026-10-01' AND "
	    "'2026-10-31' GROUP BY dim, value");
	sql("INSERT INTO rollup_month_made (site_id, bucket) VALUES (1, '2026-10-01')");
	assert_ok(put(&q, &result, NULL));
	assert_string_equal(result.source, "month+day");
	months = run(&q);
	assert_int_equal(months.n, days.n);
	for (size_t i = 0; i < days.n; i++) {
		assert_int_equal(months.rows[i].value, days.rows[i].value);
		assert_memory_equal(months.rows[i].metrics, days.rows[i].metrics, q.n_metrics * sizeof(double));
	}
	q.grain = FF_GRAIN_DAY;
	assert_ok(put(&q, &result, NULL));
	assert_string_equal(result.source, "day");
	q.grain = FF_GRAIN_NONE;
	q.range.first = day("2026-10-02"); /* no whole month */
	assert_ok(put(&q, &result, NULL));
	assert_string_equal(result.source, "day");
	sql("DELETE FROM rollup_month_made");
}

static void
weeks_that_are_made_answer_for_their_days(void **state)
{
	static const enum ff_dim dims[] = { FF_DIM_COUNTRY, FF_DIM_PAGE, FF_DIM_ITEM, FF_DIM_ENTRY_PAGE };
	struct ff_result         result;

	(void)state;
	for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
		struct question q = ask(dims[d], FF_GRAIN_NONE, "2026-10-07", "2026-10-30");
		struct answer   days = run(&q), weeks;

		for (int32_t monday = day("2026-10-12"); monday < day("2026-10-26"); monday += 7)
			assert_ok(ff_span_make(db, &arena, FF_SPAN_WEEK, &(struct ff_span){ 1, monday }));
		assert_ok(put(&q, &result, NULL));
		assert_string_equal(result.source, "week+day");
		weeks = run(&q);
		assert_int_equal(weeks.n, days.n);
		for (size_t i = 0; i < days.n; i++) {
			assert_int_equal(weeks.rows[i].value, days.rows[i].value);
			assert_memory_equal(weeks.rows[i].metrics, days.rows[i].metrics, q.n_metrics * sizeof(double));
		}
		q.grain = FF_GRAIN_WEEK;
		assert_ok(put(&q, &result, NULL));
		assert_string_equal(result.source, "week+day");
		q.grain = FF_GRAIN_MONTH; /* weeks lie in two months */
		assert_ok(put(&q, &result, NULL));
		assert_string_equal(result.source, "day");
		sql("DELETE FROM rollup_week_made");
	}
}

static void
patterns_are_bounded(void **state)
{
	static const struct {
		const char *pattern, *why; /* the sentence's begin; NULL: it is answered */
	} cases[] = {
		{ "^/(about|preise)$", NULL },
		{ "(", "Invalid regular expression '(': " },
		{ "^(([a-z/])+.)+[A-Z]([a-z/])+$", "The pattern took too long" },
		{ "\\C", "Invalid regular expression" },
	};
	struct ff_str    value;
	struct ff_filter f = { .op = FF_MATCHES, .dim = FF_BY(PAGE), .values = &value, .n = 1 };
	struct ff_query  q = { .site = &site, .metrics = { FF_METRIC_PAGEVIEWS }, .n_metrics = 1, .filters = &f, .n_filters = 1 };
	struct ff_rows   want;
	struct ff_result result;

	(void)state;
	q.range = (struct ff_range){ .first = day("2026-10-20"), .last = day("2026-10-31") };
	sql("INSERT INTO label (site_id, value) SELECT 1, '/' || repeat('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 8)");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ff_fault fault = { 0 };

		value = ff_str_from(cases[i].pattern);
		if (cases[i].why != NULL) {
			assert_err(FF_INVALID, ff_query_run(db, &arena, &q, &result, &fault));
			assert_true(ff_str_starts(ff_str_from(fault.why), ff_str_from(cases[i].why)));
			continue;
		}
		assert_ok(ff_query_run(db, &arena, &q, &result, &fault));
		want = sql("SELECT count(*) FROM event_row WHERE dim = 1 AND value IN (lab('/about'), lab('/preise')) AND kind = 1 AND "
			   "(ts AT TIME ZONE 'Europe/Berlin')::date BETWEEN '2026-10-20' AND '2026-10-31'");
		assert_int_equal((int64_t)result.rows[0].metrics[0], ff_row_i64(&want, 0, 0));
		assert_string_equal(result.source, "day");
	}
}

/* Whole hours come from hours, the rest of a range from single events: together they are all of it. */
static void
edges_come_from_the_finer_grain(void **state)
{
	struct question  q = ask(FF_DIM_TOTAL, FF_GRAIN_NONE, "2026-10-20", "2026-10-20");
	struct ff_rows   want;
	struct ff_result result;
	int64_t          from = 0, to = 0;

	(void)state;
	assert_true(ff_time_parse(FF_STR("2026-10-20T10:20:30Z"), &from) && ff_time_parse(FF_STR("2026-10-28T17:40:50Z"), &to));
	q.range = (struct ff_range){ .from_us = from, .to_us = to };
	assert_ok(put(&q, &result, NULL));
	assert_string_equal(result.source, "day+hour+raw");
	want = sql("SELECT count(DISTINCT visitor) FILTER (WHERE visitor <> 0 AND kind <> 3), count(*) FILTER (WHERE kind = 1) FROM event "
		   "WHERE site_id = 1 AND robot = 0 AND ts >= '2026-10-20 10:20:30+00' AND ts < '2026-10-28 17:40:50+00'");
	assert_int_equal((int64_t)result.rows[0].metrics[FF_METRIC_VISITORS], ff_row_i64(&want, 0, 0));
	assert_int_equal((int64_t)result.rows[0].metrics[FF_METRIC_PAGEVIEWS], ff_row_i64(&want, 0, 1));
	want = sql("SELECT count(*) FROM visit WHERE site_id = 1 AND started_at >= '2026-10-20 10:20:30+00' AND "
		   "started_at < '2026-10-28 17:40:50+00'");
	assert_int_equal((int64_t)result.rows[0].metrics[FF_METRIC_VISITS], ff_row_i64(&want, 0, 0));
}

static void
several_dimensions_and_a_tree_of_filters(void **state)
{
	struct ff_str    de[] = { FF_STR("DE") }, about[] = { FF_STR("/about") }, fire[] = { FF_STR("fire") };
	struct ff_filter leaves[] = { { .op = FF_IS, .dim = FF_BY(COUNTRY), .values = de, .n = 1 },
		{ .op = FF_IS, .dim = FF_BY(PAGE), .values = about, .n = 1 } };
	struct ff_filter either[] = { { .op = FF_OR, .kids = leaves, .n_kids = 2 },
		{ .op = FF_CONTAINS_NOT, .dim = FF_BY(BROWSER), .values = fire, .n = 1, .case_insensitive = true } };
	struct ff_query  q = { .site = &site, .metrics = { FF_METRIC_VISITORS, FF_METRIC_EVENTS, FF_METRIC_VISITS }, .n_metrics = 3,
		 .dims = { FF_BY(OS), FF_BY_TIME(DAY), FF_BY(PAGE) }, .n_dims = 3, .filters = either, .n_filters = 2 };
	struct ff_order  orders[] = { { .by_dim = true, .index = 1, .ascending = true }, { .by_dim = true, .index = 2, .ascending = true },
		{ .by_dim = true, .index = 0 } };
	struct ff_result r;
	struct ff_rows   want;

	(void)state;
	q.range = (struct ff_range){ .first = day("2026-10-20"), .last = day("2026-10-31") };
	memcpy(q.orders, orders, sizeof orders);
	q.n_orders = 3;
	assert_ok(ff_query_run(db, &arena, &q, &r, NULL));
	want = sql("SELECT coalesce(nullif(o.value, ''), '(not set)') COLLATE \"C\", (ts AT TIME ZONE 'Europe/Berlin')::date::text, p.value "
		   "COLLATE \"C\", count(DISTINCT e.visitor) FILTER (WHERE e.visitor <> 0 AND kind <> 3), count(*) FILTER (WHERE kind <> 3), "
		   "count(DISTINCT e.visit_id) FILTER (WHERE kind <> 3 AND e.visit_id <> 0) FROM event e LEFT JOIN visit s ON s.visit_id = "
		   "e.visit_id AND e.visit_id <> 0 JOIN label o ON o.label_id = coalesce(s.os, lab('')) JOIN label p ON p.label_id = e.path "
		   "WHERE e.site_id = 1 AND robot = 0 AND p.value <> '' AND (s.country = lab('DE') OR p.value = '/about') AND "
		   "coalesce(s.browser, lab('Chrome')) <> lab('Firefox') AND (ts AT TIME ZONE 'Europe/Berlin')::date BETWEEN '2026-10-20' AND "
		   "'2026-10-31' GROUP BY 1, 2, 3 HAVING count(*) FILTER (WHERE kind <> 3) > 0 OR sum(e.engaged_ms) > 0 ORDER BY 2, 3, 1 DESC");
	assert_true(want.n > 50);
	assert_int_equal(r.n, want.n);
	for (size_t i = 0; i < r.n; i++) {
		for (int d = 0; d < 3; d++)
			assert_true(ff_str_eq(r.rows[i].labels[d], ff_row_str(&want, (int)i, d)));
		for (int m = 0; m < 3; m++)
			assert_int_equal((int64_t)r.rows[i].metrics[m], ff_row_i64(&want, (int)i, 3 + m));
	}
}

/* Events as goals come from the rows of their names; with a page among the goals, from single events. */
static void
goals_from_either_source(void **state)
{
	struct ff_goal   goals[] = { { .goal_id = 7, .kind = FF_GOAL_EVENT, .name = FF_STR("Signed up"), .event_name = FF_STR("Signup") },
		{ .goal_id = 8, .kind = FF_GOAL_EVENT, .name = FF_STR("Played"), .event_name = FF_STR("Play") },
		{ .goal_id = 9, .kind = FF_GOAL_PAGE, .name = FF_STR("Read"), .path = FF_STR("/blog/*") } };
	struct ff_query  q = { .site = &site, .n_metrics = 4, .dims = { { .goal = true } }, .n_dims = 1, .goals = goals,
		 .metrics = { FF_METRIC_VISITORS, FF_METRIC_EVENTS, FF_METRIC_CONVERSION_RATE, FF_METRIC_GROUP_CONVERSION_RATE } };
	struct ff_result r;
	struct ff_rows   want = sql("SELECT n, count(DISTINCT visitor) FILTER (WHERE visitor <> 0), count(*), round(100.0 * count(DISTINCT "
				    "visitor) FILTER (WHERE visitor <> 0) / (SELECT count(DISTINCT visitor) FROM event WHERE site_id = 1 AND "
				    "robot = 0 AND visitor <> 0 AND kind <> 3 AND (ts AT TIME ZONE 'Europe/Berlin')::date BETWEEN '2026-10-20' "
				    "AND '2026-10-31'), 2) FROM event e, LATERAL (VALUES (7, kind = 2 AND name = lab('Signup')), (8, kind = 2 AND "
				    "name = lab('Play')), (9, kind = 1 AND path IN (lab('/blog/a'), lab('/blog/b')))) g (n, reached) WHERE "
				    "reached AND site_id = 1 AND robot = 0 AND (ts AT TIME ZONE 'Europe/Berlin')::date BETWEEN '2026-10-20' AND "
				    "'2026-10-31' GROUP BY 1 ORDER BY 1");

	(void)state;
	q.range = (struct ff_range){ .first = day("2026-10-20"), .last = day("2026-10-31") };
	q.orders[q.n_orders++] = (struct ff_order){ .by_dim = true };
	for (q.n_goals = 2; q.n_goals <= 3; q.n_goals++) {
		assert_ok(ff_query_run(db, &arena, &q, &r, NULL));
		assert_string_equal(r.source, q.n_goals == 2 ? "day" : "raw");
		assert_int_equal(r.n, q.n_goals);
		for (size_t i = 0; i < r.n; i++) {
			int row = (int)r.rows[i].values[0] - 7;

			for (int m = 0; m < 3; m++)
				assert_true(fabs(r.rows[i].metrics[m] - ff_row_double(&want, row, 1 + m)) < 1e-9);
			assert_true(fabs(r.rows[i].metrics[3] - r.rows[i].metrics[2]) < 1e-9);
			assert_true(ff_str_eq(r.rows[i].labels[0], goals[row].name));
		}
	}
}

/* Last, because it takes the single rows away. */
static void
without_partitions_nothing_is_claimed(void **state)
{
	struct ff_str    de[] = { FF_STR("DE") };
	struct plain_filter f = filter(FF_DIM_COUNTRY, false, de, 1);
	struct question  q = ask(FF_DIM_PAGE, FF_GRAIN_NONE, "2026-10-25", "2026-10-31");

	(void)state;
	q.filters = &f;
	q.n_filters = 1;
	run(&q);
	sql("DROP TABLE event_9");
	refused(q, "", "This combination needs single events, which are kept since 2026-10-29: ask for a date_range that begins "
		       "there or later, or for one dimension, filtered by itself");
	sql("DROP TABLE visit_11"); /* the visits of the 29th: events of the 30th may belong to them */
	refused(q, "", "This combination needs single events, which are kept since 2026-11-01: ask for a date_range that begins "
		       "there or later, or for one dimension, filtered by itself");
	assert_ok(ff_db_simple(db, "DROP TABLE visit CASCADE; CREATE TABLE visit (day date) PARTITION BY "
				   "RANGE (day)"));
	refused(q, "", "This combination needs single events, and none are kept; ask for one dimension, filtered by itself");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_metric_dimension_and_grain_equals_the_single_rows),
		cmocka_unit_test(filters_on_the_shown_dimension_come_from_rollups),
		cmocka_unit_test(filters_across_dimensions_come_from_single_rows),
		cmocka_unit_test(event_filters_give_the_same_figures_from_either_source),
		cmocka_unit_test(ranges_of_hours_and_of_any_instant),
		cmocka_unit_test(hostile_values_are_only_values),
		cmocka_unit_test(figures_of_items_by_item_and_viewer),
		cmocka_unit_test(figures_of_items_beside_the_total),
		cmocka_unit_test(figures_of_items_by_what_no_rollup_has),
		cmocka_unit_test(what_cannot_be_answered_is_said),
		cmocka_unit_test(labels_and_order),
		cmocka_unit_test(pages_make_up_the_whole),
		cmocka_unit_test(empty_buckets_are_filled),
		cmocka_unit_test(many_visitors_are_estimated_and_the_error_is_stated),
		cmocka_unit_test(first_rows_by_visitors_are_guessed_only_where_the_guess_holds),
		cmocka_unit_test(first_day_and_counters),
		cmocka_unit_test(months_that_are_made_answer_for_their_days),
		cmocka_unit_test(weeks_that_are_made_answer_for_their_days),
		cmocka_unit_test(edges_come_from_the_finer_grain),
		cmocka_unit_test(several_dimensions_and_a_tree_of_filters),
		cmocka_unit_test(patterns_are_bounded),
		cmocka_unit_test(goals_from_either_source),
		cmocka_unit_test(without_partitions_nothing_is_claimed),
	};
	int failed;

	ff_log_setup("test_query", FF_LOG_WARN);
	ff_arena_init(&arena);
	ff_db_open(&db, getenv("FF_TEST_DB"), "test_query");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	ff_db_close(db);
	ff_arena_free(&arena);
	return failed;
}
