#include "fact/agent_rules.h"

#include "base/log.h"
#include "fact/agent_need.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* A rule needs some hundred steps on an agent of FF_AGENT_MAX bytes; a hostile one is given up here. */
#define MATCH_LIMIT 20000
#define GROUPS      10

enum { NAME, MAJOR, MINOR, FIELDS };

struct rule {
	struct ff_need need;
	pcre2_code    *code;
	char          *template[FIELDS]; /* NULL: the group of the same place */
};

struct rule_list {
	struct rule *v;
	size_t       n;
};

struct ff_agent_rules {
	struct ff_arena      literals;
	struct rule_list     lists[FF_AGENT_LISTS];
	pcre2_match_data    *match;
	pcre2_match_context *context;
};

static const struct {
	const char *name, *fields[FIELDS];
} shapes[FF_AGENT_LISTS] = {
	[FF_AGENT_BROWSERS] = { "user_agent_parsers", { "family_replacement", "v1_replacement", "v2_replacement" } },
	[FF_AGENT_SYSTEMS] = { "os_parsers", { "os_replacement", "os_v1_replacement", "os_v2_replacement" } },
};

static struct ff_str
scalar(const yaml_node_t *node)
{
	if (node == NULL || node->type != YAML_SCALAR_NODE)
		return FF_STR_NONE;
	return ff_str_of((const char *)node->data.scalar.value, node->data.scalar.length);
}

static yaml_node_t *
mapping_find(yaml_document_t *doc, const yaml_node_t *map, const char *key)
{
	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++)
		if (ff_str_eqz(scalar(yaml_document_get_node(doc, p->key)), key))
			return yaml_document_get_node(doc, p->value);
	return NULL;
}

static enum ff_err
rule_compile(struct rule *rule, struct ff_str regex, bool jit)
{
	PCRE2_SIZE    at;
	int           code;
	unsigned char why[128] = "no pattern";

	if (regex.p != NULL) {
		rule->code = pcre2_compile((PCRE2_SPTR)regex.p, regex.len, 0, &code, &at, NULL);
		if (rule->code == NULL)
			pcre2_get_error_message(code, why, sizeof(why));
	}
	if (rule->code == NULL) {
		ff_error("agent", "pattern \"%.*s\": %s", FF_STR_ARG(regex), why);
		return FF_CORRUPT;
	}
	if (jit)
		(void)pcre2_jit_compile(rule->code, PCRE2_JIT_COMPLETE); /* where it cannot, the interpreter matches */
	return FF_OK;
}

/* What reading needs beside the document. */
struct reading {
	yaml_document_t   *doc;
	struct ff_arena   *literals;
	enum ff_agent_list list;
	bool               jit;
};

static enum ff_err
rule_read(struct rule *rule, const struct reading *reading, const yaml_node_t *item)
{
	struct ff_str regex = scalar(mapping_find(reading->doc, item, "regex"));

	for (int i = 0; i < FIELDS; i++) {
		struct ff_str text = scalar(mapping_find(reading->doc, item, shapes[reading->list].fields[i]));

		if (text.p != NULL) {
			rule->template[i] = ff_xcalloc(text.len + 1, 1);
			memcpy(rule->template[i], text.p, text.len);
		}
	}
	FF_TRY(rule_compile(rule, regex, reading->jit));
	rule->need = ff_need_of_pattern(reading->literals, regex);
	return FF_OK;
}

static enum ff_err
list_read(struct rule_list *rules, const struct reading *reading)
{
	yaml_document_t   *doc = reading->doc;
	const char        *name = shapes[reading->list].name;
	const yaml_node_t *seq = mapping_find(doc, yaml_document_get_root_node(doc), name);

	if (seq == NULL || seq->type != YAML_SEQUENCE_NODE) {
		ff_error("agent", "the rules have no list %s", name);
		return FF_CORRUPT;
	}
	rules->v = ff_xcalloc((size_t)(seq->data.sequence.items.top - seq->data.sequence.items.start) + 1,
	    sizeof(*rules->v));
	for (yaml_node_item_t *item = seq->data.sequence.items.start; item < seq->data.sequence.items.top; item++)
		FF_TRY(rule_read(&rules->v[rules->n++], reading, yaml_document_get_node(doc, *item)));
	return FF_OK;
}

static enum ff_err
lists_read(struct ff_agent_rules *rules, FILE *file, const char *path, bool jit)
{
	yaml_parser_t   parser;
	yaml_document_t doc;
	enum ff_err     err = FF_OK;

	if (!yaml_parser_initialize(&parser))
		ff_panic("yaml_parser_initialize");
	yaml_parser_set_input_file(&parser, file);
	if (!yaml_parser_load(&parser, &doc)) {
		ff_error("agent", "%s:%zu: %s", path, parser.problem_mark.line + 1,
		    parser.problem == NULL ? "unreadable" : parser.problem);
		yaml_parser_delete(&parser);
		return FF_CORRUPT;
	}
	for (int i = 0; i < FF_AGENT_LISTS && err == FF_OK; i++) {
		struct reading reading = { &doc, &rules->literals, (enum ff_agent_list)i, jit };

		err = list_read(&rules->lists[i], &reading);
	}
	yaml_document_delete(&doc);
	yaml_parser_delete(&parser);
	return err;
}

