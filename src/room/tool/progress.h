/* progress.h - a progress bar on standard error, where that is a terminal; silent elsewhere. */
#ifndef FF_ROOM_TOOL_PROGRESS_H
#define FF_ROOM_TOOL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct ff_progress {
	bool        shown;
	const char *what, *unit; /* "access.log", "lines" */
	int64_t     began_us, drawn_us;
};

void ff_progress_begin(struct ff_progress *p, const char *what, const char *unit, bool quiet);
/* part of whole (whole 0: unknown); count of units so far. Draws at most ten times a second. */
void ff_progress_step(struct ff_progress *p, uint64_t part, uint64_t whole, uint64_t count);
void ff_progress_end(struct ff_progress *p); /* takes the bar away */
double ff_progress_seconds(const struct ff_progress *p);

#endif
