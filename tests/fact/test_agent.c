#include "tests/lib/unit.h"

#include "base/io.h"
#include "base/utf8.h"
#include "fact/agent.h"
#include "fact/agent_need.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <yaml.h>

#define UAP    "/usr/share/uap-core/"
#define KHTML  "AppleWebKit/537.36 (KHTML, like Gecko) "
#define IPHONE "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define MAC    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "

static struct ff_agents *
open_agents(const char *path)
{
	struct ff_agents *agents;

	assert_ok(ff_agents_open(&agents, path, false));
	return agents;
}

static const char *
value_of(yaml_document_t *doc, yaml_node_t *map, const char *key)
{
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
		yaml_node_t *k = yaml_document_get_node(doc, p->key), *v = yaml_document_get_node(doc, p->value);

		if (strcmp((const char *)k->data.scalar.value, key) == 0)
			return strcmp((const char *)v->data.scalar.value, "null") == 0 ? "" : (const char *)v->data.scalar.value;
	}
	return "";
}

static bool
case_passes(struct ff_agents *agents, yaml_document_t *doc, yaml_node_t *map, bool system)
{
	const char     *ua = value_of(doc, map, "user_agent_string"), *family = value_of(doc, map, "family");
	const char     *major = value_of(doc, map, "major"), *minor = value_of(doc, map, "minor");
	char            version[128];
	struct ff_agent agent;

	(void)snprintf(version, sizeof(version), "%s%s%s", major, *major != '\0' && *minor != '\0' ? "." : "",
	    *major != '\0' ? minor : "");
	if (strcmp(family, "Other") == 0)
		family = "";
	ff_agent_find(agents, ff_str_from(ua), &agent);
	if (ff_str_eqz(system ? agent.os : agent.browser, family)
	    && ff_str_eqz(system ? agent.os_version : agent.browser_version, version))
		return true;
	print_message("%s\n  wanted %s %s, got %.*s %.*s\n", ua, family, version,
	    FF_STR_ARG(system ? agent.os : agent.browser), FF_STR_ARG(system ? agent.os_version : agent.browser_version));
	return false;
}

struct cases {
	FILE           *file;
	yaml_parser_t   parser;
	yaml_document_t doc;
	yaml_node_t    *seq;
	size_t          n;
};

static struct cases
cases_open(const char *name)
{
	struct cases c = { 0 };
	char         path[PATH_MAX];

	(void)snprintf(path, sizeof(path), UAP "%s", name);
	c.file = fopen(path, "re");
	if (c.file == NULL) {
		print_message("# %s is not installed (package uap-core)\n", path);
		skip();
	}
	assert_true(yaml_parser_initialize(&c.parser));
	yaml_parser_set_input_file(&c.parser, c.file);
	assert_true(yaml_parser_load(&c.parser, &c.doc));
	c.seq = yaml_document_get_root_node(&c.doc);
	c.seq = yaml_document_get_node(&c.doc, c.seq->data.mapping.pairs.start->value);
	c.n = (size_t)(c.seq->data.sequence.items.top - c.seq->data.sequence.items.start);
	return c;
}

static yaml_node_t *
cases_at(struct cases *c, size_t i)
{
	return yaml_document_get_node(&c->doc, c->seq->data.sequence.items.start[i]);
}

static void
cases_close(struct cases *c)
{
	yaml_document_delete(&c->doc);
	yaml_parser_delete(&c->parser);
	(void)fclose(c->file);
}

static void
uap_cases(const char *name, bool system)
{
	struct cases      c = cases_open(name);
	struct ff_agents *agents = open_agents(UAP "regexes.yaml");
	size_t            passed = 0, n = c.n;

	for (size_t i = 0; i < n; i++)
		passed += case_passes(agents, &c.doc, cases_at(&c, i), system);
	print_message("# %s: %zu of %zu cases pass\n", name, passed, n);
	cases_close(&c);
	ff_agents_free(agents);
	assert_int_equal(passed, n);
}