enum ff_err
ff_agent_rules_open(struct ff_agent_rules **rules, const char *path, bool jit)
{
	struct ff_agent_rules *r;
	enum ff_err            err;
	FILE                  *file = fopen(path, "re");

	*rules = NULL;
	if (file == NULL) {
		ff_error("agent", "%s: %s", path, strerror(errno));
		return FF_NOT_FOUND;
	}
	r = ff_xcalloc(1, sizeof(*r));
	ff_arena_init(&r->literals);
	r->match = pcre2_match_data_create(GROUPS, NULL);
	r->context = pcre2_match_context_create(NULL);
	if (r->match == NULL || r->context == NULL)
		ff_panic("out of memory");
	pcre2_set_match_limit(r->context, MATCH_LIMIT);
	err = lists_read(r, file, path, jit);
	(void)fclose(file);
	if (err != FF_OK) {
		ff_agent_rules_free(r);
		return err;
	}
	*rules = r;
	return FF_OK;
}

static void
list_free(struct rule_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		pcre2_code_free(list->v[i].code);
		for (int f = 0; f < FIELDS; f++)
			free(list->v[i].template[f]);
	}
	free(list->v);
}

void
ff_agent_rules_free(struct ff_agent_rules *rules)
{
	if (rules == NULL)
		return;
	for (int i = 0; i < FF_AGENT_LISTS; i++)
		list_free(&rules->lists[i]);
	pcre2_match_data_free(rules->match);
	pcre2_match_context_free(rules->context);
	ff_arena_free(&rules->literals);
	free(rules);
}

static struct ff_str
group(const pcre2_match_data *match, int n_groups, int i, struct ff_str agent)
{
	/* libpcre2 10.42 takes the data without const. */
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer((pcre2_match_data *)(uintptr_t)match);

	if (i >= n_groups || at[2 * i] == PCRE2_UNSET)
		return FF_STR("");
	return ff_str_sub(agent, at[2 * i], at[2 * i + 1] - at[2 * i]);
}

/* Puts groups in the place of $1 to $9. */
static struct ff_str
expand(const struct ff_agent_rules *rules, const char *template, int n_groups, struct ff_str agent,
    struct ff_arena *arena)
{
	struct ff_str out = FF_STR("");

	if (strchr(template, '$') == NULL)
		return ff_str_trim(ff_str_dup(arena, ff_str_from(template)));
	for (const char *p = template; *p != '\0'; p++) {
		struct ff_str part = ff_str_of(p, 1);

		if (p[0] == '$' && p[1] >= '1' && p[1] <= '9')
			part = group(rules->match, n_groups, *++p - '0', agent);
		out = ff_str_printf(arena, "%.*s%.*s", FF_STR_ARG(out), FF_STR_ARG(part));
	}
	return ff_str_trim(out);
}

static struct ff_str
field(const struct ff_agent_rules *rules, const struct rule *rule, int i, int n_groups, struct ff_str agent,
    struct ff_arena *arena)
{
	if (rule->template[i] != NULL)
		return expand(rules, rule->template[i], n_groups, agent, arena);
	return group(rules->match, n_groups, i + 1, agent);
}

static void
answer(const struct ff_agent_rules *rules, const struct rule *rule, int n_groups, struct ff_str agent,
    struct ff_arena *arena, struct ff_agent_name *out)
{
	struct ff_str minor = field(rules, rule, MINOR, n_groups, agent, arena);

	out->name = field(rules, rule, NAME, n_groups, agent, arena);
	out->version = field(rules, rule, MAJOR, n_groups, agent, arena);
	if (out->version.len > 0 && minor.len > 0)
		out->version = ff_str_printf(arena, "%.*s.%.*s", FF_STR_ARG(out->version), FF_STR_ARG(minor));
}

bool
ff_agent_rules_find(const struct ff_agent_rules *rules, enum ff_agent_list list, struct ff_str agent,
    struct ff_arena *arena, struct ff_agent_name *out)
{
	const struct rule_list *l = &rules->lists[list];
	struct ff_pairs_seen    seen;

	*out = (struct ff_agent_name){ FF_STR(""), FF_STR("") };
	agent = ff_str_sub(agent, 0, FF_AGENT_MAX);
	ff_pairs_note(&seen, agent);
	for (const struct rule *rule = l->v; rule < l->v + l->n; rule++) {
		int n;

		if (!ff_need_met(&rule->need, &seen))
			continue;
		n = pcre2_match(rule->code, (PCRE2_SPTR)agent.p, agent.len, 0, 0, rules->match, rules->context);
		if (n >= 0) { /* else no match, or given up; 0: it has more groups than a rule can name */
			answer(rules, rule, n > 0 ? n : GROUPS, agent, arena, out);
			return true;
		}
	}
	return false;
}
