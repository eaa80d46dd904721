/* What every request of Matomo's says: the page, and who looks at it. */
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "room/collect/matomo.h"
#include "wire/url.h"

#include <stdio.h>

/* ---- the page ---- */

/* Campaign parameters by Matomo's names, in the page's URL or beside it -> those that everybody knows. */
static struct ff_str
with_campaign(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_str url)
{
	static const char *const prefixes[] = { "mtm_", "matomo_", "pk_", "piwik_" };
	static const struct {
		const char *theirs, *ours;
	} words[] = {
		{ "campaign", "utm_campaign" }, { "kwd", "utm_term" }, { "keyword", "utm_term" }, { "source", "utm_source" },
		{ "medium", "utm_medium" }, { "content", "utm_content" },
	};
	struct ff_pairs query = { 0 };
	struct ff_url   parsed;
	char            name[32];

	if (ff_url_parse(reading->arena, url, &parsed) != FF_OK ||
	    ff_query_parse(reading->arena, parsed.query, FF_PAIRS_MAX, &query, NULL) != FF_OK)
		query.n = 0;
	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
		for (size_t p = 0; p < sizeof(prefixes) / sizeof(prefixes[0]); p++) {
			snprintf(name, sizeof(name), "%s%s", prefixes[p], words[w].theirs);
			url = ff_reading_url_add(reading, url, words[w].ours, ff_pairs_find(&query, name));
		}
	url = ff_reading_url_add(reading, url, "utm_campaign", ff_matomo_get(pairs, "_rcn"));
	return ff_reading_url_add(reading, url, "utm_term", ff_matomo_get(pairs, "_rck"));
}

static enum ff_err
read_page(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_beacon *beacon)
{
	struct ff_str url = ff_reading_url(reading, ff_matomo_get(pairs, "url"));
	struct ff_url parsed;

	if (url.len > FF_URL_MAX)
		return ff_reading_bad(reading, "url", "is longer than 2000 bytes");
	if (url.len > 0 && ff_url_parse(reading->arena, url, &parsed) != FF_OK)
		return ff_reading_bad(reading, "url", "is not a valid URL");
	beacon->url = url.len > 0 ? with_campaign(reading, pairs, url) : FF_STR_NONE;
	beacon->referrer = ff_str_sub(ff_reading_url(reading, ff_matomo_get(pairs, "urlref")), 0, FF_URL_MAX);
	beacon->event.title = ff_utf8_cut(ff_matomo_get(pairs, "action_name"), FF_TITLE_MAX);
	beacon->screen = ff_reading_screen(ff_matomo_get(pairs, "res"));
	return FF_OK;
}

/* ---- the visitor ---- */

/* Seconds since 1970, or "2026-11-21 16:12:42" in UTC. */
static bool
read_time(const struct ff_reading *reading, struct ff_str text, int64_t *us)
{
	int64_t seconds;

	if (ff_num_range(text, 1, INT64_C(99999999999), &seconds)) {
		*us = seconds * FF_US_S;
		return true;
	}
	if (text.len != 19 || text.p[10] != ' ')
		return false;
	return ff_time_parse(ff_str_printf(reading->arena, "%.10sT%.8sZ", text.p, text.p + 11), us);
}

static enum ff_err
read_place(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_told *told)
{
	struct ff_str country = ff_matomo_get(pairs, "country");

	if (country.len == 0)
		return FF_OK;
	if (!ff_str_letters(country, told->place.country, 2))
		return ff_reading_bad(reading, "country", "is no code of two letters");
	told->place.region = ff_utf8_cut(ff_matomo_get(pairs, "region"), FF_GEO_NAME_MAX);
	told->place.city = ff_utf8_cut(ff_matomo_get(pairs, "city"), FF_GEO_NAME_MAX);
	told->any = told->has_place = true;
	return FF_OK;
}

static enum ff_err
read_told(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_told *told)
{
	struct ff_str cip = ff_matomo_get(pairs, "cip"), cdt = ff_matomo_get(pairs, "cdt");

	if (ff_matomo_get(pairs, "ua").len > 0)
		told->user_agent = ff_matomo_get(pairs, "ua");
	if (ff_matomo_get(pairs, "lang").len > 0)
		told->language = ff_matomo_get(pairs, "lang");
	told->viewer = ff_matomo_get(pairs, "uid");
	if (cip.len > 0) {
		if (!ff_addr_parse(cip, &told->addr))
			return ff_reading_bad(reading, "cip", "is not an address");
		told->any = told->has_addr = true;
	}
	if (cdt.len > 0) {
		if (!read_time(reading, cdt, &told->ts_us))
			return ff_reading_bad(reading, "cdt", "is neither seconds since 1970 nor YYYY-MM-DD hh:mm:ss");
		told->any = true;
	}
	return read_place(reading, pairs, told);
}

enum ff_err
ff_matomo_page(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_beacon *beacon)
{
	FF_TRY(read_page(reading, pairs, beacon));
	return read_told(reading, pairs, &beacon->told);
}