/* A list of robots that nobody had in mind when ours was written. */
static void
all_spiders_of_uap_core_are_robots(void **state)
{
	struct cases c = cases_open("tests/test_device.yaml");
	size_t       spiders = 0, known = 0;

	(void)state;
	for (size_t i = 0; i < c.n; i++) {
		const char *agent = value_of(&c.doc, cases_at(&c, i), "user_agent_string");

		if (strcmp(value_of(&c.doc, cases_at(&c, i), "family"), "Spider") != 0)
			continue;
		spiders++;
		known += ff_robot_of_agent(ff_str_from(agent)) != FF_ROBOT_NO;
	}
	print_message("# %zu of %zu spiders are robots\n", known, spiders);
	cases_close(&c);
	assert_true(spiders > 50);
	assert_int_equal(known, spiders);
}

static void
all_browser_cases_of_uap_core_pass(void **state)
{
	static const char *const files[] = { "tests/test_ua.yaml", "test_resources/firefox_user_agent_strings.yaml",
		"test_resources/pgts_browser_list.yaml", "test_resources/opera_mini_user_agent_strings.yaml",
		"test_resources/podcasting_user_agent_strings.yaml" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		uap_cases(files[i], false);
}

static void
all_system_cases_of_uap_core_pass(void **state)
{
	(void)state;
	uap_cases("tests/test_os.yaml", true);
	uap_cases("test_resources/additional_os_tests.yaml", true);
}

static const struct {
	const char    *agent;
	enum ff_device device;
} devices[] = {
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " KHTML "Chrome/142.0.0.0 Safari/537.36", FF_DEVICE_DESKTOP },
	{ MAC "Version/18.0 Safari/605.1.15", FF_DEVICE_DESKTOP },
	{ "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " KHTML "Chrome/142.0.0.0 Safari/537.36", FF_DEVICE_DESKTOP },
	{ "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Tablet PC 2.0)", FF_DEVICE_DESKTOP },
	{ IPHONE "Version/17.0 Mobile/15E148 Safari/604.1", FF_DEVICE_MOBILE },
	{ "Mozilla/5.0 (Linux; Android 10; K) " KHTML "Chrome/142.0.0.0 Mobile Safari/537.36", FF_DEVICE_MOBILE },
	{ "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", FF_DEVICE_MOBILE },
	{ "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80; U; en) Presto/2.5.25", FF_DEVICE_MOBILE },
	{ "Mozilla/5.0 (Linux; Android 10; K) " KHTML "Chrome/142.0.0.0 Safari/537.36", FF_DEVICE_TABLET },
	{ "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
	  FF_DEVICE_TABLET },
	{ "Mozilla/5.0 (Android 14; Tablet; rv:145.0) Gecko/145.0 Firefox/145.0", FF_DEVICE_TABLET },
	{ "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/6.0 TV Safari/537.36",
	  FF_DEVICE_TV },
	{ "Mozilla/5.0 (Web0S; Linux/SmartTV) " KHTML "Chrome/94.0.4606.128 Safari/537.36 WebAppManager", FF_DEVICE_TV },
	{ "Mozilla/5.0 (Linux; Android 9; AFTKA Build/PS7285) " KHTML "Chrome/108.0 Mobile Safari/537.36", FF_DEVICE_TV },
	{ "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605",
	  FF_DEVICE_CONSOLE },
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) " KHTML "Chrome/100.0 Safari/537.36 Edge/44.19041",
	  FF_DEVICE_CONSOLE },
	{ "Mozilla/5.0 (iPod touch; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 Version/15.0 Mobile/15E148",
	  FF_DEVICE_PLAYER },
	{ "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", FF_DEVICE_BOT },
	{ "", FF_DEVICE_BOT },
	{ "Mozilla/5.0 (Something Else)", FF_DEVICE_UNKNOWN },
};

static void
devices_are_told_by_their_words(void **state)
{
	struct ff_agents *agents = open_agents(NULL);
	struct ff_agent   agent;

	(void)state;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		ff_agent_find(agents, ff_str_from(devices[i].agent), &agent);
		if (agent.device != devices[i].device)
			fail_msg("%d: %s", (int)agent.device, devices[i].agent);
	}
	ff_agents_free(agents);
}

