/* Any bytes as a user agent: names are valid and bounded text, and the cache repeats what was found. Behind the first
 * line feed the bytes are a text and what stands before it is a pattern too: where PCRE2 finds a match, the literals
 * that were read from the pattern must be in the text. */
#include "base/utf8.h"
#include "fact/agent.h"
#include "fact/agent_need.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define REGEXES "/usr/share/uap-core/regexes.yaml"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of fact/agent.h is broken");
}

static bool
same(const struct ff_agent *a, const struct ff_agent *b)
{
	return ff_str_eq(a->browser, b->browser) && ff_str_eq(a->browser_version, b->browser_version)
	       && ff_str_eq(a->os, b->os) && ff_str_eq(a->os_version, b->os_version) && a->device == b->device
	       && a->robot == b->robot;
}

static bool
is_label(struct ff_str s)
{
	return s.len <= 64 && ff_utf8_valid(s);
}

static void
try_agent(struct ff_str text)
{
	static struct ff_agents *agents;
	struct ff_agent          first, again;

	if (agents == NULL)
		must(ff_agents_open(&agents, access(REGEXES, R_OK) == 0 ? REGEXES : NULL, false) == FF_OK);
	ff_agent_find(agents, text, &first);
	must(is_label(first.browser) && is_label(first.browser_version) && is_label(first.os) && is_label(first.os_version));
	must((first.device == FF_DEVICE_BOT) == (first.robot != FF_ROBOT_NO));
	must(first.robot == ff_robot_of_agent(text));
	ff_agent_find(agents, text, &again);
	must(same(&first, &again));
	ff_agent_touch(&again, 5);
	must(is_label(again.os) && is_label(again.browser));
	(void)ff_robot_is_prefetch(text, text);
}

static bool
pattern_matches(struct ff_str pattern, struct ff_str text)
{
	PCRE2_SIZE           at;
	int                  why, n;
	pcre2_code          *code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.len, 0, &why, &at, NULL);
	pcre2_match_data    *match;
	pcre2_match_context *context;

	if (code == NULL)
		return false;
	match = pcre2_match_data_create(1, NULL);
	context = pcre2_match_context_create(NULL);
	must(match != NULL && context != NULL);
	pcre2_set_match_limit(context, 2000);
	n = pcre2_match(code, (PCRE2_SPTR)text.p, text.len, 0, 0, match, context);
	pcre2_match_context_free(context);
	pcre2_match_data_free(match);
	pcre2_code_free(code);
	return n >= 0;
}

static void
try_pattern(struct ff_str pattern, struct ff_str text)
{
	static struct ff_arena arena;
	struct ff_need         need;
	struct ff_pairs_seen   seen;

	need = ff_need_of_pattern(&arena, pattern);
	ff_pairs_note(&seen, text);
	if (!ff_need_met(&need, &seen))
		must(!pattern_matches(pattern, text));
	ff_arena_reset(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str all = ff_str_of((const char *)data, size), rest = all;
	struct ff_str pattern = ff_str_split(&rest, '\n');

	if (rest.len > 0 && pattern.len < 200 && rest.len < 200)
		try_pattern(pattern, rest);
	try_agent(all);
	return 0;
}
