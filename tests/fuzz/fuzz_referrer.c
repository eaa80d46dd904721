/* Any three lines as referrer, own host and query: what comes out is valid, bounded text and a known channel. */
#include "base/limits.h"
#include "base/utf8.h"
#include "fact/referrer.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of fact/referrer.h is broken");
}

static bool
is_text(struct ff_str s, size_t max)
{
	return s.len <= max && ff_utf8_valid(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ff_arena arena;
	struct ff_str          rest = ff_str_of((const char *)data, size);
	struct ff_str          referrer = ff_str_split(&rest, '\n'), own = ff_str_split(&rest, '\n'), domain;
	struct ff_campaign     campaign;
	struct ff_origin       origin;

	ff_campaign_read(&arena, rest, &campaign);
	must(is_text(campaign.source, FF_UTM_MAX) && is_text(campaign.medium, FF_UTM_MAX));
	must(is_text(campaign.name, FF_UTM_MAX) && is_text(campaign.content, FF_UTM_MAX) && is_text(campaign.term, FF_UTM_MAX));
	must(campaign.click_id.len < 16);
	ff_origin_find(&arena, referrer, own, &campaign, &origin);
	must(is_text(origin.referrer, FF_LABEL_MAX) && is_text(origin.source, FF_LABEL_MAX));
	must(ff_channel_name(origin.channel)[0] != '\0');
	must(campaign.source.len == 0 || origin.source.len > 0);
	domain = ff_domain_registered(&arena, own);
	must(domain.len <= own.len || ff_utf8_valid(domain));
	ff_arena_reset(&arena);
	return 0;
}
