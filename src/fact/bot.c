#include "fact/agent.h"

#include <string.h>

#define AGENT_CUT 4096 /* web servers refuse longer headers, or nearly so */

struct token {
	const char *text;
	int         class; /* enum ff_robot, or CLASS_HUMAN */
};

#define CLASS_HUMAN    (-1)
#define CLASS_AGENT    FF_ROBOT_AGENT
#define CLASS_LIBRARY  FF_ROBOT_LIBRARY
#define CLASS_HEADLESS FF_ROBOT_HEADLESS

static const struct token tokens[] = {
#define ROBOT(text, class) { text, CLASS_##class },
#include "fact/robots.inc"
#undef ROBOT
};

#define LINE_HUMAN    "\thuman"
#define LINE_AGENT    "\tagent"
#define LINE_LIBRARY  "\tlibrary"
#define LINE_HEADLESS "\theadless"

static const char *const lines[] = {
#define ROBOT(text, class) text LINE_##class,
#include "fact/robots.inc"
#undef ROBOT
};

#define N_TOKENS (sizeof(tokens) / sizeof(tokens[0]))

const char *const *
ff_robot_tokens(size_t *n)
{
	*n = N_TOKENS;
	return lines;
}

/* Replaces each occurrence by one '(': what a browser has and what no robot token holds alone. */
static size_t
blank(char *p, size_t len, struct ff_str what)
{
	for (;;) {
		size_t at = ff_str_find(ff_str_of(p, len), what);

		if (at == len)
			return len;
		p[at] = '(';
		memmove(p + at + 1, p + at + what.len, len - at - what.len);
		len -= what.len - 1;
	}
}

static bool
token_matches(const char *token, struct ff_str agent)
{
	struct ff_str text = ff_str_from(token[0] == '^' || token[0] == '!' ? token + 1 : token);

	switch (token[0]) {
	case '^':
		return ff_str_starts(agent, text);
	case '!':
		return ff_str_find(agent, text) == agent.len;
	default:
		return ff_str_find(agent, text) < agent.len;
	}
}

enum ff_robot
ff_robot_of_agent(struct ff_str user_agent)
{
	char          low[AGENT_CUT];
	struct ff_str agent = ff_str_sub(ff_str_trim(user_agent), 0, sizeof(low));

	if (agent.len == 0)
		return FF_ROBOT_EMPTY;
	for (size_t i = 0; i < agent.len; i++)
		low[i] = (char)(agent.p[i] >= 'A' && agent.p[i] <= 'Z' ? agent.p[i] | 0x20 : agent.p[i]);
	agent.p = low;
	for (size_t i = 0; i < N_TOKENS; i++) {
		if (tokens[i].class == CLASS_HUMAN)
			agent.len = blank(low, agent.len, ff_str_from(tokens[i].text));
		else if (token_matches(tokens[i].text, agent))
			return (enum ff_robot)tokens[i].class;
	}
	return FF_ROBOT_NO;
}

enum ff_robot
ff_robot_of_brands(struct ff_str brands)
{
	return ff_str_contains_nocase(brands, FF_STR("headless")) ? FF_ROBOT_HEADLESS : FF_ROBOT_NO;
}

bool
ff_robot_is_prefetch(struct ff_str sec_purpose, struct ff_str purpose)
{
	static const char *const words[] = { "prefetch", "prerender", "preview", "instant" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct ff_str word = ff_str_from(words[i]);

		if (ff_str_contains_nocase(sec_purpose, word) || ff_str_contains_nocase(purpose, word))
			return true;
	}
	return false;
}
