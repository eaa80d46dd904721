#include "fact/agent.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "fact/agent_own.h"
#include "fact/agent_rules.h"
#include "fact/device.h"

#include <stdlib.h>
#include <string.h>

/* 4,096 entries in sets of eight: a set is one look, the one unused for longest in it gives way. A header over
 * KEY_MAX is not kept, so that the cache stays under some MiB whatever is sent. */
#define SETS    512
#define WAYS    8
#define KEY_MAX 1024
/* A family is a short word; groups of patterns may catch more. */
#define NAME_MAX_BYTES    64
#define VERSION_MAX_BYTES 32

struct entry {
	char           *block; /* the header, then the four strings; NULL = free */
	size_t          key_len;
	uint64_t        hash, used;
	struct ff_agent agent;
};

struct ff_agents {
	struct ff_agent_rules *rules; /* NULL: own rules only */
	struct ff_arena        scratch;
	uint64_t               clock;
	struct entry           entries[SETS][WAYS];
	struct entry           large; /* the last header over KEY_MAX */
};

enum ff_err
ff_agents_open(struct ff_agents **agents, const char *regexes, bool jit)
{
	struct ff_agent_rules *rules = NULL;

	*agents = NULL;
	if (regexes != NULL && regexes[0] != '\0')
		FF_TRY(ff_agent_rules_open(&rules, regexes, jit));
	*agents = ff_xcalloc(1, sizeof(**agents));
	(*agents)->rules = rules;
	ff_arena_init(&(*agents)->scratch);
	return FF_OK;
}

void
ff_agents_free(struct ff_agents *agents)
{
	if (agents == NULL)
		return;
	for (size_t i = 0; i < SETS * WAYS; i++)
		free(agents->entries[i / WAYS][i % WAYS].block);
	free(agents->large.block);
	ff_agent_rules_free(agents->rules);
	ff_arena_free(&agents->scratch);
	free(agents);
}

static struct ff_agent_name
name_find(struct ff_agents *agents, enum ff_agent_list list, struct ff_str text)
{
	struct ff_agent_name name;

	if (ff_agent_own_find(list, text, &name))
		return name;
	if (agents->rules == NULL)
		(void)ff_agent_coarse_find(list, text, &name);
	else
		(void)ff_agent_rules_find(agents->rules, list, text, &agents->scratch, &name);
	if (ff_str_eqz(name.name, "Other"))
		name.name = FF_STR("");
	return name;
}

/* Patterns work on bytes and may cut a character in two. */
static struct ff_str
label(struct ff_agents *agents, struct ff_str s, size_t max)
{
	return ff_utf8_cut(ff_utf8_valid(s) ? s : ff_utf8_clean(&agents->scratch, s), max);
}

static void
judge(struct ff_agents *agents, struct ff_str header, struct ff_agent *out)
{
	struct ff_str        clean = ff_utf8_clean(&agents->scratch, ff_str_sub(header, 0, FF_AGENT_MAX));
	struct ff_str        text = ff_utf8_cut(clean, FF_AGENT_MAX); /* cleaning may have added bytes */
	struct ff_agent_name browser = name_find(agents, FF_AGENT_BROWSERS, text);
	struct ff_agent_name os = name_find(agents, FF_AGENT_SYSTEMS, text);

	*out = (struct ff_agent){
		.browser = label(agents, browser.name, NAME_MAX_BYTES),
		.browser_version = label(agents, browser.version, VERSION_MAX_BYTES),
		.os = label(agents, os.name, NAME_MAX_BYTES),
		.os_version = label(agents, os.version, VERSION_MAX_BYTES),
		.robot = ff_robot_of_agent(header),
	};
	out->device = out->robot != FF_ROBOT_NO ? FF_DEVICE_BOT : ff_device_of_agent(text);
}

static struct ff_str
move_into(char **to, struct ff_str s)
{
	struct ff_str moved = ff_str_of(*to, s.len);

	if (s.len > 0)
		memcpy(*to, s.p, s.len);
	*to += s.len;
	return moved;
}

static void
entry_fill(struct entry *entry, struct ff_str header, uint64_t hash, const struct ff_agent *agent)
{
	char *to;

	free(entry->block);
	entry->block = ff_xmalloc(header.len + agent->browser.len + agent->browser_version.len + agent->os.len
	                          + agent->os_version.len + 1);
	to = entry->block;
	entry->agent = *agent;
	entry->key_len = move_into(&to, header).len;
	entry->agent.browser = move_into(&to, agent->browser);
	entry->agent.browser_version = move_into(&to, agent->browser_version);
	entry->agent.os = move_into(&to, agent->os);
	entry->agent.os_version = move_into(&to, agent->os_version);
	entry->hash = hash;
}

/* The entry that holds the header, or (*hit = false) the one that gives way to it. */
static struct entry *
entry_find(struct ff_agents *agents, struct ff_str header, uint64_t hash, bool *hit)
{
	struct entry *set = agents->entries[hash % SETS], *oldest = &set[0];

	*hit = false;
	if (header.len > KEY_MAX)
		return &agents->large;
	for (int i = 0; i < WAYS; i++) {
		if (set[i].block != NULL && set[i].hash == hash
		    && ff_str_eq(ff_str_of(set[i].block, set[i].key_len), header)) {
			*hit = true;
			return &set[i];
		}
		if (set[i].used < oldest->used)
			oldest = &set[i];
	}
	return oldest;
}

void
ff_agent_find(struct ff_agents *agents, struct ff_str user_agent, struct ff_agent *out)
{
	struct ff_str   header = ff_str_trim(user_agent);
	uint64_t        hash = ff_str_hash(header);
	bool            hit;
	struct entry   *entry = entry_find(agents, header, hash, &hit);
	struct ff_agent agent;

	if (!hit) {
		judge(agents, header, &agent);
		entry_fill(entry, header, hash, &agent);
		ff_arena_reset(&agents->scratch);
	}
	entry->used = ++agents->clock;
	*out = entry->agent;
}

void
ff_agent_touch(struct ff_agent *agent, unsigned touch_points)
{
	if (touch_points < 2 || agent->device != FF_DEVICE_DESKTOP || !ff_str_eqz(agent->os, "Mac OS X"))
		return;
	agent->device = FF_DEVICE_TABLET;
	agent->os = FF_STR("iOS");
	agent->os_version = FF_STR(""); /* its Macintosh version says nothing */
	if (ff_str_eqz(agent->browser, "Safari"))
		agent->browser = FF_STR("Mobile Safari");
}
