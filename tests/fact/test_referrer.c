#include "tests/lib/unit.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "fact/referrer.h"
#include "fact/source.h"

static struct ff_arena arena;

static struct ff_origin
origin(const char *referrer, const char *query)
{
	struct ff_campaign campaign;
	struct ff_origin   out;

	ff_campaign_read(&arena, ff_str_from(query), &campaign);
	ff_origin_find(&arena, ff_str_from(referrer), FF_STR("www.example.com"), &campaign, &out);
	return out;
}

static const struct {
	const char *referrer, *query;
	const char *kept, *source, *channel;
} origins[] = {
	{ NULL, NULL, "", "", "Direct" },
	{ "", "", "", "", "Direct" },
	{ "https://blog.other.org/a/b?x=1#y", "", "blog.other.org/a/b", "blog.other.org", "Referral" },
	{ "http://www.Other.org/", "", "other.org", "other.org", "Referral" },
	{ "https://192.0.2.7:8080/x", "", "192.0.2.7/x", "192.0.2.7", "Referral" },
	/* none */
	{ "https://example.com/a", "", "", "", "Direct" },
	{ "https://shop.example.com/a", "", "", "", "Direct" },
	{ "http://localhost:3000/a", "", "", "", "Direct" },
	{ "http://127.0.0.1/a", "", "", "", "Direct" },
	{ "ftp://other.org/a", "", "", "", "Direct" },
	{ "about:blank", "", "", "", "Direct" },
	{ "not a url", "", "", "", "Direct" },
	{ "/path", "", "", "", "Direct" },
	/* the table, by host, parent, suffix and app */
	{ "https://www.google.com/", "", "google.com", "Google", "Organic Search" },
	{ "https://www.google.co.uk/search", "", "google.co.uk/search", "Google", "Organic Search" },
	{ "https://mail.google.com/mail/u/0/", "", "mail.google.com/mail/u/0/", "Gmail", "Email" },
	{ "https://news.google.com/", "", "news.google.com", "Google News", "News" },
	{ "https://gemini.google.com/", "", "gemini.google.com", "Gemini", "AI Assistants" },
	{ "https://docs.google.com/", "", "docs.google.com", "Google Docs", "Referral" },
	{ "https://us-mg6.mail.yahoo.com/", "", "us-mg6.mail.yahoo.com", "Yahoo! Mail", "Email" },
	{ "https://search.yahoo.com/", "", "search.yahoo.com", "Yahoo!", "Organic Search" },
	{ "https://t.co/abc", "", "t.co/abc", "X", "Organic Social" },
	{ "https://l.facebook.com/", "", "l.facebook.com", "Facebook", "Organic Social" },
	{ "https://m.youtube.com/", "", "m.youtube.com", "YouTube", "Organic Video" },
	{ "https://chatgpt.com/", "", "chatgpt.com", "ChatGPT", "AI Assistants" },
	{ "https://www.amazon.de/dp/1", "", "amazon.de/dp/1", "Amazon", "Organic Shopping" },
	{ "https://google.github.io/", "", "google.github.io", "google.github.io", "Referral" }, /* anybody's page */
	{ "https://notgoogle.com/", "", "notgoogle.com", "notgoogle.com", "Referral" },
	{ "https://google.evil.com/", "", "google.evil.com", "google.evil.com", "Referral" },
	{ "android-app://com.google.android.gm/", "", "com.google.android.gm", "Gmail", "Email" },
	{ "android-app://com.unknown.app", "", "com.unknown.app", "com.unknown.app", "Referral" },
	{ "https://com.google.android.gm/", "", "com.google.android.gm", "com.google.android.gm", "Referral" },
	/* campaigns */
	{ "https://google.com/", "utm_source=newsletter&utm_medium=email", "google.com", "Email", "Email" },
	{ "", "utm_source=fb&utm_medium=paid_social", "", "Facebook", "Paid Social" },
	{ "", "utm_source=Google&utm_medium=CPC", "", "Google", "Paid Search" },
	{ "", "utm_source=google&utm_medium=organic", "", "Google", "Organic Search" },
	{ "", "utm_source=facebook&utm_medium=organic", "", "Facebook", "Organic Social" },
	{ "", "utm_source=someone&utm_medium=organic", "", "someone", "Organic Search" },
	{ "", "utm_source=partner&utm_medium=affiliate", "", "partner", "Affiliates" },
	{ "", "utm_source=partner&utm_medium=banner", "", "partner", "Display" },
	{ "", "utm_source=partner&utm_medium=cpm", "", "partner", "Display" },
	{ "", "utm_source=partner&utm_medium=ppc", "", "partner", "Paid Other" },
	{ "", "utm_source=youtube&utm_medium=cpc", "", "YouTube", "Paid Other" },
	{ "", "utm_source=partner&utm_medium=social", "", "partner", "Organic Social" },
	{ "", "utm_source=twitter", "", "X", "Organic Social" },
	{ "", "utm_source=www.bing.com", "", "Bing", "Organic Search" },
	{ "", "utm_source=Hacker+News", "", "Hacker News", "Organic Social" },
	{ "", "utm_source=My%20Friend", "", "My Friend", "Referral" },
	{ "", "ref=producthunt", "", "Product Hunt", "Organic Social" },
	{ "", "utm_medium=email", "", "", "Email" },
	{ "", "utm_campaign=spring", "", "", "Direct" },
	/* click ids */
	{ "https://www.google.com/", "gclid=x", "google.com", "Google", "Paid Search" },
	{ "", "gclid=x", "", "Google", "Paid Search" },
	{ "", "a=b&msclkid=x", "", "Bing", "Paid Search" },
	{ "https://m.youtube.com/", "gclid=x", "m.youtube.com", "YouTube", "Paid Other" },
	{ "", "dclid=x", "", "Google", "Display" },
	{ "", "twclid=x", "", "X", "Paid Social" },
	{ "", "fbclid=x", "", "Facebook", "Organic Social" },
	{ "", "fbclid=x&utm_medium=paid", "", "Facebook", "Paid Social" },
	{ "https://l.instagram.com/", "fbclid=x", "l.instagram.com", "Instagram", "Organic Social" },
	{ "", "gclid=", "", "", "Direct" },
};

