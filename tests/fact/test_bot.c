#include "tests/lib/unit.h"

#include "fact/agent.h"

#include <ctype.h>

#define CHROME "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"

static const struct {
	enum ff_robot robot;
	const char   *agent;
} agents[] = {
	{ FF_ROBOT_NO, CHROME },
	{ FF_ROBOT_NO, "Mozilla/5.0 (Linux; Android 10; CUBOT_NOTE_20) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36" },
	{ FF_ROBOT_NO, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
	               "Mobile/15E148 NAVER(inapp; search; 2000; 12.10.4; 15PRO)" },
	{ FF_ROBOT_NO, "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; .NET CLR 2.0.50727; .NET4.0C)" },
	{ FF_ROBOT_NO, "Opera/9.80 (X11; Linux x86_64) Presto/2.12.388 Version/12.16" },
	{ FF_ROBOT_NO, "Nokia6230/2.0 (04.44) Profile/MIDP-2.0 Configuration/CLDC-1.1" },
	{ FF_ROBOT_NO, "BlackBerry9000/4.6.0.167 Profile/MIDP-2.0 Configuration/CLDC-1.1 VendorID/102" },
	{ FF_ROBOT_NO, "Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/1.1.1d" },
	{ FF_ROBOT_EMPTY, "" },
	{ FF_ROBOT_EMPTY, "  " },
	{ FF_ROBOT_AGENT, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" },
	{ FF_ROBOT_AGENT, "Mozilla/5.0 (Linux; Android 10; CUBOT) AppleWebKit/537.36 (compatible; Googlebot/2.1)" },
	{ FF_ROBOT_AGENT, "Mozilla/5.0 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)" },
	{ FF_ROBOT_AGENT, "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)" },
	{ FF_ROBOT_AGENT, "Mozilla/5.0 (compatible; Whatever/2.0)" },
	{ FF_ROBOT_AGENT, "WhatsApp/2.23.20.0" },
	{ FF_ROBOT_LIBRARY, "curl/8.5.0" },
	{ FF_ROBOT_LIBRARY, "python-requests/2.31.0" },
	{ FF_ROBOT_LIBRARY, "Go-http-client/2.0" },
	{ FF_ROBOT_LIBRARY, "okhttp/4.12.0" },
	{ FF_ROBOT_LIBRARY, "node" },
	{ FF_ROBOT_LIBRARY, "A Client Nobody Knows" },
	{ FF_ROBOT_HEADLESS, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/142.0 Safari/537.36" },
	{ FF_ROBOT_HEADLESS, "Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/29.1.1" },
};

static void
robots_are_told_from_people(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(agents) / sizeof(agents[0]); i++)
		if (ff_robot_of_agent(ff_str_from(agents[i].agent)) != agents[i].robot)
			fail_msg("%d: %s", (int)ff_robot_of_agent(ff_str_from(agents[i].agent)), agents[i].agent);
	assert_int_equal(ff_robot_of_agent(FF_STR_NONE), FF_ROBOT_EMPTY);
}

static void
an_agent_longer_than_the_cut_is_judged_by_its_head(void **state)
{
	char big[10000];

	(void)state;
	memset(big, '(', sizeof(big));
	memcpy(big + sizeof(big) - 9, "Googlebot", 9);
	assert_int_equal(ff_robot_of_agent(ff_str_of(big, sizeof(big))), FF_ROBOT_NO);
	memcpy(big + 4000, "Googlebot", 9);
	assert_int_equal(ff_robot_of_agent(ff_str_of(big, sizeof(big))), FF_ROBOT_AGENT);
}

static void
the_list_is_text_that_others_can_use(void **state)
{
	size_t             n;
	const char *const *lines = ff_robot_tokens(&n);

	(void)state;
	assert_true(n > 100);
	for (size_t i = 0; i < n; i++) {
		const char *tab = strchr(lines[i], '\t');

		assert_non_null(tab);
		assert_true(tab > lines[i]);
		assert_true(strcmp(tab, "\thuman") == 0 || strcmp(tab, "\tagent") == 0 || strcmp(tab, "\tlibrary") == 0
		            || strcmp(tab, "\theadless") == 0);
		for (const char *p = lines[i]; p < tab; p++)
			assert_false(isupper((unsigned char)*p));
	}
}

static void
prefetches_are_no_views(void **state)
{
	(void)state;
	assert_true(ff_robot_is_prefetch(FF_STR("prefetch;prerender"), FF_STR_NONE));
	assert_true(ff_robot_is_prefetch(FF_STR_NONE, FF_STR("Preview")));
	assert_false(ff_robot_is_prefetch(FF_STR_NONE, FF_STR_NONE));
	assert_false(ff_robot_is_prefetch(FF_STR("navigate"), FF_STR("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(robots_are_told_from_people),
		cmocka_unit_test(an_agent_longer_than_the_cut_is_judged_by_its_head),
		cmocka_unit_test(the_list_is_text_that_others_can_use),
		cmocka_unit_test(prefetches_are_no_views),
	};

	return cmocka_run_group_tests_name("bot", tests, NULL, NULL);
}
