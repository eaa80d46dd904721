#include "room/admin/chart.h"
#include "room/admin/format.h"

#include <math.h>

/* The picture: a margin for the numbers on the left and the dates below. */
enum { WIDTH = 1000, LEFT = 56, TOP = 12, FLOOR = 228, LABELS_MAX = 8, LINES = 4 };

/* The smallest step of a kind that people read easily (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten) that is not
 * below v, and whole. */
static int64_t
round_up_nicely(int64_t v)
{
	static const int64_t tenths[] = { 10, 15, 20, 25, 30, 40, 50, 60, 80 };

	for (int64_t unit = 1;; unit *= 10)
		for (size_t i = 0; i < sizeof tenths / sizeof *tenths; i++)
			if (unit * tenths[i] % 10 == 0 && unit * tenths[i] / 10 >= v)
				return unit * tenths[i] / 10;
}

static int
height_of(double value, int64_t top)
{
	int h = (int)(value / (double)top * (FLOOR - TOP) + 0.5);

	return value > 0 && h == 0 ? 1 : h; /* something is never shown as nothing */
}

static void
draw_lines(struct ff_arena *arena, int64_t step, struct ff_chart *out)
{
	out->n_y = LINES + 1;
	out->y = FF_NEW_N(arena, out->n_y, struct ff_tick);
	for (int i = 0; i <= LINES; i++)
		out->y[i] = (struct ff_tick){ FLOOR - (FLOOR - TOP) * i / LINES, ff_format_count(arena, step * i) };
}

static void
draw_dates(struct ff_arena *arena, const struct ff_result *series, struct ff_chart *out)
{
	size_t every = (series->n + LABELS_MAX - 1) / LABELS_MAX;

	out->x = FF_NEW_N(arena, LABELS_MAX + 1, struct ff_tick);
	for (size_t i = 0; i < series->n; i += every) {
		const struct ff_bar *bar = &out->bars[i];

		out->x[out->n_x++] = (struct ff_tick){ bar->x + bar->width / 2, bar->when };
	}
}

void
ff_chart_draw(struct ff_arena *arena, const struct ff_result *series, struct ff_chart *out)
{
	double  most = 0, highest = 0, total = 0;
	int64_t step, top;

	*out = (struct ff_chart){ .n = series->n };
	for (size_t i = 0; i < series->n; i++) {
		const double *metrics = series->rows[i].metrics;

		total += metrics[0];
		most = fmax(most, metrics[0]);
		highest = fmax(highest, fmax(metrics[0], metrics[1])); /* events without a page have visitors too */
	}
	step = round_up_nicely(((int64_t)highest + LINES - 1) / LINES);
	top = step * LINES;
	out->bars = FF_NEW_N(arena, series->n + 1, struct ff_bar);
	for (size_t i = 0; i < series->n; i++) {
		const struct ff_result_row *row = &series->rows[i];
		int left = LEFT + (int)((WIDTH - LEFT) * i / series->n);
		int right = LEFT + (int)((WIDTH - LEFT) * (i + 1) / series->n);
		int gap = right - left > 6 ? (right - left) / 6 : right - left > 2;
		int h = height_of(row->metrics[0], top), inner = height_of(row->metrics[1], top);

		out->bars[i] = (struct ff_bar){ .x = left, .width = right - left - gap, .y = FLOOR - h, .height = h,
			.inner_y = FLOOR - inner, .inner_height = inner, .when = ff_format_bucket(arena, row->labels[0]),
			.pageviews = ff_format_count(arena, (int64_t)row->metrics[0]),
			.visitors = ff_format_count(arena, (int64_t)row->metrics[1]) };
	}
	draw_lines(arena, step, out);
	if (series->n > 0)
		draw_dates(arena, series, out);
	out->summary = ff_str_printf(arena, "%.0f page views, at most %.0f at a time", total, most);
}
