/* A site's rules for unique and qualified views. */
#include "tests/lib/unit.h"

#include "fact/rules.h"

#include <stdio.h>
#include <string.h>

static void
windows_by_kind(void **state)
{
	struct ff_rules r;

	(void)state;
	assert_ok(ff_rules_windows(FF_STR("30m video=24h  sound=90"), &r, NULL));
	assert_int_equal(ff_rules_of(&r, FF_STR("article"))->window_s, 1800);
	assert_int_equal(ff_rules_of(&r, FF_STR("video"))->window_s, 86400);
	assert_int_equal(ff_rules_of(&r, FF_STR("sound"))->window_s, 90);
	assert_ok(ff_rules_windows(FF_STR("video=24h 1s"), &r, NULL));
	assert_int_equal(ff_rules_of(&r, FF_STR_NONE)->window_s, 1);
}

static void
attention_by_seconds_or_percent(void **state)
{
	struct ff_rules       r;
	const struct ff_rule *rule;

	(void)state;
	assert_ok(ff_rules_qualified(FF_STR("10s,50% video=30s image=100%"), &r, NULL));
	rule = ff_rules_of(&r, FF_STR("article"));
	assert_true(rule->seconds == 10 && rule->percent == 50);
	rule = ff_rules_of(&r, FF_STR("video"));
	assert_true(rule->seconds == 30 && rule->percent == 0);
	rule = ff_rules_of(&r, FF_STR("image"));
	assert_true(rule->seconds == 0 && rule->percent == 100);
	assert_ok(ff_rules_qualified(FF_STR("50%,2m"), &r, NULL));
	assert_int_equal(r.v[0].seconds, 120);
}

static void
faults_quote_the_wrong_part(void **state)
{
	static const char *const windows[] = { "30m video=", "30m =24h", "30m video=0", "30m video=25h", "30m video=-1",
		"30m video=x", "30m video=1h=2h", "30m 31m", "30m video=1h video=2h" };
	static const char *const attention[] = { "10s,", "10s,0%", "10s,101%", "10s,11s", "50%,50%", "10s video=,", "10s x=%",
		"10s,5 0%" };
	struct ff_rules r;
	struct ff_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
		assert_err(FF_INVALID, ff_rules_windows(ff_str_from(windows[i]), &r, &fault));
		assert_string_equal(fault.field, "unique_windows");
		assert_non_null(strchr(fault.why, '"'));
	}
	for (size_t i = 0; i < sizeof attention / sizeof *attention; i++) {
		assert_err(FF_INVALID, ff_rules_qualified(ff_str_from(attention[i]), &r, &fault));
		assert_string_equal(fault.field, "qualified");
	}
	assert_err(FF_INVALID, ff_rules_windows(FF_STR(""), &r, &fault));
	assert_err(FF_INVALID, ff_rules_windows(FF_STR("video=24h"), &r, &fault));
}

static void
kinds_are_bounded(void **state)
{
	char            text[2048] = "30m";
	struct ff_rules r;

	(void)state;
	for (int i = 0; i < FF_RULE_KINDS_MAX; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), " k%d=%ds", i, i + 1);
	assert_ok(ff_rules_windows(ff_str_from(text), &r, NULL));
	assert_int_equal(ff_rules_of(&r, FF_STR("k31"))->window_s, 32);
	snprintf(text + strlen(text), sizeof text - strlen(text), " more=1s");
	assert_err(FF_INVALID, ff_rules_windows(ff_str_from(text), &r, NULL));
	assert_err(FF_INVALID, ff_rules_windows(FF_STR("30m a-kind-of-more-than-thirty-two-bytes=1s"), &r, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_by_kind),
		cmocka_unit_test(attention_by_seconds_or_percent),
		cmocka_unit_test(faults_quote_the_wrong_part),
		cmocka_unit_test(kinds_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
