/* agent.h - user agent -> browser, OS, versions, device class, robot.
 *
 * Rules: a small override table of ours, then uap-core's regexes.yaml (first match wins, its substitution
 * rules); device class and robot by our own token rules. Patterns run with PCRE2 under a match limit on at
 * most FF_AGENT_MAX bytes; results are cached (4,096 entries, by the whole header). One parser a thread. */
#ifndef FF_FACT_AGENT_H
#define FF_FACT_AGENT_H

#include "base/err.h"
#include "fact/event.h"

struct ff_agents; /* compiled rules and cache */

struct ff_agent {
	struct ff_str browser, browser_version, os, os_version; /* owned by the cache: valid until the next find */
	enum ff_device device;
	enum ff_robot  robot;
};

/* regexes: path of uap-core's regexes.yaml; NULL or "" = own rules only (coarse browser and OS). jit: PCRE2
 * JIT. FF_NOT_FOUND, FF_CORRUPT with the reason logged. */
enum ff_err ff_agents_open(struct ff_agents **agents, const char *regexes, bool jit) ff_must_check;
void        ff_agents_free(struct ff_agents *agents);
/* Never fails: an unknown agent has empty names. An absent header is FF_ROBOT_EMPTY. */
void ff_agent_find(struct ff_agents *agents, struct ff_str user_agent, struct ff_agent *out);
/* Touch points tell an iPad that calls itself Macintosh. */
void ff_agent_touch(struct ff_agent *agent, unsigned touch_points);

/* fact/bot.c: the robot list alone; also written out by `footfall robots` for independent checks. */
enum ff_robot ff_robot_of_agent(struct ff_str user_agent);
/* Robots by what a browser tells elsewhere: prefetch and preview headers ("Sec-Purpose: prefetch"). */
bool ff_robot_is_prefetch(struct ff_str sec_purpose, struct ff_str purpose);
/* By the brands of "Sec-CH-UA", which an automated Chromium tells although its user agent was dressed up. */
enum ff_robot ff_robot_of_brands(struct ff_str brands);
/* The list as text, one "token<TAB>class" a line, lower case. The whole rule, so that others can count the same:
 * the user agent without white space around it, empty: robot "empty". Else lower-cased (ASCII, first 4,096 bytes);
 * each occurrence of a "human" token is replaced by '(', in the list's order; then the first token that matches
 * gives the class. A token matches where it is contained; "^x": at the start; "!x": where x is not contained. */
const char *const *ff_robot_tokens(size_t *n);

#endif
