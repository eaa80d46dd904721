/* text_lines.h - lists that people write: one entry a line, '#' begins a comment, empty lines are nothing. */
#ifndef FF_FACT_TEXT_LINES_H
#define FF_FACT_TEXT_LINES_H

#include "base/err.h"
#include "base/str.h"

struct ff_lines {
	const char   *file; /* as the log names it */
	struct ff_str rest;
	struct ff_str line;   /* the entry in hand, without comment and white space around it */
	size_t        number; /* of that line, from 1 */
	size_t        bad;    /* lines refused so far */
};

struct ff_lines ff_lines_of(const char *file, struct ff_str text);
bool            ff_lines_next(struct ff_lines *lines); /* false: the end */
/* The line in hand is wrong: logs "FILE:LINE: WHY: entry", the first ten of a file. */
void ff_lines_refuse(struct ff_lines *lines, const char *why);
/* FF_INVALID if a line was refused; then it logs how many. */
enum ff_err ff_lines_end(const struct ff_lines *lines) ff_must_check;
/* How many entries there can be at most. */
size_t ff_lines_count(struct ff_str text);

#endif