static void
origins_are_told_from_referrer_and_campaign(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		struct ff_origin o = origin(origins[i].referrer, origins[i].query);

		if (!ff_str_eqz(o.referrer, origins[i].kept) || !ff_str_eqz(o.source, origins[i].source)
		    || strcmp(ff_channel_name(o.channel), origins[i].channel) != 0)
			fail_msg("%s ?%s: \"%.*s\" \"%.*s\" %s", origins[i].referrer, origins[i].query, FF_STR_ARG(o.referrer),
			    FF_STR_ARG(o.source), ff_channel_name(o.channel));
	}
	ff_arena_reset(&arena);
}

static void
campaign_values_are_decoded_cleaned_and_cut(void **state)
{
	struct ff_campaign c;
	struct ff_str      query;
	char               big[1000];

	(void)state;
	memset(big, 'x', sizeof(big));
	query = ff_str_printf(&arena,
	    "utm_source=&utm_source=a%%20b&utm_source=z&utm_medium=c%%2bd+e&utm_campaign=%%ff%%00%%zz&utm_term=%.*s&source=s&"
	    "fbclid=1&gclid=secret",
	    (int)sizeof(big), big);
	ff_campaign_read(&arena, query, &c);
	assert_str(c.source, "a b");
	assert_str(c.medium, "c+d e");
	assert_true(ff_utf8_valid(c.name));
	assert_int_equal(c.term.len, FF_UTM_MAX);
	assert_int_equal(c.content.len, 0);
	assert_str(c.click_id, "gclid"); /* the name, never the value */
	ff_campaign_read(&arena, FF_STR("source=s&ref=r"), &c);
	assert_str(c.source, "s");
	ff_campaign_read(&arena, FF_STR("xutm_source=s&UTM_SOURCE=t&&=&"), &c);
	assert_int_equal(c.source.len, 0);
	ff_arena_reset(&arena);
}

