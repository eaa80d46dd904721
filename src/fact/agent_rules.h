/* agent_rules.h - uap-core's regexes.yaml as compiled rules (its specification.md: the first rule that matches wins).
 *
 * A name is the rule's replacement or group 1; a version is "major" or "major.minor" (replacements or the two
 * groups behind); patch levels are left out, as no figure needs them. */
#ifndef FF_FACT_AGENT_RULES_H
#define FF_FACT_AGENT_RULES_H

#include "base/err.h"
#include "base/str.h"

struct ff_agent_rules;

enum ff_agent_list { FF_AGENT_BROWSERS, FF_AGENT_SYSTEMS, FF_AGENT_LISTS };

struct ff_agent_name {
	struct ff_str name, version;
};

/* FF_NOT_FOUND, FF_CORRUPT: logged. jit: see agent.h. */
enum ff_err ff_agent_rules_open(struct ff_agent_rules **rules, const char *path, bool jit) ff_must_check;
void        ff_agent_rules_free(struct ff_agent_rules *rules);
/* False: no rule knows it, *out is empty. Text is in the arena or in agent, of which
 * FF_AGENT_MAX bytes are looked at. */
bool ff_agent_rules_find(const struct ff_agent_rules *rules, enum ff_agent_list list, struct ff_str agent,
    struct ff_arena *arena, struct ff_agent_name *out);

#endif