static void
an_ipad_that_says_macintosh_is_told_by_touch(void **state)
{
	struct ff_agents *agents = open_agents(NULL);
	struct ff_agent   agent;

	(void)state;
	ff_agent_find(agents, FF_STR(MAC "Version/18.0 Safari/605.1.15"), &agent);
	ff_agent_touch(&agent, 0);
	assert_int_equal(agent.device, FF_DEVICE_DESKTOP);
	assert_str(agent.os, "Mac OS X");
	ff_agent_touch(&agent, 5);
	assert_int_equal(agent.device, FF_DEVICE_TABLET);
	assert_str(agent.os, "iOS");
	assert_str(agent.browser, "Mobile Safari");
	ff_agent_find(agents, FF_STR("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " KHTML "Chrome/142.0.0.0"), &agent);
	ff_agent_touch(&agent, 10); /* a Windows laptop with a touch screen */
	assert_int_equal(agent.device, FF_DEVICE_DESKTOP);
	ff_agents_free(agents);
}

static void
own_rules_stand_without_uap_core(void **state)
{
	struct ff_agents *agents = open_agents("");
	struct ff_agent   agent;

	(void)state;
	ff_agent_find(agents, FF_STR("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " KHTML
	                             "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.3595.94"),
	    &agent);
	assert_str(agent.browser, "Edge");
	assert_str(agent.browser_version, "142.0");
	assert_str(agent.os, "Windows");
	assert_str(agent.os_version, "10");
	ff_agent_find(agents, FF_STR(IPHONE "Version/17.4 Mobile/15E148 Safari/604.1"), &agent);
	assert_str(agent.browser, "Safari");
	assert_str(agent.browser_version, "17.4");
	assert_str(agent.os, "iOS");
	assert_str(agent.os_version, "17");
	ff_agent_find(agents, FF_STR("Mozilla/5.0 (Phone; OpenHarmony 5.0) " KHTML "Chrome/114.0 ArkWeb/4.1.6.1 Mobile"),
	    &agent);
	assert_str(agent.browser, "ArkWeb");
	assert_str(agent.os, "HarmonyOS");
	assert_str(agent.os_version, "5.0");
	ff_agent_find(agents, FF_STR("(nothing known)"), &agent);
	assert_int_equal(agent.browser.len + agent.browser_version.len + agent.os.len + agent.os_version.len, 0);
	ff_agents_free(agents);
}

/* Twice as many agents as the cache holds, each asked for again and again: answers never change. */
static void
the_cache_gives_what_the_rules_gave(void **state)
{
	struct ff_agents *agents = open_agents(NULL);
	struct ff_agent   agent;
	char              ua[2048], version[16];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 8192; i++) {
			int pad = i % 1024 == 0 ? 1500 : i % 50; /* some are too long to be kept */

			(void)snprintf(ua, sizeof(ua), "Mozilla/5.0 (X11; Linux) Firefox/%d.%d %*s.", i, round, pad, "");
			(void)snprintf(version, sizeof(version), "%d.%d", i, round);
			for (int again = 0; again < 2; again++) {
				ff_agent_find(agents, ff_str_from(ua), &agent);
				assert_str(agent.browser, "Firefox");
				assert_str(agent.browser_version, version);
			}
		}
	ff_agents_free(agents);
}

static void
write_rules(char *path, const char *text)
{
	int fd;

	memcpy(path, "/tmp/ff-agent-XXXXXX", sizeof("/tmp/ff-agent-XXXXXX"));
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_ok(ff_io_write_all(fd, text, strlen(text)));
	(void)close(fd);
}

static void
rules_replace_groups_and_give_valid_text(void **state)
{
	static const char rules[] = "user_agent_parsers:\n"
				    "  - regex: '(Zap)(\\d)?-(.)'\n"
				    "    family_replacement: ' $1 <$3$9$> '\n"
				    "  - regex: 'Loop(a+)+b'\n"
				    "    family_replacement: 'Loop'\n"
				    "os_parsers:\n"
				    "  - regex: 'Sys'\n"
				    "    os_replacement: 'Other'\n";
	char              path[32], loop[600] = "(Loop";
	struct ff_agents *agents;
	struct ff_agent   agent;

	(void)state;
	write_rules(path, rules);
	agents = open_agents(path);
	ff_agent_find(agents, FF_STR("(Zap-x) Sys"), &agent);
	assert_str(agent.browser, "Zap <x$>");
	assert_int_equal(agent.browser_version.len + agent.os.len, 0);
	ff_agent_find(agents, FF_STR("(Zap7-\xc3\xa4)"), &agent); /* '.' catches half of it */
	assert_true(ff_utf8_valid(agent.browser));
	assert_str(agent.browser_version, "7.\xef\xbf\xbd");
	ff_agent_find(agents, FF_STR("(\xff\x01Zap-\xff)"), &agent);
	assert_true(ff_utf8_valid(agent.browser));
	memset(loop + 5, 'a', 400); /* exponential: given up at the match limit */
	ff_agent_find(agents, ff_str_from(loop), &agent);
	assert_int_equal(agent.browser.len, 0);
	ff_agents_free(agents);
	(void)unlink(path);
}

