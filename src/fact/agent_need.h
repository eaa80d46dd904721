/* agent_need.h - literals that a text must hold for a pattern to match: the cheap question before the dear one.
 *
 * ff_need_of_pattern reads a PCRE2 pattern and finds a set of literals of which every matching text contains at
 * least one, ASCII case aside. It understands what user agent rules are made of and gives up (n = 0: anything may
 * match) on the rest, so a wrong "no" is not possible. */
#ifndef FF_FACT_AGENT_NEED_H
#define FF_FACT_AGENT_NEED_H

#include "base/limits.h"
#include "base/str.h"

struct ff_need {
	struct ff_str *v; /* lower case */
	size_t         n; /* 0: nothing is known to be needed */
};

/* A text in lower case, and which pairs of bytes it holds, as a bloom filter of one hash. */
struct ff_pairs_seen {
	char     low[FF_AGENT_MAX];
	size_t   len;
	uint64_t bits[64];
};

struct ff_need ff_need_of_pattern(struct ff_arena *arena, struct ff_str pattern);
void           ff_pairs_note(struct ff_pairs_seen *seen, struct ff_str text); /* at most FF_AGENT_MAX bytes */
bool           ff_need_met(const struct ff_need *need, const struct ff_pairs_seen *seen);

#endif
