#include "base/limits.h"
#include "base/utf8.h"
#include "fact/referrer.h"
#include "wire/url.h"

#include <string.h>

/* Click identifiers that advertising networks add, in the order in which one is chosen if several are there. */
static const char *const click_ids[] = {
	"gclid", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "twclid", "ttclid", "li_fat_id", "rdt_cid", "fbclid",
};

static struct ff_str
clean(struct ff_arena *arena, struct ff_str raw)
{
	char *p = ff_alloc(arena, raw.len);

	for (size_t i = 0; i < raw.len; i++)
		p[i] = raw.p[i] == '+' ? ' ' : raw.p[i];
	return ff_utf8_cut(ff_str_trim(ff_url_decode(arena, ff_str_of(p, raw.len))), FF_UTM_MAX);
}

/* The first value of that name with anything in it. */
static struct ff_str
value_of(struct ff_arena *arena, struct ff_str query, const char *name)
{
	while (query.p != NULL) {
		struct ff_str value = ff_str_split(&query, '&');
		struct ff_str key = ff_str_split(&value, '=');

		if (value.len == 0 || !ff_str_eqz(key, name))
			continue;
		value = clean(arena, value);
		if (value.len > 0)
			return value;
	}
	return FF_STR("");
}

static struct ff_str
click_id(struct ff_arena *arena, struct ff_str query)
{
	for (size_t i = 0; i < sizeof(click_ids) / sizeof(click_ids[0]); i++)
		if (value_of(arena, query, click_ids[i]).len > 0)
			return ff_str_from(click_ids[i]);
	return FF_STR("");
}

void
ff_campaign_read(struct ff_arena *arena, struct ff_str query, struct ff_campaign *out)
{
	*out = (struct ff_campaign){
		.source = value_of(arena, query, "utm_source"),
		.medium = value_of(arena, query, "utm_medium"),
		.name = value_of(arena, query, "utm_campaign"),
		.content = value_of(arena, query, "utm_content"),
		.term = value_of(arena, query, "utm_term"),
		.click_id = click_id(arena, query),
	};
	if (out->source.len == 0)
		out->source = value_of(arena, query, "source");
	if (out->source.len == 0)
		out->source = value_of(arena, query, "ref");
}