static const struct {
	const char *pattern, *need; /* joined by '|'; "" = nothing is needed */
} needs[] = {
	{ "Firefox", "firefox" },
	{ "(Namoroka|Shiretoko)/(\\d+)", "namoroka|shiretoko" },
	{ "(a|Shiretoko)//", "//" },
	{ "ab+cd?efg", "efg" },
	{ "ab{2}cd{0,1}", "ab" },
	{ "Opera(?: Mini)?/x", "opera" },
	{ "(?:Opera|)", "" },
	{ "(?!Chrome)Saf", "saf" },
	{ "[Ss]crape[rR]s", "scrapers" },
	{ "[^S]afari[]x]\\.com", "afari" },
	{ "iPh\\.one\\/", "iph.one/" },
	{ "abc|[a-z]+", "" },
	{ "(?i)abc", "" },
	{ "abc\\1def", "" },
	{ "\\Qabc\\E", "" },
	{ "(abc", "" },
	{ "abcd{1,2|i?", "" },
	{ "abcd{,2}", "" },
	{ "abcd{2,}", "abcd" },
	{ "abc)def", "" },
	{ "[[:alpha:]]abc", "" },
};

static void
what_a_pattern_needs_is_read_from_it(void **state)
{
	struct ff_arena arena;

	(void)state;
	ff_arena_init(&arena);
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		struct ff_need need = ff_need_of_pattern(&arena, ff_str_from(needs[i].pattern));
		struct ff_str  joined = FF_STR("");

		for (size_t k = 0; k < need.n; k++)
			joined = ff_str_printf(&arena, "%.*s%s%.*s", FF_STR_ARG(joined), k == 0 ? "" : "|", FF_STR_ARG(need.v[k]));
		if (!ff_str_eqz(joined, needs[i].need))
			fail_msg("%s: %.*s", needs[i].pattern, FF_STR_ARG(joined));
	}
	ff_arena_free(&arena);
}

static void
bad_rules_are_refused(void **state)
{
	static const char *const bad[] = {
		"user_agent_parsers: [\n",
		"user_agent_parsers:\n  - regex: '(('\nos_parsers: []\n",
		"user_agent_parsers:\n  - family_replacement: 'x'\nos_parsers: []\n",
		"user_agent_parsers: []\n",
		"just text\n",
		"",
	};
	struct ff_agents *agents;
	char              path[32];

	(void)state;
	assert_err(FF_NOT_FOUND, ff_agents_open(&agents, "/nonexistent/regexes.yaml", true));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_rules(path, bad[i]);
		assert_err(FF_CORRUPT, ff_agents_open(&agents, path, true));
		assert_null(agents);
		(void)unlink(path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_browser_cases_of_uap_core_pass),
		cmocka_unit_test(all_system_cases_of_uap_core_pass),
		cmocka_unit_test(all_spiders_of_uap_core_are_robots),
		cmocka_unit_test(devices_are_told_by_their_words),
		cmocka_unit_test(an_ipad_that_says_macintosh_is_told_by_touch),
		cmocka_unit_test(own_rules_stand_without_uap_core),
		cmocka_unit_test(the_cache_gives_what_the_rules_gave),
		cmocka_unit_test(rules_replace_groups_and_give_valid_text),
		cmocka_unit_test(what_a_pattern_needs_is_read_from_it),
		cmocka_unit_test(bad_rules_are_refused),
	};

	return cmocka_run_group_tests_name("agent", tests, NULL, NULL);
}
