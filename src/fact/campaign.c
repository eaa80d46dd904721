#include "base/limits.h"
#include "base/utf8.h"
#include "fact/referrer.h"
#include "wire/url.h"

#include <string.h>

/* Click identifiers that advertising networks add, in the order in which one is chosen if several are there. */
static const struct ff_str click_ids[] = {
	FF_STR_INIT("gclid"),     FF_STR_INIT("gbraid"),  FF_STR_INIT("wbraid"), FF_STR_INIT("dclid"),
	FF_STR_INIT("msclkid"),   FF_STR_INIT("yclid"),   FF_STR_INIT("twclid"), FF_STR_INIT("ttclid"),
	FF_STR_INIT("li_fat_id"), FF_STR_INIT("rdt_cid"), FF_STR_INIT("fbclid"),
};

enum { SOURCE, MEDIUM, NAME, CONTENT, TERM, SOURCE_TOO, REF };

static const struct ff_str utm_names[] = {
	[SOURCE] = FF_STR_INIT("utm_source"),   [MEDIUM] = FF_STR_INIT("utm_medium"),  [NAME] = FF_STR_INIT("utm_campaign"),
	[CONTENT] = FF_STR_INIT("utm_content"), [TERM] = FF_STR_INIT("utm_term"),      [SOURCE_TOO] = FF_STR_INIT("source"),
	[REF] = FF_STR_INIT("ref"),
};

static struct ff_str
clean(struct ff_arena *arena, struct ff_str raw)
{
	char *p = ff_alloc(arena, raw.len);

	for (size_t i = 0; i < raw.len; i++)
		p[i] = raw.p[i] == '+' ? ' ' : raw.p[i];
	return ff_utf8_cut(ff_str_trim(ff_url_decode(arena, ff_str_of(p, raw.len))), FF_UTM_MAX);
}

/* What is looked for, in one pass over the query: of each the first value with anything in it. */
struct found {
	struct ff_str utm[sizeof(utm_names) / sizeof(utm_names[0])];
	size_t        click; /* index in click_ids, or their number */
};

static void
pair_take(struct ff_arena *arena, struct ff_str key, struct ff_str value, struct found *found)
{
	for (size_t i = 0; i < sizeof(utm_names) / sizeof(utm_names[0]); i++)
		if (ff_str_eq(key, utm_names[i])) {
			if (found->utm[i].len == 0)
				found->utm[i] = clean(arena, value);
			return;
		}
	for (size_t i = 0; i < found->click; i++)
		if (ff_str_eq(key, click_ids[i]) && clean(arena, value).len > 0)
			found->click = i;
}

void
ff_campaign_read(struct ff_arena *arena, struct ff_str query, struct ff_campaign *out)
{
	const size_t clicks = sizeof(click_ids) / sizeof(click_ids[0]);
	struct found found = { .click = clicks };

	for (size_t i = 0; i < sizeof(utm_names) / sizeof(utm_names[0]); i++)
		found.utm[i] = FF_STR("");
	while (query.p != NULL) {
		struct ff_str value = ff_str_split(&query, '&');
		struct ff_str key = ff_str_split(&value, '=');

		if (value.len > 0)
			pair_take(arena, key, value, &found);
	}
	*out = (struct ff_campaign){
		.source = found.utm[SOURCE],
		.medium = found.utm[MEDIUM],
		.name = found.utm[NAME],
		.content = found.utm[CONTENT],
		.term = found.utm[TERM],
		.click_id = found.click < clicks ? click_ids[found.click] : FF_STR(""),
	};
	for (size_t i = SOURCE_TOO; i <= REF && out->source.len == 0; i++)
		out->source = found.utm[i];
}
