#include "room/tool/progress.h"
#include "base/day.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 28 };

static int64_t
monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * FF_US_S + ts.tv_nsec / 1000;
}

void
ff_progress_begin(struct ff_progress *p, const char *what, const char *unit, bool quiet)
{
	*p = (struct ff_progress){ .shown = !quiet && isatty(STDERR_FILENO), .what = what, .unit = unit,
		.began_us = monotonic_us() };
}

double
ff_progress_seconds(const struct ff_progress *p)
{
	return (double)(monotonic_us() - p->began_us) / FF_US_S;
}

static void
draw_share(const struct ff_progress *p, double share, double seconds)
{
	char bar[WIDTH + 1];

	for (int i = 0; i < WIDTH; i++)
		bar[i] = i < (int)(share * WIDTH) ? '#' : '.';
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r\033[K%s [%s] %3.0f %%", p->what, bar, share * 100);
	if (share > 0.01)
		fprintf(stderr, "  %.0f s left", seconds / share - seconds);
}

void
ff_progress_step(struct ff_progress *p, uint64_t part, uint64_t whole, uint64_t count)
{
	int64_t now;
	double  seconds;

	if (!p->shown || (now = monotonic_us()) - p->drawn_us < FF_US_S / 10)
		return;
	p->drawn_us = now;
	seconds = (double)(now - p->began_us) / FF_US_S;
	if (whole > 0)
		draw_share(p, part >= whole ? 1.0 : (double)part / (double)whole, seconds);
	else
		fprintf(stderr, "\r\033[K%s", p->what);
	if (seconds > 0.2)
		fprintf(stderr, "  %.0f %s/s", (double)count / seconds, p->unit);
}

void
ff_progress_end(struct ff_progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r\033[K");
	p->shown = false;
}