static void
referrers_are_valid_and_bounded_text(void **state)
{
	char             big[4000] = "https://other.org/";
	struct ff_origin o;

	(void)state;
	memset(big + 18, 0xe4, sizeof(big) - 19); /* Latin-1 */
	big[sizeof(big) - 1] = '\0';
	o = origin(big, "");
	assert_true(o.referrer.len > 0);
	assert_true(o.referrer.len <= FF_LABEL_MAX);
	assert_true(ff_utf8_valid(o.referrer));
	ff_arena_reset(&arena);
}

static void
registered_domains_follow_the_public_suffix_list(void **state)
{
	static const char *const pairs[][2] = {
		{ "example.com", "example.com" },
		{ "a.b.example.com", "example.com" },
		{ "a.example.co.uk", "example.co.uk" },
		{ "x.a.github.io", "a.github.io" },
		{ "com", "com" },
		{ "co.uk", "co.uk" },
		{ "localhost", "localhost" },
		{ "192.0.2.7", "192.0.2.7" },
		{ "[2001:db8::1]", "[2001:db8::1]" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_str(ff_domain_registered(&arena, ff_str_from(pairs[i][0])), pairs[i][1]);
	ff_arena_reset(&arena);
}

static void
rows_are_sorted(const struct ff_source_row *rows, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (strcmp(rows[i - 1].key, rows[i].key) >= 0)
			fail_msg("%s stands before %s", rows[i - 1].key, rows[i].key);
}

static void
tables_are_sorted_and_each_row_is_found(void **state)
{
	size_t                      n;
	const struct ff_source_row *rows = ff_source_hosts(&n);
	struct ff_source            source;

	(void)state;
	rows_are_sorted(rows, n);
	for (size_t i = 0; i < n; i++) {
		struct ff_str key = ff_str_from(rows[i].key);
		struct ff_str app = FF_STR("android-app://");
		bool          found;

		if (ff_str_starts(key, app))
			found = ff_source_of_app(&arena, ff_str_from_pos(key, app.len), &source);
		else if (ff_str_ends(key, FF_STR("*")))
			found = ff_source_of_host(&arena, ff_str_printf(&arena, "%.*sco.nz", (int)key.len - 1, key.p), &source);
		else
			found = ff_source_of_host(&arena, key, &source);
		if (!found || !ff_str_eqz(source.name, rows[i].name) || source.channel != rows[i].channel)
			fail_msg("%s", rows[i].key);
	}
	rows = ff_source_aliases(&n);
	rows_are_sorted(rows, n);
	for (size_t i = 0; i < n; i++)
		assert_true(ff_source_of_utm(&arena, ff_str_from(rows[i].key), &source));
	ff_arena_reset(&arena);
}

static void
names_of_channels_and_devices(void **state)
{
	(void)state;
	assert_string_equal(ff_channel_name(FF_CHANNEL_AI), "AI Assistants");
	assert_string_equal(ff_channel_name((enum ff_channel)200), "");
	assert_string_equal(ff_device_name(FF_DEVICE_DESKTOP), "Desktop");
	assert_string_equal(ff_device_name((enum ff_device)200), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(origins_are_told_from_referrer_and_campaign),
		cmocka_unit_test(campaign_values_are_decoded_cleaned_and_cut),
		cmocka_unit_test(referrers_are_valid_and_bounded_text),
		cmocka_unit_test(registered_domains_follow_the_public_suffix_list),
		cmocka_unit_test(tables_are_sorted_and_each_row_is_found),
		cmocka_unit_test(names_of_channels_and_devices),
	};
	int failed;

	ff_arena_init(&arena);
	failed = cmocka_run_group_tests_name("referrer", tests, NULL, NULL);
	ff_arena_free(&arena);
	return failed;
}
