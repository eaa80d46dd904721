/* Any bytes as the settings of a site that have a grammar: rules of windows and attention, lists of globs and countries. What a
 * check lets through it lets through again; a glob may take any text without taking long. */
#include "base/log.h"
#include "fact/exclude.h"
#include "fact/rules.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of fact/rules.h or fact/exclude.h is broken");
}

static void
try_rules(struct ff_str text)
{
	struct ff_rules rules;
	struct ff_fault fault;

	if (ff_rules_windows(text, &rules, &fault) == FF_OK) {
		must(rules.n > 0 && ff_rules_of(&rules, FF_STR("video")) != NULL);
		for (size_t i = 0; i < rules.n; i++)
			must(rules.v[i].window_s > 0);
	}
	if (ff_rules_qualified(text, &rules, &fault) == FF_OK)
		for (size_t i = 0; i < rules.n; i++)
			must(rules.v[i].percent >= 0 && rules.v[i].percent <= 100 && rules.v[i].seconds >= 0);
}

static void
try_list(struct ff_arena *arena, struct ff_str text,
    enum ff_err (*check)(struct ff_arena *, struct ff_str *, struct ff_fault *))
{
	struct ff_str   once = text, twice;
	struct ff_fault fault;

	if (check(arena, &once, &fault) != FF_OK)
		return;
	twice = once;
	must(check(arena, &twice, &fault) == FF_OK);
	must(ff_str_eq(once, twice) || check == ff_exclude_hosts_check); /* www.www.example is www.example, which is example */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_str   text = ff_str_of((const char *)data, size), rest = text, glob = ff_str_split(&rest, '\n');
	struct ff_arena arena;

	ff_arena_init(&arena);
	try_rules(text);
	try_list(&arena, text, ff_exclude_paths_check);
	try_list(&arena, text, ff_exclude_hosts_check);
	try_list(&arena, text, ff_exclude_countries_check);
	ff_glob_match(glob, rest);
	must(ff_glob_match(FF_STR("*"), text));
	ff_arena_free(&arena);
	return 0;
}
